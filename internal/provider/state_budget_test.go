package provider_test

import (
	"bytes"
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
// object, so each byte counts as often as there are connects. An attribute more is
// over the budget.
func TestStateBudget(t *testing.T) {
	t.Parallel()
	for kind, tc := range map[string]struct {
		config func(*testing.T, *acctest.Env, int) string
		most   int
		// openTofu is the budget where states are written without indentation.
		openTofu int
	}{
		// Two options and no account: all but 70 bytes are what every connect has.
		"small": {manyConnects, 965, 500},
		// Seven options and two accounts.
		"leads": {leads, 1280, 720},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			const few, many = 2, 7
			less, more := stateOf(t, tc.config, few), stateOf(t, tc.config, many)
			got, most := (len(more)-len(less))/(many-few), tc.most
			switch {
			case !bytes.Contains(more, []byte("\n  ")):
				most = tc.openTofu
			case bytes.Contains(more, []byte(`"identity": {`)):
				most += identityBytes
			}
			if got > most || got < most-20 {
				t.Errorf("a connect takes %d bytes of the state; the budget is %d", got, most)
			}
		})
	}
}

// identityBytes is what an identity takes of the state. Terraform stores it since
// version 1.12.
const identityBytes = 121

// stateOf is the state that holds a number of connects, as it is written.
func stateOf(t *testing.T, config func(*testing.T, *acctest.Env, int) string, count int) []byte {
	t.Helper()
	env := acctest.New(t)
	tool := env.Project(t, map[string]string{"main.tf": config(t, env, count)})
	if output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	state, err := os.ReadFile(filepath.Join(tool.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	return state
}
