package account_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const hubspotApp = `
	data "appypie_app" "hubspot" { name = "HubSpot" }
`

func TestAccConnectedAccounts(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	accounts := accountsOf(t, env, "HubSpot")
	var checks []statecheck.StateCheck
	for _, address := range []string{"data.appypie_connected_account.by_id", "data.appypie_connected_account.by_name"} {
		for attribute, value := range accountAttributes(accounts[1]) {
			text, _ := value.(string)
			checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(text)))
		}
	}
	checks = append(checks, statecheck.ExpectKnownValue("data.appypie_connected_accounts.hubspot", tfjsonpath.New("connected_accounts"),
		knownvalue.ListSizeExact(len(accounts))))

	env.Test(t,
		resource.TestStep{
			Config:      env.Config(hubspotApp + `data "appypie_connected_account" "one" { app_id = data.appypie_app.hubspot.id }`),
			ExpectError: regexp.MustCompile(`(?s)More than one found.*` + accounts[0].ID),
		},
		resource.TestStep{
			Config: env.Config(hubspotApp + `
				data "appypie_connected_account" "one" {
				  app_id = data.appypie_app.hubspot.id
				  name   = "marketting@example.com"
				}`),
			ExpectError: regexp.MustCompile(`(?s)Nothing found.*Did you mean\s+"marketing@example\.com"`),
		},
		resource.TestStep{
			Config: env.Config(hubspotApp + `
				data "appypie_connected_accounts" "hubspot" { app_id = data.appypie_app.hubspot.id }
				data "appypie_connected_account" "by_id" { id = data.appypie_connected_accounts.hubspot.connected_accounts[1].id }
				data "appypie_connected_account" "by_name" {
				  app_id = data.appypie_app.hubspot.id
				  name   = data.appypie_connected_accounts.hubspot.connected_accounts[1].name
				}`),
			ConfigStateChecks: checks,
		})
}

// The token finds the account, and the state has no trace of the token.
func TestAccConnectedAccountByCallbackToken(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.AutoAuthorize = true }))
	token := env.Canary(connectAccount(t, env, "Trello"))
	accounts := accountsOf(t, env, "Trello")

	env.Test(t, resource.TestStep{
		Config: env.Config(`
			variable "callback_token" {
			  type      = string
			  sensitive = true
			}
			data "appypie_connected_account" "trello" { callback_token = var.callback_token }`),
		ConfigVariables: config.Variables{"callback_token": config.StringVariable(token)},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.appypie_connected_account.trello", tfjsonpath.New("id"), knownvalue.StringExact(accounts[len(accounts)-1].ID)),
			statecheck.ExpectKnownValue("data.appypie_connected_account.trello", tfjsonpath.New("callback_token"), knownvalue.Null()),
		},
	})
}

func TestAccProfile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	profile, err := env.Client(t).Profile(t.Context())
	if err != nil {
		t.Fatalf("read the profile: %v", err)
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`data "appypie_profile" "me" {}`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.appypie_profile.me", tfjsonpath.New("id"), knownvalue.StringExact(profile.ID)),
		},
	})
}
