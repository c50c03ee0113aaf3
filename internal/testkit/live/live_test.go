package live_test

import (
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const connectType = "appypie_connect"

func must(t *testing.T, diags acctest.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Fatalf("unexpected errors:\n%s", diags)
	}
}

// start is the service, a provider and a client of its own, which is the person
// that changes things elsewhere.
func start(t *testing.T) (*acctest.Driver, *connectapi.Client) {
	t.Helper()
	env := acctest.New(t)
	return env.Driver(t), env.Client(t)
}

// found reads a connect as the service has it now.
func found(t *testing.T, client *connectapi.Client, id string) *connectapi.Connect {
	t.Helper()
	connects, err := client.ConnectsNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range connects {
		if connects[i].ID == id {
			return &connects[i]
		}
	}
	return nil
}

// TestLiveConnect is the life of a connect in one block.
func TestLiveConnect(t *testing.T) {
	t.Parallel()
	driver, client := start(t)
	s, name := choose(t, client), newName(t)
	config := s.config(name, nil)
	held, diags := driver.Create(t.Context(), connectType, config)
	if id := held.ID(); id != "" {
		remove(t, client, id)
	}
	must(t, diags)
	driver.MustPlanNothing(t.Context(), held, config)
	if made := found(t, client, held.ID()); made == nil || !made.On || made.Name != name {
		t.Fatalf("the service has %+v", made)
	}
	if err := client.TurnOff(t.Context(), held.ID()); err != nil {
		t.Fatal(err)
	}
	held, diags = driver.Converge(t.Context(), held, config)
	must(t, diags)
	if repaired := found(t, client, held.ID()); repaired == nil || !repaired.On {
		t.Errorf("after the repair the service has %+v", repaired)
	}
	config = s.config(name+" renamed", map[string]any{"enabled": false})
	held, diags = driver.Converge(t.Context(), held, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), held, config)
	if changed := found(t, client, held.ID()); changed == nil || changed.On || changed.Name != name+" renamed" {
		t.Errorf("after the change the service has %+v", changed)
	}
	for _, id := range []string{held.ID(), "name/" + name + " renamed"} {
		imported, diags := driver.Import(t.Context(), connectType, id)
		must(t, diags)
		for _, attribute := range []string{"id", "name", "popular_match_id", "enabled"} {
			if imported.Get(attribute) != held.Get(attribute) {
				t.Errorf("import of %s: %s is %v, want %v", id, attribute, imported.Get(attribute), held.Get(attribute))
			}
		}
	}
	for key, value := range map[string]string{"id": held.ID(), "name": name + " renamed"} {
		data, diags := driver.ReadData(t.Context(), connectType, map[string]any{key: value})
		must(t, diags)
		if data["id"] != held.ID() || data["enabled"] != false {
			t.Errorf("the data source shows %v", data)
		}
	}
	_, diags = driver.ReadData(t.Context(), "appypie_connect_history", map[string]any{"connect_id": held.ID()})
	must(t, diags)
	_, diags = driver.Destroy(t.Context(), held)
	must(t, diags)
	if left := found(t, client, held.ID()); left != nil {
		t.Errorf("the service still has %+v", left)
	}
}

// TestLiveFourResources is the life of a connect in parts.
func TestLiveFourResources(t *testing.T) {
	t.Parallel()
	driver, client := start(t)
	s := choose(t, client)
	whole := s.config(newName(t), nil)
	made, diags := driver.Create(t.Context(), connectType, map[string]any{"name": whole["name"], "popular_match_id": s.Match})
	if id := made.ID(); id != "" {
		remove(t, client, id)
	}
	must(t, diags)
	type part struct {
		typeName string
		config   map[string]any
		held     *acctest.Resource
	}
	of := func(step map[string]any, position int) map[string]any {
		config := map[string]any{"connect_id": made.ID(), "options": step["options"]}
		if step["account_id"] != nil {
			config["account_id"] = step["account_id"]
		}
		if position > 0 {
			config["position"] = position
		}
		return config
	}
	parts := []*part{{typeName: "appypie_trigger_options", config: of(s.Trigger, 0)}}
	for i, action := range s.Actions {
		parts = append(parts, &part{typeName: "appypie_action_options", config: of(action, i+1)})
	}
	parts = append(parts, &part{typeName: "appypie_connect_activation", config: map[string]any{"connect_id": made.ID(), "run_test": whole["run_test"]}})
	for _, p := range parts {
		p.held, diags = driver.Create(t.Context(), p.typeName, p.config)
		must(t, diags)
	}
	if err := client.TurnOff(t.Context(), made.ID()); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		p.held, diags = driver.Converge(t.Context(), p.held, p.config)
		must(t, diags)
		driver.MustPlanNothing(t.Context(), p.held, p.config)
	}
	if repaired := found(t, client, made.ID()); repaired == nil || !repaired.On {
		t.Errorf("after the repair the service has %+v", repaired)
	}
	for _, p := range slices.Backward(parts) {
		_, diags = driver.Destroy(t.Context(), p.held)
		must(t, diags)
	}
	_, diags = driver.Destroy(t.Context(), made)
	must(t, diags)
	if left := found(t, client, made.ID()); left != nil {
		t.Errorf("the service still has %+v", left)
	}
}

// TestLiveDataSources reads what a configuration looks up: every id that one data
// source shows is understood by the next.
func TestLiveDataSources(t *testing.T) {
	t.Parallel()
	driver, client := start(t)
	read := func(typeName string, config map[string]any) map[string]any {
		t.Helper()
		data, diags := driver.ReadData(t.Context(), typeName, config)
		must(t, diags)
		return data
	}
	for _, typeName := range []string{"appypie_profile", "appypie_categories", "appypie_apps", "appypie_popular_matches", "appypie_connects"} {
		read(typeName, nil)
	}
	match, err := client.PopularMatch(t.Context(), choose(t, client).Match)
	if err != nil {
		t.Fatal(err)
	}
	read("appypie_popular_match", map[string]any{"id": match.ID})
	app := read("appypie_app", map[string]any{"id": match.Trigger.AppID})
	if app["id"] != match.Trigger.AppID {
		t.Errorf("app %s shows as %v", match.Trigger.AppID, app["id"])
	}
	read("appypie_triggers", map[string]any{"app_id": match.Trigger.AppID})
	read("appypie_trigger", map[string]any{"id": match.Trigger.EventID})
	read("appypie_actions", map[string]any{"app_id": match.Actions[0].AppID})
	read("appypie_action", map[string]any{"id": match.Actions[0].EventID})
	read("appypie_connected_accounts", map[string]any{"app_id": match.Trigger.AppID})
}
