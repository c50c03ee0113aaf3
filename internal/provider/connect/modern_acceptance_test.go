package connect_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// testModern runs steps that Terraform below 1.14 cannot read; there the test
// is skipped, and the harness says why.
func testModern(t *testing.T, env *acctest.Env, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		ProtoV6ProviderFactories: env.Factories(),
		Steps:                    steps,
	})
}

// query is a step that runs `terraform query` with one list block.
func query(env *acctest.Env, block string, checks ...querycheck.QueryResultCheck) resource.TestStep {
	return resource.TestStep{
		Query:             true,
		Config:            env.Config("list \"appypie_connect\" \"test\" {\n  provider = appypie\n  " + block + "\n}\n"),
		QueryResultChecks: checks,
	}
}

func TestAccConnectList(t *testing.T) {
	t.Parallel()
	acctest.SkipOnOpenTofu(t, "query command")
	const address = "appypie_connect.test"

	env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 2 })
	webhook := webMade(t, env, webhookMatch, "Typeform to our server")
	webMade(t, env, twoActionMatch, "Subscribers")
	live := edited(t, env, webMade(t, env, twoActionMatch, "New subscribers").ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })

	identity := func(id string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"id": knownvalue.StringExact(id)}
	}
	malformed := query(env, `config { app_id = "Slack!" }`)
	malformed.ExpectError = regexp.MustCompile("Invalid Attribute Value Match")

	cutOff := query(env, "")
	cutOff.ExpectError = regexp.MustCompile("Cannot list the connects")
	cutOff.PreConfig = func() {
		env.Sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Skip: 1})
	}
	found := queryfilter.ByResourceIdentity(identity(live.ID))

	testModern(t, env,
		query(env, "", querycheck.ExpectLength(address, 3), querycheck.ExpectLengthAtLeast(address, 2), querycheck.ExpectIdentity(address, identity(webhook.ID))),
		query(env, "limit = 2", querycheck.ExpectLength(address, 2), querycheck.ExpectNoIdentity(address, identity(live.ID))),
		query(env, `config { name = "Nobody's" }`, querycheck.ExpectNoIdentity(address, identity(live.ID))),
		query(env, "include_resource = true\n  config { enabled = true }",
			querycheck.ExpectLength(address, 1),
			querycheck.ExpectResourceDisplayName(address, found, knownvalue.StringExact(live.Name)),
			querycheck.ExpectResourceKnownValues(address, found, []querycheck.KnownValueCheck{
				{Path: tfjsonpath.New("popular_match_id"), KnownValue: knownvalue.StringExact(live.PopularMatchID)},
				{Path: tfjsonpath.New("enabled"), KnownValue: knownvalue.Bool(true)},
				{Path: tfjsonpath.New("actions"), KnownValue: knownvalue.ListSizeExact(2)},
			})),
		malformed, cutOff)
}

func TestAccConnectActions(t *testing.T) {
	t.Parallel()
	acctest.SkipOnOpenTofu(t, "action blocks")
	env := dataEnv(t)

	config := func(minute, release string) string {
		return env.Config(fmt.Sprintf(`
			resource "appypie_connect" "hourly" {
			  name             = "Hourly"
			  popular_match_id = %q
			  trigger          = { options = { minute = %q } }
			  actions          = [{ options = { url = "https://example.com/hourly" } }]
			  lifecycle {
			    action_trigger {
			      events  = [after_create, after_update]
			      actions = [action.appypie_connect_run_test.hourly, action.appypie_connect_turn_on.hourly]
			    }
			  }
			}
			# What the connect calls is updated while the connect is off.
			resource "terraform_data" "report" {
			  input = %q
			  lifecycle {
			    action_trigger {
			      events  = [before_update]
			      actions = [action.appypie_connect_turn_off.hourly]
			    }
			    action_trigger {
			      events  = [after_update]
			      actions = [action.appypie_connect_turn_on.hourly]
			    }
			  }
			}
			action "appypie_connect_run_test" "hourly" {
			  config {
			    connect_id = appypie_connect.hourly.id
			    timeout    = "1m"
			  }
			}
			action "appypie_connect_turn_on" "hourly" {
			  config { connect_id = appypie_connect.hourly.id }
			}
			action "appypie_connect_turn_off" "hourly" {
			  config { connect_id = appypie_connect.hourly.id }
			}`, env.MatchID(t, acctest.ScheduleToWebhook), minute, release))
	}

	done := func(step string, want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if got := env.Writes(); !slices.Equal(got, want) {
				t.Errorf("%s wrote %v, want %v", step, got, want)
			}
			if status := sole(t, env).Status; status != simulator.StatusOn {
				t.Errorf("%s left the connect %s", step, status)
			}
			env.ResetJournal()
			return nil
		}
	}

	testModern(t, env,
		resource.TestStep{
			Config: config("15", "v1"),
			Check:  done("the creation", "create_connect", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect"),
		},
		resource.TestStep{
			Config: config("15", "v2"),
			Check:  done("the release", "turn_off_connect", "turn_on_connect"),
		},
		resource.TestStep{
			PreConfig: func() {
				env.Sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultStatus, Status: http.StatusForbidden})
			},
			Config:      config("45", "v2"),
			ExpectError: regexp.MustCompile(`(?s)The test did not succeed on the connect.*HTTP\s+403`),
		})
}
