package live_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// moments are what differs between two runs of the same.
var moments = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z|[?&]?t=[^"]*`)

// visit is one use of the client, and what came of it.
type visit struct {
	name, result string
	failed       error
}

// tour uses each operation of a client once, or what is left of them.
func tour(t *testing.T, env *acctest.Env, spoken *dialect.Dialect) []visit {
	t.Helper()
	ctx := t.Context()
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{UserAgent: "lines"})
	if err != nil {
		t.Fatal(err)
	}
	defer httpClient.CloseIdleConnections()
	tokens, err := auth.New(auth.Config{AccessToken: env.Sim.IssueAccessToken(), HTTPClient: httpClient})
	if err != nil {
		t.Fatal(err)
	}
	c, err := connectapi.New(connectapi.Config{
		BaseURL: env.URL + simulator.APIBase, Dialect: spoken, HTTPClient: httpClient, Tokens: tokens,
		Settle: []time.Duration{time.Millisecond}, Lost: []time.Duration{time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	var visits []visit
	see := func(name string, v any, err error) {
		text, encodeErr := json.Marshal(v)
		if encodeErr != nil {
			t.Fatal(encodeErr)
		}
		visits = append(visits, visit{name, moments.ReplaceAllString(string(text), ""), err})
	}
	matchID := env.MatchID(t, acctest.SheetsToHubSpot)
	ref, _ := env.Sim.Catalog().Match(matchID)
	appID, account := ref.Trigger.AppID, env.AccountID(t, "Google Sheets")
	profile, err := c.Profile(ctx)
	see("profile", profile, err)
	categories, err := c.Categories(ctx)
	see("categories", categories, err)
	apps, err := c.Apps(ctx, "")
	see("apps", apps, err)
	app, err := c.App(ctx, appID)
	see("app", app, err)
	accounts, err := c.ConnectedAccountsOfApp(ctx, appID)
	see("accounts", accounts, err)
	one, err := c.ConnectedAccount(ctx, account)
	see("account", one, err)
	matches, err := c.PopularMatches(ctx, appID, "")
	see("matches", matches, err)
	match, err := c.PopularMatch(ctx, matchID)
	see("match", match, err)
	for kind, event := range map[connectapi.EventKind]string{connectapi.TriggerEvent: ref.Trigger.EventID, connectapi.ActionEvent: ref.Actions[0].EventID} {
		events, err := c.Events(ctx, kind, appID)
		see("events "+string(kind), events, err)
		single, err := c.Event(ctx, kind, event)
		see("event "+string(kind), single, err)
	}
	choices, err := c.DropdownOptions(ctx, connectapi.DropdownQuery{Key: "worksheet", AccountID: account, Values: map[string]string{"spreadsheet": "Leads 2026"}, TriggerID: ref.Trigger.EventID})
	see("choices", choices, err)
	made, err := c.CreateConnect(ctx, matchID, "Leads")
	if made.Connect != nil && made.Connect.Unreadable != nil {
		err = made.Connect.Unreadable
	}
	see("create", made, err)
	if connects := env.Sim.Connects(); len(connects) > 0 {
		id, on := connects[0].ID, true
		outcome, err := c.Apply(ctx, id, nil, connectapi.Change{Name: "Renamed", Test: true, Enabled: &on, Steps: []connectapi.StepChange{
			{Kind: connectapi.TriggerEvent, AccountID: account, Set: map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}},
			{Kind: connectapi.ActionEvent, AccountID: env.AccountID(t, "HubSpot"), Set: map[string]string{"email": "a@example.com"}},
		}})
		see("apply", outcome, err)
		listed, err := c.ConnectsNow(ctx)
		if len(listed) > 0 && listed[0].Unreadable != nil {
			err = listed[0].Unreadable
		}
		see("connects", listed, err)
		shown, err := c.Connect(ctx, id)
		see("connect", shown, err)
		for entry, err := range c.History(ctx, id) {
			see("history", entry.Status, err)
		}
		see("turn off", nil, c.TurnOff(ctx, id))
		see("delete", nil, c.Delete(ctx, id))
		see("left", len(env.Sim.Connects()), nil)
	}
	link, err := c.AccountLink(ctx, connectapi.App{ID: appID, AuthType: "O_AUTH_V2", SeoLink: "google-sheets"}, "http://127.0.0.1:1/callback")
	see("link", link != "", err)
	return visits
}

// TestNoLineOfADialectIsMissedInSilence deletes each line of the example dialects
// in turn and uses the client with what is left: the file does not load, or
// something fails, or all is as before. Nothing is read as something else.
func TestNoLineOfADialectIsMissedInSilence(t *testing.T) {
	t.Parallel()
	for _, spoken := range acctest.Dialects()[1:] {
		raw, err := os.ReadFile(acctest.DialectFile(spoken))
		if err != nil {
			t.Fatal(err)
		}
		// What is waited for is there at once.
		lines := strings.Split(strings.Replace(string(raw), "every: 1s", "every: 1ms", 1), "\n")
		load := func(lines []string) (*dialect.Dialect, error) {
			return dialect.Load(dialect.File("my.yaml", []byte(strings.Join(lines, "\n"))))
		}
		whole, err := load(lines)
		if err != nil {
			t.Fatal(err)
		}
		want := tour(t, acctest.New(t, acctest.WithDialect(spoken)), whole)
		for _, v := range want {
			if v.failed != nil {
				t.Fatalf("%s: %s fails with the whole file: %v", spoken, v.name, v.failed)
			}
		}
		for i, line := range lines {
			if bare := strings.TrimSpace(line); bare == "" || strings.HasPrefix(bare, "#") {
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", spoken, i+1), func(t *testing.T) {
				t.Parallel()
				less, err := load(slices.Delete(slices.Clone(lines), i, i+1))
				if err != nil {
					return
				}
				compare(t, line, want, tour(t, acctest.New(t, acctest.WithDialect(spoken)), less))
			})
		}
	}
}

// compare wants what is not as before to fail. What comes after the creation may
// differ because something before it failed.
func compare(t *testing.T, line string, want, got []visit) {
	t.Helper()
	excused := false
	for _, v := range got {
		same := slices.ContainsFunc(want, func(w visit) bool { return w.name == v.name && w.result == v.result })
		if v.failed == nil && !same && !excused {
			t.Errorf("without %q, %s is read as\n%s", line, v.name, v.result)
		}
		excused = excused || v.failed != nil && changes(v.name)
	}
}

func changes(name string) bool {
	return slices.Contains([]string{"create", "apply", "turn off", "delete"}, name)
}
