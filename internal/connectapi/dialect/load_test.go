package dialect_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

func mustLoad(t *testing.T, sources ...dialect.Source) *dialect.Dialect {
	t.Helper()
	d, err := dialect.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		// want are parts of the error, the first of which stands at its beginning.
		want      []string
		operation dialect.Operation
	}{
		"no mapping":        {"- a", []string{"my.yaml:1: ", "must be a mapping"}, ""},
		"no YAML":           {"words:\n  on: [", []string{"my.yaml:2: not YAML"}, ""},
		"tab":               {"words:\n\ton: [x]", []string{"my.yaml:2: not YAML"}, ""},
		"two documents":     {"words: {on: [x]}\n---\nwords: {}\n", []string{"my.yaml:", "a second document"}, ""},
		"unknown section":   {"\n\noperation:\n  list_connects: {}\n", []string{`my.yaml:3: operation: is not known (did you mean "operations"?)`}, ""},
		"unknown operation": {"operations:\n  list_conects: {request: GET /x}", []string{`my.yaml:2: operations.list_conects: is not known (did you mean "list_connects"?)`}, "list_conects"},
		"unknown member":    {"operations:\n  list_connects:\n    request: GET /x\n    boddy: '{}'", []string{`my.yaml:4: operations.list_connects.boddy: is not known (did you mean "body"?)`}, dialect.ListConnects},
		"unknown shape":     {"shapes:\n  conect: '{}'", []string{`my.yaml:2: shapes.conect: is not known (did you mean "connect"?)`}, ""},
		"twice":             {"words:\n  on: [x]\n  on: [y]", []string{"my.yaml:3: words.on: is there twice, first on line 2"}, ""},
		"words no list":     {"words:\n  on: x", []string{"my.yaml:2: words.on: must be a list of words"}, ""},
		"words of lists":    {"words:\n  on:\n  - [x]", []string{"my.yaml:3: words.on: must be a list of words"}, ""},
		"program is map":    {"operations:\n  list_connects:\n    query: {page}", []string{"my.yaml:3: operations.list_connects.query: must be text", "quote"}, dialect.ListConnects},
		"operation is text": {"operations:\n  list_connects: GET /x", []string{"my.yaml:2: operations.list_connects: must be a mapping of request, "}, dialect.ListConnects},
		"no jq":             {"operations:\n  list_connects:\n    items: .a[", []string{"my.yaml:3: operations.list_connects.items: not a jq program"}, dialect.ListConnects},
		"no jq, line in block": {
			"operations:\n  list_connects:\n    items: |\n      .a\n      | .b c\n      | .d", []string{"my.yaml:5: operations.list_connects.items: not a jq program"}, dialect.ListConnects,
		},
		"unknown function": {"shapes:\n  connect: '{id: nope}'", []string{"my.yaml:2: shapes.connect: not a jq program: function not defined: nope/0"}, ""},
		"fault in function": {
			"functions:\n  ident: nope\n", []string{"my.yaml:2: functions.ident: not a jq program: function not defined: nope/0"}, "",
		},
		"function's name":   {"functions:\n  'a b': .x", []string{"my.yaml:2: functions.a b: must be named like a jq function"}, ""},
		"function is shape": {"functions:\n  step: .x", []string{"my.yaml:2: functions.step: is the name of a shape"}, ""},
		"modules":           {"shapes:\n  link: 'import \"a\" as a; {url}'", []string{"my.yaml:2: shapes.link: a program cannot import modules"}, ""},
		"input":             {"shapes:\n  link: 'input_line_number'", []string{"my.yaml:2: shapes.link: not a jq program"}, ""},
		"unknown argument": {
			"operations:\n  list_connects:\n    query: '{skip: .ofset}'",
			[]string{`my.yaml:3: operations.list_connects.query: there is no argument "ofset" here (did you mean "offset"?); there are: page, limit, offset, cursor`}, dialect.ListConnects,
		},
		"unknown shorthand":   {"operations:\n  list_connects:\n    query: '{pag}'", []string{"my.yaml:3: operations.list_connects.query: there is no argument \"pag\""}, dialect.ListConnects},
		"unknown in string":   {"operations:\n  update_connect_name:\n    body: '{name: \"\\(.nam)\"}'", []string{"my.yaml:3: operations.update_connect_name.body: there is no argument \"nam\""}, dialect.UpdateConnectName},
		"unknown in if":       {"operations:\n  update_connect_name:\n    body: 'if .name then {name} else {x: .nam} end'", []string{"my.yaml:3: operations.update_connect_name.body: there is no argument \"nam\""}, dialect.UpdateConnectName},
		"unknown behind as":   {"operations:\n  update_connect_name:\n    body: '.name as $n | {name: $n, x: .nam}'", []string{"my.yaml:3: operations.update_connect_name.body: there is no argument \"nam\""}, dialect.UpdateConnectName},
		"unknown placeholder": {"operations:\n  delete_connect: {request: 'DELETE /c/{conectId}'}", []string{"my.yaml:2: operations.delete_connect.request: there is no argument \"conectId\" here (did you mean \"connectId\"?)"}, dialect.DeleteConnect},
		"argument not sent":   {"operations:\n  delete_connect: {request: DELETE /c}", []string{"my.yaml:2: operations.delete_connect.request: nothing sends connectId"}, dialect.DeleteConnect},
		"neither is sent":     {"operations:\n  edit_action_options: {request: 'PUT /c/{connectId}'}", []string{"my.yaml:2: operations.edit_action_options.request: nothing sends stepId or position"}, dialect.EditActionOptions},
		"no method":           {"operations:\n  list_connects: {request: /c}", []string{"my.yaml:2: operations.list_connects.request: \"/c\" must have the form METHOD /path"}, dialect.ListConnects},
		"method":              {"operations:\n  list_connects: {request: GOT /c}", []string{"my.yaml:2: operations.list_connects.request: \"GOT\" is not a method"}, dialect.ListConnects},
		"query in path":       {"operations:\n  list_connects: {request: 'GET /c?x=1'}", []string{"my.yaml:2: operations.list_connects.request: ", "must not contain a query"}, dialect.ListConnects},
		"stray brace":         {"operations:\n  list_connects: {request: 'GET /c{'}", []string{"my.yaml:2: operations.list_connects.request: ", "stray brace"}, dialect.ListConnects},
		"encoding":            {"operations:\n  list_connects: {request: 'GET /c%zz'}", []string{"my.yaml:2: operations.list_connects.request: ", "not well encoded"}, dialect.ListConnects},
		"body of a GET":       {"operations:\n  list_connects: {body: '{page}'}", []string{"my.yaml:2: operations.list_connects.body: a GET carries no body"}, dialect.ListConnects},
		"two ways of paging":  {"operations:\n  list_connects:\n    request: POST /c\n    body: '{skip: .offset}'", []string{"my.yaml:3: operations.list_connects: is paged by page and offset at once", "query: null"}, dialect.ListConnects},
		"no next":             {"operations:\n  list_connects: {query: '{cursor}'}", []string{"the default dialect, line ", "operations.list_connects.next: is missing"}, dialect.ListConnects},
		"useless next":        {"operations:\n  list_connects: {next: .n}", []string{"my.yaml:2: operations.list_connects.next: is of no use"}, dialect.ListConnects},
		"useless items":       {"operations:\n  get_app: {items: .n}", []string{"my.yaml:2: operations.get_app.items: is of no use"}, dialect.GetApp},
		"no request":          {"operations:\n  get_connect: {answer: .n}", []string{"my.yaml:2: operations.get_connect.answer: is of no use without a request"}, dialect.GetConnect},
		"removed request":     {"operations:\n  list_apps: null", []string{"the dialect: operations.list_apps.request: is missing"}, dialect.ListApps},
		"removed shape":       {"shapes: {step: null}", []string{"the default dialect, line ", "shapes.step: is missing"}, ""},
		"removed words":       {"words: {off: null}", []string{"the dialect: words.off: is missing"}, ""},
		"removed failed":      {"errors: {failed: null}", []string{"the dialect: errors.failed: is missing"}, ""},
		"then without request": {
			"operations:\n  run_test:\n    then: {until: .done}", []string{"my.yaml:3: operations.run_test.then.until: is of no use without"}, dialect.RunTest,
		},
		"then without until": {
			"operations:\n  run_test:\n    then: {request: 'GET /c/{connectId}'}", []string{"my.yaml:3: operations.run_test.then.until: is missing"}, dialect.RunTest,
		},
		"then without id": {
			"operations:\n  run_test:\n    then: {request: 'GET /t/{id}', until: .done}", []string{"my.yaml:3: operations.run_test.then.id: is missing"}, dialect.RunTest,
		},
		"then every": {
			"operations:\n  run_test:\n    then: {request: 'GET /t', until: .done, every: 2}", []string{"my.yaml:3: operations.run_test.then.every: \"2\" is not a duration"}, dialect.RunTest,
		},
		"word in both lists": {"words:\n  on: [Draft]", []string{"the default dialect, line ", "words.off: \"draft\" is in words.on (my.yaml:2) as well"}, ""},
		"code in two lists":  {"errors:\n  forbidden: ['404']", []string{"my.yaml:2: errors.forbidden: \"404\" is in errors.not_found (the default dialect, line "}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := dialect.Load(dialect.File("my.yaml", []byte(tc.text)))
			load, ok := errors.AsType[*dialect.LoadError](err)
			if !ok {
				t.Fatalf("error is %v", err)
			}
			if !strings.HasPrefix(err.Error(), tc.want[0]) {
				t.Errorf("error is %q, want it to begin with %q", err, tc.want[0])
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error is %q, want %q in it", err, part)
				}
			}
			if load.Operation != tc.operation {
				t.Errorf("operation is %q, want %q", load.Operation, tc.operation)
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	d := mustLoad(t,
		dialect.File("my.yaml", []byte("operations: {turn_on_connect: {request: 'POST /mine/{connectId}', body: '{on: 1}'}}")),
		dialect.Endpoints(map[string]string{"turn_on_connect": "PATCH /one/{connectId}"}))
	request, err := d.Render(dialect.TurnOnConnect, map[string]any{"connectId": "c"})
	if err != nil || request.Method != http.MethodPatch || request.Path != "/one/c" || string(request.Body) != `{"on":1}` {
		t.Errorf("request %+v, error %v", request, err)
	}
	if got := d.Where("operations.turn_on_connect.request").String() + ", " + d.Where("operations.turn_on_connect.body").String(); got != "endpoints, my.yaml:1" {
		t.Errorf("places are %s", got)
	}
	for name, request := range map[string]string{"turn_on": "PUT /x", "turn_on_connect": "PUT /x"} {
		_, err := dialect.Load(dialect.Endpoints(map[string]string{name: request}))
		load, ok := errors.AsType[*dialect.LoadError](err)
		if !ok || string(load.Operation) != name || !strings.HasPrefix(err.Error(), "endpoints: operations."+name+".request: ") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestAllFaultsAreReported(t *testing.T) {
	t.Parallel()
	_, err := dialect.Load(dialect.File("my.yaml", []byte("shapes:\n  link: .a[\n  choice: .b[\n")))
	for _, want := range []string{"my.yaml:2: shapes.link", "my.yaml:3: shapes.choice"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q in it", err, want)
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"default", "rpc", "rest"} {
		var sources []dialect.Source
		if name != "default" {
			sources = append(sources, dialect.File(name+".yaml", []byte(example(t, name))))
		}
		shown := mustLoad(t, sources...).Document()
		again := mustLoad(t, dialect.File("shown.yaml", shown))
		for i, e := range exchanges(t, name) {
			if err := e.run(again); err != nil {
				t.Errorf("%s: exchange %d, %s: %v", name, i, e.Operation, err)
			}
		}
		if name == "rpc" && !strings.Contains(string(shown), "    # rpc.yaml:") {
			t.Errorf("the document does not say what comes from rpc.yaml:\n%s", shown)
		}
	}
}

func TestOverlayOfOverlays(t *testing.T) {
	t.Parallel()
	d := mustLoad(t, dialect.File("empty.yaml", nil), dialect.File("comment.yaml", []byte("# nothing\n")),
		dialect.File("a.yaml", []byte("functions:\n  ident: .a\nwords: {on: [an]}")), dialect.File("b.yaml", []byte("functions:\n  ident: .b\n")))
	answer, err := dialect.Decode([]byte(`{"a": "1", "b": "2", "name": "n"}`))
	if err != nil {
		t.Fatal(err)
	}
	category, err := dialect.One[dialect.Profile](d, dialect.GetProfile, answer)
	if err != nil || category.ID != "2" {
		t.Errorf("profile %+v, error %v", category, err)
	}
	if on, known := d.Switch(" AN "); !on || !known {
		t.Error("a.yaml's word is not known")
	}
	if _, known := d.Switch("enabled"); known {
		t.Error("a list of words takes the place of the default's")
	}
}
