package acctest

import (
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// Titles of popular matches of the simulated catalog that tests build on.
const (
	// SheetsToHubSpot has one action; every step needs an account.
	SheetsToHubSpot = "Add new Google Sheets rows to HubSpot as contacts"
	// TypeformToWebhook has one action without an account and with a secret
	// option, signing_secret.
	TypeformToWebhook = "Post new Typeform entries to a webhook"
	// TypeformToMailchimpAndSlack has two actions.
	TypeformToMailchimpAndSlack = "Add new Typeform entries to Mailchimp and tell Slack"
	// ScheduleToWebhook needs no account at all.
	ScheduleToWebhook = "Call a webhook every hour"
)

// MatchID returns the id of the popular match of that title.
func (e *Env) MatchID(t *testing.T, title string) string {
	t.Helper()
	e.NeedsSimulator(t, "it names what the simulated catalog has")
	matches := e.Sim.Catalog().Matches()
	i := slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == title })
	if i < 0 {
		t.Fatalf("the catalog has no popular match %q", title)
	}
	return matches[i].ID
}

// AccountID returns the id of the first connected account of an app.
func (e *Env) AccountID(t *testing.T, appName string) string {
	t.Helper()
	e.NeedsSimulator(t, "it names what the simulated catalog has")
	apps := e.Sim.Catalog().Apps()
	i := slices.IndexFunc(apps, func(a catalog.App) bool { return a.Name == appName })
	if i < 0 {
		t.Fatalf("the catalog has no app %q", appName)
	}
	accounts := e.Sim.Catalog().Accounts()
	j := slices.IndexFunc(accounts, func(a catalog.Account) bool { return a.AppID == apps[i].ID })
	if j < 0 {
		t.Fatalf("the catalog has no account of %q", appName)
	}
	return accounts[j].ID
}
