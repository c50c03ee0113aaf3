package simulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// TestEveryOperation walks through the whole contract once. newBench holds every
// exchange to it; here each must also succeed, and none may be left out.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	coverage := contract.NewCoverage(loadContract(t))
	b := newBench(t, simulator.Config{
		Seed: 7, AutoAuthorize: true, PlatformKeyRequired: true,
		Observe: func(x simulator.Exchange) { coverage.Record(x.Operation) },
	})

	redirect := "http://127.0.0.1:9/callback"
	query := url.Values{"client_id": {b.sim.ClientID()}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"*"}, "state": {"s"}}
	sent := b.wants(b.must(http.MethodGet, b.sim.AuthorizationURL()+"?"+query.Encode(), nil), http.StatusFound)
	tokens := decode[map[string]any](t, b.wants(b.grant(object{
		"grant_type": "authorization_code", "redirect_uri": redirect, "code": queryOf(t, sent).Get("code"),
	}), http.StatusOK))
	access, ok := tokens["access_token"].(string)
	if !ok || tokens["type"] != "bearer" {
		t.Fatalf("tokens: %v", tokens)
	}
	b.token = access
	key := b.platformKey()
	api := func(method, path string, body any) answer {
		t.Helper()
		return b.wants(b.api(method, path, body, "ACCESSTOKEN", key), http.StatusOK)
	}

	m := b.match(sheetsToHubSpot)
	app, _ := b.sim.Catalog().App(m.Trigger.AppID)
	account := b.account(app.ID)
	for _, path := range []string{
		"/apps?categoryId=" + app.CategoryIDs[0], "/app/detail/" + app.ID,
		"/popular-matches?triggerAppId=" + app.ID + "&actionAppId=" + m.Actions[0].AppID, "/popular-match/detail/" + m.ID,
		"/app/trigger/list/" + app.ID, "/app/trigger/detail/" + m.Trigger.EventID,
		"/app/action/list/" + app.ID, "/app/action/detail/" + m.Actions[0].EventID,
		"/user-connected-accounts?appId=" + app.ID, "/user-connected-accounts?accountId=" + account,
	} {
		api(http.MethodGet, path, nil)
	}
	api(http.MethodPost, "/dropdown-options", object{"key": "spreadsheet", "accountId": account, "values": object{}, "triggerId": m.Trigger.EventID})

	link := data[struct{ URL string }](t, api(http.MethodPost, "/connect-account/"+app.AuthType+"/"+app.ID+"/"+app.SeoLink, object{"appypie-partner-cb": redirect}))
	back := b.wants(b.must(http.MethodGet, link.URL, nil), http.StatusFound)
	api(http.MethodGet, "/user-connected-account/by-token?t="+queryOf(t, back).Get("t"), nil)

	c := data[connectBody](t, api(http.MethodPost, "/connect/popular-match/"+m.ID, object{"name": "Leads"}))
	api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"accountId": account, "options": object{"spreadsheet": "s", "worksheet": "w"}})
	api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
		"accountId": b.account(m.Actions[0].AppID), "options": object{"email": "e"},
	})
	api(http.MethodPost, "/connect/test/"+c.ID, nil)
	api(http.MethodPut, "/connect/turn-on/"+c.ID, nil)
	api(http.MethodPut, "/connect/turn-off/"+c.ID, nil)
	api(http.MethodPut, "/connect/name/"+c.ID, object{"name": "Leads 2"})
	api(http.MethodGet, "/connect/history/"+c.ID, nil)
	api(http.MethodDelete, "/connect/"+c.ID, nil)

	// What takes no arguments is called without a line of its own.
	missing := coverage.Missing()
	for _, operation := range loadContract(t).Operations() {
		if path := strings.TrimPrefix(operation.Path, simulator.APIBase); slices.Contains(missing, operation.ID) && operation.Method == http.MethodGet && !strings.Contains(path, "{") {
			api(http.MethodGet, path, nil)
		}
	}
	if missing := coverage.Missing(); len(missing) > 0 {
		t.Errorf("operations nobody called: %v", missing)
	}
	counts := b.sim.RequestCounts()
	for _, operation := range simulator.Operations() {
		if counts[operation] == 0 {
			t.Errorf("operation %s was not counted", operation)
		}
	}
}

// TestOperationsEqualContract holds the table of this side to the document.
func TestOperationsEqualContract(t *testing.T) {
	t.Parallel()
	var want []string
	for _, operation := range loadContract(t).Operations() {
		want = append(want, operation.ID)
	}
	got := slices.Sorted(slices.Values(simulator.Operations()))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("operations\n %v\ncontract\n %v", got, want)
	}
}

// grant calls the token endpoint with the client's credentials in the body.
func (b *bench) grant(body object) answer {
	b.t.Helper()
	full := object{"client_id": b.sim.ClientID(), "client_secret": b.sim.ClientSecret()}
	maps.Copy(full, body)
	return b.must(http.MethodPost, b.sim.TokenURL(), b.encode(full))
}

func (b *bench) platformKey() string {
	b.t.Helper()
	keys := url.Values{"tokenKey": {b.sim.TokenKey()}, "secretKey": {b.sim.SecretKey()}}
	got := b.must(http.MethodPost, b.sim.PlatformKeyURL()+"?"+keys.Encode(),
		b.encode(object{"tokenKey": b.sim.TokenKey(), "secretKey": b.sim.SecretKey()}))
	body := decode[map[string]string](b.t, b.wants(got, http.StatusOK))
	if body["status"] != "1" || body["accessToken"] == "" {
		b.t.Fatalf("platform key: %s", got.Body)
	}
	return body["accessToken"]
}

// queryOf is what a redirect brings to the callback.
func queryOf(t *testing.T, got answer) url.Values {
	t.Helper()
	u, err := url.Parse(got.Header.Get("Location"))
	if err != nil {
		t.Fatalf("location: %v", err)
	}
	return u.Query()
}
