package connectapi_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// quick has a client look again at once instead of waiting for a slow service.
func quick(c *connectapi.Config) {
	c.Settle = []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}
	c.Lost = c.Settle
}

// TestCreateIsNeverSentTwice covers every way to lose the answer to a creation:
// it is sent once, and what it made is found, or its outcome is said to be
// unknown.
func TestCreateIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		fault simulator.Fault
		found bool
	}{
		"500":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 500}, false},
		"502":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 502}, false},
		"504":               {simulator.Fault{Kind: simulator.FaultStatus, Status: 504}, false},
		"lost on the way":   {simulator.Fault{Kind: simulator.FaultResetBeforeCommit}, false},
		"a login page":      {simulator.Fault{Kind: simulator.FaultHTML}, false},
		"the answer lost":   {simulator.Fault{Kind: simulator.FaultResetAfterCommit}, true},
		"the answer broken": {simulator.Fault{Kind: simulator.FaultMalformedBody}, true},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{}, quick)
			tc.fault.Operation = "create_connect"
			b.sim.AddFault(tc.fault)

			made, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads")
			held := b.sim.Connects()
			if tc.found {
				if err != nil || !made.Found || len(held) != 1 || held[0].ID != made.ID {
					t.Errorf("made %+v, error %v; the service holds %d connects", made, err, len(held))
				}
			} else if lost, ok := errors.AsType[*connectapi.LostCreateError](err); !ok || !connectapi.OutcomeUnknown(lost) || len(held) != 0 {
				t.Errorf("error %v; the service holds %d connects", err, len(held))
			}
			if calls := b.sim.RequestCounts()["create_connect"]; calls != 1 {
				t.Errorf("%d calls, want 1", calls)
			}
		})
	}
}

// TestCreateRefused: what the service refuses is neither looked for nor repeated.
func TestCreateRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	b.sim.AddFault(simulator.Fault{Operation: "create_connect", Kind: simulator.FaultStatus, Status: 400})
	if _, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads"); !errors.Is(err, connectapi.ErrInvalid) {
		t.Errorf("error %v", err)
	}
	if counts := b.sim.RequestCounts(); counts["create_connect"] != 1 || counts["list_connects"] != 1 {
		t.Errorf("requests %v", counts)
	}
}

// TestCreateManyWithLostAnswers makes many connects of one match and name, ten
// at a time, and loses every tenth answer.
func TestCreateManyWithLostAnswers(t *testing.T) {
	t.Parallel()
	const many, atOnce = 40, 10
	b := newBench(t, simulator.Config{}, quick)
	var (
		mu    sync.Mutex
		count int
		ids   []string
		wait  sync.WaitGroup
	)

	b.sim.AddFault(simulator.Fault{
		Operation: "create_connect", Kind: simulator.FaultResetAfterCommit, Times: -1,
		Match: func(simulator.Entry) bool {
			mu.Lock()
			defer mu.Unlock()
			count++
			return count%10 == 0
		},
	})
	slots := make(chan struct{}, atOnce)

	for i := range many {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			name := "Leads"
			if i%2 == 0 {
				name = "Others"
			}
			made, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, name)
			if err != nil {
				t.Error(err)
				return
			}

			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, made.ID)
		})
	}
	wait.Wait()

	var held []string
	for _, connect := range b.sim.Connects() {
		held = append(held, connect.ID)
	}

	slices.Sort(ids)
	slices.Sort(held)
	if !slices.Equal(ids, held) || len(slices.Compact(held)) != many {
		t.Errorf("%d ids for %d connects in the service, want %d", len(ids), len(held), many)
	}
}

// TestCreateAmbiguous: with two new connects that could be it, nobody guesses.
func TestCreateAmbiguous(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	match := b.match(sheetsToHubSpot).ID
	other := ""

	b.sim.AddFault(simulator.Fault{
		Operation: "create_connect", Kind: simulator.FaultResetAfterCommit,
		Match: func(simulator.Entry) bool {
			other = b.sim.CreateConnect(match, "Leads").ID
			return true
		},
	})
	_, err := b.CreateConnect(t.Context(), match, "Leads")
	ambiguous, ok := errors.AsType[*connectapi.AmbiguousCreateError](err)
	if !ok || len(ambiguous.IDs) != 2 || !slices.Contains(ambiguous.IDs, other) {
		t.Errorf("error %v", err)
	}
	if calls := b.sim.RequestCounts()["create_connect"]; calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

// TestCreateFoundBehindStaleListing: a listing that does not show the new
// connect yet must not lead to a second one.
func TestCreateFoundBehindStaleListing(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	b.sim.AddFault(simulator.Fault{Operation: "create_connect", Kind: simulator.FaultResetAfterCommit})
	b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStaleList, Skip: 1, Times: 2})
	if made, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads"); err != nil || !made.Found {
		t.Errorf("made %+v, error %v", made, err)
	}
	if held := b.sim.Connects(); len(held) != 1 {
		t.Errorf("the service holds %d connects", len(held))
	}
}

// TestFindInterrupted finds what a process that died had made, and nothing else.
func TestFindInterrupted(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	match := b.match(sheetsToHubSpot).ID
	since := time.Now()
	find := func() (*connectapi.Connect, error) { return b.FindInterrupted(t.Context(), match, "Leads", since) }
	touched := b.sim.CreateConnect(match, "Leads")
	if err := b.sim.Edit(touched.ID, func(c *simulator.Connect) { c.Trigger.Options["header_row"] = "Yes" }); err != nil {
		t.Fatal(err)
	}
	b.sim.CreateConnect(match, "Another name")
	if got, err := find(); got != nil || err != nil {
		t.Errorf("found %v, error %v", got, err)
	}
	made := b.sim.CreateConnect(match, "Leads")
	if got, err := find(); err != nil || got == nil || got.ID != made.ID {
		t.Errorf("found %v, error %v", got, err)
	}
	if got, err := b.FindInterrupted(t.Context(), match, "Leads", since.Add(time.Hour)); got != nil || err != nil {
		t.Errorf("found what is older: %v, error %v", got, err)
	}
}
