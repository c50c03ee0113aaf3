package docscheck

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// edit is one change of a file by hand: lines next to one that the file has, or a
// text in place of another.
type edit struct {
	step, file string
	how, at    string
	with       string
	lines      int
}

// readEdits reads the edits that a stranger makes who follows a section of
// CONTRIBUTING.md. A line of testdata/adding begins one:
//
//	## STEP
//	=== FILE before LINE, === FILE after LINE, with the new lines below it
//	=== FILE replace OLD => NEW, in which \n is a line break
func readEdits(t *testing.T, name string) []edit {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "adding", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var edits []edit
	step := ""
	for line := range strings.Lines(string(text)) {
		if after, found := strings.CutPrefix(line, "## "); found {
			step = strings.TrimSpace(after)
		} else if after, found := strings.CutPrefix(line, "=== "); found {
			words := strings.SplitN(strings.TrimSuffix(after, "\n"), " ", 3)
			e := edit{step: step, file: words[0], how: words[1], at: words[2]}
			if e.how == "replace" {
				old, with, _ := strings.Cut(e.at, " => ")
				e.at, e.with = strings.ReplaceAll(old, `\n`, "\n"), strings.ReplaceAll(with, `\n`, "\n")
				e.lines = 1 + strings.Count(e.with, "\n") - strings.Count(e.at, "\n")
			}
			edits = append(edits, e)
		} else if n := len(edits) - 1; n >= 0 && edits[n].step == step && edits[n].how != "replace" {
			edits[n].with += line
		}
	}
	for i, e := range edits {
		if e.how != "replace" {
			// The blank line before the next heading belongs to it.
			if i+1 == len(edits) || edits[i+1].step != e.step {
				edits[i].with = strings.TrimSuffix(e.with, "\n\n") + "\n"
			}
			edits[i].lines = strings.Count(edits[i].with, "\n")
		}
	}
	return edits
}

// apply makes the edit. Its place must be there once.
func (e edit) apply(text string) (string, error) {
	at, with := e.at, e.with
	switch e.how {
	case "before":
		at, with = "\n"+e.at+"\n", "\n"+e.with+e.at+"\n"
	case "after":
		at, with = "\n"+e.at+"\n", "\n"+e.at+"\n"+e.with
	}
	if n := strings.Count("\n"+text, at); n != 1 {
		return "", fmt.Errorf("%s has %q %d times", e.file, e.at, n)
	}
	return strings.TrimPrefix(strings.Replace("\n"+text, at, with, 1), "\n"), nil
}

// stranger works on a copy of the repository.
type stranger struct {
	dir   string
	edits []edit
}

// newStranger copies the repository, always to the same place, so that what was
// built of it before need not be built again.
func newStranger(t *testing.T, section string) *stranger {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(root, ".cache", "adding", section))
	if err != nil {
		t.Fatal(err)
	}
	s := &stranger{dir, readEdits(t, section)}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for name := range repo(t).files {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o750)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, info.Mode().Perm()|0o200) //nolint:gosec // a file of the repository, in its copy.
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// write writes the files that some edits change, each with those edits that are
// not left out.
func (s *stranger) write(t *testing.T, leave func(edit) bool) {
	t.Helper()
	texts := map[string]string{}
	for _, e := range s.edits {
		if _, begun := texts[e.file]; !begun {
			texts[e.file] = read(t, e.file)
		}
		if leave(e) {
			continue
		}
		text, err := e.apply(texts[e.file])
		if err != nil {
			t.Fatal(err)
		}
		texts[e.file] = text
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// run runs a command line in the copy. All output is returned.
func (s *stranger) run(t *testing.T, command string) (string, error) {
	t.Helper()
	began := time.Now()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", command)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "TF_ACC=", "GOWORK=off")
	text, err := cmd.CombinedOutput()
	t.Logf("%4.1fs  %s", time.Since(began).Seconds(), command)
	return string(bytes.TrimSpace(text)), err
}

// mustRun ends the test for a command that fails.
func (s *stranger) mustRun(t *testing.T, command string) {
	t.Helper()
	if text, err := s.run(t, command); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, text)
	}
}

// cost holds the work by hand to a number of files and lines.
func (s *stranger) cost(t *testing.T, files, lines int) {
	t.Helper()
	touched := map[string]bool{}
	sum := 0
	for _, e := range s.edits {
		touched[e.file] = true
		sum += e.lines
	}
	t.Logf("%d files and %d lines by hand", len(touched), sum)
	if len(touched) > files || sum > lines {
		t.Errorf("it takes %d files and %d lines by hand, more than %d and %d", len(touched), sum, files, lines)
	}
}

// follows holds the steps of the edits to those of CONTRIBUTING.md. What
// commands write is the last step of each section.
func (s *stranger) follows(t *testing.T, heading string) {
	t.Helper()
	var steps []string
	for _, e := range s.edits {
		if !slices.Contains(steps, e.step) {
			steps = append(steps, e.step)
		}
	}
	steps = append(steps, "Generated")
	if written := stepsOf(read(t, "CONTRIBUTING.md"), heading); !slices.Equal(steps, written) {
		t.Errorf("the edits follow the steps %q, and CONTRIBUTING.md has %q", steps, written)
	}
	_, section, _ := strings.Cut(read(t, "CONTRIBUTING.md"), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, e := range s.edits {
		if !strings.Contains(section, filepath.Base(e.file)) && !strings.Contains(section, strings.Join(strings.Split(e.file, "/")[:2], "/")+"`") {
			t.Errorf("CONTRIBUTING.md, %q: does not name %s", heading, e.file)
		}
	}
}

// omission is a file that is not written, or a step that is not made, and the
// gate that says so.
type omission struct {
	leave      string // a step, a file or a part of its name
	gate, says string
}

// leftOut leaves out each in turn.
func (s *stranger) leftOut(t *testing.T, table []omission) {
	t.Helper()
	if testing.Short() {
		t.Log("-short: that a gate names each step that is left out is not shown")
		return
	}
	covered := map[int]bool{}
	for _, o := range table {
		s.write(t, o.leaves)
		text, err := s.run(t, o.gate)
		if err == nil || !regexp.MustCompile(o.says).MatchString(text) {
			t.Errorf("without %s, `%s` does not say %q: %v\n%s", o.leave, o.gate, o.says, err, text)
		}
		for i, e := range s.edits {
			covered[i] = covered[i] || o.leaves(e)
		}
	}
	for i, e := range s.edits {
		if !covered[i] {
			t.Errorf("nothing shows what happens without %s of step %s", e.file, e.step)
		}
	}
}

func (o omission) leaves(e edit) bool { return e.step == o.leave || strings.HasSuffix(e.file, o.leave) }

// generate is what the last step of both sections runs.
const generate = "scripts/write-docs schema.generated.json ."

// A stranger who follows CONTRIBUTING.md adds an operation, and all gates pass.
func TestAnOperationIsAddedByTheBook(t *testing.T) {
	t.Parallel()
	needsBash(t)
	s := newStranger(t, "operation")
	s.follows(t, "Add an operation")
	s.cost(t, 12, 150)
	s.write(t, func(edit) bool { return false })
	if text, err := s.run(t, "go test ./internal/connectapi/dialect -run Members"); err == nil || !strings.Contains(text, "write it with UPDATE=1") {
		t.Errorf("a stale MEMBERS.md is not noticed: %v\n%s", err, text)
	}
	if text, err := s.run(t, "go test ./internal/dev/docgen -run EveryOperationIsReached"); err == nil || !strings.Contains(text, "get_quota") {
		t.Errorf("stale docs are not noticed: %v\n%s", err, text)
	}
	s.mustRun(t, generate)
	s.mustRun(t, "UPDATE=1 go test ./internal/connectapi/dialect -run Members")
	s.mustRun(t, "go test ./internal/provider -run TestSchemaIs -update")
	s.mustRun(t, "gofmt -l . | (! grep .)")
	s.mustRun(t, "go test ./internal/connectapi/dialect ./internal/testkit/contract ./internal/dev/docgen ./internal/connectapi ./internal/simulator "+
		"./internal/provider/account ./internal/provider ./cmd/appypie ./internal/dev/docscheck -run 'Exchanges|Members|TestOperations|ValidateGood|EveryOperation"+
		"|DoctorFindsAll|DoctorNamesAll|TestRPC|TestREST|Profile$|GuideFitsTheProvider|SchemaIs|Numbers|Checklists/operation'")
	s.leftOut(t, []omission{
		{"Contract", "go test ./internal/connectapi -run OperationsEqualContract", "get_quota is not in the contract"},
		{"dialect/operations.go", "go build ./internal/connectapi", `undefined: dialect\.GetQuota`},
		{"dialect/shapes.go", "go build ./internal/connectapi", `undefined: dialect\.Quota`},
		{"dialect/default.yaml", "go test ./internal/connectapi/dialect -run TestExchanges", `operations\.get_quota`},
		{"exchanges/default.yaml", "go test ./internal/connectapi/dialect -run TestExchanges", "get_quota is not recorded"},
		{"connectapi/catalog.go", "go vet ./internal/connectapi", `b\.Quota undefined`},
		{"connectapi/contract_test.go", "go test ./internal/connectapi -run EveryOperation", `nobody called: \[get_quota\]`},
		{"simulator/routes.go", "go test ./internal/simulator -run OperationsEqualContract", "get_quota"},
		{"simulator/catalog_handlers.go", "go build ./internal/simulator", `getQuota`},
		{"Doctor", "go test ./cmd/appypie -run DoctorFindsAllAsAssumed", `doctor_probe\.go does not ask \[get_quota\]`},
		{"profile_data_source_test.go", "go test ./internal/dev/docscheck -run Checklists/data_source", "appypie_profile, step .Tests.: no test of it names the attribute tasks"},
		{"profile_data_source.go", generate + " && go test ./internal/dev/docgen -run EveryOperationIsReached", "do not say what reaches get_quota"},
	})
}

// So is a computed attribute of the largest resource.
func TestAComputedAttributeIsAddedByTheBook(t *testing.T) {
	t.Parallel()
	needsBash(t)
	s := newStranger(t, "attribute")
	s.follows(t, "Add a computed attribute")
	s.cost(t, 5, 50)
	s.write(t, func(edit) bool { return false })
	s.mustRun(t, generate)
	if text, err := s.run(t, "go test ./internal/provider -run TestSchemaIs"); err == nil || !strings.Contains(text, "creation_time") || !strings.Contains(text, "-update") {
		t.Errorf("a schema that nobody reviewed is not noticed: %v\n%s", err, text)
	}
	s.mustRun(t, "go test ./internal/provider -run TestSchemaIs -update")
	s.mustRun(t, "gofmt -l internal | (! grep .)")
	s.mustRun(t, "go test ./internal/provider ./internal/provider/connect -run 'ConnectTells|ConnectOrder|SchemaIs|Implementation'")
	table := []omission{
		{"Schema", "go test ./internal/provider/connect -run TestConnectTells", "creation_time"},
		{"Model", "go build ./internal/provider/connect", `CreatedAt undefined`},
		{"Values", "go test ./internal/provider/connect -run TestConnectTells", "creation_time"},
		{"connect_resource_test.go", "go test ./internal/dev/docscheck -run Checklists/resource", "appypie_connect, step .Tests.: no test of it names the attribute creation_time"},
	}
	budget := omission{"state_budget_test.go", "TF_ACC=1 go test ./internal/provider -run StateBudget", "the budget is"}
	if os.Getenv("TF_ACC") == "" {
		t.Log("without TF_ACC, the budget of the state is not measured")
		s.edits = slices.DeleteFunc(s.edits, budget.leaves)
	} else {
		s.mustRun(t, budget.gate)
		table = append(table, budget)
	}
	s.leftOut(t, table)
}

func needsBash(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skipf("the steps need bash: %v", err)
	}
}
