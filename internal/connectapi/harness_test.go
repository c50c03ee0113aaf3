package connectapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// bounded is how long anything in these tests may take.
const bounded = 20 * time.Second

// Popular matches that the tests build on.
const (
	sheetsToHubSpot   = "Add new Google Sheets rows to HubSpot as contacts"
	typeformToWebhook = "Post new Typeform entries to a webhook"
	typeformToTwo     = "Add new Typeform entries to Mailchimp and tell Slack"
)

var loadContract = sync.OnceValues(contract.Load)

func document(t *testing.T) *contract.Document {
	t.Helper()
	loaded, err := loadContract()
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	return loaded
}

// bench is a client and the simulated service that it calls.
type bench struct {
	*connectapi.Client

	t   *testing.T
	sim *simulator.Server
}

// newBench starts a simulated service whose every exchange is held to the
// contract, and a client of it that waits next to nothing between attempts.
func newBench(t *testing.T, cfg simulator.Config, configure ...func(*connectapi.Config)) *bench {
	t.Helper()
	loaded, observe := document(t), cfg.Observe
	cfg.Observe = func(x simulator.Exchange) {
		holdToContract(t, loaded, x, len(cfg.Paths) > 0)
		if observe != nil {
			observe(x)
		}
	}
	sim, err := simulator.Start(t.Context(), cfg, "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start the simulated service: %v", err)
	}

	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), bounded)
		defer cancel()
		if err := sim.Close(ctx); err != nil {
			t.Errorf("end the simulated service: %v", err)
		}
	})
	settings := []func(*connectapi.Config){func(c *connectapi.Config) { c.Tokens = staticToken(t, sim.IssueAccessToken()) }}
	return &bench{t: t, sim: sim, Client: newClient(t, sim.APIURL(), append(settings, configure...)...)}
}

// holdToContract checks every request, and every answer that no fault bent.
func holdToContract(t *testing.T, loaded *contract.Document, x simulator.Exchange, moved bool) {
	t.Helper()
	if moved {
		return
	}
	_, requestErr, answerErr := loaded.Validate(contract.Exchange{
		Method: x.Method, Path: x.Path, Query: x.Query, RequestHeader: x.RequestHeader, RequestBody: x.RequestBody,
		Status: x.Status, ResponseHeader: x.ResponseHeader, ResponseBody: x.ResponseBody,
	})
	if requestErr != nil {
		t.Errorf("request outside the contract: %v", requestErr)
	}
	if answerErr != nil && x.Fault == "" {
		t.Errorf("answer outside the contract: %v", answerErr)
	}
}

// newClient makes a client of any server on loopback.
func newClient(t *testing.T, baseURL string, configure ...func(*connectapi.Config)) *connectapi.Client {
	t.Helper()
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{UserAgent: "connectapi-test"})
	if err != nil {
		t.Fatalf("make an HTTP client: %v", err)
	}
	t.Cleanup(httpClient.CloseIdleConnections)

	cfg := connectapi.Config{
		BaseURL: baseURL, HTTPClient: httpClient, RequestTimeout: bounded,
		Retry: connectapi.RetryPolicy{MinWait: time.Microsecond, MaxWait: time.Millisecond},
	}
	for _, change := range configure {
		change(&cfg)
	}
	if cfg.Tokens == nil {
		cfg.Tokens = staticToken(t, "token-of-the-test")
	}
	client, err := connectapi.New(cfg)
	if err != nil {
		t.Fatalf("make a client: %v", err)
	}
	return client
}

func staticToken(t *testing.T, token string) auth.Source {
	t.Helper()
	source, err := auth.New(auth.Config{AccessToken: token})
	if err != nil {
		t.Fatalf("make a token source: %v", err)
	}
	return source
}

// endpoints has a client call operations elsewhere.
func endpoints(t *testing.T, requests map[string]string) func(*connectapi.Config) {
	t.Helper()
	spoken, err := dialect.Load(dialect.Endpoints(requests))
	if err != nil {
		t.Fatal(err)
	}
	return func(c *connectapi.Config) { c.Dialect = spoken }
}

// retries sets the number of repetitions.
func retries(n int) func(*connectapi.Config) {
	return func(c *connectapi.Config) { c.Retry.Max = n }
}

// serve starts a server that answers every request by handler, and a client.
func serve(t *testing.T, handler http.HandlerFunc, configure ...func(*connectapi.Config)) *connectapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, server.URL, configure...)
}

// answering serves one JSON answer with status 200.
func answering(t *testing.T, body string) *connectapi.Client {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, body) })
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// match finds a popular match by title.
func (b *bench) match(title string) catalog.PopularMatch {
	b.t.Helper()
	for _, m := range b.sim.Catalog().Matches() {
		if m.Title == title {
			return m
		}
	}
	b.t.Fatalf("no popular match %q", title)
	return catalog.PopularMatch{}
}

// account finds a working account of an app; an app without any needs none.
func (b *bench) account(appID string) string {
	b.t.Helper()
	for _, a := range b.sim.Accounts() {
		if a.AppID == appID && a.Status == simulator.AccountActive {
			return a.ID
		}
	}
	return ""
}

// create makes a connect as a person would, complete or bare, on or off.
func (b *bench) create(title string, complete, on bool) simulator.Connect {
	b.t.Helper()
	made := b.sim.CreateConnect(b.match(title).ID, "Leads")

	// The service is locked while it calls the function, so ask it before.
	configured := made
	if complete {
		configured.Trigger.AccountID, configured.Trigger.Options = b.account(made.Trigger.AppID), triggerOptions(title)
		for i := range configured.Actions {
			configured.Actions[i].AccountID, configured.Actions[i].Options = b.account(made.Actions[i].AppID), actionOptions(title, i)
		}
	}
	if on {
		configured.Status = simulator.StatusOn
	}
	err := b.sim.Edit(made.ID, func(c *simulator.Connect) { *c = configured })
	if err != nil {
		b.t.Fatalf("edit: %v", err)
	}
	b.sim.ResetJournal()
	return b.held(made.ID)
}

// held is the connect as the service has it, secrets in the clear.
func (b *bench) held(id string) simulator.Connect {
	b.t.Helper()
	connect, ok := b.sim.Connect(id)
	if !ok {
		b.t.Fatalf("the service has no connect %s", id)
	}
	return connect
}

func triggerOptions(title string) map[string]string {
	if title == sheetsToHubSpot {
		return map[string]string{"spreadsheet": "s1", "worksheet": "w1"}
	}
	return map[string]string{"form": "f1"}
}

func actionOptions(title string, i int) map[string]string {
	switch {
	case title == sheetsToHubSpot:
		return map[string]string{"email": "{{column2}}"}
	case title == typeformToWebhook:
		return map[string]string{"url": "https://example.com/hook"}
	case i == 0:
		return map[string]string{"list": "l1", "email": "{{email}}"}
	default:
		return map[string]string{"channel": "c1", "text": "new entry"}
	}
}

// edits configures every step of a connect.
func (b *bench) edits(title string) []connectapi.StepChange {
	b.t.Helper()
	m := b.match(title)
	changes := []connectapi.StepChange{{
		Kind: connectapi.TriggerEvent, AccountID: b.account(m.Trigger.AppID), Set: triggerOptions(title),
	}}
	for i, action := range m.Actions {
		changes = append(changes, connectapi.StepChange{
			Kind: connectapi.ActionEvent, Position: i, AccountID: b.account(action.AppID), Set: actionOptions(title, i),
		})
	}
	return changes
}

// journal names the operations that were called, in their order.
func (b *bench) journal() string {
	b.t.Helper()
	names := []string{}
	for _, e := range b.sim.Journal() {
		names = append(names, e.Operation)
	}
	return strings.Join(names, " ")
}

// sentBody is the body of the nth call of an operation, from 0.
func (b *bench) sentBody(operation dialect.Operation, n int) (body struct {
	AccountID string            `json:"accountId"`
	Options   map[string]string `json:"options"`
},
) {
	b.t.Helper()
	for _, e := range b.sim.Journal() {
		if e.Operation != string(operation) {
			continue
		}
		if n--; n >= 0 {
			continue
		}
		if err := json.Unmarshal(e.Body, &body); err != nil {
			b.t.Fatalf("decode the body of %s: %v", operation, err)
		}
		return body
	}
	b.t.Fatalf("%s was not called as often", operation)
	return body
}

// contains reports whether an error's text, in full, has a piece in it.
func contains(err error, piece string) bool {
	return err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, err), piece)
}

// calls is what a server was asked, in order.
type calls struct {
	mu   sync.Mutex
	list []string
}

func (c *calls) add(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call)
}

func (c *calls) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}
