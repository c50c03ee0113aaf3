package docscheck

import (
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// problems are what a check of a checklist finds missing, for one entity.
type problems []string

// checklist is a section of CONTRIBUTING.md, with a check for each of its steps.
type checklist struct {
	heading string
	// entities are those that exist: each must have been added by the book.
	entities []string
	checks   map[string]func(entity string) problems
}

func TestChecklistsAreTrue(t *testing.T) {
	t.Parallel()
	text := read(t, "CONTRIBUTING.md")
	for _, list := range []checklist{operationChecklist(t), dataSourceChecklist(t), resourceChecklist(t)} {
		t.Run(list.heading, func(t *testing.T) {
			t.Parallel()
			written := stepsOf(text, list.heading)
			if checked := slices.Sorted(maps.Keys(list.checks)); !slices.Equal(slices.Sorted(slices.Values(written)), checked) {
				t.Errorf("CONTRIBUTING.md has the steps %q, and there are checks for %q", written, checked)
			}
			if len(list.entities) == 0 {
				t.Error("there is nothing to try the steps on")
			}
			for _, entity := range list.entities {
				for _, name := range written {
					check := list.checks[name]
					if check == nil {
						continue
					}
					for _, problem := range check(entity) {
						t.Errorf("%s, step %q: %s", entity, name, problem)
					}
				}
			}
			t.Logf("%d steps hold for %d entities", len(written), len(list.entities))
		})
	}
}

// stepsOf are the names of the numbered steps below a heading.
func stepsOf(text, heading string) []string {
	_, section, _ := strings.Cut(text, "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var names []string
	for _, match := range regexp.MustCompile(`(?m)^\d+\. \*\*(.+)\.\*\*`).FindAllStringSubmatch(section, -1) {
		names = append(names, match[1])
	}
	return names
}

// unless makes a problem of a condition that does not hold.
func unless(holds bool, problem string) problems {
	if holds {
		return nil
	}
	return problems{problem}
}

// goFiles are the texts of Go files below a folder, tests or not.
func goFiles(t *testing.T, dir string, tests bool) map[string]string {
	t.Helper()
	found := map[string]string{}
	for name := range repo(t).files {
		if strings.HasPrefix(name, dir+"/") && strings.HasSuffix(name, ".go") && strings.HasSuffix(name, "_test.go") == tests {
			found[name] = read(t, name)
		}
	}
	return found
}

// filesWith are the files whose text has a pattern.
func filesWith(files map[string]string, pattern string) []string {
	expression := regexp.MustCompile(pattern)
	var found []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if expression.MatchString(files[name]) {
			found = append(found, name)
		}
	}
	return found
}

// The map in DESIGN.md shows every package of the house, and only those.
func TestMapOfTheHouseIsComplete(t *testing.T) {
	t.Parallel()
	r := repo(t)
	_, house, _ := strings.Cut(read(t, "DESIGN.md"), "```text\n")
	house, _, _ = strings.Cut(house, "```")
	shown := map[string]bool{}
	parent := ""
	for _, match := range regexp.MustCompile(`(?m)^( *)(\S+)  +\S`).FindAllStringSubmatch(house, -1) {
		name := match[2]
		if match[1] == "" {
			parent = name
		} else {
			name = parent + name
		}
		name = strings.TrimSuffix(name, "/")
		shown[name] = true
		if !r.dirs[name] && !r.files[name] {
			t.Errorf("DESIGN.md shows %s, which does not exist", name)
		}
	}
	for dir := range r.dirs {
		within := strings.Split(dir, "/")
		room := len(within) == 2 && (within[0] == "internal" || within[0] == "cmd") || len(within) == 3 && slices.Contains([]string{"internal/provider", "internal/testkit", "internal/dev"}, within[0]+"/"+within[1])
		if room && within[len(within)-1] != "testdata" && !shown[dir] {
			t.Errorf("DESIGN.md does not show %s", dir)
		}
	}
	companion := regexp.MustCompile(`(?m)^cmd/appypie/ .*$`).FindString(house)
	for command := range allFacts(t).companion {
		if !strings.Contains(command, " ") && command != "completion" && !strings.Contains(companion, command) {
			t.Errorf("DESIGN.md shows no command %s: %s", command, companion)
		}
	}
}

// `make help` lists every target that has a description, and all targets but
// what others need have one.
func TestMakeHelpListsTheTargets(t *testing.T) {
	t.Parallel()
	text := read(t, "GNUmakefile")
	m := readMakefile(text)
	for _, match := range regexp.MustCompile(`(?m)^\.PHONY: (.+)$`).FindAllStringSubmatch(text, -1) {
		for name := range strings.FieldsSeq(match[1]) {
			if !m.targets[name] {
				t.Errorf("there is no target %s, which is declared", name)
			}
			if !slices.Contains(m.described, name) && name != "cgo" {
				t.Errorf("the target %s has no description", name)
			}
		}
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skipf("there is no make to ask: %v", err)
	}
	help, err := exec.CommandContext(t.Context(), "make", "-C", root, "--no-print-directory", "help").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, help)
	}
	var listed []string
	for _, match := range regexp.MustCompile(`(?m)^  ([a-z-]+) +\S`).FindAllStringSubmatch(string(help), -1) {
		listed = append(listed, match[1])
	}
	slices.Sort(listed)
	if !slices.Equal(listed, m.described) || len(listed) < 20 {
		t.Errorf("make help lists\n%q, GNUmakefile describes\n%q", listed, m.described)
	}
}

// The page for assistants stays short, says of the layers what DESIGN.md says, and
// names each target that CONTRIBUTING.md has for what must pass.
func TestPageForAssistantsAgrees(t *testing.T) {
	t.Parallel()
	page, design, contributing := read(t, "AGENTS.md"), read(t, "DESIGN.md"), read(t, "CONTRIBUTING.md")
	if lines := strings.Count(page, "\n"); lines > 60 {
		t.Errorf("AGENTS.md has %d lines, and a short form has 60 at most", lines)
	}
	layers := regexp.MustCompile("(?m)`provider` → .*?libraries\\.")
	if one, other := layers.FindString(page), layers.FindString(design); one == "" || one != other {
		t.Errorf("AGENTS.md says %q of the layers, DESIGN.md %q", one, other)
	}
	for _, target := range []string{"unit", "testacc", "lint", "generate", "docs-check", "test", "release-check"} {
		for name, text := range map[string]string{"AGENTS.md": page, "CONTRIBUTING.md": contributing} {
			if !regexp.MustCompile(`make ` + target + `\b`).MatchString(text) {
				t.Errorf("%s does not name make %s", name, target)
			}
		}
	}
	for _, folder := range []string{"provider", "connectapi", "auth", "simulator", "testkit", "dev"} {
		if !strings.Contains(page, "`internal/"+folder+"`") {
			t.Errorf("AGENTS.md does not name internal/%s", folder)
		}
	}
}
