package reliability_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

const (
	// modeVariable chooses between a sample and everything.
	modeVariable = "APPYPIE_RELIABILITY"
	// sampleSeed fixes which cells the sample takes.
	sampleSeed = 20260717
	// workers is how many cells run at once, waiters how many of those that wait
	// for a deadline and use no processor.
	workers, waiters = 16, 48
	// maxConnections is what one provider may open to one host.
	maxConnections = 12
)

func full() bool { return os.Getenv(modeVariable) == "full" }

func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL + "/elsewhere"
}

// TestMatrix runs the cells, subject by subject, and after each subject asks
// whether anything was left running.
func TestMatrix(t *testing.T) { //nolint:paralleltest // It counts the goroutines of the process.
	all := slices.DeleteFunc(cells(t, subjects(), phases()), func(c cell) bool {
		reason := c.exempt()
		if reason != "" {
			t.Logf("not run: %s: %s", c.name(), reason)
		}
		return reason != ""
	})
	mustNameAll(t, all)
	chosen := all
	if !full() {
		chosen = sample(all)
	}
	t.Logf("%d of %d cells", len(chosen), len(all))
	results := newTable()
	for _, s := range subjects() {
		mine := slices.DeleteFunc(slices.Clone(chosen), func(c cell) bool { return c.subject.typeName != s.typeName })
		before := goleak.IgnoreCurrent()
		runAll(t, mine, results)
		if err := goleak.Find(before); err != nil {
			t.Errorf("%s left goroutines: %v", s.typeName, err)
		}
	}
	t.Logf("%d cells, %d passed\n%s", results.total(), results.passed(), results)
	if full() && !t.Failed() {
		results.write(t)
	}
}

// runAll runs cells, first those that wait for a deadline, many at once, and then
// the others.
func runAll(t *testing.T, todo []cell, results *table) {
	t.Helper()
	most := workers
	if full() {
		most = waiters
	}
	runOn(t, most, slices.DeleteFunc(slices.Clone(todo), func(c cell) bool { return !c.variant.deaf }), results)
	runOn(t, workers, slices.DeleteFunc(slices.Clone(todo), func(c cell) bool { return c.variant.deaf }), results)
}

func runOn(t *testing.T, at int, todo []cell, results *table) {
	t.Helper()
	queue := make(chan cell)
	var group sync.WaitGroup
	for range at {
		group.Go(func() {
			for c := range queue {
				passed := t.Run(c.name(), func(t *testing.T) { c.run(t) })
				results.add(c, passed)
			}
		})
	}
	for _, c := range todo {
		queue <- c
	}
	close(queue)
	group.Wait()
}

// cells generates the matrix from what each phase really does.
func cells(t *testing.T, subjects []subject, phases []phase) []cell {
	t.Helper()
	var all []cell
	for _, s := range subjects {
		for _, p := range phases {
			truth := baseline{}
			t.Run(fmt.Sprintf("without fault/%s/%s/%s", s.spoken, s.typeName, p.name), func(t *testing.T) { truth = measure(t, s, p) })
			for _, operation := range sortedKeys(truth.requests) {
				for _, v := range variants() {
					if !v.fits(operation, truth.answers[operation]) {
						continue
					}
					times := []occurrence{first, every}
					// The last request may be for a first page, which cannot be shifted.
					if truth.requests[operation] > 1 && v.fault.Kind != simulator.FaultShiftedPage {
						times = append(times, last)
					}
					for _, when := range times {
						all = append(all, cell{s, p, v, operation, when, truth})
					}
				}
			}
		}
	}
	return all
}

// sample takes one cell of each pair of fault and operation, with a fixed seed.
// The operations that only read the catalog count as one.
func sample(all []cell) []cell {
	shuffled := slices.Clone(all)
	dice := rand.New(rand.NewPCG(sampleSeed, sampleSeed)) //nolint:gosec // The choice has to be the same each time.
	dice.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	taken := map[[2]string]bool{}
	return slices.DeleteFunc(shuffled, func(c cell) bool {
		operation := c.operation
		if strings.HasPrefix(operation, "get_") || operation == "list_connected_accounts" {
			operation = "catalog"
		}
		pair := [2]string{c.variant.name, operation}
		known := taken[pair]
		taken[pair] = true
		return known
	})
}
