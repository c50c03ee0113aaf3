package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(typeformToWebhook, "c")
	action := "/connect/action-options/" + c.ID + "/" + c.Actions[0].StepID
	b.api(http.MethodPut, action, object{"options": object{"signing_secret": "kept"}})
	b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil, "ACCESSTOKEN", b.sim.IssuePlatformKey())
	b.api(http.MethodGet, "/connects?page=2&limit=5", nil)
	b.api(http.MethodGet, "/nonsense", nil)
	entries := b.sim.Journal()
	if got := operationsOf(entries); got != "create_connect edit_action_options turn_on_connect list_connects " {
		t.Fatalf("operations: %q", got)
	}
	if e := entries[0]; e.Seq != 1 || e.ConnectID != c.ID || e.Status != 200 || !e.Bearer || e.PlatformKey || string(e.Body) != `{"name":"c"}` {
		t.Errorf("create: %+v", e)
	}
	if e := entries[1]; e.Params["stepId"] != c.Actions[0].StepID || !strings.Contains(string(e.Body), "kept") {
		t.Errorf("edit: %+v", e)
	}
	if e := entries[2]; e.Status != 400 || !e.PlatformKey || e.Body != nil {
		t.Errorf("turn on: %+v", e)
	}
	if e := entries[3]; e.Query.Get("page") != "2" || e.RequestID == entries[2].RequestID {
		t.Errorf("list: %+v", e)
	}
	b.sim.ResetJournal()
	if len(b.sim.Journal()) != 0 || len(b.sim.RequestCounts()) != 0 {
		t.Error("the journal remembers")
	}
	b.api(http.MethodGet, "/me", nil)
	if e := b.sim.Journal()[0]; e.Seq != 6 {
		t.Errorf("numbers start again: %+v", e)
	}
}

func TestJournalKeepsNoCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{AutoAuthorize: true})
	p := b.mustRefresh(b.sim.Login())
	b.grant(object{"grant_type": "authorization_code", "code": b.autoCode(), "redirect_uri": redirectURI, "code_verifier": strings.Repeat("v", 43)})
	b.must(http.MethodPost, b.sim.TokenURL(), []byte("refresh_token="+p.Refresh))
	b.platformKey()
	b.profile(p.Access)
	app, _ := b.sim.Catalog().App(b.match(sheetsToHubSpot).Trigger.AppID)
	link := data[struct{ URL string }](t, b.api(http.MethodPost, "/connect-account/"+app.AuthType+"/"+app.ID+"/"+app.SeoLink, object{"appypie-partner-cb": redirectURI}))
	callback := queryOf(t, b.must(http.MethodGet, link.URL, nil)).Get("t")
	b.api(http.MethodGet, "/user-connected-account/by-token?t="+callback, nil)

	secrets := b.sim.IssuedSecrets()
	for _, known := range []string{p.Access, p.Refresh, callback, b.sim.ClientSecret(), b.sim.SecretKey(), strings.TrimPrefix(link.URL, b.sim.URL+"/connect-account/")} {
		if !slices.Contains(secrets, known) {
			t.Errorf("%q is not among the issued secrets", known)
		}
	}
	journal := string(b.must(http.MethodGet, b.sim.URL+"/_simulator/journal", nil).Body) + fmt.Sprintf("%+v", b.sim.Journal())
	for _, secret := range secrets {
		if strings.Contains(journal, secret) {
			t.Errorf("the journal holds %s…", secret[:8])
		}
	}
}

// autoCode is a code from the authorization page that answers by itself.
func (b *bench) autoCode() string {
	b.t.Helper()
	got := b.wants(b.must(http.MethodGet, b.sim.AuthorizationURL()+"?"+b.authorizeQuery(), nil), http.StatusFound)
	return queryOf(b.t, got).Get("code")
}

func TestJournalLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{JournalLimit: 2})
	for range 3 {
		b.api(http.MethodGet, "/me", nil)
	}
	if entries := b.sim.Journal(); len(entries) != 2 || entries[0].Seq != 2 || b.sim.RequestCounts()["get_profile"] != 3 {
		t.Errorf("journal: %+v", entries)
	}
}
