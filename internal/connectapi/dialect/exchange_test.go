package dialect_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// exchange is a recorded call of an operation.
type exchange struct {
	Operation dialect.Operation `yaml:"operation"`
	Args      yaml.Node         `yaml:"args"`
	// Send is METHOD path?query, Body the JSON of the body.
	Send   string `yaml:"send"`
	Body   string `yaml:"body"`
	Status int    `yaml:"status"`
	Answer string `yaml:"answer"`
	Then   []struct {
		Send   string `yaml:"send"`
		Every  string `yaml:"every"`
		Answer string `yaml:"answer"`
	} `yaml:"then"`
	// Want is the JSON of what One or Written returns, or of a page's entries.
	Want    string `yaml:"want"`
	Total   *int   `yaml:"total"`
	Limit   *int   `yaml:"limit"`
	Next    string `yaml:"next"`
	Refusal string `yaml:"refusal"`
}

func exchanges(t *testing.T, name string) []exchange {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "exchanges", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// example returns the text of an example dialect.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "dialects", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// args keeps the digits of numbers, as the client does.
func (e exchange) args() map[string]any {
	args := map[string]any{}
	for i := 0; i+1 < len(e.Args.Content); i += 2 {
		args[e.Args.Content[i].Value] = plainOf(e.Args.Content[i+1])
	}
	return args
}

func plainOf(node *yaml.Node) any {
	switch {
	case node.Kind == yaml.MappingNode:
		members := map[string]any{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			members[node.Content[i].Value] = plainOf(node.Content[i+1])
		}
		return members
	case node.Tag == "!!int" || node.Tag == "!!float":
		return json.Number(node.Value)
	case node.Tag == "!!null":
		return nil
	default:
		return node.Value
	}
}

// run plays the exchange and says how it differs from the record. A service
// that is strict refuses what is not sent as recorded.
func (e exchange) run(d *dialect.Dialect) error {
	request, err := d.Render(e.Operation, e.args())
	if err != nil {
		return err
	}
	if err := sameRequest(request, e.Send, e.Body); err != nil {
		return err
	}
	answer, err := decode(e.Answer)
	if err != nil {
		return err
	}
	refusal, err := d.Failed(e.Operation, max(e.Status, http.StatusOK), answer)
	if err != nil {
		return err
	}
	if refusal != nil || e.Refusal != "" {
		return same("refusal", refusal, e.Refusal)
	}
	if answer, err = e.wait(d, answer); err != nil {
		return err
	}
	got, err := e.project(d, answer)
	if err != nil {
		return err
	}
	return same("result", got, e.Want)
}

func (e exchange) wait(d *dialect.Dialect, first any) (any, error) {
	then := d.Then(e.Operation)
	if (then == nil) != (e.Then == nil) {
		return nil, fmt.Errorf("waits: %v, recorded: %v", then != nil, e.Then != nil)
	}
	answer := first
	for i, step := range e.Then {
		request, err := then.Render(e.args(), first)
		if err != nil {
			return nil, err
		}
		if err := sameRequest(request, step.Send, ""); err != nil {
			return nil, err
		}
		if then.Every.String() != step.Every {
			return nil, fmt.Errorf("waits %s, want %s", then.Every, step.Every)
		}
		if answer, err = decode(step.Answer); err != nil {
			return nil, err
		}
		done, err := then.Done(answer)
		if err != nil {
			return nil, err
		}
		if done != (i == len(e.Then)-1) {
			return nil, fmt.Errorf("answer %d: done is %v", i, done)
		}
	}
	return answer, nil
}

func (e exchange) project(d *dialect.Dialect, answer any) (any, error) {
	got, err := d.Read(e.Operation, answer)
	if err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(got.Total, e.Total) || !reflect.DeepEqual(got.Limit, e.Limit) || got.Next != e.Next {
		return nil, fmt.Errorf("total, limit or next are not as recorded: %+v", got)
	}
	return got.Value, nil
}

func decode(text string) (any, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no body decodes to null.
	}
	return dialect.Decode([]byte(text))
}

func sameRequest(request dialect.Request, send, body string) error {
	sent := request.Method + " " + request.Path
	if len(request.Query) > 0 {
		sent += "?" + request.Query.Encode()
	}
	if sent != send {
		return fmt.Errorf("sends %s, want %s", sent, send)
	}
	if request.Body == nil && body == "" {
		return nil
	}
	return same("body", json.RawMessage(request.Body), body)
}

// same compares JSON, digit by digit.
func same(what string, got any, want string) error {
	text, err := json.Marshal(got)
	if err != nil {
		return err
	}
	gotten, err := dialect.Decode(text)
	if err != nil {
		return err
	}
	wanted, err := decode(want)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(gotten, wanted) {
		return fmt.Errorf("%s: got %s, want %s", what, text, want)
	}
	return nil
}

func TestExchanges(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"default", "rpc", "rest"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sources []dialect.Source
			if name != "default" {
				sources = append(sources, dialect.File(name+".yaml", []byte(example(t, name))))
			}
			d, err := dialect.Load(sources...)
			if err != nil {
				t.Fatal(err)
			}
			var seen []dialect.Operation
			for i, e := range exchanges(t, name) {
				seen = append(seen, e.Operation)
				if err := e.run(d); err != nil {
					t.Errorf("exchange %d, %s: %v", i, e.Operation, err)
				}
			}
			for _, op := range dialect.Operations() {
				// What a document leaves as it is by default is recorded with the default.
				own := slices.ContainsFunc(d.Lines(op), func(l dialect.Line) bool {
					return strings.HasPrefix(l.Member, "operations."+string(op)+".") && (name == "default" || l.Place.Source != "")
				})
				if own && !slices.Contains(seen, op) {
					t.Errorf("testdata/exchanges/%s.yaml: %s is not recorded", name, op)
				}
			}
		})
	}
}

// TestEveryLineMatters deletes each line of the examples in turn. Either the
// document no longer loads, or some operation that the line serves fails, and no
// other.
func TestEveryLineMatters(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"rpc", "rest"} {
		lines := strings.Split(strings.TrimRight(example(t, name), "\n"), "\n")
		recorded := exchanges(t, name)
		for i, line := range lines {
			if bare := strings.TrimSpace(line); bare == "" || strings.HasPrefix(bare, "#") {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", name, i+1), func(t *testing.T) {
				t.Parallel()
				member := memberAt(lines, i)
				rest := strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n")
				d, err := dialect.Load(dialect.File(name+".yaml", []byte(rest)))
				if err != nil {
					expectLoadError(t, err, name, member, i+1)
					return
				}
				failed := 0
				for _, e := range recorded {
					if err := e.run(d); err != nil {
						failed++
						if !serves(lines, member, e.Operation) {
							t.Errorf("without %s (%q), %s fails, which it does not serve: %v", member, line, e.Operation, err)
						}
						expectNamed(t, err, member, line)
					}
				}
				if failed == 0 {
					t.Errorf("without %s (%q), nothing fails", member, line)
				}
			})
		}
	}
}

// memberAt returns the path of the member that a line belongs to.
func memberAt(lines []string, i int) string {
	var path []string
	depth := len(lines[i]) + 1
	for ; i >= 0; i-- {
		bare := strings.TrimLeft(lines[i], " ")
		if bare == "" || bare[0] == '#' {
			continue
		}
		name, _, found := strings.Cut(bare, ":")
		indent := len(lines[i]) - len(bare)
		if indent < depth && found && indent%2 == 0 && indent <= 6 && !strings.ContainsAny(name, "{}[]|. ") {
			path = append([]string{strings.Trim(name, `"`)}, path...)
			depth = indent
		}
		if depth == 0 {
			break
		}
	}
	return strings.Join(path, ".")
}

// serves reports whether a member has to do with an operation: by the places
// that use its name.
func serves(lines []string, member string, op dialect.Operation) bool {
	parts := strings.Split(member, ".")
	switch {
	case parts[0] == "operations" && len(parts) > 1:
		return parts[1] == string(op)
	case parts[0] == "shapes" && len(parts) > 1:
		return slices.Contains(operationsOf(parts[1]), op)
	case parts[0] == "words":
		return slices.Contains(operationsOf("connect"), op) || op == dialect.RunTest
	case parts[0] == "functions" && len(parts) > 1:
		name, _, _ := strings.Cut(parts[1], "(")
		for i, line := range lines {
			user := memberAt(lines, i)
			if user != member && strings.Contains(line, name) && serves(lines, user, op) {
				return true
			}
		}
		return false
	default:
		return true
	}
}

// operationsOf are the operations whose answers a shape has to do with: those that
// answer with it, or with what holds it.
func operationsOf(shape string) []dialect.Operation {
	holders := map[string][]string{"field": {"event"}, "choice": {"event"}, "step": {"connect"}}[shape]
	return slices.DeleteFunc(dialect.Operations(), func(op dialect.Operation) bool {
		answers := dialect.Shape(op)
		return answers != shape && !slices.Contains(holders, answers)
	})
}

// expectLoadError wants the error to be about the member or what uses it.
func expectLoadError(t *testing.T, err error, name, member string, line int) {
	t.Helper()
	load, ok := errors.AsType[*dialect.LoadError](err)
	if !ok {
		t.Fatalf("error is a %T", err)
	}
	if load.Place.Source != name+".yaml" && !strings.Contains(err.Error(), name+".yaml:") {
		t.Errorf("line %d, %s: the error does not name the file: %v", line, member, err)
	}
}

// expectNamed wants what the client sees to name the dialect's member at fault.
func expectNamed(t *testing.T, err error, member, line string) {
	t.Helper()
	missing, ok := errors.AsType[*dialect.MissingError](err)
	if !ok {
		return // The service refuses, or the answer of a write shows less.
	}
	group, _, _ := strings.Cut(member, ".")
	fix, _, _ := strings.Cut(missing.Fix, ".")
	if missing.Reason == "" || missing.Fix == "" || (group != fix && group != "functions" && group != "envelope" && group != "operations") {
		t.Errorf("without %s (%q): the error names %s: %v", member, line, missing.Fix, err)
	}
}
