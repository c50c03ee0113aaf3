package reliability_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// ownOfTerraform is how many connects each Terraform has in its configuration.
const ownOfTerraform = 10

// TestLoadTerraform is TestLoad with 20 real Terraforms: each imports ten connects
// of an account of 10,000 and changes them, plans nothing, and changes them again.
// The service takes all access tokens back in the middle of the first; a login that
// loses them again within seconds is given up, on purpose.
func TestLoadTerraform(t *testing.T) { //nolint:paralleltest // It needs the machine for itself.
	if !full() || os.Getenv("TF_ACC") == "" {
		t.Skipf("this test runs 20 Terraforms at once; set TF_ACC=1 and %s=full, or use make load", modeVariable)
	}
	size := load{connects: 10_000, own: ownOfTerraform, runners: 20}
	s := newStage(t, size)
	tools := s.terraforms(t)
	numbers := [][2]string{
		{"connects", fmt.Sprint(size.connects)},
		{"runners", fmt.Sprintf("%d, %s, %d connects each", size.runners, tools[0].Version, size.own)},
	}
	s.takeBackAfter(size.runners * s.pages() / 2)
	for _, args := range [][]string{
		{"apply", "-auto-approve", "-input=false"},
		{"plan", "-detailed-exitcode", "-input=false"},
		{"apply", "-auto-approve", "-input=false", "-var=generation=2"},
	} {
		start, before := time.Now(), s.sum()
		var group sync.WaitGroup
		for _, tool := range tools {
			group.Go(func() {
				cmd := tool.Command(t.Context(), args...)
				if output, err := tfrun.MustCall(t.Context(), cmd); err != nil {
					t.Errorf("%v\n%s", err, output)
				}
			})
		}
		group.Wait()
		numbers = append(numbers, [2]string{args[0], fmt.Sprintf("%s, %d requests", time.Since(start).Round(time.Second), s.sum()-before)})
	}
	s.rounds = 2
	s.mustHaveEverything(t)
	s.mustHaveOneLogin(t, 2)
	writes := s.count(func(k asked) bool { return strings.Contains(k.operation, "edit_") && k.status == http.StatusOK })
	if want := 2 * 2 * size.runners * size.own; writes != want {
		t.Errorf("%d edits, want %d", writes, want)
	}
	pages := s.count(func(k asked) bool { return k.operation == "list_connects" && k.status == http.StatusOK })
	report(t, "load-terraform.txt", append(numbers, [][2]string{
		{"requests", fmt.Sprint(s.sum())},
		{"pages of connects", fmt.Sprintf("%d, %d a listing", pages, s.pages())},
		{"edits", fmt.Sprint(writes)},
		{"refreshes", fmt.Sprint(s.sim.TokenStats().Refreshes)},
		{"refresh tokens used twice", fmt.Sprint(s.sim.TokenStats().Reuses)},
	}...))
}

// terraforms makes a working directory for each runner.
func (s *loadStage) terraforms(t *testing.T) []*tfrun.Terraform {
	t.Helper()
	binary := filepath.Join(t.TempDir(), tfrun.Executable("terraform-provider-appypie"))
	if err := tfrun.Build(t.Context(), binary, "."); err != nil {
		t.Fatal(err)
	}
	var tools []*tfrun.Terraform
	for _, one := range s.shares {
		space := tfrun.NewWorkspace(t.TempDir())
		if err := space.InstallProvider(binary); err != nil {
			t.Fatal(err)
		}
		dir := space.Path("project")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(s.configuration(one)), 0o600); err != nil {
			t.Fatal(err)
		}
		tool, err := tfrun.FindTerraform(t.Context(), space, dir)
		if err != nil {
			t.Fatal(err)
		}
		tool.Environment = append(tool.Environment, "APPYPIE_API_URL="+one.URL+simulator.APIBase, "APPYPIE_TOKEN_URL="+one.URL+"/v1/oauth2/token",
			"APPYPIE_CLIENT_ID="+one.ClientID, "APPYPIE_CLIENT_SECRET="+one.Secret, "APPYPIE_REFRESH_TOKEN="+one.Seed, "APPYPIE_TOKEN_STORE_PATH="+one.Store)
		if _, err := tool.Run(t.Context(), "init", "-input=false"); err != nil {
			t.Fatal(err)
		}
		tools = append(tools, tool)
	}
	return tools
}

// configuration imports the connects of a share and manages two of their options.
func (s *loadStage) configuration(one share) string {
	names := map[string]string{}
	for _, c := range s.before {
		names[c.ID] = c.Name
	}
	connects := ""
	for _, id := range one.Whole {
		connects += fmt.Sprintf("    %q = %q\n", id, names[id])
	}
	return fmt.Sprintf(`terraform {
  required_providers {
    appypie = { source = "appypie-community/appypie" }
  }
}

variable "generation" {
  default = 1
}

locals {
  connects = {
%s  }
}

import {
  for_each = local.connects
  to       = appypie_connect.own[each.key]
  id       = each.key
}

resource "appypie_connect" "own" {
  for_each         = local.connects
  name             = each.value
  popular_match_id = %q
  enabled          = true
  trigger          = { options = { minute = ["00", "15", "30", "45"][var.generation] } }
  actions          = [{ options = { url = "https://hooks.example.com/${each.key}/${var.generation}", payload = null } }]
}
`, connects, s.before[0].PopularMatchID)
}
