package connect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// rewrite replaces the configuration of a working directory.
func rewrite(t *testing.T, tool *tfrun.Terraform, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(tool.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// refused runs Terraform, which has to fail, and returns what it says on one line.
func refused(t *testing.T, tool *tfrun.Terraform, args ...string) string {
	t.Helper()
	output, err := tool.Run(t.Context(), args...)
	if err == nil {
		t.Fatalf("terraform %v succeeds:\n%s", args, output)
	}
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

// TestAccUntaint: what a failed creation left is finished by untaint and apply,
// and is kept by destroy as the policy says.
func TestAccUntaint(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tool := env.Project(t, map[string]string{"main.tf": fmt.Sprintf(`
resource "appypie_connect" "this" {
  name             = "Hourly"
  popular_match_id = %q
  enabled          = true
  run_test         = true
  deletion_policy  = "retain"
  trigger          = { options = { minute = "15" } }
  actions          = [{ options = { url = "https://example.com/hook" } }]
}
`, env.MatchID(t, acctest.ScheduleToWebhook))})
	env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultStatus, Status: 400})
	if said := refused(t, tool, "apply", "-input=false", "-auto-approve"); !strings.Contains(said, "run terraform untaint") {
		t.Errorf("the failed creation does not say what comes next:\n%s", said)
	}
	id := sole(t, env).ID
	mustRun(t, tool, "untaint", "appypie_connect.this")
	output, err := tool.Run(t.Context(), "plan", "-input=false")
	if err != nil || !strings.Contains(output, "did not finish") {
		t.Errorf("the plan does not say what is left (%v):\n%s", err, output)
	}
	env.ResetJournal()
	converge(t, tool)
	if writes := fmt.Sprint(env.Writes()); writes != "[run_test turn_on_connect]" {
		t.Errorf("the apply after untaint wrote %s", writes)
	}
	mustRun(t, tool, "destroy", "-input=false", "-auto-approve")
	if left := sole(t, env); left.ID != id || left.Status != simulator.StatusOn {
		t.Errorf("destroy with retain left %s, %s", left.ID, left.Status)
	}
}

// TestAccSavedPlan: a person changes an account that nobody manages between a
// plan and its apply.
func TestAccSavedPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := func(sheet string) string {
		return fmt.Sprintf(`
resource "appypie_connect" "this" {
  name             = "Leads"
  popular_match_id = %q
  trigger          = { options = { spreadsheet = "Leads 2026", worksheet = %q } }
  actions          = [{ account_id = %q, options = { email = "{{column2}}" } }]
}
`, env.MatchID(t, acctest.SheetsToHubSpot), sheet, env.AccountID(t, "HubSpot"))
	}
	tool := env.Project(t, map[string]string{"main.tf": config("Inbound")})
	// A new connect needs an account, so the form of the configuration is reached by an import.
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
	mustRun(t, tool, "import", "-input=false", "appypie_connect.this", made.ID)
	account := env.AccountID(t, "Google Sheets")
	edited(t, env, made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Actions[0].AccountID = account, env.AccountID(t, "HubSpot")
	})
	converge(t, tool)
	rewrite(t, tool, config("Archive"))
	mustRun(t, tool, "plan", "-input=false", "-out=saved")
	for _, other := range env.Sim.Catalog().Accounts() {
		if other.AppID == sole(t, env).Trigger.AppID && other.ID != account {
			edited(t, env, made.ID, func(c *simulator.Connect) { c.Trigger.AccountID = other.ID })
		}
	}
	mustRun(t, tool, "apply", "-input=false", "saved")
	converge(t, tool)
}

// TestAccNullEntry: Terraform itself crashes on a null entry that the provider
// lets pass.
func TestAccNullEntry(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tool := env.Project(t, map[string]string{"main.tf": fmt.Sprintf(`
variable "notify" { default = false }

resource "appypie_connect" "this" {
  name             = "Entries"
  popular_match_id = %q
  actions          = [{ options = { list = "News", email = "{{email}}" } }, var.notify ? { options = { channel = "#leads", text = "hi" } } : null]
}
`, env.MatchID(t, acctest.TypeformToMailchimpAndSlack))})
	if said := refused(t, tool, "plan", "-input=false"); !strings.Contains(said, "An entry of actions is null") || !strings.Contains(said, "actions[1]") || strings.Contains(said, "crash") {
		t.Errorf("the message:\n%s", said)
	}
}

// TestAccUnknownPopularMatch: a lookup that waits for something else replaces
// nothing. Where it turns out to be another popular match, the apply fails and
// says what to do.
func TestAccUnknownPopularMatch(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	config := func(release, app string) string {
		return fmt.Sprintf(`
resource "terraform_data" "release" { input = %q }

data "appypie_apps" "all" {}

data "appypie_popular_match" "this" {
  trigger_app_id = one([for app in data.appypie_apps.all.apps : app.id if app.name == %q])
  action_app_id  = one([for app in data.appypie_apps.all.apps : app.id if app.name == "Webhooks"])
  depends_on     = [terraform_data.release]
}

resource "appypie_connect" "this" {
  name             = "Late"
  popular_match_id = data.appypie_popular_match.this.id
}
`, release, app)
	}
	tool := env.Project(t, map[string]string{"main.tf": config("1", "Typeform")})
	converge(t, tool)
	id := sole(t, env).ID
	rewrite(t, tool, config("2", "Typeform"))
	converge(t, tool)
	if got := sole(t, env).ID; got != id {
		t.Errorf("the connect %s was replaced by %s", id, got)
	}
	rewrite(t, tool, config("3", "RSS by Connect"))
	said := refused(t, tool, "apply", "-input=false", "-auto-approve")
	if !strings.Contains(said, "the next run plans the replacement") && !strings.Contains(said, "Run Terraform again") {
		t.Errorf("the message:\n%s", said)
	}
	if got := sole(t, env).ID; got != id {
		t.Errorf("the connect %s was replaced by %s without a plan that says so", id, got)
	}
	converge(t, tool)
	if got := sole(t, env).ID; got == id {
		t.Error("the next run did not replace the connect")
	}
}

// TestAccMovesAndReplacements is the table of moved blocks, -replace and
// create_before_destroy for all four resources: the connect is on afterwards, and
// there is one.
func TestAccMovesAndReplacements(t *testing.T) {
	t.Parallel()
	const (
		plain = ""
		cbd   = "lifecycle {\n    create_before_destroy = true\n  }"
	)
	for _, form := range []string{"one block", "four resources"} {
		for lifecycle, block := range map[string]string{"destroy first": plain, "create before destroy": cbd} {
			t.Run(form+"/"+lifecycle, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				config := func(name string) string { return movable(env.MatchID(t, acctest.ScheduleToWebhook), form, name, block) }
				tool := env.Project(t, map[string]string{"main.tf": config("a")})
				converge(t, tool)
				types := []string{"appypie_connect"}
				if form == "four resources" {
					types = append(types, "appypie_trigger_options", "appypie_action_options", "appypie_connect_activation")
				}
				for _, typeName := range types {
					mustRun(t, tool, "apply", "-input=false", "-auto-approve", "-replace="+typeName+".a")
					if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
						t.Errorf("after -replace=%s: %v\n%s", typeName, err, output)
					}
					if got := sole(t, env).Status; got != simulator.StatusOn {
						t.Errorf("after -replace=%s the connect is %s", typeName, got)
					}
				}
				moved := config("b")
				for _, typeName := range types {
					moved += fmt.Sprintf("moved {\n  from = %[1]s.a\n  to   = %[1]s.b\n}\n", typeName)
				}
				env.ResetJournal()
				rewrite(t, tool, moved)
				converge(t, tool)
				if writes := env.Writes(); len(writes) > 0 {
					t.Errorf("moving wrote %v", writes)
				}
			})
		}
	}
}

func movable(match, form, name, lifecycle string) string {
	if form == "one block" {
		return fmt.Sprintf(`
resource "appypie_connect" %[2]q {
  name             = "Hourly"
  popular_match_id = %[1]q
  enabled          = true
  trigger          = { options = { minute = "15" } }
  actions          = [{ options = { url = "https://example.com/hook" } }]
  %[3]s
}
`, match, name, lifecycle)
	}
	return fmt.Sprintf(`
resource "appypie_connect" %[2]q {
  name             = "Hourly"
  popular_match_id = %[1]q
  %[3]s
}
resource "appypie_trigger_options" %[2]q {
  connect_id = appypie_connect.%[2]s.id
  options    = { minute = "15" }
  %[3]s
}
resource "appypie_action_options" %[2]q {
  connect_id = appypie_connect.%[2]s.id
  position   = 1
  options    = { url = "https://example.com/hook" }
  %[3]s
}
resource "appypie_connect_activation" %[2]q {
  connect_id = appypie_connect.%[2]s.id
  revisions  = [appypie_trigger_options.%[2]s.revision, appypie_action_options.%[2]s.revision]
  %[3]s
}
`, match, name, lifecycle)
}
