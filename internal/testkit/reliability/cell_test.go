package reliability_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	// otherPrefix begins the names of connects that nobody under test may touch.
	otherPrefix = "Of somebody else "
	// patience is the provider's request_timeout in cells whose fault never
	// answers. It must be longer than any answer of a loaded machine.
	patience = "2s"
	// phaseTime bounds what a phase takes; more is a call that never ends.
	phaseTime = 90 * time.Second
	// pageLimit makes the four connects of a cell a listing of two pages.
	pageLimit = 2
)

// occurrence says which of the calls of an operation are broken.
type occurrence string

const (
	first occurrence = "first"
	last  occurrence = "last"
	every occurrence = "every"
)

// cell is one entry of the matrix.
type cell struct {
	subject   subject
	phase     phase
	variant   variant
	operation string
	when      occurrence
	truth     baseline
}

func (c cell) name() string {
	return strings.Join([]string{c.subject.typeName, c.phase.name, c.operation, c.variant.name, string(c.when)}, "/")
}

// baseline is what a phase does when nothing goes wrong.
type baseline struct {
	requests map[string]int      // by operation
	answers  map[string][]string // bodies, by operation
	after    []string            // contents of ours when the goal is reached
}

func (b baseline) total() int {
	total := 0
	for _, n := range b.requests {
		total += n
	}
	return total
}

// scene is a service, a login and a resource that is ready for a phase.
type scene struct {
	stage
	held   *acctest.Resource
	before world
	quiet  *quiet
	clock  *simulator.ShiftClock
}

// arrange brings a subject to where the phase begins. The provider of the phase
// itself starts without a token, so that every phase begins with a login.
func arrange(t *testing.T, s subject, p phase, observe func(simulator.Exchange)) scene {
	t.Helper()
	calm, clock := newQuiet(observe), simulator.NewShiftClock()
	env := acctest.New(t, acctest.WithDialect(s.spoken), acctest.WithSimulator(func(c *simulator.Config) {
		c.PageLimit, c.Observe, c.Clock = pageLimit, calm.observe, clock
	}))
	env.Canary(firstSecret)
	env.Canary(secondSecret)
	for _, name := range []string{"1", "2", "3"} {
		env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToWebhook), otherPrefix+name)
	}
	sc := scene{stage: s.stage(t, env), quiet: calm, clock: clock}
	setup := helper(t, env)
	sc.held = setup.Absent(s.typeName)
	if p.exists {
		created, diags := setup.Converge(t.Context(), sc.held, sc.first)
		if diags.HasError() {
			t.Fatalf("arrange:\n%s", diags)
		}
		sc.held = created
	}
	sc.before = look(env)
	env.ResetJournal()
	calm.reset()
	return sc
}

// helper is a provider that spends no refresh token.
func helper(t *testing.T, env *acctest.Env) *acctest.Driver {
	t.Helper()
	return env.DriverWith(t, map[string]any{
		"access_token": env.Sim.IssueAccessToken(), "client_id": nil, "client_secret": nil, "refresh_token": nil, "token_store": nil,
	})
}

// measure runs a phase without a fault.
func measure(t *testing.T, s subject, p phase) baseline {
	t.Helper()
	b := baseline{requests: map[string]int{}, answers: map[string][]string{}}
	var mu sync.Mutex
	sc := arrange(t, s, p, func(x simulator.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		b.answers[x.Operation] = append(b.answers[x.Operation], string(x.ResponseBody))
	})
	mu.Lock()
	clear(b.answers)
	mu.Unlock()
	after, diags := p.act(t.Context(), sc.env.Driver(t), sc.stage, sc.held)
	if diags.HasError() {
		t.Fatalf("%s %s without a fault:\n%s", s.typeName, p.name, diags)
	}
	for _, entry := range sc.env.Sim.Journal() {
		b.requests[entry.Operation]++
	}
	if _, diags = sc.reach(t, p, after, helper(t, sc.env)); diags.HasError() {
		t.Fatalf("%s after %s without a fault:\n%s", s.typeName, p.name, diags)
	}
	b.after = look(sc.env).contents()
	return b
}

// run is one cell: break, act, judge, mend, judge again.
func (c cell) run(t *testing.T) {
	t.Helper()
	sc := arrange(t, c.subject, c.phase, nil)
	env := sc.env
	away := newElsewhere(t)
	fault := c.variant.fault
	fault.Operation = c.operation
	if fault.Kind == simulator.FaultRedirect {
		fault.Location = away.url
	}
	switch c.when {
	case first:
	case last:
		fault.Skip = c.truth.requests[c.operation] - 1
	case every:
		fault.Times = -1
	}
	env.Sim.AddFault(fault)
	// A creation whose answer was lost is looked for as long as a request may take.
	settings := map[string]any{"max_retries": 0, "request_timeout": "10s"}
	if c.variant.deaf {
		settings["request_timeout"] = patience
	}
	opened := env.Sim.ConnectionsOpened()
	var log tfrun.Buffer
	ctx, cancel := context.WithTimeout(tflogtest.RootLogger(t.Context(), &log), phaseTime)
	defer cancel()
	after, diags := c.phase.act(ctx, env.DriverWith(t, settings), sc.stage, sc.held)
	if ctx.Err() != nil {
		t.Errorf("the phase did not end within %s", phaseTime)
	}
	// A request whose client has left is carried out all the same.
	sc.quiet.wait(t, len(env.Sim.Journal()))
	sc.clock.Advance(fault.After)
	met := len(slices.DeleteFunc(env.Sim.Journal(), func(e simulator.Entry) bool { return e.Fault == "" }))
	if met == 0 {
		t.Fatal("the fault was not met; the cell proves nothing")
	}
	env.Sim.ClearFaults()
	away.mustBeQuiet(t)
	c.judge(t, sc, after, diags)
	if grown := env.Sim.ConnectionsOpened() - opened; grown > maxConnections+int64(met) {
		t.Errorf("the phase opened %d connections, with %d faults", grown, met)
	}
	for where, text := range map[string]string{"diagnostics": diags.String(), "state": after.Stored(), "log": log.String()} {
		if err := env.FindSecrets(where, text); err != nil {
			t.Error(err)
		}
	}
	c.mend(t, sc, after)
	mustBeTidy(t, env)
}

// judge holds the service and the state after the broken phase to the promises.
func (c cell) judge(t *testing.T, sc scene, after *acctest.Resource, diags acctest.Diagnostics) {
	t.Helper()
	seen := look(sc.env)
	if !slices.Equal(seen.others, sc.before.others) {
		t.Errorf("connects of others changed from\n%q to\n%q", sc.before.others, seen.others)
	}
	if n, most := len(sc.env.Sim.Journal()), c.mostRequests(); n > most {
		t.Errorf("%d requests, more than %d", n, most)
	}
	for _, one := range diags {
		if one.Summary == "" || strings.TrimSpace(one.Detail) == "" {
			t.Errorf("a diagnostic without help:\n%s", diags)
		}
	}
	if c.variant.harmless && diags.HasError() {
		t.Errorf("a harmless change of the answer is an error:\n%s", diags)
	}
	c.judgeService(t, sc, seen, diags)
	c.judgeState(t, sc, seen, after, diags)
}

// judgeService: off, as before, or as wanted; and done when no error says otherwise.
func (c cell) judgeService(t *testing.T, sc scene, seen world, diags acctest.Diagnostics) {
	t.Helper()
	whole := append(sc.before.contents(), c.truth.after...)
	for id, have := range seen.ours {
		if c.variant.fault.Kind == simulator.FaultFailedTest && strings.Contains(have, "| "+simulator.StatusOn+" |") && !slices.Contains(sc.before.contents(), have) {
			t.Errorf("the connect %s is on although its test failed:\n%s", id, have)
		}
		if strings.Contains(have, "| "+simulator.StatusOn+" |") && !slices.Contains(whole, have) && !c.variant.lie {
			t.Errorf("the connect %s is on with neither the old nor the new content:\n%s", id, have)
		}
	}
	for id := range sc.before.ours {
		if _, there := seen.ours[id]; !there && c.phase.name != "delete" {
			t.Errorf("the connect %s is gone", id)
		}
	}
	if !c.phase.changes && !slices.Equal(seen.contents(), sc.before.contents()) {
		t.Errorf("a %s changed the service from\n%q to\n%q", c.phase.name, sc.before.contents(), seen.contents())
	}
	if !diags.HasError() && c.phase.changes && !c.variant.lie && !slices.Equal(seen.contents(), c.truth.after) {
		t.Errorf("no error, but the service has\n%q, want\n%q", seen.contents(), c.truth.after)
	}
}

// judgeState: nothing exists that no state knows, and no id is lost.
func (c cell) judgeState(t *testing.T, sc scene, seen world, after *acctest.Resource, diags acctest.Diagnostics) {
	t.Helper()
	if len(seen.ours) > 1 {
		t.Errorf("%d connects where one should be:\n%q", len(seen.ours), seen.contents())
	}
	if c.subject.deletes {
		for id := range seen.ours {
			if after.ID() != id && !(c.phase.name == "import" && diags.HasError()) {
				t.Errorf("the connect %s exists and the state has %q\n%s", id, after.ID(), diags)
			}
		}
		return
	}
	if sc.held.Exists() && !after.Exists() && c.phase.name != "import" && (c.phase.name != "delete" || diags.HasError()) {
		t.Errorf("the state was dropped\n%s", diags)
	}
}

// mostRequests is the bound of a broken phase: what it does anyway, twice, and
// for each reading of the listing the looks of a client that waits for a write to
// show, at every page.
func (c cell) mostRequests() int {
	const looks, pages, more = 4, 2, 20
	return 2*c.truth.total() + looks*pages*c.truth.requests["list_connects"] + more
}

// mend is the apply after the broken one: it must finish the work and leave
// nothing to plan.
func (c cell) mend(t *testing.T, sc scene, after *acctest.Resource) {
	t.Helper()
	if c.phase.name == "import" && !after.Exists() {
		again, diags := helper(t, sc.env).Import(t.Context(), c.subject.typeName, sc.importID(sc.held))
		if diags.HasError() {
			t.Fatalf("import again:\n%s", diags)
		}
		after = again
	}
	after, diags := sc.reach(t, c.phase, after, sc.env.Driver(t))
	if c.loginLost(sc, diags) {
		_, diags = sc.reach(t, c.phase, after, helper(t, sc.env))
	}
	if diags.HasError() {
		t.Errorf("the second apply:\n%s", diags)
	}
	if have := look(sc.env).contents(); !slices.Equal(have, c.truth.after) {
		t.Errorf("after the second apply the service has\n%q, want\n%q", have, c.truth.after)
	}
}

// loginLost: a refresh token that was spent while its answer was lost, or that was
// refused for good, cannot be had back. The message must say how to log in again.
func (c cell) loginLost(sc scene, diags acctest.Diagnostics) bool {
	return c.operation == "create_token" && strings.Contains(diags.String(), "appypie login") &&
		(sc.env.Sim.TokenStats().Refreshes > 0 || strings.HasPrefix(c.variant.name, "token-refusal"))
}

// reach applies the goal of a phase, after which nothing may be left to plan.
func (sc scene) reach(t *testing.T, p phase, held *acctest.Resource, d *acctest.Driver) (*acctest.Resource, acctest.Diagnostics) {
	t.Helper()
	goal := p.goal(sc.stage)
	if goal == nil {
		return d.Destroy(t.Context(), held)
	}
	applied, diags := d.Converge(t.Context(), held, goal)
	if diags.HasError() {
		return applied, diags
	}
	d.MustPlanNothing(t.Context(), applied, goal)
	for where, text := range map[string]string{"diagnostics": diags.String(), "state": applied.Stored()} {
		if err := sc.env.FindSecrets(where, text); err != nil {
			t.Error(err)
		}
	}
	return applied, diags
}

// mustBeTidy looks for drafts and reserves that a refresh left in the token store.
func mustBeTidy(t *testing.T, env *acctest.Env) {
	t.Helper()
	files, err := os.ReadDir(env.TokenStore())
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	for _, file := range files {
		if extension := filepath.Ext(file.Name()); extension != ".json" && extension != ".lock" {
			t.Errorf("the token store keeps %s", file.Name())
		}
	}
}
