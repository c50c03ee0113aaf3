package connect_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestSecretInOptions converges however the service shows secrets.
func TestSecretInOptions(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = masking }))
			driver := env.Driver(t)
			config := map[string]any{
				"name": "Hook", "popular_match_id": env.MatchID(t, acctest.TypeformToWebhook),
				"trigger": map[string]any{"account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": "Contact"}},
				"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com", "signing_secret": "a-secret-in-options"}}},
			}
			made, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), made, config)
		})
	}
}

// TestOtherForm: values that the service keeps in another form are no drift.
func TestOtherForm(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"JSON": `{ "b": 1, "a": [1, 2] }`, "empty object": "{}", "newline": "text\n", "CRLF": "a\r\nb", "number": "1.50", "name": "plain",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(normalizing))
			driver := env.Driver(t)
			config := hourly(t, env, map[string]any{
				"name":    "Hourly " + strings.Repeat(" ", len(name)%2),
				"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook", "body": value}}},
			})
			made, diags := driver.Create(t.Context(), connectType, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), made, config)
			// A person's change is drift all the same.
			if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { c.Actions[0].Options["body"] = "something else" }); err != nil {
				t.Fatal(err)
			}
			current, diags := driver.Read(t.Context(), made)
			must(t, diags)
			if got := current.Get("actions", "0", "options", "body"); got != "something else" {
				t.Errorf("a person's change reads as %v", got)
			}
			config["enabled"] = false
			after, diags := driver.Converge(t.Context(), current, config)
			must(t, diags)
			driver.MustPlanNothing(t.Context(), after, config)
		})
	}
}

// TestOptionalSecrets: a module may set secrets to null and keep the version.
func TestOptionalSecrets(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	action := map[string]any{"options": map[string]any{"url": "https://example.com/hook"}, "secrets_wo": nil}
	config := hourly(t, env, map[string]any{"actions": []any{action}, "secrets_wo_version": 1})
	made, diags := driver.Create(t.Context(), connectType, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), made, config)
}

// TestNoSuchChoiceShowsNoValue: the value may be sensitive.
func TestNoSuchChoiceShowsNoValue(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := env.Driver(t)
	_, diags := driver.Plan(t.Context(), driver.Absent(connectType), with(leads(t, env), map[string]any{
		"trigger": trigger(t, env, with(sheet("Leads 2026"), map[string]any{"header_row": "hunter2-is-secret"})),
	}))
	if !diags.HasError() || strings.Contains(diags.String(), "hunter2") {
		t.Errorf("the message:\n%s", diags)
	}
}

// TestIgnoredWriteIsShown: a service that answers success and goes on showing
// something else did not take the write. The next plan shows it.
func TestIgnoredWriteIsShown(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	driver := impatient(t, env)
	made, diags := driver.Create(t.Context(), connectType, hourly(t, env, map[string]any{"enabled": nil}))
	must(t, diags)
	env.Sim.AddFault(simulator.Fault{Operation: "edit_trigger_options", Kind: simulator.FaultNotApplied})
	config := hourly(t, env, map[string]any{"enabled": nil, "trigger": minute("30")})
	after, _ := driver.Converge(t.Context(), made, config)
	current, diags := driver.Read(t.Context(), after)
	must(t, diags)
	if got := current.Get("trigger", "options", "minute"); got != "15" {
		t.Errorf("the state has minute = %v, and the service 15", got)
	}
	again, diags := driver.Converge(t.Context(), current, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), again, config)
}
