package provider_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
)

const (
	// terraformTimeout bounds everything that Terraform does here, with room
	// for building the provider on a slow machine.
	terraformTimeout = 8 * time.Minute

	// marked is the secret that the examples are given.
	marked = "canary-of-the-examples-4711"
)

// All examples are applied at once by the real Terraform with the real plugin,
// at its most talkative, so that they are known to work and to give nothing away.
func TestExamplesApplyAndGiveNothingAway(t *testing.T) {
	t.Parallel()

	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test runs Terraform; set TF_ACC=1 to have it run")
	}

	env := acctest.New(t)
	env.NeedsSimulator(t, "the examples name what the simulated catalog has")

	// One example looks up a connect that someone made by hand.
	match := env.Sim.Catalog().Matches()[0]

	byHand, err := env.Client(t).CreateConnect(t.Context(), match.ID, "New leads to the CRM")
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), terraformTimeout)
	t.Cleanup(cancel)

	w := newWorkspace(ctx, t, env)
	w.copyExamples(t)

	output := w.terraform(t, "get")
	output += w.terraform(t, "validate")
	output += w.terraform(t, "apply", "-auto-approve", "-input=false")
	made := len(env.Sim.Connects()) - 1
	output += w.terraform(t, "plan", "-detailed-exitcode", "-input=false", "-out=plan")
	output += w.terraform(t, "show", "-json", "plan")
	state := w.read(t, "terraform.tfstate")
	output += w.terraform(t, "destroy", "-auto-approve", "-input=false")

	if left := env.Sim.Connects(); made < 5 || len(left) != 1 || left[0].ID != byHand.ID {
		t.Errorf("the examples made %d connects and left %d", made, len(left)-1)
	}

	log := w.read(t, "trace.log")
	for where, text := range map[string]string{"output": output, "state": state, "log": log} {
		expectNoSecret(t, env, where, text, marked)
	}

	// The search finds what it looks for.
	if !strings.Contains(log, "edit_action_options") || !strings.Contains(state, "Signed news") {
		t.Error("the log or the state is not the one that was searched for")
	}
}

// workspace is a folder in which Terraform runs with a provider of its own.
type workspace struct {
	ctx         context.Context //nolint:containedctx // it bounds the commands of one test.
	dir         string
	environment []string
}

func newWorkspace(ctx context.Context, t *testing.T, env *acctest.Env) *workspace {
	t.Helper()

	w := &workspace{ctx: ctx, dir: t.TempDir()}
	plugins := t.TempDir()

	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(plugins, "terraform-provider-appypie"), ".")
	build.Dir = filepath.Join("..", "..")

	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the provider: %v\n%s", err, text)
	}

	w.write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"appypie-community/appypie\" = %s\n  }\n}\n", acctest.Quote(plugins)))

	for _, name := range []string{"PATH", "TMPDIR", "LANG"} {
		if value, ok := os.LookupEnv(name); ok {
			w.environment = append(w.environment, name+"="+value)
		}
	}

	w.environment = append(w.environment,
		"HOME="+w.dir, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc"),
		"TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.dir, "trace.log"), "TF_VAR_secret="+marked,
		"APPYPIE_TOKEN_STORE_PATH="+filepath.Join(w.dir, "tokens"))

	for name, value := range env.Settings() {
		if text, ok := value.(string); ok {
			w.environment = append(w.environment, "APPYPIE_"+strings.ToUpper(name)+"="+text)
		}
	}

	return w
}

func (w *workspace) write(t *testing.T, name, text string) {
	t.Helper()

	file := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(file, []byte(text), 0o600); err != nil { //nolint:gosec // the folder is the test's own.
		t.Fatal(err)
	}
}

func (w *workspace) read(t *testing.T, name string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

func (w *workspace) terraform(t *testing.T, args ...string) string {
	t.Helper()

	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		program = "terraform"
	}

	command := exec.CommandContext(w.ctx, program, append(args, "-no-color")...) //nolint:gosec // who runs the tests chooses the program.
	command.Dir, command.Env = w.dir, w.environment

	text, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("terraform %s: %v\n%s", args[0], err, text)
	}

	return string(text)
}

// copyExamples makes a module of each folder of examples, and a root that calls
// them all.
func (w *workspace) copyExamples(t *testing.T) {
	t.Helper()

	var root strings.Builder
	root.WriteString("variable \"secret\" {\n  type      = string\n  ephemeral = true\n  sensitive = true\n}\n")

	modules := map[string][]string{}

	for _, file := range exampleFiles(t, examplesDir()) {
		// Only a root module may import; other tests look at those files.
		if !strings.HasPrefix(filepath.Base(file), "import") {
			modules[filepath.Dir(file)] = append(modules[filepath.Dir(file)], file)
		}
	}

	for i, dir := range slices.Sorted(maps.Keys(modules)) {
		name := fmt.Sprintf("%s_%d", filepath.Base(dir), i)
		pinned := false

		fmt.Fprintf(&root, "module %q {\n  source = \"./%s\"\n", name, name)

		for _, file := range modules[dir] {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}

			w.write(t, filepath.Join(name, filepath.Base(file)), string(text))

			pinned = pinned || strings.Contains(string(text), "required_providers")

			for variable, block := range blocksOf(exampleFile(t, file), "variable") {
				if block.Body.Attributes["default"] == nil {
					requireEphemeral(t, file, block)
					fmt.Fprintf(&root, "  %s = var.secret\n", variable)
				}
			}
		}

		root.WriteString("}\n")

		if !pinned {
			w.write(t, filepath.Join(name, "versions.tf"),
				"terraform {\n  required_providers {\n    appypie = {\n      source = \"appypie-community/appypie\"\n    }\n  }\n}\n")
		}
	}

	w.write(t, "main.tf", root.String())
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
