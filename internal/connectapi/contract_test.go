package connectapi_test

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// authOperations are the operations that internal/auth calls, or a browser.
func authOperations() []string { return []string{"authorize", "create_platform_key", "create_token"} }

// visit opens an address as a person's browser does that is sent on at once,
// and returns the query that the callback receives.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{UserAgent: "browser"})
	if err != nil {
		t.Fatalf("make an HTTP client: %v", err)
	}
	defer httpClient.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatalf("request: %v", err)
	}

	resp, err := httpClient.Do(req)
	if err != nil {
		t.Fatalf("visit: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode/100 != 3 {
		t.Fatalf("visit: HTTP %d, location %q: %s", resp.StatusCode, resp.Header.Get("Location"), body)
	}
	return back.Query()
}

// loggedIn goes through the authorization page and spends the code.
func loggedIn(t *testing.T, sim *simulator.Server) auth.Source {
	t.Helper()
	const callback = "http://127.0.0.1:9/callback"

	query := url.Values{
		"client_id": {sim.ClientID()}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"*"}, "state": {"s"},
	}
	cfg := auth.Config{
		ClientID: sim.ClientID(), ClientSecret: sim.ClientSecret(), TokenURL: sim.TokenURL(),
		Store: auth.StoreConfig{Path: filepath.Join(t.TempDir(), "tokens")},
	}
	_, err := auth.Login(t.Context(), cfg, auth.Grant{
		Code: visit(t, sim.AuthorizationURL()+"?"+query.Encode()).Get("code"), RedirectURI: callback, StoreClientSecret: true,
	})
	if err != nil {
		t.Fatalf("log in: %v", err)
	}
	source, err := auth.New(auth.Config{Profile: auth.DefaultProfile, Store: cfg.Store})
	if err != nil {
		t.Fatalf("make a token source: %v", err)
	}
	return source
}

// must ends the test for the error of a call.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// TestEveryOperation makes each typed call once, from the login to the end of a
// connect. newBench holds every exchange to the contract; here each must also
// succeed, mean what it says, and none may be left out.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	coverage := contract.NewCoverage(document(t))
	b := newBench(t, simulator.Config{
		Seed: 7, AutoAuthorize: true, PlatformKeyRequired: true,
		Observe: func(x simulator.Exchange) { coverage.Record(x.Operation) },
	})
	keys := must(auth.NewPlatformKey(auth.PlatformKeyConfig{TokenKey: b.sim.TokenKey(), SecretKey: b.sim.SecretKey(), URL: b.sim.PlatformKeyURL()}))(t)
	b.Client = newClient(t, b.sim.APIURL(), func(c *connectapi.Config) { c.Tokens, c.PlatformKeys = loggedIn(t, b.sim), keys })

	walkCatalog(t, b)
	walkAccounts(t, b)
	walkConnect(t, b)
	if missing := coverage.Missing(); len(missing) > 0 {
		t.Errorf("operations of the contract that nobody called: %v", missing)
	}
}

func walkCatalog(t *testing.T, b *bench) {
	t.Helper()
	m := b.match(sheetsToHubSpot)
	profile := must(b.Profile(t.Context()))(t)
	categories := must(b.Categories(t.Context()))(t)
	app := must(b.App(t.Context(), m.Trigger.AppID))(t)
	apps := must(b.Apps(t.Context(), app.CategoryIDs[0]))(t)
	triggers := must(b.Events(t.Context(), connectapi.TriggerEvent, m.Trigger.AppID))(t)
	actions := must(b.Events(t.Context(), connectapi.ActionEvent, m.Actions[0].AppID))(t)
	trigger := must(b.Event(t.Context(), connectapi.TriggerEvent, m.Trigger.EventID))(t)
	action := must(b.Event(t.Context(), connectapi.ActionEvent, m.Actions[0].EventID))(t)
	matches := must(b.PopularMatches(t.Context(), m.Trigger.AppID, m.Actions[0].AppID))(t)
	match := must(b.PopularMatch(t.Context(), m.ID))(t)
	sheets := must(b.DropdownOptions(t.Context(), connectapi.DropdownQuery{
		Key: "spreadsheet", AccountID: b.account(app.ID), TriggerID: trigger.ID,
	}))(t)

	for what, holds := range map[string]bool{
		"profile":    profile.ID != "" && profile.Email != "",
		"categories": len(categories) >= 15,
		"app":        app.Name == "Google Sheets" && app.AuthType != "" && slices.ContainsFunc(apps, func(a connectapi.App) bool { return a.ID == app.ID }),
		"triggers":   slices.ContainsFunc(triggers, func(e connectapi.Event) bool { return e.ID == trigger.ID }),
		"actions":    slices.ContainsFunc(actions, func(e connectapi.Event) bool { return e.ID == action.ID }),
		"match": match.Title == sheetsToHubSpot && match.Trigger == connectapi.EventRef{AppID: app.ID, EventID: trigger.ID} &&
			slices.ContainsFunc(matches, func(m connectapi.PopularMatch) bool { return m.ID == match.ID }),
		"choices": len(sheets) > 0 && sheets[0].Label != "" && sheets[0].Value != "",
	} {
		if !holds {
			t.Errorf("%s: not as the catalog has it", what)
		}
	}
	spreadsheet, worksheet := trigger.Fields[0], trigger.Fields[1]
	if !spreadsheet.Required || !spreadsheet.Dynamic || spreadsheet.Type != "Select" || !slices.Equal(worksheet.DependsOn, []string{"spreadsheet"}) {
		t.Errorf("fields: %+v", trigger.Fields)
	}
}

func walkAccounts(t *testing.T, b *bench) {
	t.Helper()
	app := must(b.App(t.Context(), b.match(sheetsToHubSpot).Trigger.AppID))(t)
	link := must(b.AccountLink(t.Context(), *app, "http://127.0.0.1:9/callback"))(t)
	added := must(b.ConnectedAccountByToken(t.Context(), visit(t, link).Get("t")))(t)
	found := must(b.ConnectedAccount(t.Context(), added.ID))(t)
	all := must(b.ConnectedAccountsOfApp(t.Context(), app.ID))(t)
	if *found != *added || !slices.Contains(all, *added) || added.AppID != app.ID || added.CreatedAt == "" {
		t.Errorf("added %+v, found %+v among %+v", added, found, all)
	}
}

func walkConnect(t *testing.T, b *bench) {
	t.Helper()
	made, err := b.CreateConnect(t.Context(), b.match(sheetsToHubSpot).ID, "Leads")
	if err != nil {
		t.Fatal(err)
	}
	if bare := made.Connect; bare == nil || bare.On || bare.Trigger.AccountID != "" || len(bare.Actions) != 1 {
		t.Errorf("a connect is created off and bare: %+v", made)
	}
	outcome := must(b.Apply(t.Context(), made.ID, made.Connect, connectapi.Change{
		Name: "Leads 2", Steps: b.edits(sheetsToHubSpot), Test: true, Enabled: new(true),
	}))(t)
	if !outcome.On || !outcome.Tested || !outcome.Renamed || outcome.Connect.Name != "Leads 2" {
		t.Errorf("outcome: %+v", outcome)
	}
	choices := must(b.DropdownOptions(t.Context(), connectapi.DropdownQuery{
		Key: "worksheet", ConnectID: made.ID, StepID: made.Connect.Trigger.ID, Values: map[string]string{"spreadsheet": "s1"},
	}))(t)
	if len(choices) == 0 {
		t.Error("no worksheets although the spreadsheet is chosen")
	}
	var history []connectapi.HistoryEntry
	for entry, err := range b.History(t.Context(), made.ID) {
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, entry)
	}
	if len(history) < 2 || history[0].Message != "Turned on" || history[1].Tasks != 1 {
		t.Errorf("history: %+v", history)
	}
	if err := b.Remove(t.Context(), made.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Connect(t.Context(), made.ID); !connectapi.IsNotFound(err) {
		t.Errorf("after the removal: %v", err)
	}
}

// TestOperationsEqualContract compares the operations table with the document
// in both directions: names, methods, paths and what is documented where.
func TestOperationsEqualContract(t *testing.T) {
	t.Parallel()
	type entry struct{ method, path, page string }
	want := map[string]entry{}
	for _, op := range document(t).Operations() {
		if !slices.Contains(authOperations(), op.ID) {
			want[op.ID] = entry{op.Method, strings.TrimPrefix(op.Path, simulator.APIBase), op.Provenance.Page}
		}
	}

	got := map[string]entry{}
	spoken := must(dialect.Load())(t)
	for _, op := range connectapi.Operations() {
		if method, path := spoken.Request(op.Name); method != "" {
			got[string(op.Name)] = entry{method, path, op.Page}
		}
	}
	for name, op := range want {
		if got[name] != op {
			t.Errorf("%s: the table has %+v, the contract %+v", name, got[name], op)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not in the contract", name)
		}
	}
	if len(want) != len(document(t).Operations())-len(authOperations()) {
		t.Error("an operation of authentication is missing from the contract")
	}
}
