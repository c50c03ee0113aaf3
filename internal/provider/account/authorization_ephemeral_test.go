package account_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	authorizationType = "appypie_account_authorization"
	callbackURL       = "https://automation.example.com/connected?tenant=7"
)

func TestAuthorizationIsALinkOfTheApp(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	trello := app(t, env, "Trello")
	driver := env.Driver(t)
	opened, diags := driver.Open(t.Context(), authorizationType, map[string]any{"app_id": trello.ID, "callback_url": callbackURL})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if link := fmt.Sprint(opened["url"]); !strings.HasPrefix(link, env.URL) || opened["app_id"] != trello.ID || opened["callback_url"] != callbackURL {
		t.Errorf("got %v", opened)
	}
	again, diags := driver.Open(t.Context(), authorizationType, map[string]any{"app_id": trello.ID, "callback_url": callbackURL})
	if len(diags) > 0 || again["url"] == opened["url"] {
		t.Errorf("the second link is %v\n%s", again, diags)
	}
	requests := env.Requests("connect_account")
	if len(requests) != 2 || !strings.Contains(requests[0].Path, trello.AuthType) || !strings.Contains(requests[0].Path, trello.SeoLink) {
		t.Errorf("requests %+v", requests)
	}
}

func TestAuthorizationEndsEachMistakeInOneError(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	trello := app(t, env, "Trello").ID
	broken := newEnv(t)
	broken.Sim.AddFault(simulator.Fault{Operation: "connect_account", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Times: -1})

	tests := map[string]struct {
		env                   *acctest.Env
		appID, callback       any
		summary, path, detail string
	}{
		"no app":                  {env, nil, callbackURL, "Missing Configuration for Required Attribute", "app_id", ""},
		"no callback":             {env, trello, nil, "Missing Configuration for Required Attribute", "callback_url", ""},
		"a name for an id":        {env, "Trello!", callbackURL, "Invalid Attribute Value Match", "app_id", "look ids up"},
		"an unknown app":          {env, unknownID, callbackURL, "Cannot read the app " + unknownID, "app_id", "Check the id"},
		"an app without accounts": {env, app(t, env, "Webhooks").ID, callbackURL, "The app needs no account", "app_id", "Leave account_id out"},
		"a path for a callback":   {env, trello, "/connected", "Invalid callback address", "callback_url", "https"},
		"a callback in the clear": {env, trello, "http://automation.example.com/", "Invalid callback address", "callback_url", "loopback"},
		"a callback with a user":  {env, trello, "https://me@automation.example.com/", "Invalid callback address", "callback_url", "https"},
		"a callback's fragment":   {env, trello, callbackURL + "#top", "Invalid callback address", "callback_url", "fragment"},
		"a service that refuses":  {broken, app(t, broken, "Trello").ID, callbackURL, "Cannot obtain a link to connect an account of Trello", "", "HTTP 403"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := test.env.Driver(t).Open(t.Context(), authorizationType, map[string]any{"app_id": test.appID, "callback_url": test.callback})
			if len(diags) != 1 || diags[0].Summary != test.summary || diags[0].Path != test.path || !strings.Contains(diags[0].Detail, test.detail) {
				t.Errorf("got:\n%s", diags)
			}
		})
	}
}

// The echo provider keeps in its state what it was configured with, which shows
// an ephemeral value to the test.
func TestAccAuthorizationReachesAnotherProvider(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	factories := env.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	data := tfjsonpath.New("data")

	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			ExpectNonEmptyPlan: acctest.OpensEphemerals(t),
			Config: env.Config(`
				data "appypie_app" "trello" { name = "Trello" }
				ephemeral "appypie_account_authorization" "trello" {
				  app_id       = data.appypie_app.trello.id
				  callback_url = "http://127.0.0.1:8085/callback"
				}
				provider "echo" { data = ephemeral.appypie_account_authorization.trello }
				resource "echo" "seen" {}
			`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.seen", data.AtMapKey("app_id"), knownvalue.StringExact(app(t, env, "Trello").ID)),
				statecheck.ExpectKnownValue("echo.seen", data.AtMapKey("url"), knownvalue.StringFunc(func(link string) error {
					if !strings.HasPrefix(link, env.URL) {
						return fmt.Errorf("the link %q is none of the service", link)
					}
					return nil
				})),
			},
		}},
	})
}

// Nothing of an ephemeral value is kept.
func TestAccAuthorizationIsInNoState(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.Test(t, resource.TestStep{
		ExpectNonEmptyPlan: acctest.OpensEphemerals(t),
		Config: env.Config(`
			data "appypie_app" "trello" { name = "Trello" }
			ephemeral "appypie_account_authorization" "trello" {
			  app_id       = data.appypie_app.trello.id
			  callback_url = "https://automation.example.com/connected"
			}
			locals { invitation = "Please open ${ephemeral.appypie_account_authorization.trello.url}" }
		`),
	})
	if len(env.Requests("connect_account")) == 0 {
		t.Error("no link was asked for")
	}
}
