package docscheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// plainSources are the files and folders whose prose is held to testdata/words.txt:
// pages as a whole, and of Go the texts that people read. Tests are not.
func plainSources() []string {
	return []string{"README.md", "CONTRIBUTING.md", "DESIGN.md", "templates", "cmd", "internal/errcode", "internal/auth", "internal/provider", "internal/connectapi", "internal/tfwrite", "internal/dev/docgen"}
}

// Prose is plain: a word of the list has a shorter one in its place.
func TestProseIsPlain(t *testing.T) {
	t.Parallel()
	words := bannedWords(t)
	read := 0
	for _, source := range plainSources() {
		err := filepath.WalkDir(filepath.Join(root, source), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			for _, text := range prose(t, name) {
				read++
				for word, better := range words {
					if found := word.FindString(text); found != "" {
						t.Errorf("%s: %q in %q; say %s", name, found, strings.TrimSpace(text), better)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if read < 1000 {
		t.Errorf("only %d texts were read; is something not found?", read)
	}
}

func TestBannedWordsAreFound(t *testing.T) {
	t.Parallel()
	words := bannedWords(t)
	for text, want := range map[string]bool{
		"The Cure.": true, "it heals what": true, "Mend it": true, "shall not": true, "goes on from there": true,
		"secure": false, "recommended": false, "a shallow copy": false, "turn it on": false, "goes on the command line": false,
	} {
		found := false
		for word := range words {
			found = found || word.MatchString(text)
		}
		if found != want {
			t.Errorf("%q has a banned word: %t, want %t", text, found, want)
		}
	}
}

// bannedWords are the patterns of the list, and what to say instead.
func bannedWords(t *testing.T) map[*regexp.Regexp]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "words.txt"))
	if err != nil {
		t.Fatal(err)
	}
	words := map[*regexp.Regexp]string{}
	for line := range strings.Lines(string(raw)) {
		if word, better, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			words[regexp.MustCompile(`(?i)\b(`+strings.ReplaceAll(word, " ", `\s+`)+`)\b`)] = better
		}
	}
	return words
}

// prose is what people read of a file: its paragraphs, or the string literals of Go.
func prose(t *testing.T, name string) []string {
	t.Helper()
	switch {
	case strings.HasSuffix(name, "_test.go"):
		return nil
	case strings.HasSuffix(name, ".md"), strings.HasSuffix(name, ".tmpl"):
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(string(raw), "\n\n")
	case !strings.HasSuffix(name, ".go"):
		return nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
