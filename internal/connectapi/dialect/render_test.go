package dialect_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		overlay string
		op      dialect.Operation
		args    map[string]any
		// send is METHOD path?query, and the body.
		send, body string
	}{
		"segment is escaped":  {"", dialect.DeleteConnect, map[string]any{"connectId": "../a?b#c d"}, "DELETE /connect/..%2Fa%3Fb%23c%20d", ""},
		"number in a path":    {"", dialect.DeleteConnect, map[string]any{"connectId": json.Number("9007199254740993123")}, "DELETE /connect/9007199254740993123", ""},
		"program in a path":   {"operations: {edit_action_options: {request: 'PUT /c/{connectId}/{.position - 1}'}}", dialect.EditActionOptions, map[string]any{"connectId": "c", "position": 2, "options": map[string]any{}}, "PUT /c/c/1", `{"options":{}}`},
		"null is no argument": {"", dialect.EditTriggerOptions, map[string]any{"connectId": "c", "accountId": nil, "options": map[string]string{"a": "b"}}, "PUT /connect/trigger-options/c", `{"options":{"a":"b"}}`},
		"empty is one":        {"", dialect.EditTriggerOptions, map[string]any{"connectId": "c", "accountId": "", "options": map[string]any{}}, "PUT /connect/trigger-options/c", `{"accountId":"","options":{}}`},
		"digits": {
			"", dialect.EditTriggerOptions,
			map[string]any{"connectId": "c", "options": map[string]json.RawMessage{"a": json.RawMessage("1.50"), "b": json.RawMessage("9007199254740993123"), "c": json.RawMessage("1e3"), "d": json.RawMessage("null"), "e": json.RawMessage(`{"z": [1.0]}`)}},
			"PUT /connect/trigger-options/c", `{"options":{"a":1.50,"b":9007199254740993123,"c":1e3,"d":null,"e":{"z":[1.0]}}}`,
		},
		"digits through pairs and text": {
			`operations: {edit_trigger_options: {body: '{p: [.options | to_entries[] | {name: .key, value}], t: (.options.a | tostring), j: (.options | tojson)}'}}`,
			dialect.EditTriggerOptions, map[string]any{"connectId": "c", "options": map[string]any{"a": json.Number("1.50")}},
			"PUT /connect/trigger-options/c", `{"j":"{\"a\":1.50}","p":[{"name":"a","value":1.50}],"t":"1.50"}`,
		},
		"no HTML escapes": {"", dialect.UpdateConnectName, map[string]any{"connectId": "c", "name": "a<b>&\u2028"}, "PUT /connect/name/c", "{\"name\":\"a<b>&\u2028\"}"},
		"null that was computed stays": {
			"operations: {update_connect_name: {body: '{name, x: null, y: (.name | select(false) // null)}'}}", dialect.UpdateConnectName, map[string]any{"connectId": "c", "name": "n"},
			"PUT /connect/name/c", `{"name":"n","x":null,"y":null}`,
		},
		"nested argument is left out": {
			"operations: {edit_trigger_options: {body: '{a: {b: .accountId, \"c\": .accountId, options}} + {d: .accountId}'}}", dialect.EditTriggerOptions, map[string]any{"connectId": "c", "options": map[string]any{}},
			"PUT /connect/trigger-options/c", `{"a":{"options":{}}}`,
		},
		"whole input": {"operations: {update_connect_name: {request: POST /x, body: .}}", dialect.UpdateConnectName, map[string]any{"connectId": "c", "name": "n"}, "POST /x", `{"connectId":"c","name":"n"}`},
		"query": {
			"operations: {list_apps: {query: '{a: [.page, .limit], b: true, c: null, d: 1.5, e: [], categoryId}'}}", dialect.ListApps, map[string]any{"page": 1, "limit": 2, "categoryId": "x&y"},
			"GET /apps?a=1&a=2&b=true&categoryId=x%26y&d=1.5", "",
		},
		"body is null": {"operations: {run_test: {body: 'null'}}", dialect.RunTest, map[string]any{"connectId": "c"}, "POST /connect/test/c", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mustLoad(t, dialect.File("my.yaml", []byte(tc.overlay)))
			for range 2 { // A program must not change what it works on.
				request, err := d.Render(tc.op, tc.args)
				if err != nil {
					t.Fatal(err)
				}
				sent := request.Method + " " + request.Path
				if len(request.Query) > 0 {
					sent += "?" + request.Query.Encode()
				}
				if sent != tc.send || string(request.Body) != tc.body {
					t.Errorf("sends %s %s, want %s %s", sent, request.Body, tc.send, tc.body)
				}
			}
		})
	}
}

func TestRenderErrors(t *testing.T) {
	t.Parallel()
	connect := map[string]any{"connectId": "c"}
	for name, tc := range map[string]struct {
		overlay string
		op      dialect.Operation
		args    map[string]any
		want    string
	}{
		"not described":    {"", dialect.GetConnect, connect, "get_connect: operations.get_connect is not described"},
		"no id":            {"", dialect.DeleteConnect, nil, `delete_connect: operations.delete_connect.request needs connectId, and "" is not usable in a path (the default dialect, line `},
		"empty id":         {"", dialect.DeleteConnect, map[string]any{"connectId": ""}, "delete_connect: operations.delete_connect.request needs connectId"},
		"dot":              {"", dialect.DeleteConnect, map[string]any{"connectId": "."}, "delete_connect: operations.delete_connect.request needs connectId"},
		"dots":             {"", dialect.DeleteConnect, map[string]any{"connectId": ".."}, "delete_connect: operations.delete_connect.request needs connectId"},
		"object":           {"", dialect.DeleteConnect, map[string]any{"connectId": map[string]any{}}, "delete_connect: operations.delete_connect.request needs connectId"},
		"unknown argument": {"", dialect.DeleteConnect, map[string]any{"id": "x"}, "delete_connect: id is no argument of the operation"},
		"no JSON":          {"", dialect.DeleteConnect, map[string]any{"connectId": func() {}}, "delete_connect: connectId is no JSON"},
		"given, not sent": {
			"operations: {create_connect: {body: null}}", dialect.CreateConnect, map[string]any{"popularMatchId": "m", "name": "n"},
			"create_connect: operations.create_connect.request sends no name",
		},
		"query of objects": {"operations: {list_apps: {query: '{a: {}}'}}", dialect.ListApps, nil, "list_apps: operations.list_apps.query yields an object or a list in a; a query holds text: use tojson (my.yaml:1)"},
		"query is text":    {"operations: {list_apps: {query: '\"a\"'}}", dialect.ListApps, nil, "list_apps: operations.list_apps.query must yield an object (my.yaml:1)"},
		"body fails":       {"operations: {update_connect_name: {body: '{name: (.name | keys)}'}}", dialect.UpdateConnectName, map[string]any{"connectId": "c", "name": "s3cr3t"}, "update_connect_name: operations.update_connect_name.body keys cannot be applied to: string (my.yaml:1)"},
		"two bodies":       {"operations: {update_connect_name: {body: '.name, 1'}}", dialect.UpdateConnectName, map[string]any{"connectId": "c", "name": "n"}, "update_connect_name: operations.update_connect_name.body yields more than one value (my.yaml:1)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mustLoad(t, dialect.File("my.yaml", []byte(tc.overlay))).Render(tc.op, tc.args)
			if _, ok := errors.AsType[*dialect.RequestError](err); !ok || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error is %v, want %s", err, tc.want)
			}
		})
	}
}
