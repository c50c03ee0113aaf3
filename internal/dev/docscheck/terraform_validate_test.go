package docscheck

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// The first releases of Terraform that can read these.
const (
	identityVersion = "1.12.0"
	actionVersion   = "1.14.0"
)

// Terraform itself accepts every block of configuration. They are the modules of
// one configuration, so that one run of Terraform validates them all, and what a
// fragment leaves out is declared beside it.
func TestConfigurationIsValid(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	tool := newTerraform(t)
	readable := reader{identities: tool.AtLeast(identityVersion), actions: tool.AtLeast(actionVersion)}

	root := strings.Builder{}
	root.WriteString("variable \"" + anyValue + "\" {}\n")
	byModule := map[string]snippet{}
	left := map[string]int{}
	for i, s := range snippets(t) {
		if reason := readable.unreadable(s); reason != "" {
			left[reason]++
			continue
		}
		name := fmt.Sprintf("block_%d", i)
		byModule[name] = s
		m := readable.module(name, s, schema(t))
		root.WriteString(m.call)
		write(t, filepath.Join(tool.Dir, name, "main.tf"), m.text)
		write(t, filepath.Join(tool.Dir, name, "beside.tf"), m.beside)
	}
	write(t, filepath.Join(tool.Dir, "main.tf"), root.String())
	if text, err := tool.Run(t.Context(), "init", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	text, _, err := tfrun.Call(t.Context(), tool.Command(t.Context(), "validate", "-json"))
	if err != nil {
		t.Fatal(err)
	}
	report(t, readValidation(t, text, byModule))

	t.Logf("%s validated %d blocks", tool.Version, len(byModule))
	for reason, count := range left {
		t.Logf("%d blocks were compared with the schema only: %s", count, reason)
	}
	if len(byModule) < 40 {
		t.Errorf("only %d blocks were validated", len(byModule))
	}
}

func needsTerraform(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test runs Terraform; set TF_ACC=1 to have it run")
	}
}

// newTerraform is a Terraform in a folder of its own, which finds the provider.
func newTerraform(t *testing.T) *tfrun.Terraform {
	t.Helper()
	space := tfrun.NewWorkspace(t.TempDir())
	if err := space.InstallProvider(program(t, "terraform-provider-appypie")); err != nil {
		t.Fatal(err)
	}
	dir := space.Path("project")
	write(t, filepath.Join(dir, "versions.tf"), acctest.RequiredProviders)
	tool, err := tfrun.FindTerraform(t.Context(), space, dir)
	if err != nil {
		t.Fatal(err)
	}
	return tool
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// readValidation finds the page and the line behind each error.
func readValidation(t *testing.T, text string, byModule map[string]snippet) []finding {
	t.Helper()
	var answer tfjson.ValidateOutput
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var found []finding
	for _, diagnostic := range answer.Diagnostics {
		if diagnostic.Severity != tfjson.DiagnosticSeverityError {
			continue
		}
		f := finding{page: "all pages", word: diagnostic.Summary, reason: diagnostic.Detail}
		if at := diagnostic.Range; at != nil {
			f.page, f.line = at.Filename, at.Start.Line
			module, file := filepath.Split(filepath.FromSlash(at.Filename))
			if s, ok := byModule[filepath.Clean(module)]; ok {
				f.page = s.page
				f.line = s.line
				if file == "main.tf" {
					f.line += at.Start.Line - 1
				}
			}
		}
		if diagnostic.Snippet != nil {
			f.word += " in `" + strings.TrimSpace(diagnostic.Snippet.Code) + "`"
		}
		found = append(found, f)
	}
	return found
}

// reader knows what the Terraform at hand can read.
type reader struct{ identities, actions bool }

var (
	actionPattern   = regexp.MustCompile(`(?m)^\s*(action "|action_trigger \{)`)
	listPattern     = regexp.MustCompile(`(?m)^list "`)
	identityPattern = regexp.MustCompile(`(?m)^\s*identity\s*=`)
	foreignPattern  = regexp.MustCompile(`(?m)^(?:resource|data|ephemeral|provider) "([a-z0-9]+)`)
)

// unreadable says why Terraform cannot validate a block.
func (r reader) unreadable(s snippet) string {
	switch {
	case listPattern.MatchString(s.text):
		return "a query is no part of a configuration; the test of the list examples runs them"
	case actionPattern.MatchString(s.text) && !r.actions:
		return "actions need Terraform " + actionVersion
	case identityPattern.MatchString(s.text) && !r.identities:
		return "import by identity needs Terraform " + identityVersion
	}
	for _, match := range foreignPattern.FindAllStringSubmatch(s.text, -1) {
		if match[1] != "appypie" && match[1] != "terraform" {
			return "they use the provider " + match[1] + ", which is not at hand"
		}
	}
	return ""
}
