package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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
	hourlyWebhook     = "Call a webhook every hour"
)

// bench is a running simulator and a client that may do anything.
type bench struct {
	t     *testing.T
	sim   *simulator.Server
	clock *simulator.ManualClock // nil when the configuration brought another
	http  *http.Client
	token string
}

// newBench starts a simulator whose every exchange is held to the contract.
func newBench(t *testing.T, cfg simulator.Config) *bench {
	t.Helper()
	b := &bench{t: t}
	if cfg.Clock == nil {
		b.clock = simulator.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		cfg.Clock = b.clock
	}
	observe, document := cfg.Observe, loadContract(t)
	cfg.Observe = func(x simulator.Exchange) {
		holdToContract(t, document, x)
		if observe != nil {
			observe(x)
		}
	}
	sim, err := simulator.Start(t.Context(), cfg, "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	transport := &http.Transport{DisableCompression: true}
	b.sim, b.token = sim, sim.IssueAccessToken()
	b.http = &http.Client{
		Transport:     transport,
		Timeout:       bounded,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), bounded)
		defer cancel()
		if err := sim.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

// contractOnce is the document, which takes a while to load and never changes.
var contractOnce = sync.OnceValues(contract.Load)

func loadContract(t *testing.T) *contract.Document {
	t.Helper()
	document, err := contractOnce()
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	return document
}

// holdToContract checks every answer that no fault disfigured, and the requests
// the service accepted: what it accepts must be what the contract allows.
func holdToContract(t *testing.T, document *contract.Document, x simulator.Exchange) {
	t.Helper()
	if !x.Fault.InContract() {
		return
	}
	operation, requestErr, answerErr := document.Validate(contract.Exchange{
		Method: x.Method, Path: x.Path, Query: x.Query, RequestHeader: x.RequestHeader, RequestBody: x.RequestBody,
		Status: x.Status, ResponseHeader: x.ResponseHeader, ResponseBody: x.ResponseBody,
	})
	if answerErr != nil {
		t.Errorf("answer to %s %s outside the contract: %v\n%s", x.Method, x.Path, answerErr, x.ResponseBody)
	}
	if requestErr != nil && x.Status < http.StatusBadRequest {
		t.Errorf("accepted a request outside the contract: %s %s: %v", x.Method, x.Path, requestErr)
	}
	if x.Operation != "" && operation != x.Operation {
		t.Errorf("%s %s is %q here and %q in the contract", x.Method, x.Path, x.Operation, operation)
	}
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// errorBody is the envelope of a refusal.
type errorBody struct {
	Success bool                `json:"success"`
	Code    int                 `json:"code"`
	Message string              `json:"message"`
	Errors  map[string][]string `json:"errors"`
}

type page[T any] struct {
	Data  []T `json:"data"`
	Total int `json:"total"`
	Page  int `json:"page"`
	Limit int `json:"limit"`
}

type connectBody struct {
	ID        string     `json:"_id"`
	Name      string     `json:"name"`
	MatchID   string     `json:"popularMatchId"`
	Status    string     `json:"status"`
	Trigger   stepBody   `json:"trigger"`
	Actions   []stepBody `json:"actions"`
	CreatedAt string     `json:"_created_at"`
	UpdatedAt string     `json:"_updated_at"`
}

type stepBody struct {
	StepID    string            `json:"stepId"`
	AccountID *string           `json:"accountId"`
	Options   map[string]string `json:"options"`
}

// send makes one request; headers come in pairs and win over the usual ones.
func (b *bench) send(method, url string, body []byte, headers ...string) (answer, error) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		b.t.Fatalf("request: %v", err)
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for pair := range slices.Chunk(headers, 2) {
		name, value := pair[0], pair[1]
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	res, err := b.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(res.Body)
	if closeErr := res.Body.Close(); err == nil {
		err = closeErr
	}
	return answer{res.StatusCode, res.Header, text}, err
}

// must is send where the connection has to hold.
func (b *bench) must(method, url string, body []byte, headers ...string) answer {
	b.t.Helper()
	got, err := b.send(method, url, body, headers...)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, url, err)
	}
	return got
}

// api calls an API operation with a valid access token. A body is encoded
// unless it is bytes already.
func (b *bench) api(method, path string, body any, headers ...string) answer {
	b.t.Helper()
	return b.must(method, b.sim.APIURL()+path, b.encode(body), append([]string{"Authorization", "Bearer " + b.token}, headers...)...)
}

func (b *bench) encode(body any) []byte {
	b.t.Helper()
	switch v := body.(type) {
	case nil:
		return nil
	case []byte:
		return v
	}
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatalf("encode: %v", err)
	}
	return text
}

// wants fails the test unless an answer has the status.
func (b *bench) wants(got answer, status int) answer {
	b.t.Helper()
	if got.Status != status {
		b.t.Fatalf("status %d, want %d: %s", got.Status, status, got.Body)
	}
	return got
}

// decode reads a whole body.
func decode[T any](t *testing.T, got answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(got.Body, &v); err != nil {
		t.Fatalf("decode %q: %v", got.Body, err)
	}
	return v
}

// data reads the data of a success.
func data[T any](t *testing.T, got answer) T {
	t.Helper()
	envelope := decode[struct {
		Success bool `json:"success"`
		Data    T    `json:"data"`
	}](t, got)
	if got.Status != http.StatusOK || !envelope.Success {
		t.Fatalf("status %d: %s", got.Status, got.Body)
	}
	return envelope.Data
}

type object map[string]any

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

// account finds the first working account of an app.
func (b *bench) account(appID string) string {
	b.t.Helper()
	for _, a := range b.sim.Accounts() {
		if a.AppID == appID && a.Status == simulator.AccountActive {
			return a.ID
		}
	}
	b.t.Fatalf("no account of app %q", appID)
	return ""
}

// create makes a connect over the API.
func (b *bench) create(title, name string) connectBody {
	b.t.Helper()
	return data[connectBody](b.t, b.api(http.MethodPost, "/connect/popular-match/"+b.match(title).ID, object{"name": name}))
}

// complete makes a connect from sheetsToHubSpot that is ready to be turned on.
func (b *bench) complete(name string) connectBody {
	b.t.Helper()
	c, m := b.create(sheetsToHubSpot, name), b.match(sheetsToHubSpot)
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{
		"accountId": b.account(m.Trigger.AppID), "options": object{"spreadsheet": "s1", "worksheet": "w1"},
	}), http.StatusOK)
	return data[connectBody](b.t, b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
		"accountId": b.account(m.Actions[0].AppID), "options": object{"email": "{{column2}}"},
	}))
}

// listed reads one connect the only way the API has.
func (b *bench) listed(id string) (connectBody, bool) {
	b.t.Helper()
	got := b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK)
	for _, c := range decode[page[connectBody]](b.t, got).Data {
		if c.ID == id {
			return c, true
		}
	}
	return connectBody{}, false
}

// operationsOf names the operations of journal entries.
func operationsOf(entries []simulator.Entry) string {
	var names []string
	for _, e := range entries {
		names = append(names, e.Operation)
	}
	return strings.Join(names, " ")
}
