package docscheck

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// forUsers are the pages that someone reads who uses the provider.
func forUsers(t *testing.T, r *repository) string {
	t.Helper()
	var all strings.Builder
	for _, p := range r.pages {
		if p.name == "README.md" || strings.HasPrefix(p.name, "docs/") {
			all.WriteString(read(t, p.name))
		}
	}
	return all.String()
}

// What exists is on some page: the other direction of the checks of prose.
func TestWhatExistsIsMentioned(t *testing.T) {
	t.Parallel()
	f := allFacts(t)
	text := forUsers(t, f.repo)
	var want []string
	for _, command := range slices.Sorted(maps.Keys(f.companion)) {
		// The shells below completion are one thing to the reader.
		command, _, _ = strings.Cut(command, "completion ")
		if command != "" && (command == "completion" || !f.holdsOthers(command)) {
			want = append(want, "appypie "+command)
		}
	}
	if len(want) < 7 {
		t.Errorf("only the commands %q were found", want)
	}
	for name, forPeople := range f.code.variables {
		if forPeople && strings.HasPrefix(name, "APPYPIE_") {
			want = append(want, name)
		}
	}
	if len(want) < 30 {
		t.Errorf("only %q were found", want)
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(want))) {
		if !regexp.MustCompile(regexp.QuoteMeta(name) + `\b`).MatchString(text) {
			t.Errorf("neither README.md nor docs/ mentions %s", name)
		}
	}
}
