package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// marked is the secret that the examples are given.
const marked = "canary-of-the-examples-4711"

// kept is the connect of the example that shows another deletion_policy.
const kept = "Demo request to the sales tool"

// All examples are applied at once by the real Terraform with the real plugin,
// at its most talkative, so that they are known to work and to give nothing away.
func TestExamplesApplyAndGiveNothingAway(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the examples name what the simulated catalog has")

	// One example looks up a connect that someone made by hand.
	match := env.Sim.Catalog().Matches()[0]
	const byHand = "New leads to the CRM"
	_, err := env.Client(t).CreateConnect(t.Context(), match.ID, byHand)
	if err != nil {
		t.Fatal(err)
	}

	tool := env.Project(t, exampleModules(t, func(dir string) bool { return !isAction(dir) }))
	tool.Environment = append(tool.Environment, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(tool.Dir, "trace.log"), "TF_VAR_secret="+marked)
	run := func(args ...string) string {
		text, err := tool.Run(t.Context(), args...)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return text
	}

	output := run("validate") + run("apply", "-auto-approve", "-input=false")
	made := len(env.Sim.Connects()) - 1
	output += run("plan", "-detailed-exitcode", "-input=false", "-out=plan") + run("show", "-json", "plan")
	state := readFile(t, filepath.Join(tool.Dir, "terraform.tfstate"))
	output += run("destroy", "-auto-approve", "-input=false")

	// One example has its connect turned off and kept.
	left := map[string]string{}
	for _, connect := range env.Sim.Connects() {
		left[connect.Name] = connect.Status
	}
	if want := map[string]string{byHand: simulator.StatusOff, kept: simulator.StatusOff}; made < 20 || !maps.Equal(left, want) {
		t.Errorf("the examples made %d connects and left %v, want %v", made, left, want)
	}

	log := readFile(t, filepath.Join(tool.Dir, "trace.log"))
	for where, text := range map[string]string{"output": output, "state": state, "log": log} {
		expectNoSecret(t, env, where, text, marked)
	}

	// The search finds what it looks for.
	if !strings.Contains(log, "edit_action_options") || !strings.Contains(state, "Signed news") {
		t.Error("the log or the state is not the one that was searched for")
	}
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// isAction tells the folders of action examples, which Terraform below 1.14
// cannot even read.
func isAction(dir string) bool { return filepath.Base(filepath.Dir(dir)) == "actions" }

// isCalled reports whether a folder is a module that needs values, or calls one.
func isCalled(dir string) bool {
	base := filepath.Base(dir)
	return filepath.Base(filepath.Dir(dir)) == "modules" || base == "many-connects" || base == "environments"
}

// exampleModules makes a module of each example that is wanted, and a root that
// calls them all. An example is a folder of a guide, and a single file elsewhere:
// people copy the minimal example or the full one, and each has to do alone.
func exampleModules(t *testing.T, wanted func(dir string) bool) map[string]string {
	t.Helper()
	files := map[string]string{}

	var root strings.Builder
	root.WriteString("variable \"secret\" {\n  type      = string\n  ephemeral = true\n  sensitive = true\n}\n")
	modules := map[string][]string{}
	for _, file := range exampleFiles(t, examplesDir(), ".tf") {
		// Only a root module may import or configure a provider; other tests look at
		// those files, and at the modules that are called with something.
		if !strings.HasPrefix(filepath.Base(file), "import") && !isCalled(filepath.Dir(file)) && wanted(filepath.Dir(file)) {
			modules[moduleOf(file)] = append(modules[moduleOf(file)], file)
		}
	}

	for _, name := range slices.Sorted(maps.Keys(modules)) {
		pinned := false
		fmt.Fprintf(&root, "module %q {\n  source = \"./%s\"\n", name, name)

		for _, file := range modules[name] {
			// What it reads stands in its folder.
			for _, data := range exampleFiles(t, filepath.Dir(file), ".yaml") {
				files[filepath.Join(name, filepath.Base(data))] = readFile(t, data)
			}
			text := readFile(t, file)
			files[filepath.Join(name, filepath.Base(file))] = text
			pinned = pinned || strings.Contains(text, "required_providers")
			for variable, block := range blocksOf(exampleFile(t, file), "variable") {
				if block.Body.Attributes["default"] == nil {
					requireEphemeral(t, file, block)
					fmt.Fprintf(&root, "  %s = var.secret\n", variable)
				}
			}
		}
		root.WriteString("}\n")
		if !pinned {
			files[filepath.Join(name, "versions.tf")] = acctest.RequiredProviders
		}
	}
	files["main.tf"] = root.String()
	return files
}

// moduleOf names the module that a file of the examples becomes a part of, such
// as appypie_connect_resource_full.
func moduleOf(file string) string {
	dir := filepath.Dir(file)
	name := filepath.Base(dir)
	if filepath.Base(filepath.Dir(dir)) != "guides" {
		stem, _, _ := strings.Cut(filepath.Base(file), ".")
		name += "_" + stem
	}
	return strings.ReplaceAll(name, "-", "_")
}

// requireEphemeral sees to it that what an example asks for is a secret: what
// is none has a default, so that an example can be tried as it is.
func requireEphemeral(t *testing.T, file string, variable *hclsyntax.Block) {
	t.Helper()
	attribute := variable.Body.Attributes["ephemeral"]
	if attribute == nil {
		t.Fatalf("%s: variable %s has no default and is no secret", file, variable.Labels[0])
	}
}
