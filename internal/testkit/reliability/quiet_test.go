package reliability_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// quiet knows when the service has finished all that it was asked, also what
// nobody waits for any more.
type quiet struct {
	next func(simulator.Exchange)

	mu      sync.Mutex
	done    int
	changed chan struct{}
}

func newQuiet(next func(simulator.Exchange)) *quiet {
	return &quiet{next: next, changed: make(chan struct{})}
}

func (q *quiet) observe(x simulator.Exchange) {
	if q.next != nil {
		q.next(x)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done++
	close(q.changed)
	q.changed = make(chan struct{})
}

func (q *quiet) reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done = 0
}

// wait returns when so many requests are finished.
func (q *quiet) wait(t *testing.T, asked int) {
	t.Helper()
	deadline := time.After(phaseTime)
	for {
		q.mu.Lock()
		done, changed := q.done, q.changed
		q.mu.Unlock()
		if done >= asked {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d of %d requests ended", done, asked)
		}
	}
}

// elsewhere is another host, to which nothing may ever be sent.
type elsewhere struct {
	url string

	mu  sync.Mutex
	got []string
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	e := &elsewhere{}
	e.url = serve(t, func(_ http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.got = append(e.got, r.Method+" "+r.URL.Path)
	})
	return e
}

func (e *elsewhere) mustBeQuiet(t *testing.T) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.got) > 0 {
		t.Errorf("the other host got %q", e.got)
	}
}
