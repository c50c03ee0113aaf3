package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// exampleConnectID is the id that the import examples are written with.
const exampleConnectID = "64f0c2a1b3d4e5f60718293a"

// What the full example of a resource made, and the state forgot, is imported by
// the import example once its ids are those of the connect.
func TestImportExamplesImport(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"appypie_connect", "appypie_trigger_options", "appypie_action_options", "appypie_connect_activation"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			dir := filepath.Join(examplesDir(), "resources", name)
			tool := env.Project(t, map[string]string{"main.tf": readFile(t, filepath.Join(dir, "resource-full.tf"))})
			tool.Environment = append(tool.Environment, "TF_INPUT=false", "TF_VAR_signing_secret="+marked)

			run := func(args ...string) string {
				output, err := tool.Run(t.Context(), args...)
				if err != nil {
					t.Fatalf("%v\n%s", err, output)
				}
				return output
			}
			run("apply", "-auto-approve")
			made, err := env.Client(t).Connect(t.Context(), env.Sim.Connects()[0].ID)
			if err != nil {
				t.Fatal(err)
			}

			example := readFile(t, filepath.Join(dir, "import-by-string-id.tf"))
			example = strings.ReplaceAll(example, exampleConnectID, made.ID)
			if err := os.WriteFile(filepath.Join(tool.Dir, "import.tf"), []byte(example), 0o600); err != nil {
				t.Fatal(err)
			}

			_, rest, _ := strings.Cut(example, "to = ")
			address, _, _ := strings.Cut(rest, "\n")
			run("state", "rm", address)
			if output := run("apply", "-auto-approve"); !strings.Contains(output, "1 imported, 0 added") {
				t.Errorf("%s was not only imported:\n%s", address, output)
			}
		})
	}
}
