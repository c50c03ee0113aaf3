package provider_test

import (
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// twoAliases is a configuration whose plan needs the login in two provider
// processes at once.
const twoAliases = `
provider "appypie" {}

provider "appypie" {
  alias = "other"
}

data "appypie_profile" "here" {}

data "appypie_profile" "there" {
  provider = appypie.other
}

data "appypie_app" "trigger" {
  name = "Schedule by Connect"
}

data "appypie_app" "action" {
  provider = appypie.other
  name     = "Webhooks"
}

data "appypie_popular_match" "hourly" {
  trigger_app_id = data.appypie_app.trigger.id
  action_app_id  = data.appypie_app.action.id
  title          = "Call a webhook every hour"
}

resource "appypie_connect" "here" {
  name             = "Here"
  popular_match_id = data.appypie_popular_match.hourly.id
  enabled          = true
  trigger          = { options = { minute = "30" } }
  actions          = [{ options = { url = "https://hooks.example.com/here" } }]
}

resource "appypie_connect" "there" {
  provider         = appypie.other
  name             = "There"
  popular_match_id = data.appypie_popular_match.hourly.id
  enabled          = true
  trigger          = { options = { minute = "45" } }
  actions          = [{ options = { url = "https://hooks.example.com/there" } }]
}
`

// Every phase of a run is a process of its own, and every alias another. The
// seed is spent once, each refresh token once, and no family is revoked.
func TestRotationAcrossPhases(t *testing.T) {
	t.Parallel()

	// Tokens this short end between one phase and the next, and sometimes
	// within one.
	env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.AccessTokenLife = 2 * time.Second }))
	tool := env.Project(t, map[string]string{"main.tf": twoAliases})

	phases := [][]string{
		{"validate"},
		{"plan", "-input=false", "-out=saved"},
		{"apply", "-input=false", "saved"},
		{"plan", "-input=false", "-detailed-exitcode"},
		{"apply", "-input=false", "-auto-approve"},
		{"plan", "-input=false", "-detailed-exitcode"},
		{"apply", "-input=false", "-auto-approve"},
		{"plan", "-input=false", "-detailed-exitcode"},
		{"destroy", "-input=false", "-auto-approve"},
	}

	for _, args := range phases {
		if output, err := tool.Run(t.Context(), args...); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		stats := env.Sim.TokenStats()
		if stats.Reuses != 0 || stats.RevokedFamilies != 0 {
			t.Fatalf("after %s a refresh token was used twice: %+v", args[0], stats)
		}
		if args[0] == "validate" && stats.Refreshes != 0 {
			t.Errorf("validate spent %d refresh tokens", stats.Refreshes)
		}
	}
	if stats := env.Sim.TokenStats(); stats.Refreshes < 2 {
		t.Errorf("there were %d refreshes, so that nothing rotated", stats.Refreshes)
	}
}

// Runs side by side with one store wait for each other's exchange.
func TestRotationSideBySide(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tool := env.Project(t, map[string]string{"main.tf": `data "appypie_profile" "me" {}`})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if output, err := tool.Run(t.Context(), "plan", "-input=false", "-lock=false"); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
	wait.Wait()
	if stats := env.Sim.TokenStats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("want one refresh for all, got %+v", stats)
	}
}
