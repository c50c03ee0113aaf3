package docscheck

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// anyValue is a variable without a value: Terraform takes it for anything.
const anyValue = "docscheck_any"

// module is a snippet as a module that Terraform can read.
type module struct {
	text   string // the snippet, line by line as it is on the page
	beside string // what it leaves out
	call   string // in the root, with the imports, which no other module may have
}

// module makes a module of a snippet.
func (r reader) module(name string, s snippet, schema *tfjson.ProviderSchema) module {
	var call, imports strings.Builder
	fmt.Fprintf(&call, "module %q {\n  source = \"./%s\"\n  %s = var.%s\n", name, name, anyValue, anyValue)
	text := []byte(s.text)
	declared := map[string]bool{"variable  " + anyValue: true}
	for _, top := range s.body.Blocks {
		switch top.Type {
		case "variable":
			if top.Body.Attributes["default"] == nil {
				fmt.Fprintf(&call, "  %s = var.%s\n", top.Labels[0], anyValue)
			}
			declared["variable  "+top.Labels[0]] = true
		case "locals":
			for local := range top.Body.Attributes {
				declared["local  "+local] = true
			}
		case "import":
			imports.WriteString(moveImport(name, text, top))
		default:
			if len(top.Labels) == 2 {
				declared[top.Type+" "+top.Labels[0]+" "+top.Labels[1]] = true
			}
		}
	}
	beside := "variable \"" + anyValue + "\" {}\n"
	if !strings.Contains(s.text, "required_providers") {
		beside += acctest.RequiredProviders
	}
	for _, missing := range missingFrom(s.body, declared) {
		beside += missing.declaration(schema)
		if missing.kind == "variable" {
			fmt.Fprintf(&call, "  %s = var.%s\n", missing.name, anyValue)
		}
	}
	call.WriteString("}\n")
	return module{text: string(text), beside: beside, call: call.String() + imports.String()}
}

// moveImport blanks an import block and returns it as the root has to write it.
func moveImport(module string, text []byte, top *hclsyntax.Block) string {
	whole := top.Range()
	whole.End = top.CloseBraceRange.End
	moved := string(whole.SliceBytes(text))
	if to := top.Body.Attributes["to"]; to != nil {
		at := to.Expr.Range().Start.Byte - whole.Start.Byte
		moved = moved[:at] + "module." + module + "." + moved[at:]
	}
	for i := whole.Start.Byte; i < whole.End.Byte; i++ {
		if text[i] != '\n' {
			text[i] = ' '
		}
	}
	return moved + "\n"
}

// absent is a block that a snippet refers to and does not have.
type absent struct {
	kind, typeName, name string
	keys                 []cty.Value
}

// missingFrom finds what a snippet refers to and does not declare.
func missingFrom(body *hclsyntax.Body, declared map[string]bool) []*absent {
	missing := map[string]*absent{}
	for _, top := range body.Blocks {
		// What was removed or moved away must not be there.
		if top.Type == "removed" || top.Type == "moved" {
			continue
		}
		inner := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, Blocks: hclsyntax.Blocks{top}}
		for _, ref := range referencesOf(inner) {
			key := ref.kind + " " + ref.typeName + " " + ref.name
			ours := strings.HasPrefix(ref.typeName, "appypie_") || ref.kind == "variable" || ref.kind == "local"
			if declared[key] || !ours || ref.name == "" {
				continue
			}
			if missing[key] == nil {
				missing[key] = &absent{kind: ref.kind, typeName: ref.typeName, name: ref.name}
			}
			if ref.index != cty.NilVal {
				missing[key].keys = append(missing[key].keys, ref.index)
			}
		}
	}
	var all []*absent
	for _, key := range slices.Sorted(maps.Keys(missing)) {
		all = append(all, missing[key])
	}
	return all
}

// declaration is the least that Terraform accepts.
func (a *absent) declaration(schema *tfjson.ProviderSchema) string {
	switch a.kind {
	case "variable":
		return fmt.Sprintf("variable %q {}\n", a.name)
	case "local":
		return fmt.Sprintf("locals {\n  %s = var.%s\n}\n", a.name, anyValue)
	}
	c := &checker{schema: schema}
	known := c.known(a.kind, []string{a.typeName})
	if known == nil {
		return "" // TestConfigurationFitsTheSchema says so.
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q %q {\n%s", a.kind, a.typeName, a.name, a.instances())
	required := 0
	for _, name := range slices.Sorted(maps.Keys(known.Attributes)) {
		if known.Attributes[name].Required {
			required++
			fmt.Fprintf(&b, "  %s = var.%s\n", name, anyValue)
		}
	}
	if id := known.Attributes["id"]; required == 0 && id != nil && id.Optional {
		fmt.Fprintf(&b, "  id = var.%s\n", anyValue)
	}
	return b.String() + "}\n"
}

// instances makes the instances that the snippet names by their keys.
func (a *absent) instances() string {
	var keys []string
	for _, key := range a.keys {
		if key.Type() == cty.Number {
			return "  count = 9\n"
		}
		if text := fmt.Sprintf("%q", key.AsString()); !slices.Contains(keys, text) {
			keys = append(keys, text)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return "  for_each = toset([" + strings.Join(keys, ", ") + "])\n"
}
