package errcode_test

import (
	"go/ast"
	"go/token"
	"maps"
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
	all := sources(t, filepath.Join(root, "internal", "provider"))
	maps.Copy(all, sources(t, filepath.Join(root, "cmd")))
	for path, file := range all {
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
	if compared < 60 {
		t.Errorf("only %d messages were found; has the way to make diagnostics changed?", compared)
	}
}

// An error of the companion is the facts. What to do next is in the register, or in
// errcode.WithNext where a case knows better; it once stood behind a semicolon, or was
// a command.
func TestErrorsOfTheCompanionAreFacts(t *testing.T) {
	t.Parallel()
	compared := 0
	for path, file := range sources(t, filepath.Join(root, "cmd")) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			said := ""
			switch nameOf(call.Fun) {
			case "usage":
				said = literals(call.Args[0])
			case "errcode.Errorf", "usageNext":
				said = literals(call.Args[1])
			}
			if said == "" {
				return true
			}
			compared++
			for _, rest := range strings.Split(said, "; ")[1:] {
				if !strings.HasPrefix(rest, "did you mean") {
					t.Errorf("%s: the error says more than the facts: %s", path, rest)
				}
			}
			if strings.Contains(said, "`appypie ") {
				t.Errorf("%s: the error names a command, which belongs into the register or errcode.WithNext: %s", path, said)
			}
			return true
		})
	}
	if compared < 60 {
		t.Errorf("only %d errors were found; has the way to make them changed?", compared)
	}
}

// nameOf is the name of a function that is called, with its package.
func nameOf(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok {
			return pkg.Name + "." + f.Sel.Name
		}
	}
	return ""
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
		texts += literals(argument)
	}
	return code, texts
}

// literals are the texts of an expression, one a line.
func literals(in ast.Expr) (texts string) {
	ast.Inspect(in, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts += text + "\n"
			}
		}
		return true
	})
	return texts
}
