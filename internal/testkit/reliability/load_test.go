package reliability_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	// loadPage is the most entries that a page of the service holds.
	loadPage = 100
	// tokenLife is how long an access token lasts by the service's clock.
	tokenLife = time.Hour
	// editAge is how old the reading may be that an edit builds on; the client
	// has the same number.
	editAge = 3 * time.Second
	// proofs is how many listings a process may read to see that the service moves
	// switches as it says: one for each of the first five, and for those under way.
	proofs = 5 + parallelism - 1
	// switchedOff, two edits, switched on; a part needs one edit less.
	callsOfWhole, callsOfPart = 4, 3
	// mostRunnerMemory is far above what a runner takes, and below what a few
	// copies of the account of 10,000 connects would take.
	mostRunnerMemory = 512 << 20
)

// load is the size of a run: how many connects there are, how many of them each
// runner writes, and how many two of them share.
type load struct{ connects, own, shared, runners, processes, rounds int }

// loadSize is small every day, and what the guide tells with APPYPIE_RELIABILITY=full.
func loadSize() load {
	if full() {
		return load{connects: 10_000, own: 499, shared: 20, runners: 20, processes: 4, rounds: 2}
	}
	return load{connects: 1_000, own: 60, shared: 4, runners: 5, processes: 1, rounds: 2}
}

// TestLoad has many runners work on one account with one login store: each reads
// all connects, and writes its own. Two runners each write one step of the same
// connects. Access tokens end by the clock between the rounds, and the service
// takes them back in the middle of each.
func TestLoad(t *testing.T) { //nolint:paralleltest // It measures the memory of the process.
	size, began := loadSize(), time.Now()
	s := newStage(t, size)
	runners, processes := s.start(t)
	var slowest time.Duration
	var memory uint64
	for round := range size.rounds {
		next := turn{Generation: round + 1, Ahead: time.Duration(round) * tokenLife}
		if round > 0 {
			s.clock.Advance(tokenLife)
		}
		s.takeBackAfter(s.requestsOfRound() / 2)
		told := make([]tale, len(runners)+len(processes))
		var group sync.WaitGroup
		for i := range told {
			group.Go(func() {
				var err error
				if i < len(runners) {
					told[i], err = runners[i].play(t.Context(), next)
				} else {
					told[i], err = processes[i-len(runners)].play(t.Context(), next)
				}
				if err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		group.Wait()
		for i, one := range told {
			slowest, memory = max(slowest, one.Took), max(memory, one.Memory)
			s.times[s.shares[i].Name] = append(s.times[s.shares[i].Name], one.Took)
		}
	}
	for _, p := range processes {
		if err := p.end(); err != nil {
			t.Error(err)
		}
	}
	s.mustHaveEverything(t)
	// The first one, one after each round, and one in the middle of each.
	s.mustHaveOneLogin(t, 2*size.rounds)
	pages, refused := s.mustBeBounded(t)
	if memory > mostRunnerMemory {
		t.Errorf("a runner took %d MiB", memory>>20)
	}
	report(t, "load.txt", [][2]string{
		{"connects", fmt.Sprint(size.connects)},
		{"runners", fmt.Sprintf("%d, of which %d are processes of their own", size.runners, size.processes)},
		{"rounds", fmt.Sprint(size.rounds)},
		{"requests", fmt.Sprint(s.sum())},
		{"pages of connects", fmt.Sprintf("%d, %d a listing", pages, s.pages())},
		{"edits and switches", fmt.Sprint(s.writes())},
		{"refused for their token", fmt.Sprint(refused)},
		{"refreshes", fmt.Sprint(s.sim.TokenStats().Refreshes)},
		{"refresh tokens used twice", fmt.Sprint(s.sim.TokenStats().Reuses)},
		{"time", fmt.Sprintf("%s, %s for the slowest round", time.Since(began).Round(time.Second), slowest.Round(time.Second))},
		{"memory of a process", fmt.Sprintf("%d MiB", memory>>20)},
	})
}

// report logs the numbers of a run, and writes them into the guide when they are
// those of the full size.
func report(t *testing.T, file string, numbers [][2]string) {
	t.Helper()
	var text strings.Builder
	draw := tabwriter.NewWriter(&text, 0, 1, 2, ' ', 0)
	for _, number := range numbers {
		_, _ = fmt.Fprintf(draw, "%s\t%s\n", number[0], number[1])
	}
	_ = draw.Flush()
	t.Logf("\n%s", text.String())
	if !full() || t.Failed() {
		return
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(tableFile()), file), []byte(text.String()), 0o644); err != nil {
		t.Error(err)
	}
}

// fromSystem is the memory that this process has from the system, in bytes.
func fromSystem() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Sys
}

// loadStage is the service of a run, and what it was asked.
type loadStage struct {
	load

	sim    *simulator.Service
	clock  *simulator.ShiftClock
	shares []share
	// before is what the account had.
	before []simulator.Connect
	// times are how long the rounds of each runner took.
	times map[string][]time.Duration

	mu     sync.Mutex
	counts map[asked]int
	takeAt int // requests until the service takes the tokens back
	// listings are those of each runner.
	listings map[string]*listing
}

// listing is when the last listing of a runner began, and the shortest time that
// one took.
type listing struct {
	began    time.Time
	shortest time.Duration
}

// asked is a kind of request: who made it, and how it was answered.
type asked struct {
	runner, operation string
	firstPage         bool
	status            int
}

func newStage(t *testing.T, size load) *loadStage {
	t.Helper()
	s := &loadStage{load: size, clock: simulator.NewShiftClock(), counts: map[asked]int{}, times: map[string][]time.Duration{}, listings: map[string]*listing{}}
	var err error
	s.sim, err = simulator.New(simulator.Config{Clock: s.clock, AccessTokenLife: tokenLife, JournalLimit: 1, Observe: s.observe})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
		s.sim.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.furnish(t)
	common := share{
		URL: server.URL, Store: filepath.Join(t.TempDir(), "login"), Connects: size.connects,
		ClientID: s.sim.ClientID(), Secret: s.sim.ClientSecret(), Seed: s.sim.Login(),
	}
	for i := range size.runners {
		one := common
		one.Name = fmt.Sprintf("runner-%d", i)
		for _, c := range s.before[size.shared+i*size.own : size.shared+(i+1)*size.own] {
			one.Whole = append(one.Whole, c.ID)
		}
		// Two runners write the trigger and the action of the same connects.
		one.Kind = []connectapi.EventKind{connectapi.TriggerEvent, connectapi.ActionEvent}[i%2]
		for j, c := range s.before[:size.shared] {
			if pair := j % (size.runners / 2); pair == i/2 {
				one.Part = append(one.Part, c.ID)
			}
		}
		s.shares = append(s.shares, one)
	}
	return s
}

// furnish makes the connects: whole, on, and each with an option that no runner
// writes.
func (s *loadStage) furnish(t *testing.T) {
	t.Helper()
	matches := s.sim.Catalog().Matches()
	i := slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == acctest.ScheduleToWebhook })
	for n := range s.connects {
		made := s.sim.CreateConnect(matches[i].ID, fmt.Sprintf("Connect %d", n))
		if err := s.sim.Edit(made.ID, func(c *simulator.Connect) {
			c.Status = simulator.StatusOn
			c.Trigger.Options["minute"] = minute(0)
			c.Actions[0].Options["url"] = url(made.ID, 0)
			c.Actions[0].Options["payload"] = "of somebody else " + made.ID
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.before = s.sim.Connects()
}

// start starts the runners: most of them here, the last ones as processes.
func (s *loadStage) start(t *testing.T) (here []*runner, processes []*process) {
	t.Helper()
	for i, one := range s.shares {
		if i >= len(s.shares)-s.processes {
			processes = append(processes, startRunner(t, one))
			continue
		}
		r, err := newRunner(one, s.clock)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.idle)
		here = append(here, r)
	}
	return here, processes
}

func (s *loadStage) pages() int { return (s.connects + loadPage - 1) / loadPage }

// writes are the calls that change something, in all rounds.
func (s *loadStage) writes() int {
	calls := 0
	for _, one := range s.shares {
		calls += len(one.Whole)*callsOfWhole + len(one.Part)*callsOfPart
	}
	return calls * s.rounds
}

// requestsOfRound is how many are made in a round at least.
func (s *loadStage) requestsOfRound() int {
	return s.runners*s.pages() + s.writes()/s.rounds
}

// observe counts a request, and has the service take all access tokens back when
// its time has come.
func (s *loadStage) observe(x simulator.Exchange) {
	s.mu.Lock()
	name, page := x.RequestHeader.Get("User-Agent"), x.Query.Get("page")
	s.counts[asked{name, x.Operation, page == "1", x.Status}]++
	switch page {
	case "1":
		s.listings[name] = &listing{began: time.Now(), shortest: s.shortest(name)}
	case strconv.Itoa(s.pages()):
		one := s.listings[name]
		if took := time.Since(one.began); one.shortest == 0 || took < one.shortest {
			one.shortest = took
		}
	}
	s.takeAt--
	now := s.takeAt == 0
	s.mu.Unlock()
	if now {
		s.sim.ExpireAccessTokens()
	}
}

// shortest is the shortest time that a listing of a runner took, zero before the
// first.
func (s *loadStage) shortest(name string) time.Duration {
	if s.listings[name] == nil {
		return 0
	}
	return s.listings[name].shortest
}

// mostListings is how many a runner may read: one when it begins a round, one each
// three seconds, or each two of its times where it takes longer, and the proofs.
func (s *loadStage) mostListings(name string) int {
	most := proofs
	for _, took := range s.times[name] {
		most += 1 + int(took/max(editAge, 2*s.listings[name].shortest))
	}
	return most
}

func (s *loadStage) takeBackAfter(requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takeAt = requests
}

func (s *loadStage) count(match func(asked) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := 0
	for kind, n := range s.counts {
		if match(kind) {
			sum += n
		}
	}
	return sum
}

func (s *loadStage) sum() int { return s.count(func(asked) bool { return true }) }

// mustHaveEverything fails when a written option is not at the service, or one that
// nobody wrote is not as it was, or a connect is off.
func (s *loadStage) mustHaveEverything(t *testing.T) {
	t.Helper()
	last := map[string]map[connectapi.EventKind]bool{}
	for _, one := range s.shares {
		for _, id := range one.Whole {
			last[id] = map[connectapi.EventKind]bool{connectapi.TriggerEvent: true, connectapi.ActionEvent: true}
		}
		for _, id := range one.Part {
			if last[id] == nil {
				last[id] = map[connectapi.EventKind]bool{}
			}
			last[id][one.Kind] = true
		}
	}
	wrong := 0
	after := s.sim.Connects()
	if len(after) != len(s.before) {
		t.Errorf("there are %d connects, want %d", len(after), len(s.before))
	}
	for i, got := range after {
		want := s.before[i]
		if last[want.ID][connectapi.TriggerEvent] {
			want.Trigger.Options["minute"] = minute(s.rounds)
		}
		if last[want.ID][connectapi.ActionEvent] {
			want.Actions[0].Options["url"] = url(want.ID, s.rounds)
		}
		want.UpdatedAt = got.UpdatedAt
		if !cmp.Equal(want, got) {
			if wrong++; wrong <= 3 {
				t.Errorf("the service has, and not as written (-want +got):\n%s", cmp.Diff(want, got))
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d connects are not as written", wrong, len(after))
	}
}

// mustHaveOneLogin fails unless each end of the access tokens cost one refresh, and
// none came with a token that was spent.
func (s *loadStage) mustHaveOneLogin(t *testing.T, refreshes int) {
	t.Helper()
	want := simulator.TokenStats{Families: 1, Refreshes: refreshes}
	if got := s.sim.TokenStats(); got != want {
		t.Errorf("the login went through %+v, want %+v", got, want)
	}
}

// mustBeBounded fails unless each write was made once, and the listings of each
// runner are those that its time allows. It returns the pages that were read and
// the requests that were refused for their token.
func (s *loadStage) mustBeBounded(t *testing.T) (pages, refused int) {
	t.Helper()
	const lists = "list_connects"
	writes := s.count(func(k asked) bool {
		return k.status == http.StatusOK && k.operation != lists && k.operation != "create_token"
	})
	// Of two that change one connect, one may find it off because of the other, and
	// leave the switch alone, or move it once more.
	if margin := s.rounds * s.shared * 2; writes > s.writes()+margin || writes < s.writes()-margin {
		t.Errorf("%d writes, want %d, and %d more or less", writes, s.writes(), margin)
	}
	for name := range s.times {
		most := s.mostListings(name)
		listings := s.count(func(k asked) bool {
			return k.runner == name && k.operation == lists && k.firstPage && k.status == http.StatusOK
		})
		read := s.count(func(k asked) bool { return k.runner == name && k.operation == lists && k.status == http.StatusOK })
		if listings > most || read != listings*s.pages() {
			t.Errorf("%s read %d listings with %d pages, want %d with %d each at most", name, listings, read, most, s.pages())
		}
		t.Logf("%s: %d listings of at most %d, the shortest took %s", name, listings, most, s.shortest(name).Round(time.Millisecond))
		pages += read
	}
	refused = s.count(func(k asked) bool { return k.status == http.StatusUnauthorized })
	if most := s.rounds * s.runners * maxConnections; refused > most {
		t.Errorf("%d requests were refused for their token, want %d at most", refused, most)
	}
	if others := s.count(func(k asked) bool { return k.status != http.StatusOK && k.status != http.StatusUnauthorized }); others > 0 {
		t.Errorf("%d requests failed", others)
	}
	return pages, refused
}
