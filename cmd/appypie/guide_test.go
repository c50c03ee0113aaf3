package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// guide is the page that has a fix for every message of authentication.
const guide = "../../templates/guides/authentication.md.tmpl"

// A message that the guide does not know leaves its reader alone.
func TestGuideKnowsEveryMessage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	messages := authMessages(t)
	if len(messages) < 30 {
		t.Errorf("only %d messages were found; has the way to make them changed?", len(messages))
	}
	for _, message := range messages {
		if !strings.Contains(string(page), message) {
			t.Errorf("the guide lacks %q", message)
		}
	}
}

// authMessages are the beginnings of all summaries that internal/auth gives to
// an error, as far as they are the same in every case.
func authMessages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../internal/auth/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if text := opening(summaryOf(node)); text != "" && !slices.Contains(messages, text) {
				messages = append(messages, text)
			}
			return true
		})
	}
	return messages
}

// summaryOf is the expression that becomes the summary of an error.
func summaryOf(node ast.Node) ast.Expr {
	switch n := node.(type) {
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "newError" {
			return n.Args[1]
		} else if ok && name.Name == "commandError" {
			return n.Args[0]
		}
	case *ast.CompositeLit:
		if name, ok := n.Type.(*ast.Ident); ok && name.Name == "ConfigError" && len(n.Elts) == 3 {
			return n.Elts[1]
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Summary" {
			return n.Value
		}
	case *ast.AssignStmt:
		if target, ok := n.Lhs[0].(*ast.SelectorExpr); ok && n.Tok == token.ASSIGN && target.Sel.Name == "Summary" {
			return n.Rhs[0]
		}
	}
	return nil
}

// opening is the text that an expression begins with, up to what varies.
func opening(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.BinaryExpr:
		return opening(e.X)
	case *ast.CallExpr:
		return opening(e.Args[0])
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			return ""
		}
		text, _, _ = strings.Cut(text, "%")
		return strings.TrimRight(text, ` "`)
	}
	return ""
}
