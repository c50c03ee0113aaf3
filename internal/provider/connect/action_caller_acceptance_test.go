package connect_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAccActionsOfTheirCaller: since Terraform 1.16 a connect's own resource may
// trigger actions on it, also before it is changed or destroyed.
func TestAccActionsOfTheirCaller(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	config := func(minute string) string {
		return fmt.Sprintf(`
resource "appypie_connect" "hourly" {
  name             = "Hourly"
  popular_match_id = %q
  trigger          = { options = { minute = %q } }
  actions          = [{ options = { url = "https://example.com/hourly" } }]

  lifecycle {
    action_trigger {
      events  = [before_update, before_destroy]
      actions = [action.appypie_connect_turn_off.caller]
    }
    action_trigger {
      events     = [after_create, after_update]
      actions    = [action.appypie_connect_run_test.caller]
      on_failure = continue
    }
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.appypie_connect_turn_on.caller]
    }
  }
}
action "appypie_connect_turn_off" "caller" {
  config { connect_id = caller.id }
}
action "appypie_connect_run_test" "caller" {
  config { connect_id = caller.id }
}
action "appypie_connect_turn_on" "caller" {
  config { connect_id = caller.id }
}
`, env.MatchID(t, acctest.ScheduleToWebhook), minute)
	}
	tool := env.Project(t, nil)
	if !tool.AtLeast("1.16.0") {
		t.Skipf("actions know their caller since Terraform 1.16.0, and this is %s; name a newer one in TF_ACC_TERRAFORM_PATH", tool.Version)
	}
	wrote := func(what string, want ...string) {
		t.Helper()
		if got := env.Writes(); !slices.Equal(got, want) {
			t.Errorf("%s wrote %v, want %v", what, got, want)
		}
		env.ResetJournal()
	}

	rewrite(t, tool, config("15"))
	if output, err := tool.Run(t.Context(), "validate", "-no-color"); err != nil || strings.Contains(output, "Warning:") {
		t.Errorf("%v\n%s", err, output)
	}
	converge(t, tool)
	wrote("the creation", "create_connect", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect")

	env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultStatus, Status: http.StatusForbidden})
	rewrite(t, tool, config("45"))
	output, err := tool.Run(t.Context(), "apply", "-input=false", "-auto-approve")
	if err != nil || !strings.Contains(output, "The test did not succeed on the connect") {
		t.Errorf("a test whose failure is to be ignored: %v\n%s", err, output)
	}
	wrote("the update", "turn_off_connect", "edit_trigger_options", "run_test", "turn_on_connect")

	mustRun(t, tool, "destroy", "-input=false", "-auto-approve")
	wrote("the destruction", "turn_off_connect", "delete_connect")
}

// TestAccActionPlansFindAMissingConnect: the plan fails, and so nothing is changed.
func TestAccActionPlansFindAMissingConnect(t *testing.T) {
	t.Parallel()
	tool := acctest.New(t).ModernProject(t, map[string]string{"main.tf": fmt.Sprintf(`
resource "terraform_data" "release" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.appypie_connect_turn_off.missing]
    }
  }
}
action "appypie_connect_turn_off" "missing" {
  config { connect_id = %q }
}
`, absentID)})
	if said := refused(t, tool, "plan", "-input=false"); !strings.Contains(said, "No such connect") {
		t.Error(said)
	}
}
