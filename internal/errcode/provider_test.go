package errcode_test

import (
	"go/ast"
	"go/token"
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

// A message has its title, cause and fix in the register and nowhere else: what a
// call says of its case must not say them again.
func TestCallsDoNotRepeatTheRegister(t *testing.T) {
	t.Parallel()
	codes, compared := constants(t), 0
	for path, file := range sources(t, filepath.Join(root, "internal", "provider")) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			code, said := codeAndTexts(call)
			if code == "" || said == "" {
				return true
			}
			compared++
			entry := errcode.Explain(errcode.Code(codes[code]))
			for _, part := range []string{entry.Title, entry.Cause, entry.Fix} {
				for sentence := range strings.SplitSeq(strings.ReplaceAll(part, "`", ""), ". ") {
					if strings.Contains(said, strings.TrimRight(sentence, ".")) {
						t.Errorf("%s: the message of errcode.%s says again: %s", path, code, sentence)
					}
				}
			}
			return true
		})
	}
	if compared < 30 {
		t.Errorf("only %d messages were found; has the way to make diagnostics changed?", compared)
	}
}

// codeAndTexts are the name of the code among the arguments of a call, and the
// literals behind it.
func codeAndTexts(call *ast.CallExpr) (code, texts string) {
	for _, argument := range call.Args {
		if selector, ok := argument.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "errcode" {
				code = selector.Sel.Name
				continue
			}
		}
		if code == "" {
			continue
		}
		ast.Inspect(argument, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil {
					texts += text + "\n"
				}
			}
			return true
		})
	}
	return code, texts
}
