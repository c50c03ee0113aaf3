package connect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestAccPrevent: Terraform cannot be made to destroy a connect whose policy is
// prevent, and a removed block lets it go without touching it.
func TestAccPrevent(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	block := func(match string) string {
		return fmt.Sprintf(`
resource "appypie_connect" "this" {
  name             = "Hourly"
  popular_match_id = %q
  deletion_policy  = "prevent"
}
resource "terraform_data" "other" {
  input = "v1"
}
`, env.MatchID(t, match))
	}
	config := block(acctest.ScheduleToWebhook)
	tool := env.Project(t, map[string]string{"main.tf": config})
	converge(t, tool)
	id := sole(t, env).ID
	env.ResetJournal()

	tests := []struct {
		name, config string
		args         []string
		// late: the plan is not told.
		late bool
	}{
		{name: "destroy", config: config, args: []string{"-destroy"}},
		{name: "destroy of a target", config: config, args: []string{"-destroy", "-target=appypie_connect.this"}},
		{name: "no block", config: ""},
		{name: "no block, for a target", config: "", args: []string{"-target=appypie_connect.this"}},
		{name: "a removed block that destroys", config: "removed {\n  from = appypie_connect.this\n  lifecycle {\n    destroy = true\n  }\n}\n"},
		{name: "another popular match", config: block(acctest.TypeformToWebhook)},
		{name: "replace", config: config, args: []string{"-replace=appypie_connect.this"}, late: true},
	}
	for _, test := range tests {
		rewrite(t, tool, test.config)
		command := "plan"
		if test.late {
			command = "apply"
			test.args = append(test.args, "-auto-approve")
		}
		said := refused(t, tool, append([]string{command, "-input=false"}, test.args...)...)
		if !strings.Contains(said, "The connect must not be destroyed") || !strings.Contains(said, "destroy = false") {
			t.Errorf("%s: %s", test.name, said)
		}
		if left := sole(t, env); left.ID != id || len(env.Writes()) > 0 {
			t.Errorf("%s: the service holds %s after %v", test.name, left.ID, env.Writes())
		}
	}
	mustRun(t, tool, "taint", "appypie_connect.this")
	rewrite(t, tool, config)
	if said := refused(t, tool, "apply", "-input=false", "-auto-approve"); !strings.Contains(said, "The connect must not be destroyed") {
		t.Errorf("tainted: %s", said)
	}
	mustRun(t, tool, "untaint", "appypie_connect.this")

	rewrite(t, tool, "removed {\n  from = appypie_connect.this\n  lifecycle {\n    destroy = false\n  }\n}\n")
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	if state, err := tool.Run(t.Context(), "state", "list"); err != nil || strings.Contains(state, "appypie_connect") {
		t.Errorf("%v: the state holds %s", err, state)
	}
	if left := sole(t, env); left.ID != id || len(env.Writes()) > 0 {
		t.Errorf("the service holds %s after %v", left.ID, env.Writes())
	}
}

// TestAccPreventInAModule: a removed block in the module takes a protected connect
// out of Terraform, and an import block brings it in again.
func TestAccPreventInAModule(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	block := fmt.Sprintf(`
resource "appypie_connect" "this" {
  name             = "Hourly"
  popular_match_id = %q
  deletion_policy  = "prevent"
}
`, env.MatchID(t, acctest.ScheduleToWebhook))
	const call = "module \"crm\" {\n  source = \"./crm\"\n}\n"
	tool := env.Project(t, map[string]string{"main.tf": call, "crm/versions.tf": acctest.RequiredProviders, "crm/main.tf": block})
	converge(t, tool)
	id := sole(t, env).ID
	env.ResetJournal()

	inModule := func(text string) {
		if err := os.WriteFile(filepath.Join(tool.Dir, "crm", "main.tf"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inModule("removed {\n  from = appypie_connect.this\n  lifecycle {\n    destroy = false\n  }\n}\n")
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	inModule(block)
	bringIn := fmt.Sprintf("import {\n  to = module.crm.appypie_connect.this\n  id = \"bare/%s\"\n}\n", id)
	rewrite(t, tool, call+bringIn)
	// The policy is not in the service: the apply stores it.
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	if writes := env.Writes(); len(writes) > 0 || sole(t, env).ID != id {
		t.Errorf("it wrote %v", writes)
	}
	if said := refused(t, tool, "plan", "-input=false", "-destroy"); !strings.Contains(said, "The connect must not be destroyed") {
		t.Error(said)
	}
	if !tool.AtLeast("1.16.0") {
		t.Logf("import blocks in modules and destroy = false of a resource need Terraform 1.16 and this is %s", tool.Version)
		return
	}
	rewrite(t, tool, call)
	mustRun(t, tool, "state", "rm", "module.crm.appypie_connect.this")
	inModule(strings.Replace(block, "deletion_policy", "lifecycle {\n    destroy = false\n  }\n  deletion_policy", 1) + strings.Replace(bringIn, "module.crm.", "", 1))
	mustRun(t, tool, "apply", "-input=false", "-auto-approve")
	mustRun(t, tool, "destroy", "-input=false", "-auto-approve")
	if writes := env.Writes(); len(writes) > 0 || sole(t, env).ID != id {
		t.Errorf("it wrote %v", writes)
	}
}
