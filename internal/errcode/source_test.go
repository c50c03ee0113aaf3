package errcode_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

const root = "../.."

// A code that nothing gives out would be a page that nobody is sent to.
func TestEveryCodeIsGivenOut(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, dir := range []string{"cmd", "internal"} {
		for _, file := range sources(t, filepath.Join(root, dir)) {
			ast.Inspect(file, func(node ast.Node) bool {
				if selector, ok := node.(*ast.SelectorExpr); ok {
					if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "errcode" {
						used[selector.Sel.Name] = true
					}
				}
				return true
			})
		}
	}
	ast.Inspect(parse(t, "kinds.go"), func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			used[name.Name] = true
		}
		return true
	})
	for name, code := range constants(t) {
		if !used[name] {
			t.Errorf("nothing gives out %s (%s)", name, code)
		}
	}
}

// What the layers below let callers decide on is a problem of its own here.
func TestEveryKindOfErrorHasACode(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("kinds.go")
	if err != nil {
		t.Fatal(err)
	}

	// These two hold a kind, ErrUnreachable is what a TransportError is, and the
	// stage of a change is told by what it ran into.
	wrappers := []string{"auth.Error", "connectapi.TransportError", "connectapi.ChangeError"}
	kind := regexp.MustCompile(`^(Err[A-Z]\w*|(\w+)?Error)$`)
	found := 0

	for _, pkg := range []string{"auth", "connectapi", "connectapi/dialect"} {
		for _, file := range sources(t, filepath.Join(root, "internal", pkg)) {
			for _, name := range exported(file) {
				full := file.Name.Name + "." + name
				if !kind.MatchString(name) || slices.Contains(wrappers, full) {
					continue
				}
				found++
				if !strings.Contains(string(table), "("+full+")") && !strings.Contains(string(table), "[*"+full+"]") {
					t.Errorf("kinds.go has no code for %s", full)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d kinds of errors were found; has the way to declare them changed?", found)
	}
}

// The page is what the links lead to. A heading that is nothing but the code
// has the code for its anchor.
func TestPageExplainsEveryCode(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, "docs", "guides", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), errcode.Page()) {
		t.Error("the page does not have the register; run make generate")
	}
	var headings, registered []string
	for _, match := range regexp.MustCompile(`(?m)^#+ (AP\d+)$`).FindAllStringSubmatch(string(raw), -1) {
		headings = append(headings, match[1])
	}
	for _, code := range constants(t) {
		registered = append(registered, code)
	}
	slices.Sort(registered)
	if !slices.Equal(headings, registered) {
		t.Errorf("the page has the codes %v, and the constants are %v", headings, registered)
	}
	for _, mentioned := range regexp.MustCompile(`AP\d{4}`).FindAllString(string(raw), -1) {
		if !slices.Contains(registered, mentioned) {
			t.Errorf("the page mentions %s, which is not registered", mentioned)
		}
	}
}

// constants are the codes of codes.go by their names.
func constants(t *testing.T) map[string]string {
	t.Helper()
	result := map[string]string{}
	ast.Inspect(parse(t, "codes.go"), func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok {
				t.Fatalf("%s is no literal", spec.Names[0].Name)
			}
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			result[spec.Names[0].Name] = code
		}
		return true
	})
	return result
}

// exported are the variables and types that a file exports.
func exported(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !ast.IsExported(name) })
}

// sources are the files below a folder that are not tests, by their paths.
func sources(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files[path] = parse(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
