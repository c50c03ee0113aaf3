package reliability_test

import (
	"fmt"
	"maps"
	"runtime"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	// parallelism is how many resources Terraform refreshes at once.
	parallelism = 10
	// mostHeap is far above what a refresh of 5,000 connects takes, and far below
	// what one copy of the account for each connect would take.
	mostHeap = 512 << 20
)

// TestMemory refreshes many connects in one provider and reports what the heap
// grew by. The simulated service runs in the same process and is a part of it.
func TestMemory(t *testing.T) { //nolint:paralleltest // It measures the heap of the process.
	n := 300
	if full() {
		n = 5_000
	}
	env := acctest.New(t, acctest.WithSimulator(func(*simulator.Config) {}))
	held := states(t, env, n)
	env.ResetJournal()
	// A refresh is the work of one provider process.
	driver := env.DriverWith(t, nil).SamePhase()
	before := heap(true)
	peak := refresh(t, driver, held)
	after := heap(true)
	grown := func(to uint64) float64 { return (float64(to) - float64(before)) / (1 << 20) }
	t.Logf("refresh of %d connects: heap grew by %.1f MiB at its peak and %.1f MiB at the end, with %d requests and %d connections",
		n, grown(peak), grown(after), len(env.Sim.Journal()), env.Sim.ConnectionsOpened())
	if peak > before+mostHeap {
		t.Errorf("more than %d MiB", mostHeap>>20)
	}
	if opened := env.Sim.ConnectionsOpened(); opened > 2*maxConnections {
		t.Errorf("%d connections", opened)
	}
}

// states makes connects and what Terraform would have in its state for each.
func states(t *testing.T, env *acctest.Env, n int) []*acctest.Resource {
	t.Helper()
	match := env.MatchID(t, acctest.ScheduleToWebhook)
	driver := helper(t, env)
	held := make([]*acctest.Resource, 0, n)
	var model map[string]any
	for i := range n {
		made := env.Sim.CreateConnect(match, fmt.Sprintf("Connect %d", i))
		if model == nil {
			imported, diags := driver.Import(t.Context(), "appypie_connect", made.ID)
			if diags.HasError() {
				t.Fatal(diags)
			}
			model = imported.Attributes
		}
		attributes := maps.Clone(model)
		attributes["id"], attributes["name"] = made.ID, made.Name
		one, diags := driver.Upgrade(t.Context(), "appypie_connect", 0, attributes)
		if diags.HasError() {
			t.Fatal(diags)
		}
		held = append(held, one)
	}
	return held
}

// refresh reads all resources, as many at once as Terraform does, and returns the
// largest heap that it saw.
func refresh(t *testing.T, driver *acctest.Driver, held []*acctest.Resource) uint64 {
	t.Helper()
	const look = 50
	var (
		mu    sync.Mutex
		peak  uint64
		group sync.WaitGroup
	)
	queue := make(chan int)
	for range parallelism {
		group.Go(func() {
			for i := range queue {
				read, diags := driver.Read(t.Context(), held[i])
				if diags.HasError() || !read.Exists() {
					t.Errorf("%s: %v\n%s", held[i].ID(), read.Attributes, diags)
				}
				if i%look == 0 {
					seen := heap(false)
					mu.Lock()
					peak = max(peak, seen)
					mu.Unlock()
				}
			}
		})
	}
	for i := range held {
		queue <- i
	}
	close(queue)
	group.Wait()
	return peak
}

func heap(collect bool) uint64 {
	if collect {
		runtime.GC()
		runtime.GC() // The first one only empties pools into the second.
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
