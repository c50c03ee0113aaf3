package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// breaks are what is wrong with each example in turn, as an old text and a new one.
// Its tests must find each.
func breaks() map[string][][2]string {
	return map[string][][2]string{
		"guides/environments":   {{"name   = var.slack_account", `name   = "Acme workspace"`}, {"enabled          = var.enabled", "enabled          = true"}, {`by_label["general"]`, `by_label["sales"]`}},
		"guides/four-resources": {{"    appypie_trigger_options.subscribers.revision,\n", ""}, {"connect_id = appypie_connect.subscribers.id", "connect_id = data.appypie_popular_match.subscribers.id"}},
		"guides/many-connects":  {{"\ndemo-requests:", "\ndemo:"}, {"form: Demo Request", "form: Demo"}},
		"guides/map-fields":     {{"Hello {{full_name}}", "Hello {{name}}"}, {`by_label["Demo Request"]`, `by_label["Contact Us"]`}},
		"guides/one-match":      {{`minute: "15"`, `minute: "30"`}, {"each.value.url", "each.key"}},
		"guides/provenance":     {{"name = var.app", `name = "Slack"`}, {"    categories ", "    kinds "}},
		"guides/quickstart":     {{"    help          = appypie_connect.help.id\n", ""}, {"run_test   = true", "run_test   = false"}, {"account_id = data.appypie_connected_account.sheets.id", "account_id = null"}},
		"guides/secrets":        {{"secrets_wo_version = 1", "secrets_wo_version = 2"}, {`signed-news" }`, `signed-news", signing_secret = "stored" }`}},
	}
}

// TestMocksOfExamples runs the tests of each example without a service,
// and again with each fault that they must find.
func TestMocksOfExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range slices.Sorted(maps.Keys(breaks())) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			files := exampleTree(t, dir, ".")
			if strings.Contains(files["main.tf"], "required_providers") {
				files["versions.tf"] = "" // The example has it.
			}
			if strings.Contains(files["main.tf"], "../../modules") {
				maps.Copy(files, exampleTree(t, "modules/connects-from-yaml", "modules/connects-from-yaml"))
				files["main.tf"] = strings.ReplaceAll(files["main.tf"], "../../modules", "./modules")
			}
			tool := env.Project(t, files)
			if output := mustRun(t, tool, "test"); !strings.Contains(output, " passed, 0 failed") || strings.Contains(output, "\n0 passed") {
				t.Errorf("nothing was tested:\n%s", output)
			}
			if asked := len(env.Sim.Journal()); asked != 0 {
				t.Errorf("the tests made %d requests", asked)
			}
			for _, wrong := range breaks()[dir] {
				broken := ""
				for name, text := range files {
					changed := strings.Replace(text, wrong[0], wrong[1], 1)
					if strings.HasSuffix(name, ".tftest.hcl") || changed == text {
						continue
					}
					broken = filepath.Join(tool.Dir, name)
					if err := os.WriteFile(broken, []byte(changed), 0o600); err != nil {
						t.Fatal(err)
					}
					if output, err := tool.Run(t.Context(), "test"); err == nil {
						t.Errorf("with %q the tests pass:\n%s", wrong[1], output)
					}
					if err := os.WriteFile(broken, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if broken == "" {
					t.Errorf("the example has no %q", wrong[0])
				}
			}
		})
	}
}

// TestEveryExampleHasTests: a folder that is a configuration of its own has tests.
func TestEveryExampleHasTests(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob(filepath.Join(examplesDir(), "guides", "*", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		if dir := "guides/" + filepath.Base(filepath.Dir(file)); breaks()[dir] == nil {
			t.Errorf("%s has no tests; write %s/tests, and faults that they find", dir, dir)
		}
	}
}
