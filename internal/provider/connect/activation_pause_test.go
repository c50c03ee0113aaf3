package connect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// connectModule is one connect in the form of four.
const connectModule = acctest.RequiredProviders + `
variable "number" {}
variable "match" {}
variable "minute" {}

resource "appypie_connect" "this" {
  name             = "Heartbeat ${var.number}"
  popular_match_id = var.match
}

resource "appypie_trigger_options" "this" {
  connect_id = appypie_connect.this.id
  options    = { minute = var.minute }
}

resource "appypie_action_options" "this" {
  connect_id = appypie_connect.this.id
  options    = { url = "https://hooks.example.com/${var.number}", payload = "minute ${var.minute}" }
}

resource "appypie_connect_activation" "this" {
  connect_id = appypie_connect.this.id
  revisions  = [appypie_trigger_options.this.revision, appypie_action_options.this.revision]
}
`

// TestAccOnePauseForAConnect changes trigger and action of many live connects in
// one run. Both resources of a connect share a pause when Terraform applies them at
// the same time. It applies ten at a time in no order, so that this takes either few
// connects or a higher -parallelism.
func TestAccOnePauseForAConnect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		connects int
		args     []string
	}{
		"few":  {connects: 5},
		"many": {connects: 30, args: []string{"-parallelism=60"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) {
				c.RequireOffToEdit, c.Latency = true, 100*time.Millisecond
			}))
			tool := env.Project(t, map[string]string{"connect/main.tf": connectModule, "main.tf": manyModules(t, env, tc.connects)})
			run := func(args ...string) {
				t.Helper()
				env.ResetJournal()
				if output, err := tool.Run(t.Context(), append(args, "-input=false")...); err != nil {
					t.Fatalf("%v\n%s", err, output)
				}
			}
			run("init")
			run(append([]string{"apply", "-auto-approve"}, tc.args...)...)
			run(append([]string{"apply", "-auto-approve", "-var=minute=30"}, tc.args...)...)
			counts := env.Sim.RequestCounts()
			t.Logf("%d connects: turned off %d times and on %d times", tc.connects, counts["turn_off_connect"], counts["turn_on_connect"])
			if most := tc.connects * 12 / 10; counts["turn_off_connect"] > most || counts["turn_on_connect"] != counts["turn_off_connect"] {
				t.Errorf("turned off %d times and on %d times, at most %d", counts["turn_off_connect"], counts["turn_on_connect"], most)
			}
			for _, held := range env.Sim.Connects() {
				if held.Status != simulator.StatusOn || held.Trigger.Options["minute"] != "30" || held.Actions[0].Options["payload"] != "minute 30" {
					t.Errorf("%+v", held)
				}
			}
			run("plan", "-detailed-exitcode", "-var=minute=30")
		})
	}
}

// manyModules are so many connects, each in a module.
func manyModules(t *testing.T, env *acctest.Env, connects int) string {
	t.Helper()
	return fmt.Sprintf(`
variable "minute" { default = "15" }

module "many" {
  source = "./connect"
  count  = %d
  number = count.index
  match  = %q
  minute = var.minute
}
`, connects, env.MatchID(t, acctest.ScheduleToWebhook))
}
