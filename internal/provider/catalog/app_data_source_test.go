package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestApp(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	sheets := app(t, env, "Google Sheets")

	categories := make([]any, len(sheets.CategoryIDs))
	for i, id := range sheets.CategoryIDs {
		categories[i] = id
	}
	whole := map[string]any{
		"id": sheets.ID, "name": "Google Sheets", "seo_link": "google-sheets", "description": sheets.Description,
		"logo": sheets.Logo, "auth_type": sheets.AuthType, "category_ids": categories,
	}

	tests := map[string]acctest.DataCase{
		"by id":                    {Config: map[string]any{"id": sheets.ID}, Want: whole},
		"by name":                  {Config: map[string]any{"name": "Google Sheets"}, Want: whole},
		"by name in any case":      {Config: map[string]any{"name": "google sheets"}, Want: whole},
		"by slug":                  {Config: map[string]any{"seo_link": "google-sheets"}, Want: whole},
		"that needs no account":    {Config: map[string]any{"name": "Webhooks"}, Want: map[string]any{"auth_type": nil}},
		"a part of a name is none": {Config: map[string]any{"name": "Sheets"}, Summary: "Nothing found", Path: "name", Details: []string{`"Google Sheets"`}},
		"an unknown name": {
			Config: map[string]any{"name": "Slakc"}, Summary: "Nothing found", Path: "name", Details: []string{`Did you mean "Slack"?`},
		},
		"an unknown slug": {
			Config: map[string]any{"seo_link": "google_sheets"}, Summary: "Nothing found", Path: "seo_link", Details: []string{`"google-sheets"`},
		},
		"an unknown id": {
			Config: map[string]any{"id": unknownID}, Summary: "Cannot read app " + unknownID, Path: "id",
			Details: []string{"HTTP 404", "Check the id or the name", "endpoints = { get_app"},
		},
		"a malformed id":   {Config: map[string]any{"id": "../profile"}, Summary: "Invalid Attribute Value Match", Path: "id"},
		"an empty slug":    {Config: map[string]any{"seo_link": ""}, Summary: "Invalid Attribute Value Length", Path: "seo_link"},
		"nothing to find":  {Config: nil, Summary: "Missing Attribute Configuration"},
		"two ways to find": {Config: map[string]any{"id": sheets.ID, "name": "Slack"}, Summary: "Invalid Attribute Combination", Path: "id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_app"
			test.Run(t, env)
		})
	}
}

// One detail is cheaper than pages of a listing.
func TestAppByIDListsNothing(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	acctest.DataCase{Type: "appypie_app", Config: map[string]any{"id": app(t, env, "Slack").ID}}.Run(t, env)
	if details, lists := len(env.Requests("get_app")), len(env.Requests("list_apps")); details != 1 || lists != 0 {
		t.Errorf("%d details and %d listings were read, want 1 and 0", details, lists)
	}
}

func TestApps(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.PageLimit = 10 }))
	crm := crmCategory(t, env)

	// names are those of the apps that the test itself selects.
	names := func(selected func(name, description string, categories []string) bool) []string {
		var found []string
		for _, a := range env.Sim.Catalog().Apps() {
			if selected(a.Name, a.Description, a.CategoryIDs) {
				found = append(found, a.Name)
			}
		}
		if len(found) == 0 {
			t.Fatal("the filter under test selects no app of the simulated catalog")
		}
		return found
	}

	inCRM := names(func(_, _ string, categories []string) bool { return slices.Contains(categories, crm.ID) })
	google := names(func(name, description string, _ []string) bool {
		return strings.Contains(name+"|"+description, "Google")
	})
	both := names(func(name, description string, categories []string) bool {
		return slices.Contains(categories, crm.ID) && strings.Contains(strings.ToLower(name+"|"+description), "sales")
	})

	tests := map[string]acctest.DataCase{
		"all": {Check: wantTexts("apps", "name", names(func(string, string, []string) bool { return true })...)},
		"of a category": {
			Config: map[string]any{"category_id": crm.ID}, Check: wantTexts("apps", "name", inCRM...),
		},
		"with a text in any case": {Config: map[string]any{"text": "gOOGLE"}, Check: wantTexts("apps", "name", google...)},
		"of a category with a text": {
			Config: map[string]any{"category_id": crm.ID, "text": "sales"}, Check: wantTexts("apps", "name", both...),
		},
		"none":                   {Config: map[string]any{"text": "no app says this"}, Want: map[string]any{"apps": []any{}}},
		"of an unknown category": {Config: map[string]any{"category_id": unknownID}, Want: map[string]any{"apps": []any{}}},
		"a malformed category":   {Config: map[string]any{"category_id": "CRM!"}, Summary: "Invalid Attribute Value Match", Path: "category_id"},
		"an empty text":          {Config: map[string]any{"text": ""}, Summary: "Invalid Attribute Value Length", Path: "text"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_apps"
			test.Run(t, env)
		})
	}
}

func TestAppsAskForTheCategory(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	crm := crmCategory(t, env)
	acctest.DataCase{Type: "appypie_apps", Config: map[string]any{"category_id": crm.ID}}.Run(t, env)
	for _, request := range env.Requests("list_apps") {
		if got := request.Query.Get("categoryId"); got != crm.ID {
			t.Errorf("list_apps was asked for category %q, want %q", got, crm.ID)
		}
	}
}
