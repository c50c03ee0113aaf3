package connect_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const connectType = "appypie_connect"

// listTypes are the resources that queries find, with what follows the name of a
// connect that has one action.
var listTypes = map[string]string{
	connectType: "", "appypie_connect_activation": ": switch", "appypie_trigger_options": ": trigger", "appypie_action_options": ": action 1",
}

// listed runs a listing that must not fail and returns the names found.
func listed(t *testing.T, env *acctest.Env, typeName string, config map[string]any, query acctest.Query) []string {
	t.Helper()
	names := []string{}
	for _, one := range env.Driver(t).List(t.Context(), typeName, config, query) {
		if len(one.Diagnostics) > 0 {
			t.Fatalf("%v:\n%s", config, one.Diagnostics)
		}
		names = append(names, one.DisplayName)
	}
	return names
}

func categoryID(t *testing.T, env *acctest.Env, name string) string {
	t.Helper()
	categories := env.Sim.Catalog().Categories()
	i := slices.IndexFunc(categories, func(c catalog.Category) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("the simulated catalog has no category %q", name)
	}
	return categories[i].ID
}

func TestConnectListFilters(t *testing.T) {
	t.Parallel()
	env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 2 })
	webhook := webMade(t, env, webhookMatch, "Typeform to our server")
	webMade(t, env, twoActionMatch, "Subscribers")
	live := edited(t, env, webMade(t, env, twoActionMatch, "New subscribers").ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })
	slack := live.Actions[1].AppID
	chat := categoryID(t, env, "Team Chat")

	tests := map[string]struct {
		config map[string]any
		want   []string
	}{
		"no filter, oldest first": {want: []string{"Typeform to our server", "Subscribers", "New subscribers"}},
		"by name":                 {config: map[string]any{"name": "Subscribers"}, want: []string{"Subscribers"}},
		"by text":                 {config: map[string]any{"text": "SUBSCRIBERS"}, want: []string{"Subscribers", "New subscribers"}},
		"that are on":             {config: map[string]any{"enabled": true}, want: []string{"New subscribers"}},
		"that are off":            {config: map[string]any{"enabled": false}, want: []string{"Typeform to our server", "Subscribers"}},
		"by popular match":        {config: map[string]any{"popular_match_id": webhook.PopularMatchID}, want: []string{"Typeform to our server"}},
		"by app":                  {config: map[string]any{"app_id": slack}, want: []string{"Subscribers", "New subscribers"}},
		"by category":             {config: map[string]any{"category_id": chat}, want: []string{"Subscribers", "New subscribers"}},
		"by category and state":   {config: map[string]any{"category_id": chat, "enabled": false}, want: []string{"Subscribers"}},
		"none":                    {config: map[string]any{"name": "Nobody's"}, want: []string{}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := listed(t, env, connectType, test.config, acctest.Query{}); !slices.Equal(got, test.want) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// Every list finds the connects that the one of connects finds.
func TestConnectListsShareTheFilters(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	webMade(t, env, webhookMatch, "Typeform to our server")
	live := edited(t, env, webMade(t, env, twoActionMatch, "New subscribers").ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })
	for name, config := range map[string]map[string]any{
		"name":          {"name": live.Name},
		"text":          {"text": "SUBSCRIBERS"},
		"on":            {"enabled": true},
		"popular match": {"popular_match_id": live.PopularMatchID},
		"app":           {"app_id": live.Actions[1].AppID},
		"category":      {"category_id": categoryID(t, env, "Team Chat")},
	} {
		for typeName, part := range listTypes {
			want := []string{live.Name + part}
			if part == ": action 1" {
				want = append(want, live.Name+": action 2")
			}
			if got := listed(t, env, typeName, config, acctest.Query{}); !slices.Equal(got, want) {
				t.Errorf("%s by %s: found %q, want %q", typeName, name, got, want)
			}
		}
	}
}

func TestConnectListRefusesBadFilters(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	webMade(t, env, webhookMatch, "One")

	tests := map[string]struct {
		config          map[string]any
		summary, detail string
	}{
		"a malformed app id":      {map[string]any{"app_id": "Slack!"}, "Invalid Attribute Value Match", "look ids up"},
		"a malformed match id":    {map[string]any{"popular_match_id": "a b"}, "Invalid Attribute Value Match", "look ids up"},
		"a malformed category id": {map[string]any{"category_id": "Team Chat"}, "Invalid Attribute Value Match", "look ids up"},
		"an unknown category":     {map[string]any{"category_id": absentID}, "No app in the category", "appypie_categories"},
		"an empty name":           {map[string]any{"name": ""}, "Invalid Attribute Value Length", "at least 1"},
		"an empty text":           {map[string]any{"text": ""}, "Invalid Attribute Value Length", "at least 1"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := env.Driver(t).List(t.Context(), connectType, test.config, acctest.Query{})
			if len(results) != 1 || len(results[0].Diagnostics) != 1 {
				t.Fatalf("results %+v, want one with one error", results)
			}
			problem := results[0].Diagnostics[0]
			if _, blamed := test.config[problem.Path]; !blamed || problem.Summary != test.summary || !strings.Contains(problem.Detail, test.detail) {
				t.Errorf("got:\n%s", results[0].Diagnostics)
			}
		})
	}
}

func TestConnectListSurfacesAFaultOfTheCategory(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	webMade(t, env, webhookMatch, "One")
	env.Sim.AddFault(simulator.Fault{Operation: "list_apps", Kind: simulator.FaultStatus, Status: http.StatusForbidden})
	results := env.Driver(t).List(t.Context(), connectType, map[string]any{"category_id": categoryID(t, env, "Team Chat")}, acctest.Query{})
	if len(results) != 1 || len(results[0].Diagnostics) != 1 || results[0].Diagnostics[0].Path != "category_id" || !strings.Contains(results[0].Diagnostics[0].Detail, refusedWith(env, http.StatusForbidden)) {
		t.Errorf("got %+v", results)
	}
	if pages := len(env.Requests("list_connects")); pages > 0 {
		t.Errorf("%d pages were fetched for nothing", pages)
	}
}

// The listing is complete, whatever is taken of it.
func TestConnectListsHonorTheirLimit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config map[string]any
		query  acctest.Query
		want   []string
	}{
		"everything":                   {want: []string{"1", "2", "3", "4", "5"}},
		"a limit":                      {query: acctest.Query{Limit: 3}, want: []string{"1", "2", "3"}},
		"a limit counts what passes":   {config: map[string]any{"name": "3"}, query: acctest.Query{Limit: 1}, want: []string{"3"}},
		"a limit beyond what there is": {query: acctest.Query{Limit: 100}, want: []string{"1", "2", "3", "4", "5"}},
		"Terraform is interrupted":     {query: acctest.Query{Take: 3, IncludeResource: true}, want: []string{"1", "2", "3"}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 2 })
			for i := range 5 {
				webMade(t, env, webhookMatch, fmt.Sprint(i+1))
			}
			for typeName, part := range listTypes {
				want := []string{}
				for _, name := range test.want {
					want = append(want, name+part)
				}
				if got := listed(t, env, typeName, test.config, test.query); !slices.Equal(got, want) {
					t.Errorf("%s: found %q, want %q", typeName, got, want)
				}
			}
		})
	}
}

// The limit is one of results, and a connect may have several actions.
func TestConnectListsCountActions(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	webMade(t, env, twoActionMatch, "A")
	webMade(t, env, webhookMatch, "B")
	webMade(t, env, twoActionMatch, "C")
	for limit, want := range map[int64][]string{
		0: {"A: action 1", "A: action 2", "B: action 1", "C: action 1", "C: action 2"},
		4: {"A: action 1", "A: action 2", "B: action 1", "C: action 1"},
	} {
		if got := listed(t, env, "appypie_action_options", nil, acctest.Query{Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("limit %d: found %q, want %q", limit, got, want)
		}
	}
}

// What was found before a page failed is not the whole account, and the last
// result says so.
func TestConnectListsSurfaceAFaultOnALaterPage(t *testing.T) {
	t.Parallel()
	for typeName := range listTypes {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 1 })
			webMade(t, env, webhookMatch, "One")
			webMade(t, env, webhookMatch, "Two")
			env.Sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Skip: 1})
			results := env.Driver(t).List(t.Context(), typeName, nil, acctest.Query{IncludeResource: true})
			if len(results) == 0 {
				t.Fatal("there are no results")
			}
			problems := results[len(results)-1].Diagnostics
			if len(problems) != 1 || problems[0].Summary != "Cannot list the connects" || !strings.Contains(problems[0].Detail, refusedWith(env, http.StatusForbidden)) {
				t.Errorf("%d results, the last with:\n%s", len(results), problems)
			}
		})
	}
}

// A result is what an import of its identity would bring.
func TestConnectListsIncludeWholeResources(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t, func(c *simulator.Config) { c.Masking = masking })
			edited(t, env, webMade(t, env, webhookMatch, "Signed").ID, func(c *simulator.Connect) {
				c.Status = simulator.StatusOn
				c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": "s3cr3t-4711"}
			})
			webMade(t, env, twoActionMatch, "Bare")

			for typeName := range listTypes {
				expectAsImported(t, env, typeName, nil)
			}
			expectAsImported(t, env, connectType, map[string]any{"bare": true})
		})
	}
}

// expectAsImported holds the results of a list to what the import of their
// identities brings.
func expectAsImported(t *testing.T, env *acctest.Env, typeName string, config map[string]any) {
	t.Helper()
	driver := env.Driver(t)
	results := driver.List(t.Context(), typeName, config, acctest.Query{IncludeResource: true})
	if len(results) < len(env.Sim.Connects()) {
		t.Errorf("%s: %d results", typeName, len(results))
	}
	for _, one := range results {
		if len(one.Diagnostics) > 0 {
			t.Errorf("%s: %q:\n%s", typeName, one.DisplayName, one.Diagnostics)
		}
		imported, diags := driver.ImportIdentity(t.Context(), typeName, one.Identity)
		must(t, diags)
		if diff := cmp.Diff(imported.Attributes, one.Attributes); diff != "" {
			t.Errorf("%s: imported and listed differ (-imported +listed):\n%s", typeName, diff)
		}
		if text := fmt.Sprint(one.Attributes); strings.Contains(text, "s3cr3t") || strings.Contains(text, "****") {
			t.Errorf("%s: the result shows a secret or its mask: %s", typeName, text)
		}
	}
	for _, one := range driver.List(t.Context(), typeName, config, acctest.Query{}) {
		if one.Attributes != nil || one.Identity == nil {
			t.Errorf("%s: identities were asked for, got %v and %v", typeName, one.Identity, one.Attributes)
		}
	}
}

// `terraform query -generate-config-out` writes what may be configured of the
// listed resource. Together with the import its plan must be empty.
func TestConnectListGeneratesConfigurationWithAnEmptyPlan(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	driver := env.Driver(t)

	made, diags := driver.Create(t.Context(), connectType, leads(t, env))
	must(t, diags)

	edited(t, env, webMade(t, env, webhookMatch, "Signed").ID, func(c *simulator.Connect) {
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": "s3cr3t-4711"}
	})
	webMade(t, env, twoActionMatch, "Bare")
	results := env.Driver(t).List(t.Context(), connectType, nil, acctest.Query{IncludeResource: true})
	if len(results) != 3 || results[0].Identity["id"] != made.ID() {
		t.Fatalf("results %+v", results)
	}
	env.ResetJournal()
	for _, one := range results {
		adopting := env.Driver(t)
		imported, diags := adopting.ImportIdentity(t.Context(), connectType, one.Identity)
		must(t, diags)
		adopting.MustPlanNothing(t.Context(), imported, generated(one.Attributes))
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("adopting wrote %v", writes)
	}
}

// The form of four resources is found by four lists: the connect by its bare form.
func TestConnectListsGenerateTheFormOfFour(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	live := edited(t, env, webMade(t, env, twoActionMatch, "New subscribers").ID, func(c *simulator.Connect) {
		c.Status = simulator.StatusOn
		c.Trigger.AccountID = env.AccountID(t, "Typeform")
		c.Actions[0].Options = map[string]string{"email": "{{email}}"}
	})
	env.ResetJournal()
	for typeName, want := range map[string][]map[string]any{
		connectType:                  {{"id": "bare/" + live.ID}},
		"appypie_connect_activation": {{"connect_id": live.ID}},
		"appypie_trigger_options":    {{"connect_id": live.ID}},
		"appypie_action_options":     {{"connect_id": live.ID, "position": int64(1)}, {"connect_id": live.ID, "position": int64(2)}},
	} {
		var config map[string]any
		if typeName == connectType {
			config = map[string]any{"bare": true}
		}
		results := env.Driver(t).List(t.Context(), typeName, config, acctest.Query{IncludeResource: true})
		got := make([]map[string]any, len(results))
		for i, one := range results {
			got[i] = one.Identity
			adopting := env.Driver(t)
			imported, diags := adopting.ImportIdentity(t.Context(), typeName, one.Identity)
			must(t, diags)
			adopting.MustPlanNothing(t.Context(), imported, generated(one.Attributes))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: identities (-want +got):\n%s", typeName, diff)
		}
		if typeName == connectType && (results[0].Attributes["trigger"] != nil || results[0].Attributes["actions"] != nil || results[0].Attributes["enabled"] != nil) {
			t.Errorf("the bare form has parts: %v", results[0].Attributes)
		}
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("adopting wrote %v", writes)
	}
}

// generated is a listed resource without what only the provider sets, as
// Terraform generates it.
func generated(attributes map[string]any) map[string]any {
	return with(attributes, map[string]any{"id": nil, "status": nil, "revision": nil})
}

// A connect that is deleted between the listing and its reading is not found any
// more; the others are.
func TestConnectListLeavesOutWhatWasDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithDialect(simulator.DialectREST))
	env.NeedsSimulator(t, "the test makes connects as a person would")
	gone := webMade(t, env, webhookMatch, "One")
	webMade(t, env, webhookMatch, "Two")
	env.Sim.DeleteConnect(gone.ID)
	env.Sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStaleList, Times: 1})
	if got := listed(t, env, connectType, nil, acctest.Query{IncludeResource: true}); !slices.Equal(got, []string{"Two"}) {
		t.Errorf("found %q", got)
	}
	if asked := len(env.Requests("get_connect")); asked != 2 {
		t.Errorf("%d connects were read, want 2", asked)
	}
}
