package connect_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestAccConnectDataSources(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	webMade(t, env, webhookMatch, "Twin")
	webMade(t, env, webhookMatch, "Twin")
	live := edited(t, env, webMade(t, env, webhookMatch, "Typeform to our server").ID, func(c *simulator.Connect) {
		c.Status = simulator.StatusOn
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": env.Canary("s3cr3t-of-the-webhook")}
	})
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownOutputValue("names_of_those_on", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(live.Name)})),
		statecheck.ExpectKnownOutputValue("all", knownvalue.Int64Exact(3)),
	}

	for _, address := range []string{"data.appypie_connect.by_id", "data.appypie_connect.by_name"} {
		options := tfjsonpath.New("actions").AtSliceIndex(0).AtMapKey("options")
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(live.ID)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("enabled"), knownvalue.Bool(true)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("trigger").AtMapKey("trigger_id"), knownvalue.StringExact(live.Trigger.EventID)),
			statecheck.ExpectKnownValue(address, options, knownvalue.MapExact(map[string]knownvalue.Check{"url": knownvalue.StringExact("https://example.com/hook")})),
			statecheck.ExpectSensitiveValue(address, options))
	}

	env.Test(t,
		resource.TestStep{
			Config:      env.Config(`data "appypie_connect" "one" { name = "Typeform to my server" }`),
			ExpectError: regexp.MustCompile(`(?s)Nothing found.*Did you mean "Typeform to our server"`),
		},
		resource.TestStep{
			Config:      env.Config(`data "appypie_connect" "one" { name = "Twin" }`),
			ExpectError: regexp.MustCompile(`More than one found`),
		},
		resource.TestStep{
			Config: env.Config(`
				data "appypie_connects" "all" {}
				data "appypie_connects" "on" { enabled = true }
				data "appypie_connect" "by_id" { id = data.appypie_connects.on.connects[0].id }
				data "appypie_connect" "by_name" { name = "Typeform to our server" }
				output "all" { value = length(data.appypie_connects.all.connects) }
				output "names_of_those_on" { value = data.appypie_connects.on.connects[*].name }`),
			ConfigStateChecks: checks,
		})
}
