package catalog_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// The titles that these tests rely on.
const (
	sheetsToHubSpot   = "Add new Google Sheets rows to HubSpot as contacts"
	typeformToWebhook = "Post new Typeform entries to a webhook"
	twoActions        = "Add new Typeform entries to Mailchimp and tell Slack"
)

func matchAttributes(m catalog.PopularMatch) map[string]any {
	actions := make([]any, len(m.Actions))
	for i, action := range m.Actions {
		actions[i] = map[string]any{"app_id": action.AppID, "action_id": action.EventID}
	}
	return map[string]any{
		"id": m.ID, "title": m.Title, "actions": actions,
		"trigger": map[string]any{"app_id": m.Trigger.AppID, "trigger_id": m.Trigger.EventID},
	}
}

func TestPopularMatch(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	sheets, hubspot := app(t, env, "Google Sheets").ID, app(t, env, "HubSpot").ID
	typeform, webhooks, slack := app(t, env, "Typeform").ID, app(t, env, "Webhooks").ID, app(t, env, "Slack").ID

	tests := map[string]acctest.DataCase{
		"by id": {Config: map[string]any{"id": match(t, env, twoActions).ID}, Want: matchAttributes(match(t, env, twoActions))},
		"by its apps": {
			Config: map[string]any{"trigger_app_id": typeform, "action_app_id": webhooks}, Want: matchAttributes(match(t, env, typeformToWebhook)),
		},
		"by its apps and title": {
			Config: map[string]any{"trigger_app_id": sheets, "action_app_id": hubspot, "title": "add new google sheets rows to HUBSPOT as contacts"},
			Want:   matchAttributes(match(t, env, sheetsToHubSpot)),
		},
		"by the app of a second action": {
			Config: map[string]any{"trigger_app_id": typeform, "action_app_id": slack, "title": twoActions},
			Want:   matchAttributes(match(t, env, twoActions)),
		},
		"several": {
			Config:  map[string]any{"trigger_app_id": sheets, "action_app_id": hubspot},
			Summary: "More than one found", Path: "trigger_app_id",
			Details: []string{sheetsToHubSpot, match(t, env, sheetsToHubSpot).ID, "Create HubSpot deals from new Google Sheets rows"},
		},
		"a title that is nearly right": {
			Config:  map[string]any{"trigger_app_id": sheets, "action_app_id": hubspot, "title": "Add Google Sheets rows to HubSpot as contacts"},
			Summary: "Nothing found", Path: "title", Details: []string{"Did you mean", sheetsToHubSpot},
		},
		"a title of other apps": {
			Config:  map[string]any{"trigger_app_id": sheets, "action_app_id": hubspot, "title": typeformToWebhook},
			Summary: "Nothing found", Path: "title",
		},
		"apps that nothing joins": {
			Config:  map[string]any{"trigger_app_id": hubspot, "action_app_id": typeform},
			Summary: "Nothing found", Path: "trigger_app_id", Details: []string{"among the 0"},
		},
		"an unknown id": {
			Config: map[string]any{"id": unknownID}, Summary: "Cannot read popular match " + unknownID, Path: "id", Details: []string{"HTTP 404"},
		},
		"a malformed id":           {Config: map[string]any{"id": "a b"}, Summary: "Invalid Attribute Value Match", Path: "id"},
		"a trigger app alone":      {Config: map[string]any{"trigger_app_id": sheets}, Summary: "Invalid Attribute Combination", Path: "trigger_app_id"},
		"an id and a title":        {Config: map[string]any{"id": unknownID, "title": "x"}, Summary: "Invalid Attribute Combination", Path: "id"},
		"a title alone":            {Config: map[string]any{"title": sheetsToHubSpot}, Summary: "Missing Attribute Configuration"},
		"nothing to find anything": {Summary: "Missing Attribute Configuration"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_popular_match"
			test.Run(t, env)
		})
	}
}

func TestPopularMatches(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	typeform, slack := app(t, env, "Typeform").ID, app(t, env, "Slack").ID

	titles := func(triggerApp, actionApp string) []string {
		var found []string
		for _, m := range env.Sim.Catalog().Matches() {
			has := actionApp == ""
			for _, action := range m.Actions {
				has = has || action.AppID == actionApp
			}
			if has && (triggerApp == "" || m.Trigger.AppID == triggerApp) {
				found = append(found, m.Title)
			}
		}
		return found
	}

	tests := map[string]acctest.DataCase{
		"all":               {Check: wantTexts("popular_matches", "title", titles("", "")...)},
		"by trigger app":    {Config: map[string]any{"trigger_app_id": typeform}, Check: wantTexts("popular_matches", "title", titles(typeform, "")...)},
		"by action app":     {Config: map[string]any{"action_app_id": slack}, Check: wantTexts("popular_matches", "title", titles("", slack)...)},
		"by both":           {Config: map[string]any{"trigger_app_id": typeform, "action_app_id": slack}, Check: wantTexts("popular_matches", "title", titles(typeform, slack)...)},
		"by text":           {Config: map[string]any{"text": "TYPEFORM ENTRIES to a webhook"}, Check: wantTexts("popular_matches", "title", typeformToWebhook)},
		"by app and text":   {Config: map[string]any{"trigger_app_id": slack, "text": "to a webhook"}, Want: map[string]any{"popular_matches": []any{}}},
		"a malformed app":   {Config: map[string]any{"action_app_id": "my app"}, Summary: "Invalid Attribute Value Match", Path: "action_app_id"},
		"whole in the list": {Config: map[string]any{"text": twoActions}, Want: map[string]any{"popular_matches": []any{matchAttributes(match(t, env, twoActions))}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_popular_matches"
			test.Run(t, env)
		})
	}
}

func TestPopularMatchesAskForTheApps(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	typeform, slack := app(t, env, "Typeform").ID, app(t, env, "Slack").ID
	acctest.DataCase{Type: "appypie_popular_matches", Config: map[string]any{"trigger_app_id": typeform, "action_app_id": slack}}.Run(t, env)
	for _, request := range env.Requests("list_popular_matches") {
		if request.Query.Get("triggerAppId") != typeform || request.Query.Get("actionAppId") != slack {
			t.Errorf("list_popular_matches was asked for %v", request.Query)
		}
	}
}
