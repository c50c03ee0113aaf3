package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// exampleTree reads all files below a folder of the examples, under a path in
// front of their own.
func exampleTree(t *testing.T, dir, at string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := filepath.Join(examplesDir(), dir)
	for _, file := range exampleFiles(t, root, ".tf", ".hcl", ".yaml", ".tfvars") {
		below, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Join(at, below)] = readFile(t, file)
	}
	return files
}

func mustRun(t *testing.T, tool *tfrun.Terraform, args ...string) string {
	t.Helper()
	output, err := tool.Run(t.Context(), args...)
	if err != nil {
		t.Fatalf("terraform %v: %v\n%s", args, err, output)
	}
	return output
}

// guideSteps are the arguments of a guide's Terraform commands, in their order.
func guideSteps(t *testing.T, guide string, want int) [][]string {
	t.Helper()
	page := readFile(t, filepath.Join("..", "..", "templates", "guides", guide+".md.tmpl"))
	var steps [][]string
	for _, block := range regexp.MustCompile("(?s)```shell\n(.*?)```").FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(block[1]) {
			if words := strings.Fields(line); len(words) > 1 && words[0] == "terraform" {
				steps = append(steps, words[1:])
			}
		}
	}
	if len(steps) != want {
		t.Fatalf("the guide %s has the commands %q, want %d", guide, steps, want)
	}
	return steps
}

// connectsOf maps the names of all connects to their status.
func connectsOf(env *acctest.Env) map[string]string {
	found := map[string]string{}
	for _, connect := range env.Sim.Connects() {
		found[connect.Name] = connect.Status
	}
	return found
}

// The guide's file of connects is applied through the module, and another plan is
// empty. A connect that leaves the file is deleted; the others stay.
func TestModuleMakesEveryConnectOfTheFile(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	files := exampleTree(t, "guides/many-connects", ".")
	maps.Copy(files, exampleTree(t, "modules/connects-from-yaml", "modules/connects-from-yaml"))
	// In the repository the module is two folders up.
	files["main.tf"] = strings.ReplaceAll(files["main.tf"], "../../modules", "./modules")
	tool := env.Project(t, files)
	mustRun(t, tool, "apply", "-auto-approve", "-input=false")
	if want := (map[string]string{"Hourly heartbeat": simulator.StatusOn, "Demo request to Slack": simulator.StatusOn}); !maps.Equal(connectsOf(env), want) {
		t.Errorf("the file made %v, want %v", connectsOf(env), want)
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	// The guide's moved block keeps a connect whose key changes.
	page := readFile(t, filepath.Join("..", "..", "templates", "guides", "many-connects.md.tmpl"))
	moved := regexp.MustCompile("(?s)moved \\{.*?\n\\}\n").FindString(page)
	renamed := strings.Replace(files["connects.yaml"], "\nheartbeat:", "\nhourly-heartbeat:", 1)
	for name, text := range map[string]string{"moved.tf": moved, "connects.yaml": renamed} {
		if err := os.WriteFile(filepath.Join(tool.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if output := mustRun(t, tool, "apply", "-auto-approve", "-input=false"); !strings.Contains(output, "has moved") || !strings.Contains(output, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("another key does not only move the connect:\n%s", output)
	}
	shorter, _, _ := strings.Cut(renamed, "demo-requests:")
	if err := os.WriteFile(filepath.Join(tool.Dir, "connects.yaml"), []byte(shorter), 0o600); err != nil {
		t.Fatal(err)
	}
	if output := mustRun(t, tool, "apply", "-auto-approve", "-input=false"); !strings.Contains(output, "0 added, 0 changed, 1 destroyed") {
		t.Errorf("a connect that left the file is not the only one that was deleted:\n%s", output)
	}
}

// The tests of the module pass without a service, with the answers that they give
// and not without them.
func TestMocksOfTheModule(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const module = "modules/connects-from-yaml"
	files := exampleTree(t, module, ".")
	tool := env.Project(t, files)
	for _, step := range guideSteps(t, "test-with-mocks", 2) {
		mustRun(t, tool, step...)
	}
	if output := mustRun(t, tool, "test"); !regexp.MustCompile(`3 passed, 0 failed`).MatchString(output) {
		t.Errorf("not all tests passed:\n%s", output)
	}
	if asked := len(env.Sim.Journal()); asked != 0 {
		t.Errorf("the tests made %d requests", asked)
	}
	name := filepath.Join("tests", "connects.tftest.hcl")
	without := regexp.MustCompile(`(?s)mock_provider "appypie" \{.*?\n\}\n`).ReplaceAllString(files[name], "mock_provider \"appypie\" {}\n")
	if err := os.WriteFile(filepath.Join(tool.Dir, name), []byte(without), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := tool.Run(t.Context(), "test"); err == nil || !strings.Contains(output, "Invalid index") {
		t.Errorf("without the answers: %v\n%s", err, output)
	}
}

// The environments of the guide are workspaces of one configuration, each with its
// login and its accounts.
func TestEnvironmentsOfTheGuide(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	files := exampleTree(t, "guides/environments", ".")
	files["versions.tf"] = "" // The guide's file has it.
	tool := env.Project(t, files)
	for _, step := range guideSteps(t, "environments", 4) {
		if step[0] != "apply" {
			tool.Environment = append(tool.Environment, "APPYPIE_REFRESH_TOKEN="+env.Sim.Login())
			mustRun(t, tool, step...)
			continue
		}
		mustRun(t, tool, append(step, "-auto-approve", "-input=false")...)
		mustRun(t, tool, append([]string{"plan", "-detailed-exitcode", "-input=false"}, step[1:]...)...)
	}
	if want := (map[string]string{"Hourly chime (dev)": simulator.StatusOff, "Hourly chime (prod)": simulator.StatusOn}); !maps.Equal(connectsOf(env), want) {
		t.Errorf("the environments have %v, want %v", connectsOf(env), want)
	}
	accounts := map[string]bool{}
	for _, connect := range env.Sim.Connects() {
		accounts[connect.Actions[0].AccountID] = true
	}
	if len(accounts) != 2 {
		t.Errorf("the environments use the accounts %v, want one each", accounts)
	}
}

// The service gets the fields as they are written, and fills them in itself.
func TestMappedFieldsReachTheService(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	tool := env.Project(t, exampleTree(t, "guides/map-fields", "."))
	mustRun(t, tool, "apply", "-auto-approve", "-input=false")
	if got, want := env.Sim.Connects()[0].Actions[0].Options["payload"], `{"email":"{{email}}","greeting":"Hello {{full_name}}"}`; got != want {
		t.Errorf("the payload is %q, want %q", got, want)
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// What the guide says about the lines of a plan is what Terraform prints, and its
// commands apply the plan that was reviewed.
func TestReviewedPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const (
		enabled = "enabled          = true"
		options = `options = { url = "https://hooks.example.com/heartbeat" }`
	)
	example := readFile(t, filepath.Join(examplesDir(), "resources", "appypie_connect", "resource.tf"))
	tool := env.Project(t, map[string]string{"main.tf": strings.Replace(example, options, `options = { url = "https://hooks.example.com/heartbeat", method = "POST" }`, 1)})
	for _, step := range guideSteps(t, "review-a-plan", 3) {
		mustRun(t, tool, step...)
	}
	if made := connectsOf(env); len(made) != 1 {
		t.Fatalf("the reviewed plan made %v", made)
	}
	page := readFile(t, filepath.Join("..", "..", "templates", "guides", "review-a-plan.md.tmpl"))
	for line, edit := range map[string]func(string) string{
		"enabled = true -> false": func(text string) string { return strings.Replace(text, enabled, "enabled = false", 1) },
		"forces replacement": func(text string) string {
			return strings.NewReplacer("every hour", "every day", `minute = "30"`, `hour = "08", time_zone = "UTC"`).Replace(text)
		},
		"-> null": func(text string) string { return text },
	} {
		changed := edit(example)
		if err := os.WriteFile(filepath.Join(tool.Dir, "main.tf"), []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		output := mustRun(t, tool, "plan", "-input=false")
		if !strings.Contains(page, line) || !strings.Contains(regexp.MustCompile(` +`).ReplaceAllString(output, " "), line) {
			t.Errorf("the guide or the plan lacks %q:\n%s", line, output)
		}
	}
}
