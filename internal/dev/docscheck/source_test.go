package docscheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is what the Go code declares, as far as pages speak of it.
type source struct {
	tests map[string]bool
	// exported are names as prose writes them: Type.Method, package.Name.
	exported map[string]bool
	packages map[string]bool
	// codes are those of the register of problems.
	codes map[string]bool
	// variables are the environment variables that the code names, each with
	// whether a user's program reads it, as opposed to a test.
	variables map[string]bool
}

var (
	variablePattern = regexp.MustCompile(`\b(?:APPYPIE|TF_ACC)(?:_[A-Z0-9]+)*\b_?`)
	literalVariable = regexp.MustCompile(`^((?:APPYPIE|TF_ACC)(?:_[A-Z0-9]+)*)(?:=|$)`)
)

var theSource = sync.OnceValues(func() (*source, error) {
	r, err := theRepository()
	if err != nil {
		return nil, err
	}
	s := &source{tests: map[string]bool{}, exported: map[string]bool{}, packages: map[string]bool{}, codes: map[string]bool{}, variables: map[string]bool{}}
	for name := range r.files {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			continue
		}
		text, err := readFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.add(name, file)
	}
	return s, nil
})

func sources(t *testing.T) *source {
	t.Helper()
	s, err := theSource()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *source) add(name string, file *ast.File) {
	pkg := strings.TrimSuffix(file.Name.Name, "_test")
	s.packages[pkg] = true
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			s.addFunction(pkg, name, d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch v := spec.(type) {
				case *ast.TypeSpec:
					s.exported[pkg+"."+v.Name.Name], s.exported[v.Name.Name] = true, true
				case *ast.ValueSpec:
					for _, ident := range v.Names {
						s.exported[pkg+"."+ident.Name] = true
					}
				}
			}
		}
	}
	// The examples of what is wrong stand in the tests of this package.
	if pkg == "docscheck" {
		return
	}
	harness := strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "internal/testkit/acctest/")
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			if pkg == "errcode" && !harness && codePattern.MatchString(text) {
				s.codes[text] = true
			}
			if match := literalVariable.FindStringSubmatch(text); match != nil {
				s.variables[match[1]] = s.variables[match[1]] || !harness
			}
		}
		return true
	})
}

func (s *source) addFunction(pkg, file string, d *ast.FuncDecl) {
	if d.Recv == nil {
		s.exported[pkg+"."+d.Name.Name] = true
		if strings.HasSuffix(file, "_test.go") && regexp.MustCompile(`^(Test|Fuzz|Benchmark)[A-Z]`).MatchString(d.Name.Name) {
			s.tests[d.Name.Name] = true
		}
		return
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if ident, ok := receiver.(*ast.Ident); ok {
		s.exported[ident.Name+"."+d.Name.Name] = true
	}
}

// makefile is what the pages may say behind make.
type makefile struct {
	targets, variables map[string]bool
	// described are the targets that `make help` lists.
	described []string
}

var (
	targetPattern   = regexp.MustCompile(`^([a-z][a-z-]*):(?:[^=].*|)$`)
	describePattern = regexp.MustCompile(`^([a-z][a-z-]*):.*## `)
	assignPattern   = regexp.MustCompile(`^([A-Z_]+) *[?:+]?=`)
)

func readMakefile(text string) makefile {
	m := makefile{targets: map[string]bool{}, variables: map[string]bool{}}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if match := targetPattern.FindStringSubmatch(line); match != nil {
			m.targets[match[1]] = true
		}
		if match := describePattern.FindStringSubmatch(line); match != nil {
			m.described = append(m.described, match[1])
		}
		if match := assignPattern.FindStringSubmatch(line); match != nil {
			m.variables[match[1]] = true
		}
	}
	slices.Sort(m.described)
	return m
}
