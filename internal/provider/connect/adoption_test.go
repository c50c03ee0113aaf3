package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// An account that was made by hand becomes configuration: query, generated
// files, import, and then a plan with nothing in it. Nothing is written to the
// service, and no secret gets into a file.
func TestAccountIsAdoptedByGeneratedConfiguration(t *testing.T) {
	t.Parallel()

	// Enough for several pages and for a plan that asks for each connect.
	const connects = 200
	env := dataEnv(t)
	secret := env.Canary("s3cr3t-of-the-webhook-4711")

	edited(t, env, webMade(t, env, acctest.SheetsToHubSpot, `Leads "hot" → ${CRM}`).ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Actions[0].AccountID = env.AccountID(t, "Google Sheets"), env.AccountID(t, "HubSpot")
		c.Trigger.Options = map[string]string{"spreadsheet": "Leads 2026", "worksheet": "Inbound"}
		c.Actions[0].Options = map[string]string{"email": "{{column2}}", "firstname": "${not} %{an} \"interpolation\"\nof two lines"}
		c.Status = simulator.StatusOn
	})
	edited(t, env, webMade(t, env, webhookMatch, "Signed").ID, func(c *simulator.Connect) {
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": secret}
	})
	for range connects - 2 {
		webMade(t, env, twoActionMatch, "Bare")
	}
	tool := env.ModernProject(t, map[string]string{
		"main.tf":              "provider \"appypie\" {}\n",
		"connects.tfquery.hcl": "list \"appypie_connect\" \"all\" {\n  provider = appypie\n  limit = 1000\n}\n",
	})
	env.ResetJournal()
	if output, err := tool.Run(t.Context(), "query", "-generate-config-out=connects.tf"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	generated := acctest.ReadFile(t, tool, "connects.tf")
	if resources, imports := strings.Count("\n"+generated, "\nresource "), strings.Count("\n"+generated, "\nimport {"); imports != connects || resources != connects {
		t.Errorf("%d resources and %d imports for %d connects:\n%s", resources, imports, connects, generated)
	}
	output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, output, generated)
	}
	if !strings.Contains(output, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", connects)) {
		t.Errorf("the apply does more than import:\n%s", output)
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("adopting wrote %v", writes)
	}
	for _, text := range []string{generated, output, acctest.ReadFile(t, tool, "terraform.tfstate")} {
		if strings.Contains(text, secret) {
			t.Error("the secret is in a file or in the output")
		}
	}
}
