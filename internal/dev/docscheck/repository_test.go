package docscheck

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the folder of the module, as the tests of this package see it.
const root = "../../.."

// repository is what the pages speak of, read once for all tests.
type repository struct {
	files map[string]bool // below the root, with slashes
	dirs  map[string]bool
	names map[string]bool // base names of the files
	pages []page
}

var theRepository = sync.OnceValues(readRepository)

func repo(t *testing.T) *repository {
	t.Helper()
	r, err := theRepository()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readRepository() (*repository, error) {
	r := &repository{files: map[string]bool{}, dirs: map[string]bool{}, names: map[string]bool{}}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(file, filepath.FromSlash(root)), string(filepath.Separator)))
		switch {
		case entry.IsDir() && slices.Contains([]string{".git", ".cache", "bin", "dist", ".terraform"}, name):
			return filepath.SkipDir
		case entry.IsDir():
			r.dirs[name] = true
			return nil
		}
		r.files[name], r.names[path.Base(name)] = true, true
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		// Test data is what tests read, not people. The register is read on the page
		// that it is printed on, where its links lead somewhere.
		if path.Ext(name) != ".md" || strings.Contains(name, "testdata/") || strings.HasPrefix(name, "internal/errcode/register/") {
			continue
		}
		text, err := readFile(name)
		if err != nil {
			return nil, err
		}
		r.pages = append(r.pages, parsePage(name, text))
	}
	return r, nil
}

// readFile reads a file of the repository by its path below the root.
func readFile(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	return strings.ReplaceAll(string(text), "\r\n", "\n"), err
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := readFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// pageNamed finds a page that has to exist.
func (r *repository) pageNamed(t *testing.T, name string) page {
	t.Helper()
	for _, p := range r.pages {
		if p.name == name {
			return p
		}
	}
	t.Fatalf("there is no page %s", name)
	return page{}
}

// blocksIn returns the blocks of some languages on all pages.
func (r *repository) blocksIn(languages ...string) []block {
	var found []block
	for _, p := range r.pages {
		for _, b := range p.blocks {
			if slices.Contains(languages, b.language) {
				found = append(found, b)
			}
		}
	}
	return found
}
