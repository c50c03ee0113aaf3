package dialect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

func TestLinesNameAllThatReadsAnAnswer(t *testing.T) {
	t.Parallel()
	d, err := dialect.Load(dialect.File("mine.yaml", []byte("functions: {oid: .key}\nshapes:\n  step: '{stepId: oid, appId, eventId: null, options, accountId: null}'\n")))
	if err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{}
	var all []string
	for _, line := range d.Lines(dialect.ListConnects) {
		all = append(all, line.Member)
		if line.Place.Source != "" {
			mine[line.Member] = line.Place.String()
		}
	}
	for _, want := range []string{"operations.list_connects.request", "operations.list_connects.query", "envelope.items", "functions.payload", "shapes.connect", "words.off", "errors.failed"} {
		if !slices.Contains(all, want) {
			t.Errorf("it lacks %s: %v", want, all)
		}
	}
	if len(mine) != 2 || mine["functions.oid"] != "mine.yaml:1" || mine["shapes.step"] != "mine.yaml:3" {
		t.Errorf("of the file: %v", mine)
	}
	if lines := d.Lines(dialect.GetConnect); lines != nil {
		t.Errorf("an operation that is not described has %v", lines)
	}
	if dialect.Shape(dialect.GetAction) != "event" || dialect.Shape("none") != "" {
		t.Error("a shape has another name")
	}
}

func TestOverlayKeepsWhatThereIs(t *testing.T) {
	t.Parallel()
	found := map[dialect.Operation]dialect.Found{dialect.ListApps: {Request: "GET /app/list", Comment: "a guess"}}
	tests := map[string]struct {
		base string
		want []string
	}{
		"nothing":        {"", []string{"# a note\noperations:\n  list_apps:\n    request: \"GET /app/list\" # a guess\n"}},
		"a flow mapping": {"operations: {list_apps: {request: GET /old, query: '{page}'}}\n", []string{"request: \"GET /app/list\" # a guess\n", "query: '{page}'"}},
		"a comment":      {"# Mine.\nwords: {\"on\": [running]} # ours\n", []string{"# Mine.", "# ours", "\"GET /app/list\""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := dialect.Overlay([]byte(test.base), found, "a note")
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(string(text), want) {
					t.Errorf("it lacks %q:\n%s", want, text)
				}
			}
			if d, err := dialect.Load(dialect.File("found", text)); err != nil {
				t.Error(err)
			} else if _, path := d.Request(dialect.ListApps); path != "/app/list" {
				t.Errorf("the path is %s", path)
			}
		})
	}
	if _, err := dialect.Overlay([]byte("a: [\n"), nil); err == nil {
		t.Error("what is no YAML is taken")
	}
	if text, err := dialect.Overlay(nil, nil, "nothing was found"); err != nil || string(text) != "# nothing was found\n" {
		t.Errorf("%q, %v", text, err)
	}
}
