package connectapi_test

import (
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func listings(b *bench) int { return b.sim.RequestCounts()["list_connects"] }

// TestDirectoryIsShared: reading every connect, ten at a time, costs one
// listing.
func TestDirectoryIsShared(t *testing.T) {
	t.Parallel()
	const many, pageLimit = 50, 10
	b := newBench(t, simulator.Config{PageLimit: pageLimit})
	var (
		ids  []string
		wait sync.WaitGroup
	)
	for range many {
		ids = append(ids, b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "Leads").ID)
	}
	slots := make(chan struct{}, pageLimit)

	for _, id := range ids {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if got, err := b.Connect(t.Context(), id); err != nil || got.ID != id {
				t.Errorf("connect %s: %v, %v", id, got, err)
			}
		})
	}
	wait.Wait()
	if got := listings(b); got != many/pageLimit {
		t.Errorf("%d pages were read, want %d", got, many/pageLimit)
	}
}

// TestDirectoryKnowsWrites: what was written is known without another listing,
// and an older listing does not turn it back.
func TestDirectoryKnowsWrites(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := b.create(sheetsToHubSpot, true, false)
	must(b.Connect(t.Context(), made.ID))(t)
	if err := b.Rename(t.Context(), made.ID, "Renamed"); err != nil {
		t.Fatal(err)
	}
	read := listings(b)
	if got := must(b.Connect(t.Context(), made.ID))(t); got.Name != "Renamed" || listings(b) != read {
		t.Errorf("name %q after %d more listings", got.Name, listings(b)-read)
	}

	// The service answers the listing from an older copy, for a while.
	b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStaleList, Times: -1})
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Name: "Again"}); err != nil {
		t.Fatal(err)
	}
	if got := must(b.Connect(t.Context(), made.ID))(t); got.Name != "Again" {
		t.Errorf("an old listing turned the name back to %q", got.Name)
	}
}

// TestDirectoryForgetsDoubts: after a write whose outcome is unknown the
// connect is read again.
func TestDirectoryForgetsDoubts(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := b.create(sheetsToHubSpot, true, false)

	must(b.Connect(t.Context(), made.ID))(t)
	b.sim.AddFault(simulator.Fault{Operation: "update_connect_name", Kind: simulator.FaultMalformedBody})
	if err := b.Rename(t.Context(), made.ID, "Renamed"); err == nil {
		t.Fatal("no error")
	}
	if got := must(b.Connect(t.Context(), made.ID))(t); got.Name != "Renamed" {
		t.Errorf("name %q", got.Name)
	}
}

// TestDirectoryDeletes: what this client deleted is gone without a listing, and
// what others deleted is not gone before two listings say so.
func TestDirectoryDeletes(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{}, quick)
	made := b.create(sheetsToHubSpot, true, false)
	if err := b.Delete(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	read := listings(b)
	if _, err := b.Connect(t.Context(), made.ID); !connectapi.IsNotFound(err) || listings(b) != read {
		t.Errorf("error %v after %d listings", err, listings(b)-read)
	}
}
