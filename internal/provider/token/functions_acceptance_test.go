package token_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// Values that a plan does not know yet, the marks of sensitive ones, and where
// errors point: that is up to Terraform.
func TestAccFunctions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)

	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: env.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      env.Config(`output "x" { value = provider::appypie::parse_callback("not an address") }`),
				ExpectError: regexp.MustCompile(`(?s)Invalid value for "url" parameter.*paste\s+the\s+whole\s+address`),
			},
			{
				Config:      env.Config(`output "x" { value = provider::appypie::authorization_url("c", "https://e.com", { scope = "a" }) }`),
				ExpectError: regexp.MustCompile(`(?s)there\s+is\s+no\s+option\s+"scope"`),
			},
			{
				// The result is as sensitive as the argument.
				Config:      env.Config(`output "x" { value = provider::appypie::parse_callback(sensitive("https://e.com/?t=1")).t }`),
				ExpectError: regexp.MustCompile(`Output refers to sensitive values`),
			},
			{
				Config: env.Config(`
					resource "terraform_data" "later" {
					  input = "https://automation.example.com/connected?code=abc&state=xyz"
					}
					output "callback" { value = provider::appypie::parse_callback(terraform_data.later.output) }
					output "page" {
					  value = provider::appypie::authorization_url("client-1", "http://127.0.0.1:8085/callback", { state = "xyz", scopes = ["a", "b"] })
					}
					output "hidden" {
					  value     = provider::appypie::parse_callback(sensitive("https://automation.example.com/?t=0f8f"))
					  sensitive = true
					}
					output "skeleton" {
					  value = provider::appypie::option_skeleton([
					    { key = "email", required = true, label = "Email", choices = [] },
					    { key = "phone", required = false, label = "Phone", choices = [{ label = "a", value = "b" }] },
					  ])
					}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownOutputValue("callback"),
					plancheck.ExpectKnownOutputValue("skeleton", knownvalue.MapExact(map[string]knownvalue.Check{"email": knownvalue.StringExact("")})),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValueAtPath("callback", tfjsonpath.New("code"), knownvalue.StringExact("abc")),
					statecheck.ExpectKnownOutputValueAtPath("callback", tfjsonpath.New("error"), knownvalue.Null()),
					statecheck.ExpectKnownOutputValueAtPath("hidden", tfjsonpath.New("t"), knownvalue.StringExact("0f8f")),
					statecheck.ExpectKnownOutputValue("page", knownvalue.StringRegexp(regexp.MustCompile(`scope=a\+b&state=xyz$`))),
				},
			},
		},
	})
}
