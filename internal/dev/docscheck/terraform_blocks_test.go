package docscheck

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
)

// languages of the blocks that hold configuration.
func configurationLanguages() []string { return []string{"terraform", "hcl"} }

// snippet is a block of configuration that was parsed.
type snippet struct {
	block
	body *hclsyntax.Body
}

// parseSnippet parses a block; positions are those of the page.
func parseSnippet(b block) (snippet, []finding) {
	parsed, diags := hclsyntax.ParseConfig([]byte(b.text), b.page, hcl.Pos{Line: b.line, Column: 1})
	if diags.HasErrors() {
		return snippet{}, []finding{{b.page, "configuration", diags.Error(), b.line}}
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return snippet{}, []finding{{b.page, "configuration", "is not in native syntax", b.line}}
	}
	return snippet{b, body}, nil
}

// snippets parses all blocks of configuration in the repository's pages.
func snippets(t *testing.T) []snippet {
	t.Helper()
	var all []snippet
	for _, b := range repo(t).blocksIn(configurationLanguages()...) {
		s, found := parseSnippet(b)
		report(t, found)
		if len(found) == 0 {
			all = append(all, s)
		}
	}
	return all
}

// Every block of configuration fits the schema, also those that no Terraform at
// hand can read. TestConfigurationIsValid goes further, with Terraform itself.
func TestConfigurationFitsTheSchema(t *testing.T) {
	t.Parallel()
	all := snippets(t)
	for _, s := range all {
		report(t, checkSnippet(s, schema(t)))
	}
	t.Logf("%d blocks of configuration were parsed and compared with the schema", len(all))
	if len(all) < 50 {
		t.Errorf("only %d blocks were found", len(all))
	}
}

// checker compares a snippet with the schema.
type checker struct {
	page   string
	schema *tfjson.ProviderSchema
	found  []finding
}

func checkSnippet(s snippet, schema *tfjson.ProviderSchema) []finding {
	c := &checker{page: s.page, schema: schema}
	if len(s.body.Attributes) > 0 {
		c.add(s.body.SrcRange, "configuration", "attributes outside of a block")
	}
	for _, top := range s.body.Blocks {
		c.topLevel(top)
	}
	for _, ref := range referencesOf(s.body) {
		c.reference(ref)
	}
	return c.found
}

func (c *checker) add(at hcl.Range, word, reason string) {
	c.found = append(c.found, finding{c.page, word, reason, at.Start.Line})
}

// metaArguments are what Terraform itself understands in each kind of block.
func metaArguments() map[string][]string {
	common := []string{"count", "for_each", "provider", "depends_on", "lifecycle"}
	return map[string][]string{
		"provider": {"alias", "version"}, "resource": append(slices.Clone(common), "provisioner", "connection"),
		"data": common, "ephemeral": common,
		"list": {"provider", "include_resource", "limit", "count", "for_each"}, "action": {"provider", "count", "for_each"},
	}
}

func (c *checker) topLevel(top *hclsyntax.Block) {
	switch top.Type {
	case "terraform", "locals", "variable", "output", "moved", "removed", "check", "module", "mock_provider", "variables", "run":
		return
	case "mock_data":
		c.mock(top)
		return
	case "import":
		c.importBlock(top)
		return
	}
	if len(top.Labels) > 0 && !strings.HasPrefix(top.Labels[0], "appypie") {
		return // The schema of another provider is not known here.
	}
	known := c.known(top.Type, top.Labels)
	if known == nil {
		c.add(top.TypeRange, top.Type+" "+strings.Join(top.Labels, " "), "the provider has no such thing")
		return
	}
	body := top.Body
	if top.Type == "list" || top.Type == "action" {
		// Their arguments have a block of their own.
		outer := &tfjson.SchemaBlock{NestedBlocks: map[string]*tfjson.SchemaBlockType{"config": {Block: known}}}
		if !slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "config" }) {
			c.required(known, body)
		}
		known = outer
	}
	c.body(known, body, metaArguments()[top.Type])
}

// mock compares the answers of a mocked data source with its schema.
func (c *checker) mock(top *hclsyntax.Block) {
	known := c.known("data", top.Labels)
	defaults := top.Body.Attributes["defaults"]
	if known == nil || defaults == nil {
		c.add(top.TypeRange, strings.Join(top.Labels, " "), "the provider has no such data source, or the mock answers nothing")
		return
	}
	for _, object := range objectsIn(defaults.Expr) {
		for _, item := range object.Items {
			if key, diags := item.KeyExpr.Value(nil); diags.HasErrors() || known.Attributes[key.AsString()] == nil {
				c.add(item.KeyExpr.Range(), "defaults", "the schema has no such attribute")
			}
		}
	}
}

// known is the schema of a block at the top level.
func (c *checker) known(kind string, labels []string) *tfjson.SchemaBlock {
	if len(labels) == 0 {
		return nil
	}
	if action := c.schema.ActionSchemas[labels[0]]; kind == "action" && action != nil {
		return action.Block
	}
	schemas := map[string]map[string]*tfjson.Schema{
		"provider": {"appypie": c.schema.ConfigSchema}, "resource": c.schema.ResourceSchemas, "data": c.schema.DataSourceSchemas,
		"ephemeral": c.schema.EphemeralResourceSchemas, "list": c.schema.ListResourceSchemas,
	}
	if found := schemas[kind][labels[0]]; found != nil {
		return found.Block
	}
	return nil
}

// body compares a body with its schema.
func (c *checker) body(known *tfjson.SchemaBlock, body *hclsyntax.Body, meta []string) {
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		attribute := body.Attributes[name]
		if slices.Contains(meta, name) {
			continue
		}
		c.attribute(known.Attributes[name], attribute.Expr, name, attribute.NameRange)
	}
	for _, inner := range body.Blocks {
		nested := known.NestedBlocks[inner.Type]
		switch {
		case slices.Contains(meta, inner.Type):
		case nested == nil:
			c.add(inner.TypeRange, inner.Type, "the schema has no such block")
		default:
			c.body(nested.Block, inner.Body, nil)
		}
	}
	c.required(known, body)
}

func (c *checker) required(known *tfjson.SchemaBlock, body *hclsyntax.Body) {
	for name, attribute := range known.Attributes {
		if attribute.Required && body.Attributes[name] == nil {
			c.add(body.SrcRange, name, "is required and missing")
		}
	}
}

// attribute compares an attribute, and what is written inside it, with its schema.
func (c *checker) attribute(known *tfjson.SchemaAttribute, value hclsyntax.Expression, name string, at hcl.Range) {
	switch {
	case known == nil:
		c.add(at, name, "the schema has no such attribute")
		return
	case !known.Required && !known.Optional:
		c.add(at, name, "is computed and cannot be set")
		return
	case known.AttributeNestedType == nil:
		return
	}
	for _, object := range objectsIn(value) {
		written := map[string]bool{}
		for _, item := range object.Items {
			key, diags := item.KeyExpr.Value(nil)
			if diags.HasErrors() || known.AttributeNestedType.NestingMode == tfjson.SchemaNestingModeMap {
				continue
			}
			written[key.AsString()] = true
			c.attribute(known.AttributeNestedType.Attributes[key.AsString()], item.ValueExpr, key.AsString(), item.KeyExpr.Range())
		}
		for inner, attribute := range known.AttributeNestedType.Attributes {
			if attribute.Required && !written[inner] {
				c.add(object.SrcRange, inner, "is required and missing")
			}
		}
	}
}

// objectsIn are the objects that a value is written as: one, or a list of them.
func objectsIn(value hclsyntax.Expression) []*hclsyntax.ObjectConsExpr {
	switch v := value.(type) {
	case *hclsyntax.ObjectConsExpr:
		return []*hclsyntax.ObjectConsExpr{v}
	case *hclsyntax.TupleConsExpr:
		var all []*hclsyntax.ObjectConsExpr
		for _, element := range v.Exprs {
			all = append(all, objectsIn(element)...)
		}
		return all
	}
	return nil
}

// importBlock compares an identity with that of the resource.
func (c *checker) importBlock(top *hclsyntax.Block) {
	to := top.Body.Attributes["to"]
	if to == nil {
		c.add(top.TypeRange, "import", "to is missing")
		return
	}
	traversal, diags := hcl.AbsTraversalForExpr(to.Expr)
	if diags.HasErrors() {
		return // An index that is computed.
	}
	name := traversal.RootName()
	if c.schema.ResourceSchemas[name] == nil {
		c.add(to.NameRange, name, "the provider has no such resource")
		return
	}
	for argument, attribute := range top.Body.Attributes {
		if !slices.Contains([]string{"to", "id", "identity", "provider", "for_each"}, argument) {
			c.add(attribute.NameRange, argument, "an import block has no such argument")
		}
	}
	if identity := top.Body.Attributes["identity"]; identity != nil {
		c.identity(name, identity)
	}
}

func (c *checker) identity(name string, identity *hclsyntax.Attribute) {
	known := c.schema.ResourceIdentitySchemas[name]
	if known == nil {
		c.add(identity.NameRange, name, "has no identity")
		return
	}
	written := map[string]bool{}
	for _, object := range objectsIn(identity.Expr) {
		for _, item := range object.Items {
			key, _ := item.KeyExpr.Value(nil)
			written[key.AsString()] = true
			if known.Attributes[key.AsString()] == nil {
				c.add(item.KeyExpr.Range(), key.AsString(), "is no part of the identity of "+name)
			}
		}
	}
	for key, attribute := range known.Attributes {
		if attribute.RequiredForImport && !written[key] {
			c.add(identity.NameRange, key, "is required in the identity of "+name)
		}
	}
}

// reference checks the first attribute behind a reference to something of this
// provider, and that functions of the provider exist.
func (c *checker) reference(ref reference) {
	if ref.function != "" {
		if name, ours := strings.CutPrefix(ref.function, "provider::appypie::"); ours && c.schema.Functions[name] == nil {
			c.add(ref.at, ref.function, "the provider has no such function")
		}
		return
	}
	if !strings.HasPrefix(ref.typeName, "appypie_") {
		return
	}
	known := c.known(ref.kind, []string{ref.typeName})
	if known == nil {
		c.add(ref.at, ref.kind+" "+ref.typeName, "the provider has no such thing")
		return
	}
	if ref.attribute != "" && ref.kind != "action" && known.Attributes[ref.attribute] == nil && known.NestedBlocks[ref.attribute] == nil {
		c.add(ref.at, ref.typeName+"."+ref.attribute, "the schema has no such attribute")
	}
}

func TestWrongConfigurationIsFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"no configuration":    {`resource "appypie_connect" "x" { popular_match_id = "m", name = "n" }`, "Invalid"},
		"fits":                {"resource \"appypie_connect\" \"x\" {\n popular_match_id = \"m\"\n name = \"n\"\n trigger = { options = { anything = \"y\" } }\n}", ""},
		"unknown attribute":   {"resource \"appypie_connect\" \"x\" {\n popular_match_id = \"m\"\n name = \"n\"\n switch = true\n}", "switch: the schema has no such attribute"},
		"nested attribute":    {"resource \"appypie_connect\" \"x\" {\n popular_match_id = \"m\"\n name = \"n\"\n actions = [{ option = {} }]\n}", "option: the schema has no such attribute"},
		"missing attribute":   {"resource \"appypie_connect\" \"x\" {\n name = \"n\"\n}", "popular_match_id: is required and missing"},
		"computed attribute":  {"resource \"appypie_connect\" \"x\" {\n popular_match_id = \"m\"\n name = \"n\"\n id = \"i\"\n}", "id: is computed"},
		"unknown type":        {"data \"appypie_recipe\" \"x\" {}", "the provider has no such thing"},
		"unknown block":       {"recipe \"appypie_connect\" \"x\" {}", "the provider has no such thing"},
		"inner block":         {"provider \"appypie\" {\n token_store {}\n}", "token_store: the schema has no such block"},
		"reference":           {"locals {\n x = data.appypie_connects.all.ids[0]\n}", "appypie_connects.ids: the schema has no such attribute"},
		"indexed reference":   {"locals {\n x = data.appypie_app.all[\"x\"].identity\n}", "appypie_app.identity: the schema has no such attribute"},
		"function":            {"locals {\n x = provider::appypie::callback(\"\")\n}", "the provider has no such function"},
		"identity":            {"import {\n to = appypie_connect.x\n identity = { name = \"n\" }\n}", "name: is no part of the identity"},
		"import of unknown":   {"import {\n to = appypie_recipe.x\n id = \"n\"\n}", "appypie_recipe: the provider has no such resource"},
		"action argument":     {"action \"appypie_connect_turn_on\" \"x\" {\n config {\n connect = \"n\"\n }\n}", "connect: the schema has no such attribute"},
		"action without":      {"action \"appypie_connect_turn_on\" \"x\" {}", "connect_id: is required and missing"},
		"mocked attribute":    {"mock_data \"appypie_app\" {\n defaults = { title = \"n\" }\n}", "defaults: the schema has no such attribute"},
		"mocked data source":  {"mock_data \"appypie_recipe\" {\n defaults = {}\n}", "the provider has no such data source"},
		"list argument":       {"list \"appypie_connect\" \"x\" {\n provider = appypie\n config {\n query = \"n\"\n }\n}", "query: the schema has no such attribute"},
		"another provider":    {"resource \"random_id\" \"x\" {\n byte_length = 2\n}", ""},
		"attributes at large": {"enabled = true", "attributes outside of a block"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, found := parseSnippet(block{page: "x.md", line: 1, text: test.text})
			if len(found) == 0 {
				found = checkSnippet(s, schema(t))
			}
			if text := fmt.Sprint(found); (test.want == "") != (len(found) == 0) || !strings.Contains(text, test.want) {
				t.Errorf("found %s, want %q", text, test.want)
			}
		})
	}
}
