package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// heartbeat is a configuration that looks things up, and makes a connect and
// turns it on.
const heartbeat = `
data "appypie_app" "all" {
  for_each = toset(["Schedule by Connect", "Webhooks"])
  name     = each.key
}

data "appypie_popular_match" "hourly_webhook" {
  trigger_app_id = data.appypie_app.all["Schedule by Connect"].id
  action_app_id  = data.appypie_app.all["Webhooks"].id
  title          = "Call a webhook every hour"
}

resource "appypie_connect" "heartbeat" {
  name             = "Hourly heartbeat"
  popular_match_id = data.appypie_popular_match.hourly_webhook.id
  enabled          = true
  trigger          = { options = { minute = "30" } }
  actions          = [{ options = { url = "https://hooks.example.com/heartbeat", method = "POST" } }]
}
`

// What the doctor prints is pasted into the provider block as it is, and the real
// Terraform works with a service that it could not work with before.
func TestDoctorsOverridesLetTerraformApply(t *testing.T) {
	t.Parallel()
	b := moved(t, map[string]string{
		"list_apps":            "GET /app/list",
		"list_popular_matches": "GET /popular-match/list",
		"list_triggers":        "GET /app/{appId}/triggers",
		"get_trigger":          "GET /trigger/{triggerId}",
		"list_connects":        "GET /connect/list",
	})
	tool := b.env.Project(t, map[string]string{"main.tf": `provider "appypie" {}` + "\n" + heartbeat})
	if output, err := tool.Run(t.Context(), "plan", "-input=false"); err == nil || !strings.Contains(output, "list_apps") {
		t.Errorf("without overrides: %v\n%s", err, output)
	}

	r := b.run("doctor", "--probe")
	b.fails(r, exitFailure, "do not work")
	configure(t, tool, r.out)
	for _, step := range []func() (string, error){
		func() (string, error) { return tool.Plan(t.Context(), tfrun.PlanChanges) },
		func() (string, error) { return tool.Apply(t.Context()) },
		func() (string, error) { return tool.Plan(t.Context(), tfrun.PlanEmpty) },
	} {
		if output, err := step(); err != nil {
			t.Fatalf("with what the doctor said: %v\n%s", err, output)
		}
	}

	// The connect that there is now leaves the doctor in no doubt about the list.
	healed := b.run("doctor", "--probe")
	if strings.Contains(healed.out, "an empty list") {
		t.Errorf("the doctor doubts:\n%s", healed.out)
	}
	if output, err := tool.Run(t.Context(), "destroy", "-auto-approve", "-input=false"); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if left := b.env.Sim.Connects(); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

// configure puts what the doctor printed for a provider block into one.
func configure(t *testing.T, tool *tfrun.Terraform, report string) {
	t.Helper()
	begin := strings.Index(report, "  endpoints = {\n")
	if begin < 0 {
		t.Fatalf("nothing to paste:\n%s", report)
	}
	end := strings.Index(report[begin:], "\n  }\n")
	if end < 0 {
		t.Fatalf("what is to be pasted has no end:\n%s", report)
	}
	block := report[begin : begin+end+len("\n  }\n")]
	text := "provider \"appypie\" {\n" + block + "}\n" + heartbeat
	if err := os.WriteFile(filepath.Join(tool.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
