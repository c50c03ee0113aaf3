package connectapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// stepped is a clock that stands still but for what waits on it: a wait ends at
// once and moves the clock.
type stepped struct {
	mu  sync.Mutex
	now time.Time
}

func newStepped() *stepped {
	return &stepped{now: time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)}
}

func (s *stepped) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stepped) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *stepped) After(d time.Duration) <-chan time.Time {
	s.advance(d)
	fired := make(chan time.Time, 1)
	fired <- s.Now()
	return fired
}

// account is a service of a few connects that lists them in a way of its own.
type account struct {
	mu       sync.Mutex
	connects []map[string]any
	// perPage connects are on a page; list answers one, from 1.
	perPage int
	list    func(a *account, page int) (status int, body map[string]any)
	// write answers everything but the listing.
	write    func(a *account, r *http.Request) (status int, body map[string]any)
	requests calls
}

func newAccount(count, perPage int) *account {
	a := &account{perPage: perPage}
	for i := range count {
		a.connects = append(a.connects, map[string]any{
			"_id": strconv.Itoa(i), "name": "Leads", "popularMatchId": "match", "status": "OFF",
			"trigger": map[string]any{"stepId": "t", "accountId": nil, "options": map[string]any{}},
			"actions": []any{map[string]any{"stepId": "a", "accountId": nil, "options": map[string]any{}}},
		})
	}
	return a
}

// page is what a page holds.
func (a *account) page(n int) []map[string]any {
	from := min(max(0, (n-1)*a.perPage), len(a.connects))
	return a.connects[from:min(from+a.perPage, len(a.connects))]
}

func plainList(a *account, n int) (int, map[string]any) {
	return http.StatusOK, map[string]any{"success": true, "data": a.page(n)}
}

func totalList(a *account, n int) (int, map[string]any) {
	return http.StatusOK, map[string]any{"success": true, "data": a.page(n), "total": len(a.connects)}
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.requests.add(r.Method + " " + r.URL.Path)
	a.mu.Lock()
	defer a.mu.Unlock()
	status, body := http.StatusNotFound, map[string]any{"success": false, "message": "no such path"}
	if r.Method == http.MethodGet && r.URL.Path == "/connects" {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		if a.list == nil {
			a.list = totalList
		}
		status, body = a.list(a, n)
	} else if a.write != nil {
		status, body = a.write(a, r)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // maps of texts and numbers.
}

// TestReadingsAreReachable: no demand for a new reading outlasts the listing
// after the one in progress, however slow the pages are.
func TestReadingsAreReachable(t *testing.T) {
	t.Parallel()
	const pages, edits = 5, 10
	clock := newStepped()
	service := newAccount(pages*2, 2)
	service.list = func(a *account, n int) (int, map[string]any) {
		clock.advance(time.Second)
		return totalList(a, n)
	}
	service.write = func(*account, *http.Request) (int, map[string]any) {
		return http.StatusOK, map[string]any{"success": true}
	}
	client := serve(t, service.ServeHTTP, func(c *connectapi.Config) { c.Clock = clock })
	for i := range edits {
		// Each edit is of a connect that nothing is known of yet, and the last
		// listing is older than an edit may build on.
		if _, err := client.Apply(t.Context(), strconv.Itoa(i), nil, connectapi.Change{Enabled: new(false)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(service.requests.all()); got > pages*edits {
		t.Errorf("%d requests for %d edits of %d pages", got, edits, pages)
	}
}

// TestNothingIsFalselyGone reads each connect of services that list in another
// way than assumed. Each is there, or the error is not that it is gone.
func TestNothingIsFalselyGone(t *testing.T) {
	t.Parallel()
	const count = 5
	for label, tc := range map[string]struct {
		perPage int
		list    func(*account, int) (int, map[string]any)
		// found: the connects can be read all the same.
		found bool
	}{
		"a page cap without total":   {2, plainList, true},
		"a page cap above the count": {50, plainList, true},
		"404 past the end":           {2, absentEnd, true},
		"a total that stands elsewhere": {2, func(a *account, n int) (int, map[string]any) {
			return http.StatusOK, map[string]any{"success": true, "data": a.page(n), "meta": map[string]any{"count": count}}
		}, true},
		"page is ignored, without total": {2, func(a *account, _ int) (int, map[string]any) { return plainList(a, 1) }, false},
		"page is ignored, with a total of the page": {2, func(a *account, _ int) (int, map[string]any) {
			return http.StatusOK, map[string]any{"success": true, "data": a.page(1), "total": count}
		}, false},
		"pages from 0, without total": {2, func(a *account, n int) (int, map[string]any) { return plainList(a, n+1) }, false},
		"pages from 0, with total":    {2, func(a *account, n int) (int, map[string]any) { return totalList(a, n+1) }, false},
		"no known id": {2, func(a *account, n int) (int, map[string]any) {
			var entries []any
			for _, c := range a.page(n) {
				entries = append(entries, map[string]any{"connectId": c["_id"], "status": "OFF"})
			}
			return http.StatusOK, map[string]any{"success": true, "data": entries}
		}, false},
		"a list of null": {2, func(*account, int) (int, map[string]any) {
			return http.StatusOK, map[string]any{"success": true, "data": nil}
		}, false},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			service := newAccount(count, tc.perPage)
			service.list = tc.list
			for i := range count {
				client := serve(t, service.ServeHTTP, quick)
				got, err := client.Connect(t.Context(), strconv.Itoa(i))
				if tc.found && (err != nil || got.ID != strconv.Itoa(i)) || !tc.found && got == nil && !errors.Is(err, connectapi.ErrUnexpectedAnswer) {
					t.Errorf("connect %d: %+v, error %v", i, got, err)
				}
			}
		})
	}
}

func absentEnd(a *account, n int) (int, map[string]any) {
	if len(a.page(n)) == 0 {
		return http.StatusNotFound, map[string]any{"success": false, "message": "no such page"}
	}
	return plainList(a, n)
}

// TestVanishingEntries: while a listing is read, entries before the one that is
// asked for are removed, so that it moves to a page that was read already.
func TestVanishingEntries(t *testing.T) {
	t.Parallel()
	for label, list := range map[string]func(*account, int) (int, map[string]any){"total": totalList, "no total": plainList} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			service := newAccount(8, 2)
			left := 3
			service.list = func(a *account, n int) (int, map[string]any) {
				status, body := list(a, n)
				// It is removed after the page was made.
				if n == 1 && left > 0 {
					left--
					a.connects = a.connects[1:]
				}
				return status, body
			}
			client := serve(t, service.ServeHTTP, quick)
			for _, id := range []string{"4", "5", "7"} {
				if got, err := client.Connect(t.Context(), id); err != nil || got.ID != id {
					t.Errorf("connect %s: %+v, error %v", id, got, err)
				}
			}
			later := serve(t, service.ServeHTTP, quick)
			if _, err := later.Connect(t.Context(), "0"); !connectapi.IsNotFound(err) {
				t.Errorf("a connect that was removed: %v", err)
			}
		})
	}
}

// TestAbsenceCostsTwoListings, for one connect and for many.
func TestAbsenceCostsTwoListings(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{PageLimit: 2})
	for range 4 {
		b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "Leads")
	}
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			if _, err := b.Connect(t.Context(), fmt.Sprintf("%024d", i)); !connectapi.IsNotFound(err) {
				t.Errorf("error: %v", err)
			}
		})
	}
	wait.Wait()
	if got := listings(b); got > 2*2+2 {
		t.Errorf("%d pages were read, want the two pages twice", got)
	}
}

// TestDeletionsSideBySide: ten deletions at once, under small pages, leave
// nothing alive, fifty times.
func TestDeletionsSideBySide(t *testing.T) {
	t.Parallel()
	const runs, many = 50, 10
	b := newBench(t, simulator.Config{PageLimit: 2, RequireOffToEdit: true})
	for run := range runs {
		var (
			ids  []string
			wait sync.WaitGroup
		)
		for range many {
			ids = append(ids, b.create(sheetsToHubSpot, true, true).ID)
		}
		client := newClient(t, b.sim.APIURL(), quick, func(c *connectapi.Config) { c.Tokens = staticToken(t, b.sim.IssueAccessToken()) })
		for _, id := range ids {
			wait.Go(func() {
				if err := client.Remove(t.Context(), id, false); err != nil && !connectapi.IsNotFound(err) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if left := b.sim.Connects(); len(left) != 0 {
			t.Fatalf("run %d left %d connects alive", run, len(left))
		}
	}
}

// TestFreshConnectIsWaitedFor: the service does not know everywhere yet what it
// just made.
func TestFreshConnectIsWaitedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := must(b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads"))(t)
	b.sim.AddFault(simulator.Fault{Operation: "edit_trigger_options", Kind: simulator.FaultStatus, Status: http.StatusNotFound, Times: 2})
	outcome, err := b.Apply(t.Context(), made.ID, made.Connect, connectapi.Change{Steps: b.edits(sheetsToHubSpot)})
	if err != nil || !outcome.Edited[0] {
		t.Errorf("outcome %+v, error %v", outcome, err)
	}
	other := b.create(sheetsToHubSpot, true, false)
	b.sim.AddFault(simulator.Fault{Operation: "update_connect_name", Kind: simulator.FaultStatus, Status: http.StatusNotFound})
	if err := b.Rename(t.Context(), other.ID, "New"); !connectapi.IsNotFound(err) {
		t.Errorf("a connect of somebody else: %v", err)
	}
}

// TestFreshConnectIsNotListedYet: only its id is known, and listings lag.
func TestFreshConnectIsNotListedYet(t *testing.T) {
	t.Parallel()
	service := newAccount(1, 100)
	hidden := service.connects
	service.connects = hidden[:0]
	service.write = func(*account, *http.Request) (int, map[string]any) {
		return http.StatusOK, map[string]any{"success": true, "data": map[string]any{"_id": "0"}}
	}
	looks := 0
	service.list = func(a *account, n int) (int, map[string]any) {
		if looks++; looks > 3 {
			a.connects = hidden
		}
		return totalList(a, n)
	}
	client := serve(t, service.ServeHTTP, quick)
	made := must(client.CreateConnect(t.Context(), "match", "Leads"))(t)
	if made.ID != "0" || made.Connect != nil {
		t.Errorf("made %+v", made)
	}
	if got, err := client.Connect(t.Context(), made.ID); err != nil || got.ID != made.ID {
		t.Errorf("got %+v, error %v", got, err)
	}
}

// TestHiddenOptionsAreNotWritten: options that the service does not show are not
// empty, and an edit that would have to send all of them sends none.
func TestHiddenOptionsAreNotWritten(t *testing.T) {
	t.Parallel()
	for label, change := range map[string]func(connect map[string]any){
		"null":       func(c map[string]any) { trigger(c)["options"] = nil },
		"absent":     func(c map[string]any) { delete(trigger(c), "options") },
		"no trigger": func(c map[string]any) { delete(c, "trigger") },
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			service := newAccount(1, 100)
			change(service.connects[0])
			client := serve(t, service.ServeHTTP)
			got := must(client.Connect(t.Context(), "0"))(t)
			if got.Trigger.Options != nil || got.Actions[0].Options == nil {
				t.Errorf("got %+v", got)
			}
			_, err := client.Apply(t.Context(), "0", nil, connectapi.Change{Steps: []connectapi.StepChange{{Kind: connectapi.TriggerEvent, Set: map[string]string{"k": "v"}}}})
			if _, hidden := errors.AsType[*connectapi.HiddenOptionsError](err); !hidden {
				t.Errorf("error: %v", err)
			}
			for _, request := range service.requests.all() {
				if request != "GET /connects" {
					t.Errorf("request %s", request)
				}
			}
		})
	}
}

func trigger(connect map[string]any) map[string]any {
	held, _ := connect["trigger"].(map[string]any)
	return held
}

// TestReadsOutlastBrokenAnswers: cut bodies and failures of the service are no
// reason to give up reading.
func TestReadsOutlastBrokenAnswers(t *testing.T) {
	t.Parallel()
	for label, fault := range map[string]simulator.Fault{
		"half of the JSON":   {Kind: simulator.FaultMalformedBody},
		"500":                {Kind: simulator.FaultStatus, Status: http.StatusInternalServerError},
		"connection dropped": {Kind: simulator.FaultResetAfterCommit},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{PageLimit: 2}, retries(3))
			for range 4 {
				b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "Leads")
			}
			fault.Operation, fault.Times, fault.Skip = "list_connects", 2, 1
			b.sim.AddFault(fault)
			if all, err := b.Connects(t.Context()); err != nil || len(all) != 4 {
				t.Errorf("%d connects, error %v", len(all), err)
			}
		})
	}
}

// TestCutBodyIsRepeated: the length of an answer says that some of it is missing.
func TestCutBodyIsRepeated(t *testing.T) {
	t.Parallel()
	var asked calls
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.add(r.URL.Path)
		const body = `{"success":true,"data":{"_id":"1","name":"n"}}`
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		if len(asked.all())%2 == 1 {
			_, _ = w.Write([]byte(body[:10]))
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(body))
	}, retries(1))
	if _, err := client.Profile(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// TestAnswersThatShowLessAreRead: an answer of the id alone is followed by a
// reading, one for the whole change.
func TestAnswersThatShowLessAreRead(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{Quirks: []simulator.Quirk{simulator.QuirkEditAnswersID}}, quick)
	made := b.create(sheetsToHubSpot, false, false)
	outcome, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Name: "New", Steps: b.edits(sheetsToHubSpot)})
	if err != nil || outcome.Connect.Name != "New" || outcome.Connect.Trigger.Options["worksheet"].Text() != "w1" {
		t.Errorf("outcome %+v, error %v", outcome, err)
	}
	if got, want := b.journal(), "list_connects update_connect_name edit_trigger_options edit_action_options list_connects"; got != want {
		t.Errorf("calls %s", got)
	}
}
