package provider_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// canary is the value of a secret option.
const canary = "canary-of-the-option-0815"

// expectNoSecret fails for each credential that the service ever issued, and for
// each of the others, that is in a text.
func expectNoSecret(t *testing.T, env *acctest.Env, where, text string, others ...string) {
	t.Helper()

	// The client's secret and the two platform keys are always there.
	const always = 3
	issued := env.Sim.IssuedSecrets()
	if len(issued) <= always {
		t.Error("the service issued no token, so that there is nothing to find")
	}
	for _, secret := range slices.Concat(issued, others) {
		if at := strings.Index(text, secret); at >= 0 {
			line := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
			t.Errorf("the secret %.6s… is in the %s, after %q", secret, where, line)
		}
	}
}

// hook is a connect with a secret option that needs no account.
func hook(t *testing.T, env *acctest.Env) map[string]any {
	t.Helper()
	matches := env.Sim.Catalog().Matches()
	i := slices.IndexFunc(matches, func(match catalog.PopularMatch) bool { return match.Title == "Call a webhook every hour" })
	if i < 0 {
		t.Fatal("the catalog lacks the popular match")
	}

	return map[string]any{
		"name": "Hook", "popular_match_id": matches[i].ID, "enabled": true, "run_test": true,
		"trigger": map[string]any{"options": map[string]string{"minute": "15"}},
		"actions": []map[string]any{{
			"options":    map[string]string{"url": "https://hooks.example.com/in", "method": "POST"},
			"secrets_wo": map[string]string{"signing_secret": canary},
		}},
		"secrets_wo_version": 1,
	}
}

// logged returns a context whose logs, of all levels, end up in the buffer.
func logged(t *testing.T) (context.Context, *tfrun.Buffer) {
	t.Helper()
	var log tfrun.Buffer
	return tflogtest.RootLogger(t.Context(), &log), &log
}

func render(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLifeOfASecretLeavesNoTrace(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "it knows every secret that the service issued")

	ctx, log := logged(t)
	driver := env.Driver(t)
	config := hook(t, env)
	plan, diags := driver.Plan(ctx, driver.Absent("appypie_connect"), config)
	if diags.HasError() {
		t.Fatalf("plan:\n%s", diags)
	}
	made, diags := driver.Apply(ctx, plan)
	if diags.HasError() {
		t.Fatalf("apply:\n%s", diags)
	}
	if held, _ := env.Sim.Connect(made.ID()); len(held.Actions) != 1 || held.Actions[0].Options["signing_secret"] != canary {
		t.Fatal("the secret did not reach the service")
	}

	env.Sim.ExpireAccessTokens()
	driver.MustPlanNothing(ctx, made, config)
	if _, diags := driver.Destroy(ctx, made); diags.HasError() {
		t.Fatalf("destroy:\n%s", diags)
	}
	if !strings.Contains(log.String(), "edit_action_options") {
		t.Errorf("the log is not the one to search:\n%s", log)
	}
	for where, text := range map[string]string{
		"log": log.String(), "plan": render(t, plan.Attributes), "state": render(t, made.Attributes), "identity": render(t, made.Identity),
	} {
		expectNoSecret(t, env, where, text, canary)
	}
}

// Some services repeat in an error what they were sent.
func TestAnErrorThatRepeatsTheRequestGivesNothingAway(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"refused":     {Kind: simulator.FaultStatus, Status: 400},
		"not found":   {Kind: simulator.FaultStatus, Status: 404, Times: -1},
		"broken":      {Kind: simulator.FaultStatus, Status: 500},
		"no JSON":     {Kind: simulator.FaultHTML, ContentType: "text/html"},
		"half a JSON": {Kind: simulator.FaultMalformedBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithoutContract("the service answers with what it was sent"))
			env.NeedsSimulator(t, "the service must fail")

			ctx, log := logged(t)
			driver := env.Driver(t)

			// The first request has the provider obtain its token.
			if _, diags := driver.ReadData(ctx, "appypie_profile", nil); diags.HasError() {
				t.Fatalf("profile:\n%s", diags)
			}
			sent := strings.Join(append(accessTokens(env), canary), " ")
			fault.Operation, fault.Message = "edit_action_options", "cannot take "+sent
			if fault.Kind != simulator.FaultStatus {
				fault.Body = "you sent " + sent
			}
			if !strings.Contains(sent, "at_") {
				t.Fatal("no access token was issued")
			}
			env.Sim.AddFault(fault)
			half, diags := driver.Create(ctx, "appypie_connect", hook(t, env))
			if !diags.HasError() {
				t.Fatal("nothing went wrong")
			}

			expectNoSecret(t, env, "diagnostics", diags.String(), canary)
			expectNoSecret(t, env, "log", log.String(), canary)
			expectNoSecret(t, env, "state", render(t, half.Attributes), canary)
		})
	}
}

// accessTokens are those among the issued secrets, which requests to the API
// carry. The others never leave for there.
func accessTokens(env *acctest.Env) []string {
	return slices.DeleteFunc(env.Sim.IssuedSecrets(), func(secret string) bool { return !strings.HasPrefix(secret, "at_") })
}
