package connect_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// Identities are in the state, and an import block that gives one plans nothing
// but the import.
func TestAccConnectIdentity(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	config := env.Config(`
		resource "appypie_connect" "hourly" {
		  name             = "Hourly"
		  popular_match_id = "` + env.MatchID(t, acctest.ScheduleToWebhook) + `"
		  enabled          = true
		  trigger          = { options = { minute = "15" } }
		  actions          = [{ options = { url = "https://example.com/hourly" } }]
		}`)

	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentityValueMatchesState("appypie_connect.hourly", tfjsonpath.New("id")),
				},
			},
			{
				Config:          config,
				ResourceName:    "appypie_connect.hourly",
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithResourceIdentity,
			},
			{
				Config:          config,
				ResourceName:    "appypie_connect.hourly",
				ImportState:     true,
				ImportStateKind: resource.ImportBlockWithID,
			},
		},
	})
}
