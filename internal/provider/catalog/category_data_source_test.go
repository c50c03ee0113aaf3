package catalog_test

import (
	"net/http"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestCategory(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	crm := crmCategory(t, env)
	whole := map[string]any{"id": crm.ID, "name": "CRM", "seo_link": "crm"}

	tests := map[string]acctest.DataCase{
		"by id":               {Config: map[string]any{"id": crm.ID}, Want: whole},
		"by name":             {Config: map[string]any{"name": "CRM"}, Want: whole},
		"by name in any case": {Config: map[string]any{"name": "crm"}, Want: whole},
		"by slug":             {Config: map[string]any{"seo_link": "crm"}, Want: whole},
		"an unknown name": {
			Config: map[string]any{"name": "Team Chatt"}, Summary: "Nothing found", Path: "name", Details: []string{`Did you mean "Team Chat"?`},
		},
		"an unknown slug": {
			Config: map[string]any{"seo_link": "team_chat"}, Summary: "Nothing found", Path: "seo_link", Details: []string{`Did you mean "team-chat"?`},
		},
		"an unknown id":     {Config: map[string]any{"id": unknownID}, Summary: "Nothing found", Path: "id", Details: []string{unknownID}},
		"a malformed id":    {Config: map[string]any{"id": "the CRM"}, Summary: "Invalid Attribute Value Match", Path: "id", Details: []string{"must be an id"}},
		"an empty name":     {Config: map[string]any{"name": ""}, Summary: "Invalid Attribute Value Length", Path: "name"},
		"nothing to find":   {Config: nil, Summary: "Missing Attribute Configuration", Details: []string{"id", "name", "seo_link"}},
		"two ways to find":  {Config: map[string]any{"name": "CRM", "seo_link": "crm"}, Summary: "Invalid Attribute Combination", Path: "name"},
		"two that conflict": {Config: map[string]any{"id": crm.ID, "name": "Forms"}, Summary: "Invalid Attribute Combination", Path: "id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_category"
			test.Run(t, env)
		})
	}
}

func TestCategories(t *testing.T) {
	t.Parallel()

	// Pages of four make the listing longer than one page.
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.PageLimit = 4 }))
	var names []string
	for _, c := range env.Sim.Catalog().Categories() {
		names = append(names, c.Name)
	}
	acctest.DataCase{Type: "appypie_categories", Check: wantTexts("categories", "name", names...)}.Run(t, env)
}

func TestCategoriesSurfaceAFault(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.Sim.AddFault(simulator.Fault{Operation: "list_categories", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Times: 1})
	acctest.DataCase{
		Type: "appypie_categories", Summary: "Cannot list the categories", Details: []string{"GET /categories", "HTTP 403", "scope *"},
	}.Run(t, env)
}
