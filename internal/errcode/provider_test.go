package errcode_test

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
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

// Who looks for the summary of a message on the page finds it as a title.
func TestSummariesAreInTheTitlesOfTheirCodes(t *testing.T) {
	t.Parallel()
	codes, compared := constants(t), 0
	for path, file := range sources(t, filepath.Join(root, "internal", "provider")) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			code, summary := codeAndSummary(call)
			if code == "" || summary == "" {
				return true
			}
			compared++
			title := errcode.Explain(errcode.Code(codes[code])).Title
			if !strings.Contains(strings.ToLower(title), strings.ToLower(summary)) {
				t.Errorf("%s: the title of errcode.%s is %q, which does not have %q", path, code, title, summary)
			}
			return true
		})
	}
	if compared < 30 {
		t.Errorf("only %d summaries were found; has the way to make diagnostics changed?", compared)
	}
}

// codeAndSummary are the name of the code among the arguments of a call, and
// the first literal behind it.
func codeAndSummary(call *ast.CallExpr) (code, summary string) {
	for _, argument := range call.Args {
		switch a := argument.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := a.X.(*ast.Ident); ok && pkg.Name == "errcode" {
				code = a.Sel.Name
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(a.Value); err == nil && code != "" {
				return code, text
			}
		}
	}
	return code, ""
}
