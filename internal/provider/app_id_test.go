package provider_test

import (
	"encoding/json"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAppsAreJoinedByAppID: where an app shows both _id and appId, accounts, steps
// and paths know it by its appId.
func TestAppsAreJoinedByAppID(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithDialect(simulator.DialectContract))
	env.NeedsSimulator(t, "it changes what an app looks like")
	account := env.AccountID(t, "Google Sheets")
	joined := ""
	for _, one := range env.Sim.Catalog().Accounts() {
		if one.ID == account {
			joined = one.AppID
		}
	}
	shown, err := json.Marshal(map[string]any{"success": true, "total": 1, "data": []any{map[string]any{
		"_id": "aaaaaaaaaaaaaaaaaaaaaaaa", "appId": joined, "name": "Google Sheets", "seoLink": "google-sheets", "authType": "O_AUTH_V2",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	env.Sim.AddFault(simulator.Fault{Operation: "list_apps", Kind: simulator.FaultMalformedBody, Body: string(shown), Times: -1})
	driver := env.Driver(t)
	read := func(typeName string, config map[string]any) map[string]any {
		t.Helper()
		data, diags := driver.ReadData(t.Context(), typeName, config)
		if diags.HasError() {
			t.Fatalf("%s:\n%s", typeName, diags)
		}
		return data
	}
	app := read("appypie_app", map[string]any{"name": "Google Sheets"})
	if app["id"] != joined {
		t.Fatalf("the app has the id %v, want its appId %s", app["id"], joined)
	}
	for _, name := range []string{"sales@example.com", "operations@example.com"} {
		if found := read("appypie_connected_account", map[string]any{"app_id": app["id"], "name": name}); found["app_id"] != joined {
			t.Errorf("the account %s is of %v, want %s", name, found["app_id"], joined)
		}
	}
	for typeName, config := range map[string]map[string]any{
		"appypie_triggers":        {"app_id": app["id"]},
		"appypie_popular_matches": {"trigger_app_id": app["id"]},
	} {
		for attribute, value := range read(typeName, config) {
			if list, ok := value.([]any); ok && len(list) == 0 {
				t.Errorf("%s of the app: %s is empty", typeName, attribute)
			}
		}
	}
}
