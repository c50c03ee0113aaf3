package steps_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// planned is one resource of a run.
type planned struct {
	typeName string
	config   map[string]any
}

// bothForms are resources that use the same trigger, actions and accounts: two
// that hold the whole connect, and two of each part of connects that exist.
func bothForms(t *testing.T, env *acctest.Env) []planned {
	t.Helper()
	trigger := map[string]any{"account_id": env.AccountID(t, "Google Sheets"), "options": map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}}
	action := map[string]any{"account_id": env.AccountID(t, "HubSpot"), "options": map[string]any{"email": "{{column2}}"}}
	match := env.MatchID(t, acctest.SheetsToHubSpot)
	var all []planned

	for _, name := range []string{"A", "B"} {
		inline := map[string]any{"name": name, "popular_match_id": match, "trigger": trigger, "actions": []any{action}}
		all = append(all, planned{"appypie_connect", inline})
		made := env.Sim.CreateConnect(match, name+", made elsewhere")
		for typeName, step := range map[string]map[string]any{triggerType: trigger, actionType: action} {
			config := maps.Clone(step)
			config["connect_id"] = made.ID
			all = append(all, planned{typeName, config})
		}
	}
	return all
}

// TestMetadataIsFetchedOnceARun: what the plan is checked against is fetched
// once for all resources of both forms.
func TestMetadataIsFetchedOnceARun(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	driver := env.Driver(t).SamePhase()
	for _, one := range bothForms(t, env) {
		_, diags := driver.Plan(t.Context(), driver.Absent(one.typeName), one.config)
		must(t, diags)
	}

	for operation, want := range map[string]int{
		"get_popular_match": 1, "get_trigger": 1, "get_action": 1,
		// Each of the two accounts once.
		"list_connected_accounts": 2,
	} {
		if got := len(env.Requests(operation)); got != want {
			t.Errorf("%d requests of %s for one run, want %d", got, operation, want)
		}
	}
}

// TestOneWarningARun: however many resources cannot be checked for however many
// reasons, it is said once, and the service is not asked again and again.
func TestOneWarningARun(t *testing.T) {
	t.Parallel()
	for name, operations := range map[string][]string{
		"events":          {"get_trigger", "get_action"},
		"accounts":        {"list_connected_accounts"},
		"popular matches": {"get_popular_match"},
		"everything":      {"get_trigger", "get_action", "list_connected_accounts", "get_popular_match"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			driver := hasty(t, env).SamePhase()
			resources := bothForms(t, env)
			for _, operation := range operations {
				env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: simulator.FaultStatus, Times: -1})
			}
			var all acctest.Diagnostics
			for _, one := range resources {
				_, diags := driver.Plan(t.Context(), driver.Absent(one.typeName), one.config)
				all = append(all, diags...)
			}
			if len(all) != 1 || all.HasError() || all[0].Summary != "Options were not checked" {
				t.Errorf("want one warning, got:\n%s", all)
			}
			for _, operation := range operations {
				if got := len(env.Requests(operation)); got > 2 {
					t.Errorf("%s was asked %d times although it had failed", operation, got)
				}
			}
		})
	}
}

// TestCredentialsAreNotDegraded: refused credentials are an error each time.
func TestCredentialsAreNotDegraded(t *testing.T) {
	t.Parallel()
	provider := &tfkit.ProviderData{}
	for range 2 {
		found := steps.MetadataProblem(provider, "it", connectapi.ErrUnauthorized)
		if len(found) != 1 || found[0].Severity() != diag.SeverityError {
			t.Errorf("want an error, got %v", found)
		}
	}
}
