package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// leads are count connects of the quickstart's kind: two steps, an account each,
// seven options.
func leads(t *testing.T, env *acctest.Env, count int) string {
	t.Helper()
	return fmt.Sprintf(`
resource "appypie_connect" "leads" {
  count            = %d
  name             = "New sheet row to CRM contact"
  popular_match_id = %q
  enabled          = true
  trigger = {
    account_id = %q
    options = {
      spreadsheet = "04edca6c3735f378c6ff4a95"
      worksheet   = "f9e8854d838880e9f8ee6da6"
      header_row  = "Yes"
    }
  }
  actions = [{
    account_id = %q
    options = {
      email           = "{{column2}}"
      first_name      = "{{column1}}"
      lifecycle_stage = "lead"
      list            = "eb990ec217812c9719b33282"
    }
  }]
}
`, count, env.MatchID(t, acctest.SheetsToHubSpot), env.AccountID(t, "Google Sheets"), env.AccountID(t, "HubSpot"))
}

// TestStateBudget measures what a connect takes in the file that Terraform writes,
// with everything that Terraform adds. It writes the whole file again after each
// object, so each byte counts as often as there are connects.
func TestStateBudget(t *testing.T) {
	t.Parallel()
	size := func(count int) int {
		env := acctest.New(t)
		tool := env.Project(t, map[string]string{"main.tf": leads(t, env, count)})
		if output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false"); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		state, err := os.ReadFile(filepath.Join(tool.Dir, "terraform.tfstate"))
		if err != nil {
			t.Fatal(err)
		}
		return len(state)
	}
	const most, few, many = 1100, 2, 7
	if got := (size(many) - size(few)) / (many - few); got > most {
		t.Errorf("a connect takes %d bytes of the state, at most %d are allowed", got, most)
	} else {
		t.Logf("a connect takes %d bytes of the state", got)
	}
}
