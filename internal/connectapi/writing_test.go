package connectapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestOnlyAWholeTestPasses: a test has passed when every step of the connect has
// a result that says so. After anything else the connect stays off.
func TestOnlyAWholeTestPasses(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		answer string
		passed bool
		failed bool
	}{
		"every step":          {answer: `{"steps":[{"stepId":"t","status":"success"},{"stepId":"a","status":"Passed"}]}`, passed: true},
		"a status alone":      {answer: `{"status":"failed"}`},
		"a success alone":     {answer: `{"status":"success"}`},
		"another name":        {answer: `{"results":[{"stepId":"t","status":"failed"}]}`},
		"no step":             {answer: `{"steps":[]}`},
		"one step is missing": {answer: `{"steps":[{"stepId":"t","status":"success"}]}`},
		"one without status":  {answer: `{"steps":[{"stepId":"t","status":"success"},{"stepId":"a"}]}`},
		"one failed":          {answer: `{"steps":[{"stepId":"t","status":"success"},{"stepId":"a","status":"failed","message":"no"}]}`, failed: true},
		"the first failed":    {answer: `{"steps":[{"stepId":"t","status":"error","message":"no"}]}`, failed: true},
		"an unknown word":     {answer: `{"steps":[{"stepId":"t","status":"success"},{"stepId":"a","status":"skipped"}]}`},
		"nothing":             {answer: `null`},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			service := newAccount(1, 100)
			service.write = func(_ *account, r *http.Request) (int, map[string]any) {
				if strings.Contains(r.URL.Path, "history") {
					return http.StatusOK, map[string]any{"success": true, "total": 0, "data": []any{}}
				}
				if strings.Contains(r.URL.Path, "/test/") {
					return http.StatusOK, map[string]any{"success": true, "data": json.RawMessage(tc.answer)}
				}
				service.connects[0]["status"] = "ON"
				return http.StatusOK, map[string]any{"success": true, "data": service.connects[0]}
			}
			client := serve(t, service.ServeHTTP, quick)
			outcome, err := client.Apply(t.Context(), "0", nil, connectapi.Change{Test: true, Enabled: new(true)})
			_, failed := errors.AsType[*connectapi.TestFailedError](err)
			if outcome.Tested != tc.passed || failed != tc.failed || (err == nil) != tc.passed || !tc.passed && !tc.failed && !errors.Is(err, connectapi.ErrUnexpectedAnswer) {
				t.Errorf("outcome %+v, error %v", outcome, err)
			}
			if on := service.connects[0]["status"] == "ON"; on != tc.passed {
				t.Errorf("the connect is on: %v", on)
			}
		})
	}
}

// TestCreateFinishesLate: the gateway gives up, the service does not, and what it
// makes seconds later is found.
func TestCreateFinishesLate(t *testing.T) {
	t.Parallel()
	clock := newStepped()
	service := newAccount(1, 100)
	made := service.connects
	service.connects = made[:0]
	began := time.Time{}
	service.write = func(*account, *http.Request) (int, map[string]any) {
		began = clock.Now()
		return http.StatusGatewayTimeout, map[string]any{"success": false, "message": "gateway timeout"}
	}
	service.list = func(a *account, n int) (int, map[string]any) {
		if !began.IsZero() && clock.Now().Sub(began) >= 5*time.Second {
			a.connects = made
		}
		return totalList(a, n)
	}
	client := serve(t, service.ServeHTTP, func(c *connectapi.Config) { c.Clock = clock })
	got, err := client.CreateConnect(t.Context(), "match", "Leads")
	if err != nil || !got.Found || got.ID != "0" {
		t.Errorf("got %+v, error %v", got, err)
	}
	posts := 0
	for _, request := range service.requests.all() {
		if strings.HasPrefix(request, http.MethodPost) {
			posts++
		}
	}
	if posts != 1 {
		t.Errorf("%d creations", posts)
	}
}

// TestCreateNeedsNoReading: the id is returned although no listing can be had.
func TestCreateNeedsNoReading(t *testing.T) {
	t.Parallel()
	service := newAccount(0, 100)
	service.connects = []map[string]any{}
	service.write = func(*account, *http.Request) (int, map[string]any) {
		service.list = func(*account, int) (int, map[string]any) {
			return http.StatusInternalServerError, map[string]any{"success": false}
		}
		return http.StatusOK, map[string]any{"success": true, "data": map[string]any{"_id": "7"}}
	}
	client := serve(t, service.ServeHTTP, quick)
	if got, err := client.CreateConnect(t.Context(), "match", "Leads"); err != nil || got.ID != "7" {
		t.Errorf("got %+v, error %v", got, err)
	}
}

// TestListingInFlightHidesNothing: a listing that began before the creation does
// not show what it made, and is no reason to create again.
func TestListingInFlightHidesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{Latency: 20 * time.Millisecond}, quick)
	b.sim.AddFault(simulator.Fault{Operation: "create_connect", Kind: simulator.FaultResetAfterCommit})
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() {
		for ctx.Err() == nil {
			_, _ = b.Connect(ctx, "0123456789abcdef01234567")
		}
	})
	made, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads")
	cancel()
	wait.Wait()
	if err != nil || !made.Found || len(b.sim.Connects()) != 1 || b.sim.RequestCounts()["create_connect"] != 1 {
		t.Errorf("made %+v, error %v", made, err)
	}
}

// TestUndeclaredValuesGoBackAsTheyAre: what is not managed keeps its type, its
// digits and its null.
func TestUndeclaredValuesGoBackAsTheyAre(t *testing.T) {
	t.Parallel()
	service := newAccount(1, 100)
	held := map[string]any{"count": json.Number("5"), "price": json.Number("1.50"), "big": json.Number("9007199254740993123"), "headers": map[string]any{"a": "b"}, "none": nil, "flag": true, "text": "x"}
	trigger(service.connects[0])["options"] = held
	var sent map[string]json.RawMessage
	service.write = func(_ *account, r *http.Request) (int, map[string]any) {
		var body struct {
			Options map[string]json.RawMessage `json:"options"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		sent = body.Options
		return http.StatusOK, map[string]any{"success": true}
	}
	client := serve(t, service.ServeHTTP, quick)
	// flag is managed, and says the same as what the service has.
	change := connectapi.StepChange{Kind: connectapi.TriggerEvent, Set: map[string]string{"text": "y", "flag": "true"}}
	if _, err := client.Apply(t.Context(), "0", nil, connectapi.Change{Steps: []connectapi.StepChange{change}}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for key, raw := range sent {
		got[key] = string(raw)
	}
	want := map[string]string{"count": "5", "price": "1.50", "big": "9007199254740993123", "headers": `{"a":"b"}`, "none": "null", "flag": "true", "text": `"y"`}
	if !maps.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}

// TestTestByGetIsSentOnce: where an override makes the test a GET, the HTTP
// library must not repeat it when the connection breaks.
func TestTestByGetIsSentOnce(t *testing.T) {
	t.Parallel()
	service := newAccount(1, 100)
	var tests calls
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/run") {
			tests.add(r.Method)
			panic(http.ErrAbortHandler)
		}
		service.ServeHTTP(w, r)
	}, quick, retries(3), endpoints(t, map[string]string{"run_test": "GET /connect/{connectId}/run"}))
	// The connection is in use already, which is when the library repeats.
	must(client.Connects(t.Context()))(t)
	_, err := client.Apply(t.Context(), "0", nil, connectapi.Change{Test: true})
	if !errors.Is(err, connectapi.ErrTestUnknown) {
		t.Errorf("error: %v", err)
	}
	if got := tests.all(); len(got) != 1 {
		t.Errorf("the test ran %d times", len(got))
	}
}

// TestWaitingIsNotTrying: the time of an attempt begins when it is sent. What was
// never sent has no lost answer.
func TestWaitingIsNotTrying(t *testing.T) {
	t.Parallel()
	t.Run("for a connection", func(t *testing.T) {
		t.Parallel()
		const calls, each = 30, 100 * time.Millisecond
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(each):
			case <-r.Context().Done():
			}
			writeJSON(w, http.StatusOK, `{"success":true,"data":{"_id":"1"}}`)
		}, func(c *connectapi.Config) { c.RequestTimeout = 10 * each; c.MaxRequestsPerSecond = 0 })
		var wait sync.WaitGroup
		for range calls {
			wait.Go(func() {
				if _, err := client.Profile(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	})
	t.Run("for max_requests_per_second", func(t *testing.T) {
		t.Parallel()
		clock := newStepped()
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, `{"success":true,"data":{"_id":"1"}}`)
		}, func(c *connectapi.Config) {
			c.Clock, c.RequestTimeout, c.MaxRequestsPerSecond = clock, time.Second, 0.01
		})
		for range 3 {
			must(client.Profile(t.Context()))(t)
		}
	})
	t.Run("for Retry-After", func(t *testing.T) {
		t.Parallel()
		clock := newStepped()
		asked := 0
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if asked++; asked == 1 {
				w.Header().Set("Retry-After", "600")
				writeJSON(w, http.StatusTooManyRequests, `{"success":false}`)
				return
			}
			writeJSON(w, http.StatusOK, `{"success":true,"data":{"_id":"1"}}`)
		}, retries(1), func(c *connectapi.Config) { c.Clock, c.RequestTimeout = clock, time.Second })
		must(client.Profile(t.Context()))(t)
		if waited := clock.Now().Sub(newStepped().Now()); waited < 10*time.Minute {
			t.Errorf("waited %s", waited)
		}
	})
	t.Run("longer than there is time", func(t *testing.T) {
		t.Parallel()
		service := newAccount(1, 100)
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Set("Retry-After", "7200")
				writeJSON(w, http.StatusTooManyRequests, `{"success":false}`)
				return
			}
			service.ServeHTTP(w, r)
		}, retries(4))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := client.CreateConnect(ctx, "match", "New")
		if !errors.Is(err, connectapi.ErrRateLimited) || connectapi.OutcomeUnknown(err) || !contains(err, "2h0m0s") {
			t.Errorf("error: %v", err)
		}
	})
}

// TestNothingSecretIsQuoted: neither what is sent nor what an answer holds under
// a secret-looking name stands in an error, not even a part of it.
func TestNothingSecretIsQuoted(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-value-of-the-webhook"
	for label, answer := range map[string]string{
		"a message that quotes it":     fmt.Sprintf(`{"success":false,"message":"the value %s is refused"}`, secret),
		"a message that cuts it":       fmt.Sprintf(`{"success":false,"message":"the value %s... is refused"}`, secret[:16]),
		"a message that escapes it":    fmt.Sprintf(`{"success":false,"message":"value=%q"}`, secret+"%"),
		"a field that quotes it":       fmt.Sprintf(`{"success":false,"errors":{"options.key":["%s is no URL"]}}`, secret),
		"broken JSON":                  fmt.Sprintf(`{"success":true,"data":{"apiKey":"another-%s",`, secret),
		"a page instead of the answer": fmt.Sprintf(`<html><body>token=another-%s</body></html>`, secret),
		"data of another kind":         fmt.Sprintf(`{"success":true,"data":%q}`, secret),
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			service := newAccount(1, 100)
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut {
					writeJSON(w, http.StatusOK, answer)
					return
				}
				service.ServeHTTP(w, r)
			}, quick)
			_, err := client.Apply(t.Context(), "0", nil, connectapi.Change{
				Steps: []connectapi.StepChange{{Kind: connectapi.TriggerEvent, Secrets: map[string]string{"key": secret}}}, Enabled: new(true),
			})
			for i := 0; i+12 <= len(secret); i++ {
				if contains(err, secret[i:i+12]) {
					t.Fatalf("a part of the secret is in the error: %v", err)
				}
			}
		})
	}
}

// TestTestMessagesHideWhatWasWritten: a step that quotes the secret it was given.
func TestTestMessagesHideWhatWasWritten(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-value-of-the-webhook"
	service := newAccount(1, 100)
	service.write = func(_ *account, r *http.Request) (int, map[string]any) {
		if strings.Contains(r.URL.Path, "/test/") {
			return http.StatusOK, map[string]any{"success": true, "data": map[string]any{"steps": []any{
				map[string]any{"stepId": "t", "status": "failed", "message": "cannot use " + secret},
			}}}
		}
		return http.StatusOK, map[string]any{"success": true}
	}
	client := serve(t, service.ServeHTTP, quick)
	_, err := client.Apply(t.Context(), "0", nil, connectapi.Change{
		Steps: []connectapi.StepChange{{Kind: connectapi.TriggerEvent, Secrets: map[string]string{"key": secret}}}, Test: true,
	})
	if _, failed := errors.AsType[*connectapi.TestFailedError](err); !failed || contains(err, "webhook") || !contains(err, "cannot use [redacted]") {
		t.Errorf("error: %v", err)
	}
}
