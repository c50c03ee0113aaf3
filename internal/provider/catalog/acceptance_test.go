package catalog_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

func TestAccCategories(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	crm := crmCategory(t, env)
	var checks []statecheck.StateCheck
	for _, address := range []string{"data.appypie_category.by_id", "data.appypie_category.by_name", "data.appypie_category.by_slug"} {
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(crm.ID)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("CRM")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("seo_link"), knownvalue.StringExact("crm")))
	}
	checks = append(checks, statecheck.ExpectKnownValue("data.appypie_categories.all", tfjsonpath.New("categories"),
		knownvalue.ListSizeExact(len(env.Sim.Catalog().Categories()))))

	env.Test(t,
		resource.TestStep{
			Config:      env.Config(`data "appypie_category" "crm" { name = "CRN" }`),
			ExpectError: regexp.MustCompile(`(?s)Nothing found.*name = "CRN".*Did you mean "CRM"\?`),
		},
		resource.TestStep{
			Config: env.Config(`
				data "appypie_categories" "all" {}
				data "appypie_category" "by_id" {
				  id = [for c in data.appypie_categories.all.categories : c.id if c.name == "CRM"][0]
				}
				data "appypie_category" "by_name" { name = "crm" }
				data "appypie_category" "by_slug" { seo_link = "crm" }`),
			ConfigStateChecks: checks,
		})
}

func TestAccApps(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	slack := app(t, env, "Slack")
	var checks []statecheck.StateCheck
	for _, address := range []string{"data.appypie_app.by_id", "data.appypie_app.by_name", "data.appypie_app.by_slug"} {
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(slack.ID)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("name"), knownvalue.StringExact("Slack")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("auth_type"), knownvalue.StringExact(slack.AuthType)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("category_ids"), knownvalue.ListSizeExact(len(slack.CategoryIDs))))
	}
	checks = append(checks, statecheck.ExpectKnownValue("data.appypie_apps.found", tfjsonpath.New("apps"), knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(slack.ID), "seo_link": knownvalue.StringExact("slack")}),
	})))

	env.Test(t,
		resource.TestStep{
			Config:      env.Config(`data "appypie_app" "slack" { name = "Slak" }`),
			ExpectError: regexp.MustCompile(`(?s)Nothing found.*Did you mean "Slack"`),
		},
		resource.TestStep{
			Config: env.Config(`
				data "appypie_app" "slack" {
				  name     = "Slack"
				  seo_link = "slack"
				}`),
			ExpectError: regexp.MustCompile(`(?s)Invalid Attribute Combination.*\[id,name,seo_link\]`),
		},
		resource.TestStep{
			Config: env.Config(`
				data "appypie_category" "chat" { name = "Team Chat" }
				data "appypie_apps" "found" {
				  category_id = data.appypie_category.chat.id
				  text        = "slack"
				}
				data "appypie_app" "by_name" { name = "SLACK" }
				data "appypie_app" "by_slug" { seo_link = "slack" }
				data "appypie_app" "by_id" { id = data.appypie_app.by_slug.id }`),
			ConfigStateChecks: checks,
		})
}

func TestAccPopularMatches(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	both := match(t, env, twoActions)
	const apps = `
		data "appypie_app" "typeform" { name = "Typeform" }
		data "appypie_app" "slack" { name = "Slack" }`
	var checks []statecheck.StateCheck
	for _, address := range []string{"data.appypie_popular_match.by_apps", "data.appypie_popular_match.by_id"} {
		checks = append(checks,
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact(both.ID)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("title"), knownvalue.StringExact(twoActions)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("trigger").AtMapKey("trigger_id"), knownvalue.StringExact(both.Trigger.EventID)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("actions").AtSliceIndex(1).AtMapKey("action_id"), knownvalue.StringExact(both.Actions[1].EventID)))
	}
	checks = append(checks, statecheck.ExpectKnownValue("data.appypie_popular_matches.found", tfjsonpath.New("popular_matches"), knownvalue.ListSizeExact(1)))

	env.Test(t,
		resource.TestStep{
			Config: env.Config(apps + `
				data "appypie_popular_match" "several" {
				  trigger_app_id = data.appypie_app.typeform.id
				  action_app_id  = data.appypie_app.slack.id
				}`),
			ExpectError: regexp.MustCompile(`More than one found`),
		},
		resource.TestStep{
			Config: env.Config(apps + `
				data "appypie_popular_matches" "found" {
				  trigger_app_id = data.appypie_app.typeform.id
				  action_app_id  = data.appypie_app.slack.id
				  text           = "mailchimp"
				}
				data "appypie_popular_match" "by_apps" {
				  trigger_app_id = data.appypie_app.typeform.id
				  action_app_id  = data.appypie_app.slack.id
				  title          = "` + twoActions + `"
				}
				data "appypie_popular_match" "by_id" { id = data.appypie_popular_matches.found.popular_matches[0].id }`),
			ConfigStateChecks: checks,
		})
}
