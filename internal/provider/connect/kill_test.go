package connect_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAccConnectKilled kills Terraform and the provider at a request of an
// apply. The next apply must arrive where the killed one was going, without a
// second copy of the connect.
func TestAccConnectKilled(t *testing.T) {
	t.Parallel()
	cases := []struct {
		phase, operation string
		// carriedOut: the service still does what the killed request asked for.
		carriedOut bool
	}{
		{"create", "create_connect", true},
		{"create", "create_connect", false},
		{"create", "edit_trigger_options", true},
		{"create", "edit_trigger_options", false},
		{"create", "edit_action_options", false},
		{"create", "run_test", true},
		{"create", "turn_on_connect", true},
		{"create", "turn_on_connect", false},
		{"update", "turn_off_connect", true},
		{"update", "edit_trigger_options", true},
		{"update", "run_test", false},
		{"update", "turn_on_connect", false},
		{"destroy", "turn_off_connect", true},
		{"destroy", "delete_connect", true},
	}

	for _, tc := range cases {
		t.Run(fmt.Sprintf("%s/%s/carried out %v", tc.phase, tc.operation, tc.carriedOut), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			tool := env.Project(t, map[string]string{"main.tf": killedConfiguration(t, env)})
			if tc.phase != "create" {
				converge(t, tool)
			}
			args := []string{"apply", "-input=false", "-auto-approve", "-no-color"}
			switch tc.phase {
			case "update":
				tool.Environment = append(tool.Environment, "TF_VAR_worksheet=Archive")
			case "destroy":
				args = append(args, "-destroy")
			}
			killAt(t, env, tool, args, simulator.Fault{Operation: tc.operation, Kind: kindOf(tc.carriedOut)})

			if tc.phase == "destroy" {
				mustRun(t, tool, "apply", "-destroy", "-input=false", "-auto-approve")
				if left := env.Sim.Connects(); len(left) != 0 {
					t.Errorf("the service still holds %d connects", len(left))
				}
				return
			}
			converge(t, tool)
			if connect := sole(t, env); connect.Status != "ON" {
				t.Errorf("the connect is %s", connect.Status)
			}
		})
	}
}

func kindOf(carriedOut bool) simulator.FaultKind {
	if carriedOut {
		return simulator.FaultDelay
	}
	return simulator.FaultHang
}

// killedConfiguration is the leads connect, tested, with a worksheet that the
// environment can change.
func killedConfiguration(t *testing.T, env *acctest.Env) string {
	t.Helper()
	return fmt.Sprintf(`
variable "worksheet" {
  default = "Inbound"
}

resource "appypie_connect" "leads" {
  name             = "Leads"
  popular_match_id = %q
  enabled          = true
  run_test         = true

  trigger = {
    account_id = %q
    options    = { spreadsheet = "Leads 2026", worksheet = var.worksheet }
  }

  actions = [{
    account_id = %q
    options    = { email = "{{column2}}" }
  }]
}
`, env.MatchID(t, acctest.SheetsToHubSpot), env.AccountID(t, "Google Sheets"), env.AccountID(t, "HubSpot"))
}

// killAt runs Terraform and kills it, and the provider with it, when the
// request of the fault arrives at the service.
func killAt(t *testing.T, env *acctest.Env, tool *tfrun.Terraform, args []string, fault simulator.Fault) {
	t.Helper()
	cmd := tool.Command(t.Context(), args...)
	var (
		started = make(chan struct{})
		once    sync.Once
		killed  atomic.Bool
	)

	fault.Match = func(simulator.Entry) bool {
		<-started
		once.Do(func() {
			killed.Store(true)
			tfrun.KillGroup(cmd)
		})
		return true
	}
	env.Sim.AddFault(fault)
	process, err := tfrun.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}

	close(started)
	<-process.Done
	tfrun.KillGroup(cmd)
	if !killed.Load() {
		t.Fatalf("Terraform ended before %s was asked for:\n%s", fault.Operation, process.Output())
	}
	env.Sim.ClearFaults()
}

func converge(t *testing.T, tool *tfrun.Terraform) {
	t.Helper()
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

func mustRun(t *testing.T, tool *tfrun.Terraform, args ...string) {
	t.Helper()

	// A killed Terraform leaves the lock of its local state behind only as a
	// file; the operating system has released it.
	if output, err := tool.Run(t.Context(), args...); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}
