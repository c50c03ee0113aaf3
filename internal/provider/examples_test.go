package provider_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// examplesDir holds what people copy from, relative to this package.
func examplesDir() string { return filepath.Join("..", "..", "examples") }

// exampleFile parses one file of an example.
func exampleFile(t *testing.T, file string) *hclsyntax.Body {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatalf("%s is not in native syntax", file)
	}
	return body
}

// exampleFiles lists the files below a folder that have one of the extensions.
func exampleFiles(t *testing.T, dir string, extensions ...string) []string {
	t.Helper()
	var found []string

	err := filepath.WalkDir(dir, func(file string, _ fs.DirEntry, err error) error {
		if err == nil && slices.Contains(extensions, filepath.Ext(file)) {
			found = append(found, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// blocksOf returns the blocks of one kind, for example "resource", each under
// its labels.
func blocksOf(body *hclsyntax.Body, kind string) map[string]*hclsyntax.Block {
	found := map[string]*hclsyntax.Block{}
	for _, block := range body.Blocks {
		if block.Type == kind {
			found[strings.Join(block.Labels, ".")] = block
		}
	}
	return found
}

func TestEverythingHasAnExample(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	for name := range r.schemas.ResourceSchemas {
		t.Run("resource "+name, func(t *testing.T) {
			t.Parallel()
			expectExamples(t, name, "resource", filepath.Join("resources", name), "resource.tf", "resource-full.tf")
			expectImports(t, r, name)
		})
	}
	for name := range r.schemas.DataSourceSchemas {
		t.Run("data "+name, func(t *testing.T) {
			t.Parallel()
			expectExamples(t, name, "data", filepath.Join("data-sources", name), "data-source.tf", "data-source-in-use.tf")
		})
	}
	for name := range r.schemas.EphemeralResourceSchemas {
		t.Run("ephemeral "+name, func(t *testing.T) {
			t.Parallel()
			expectExamples(t, name, "ephemeral", filepath.Join("ephemeral-resources", name), "ephemeral-resource.tf", "ephemeral-resource-in-use.tf")
		})
	}
	for name := range r.schemas.ActionSchemas {
		t.Run("action "+name, func(t *testing.T) {
			t.Parallel()
			expectExamples(t, name, "action", filepath.Join("actions", name), "action.tf", "action-in-use.tf")
		})
	}
	for name := range r.schemas.ListResourceSchemas {
		t.Run("list "+name, func(t *testing.T) {
			t.Parallel()
			expectExamples(t, name, "list", filepath.Join("list-resources", name), queryExample, "list-resource-with-filters.tfquery.hcl")
		})
	}

	for name := range r.schemas.Functions {
		t.Run("function "+name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(examplesDir(), "functions", name, "function.tf")
			if text := readFile(t, file); !strings.Contains(text, "provider::appypie::"+name+"(") {
				t.Errorf("%s does not call it", file)
			}
		})
	}
}

// queryExample is the example of a list resource, which is no part of a module.
const queryExample = "list-resource.tfquery.hcl"

// expectExamples holds a folder to the files of its kind: the minimal example
// first, then the one that shows more. Both show the thing itself.
func expectExamples(t *testing.T, name, kind, dir string, files ...string) {
	t.Helper()
	for _, file := range files {
		blocks := blocksOf(exampleFile(t, filepath.Join(examplesDir(), dir, file)), kind)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(blocks)), func(labels string) bool { return strings.HasPrefix(labels, name+".") }) {
			t.Errorf("%s of %s shows no %s %s", file, dir, kind, name)
		}
	}
}

// expectImports holds the three ways of importing to the resource that the
// full example declares, and the identity to its schema.
func expectImports(t *testing.T, r registry, name string) {
	t.Helper()
	dir := filepath.Join(examplesDir(), "resources", name)
	declared := blocksOf(exampleFile(t, filepath.Join(dir, "resource-full.tf")), "resource")
	script, err := os.ReadFile(filepath.Join(dir, "import.sh"))
	if err != nil {
		t.Fatal(err)
	}

	for line := range strings.Lines(string(script)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if len(words) < 4 || words[0] != "terraform" || words[1] != "import" || declared[words[2]] == nil {
			t.Errorf("import.sh imports into nothing that resource-full.tf declares: %s", line)
		}
	}
	byID := importBlock(t, filepath.Join(dir, "import-by-string-id.tf"), declared)
	if byID.Attributes["id"] == nil {
		t.Error("import-by-string-id.tf gives no id")
	}
	byIdentity := importBlock(t, filepath.Join(dir, "import-by-identity.tf"), declared)
	if byIdentity.Attributes["identity"] == nil {
		t.Fatal("import-by-identity.tf gives no identity")
	}
	value, diags := byIdentity.Attributes["identity"].Expr.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	given := value.AsValueMap()
	for _, one := range r.identities[name].IdentityAttributes {
		if _, ok := given[one.Name]; !ok && one.RequiredForImport {
			t.Errorf("import-by-identity.tf lacks %s", one.Name)
		}
		delete(given, one.Name)
	}
	for unknown := range given {
		t.Errorf("import-by-identity.tf has %s, which the identity has not", unknown)
	}
}

func importBlock(t *testing.T, file string, declared map[string]*hclsyntax.Block) *hclsyntax.Body {
	t.Helper()
	block := blocksOf(exampleFile(t, file), "import")[""]
	if block == nil || block.Body.Attributes["to"] == nil {
		t.Fatalf("%s imports nothing", file)
	}
	to, diags := hcl.AbsTraversalForExpr(block.Body.Attributes["to"].Expr)
	if diags.HasErrors() || len(to) != 2 {
		t.Fatalf("%s does not import into a resource: %v", file, diags)
	}
	name, ok := to[1].(hcl.TraverseAttr)
	if !ok || declared[to.RootName()+"."+name.Name] == nil {
		t.Errorf("%s imports into nothing that resource-full.tf declares", file)
	}
	return block.Body
}

// An example outlives what it shows when nobody looks.
func TestExamplesShowOnlyWhatThereIs(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	known := map[string]map[string]*tfprotov6.Schema{
		"resource": r.schemas.ResourceSchemas, "data": r.schemas.DataSourceSchemas, "ephemeral": r.schemas.EphemeralResourceSchemas,
		"list": r.schemas.ListResourceSchemas, "action": {},
	}
	for name, action := range r.schemas.ActionSchemas {
		known["action"][name] = action.Schema
	}

	for _, file := range exampleFiles(t, examplesDir(), ".tf", ".hcl") {
		body := exampleFile(t, file)
		for kind, schemas := range known {
			for labels, block := range blocksOf(body, kind) {
				name, _, _ := strings.Cut(labels, ".")
				switch {
				case strings.HasPrefix(name, "appypie_") && schemas[name] == nil:
					t.Errorf("%s shows the %s %s, which does not exist", file, kind, name)
				case kind == "list" || kind == "action":
					expectConfig(t, file, schemas[name], block.Body)
				}
			}
		}
	}

	for dir, kind := range map[string]string{
		"resources": "resource", "data-sources": "data", "ephemeral-resources": "ephemeral", "list-resources": "list", "actions": "action",
	} {
		folders, err := os.ReadDir(filepath.Join(examplesDir(), dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range folders {
			if known[kind][folder.Name()] == nil {
				t.Errorf("examples/%s/%s is about nothing that exists", dir, folder.Name())
			}
		}
	}
}

// expectConfig holds the config block of a list or action block to its schema:
// Terraform below 1.14 applies neither.
func expectConfig(t *testing.T, file string, schema *tfprotov6.Schema, body *hclsyntax.Body) {
	t.Helper()
	given := hclsyntax.Attributes{}
	if config := blocksOf(body, "config")[""]; config != nil {
		given = config.Body.Attributes
	}
	for _, attribute := range schema.Block.Attributes {
		if attribute.Required && given[attribute.Name] == nil {
			t.Errorf("%s lacks %s", file, attribute.Name)
		}
	}
	for name := range given {
		if !slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name }) {
			t.Errorf("%s sets %s, which does not exist", file, name)
		}
	}
}
