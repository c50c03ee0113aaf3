package connect_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func acctestContains(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(v, text)
	case map[string]any:
		for _, one := range v {
			if acctestContains(one, text) {
				return true
			}
		}
	case []any:
		for _, one := range v {
			if acctestContains(one, text) {
				return true
			}
		}
	}
	return false
}

// TestImportedKeysAreManaged: what an import found is in the state, and what the
// plan then shows as going goes.
func TestImportedKeysAreManaged(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "15"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "body": "hello"}
		c.Status = simulator.StatusOn
	}); err != nil {
		t.Fatal(err)
	}
	whole := hourly(t, env, map[string]any{"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook", "body": "hello"}}}})
	imported, diags := driver.Import(t.Context(), connectType, made.ID)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), imported, whole)
	less := hourly(t, env, nil)
	after, diags := driver.Converge(t.Context(), imported, less)
	must(t, diags)
	if got := sole(t, env).Actions[0].Options; got["body"] != "" {
		t.Errorf("the plan showed body going, and the service has %v", got)
	}
	driver.MustPlanNothing(t.Context(), after, less)
}

// TestImportLeavesSecretsOut where the service echoes them.
func TestImportLeavesSecretsOut(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = simulator.MaskingEcho }))
	driver := env.Driver(t)
	secret := env.Canary("s3cr3t-of-the-webhook-4711")
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToWebhook), "Signed")
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": secret}
	}); err != nil {
		t.Fatal(err)
	}
	for typeName, id := range map[string]string{connectType: made.ID, "appypie_action_options": made.ID} {
		imported, diags := driver.Import(t.Context(), typeName, id)
		must(t, diags)
		if strings.Contains(imported.Stored(), secret) {
			t.Errorf("%s: the state has the secret", typeName)
		}
		if !strings.Contains(diags.String(), "signing_secret") {
			t.Errorf("%s: no warning names the key:\n%s", typeName, diags)
		}
	}
	for _, found := range driver.List(t.Context(), connectType, nil, acctest.Query{IncludeResource: true}) {
		if strings.Contains(strings.Join(slices.Sorted(maps.Keys(found.Attributes)), ""), secret) || acctestContains(found.Attributes, secret) {
			t.Error("the list resource shows the secret")
		}
	}
}
