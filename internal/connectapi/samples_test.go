package connectapi_test

import (
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func keysOf(data []connectapi.SampleDatum) []string {
	var keys []string
	for _, datum := range data {
		keys = append(keys, datum.Key)
	}
	slices.Sort(keys)
	return keys
}

// TestSamples: the last test tells which keys there are, in this run without a
// call, and later through the history. Nothing runs a test to find out.
func TestSamples(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := b.create(sheetsToHubSpot, true, false)
	connect, err := b.Connect(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Samples(t.Context(), connect); got != nil || err != nil {
		t.Errorf("of a connect that was never tested: %+v, %v", got, err)
	}
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Test: true}); err != nil {
		t.Fatal(err)
	}
	calls := b.sim.RequestCounts()["get_connect_history"]
	check := func(of *connectapi.Client) {
		t.Helper()
		got, err := of.Samples(t.Context(), connect)
		want := []string{"column1", "column2", "column3", "column4", "column5", "row_number", "row_url"}
		if err != nil || got == nil || got.TestedAt == "" || !slices.Equal(keysOf(got.Trigger), want) || len(got.Actions) != 1 || !slices.Contains(keysOf(got.Actions[0]), "email") {
			t.Fatalf("got %+v, %v", got, err)
		}
		if i := slices.IndexFunc(got.Trigger, func(d connectapi.SampleDatum) bool { return d.Key == "column2" }); got.Trigger[i].Value != "ada@example.com" {
			t.Errorf("got %+v", got.Trigger[i])
		}
	}
	check(b.Client)
	if after := b.sim.RequestCounts()["get_connect_history"]; after != calls {
		t.Errorf("%d calls for what this run knows", after-calls)
	}
	check(newClient(t, b.sim.APIURL(), quick, func(c *connectapi.Config) { c.Tokens = staticToken(t, b.sim.IssueAccessToken()) }))
	if tests := b.sim.RequestCounts()["run_test"]; tests != 1 {
		t.Errorf("%d tests", tests)
	}
}

// TestSamplesOfAFailedTest: what the trigger brought is known although an action
// failed, and of the action nothing is.
func TestSamplesOfAFailedTest(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := b.create(sheetsToHubSpot, true, false)
	connect, err := b.Connect(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultFailedTest})
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Test: true}); err == nil {
		t.Fatal("the test did not fail")
	}
	got, err := b.Samples(t.Context(), connect)
	if err != nil || got == nil || len(got.Trigger) == 0 || got.Actions[0] != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
