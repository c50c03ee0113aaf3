package acctest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// quickstart is the example's configuration with the provider block of env. The
// address in required_providers is not the one that the test framework serves.
func quickstart(t *testing.T, env *acctest.Env) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "guides", "quickstart", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	adapted := regexp.MustCompile(`(?s)  required_providers \{.*?\n  \}\n`).ReplaceAllString(string(text), "")
	if !strings.Contains(adapted, `provider "appypie" {}`) || strings.Contains(adapted, "required_providers") {
		t.Fatal("the quickstart has another form than this test knows")
	}
	return env.Config(strings.Replace(adapted, `provider "appypie" {}`, "", 1))
}

func TestQuickstartWithTerraform(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(cfg *simulator.Config) { cfg.Seed = 1 }))
	secret := env.Canary("swordfish-of-the-quickstart")
	variables := config.Variables{"signing_secret": config.StringVariable(secret)}
	env.Test(t,
		resource.TestStep{
			Config:          quickstart(t, env),
			ConfigVariables: variables,
			Check:           func(*terraform.State) error { return quickstartHolds(env, secret) },
		},
		resource.TestStep{
			ResourceName: "appypie_connect.leads", ImportState: true, ImportStateVerify: true,
			ConfigVariables: variables,
		},
	)
	if stats := env.Sim.TokenStats(); stats.Reuses != 0 || stats.RevokedFamilies != 0 {
		t.Errorf("a spent refresh token was sent again: %+v", stats)
	}
}

// quickstartHolds looks at what the service holds after the apply.
func quickstartHolds(env *acctest.Env, secret string) error {
	held := env.Sim.Connects()
	if len(held) != 3 {
		return fmt.Errorf("the service holds %d connects, want 3", len(held))
	}
	secrets := 0
	for _, connect := range held {
		if connect.Status != simulator.StatusOn {
			return fmt.Errorf("connect %q is %s", connect.Name, connect.Status)
		}
		if connect.Actions[0].Options["signing_secret"] == secret {
			secrets++
		}
	}
	if secrets != 1 {
		return fmt.Errorf("the signing secret is in %d connects, want 1", secrets)
	}
	return nil
}

// TestConnectThatStaysOff runs against a real account too: it makes a connect
// from whatever popular match comes first, never turns it on, and deletes it.
func TestConnectThatStaysOff(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	matches, err := env.Client(t).PopularMatches(t.Context(), "", "")
	if err != nil || len(matches) == 0 {
		t.Fatalf("list popular matches: %d (%v)", len(matches), err)
	}
	block := func(name string) string {
		return env.Config(fmt.Sprintf("resource \"appypie_connect\" \"off\" {\n  name = %s\n  popular_match_id = %s\n  enabled = false\n}\n",
			tfwrite.Quote(name), tfwrite.Quote(matches[0].ID)))
	}
	name := fmt.Sprintf("tf-acc-%d", time.Now().UnixNano())
	off := []statecheck.StateCheck{statecheck.ExpectKnownValue("appypie_connect.off", tfjsonpath.New("enabled"), knownvalue.Bool(false))}
	env.Test(t,
		resource.TestStep{Config: block(name), ConfigStateChecks: off},
		resource.TestStep{Config: block(name + "-renamed"), ConfigStateChecks: off},
		// Trigger and actions are managed nowhere, hence the bare import, which
		// leaves the switch unmanaged, too.
		resource.TestStep{
			ResourceName: "appypie_connect.off", ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"enabled"},
			ImportStateIdFunc: func(state *terraform.State) (string, error) {
				return "bare/" + state.RootModule().Resources["appypie_connect.off"].Primary.ID, nil
			},
		},
	)
}

// hourly is a configuration of the one popular match that needs no account.
func hourly(t *testing.T, env *acctest.Env) map[string]any {
	t.Helper()
	return map[string]any{
		"name": "Hourly", "popular_match_id": env.MatchID(t, acctest.ScheduleToWebhook), "enabled": true,
		"trigger": map[string]any{"options": map[string]string{"minute": "15"}},
		"actions": []map[string]any{{
			"options":    map[string]string{"url": "https://hooks.example.com/hourly"},
			"secrets_wo": map[string]string{"signing_secret": "swordfish"},
		}},
	}
}

func TestDriverWithTheProvider(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "it looks at the journal")
	config := hourly(t, env)

	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), "appypie_connect", config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if made.Get("status") != "ON" || made.Get("actions", "0", "secrets_wo") != nil || made.Identity["id"] != made.ID() {
		t.Errorf("made %v with identity %v", made.Attributes, made.Identity)
	}
	held, _ := env.Sim.Connect(made.ID())
	if held.Actions[0].Options["signing_secret"] != "swordfish" {
		t.Errorf("the service holds %+v", held)
	}
	want := []string{"create_connect", "edit_trigger_options", "edit_action_options", "turn_on_connect"}
	if got := env.Writes(); !reflect.DeepEqual(got, want) {
		t.Errorf("writes %q, want %q", got, want)
	}

	// Another process plans, a third one destroys: the login must survive that.
	env.Driver(t).MustPlanNothing(t.Context(), made, config)
	if gone, diags := env.Driver(t).Destroy(t.Context(), made); diags.HasError() || gone.Exists() {
		t.Errorf("destroyed to %v\n%s", gone.Attributes, diags)
	}
	if left := env.Sim.Connects(); len(left) != 0 {
		t.Errorf("the service still holds %+v", left)
	}
	if stats := env.Sim.TokenStats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("one login for three processes: %+v", stats)
	}
}

func TestDriverShowsWhatAPersonDid(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "a person acts in the web editor")
	config := hourly(t, env)
	driver := env.Driver(t)
	made, diags := driver.Create(t.Context(), "appypie_connect", config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if err := env.Sim.Edit(made.ID(), func(c *simulator.Connect) { c.Status = simulator.StatusOff }); err != nil {
		t.Fatal(err)
	}
	read, diags := driver.Read(t.Context(), made)
	if diags.HasError() || read.Get("enabled") != false {
		t.Fatalf("read %v\n%s", read.Attributes, diags)
	}
	plan, diags := driver.Plan(t.Context(), read, config)
	if diags.HasError() || plan.Action != acctest.Update || plan.Get("enabled") != true {
		t.Fatalf("planned %+v\n%s", plan, diags)
	}
	env.ResetJournal()
	if _, diags := driver.Apply(t.Context(), plan); diags.HasError() {
		t.Fatal(diags)
	}
	if got := env.Writes(); !reflect.DeepEqual(got, []string{"turn_on_connect"}) {
		t.Errorf("writes %q", got)
	}
}
