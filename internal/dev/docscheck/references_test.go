package docscheck

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// reference is what a snippet takes from elsewhere: a block of some kind, or a
// function.
type reference struct {
	// kind is "resource", "data", "ephemeral", "action", "variable", "local" or
	// "module"; typeName is empty for the last three.
	kind, typeName, name string
	// attribute is the first name behind the block and its index.
	attribute string
	// index is the literal key of an instance, which has to come from for_each or
	// count.
	index    cty.Value
	function string
	at       hcl.Range
}

// referencesOf finds what a body refers to.
func referencesOf(body *hclsyntax.Body) []reference {
	var all []reference
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		switch n := node.(type) {
		case *hclsyntax.FunctionCallExpr:
			all = append(all, reference{function: n.Name, at: n.NameRange})
		case *hclsyntax.ScopeTraversalExpr:
			if ref, ok := readTraversal(n.Traversal); ok {
				all = append(all, ref)
			}
		case *hclsyntax.RelativeTraversalExpr:
			// x[key].attribute, where the key is computed.
			if index, ok := n.Source.(*hclsyntax.IndexExpr); ok {
				if inner, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr); ok {
					if ref, ok := readTraversal(slices.Concat(inner.Traversal, n.Traversal)); ok {
						all = append(all, ref)
					}
				}
			}
		}
		return nil
	})
	return all
}

// readTraversal reads a reference; false for what Terraform itself offers, such
// as each.key, and for the names in lifecycle.ignore_changes.
func readTraversal(steps hcl.Traversal) (reference, bool) {
	ref := reference{index: cty.NilVal, at: steps.SourceRange()}
	var names []string
	for i, step := range steps {
		if attribute, ok := step.(hcl.TraverseAttr); ok {
			names = append(names, attribute.Name)
			continue
		}
		if index, ok := step.(hcl.TraverseIndex); ok && ref.index == cty.NilVal && i <= 3 {
			ref.index = index.Key
		}
	}
	take := func() string {
		if len(names) == 0 {
			return ""
		}
		first := names[0]
		names = names[1:]
		return first
	}
	switch root := steps.RootName(); root {
	case "var", "local", "module":
		ref.kind = map[string]string{"var": "variable", "local": "local", "module": "module"}[root]
		ref.index = cty.NilVal
	case "data", "ephemeral", "action":
		ref.kind, ref.typeName = root, take()
	case "each", "count", "self", "path", "terraform":
		return reference{}, false
	default:
		if len(names) == 0 {
			return reference{}, false // A keyword, or a variable of a for expression.
		}
		ref.kind, ref.typeName = "resource", root
	}
	ref.name, ref.attribute = take(), take()
	return ref, true
}
