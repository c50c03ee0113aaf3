package main

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(scale{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// mostConnections is how many connections a provider process may open, however
// many connects there are.
const mostConnections = 12

// newBench builds the programs as the other tests do, so that the compiler's
// work is shared, and without a release's flags.
func newBench(t *testing.T, wanted settings) *bench {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test runs Terraform; set TF_ACC=1 to have it run")
	}
	b := &bench{settings: wanted, space: tfrun.NewWorkspace(t.TempDir()), progress: t.Output()}
	if err := b.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestRound measures few connects in both forms and checks everything but the
// times.
func TestRound(t *testing.T) {
	t.Parallel()
	b := newBench(t, settings{phases: allPhases(), latency: time.Millisecond})
	const connects = 10
	for _, size := range []scale{{connects: connects}, {connects: connects, four: true}} {
		t.Run(size.String(), func(t *testing.T) {
			t.Parallel()
			// In the form of four each step pauses the connect for itself, unless the
			// changes of two steps meet.
			pauses := connects
			if size.four {
				pauses = 2 * connects
			}
			writes := map[string]map[string]int{
				phaseApply:   {"create_connect": connects, "edit_trigger_options": connects, "edit_action_options": connects, "turn_on_connect": connects},
				phasePlan:    {},
				phaseChange:  {"turn_off_connect": pauses, "edit_trigger_options": connects, "edit_action_options": connects, "turn_on_connect": pauses},
				phaseDestroy: {"turn_off_connect": connects, "delete_connect": connects},
			}
			found := results{}
			if err := b.round(t.Context(), 0, size, phases(), found); err != nil {
				t.Fatal(err)
			}
			for at, subjects := range found {
				for subject, measured := range subjects {
					if size.four && at.phase == phaseChange {
						settleFour(t, subject, measured[0].traffic.Requests, connects, pauses)
					}
					checkMeasurement(t, subject, at.phase, measured[0], writes[at.phase])
				}
				equal(t, at.phase+", subjects", len(subjects), 2)
			}
			equal(t, "phases", len(found), len(phases()))
		})
	}
}

// settleFour takes out of the counts of a change in the form of four what depends
// on how its steps met, and what the floor's apply lists to know the actions.
func settleFour(t *testing.T, subject string, requests map[string]int, least, most int) {
	t.Helper()
	if subject == nameFloor {
		requests["list_connects"]--
		return
	}
	for _, operation := range []string{"turn_off_connect", "turn_on_connect"} {
		if got := requests[operation]; got < least || got > most {
			t.Errorf("%d requests %s, want %d to %d", got, operation, least, most)
		}
		requests[operation] = most
	}
}

// checkMeasurement looks at everything but the times.
func checkMeasurement(t *testing.T, subject, phase string, m measurement, writes map[string]int) {
	t.Helper()
	what := subject + " provider, " + phase
	got := map[string]int{}
	for operation, count := range m.traffic.Requests {
		if !strings.HasPrefix(operation, "list_") && !strings.HasPrefix(operation, "get_") && operation != "create_token" {
			got[operation] = count
		}
	}
	equal(t, what+", writes", got, writes)
	listings := m.traffic.Requests["list_connects"]
	if subject == nameFloor {
		want := 1
		if phase == phaseApply {
			want = 0
		}
		equal(t, what+", listings", listings, want)
		equal(t, what+", requests", m.traffic.total(), traffic{Requests: got}.total()+int64(want))
	}
	// All but a plan have two processes that ask the service: one plans, one
	// applies.
	most := int64(2 * mostConnections)
	if phase == phasePlan {
		most = mostConnections
		equal(t, what+", listings", listings, 1)
	}
	if subject == nameNew && m.traffic.Connections > most {
		t.Errorf("%s: %d connections, at most %d are allowed", what, m.traffic.Connections, most)
	}
	if m.wall <= 0 || m.provider.cpu <= 0 || m.terraform.cpu <= 0 || m.processes == 0 || m.traffic.Connections <= 0 || m.state <= 0 {
		t.Errorf("%s: not everything was measured: %+v", what, m)
	}
	if _, err := os.Stat("/proc/self/status"); err == nil && (m.provider.peak <= 0 || m.terraform.peak <= m.provider.peak) {
		t.Errorf("%s: peak memory of the provider %d, of Terraform %d", what, m.provider.peak, m.terraform.peak)
	}
}

// TestWrite compares few connects with a baseline, in the form of four resources,
// and looks for the tables.
func TestWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, settings{
		scales: []scale{{connects: 2, four: true}}, phases: []string{phaseApply, phaseChange}, count: 2, latency: time.Millisecond, baseline: "HEAD",
	})
	var text strings.Builder
	if err := b.write(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text.String())
	for _, number := range numbers() {
		if !strings.Contains(text.String(), "\n"+number.title+"\n") {
			t.Errorf("the report lacks the table %q", number.title)
		}
	}
	for _, want := range []string{"old is the provider at", "new/old  new/floor", "calls x latency / 10", "Bytes of state", "create_connect 2"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

// TestBuildBaseline_fails checks that a baseline that cannot be built is an error,
// and one that is given up.
func TestBuildBaseline_fails(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx      context.Context //nolint:containedctx // it is what is tested.
		settings settings
	}{
		"no such commit": {t.Context(), settings{baseline: "no-such-commit"}},
		"does not build": {t.Context(), settings{baseline: "HEAD", buildFlags: []string{"-no-such-flag"}}},
		"given up":       {gone, settings{baseline: "HEAD", buildFlags: []string{"-a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{settings: test.settings, space: tfrun.NewWorkspace(t.TempDir()), progress: t.Output()}
			if err := b.buildBaseline(test.ctx); err == nil {
				t.Error("no error")
			}
		})
	}
}

// TestTables checks the figures of tables against ones that were worked out by
// hand.
func TestTables(t *testing.T) {
	t.Parallel()
	b := &bench{space: tfrun.NewWorkspace(t.TempDir()), settings: settings{
		scales: []scale{{connects: 100}}, phases: []string{phaseApply}, baseline: "HEAD", latency: 20 * time.Millisecond,
	}}
	of := func(wall time.Duration, requests int, state int64) measurement {
		return measurement{wall: wall, traffic: traffic{Requests: map[string]int{"a": requests - 1, "b": 1}}, state: state}
	}
	found := results{cell{scale{connects: 100}, phaseApply}: {
		nameOld:   {of(9*time.Second, 1000, 4000), of(4*time.Second, 1000, 4000), of(1*time.Second, 1000, 4000)},
		nameNew:   {of(3*time.Second, 500, 3000)},
		nameFloor: {of(2*time.Second, 400, 2000)},
	}}
	var text strings.Builder
	b.writeNumber(&text, numbers()[0], found)
	b.writeBound(&text, found)
	b.writeState(&text, found)
	var got [][]string
	for line := range strings.Lines(text.String()) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "100" {
			got = append(got, fields[1:])
		}
	}
	equal(t, "rows", got, [][]string{
		{"apply", "4.00", "3.00", "2.00", "0.75", "1.50"},
		{"apply", "old", "1000", "2.00", "4.00", "2.00"},
		{"apply", "new", "500", "1.00", "3.00", "3.00"},
		{"apply", "floor", "400", "0.80", "2.00", "2.50"},
		{"40", "30", "20", "0.75", "1.50"},
	})
}

func TestExponent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		times []time.Duration
		want  float64
	}{
		"linear":    {[]time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, 1},
		"quadratic": {[]time.Duration{time.Second, 4 * time.Second, 16 * time.Second}, 2},
		"constant":  {[]time.Duration{time.Second, time.Second, time.Second}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := exponent([]int{100, 200, 400}, test.times); math.Abs(got-test.want) > 1e-9 {
				t.Errorf("%f, want %f", got, test.want)
			}
		})
	}
}

// TestMeasure_fails checks that what goes wrong is no measurement.
func TestMeasure_fails(t *testing.T) {
	t.Parallel()
	b := newBench(t, settings{})
	s, err := b.open(t.Context(), "failing", b.floor(""), scale{connects: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	// A plan before the first apply has changes.
	if _, err := s.measure(t.Context(), phasePlan); err == nil {
		t.Error("a plan with changes was measured")
	}
}
