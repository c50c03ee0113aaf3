package connect_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// fourResources is a connect whose parts are resources of their own, with a
// secret option.
func fourResources(env *acctest.Env, url, secret string, version int) string {
	return env.Config(fmt.Sprintf(`
data "appypie_apps" "all" {}

locals {
  app = { for app in data.appypie_apps.all.apps : app.name => app.id }
}

data "appypie_popular_match" "this" {
  trigger_app_id = local.app["Schedule by Connect"]
  action_app_id  = local.app["Webhooks"]
  title          = %s
}

resource "appypie_connect" "this" {
  name             = "Hourly"
  popular_match_id = data.appypie_popular_match.this.id
}

resource "appypie_trigger_options" "this" {
  connect_id = appypie_connect.this.id
  options    = { minute = "15" }
}

resource "appypie_action_options" "this" {
  connect_id                = appypie_connect.this.id
  options                   = { url = %s }
  secrets_wo         = { signing_secret = %s }
  secrets_wo_version = %d
}

resource "appypie_connect_activation" "this" {
  connect_id = appypie_connect.this.id
  run_test   = true
  revisions  = [appypie_trigger_options.this.revision, appypie_action_options.this.revision]
}
`, tfwrite.Quote(acctest.ScheduleToWebhook), tfwrite.Quote(url), tfwrite.Quote(secret), version))
}

func TestAccFourResources(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.Masking = masking }))
			first, second := env.Canary("the-first-signature"), env.Canary("the-second-signature")
			actionRevision := statecheck.CompareValue(compare.ValuesDiffer())
			triggerRevision := statecheck.CompareValue(compare.ValuesSame())
			revised := func() []statecheck.StateCheck {
				return []statecheck.StateCheck{
					actionRevision.AddStateValue("appypie_action_options.this", tfjsonpath.New("revision")),
					triggerRevision.AddStateValue("appypie_trigger_options.this", tfjsonpath.New("revision")),
					statecheck.ExpectKnownValue("appypie_connect_activation.this", tfjsonpath.New("status"), knownvalue.StringExact("ON")),
				}
			}
			wantWrites := func(want ...string) {
				t.Helper()
				if diff := cmp.Diff(want, env.Writes()); diff != "" {
					t.Errorf("calls that write (-want +got):\n%s", diff)
				}
				env.ResetJournal()
			}
			wantAction := func(url, secret string) {
				t.Helper()
				want := map[string]string{"url": url, "signing_secret": secret}
				if diff := cmp.Diff(want, sole(t, env).Actions[0].Options); diff != "" {
					t.Errorf("options of the action (-want +got):\n%s", diff)
				}
			}
			updates := []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("appypie_connect.this", plancheck.ResourceActionNoop),
				plancheck.ExpectResourceAction("appypie_trigger_options.this", plancheck.ResourceActionNoop),
				plancheck.ExpectResourceAction("appypie_action_options.this", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("appypie_connect_activation.this", plancheck.ResourceActionUpdate),
			}
			const (
				a = "https://example.com/a"
				b = "https://example.com/b"
			)

			env.Test(t,
				resource.TestStep{Config: fourResources(env, a, first, 1), ConfigStateChecks: revised()},
				resource.TestStep{
					// One option changes: its revision does, and the activation tests again.
					PreConfig: func() {
						writes := env.Writes()
						if len(writes) != 5 || writes[0] != "create_connect" || writes[3] != "run_test" || writes[4] != "turn_on_connect" {
							t.Errorf("calls of the first apply: %v", writes)
						}
						env.ResetJournal()
						wantAction(a, first)
					},
					Config: fourResources(env, b, first, 1), ConfigStateChecks: revised(),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: updates},
				},
				resource.TestStep{
					// Another version writes the secret again.
					PreConfig: func() {
						wantWrites("turn_off_connect", "edit_action_options", "turn_on_connect", "turn_off_connect", "run_test", "turn_on_connect")
						wantAction(b, first)
					},
					Config: fourResources(env, b, second, 2), ConfigStateChecks: revised(),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: updates},
				},
				resource.TestStep{
					// A person turns it off: only the activation has something to do.
					PreConfig: func() {
						wantWrites("turn_off_connect", "edit_action_options", "turn_on_connect", "turn_off_connect", "run_test", "turn_on_connect")
						wantAction(b, second)
						flip(t, env, simulator.StatusOff)
					},
					Config: fourResources(env, b, second, 2),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction("appypie_action_options.this", plancheck.ResourceActionNoop),
						plancheck.ExpectResourceAction("appypie_connect_activation.this", plancheck.ResourceActionUpdate),
					}},
				},
				resource.TestStep{
					PreConfig:    func() { wantWrites("turn_on_connect") },
					ResourceName: "appypie_connect_activation.this", ImportState: true, ImportStateVerify: true,
					ImportStateIdFunc: connectIDOf(env), ImportStateVerifyIdentifierAttribute: "connect_id",
					// What the service does not know comes from the configuration.
					ImportStateVerifyIgnore: []string{"revisions", "run_test"},
				},
				resource.TestStep{
					ResourceName: "appypie_trigger_options.this", ImportState: true, ImportStateVerify: true,
					ImportStateIdFunc: connectIDOf(env), ImportStateVerifyIdentifierAttribute: "connect_id",
					ImportStateVerifyIgnore: []string{"revision"},
				},
				resource.TestStep{
					ResourceName: "appypie_action_options.this", ImportState: true, ImportStateVerify: true,
					ImportStateIdFunc: connectIDOf(env), ImportStateVerifyIdentifierAttribute: "connect_id",
					ImportStateVerifyIgnore: append([]string{"revision", "secrets_wo_version"}, echoed(masking)...),
				},
			)
		})
	}
}

// echoed are the attributes that an import finds more in than was declared.
func echoed(masking simulator.Masking) []string {
	if masking == simulator.MaskingEcho {
		return []string{"options"}
	}
	return nil
}

// connectIDOf reads the id when the step runs, because there is none before.
func connectIDOf(env *acctest.Env) resource.ImportStateIdFunc {
	return func(*terraform.State) (string, error) {
		connects := env.Sim.Connects()
		if len(connects) != 1 {
			return "", fmt.Errorf("the service holds %d connects, want 1", len(connects))
		}
		return connects[0].ID, nil
	}
}

// TestAccFailures: Terraform itself shows the error at the attribute to blame.
func TestAccFailures(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithSimulator(func(*simulator.Config) {}))
	config := func(step string) string {
		return env.Config(fmt.Sprintf(`
resource "appypie_connect" "this" {
  name             = "Leads"
  popular_match_id = %s

  trigger = {
    account_id = %s
    options    = %s
  }
}
`, tfwrite.Quote(env.MatchID(t, acctest.SheetsToHubSpot)), tfwrite.Quote(env.AccountID(t, "Google Sheets")), step))
	}

	env.Test(t,
		resource.TestStep{
			Config:      config(`{ spreadsheet = "Leads 2026" }`),
			ExpectError: regexp.MustCompile(`(?s)A\s+required\s+option\s+is\s+missing.*appypie_connect\.this.*"worksheet".*Add\s+it\s+to\s+options`),
		},
		resource.TestStep{
			Config:      config(`{ spreadsheet = "Leads 2026", worksheat = "Inbound" }`),
			ExpectError: regexp.MustCompile(`(?s)Unknown option.*worksheat.*Did\s+you\s+mean\s+"worksheet"`),
		},
		resource.TestStep{Config: config(`{ spreadsheet = "Leads 2026", worksheet = "Inbound" }`)},
	)
}
