package errcode_test

import (
	"go/ast"
	"path/filepath"
	"slices"
	"testing"
)

// Only tfkit makes diagnostics, because it gives each its code.
func TestDiagnosticsOfTheProviderAreMadeInOnePlace(t *testing.T) {
	t.Parallel()
	makers := []string{
		"AddError", "AddAttributeError", "AddWarning", "AddAttributeWarning",
		"NewErrorDiagnostic", "NewAttributeErrorDiagnostic", "NewWarningDiagnostic", "NewAttributeWarningDiagnostic",
		"NewFuncError", "NewArgumentFuncError", "FuncError",
	}
	provider := filepath.Join(root, "internal", "provider")
	made := 0
	for path, file := range sources(t, provider) {
		if path == filepath.Join(provider, "tfkit", "diagnostics.go") {
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			var maker ast.Expr
			switch n := node.(type) {
			case *ast.CallExpr:
				maker = n.Fun
			case *ast.CompositeLit:
				maker = n.Type
			}
			if selector, ok := maker.(*ast.SelectorExpr); ok && slices.Contains(makers, selector.Sel.Name) {
				made++
				if pkg, ok := selector.X.(*ast.Ident); !ok || pkg.Name != "tfkit" {
					t.Errorf("%s makes a diagnostic without a code with %s: use tfkit.Error and its like", path, selector.Sel.Name)
				}
			}
			return true
		})
	}
	if made < 30 {
		t.Errorf("only %d diagnostics were found; has the way to make them changed?", made)
	}
}
