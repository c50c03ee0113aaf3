package main

import (
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

// TestRound measures few connects and checks everything but the times.
func TestRound(t *testing.T) {
	t.Parallel()
	const connects = 10
	b := newBench(t, settings{phases: allPhases(), plans: 1, latency: time.Millisecond})
	writes := map[string]map[string]int{
		phaseApply:   {"create_connect": connects, "edit_trigger_options": connects, "edit_action_options": connects, "turn_on_connect": connects},
		phasePlan:    {},
		phaseChange:  {"turn_off_connect": connects, "edit_trigger_options": connects, "edit_action_options": connects, "turn_on_connect": connects},
		phaseDestroy: {"turn_off_connect": connects, "delete_connect": connects},
	}
	seen := map[string]int{}
	err := b.round(t.Context(), 0, scale{connects: connects}, func(phase, subject string, m measurement) {
		what := subject + " provider, " + phase
		seen[what]++
		got := map[string]int{}
		for operation, count := range m.traffic.Requests {
			if !strings.HasPrefix(operation, "list_") && !strings.HasPrefix(operation, "get_") && operation != "create_token" {
				got[operation] = count
			}
		}
		equal(t, what+", writes", got, writes[phase])
		listings := m.traffic.Requests["list_connects"]
		if subject == nameFloor {
			want := 1
			if phase == phaseApply {
				want = 0
			}
			equal(t, what+", listings", listings, want)
			equal(t, what+", requests", total(m.traffic.Requests), total(got)+want)
		}
		// All but a plan have two processes that ask the service: one plans, one
		// applies.
		most := int64(2 * mostConnections)
		if phase == phasePlan {
			most = mostConnections
		}
		if subject == nameReal && m.traffic.Connections > most {
			t.Errorf("%s: %d connections, at most %d are allowed", what, m.traffic.Connections, most)
		}
		if phase == phasePlan {
			equal(t, what+", listings", listings, 1)
		}
		if m.wall <= 0 || m.provider.cpu <= 0 || m.terraform.cpu <= 0 || m.processes == 0 || m.traffic.Connections <= 0 {
			t.Errorf("%s: not everything was measured: %+v", what, m)
		}
		if _, err := os.Stat("/proc/self/status"); err == nil && (m.provider.peak <= 0 || m.terraform.peak <= m.provider.peak) {
			t.Errorf("%s: peak memory of the provider %d, of Terraform %d", what, m.provider.peak, m.terraform.peak)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "phases", len(seen), 2*len(phases()))
}

// TestWrite runs the sections that need the least time and looks for their
// tables, with the form of four resources and a refresh over two pages.
func TestWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, settings{
		scales: []scale{{connects: 2, four: true}}, phases: []string{phaseStart, phaseApply, phaseRefresh},
		refresh: []int{20, 120}, count: 1, plans: 1,
	})
	var text strings.Builder
	if err := b.write(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text.String())
	for _, want := range []string{"until the handshake, ms", "2x4", "create_connect 2", "bytes for each"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	found := map[string]int{}
	for line := range strings.Lines(text.String()) {
		if fields := strings.Fields(line); len(fields) == 13 && fields[0] == "120" {
			found[fields[10]]++
		}
	}
	equal(t, "listings of 120 connects", found, map[string]int{"2": 1})
}
