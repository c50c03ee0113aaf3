package contract_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// maxMessage is what fits in a line of a test log.
const maxMessage = 500

func TestValidateGood(t *testing.T) {
	t.Parallel()
	document, exchanges := load(t), good(t)
	for id, e := range exchanges {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			got, requestErr, answerErr := document.Validate(e)
			if got != id || requestErr != nil || answerErr != nil {
				t.Errorf("operation %q, request: %v, answer: %v", got, requestErr, answerErr)
			}
		})
	}
}

// change edits a copy of the named good exchange.
type change struct {
	name, operation string
	edit            func(*contract.Exchange)
	want            string
}

func body(text string) func(*contract.Exchange) {
	return func(e *contract.Exchange) { e.RequestBody = []byte(fill(text)) }
}

func query(name string, values ...string) func(*contract.Exchange) {
	return func(e *contract.Exchange) {
		e.Query.Del(name)
		for _, value := range values {
			e.Query.Add(name, value)
		}
	}
}

func requestHeader(name, value string) func(*contract.Exchange) {
	return func(e *contract.Exchange) { e.RequestHeader.Set(name, value) }
}

func responseHeader(name, value string) func(*contract.Exchange) {
	return func(e *contract.Exchange) {
		e.ResponseHeader.Del(name)
		if value != "" {
			e.ResponseHeader.Set(name, value)
		}
	}
}

func answer(text string) func(*contract.Exchange) {
	return func(e *contract.Exchange) { e.ResponseBody = []byte(text) }
}

// replace changes the answer's body, which must hold the old text.
func replace(old, text string) func(*contract.Exchange) {
	return func(e *contract.Exchange) {
		changed := strings.Replace(string(e.ResponseBody), old, text, 1)
		if changed == string(e.ResponseBody) {
			changed = "the fixture does not hold " + old
		}
		e.ResponseBody = []byte(changed)
	}
}

func refusal(status int, text string) func(*contract.Exchange) {
	return func(e *contract.Exchange) { e.Status, e.ResponseBody = status, []byte(text) }
}

func all(edits ...func(*contract.Exchange)) func(*contract.Exchange) {
	return func(e *contract.Exchange) {
		for _, edit := range edits {
			edit(e)
		}
	}
}

func TestValidateRequest(t *testing.T) {
	t.Parallel()
	const basic = "Basic Yzpz"
	run(t, true, []change{
		{"no bearer", "get_profile", requestHeader("Authorization", ""), "request header Authorization (bearer): missing"},
		{"empty bearer", "get_profile", requestHeader("Authorization", "Bearer "), "request header Authorization (bearer): missing"},
		{"basic instead of bearer", "get_profile", requestHeader("Authorization", basic), "request header Authorization (bearer): missing"},
		{"platform key beside the bearer", "get_profile", requestHeader("ACCESSTOKEN", "k"), ""},
		{"page below zero", "list_connects", query("page", "-1"), "request query page: minimum: got -1, want 0"},
		{"limit too high", "list_connects", query("limit", "101"), "request query limit: maximum: got 101, want 100"},
		{"limit not a number", "list_connects", query("limit", "all"), `request query limit: "all" is not an integer`},
		{"page twice", "list_connects", query("page", "1", "2"), "request query page: given 2 times"},
		{"unknown query parameter", "list_apps", query("category", "x"), "request query category: not in the contract"},
		{"empty filter", "list_apps", query("categoryId", ""), "request query categoryId: minLength: got 0, want 1"},
		{"no callback token", "get_connected_account_by_token", query("t"), "request query t: missing"},
		{"neither account nor app", "list_connected_accounts", query("appId"), "request query accountId, appId: 0 given, want exactly one"},
		{"both account and app", "list_connected_accounts", query("accountId", id), "request query accountId, appId: 2 given, want exactly one"},
		{"unknown authType", "connect_account", path("O_AUTH_V2", "OAUTH"), "request path {authType}: value must be one of 'O_AUTH_V2', 'API_KEY', 'BASIC_AUTH'"},
		{"empty id", "get_app", path(id, ""), "request path {appId}: minLength: got 0, want 1"},
		{"no callback", "connect_account", body(`{}`), "request body: missing property 'appypie-partner-cb'"},
		{"callback not a URL", "connect_account", body(`{"appypie-partner-cb":"done"}`), "request body /appypie-partner-cb: 'done' is not valid uri"},
		{"no name", "create_connect", body(`{}`), "request body: missing property 'name'"},
		{"empty name", "create_connect", body(`{"name":""}`), "request body /name: minLength: got 0, want 1"},
		{"unknown property", "create_connect", body(`{"name":"x","enabled":false}`), "request body: additional properties 'enabled' not allowed"},
		{"name is null", "update_connect_name", body(`{"name":null}`), "request body /name: got null, want string"},
		{"no body", "create_connect", body(""), "request body: empty"},
		{"broken body", "create_connect", body(`{"name":`), "request body: not JSON: unexpected EOF"},
		{"two bodies", "create_connect", body(`{"name":"x"}{}`), "request body: not JSON: invalid character after top-level value"},
		{"no content type", "create_connect", requestHeader("Content-Type", ""), "request header Content-Type: missing"},
		{"form", "create_connect", requestHeader("Content-Type", "application/x-www-form-urlencoded"), `request header Content-Type: "application/x-www-form-urlencoded", want application/json`},
		{"latin-1", "create_connect", requestHeader("Content-Type", "application/json; charset=iso-8859-1"), "request header Content-Type: charset iso-8859-1, want utf-8"},
		{"body where none belongs", "turn_on_connect", body(`{}`), "request body: the operation takes none"},
		{"options missing", "edit_trigger_options", body(`{"accountId":"ID"}`), "request body: missing property 'options'"},
		{"account left out", "edit_trigger_options", body(`{"options":{"a":"b"}}`), ""},
		{"undeclared options of any type", "edit_action_options", body(`{"options":{"rows":5,"headers":{"a":"b"},"none":null}}`), ""},
		{"options are a list", "edit_action_options", body(`{"options":[]}`), "request body /options: got array, want object"},
		{"account is empty", "edit_action_options", body(`{"accountId":"","options":{}}`), "request body /accountId: minLength: got 0, want 1"},
		{"drop-down of a trigger", "list_dropdown_options", body(`{"key":"k","values":{},"triggerId":"ID"}`), ""},
		{"drop-down of nothing", "list_dropdown_options", body(`{"key":"k"}`), "request body: missing properties 'connectId', 'stepId'; missing property 'actionId'; missing property 'triggerId'"},
		{"drop-down of two", "list_dropdown_options", body(`{"key":"k","triggerId":"ID","actionId":"ID"}`), "request body: 'oneOf' failed, subschemas 1, 2 matched"},
		{"drop-down of a stray step", "list_dropdown_options", body(`{"key":"k","stepId":"ID","triggerId":"ID"}`), "request body: properties 'connectId' required, if 'stepId' exists"},
		{"code grant", "create_token", body(`{"grant_type":"authorization_code","client_id":"c","client_secret":"s","code":"x","redirect_uri":"http://localhost:9/cb"}`), ""},
		{"refresh without token", "create_token", body(`{"grant_type":"refresh_token","client_id":"c","client_secret":"s"}`), "request body /grant_type: value must be 'authorization_code'; missing properties 'code', 'redirect_uri'; missing property 'refresh_token'"},
		{"code with refresh token", "create_token", body(`{"grant_type":"authorization_code","client_id":"c","client_secret":"s","code":"x","redirect_uri":"http://localhost:9/cb","refresh_token":"r"}`), "request body /grant_type: value must be 'refresh_token'; additional properties "},
		{"unknown grant", "create_token", body(`{"grant_type":"password","client_id":"c","client_secret":"s"}`), "request body /grant_type: value must be 'authorization_code'; /grant_type: value must be 'refresh_token'"},
		{"no client credentials", "create_token", body(`{"grant_type":"refresh_token","refresh_token":"r","client_id":"c"}`), "request body /client_secret: missing, and there is no Authorization header"},
		{"client credentials in the header", "create_token", all(requestHeader("Authorization", basic), body(`{"grant_type":"refresh_token","refresh_token":"r"}`)), ""},
		{"no response_type", "authorize", query("response_type"), "request query response_type: missing"},
		{"implicit flow", "authorize", query("response_type", "token"), "request query response_type: value must be 'code'"},
		{"keys only in the body", "create_platform_key", query("secretKey"), "request query secretKey: missing"},
	})
}

func path(old, text string) func(*contract.Exchange) {
	return func(e *contract.Exchange) { e.Path = strings.Replace(e.Path, old, text, 1) }
}

func TestValidateAnswer(t *testing.T) {
	t.Parallel()
	const refused = `{"success":false,"code":400,"message":"no"}`
	run(t, false, []change{
		{"no request id", "get_profile", responseHeader("X-Request-Id", ""), "answer 200 header X-Request-Id: missing"},
		{"no content type", "get_profile", responseHeader("Content-Type", ""), "answer 200 header Content-Type: missing"},
		{"login page", "get_profile", responseHeader("Content-Type", "text/html"), `answer 200 header Content-Type: "text/html", want application/json`},
		{"undocumented status", "get_profile", refusal(http.StatusTeapot, refused), "answer status 418: not in the contract"},
		{"created", "create_connect", refusal(http.StatusCreated, one(connectJSON)), "answer status 201: not in the contract"},
		{"cut off", "get_profile", answer(`{"success":true,`), "answer 200 body: not JSON: unexpected EOF"},
		{"empty", "get_profile", answer(""), "answer 200 body: empty"},
		{"bare value", "get_profile", answer(fill(profileJSON)), "answer 200 body: additional properties "},
		{"success false", "get_profile", replace("true", "false"), "answer 200 body /success: value must be true"},
		{"unknown property of the envelope", "get_profile", replace(`"success"`, `"took":1,"success"`), "answer 200 body: additional properties 'took' not allowed"},
		{"unknown property of the object", "get_app", replace(`"logo"`, `"icon":"","logo"`), "answer 200 body /data: additional properties 'icon' not allowed"},
		{"missing property of the object", "get_app", replace(`"logo":"",`, ""), "answer 200 body /data: missing property 'logo'"},
		{"upper-case id", "get_app", replace(id, strings.ToUpper(id)), "answer 200 body /data/_id: '5F2B1C0D9E8A7B6C5D4E3F21' does not match pattern '^[0-9a-f]{24}$'"},
		{"unknown authType", "get_app", replace("null", `"OTHER"`), "answer 200 body /data/authType: value must be one of 'O_AUTH_V2', 'API_KEY', 'BASIC_AUTH', <nil>"},
		{"time without milliseconds", "get_connected_account_by_token", replace(when, "2026-01-02T03:04:05Z"), "answer 200 body /data/_created_at: '2026-01-02T03:04:05Z' does not match pattern"},
		{"impossible time", "get_connected_account_by_token", replace(when, "2026-13-02T03:04:05.000Z"), "answer 200 body /data/_created_at: '2026-13-02T03:04:05.000Z' is not valid date-time"},
		{"null time of a running entry is right", "get_connect_history", replace("null", `"`+when+`"`), ""},
		{"bad finish time", "get_connect_history", replace("null", `"later"`), "answer 200 body /data/0/finishedAt:"},
		{"wrong status word", "turn_on_connect", replace(`"ON"`, `"active"`), "answer 200 body /data/status: value must be one of 'ON', 'OFF', 'Draft'"},
		{"status as a boolean", "turn_on_connect", replace(`"ON"`, `true`), "answer 200 body /data/status: got boolean, want string"},
		{"account left out", "turn_on_connect", replace(`"accountId":null,`, ""), "answer 200 body /data/trigger: missing property 'accountId'"},
		{"action in the trigger's place", "turn_on_connect", replace("triggerId", "actionId"), "answer 200 body /data/trigger: additional properties 'actionId' not allowed; /data/trigger: missing property 'triggerId'"},
		{"no actions", "get_popular_match", replace(`{"appId":"`+id+`","actionId":"`+id+`"}`, ""), "answer 200 body /data/actions: minItems: got 0, want 1"},
		{"option value null", "run_test", replace(`"value":"x"`, `"value":null`), "answer 200 body /data/steps/0/sampleData/0/value: got null, want string"},
		{"listing without total", "list_connects", replace(`,"total":7`, ""), "answer 200 body: missing property 'total'"},
		{"listing that is an object", "list_connects", answer(one(connectJSON)), "answer 200 body /data: got object, want array; missing properties 'total', 'page', 'limit'"},
		{"tokens in an envelope", "create_token", answer(one(`{}`)), "answer 200 body: additional properties "},
		{"grant refused", "create_token", refusal(http.StatusBadRequest, `{"error":"invalid_grant","error_description":"spent"}`), ""},
		{"grant refused as an API call", "create_token", refusal(http.StatusBadRequest, refused), "answer 400 body: additional properties "},
		{"keys refused", "create_platform_key", refusal(http.StatusUnauthorized, `{"status":"0","message":"no"}`), ""},
		{"keys refused with a number", "create_platform_key", refusal(http.StatusUnauthorized, `{"status":0,"message":"no"}`), "answer 401 body /status: value must be '0'"},
		{"redirect without target", "authorize", responseHeader("Location", ""), "answer 302 header Location: missing"},
		{"consent page", "authorize", all(refusal(http.StatusOK, "<html>"), responseHeader("Content-Type", "text/html; charset=utf-8")), ""},
		{"refused", "turn_on_connect", refusal(http.StatusBadRequest, `{"success":false,"code":400,"message":"no","errors":{"trigger.form":["is required"]}}`), ""},
		{"refused with bare texts", "turn_on_connect", refusal(http.StatusBadRequest, `{"success":false,"code":400,"message":"no","errors":{"trigger.form":"is required"}}`), "answer 400 body /errors/trigger.form: got string, want array"},
		{"refused with success", "turn_on_connect", refusal(http.StatusBadRequest, one(connectJSON)), "answer 400 body /success: value must be false"},
		{"application code", "get_profile", refusal(http.StatusUnauthorized, `{"success":false,"code":2036,"message":"invalid API key"}`), ""},
		{"invented code", "get_profile", refusal(http.StatusUnauthorized, `{"success":false,"code":7,"message":"no"}`), "answer 401 body /code: value must be one of 400, 401,"},
		{"rate limit", "get_profile", all(refusal(http.StatusTooManyRequests, `{"success":false,"code":429,"message":"slow"}`), responseHeader("Retry-After", "2")), ""},
		{"rate limit without a wait", "get_profile", refusal(http.StatusTooManyRequests, `{"success":false,"code":429,"message":"slow"}`), "answer 429 header Retry-After: missing"},
		{"wait that is no number", "get_profile", all(refusal(http.StatusServiceUnavailable, `{"success":false,"code":503,"message":"down"}`), responseHeader("Retry-After", "soon")), `answer 503 header Retry-After: "soon" is not an integer`},
	})
}

// run applies each change and holds the error of one side to what is wanted;
// the other side must stay right, so that the two are told apart.
func run(t *testing.T, request bool, changes []change) {
	t.Helper()
	document := load(t)
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := good(t)[c.operation]
			c.edit(&e)
			id, got, other := document.Validate(e)
			if !request {
				got, other = other, got
			}
			if id != c.operation {
				t.Errorf("operation %q, want %q", id, c.operation)
			}
			if other != nil {
				t.Errorf("the other side: %v", other)
			}
			checkMessage(t, got, c.operation, c.want)
		})
	}
}

func checkMessage(t *testing.T, err error, operation, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("unexpected: %v", err)
		}
		return
	}
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	text := err.Error()
	if !strings.HasPrefix(text, operation+": "+want) {
		t.Errorf("got  %s\nwant %s: %s", text, operation, want)
	}
	if len(text) > maxMessage || strings.Contains(text, "\n") {
		t.Errorf("%d bytes, want one short line: %s", len(text), text)
	}
}

func TestValidateUnknownOperation(t *testing.T) {
	t.Parallel()
	document := load(t)
	const notFound = `{"success":false,"code":404,"message":"no such path"}`
	tests := []struct {
		name, method, path string
		status             int
		body, want         string
	}{
		{"unknown path", "GET", root + "/connect/" + id, http.StatusNotFound, notFound, ""},
		{"outside the base", "GET", "/connects", http.StatusNotFound, notFound, ""},
		{"wrong method", "PATCH", root + "/connects", http.StatusMethodNotAllowed, `{"success":false,"code":405,"message":"no"}`, ""},
		{"trailing slash", "GET", root + "/connects/", http.StatusNotFound, notFound, ""},
		{"bad escape", "GET", root + "/app/detail/%zz", http.StatusNotFound, notFound, ""},
		{"answered all the same", "GET", root + "/connects/all", http.StatusOK, page(connectJSON), "answer status 200: not in the contract"},
		{"refused without a body", "GET", root + "/connects/all", http.StatusNotFound, "", "answer 404 body: empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := good(t)["list_connects"]
			e.Method, e.Path, e.Status, e.ResponseBody = test.method, test.path, test.status, []byte(test.body)
			id, requestErr, answerErr := document.Validate(e)
			if id != "" || !errors.Is(requestErr, contract.ErrUnknownOperation) {
				t.Errorf("operation %q, request: %v", id, requestErr)
			}
			checkMessage(t, answerErr, test.method+" "+test.path, test.want)
		})
	}
}

// TestValidateManyFindings keeps a message short however much is wrong.
func TestValidateManyFindings(t *testing.T) {
	t.Parallel()
	e := good(t)["list_connects"]
	broken := `{"_id":"` + strings.Repeat("x", 5000) + `","name":1,"status":[],"more":{}}`
	e.ResponseBody = []byte(page(slices.Repeat([]string{broken}, 50)...))
	_, _, err := load(t).Validate(e)
	checkMessage(t, err, "list_connects", `answer 200 body /data/0`)
}

func TestValidateConcurrently(t *testing.T) {
	t.Parallel()
	document, exchanges := load(t), good(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for id, e := range exchanges {
				if got, requestErr, answerErr := document.Validate(e); got != id || requestErr != nil || answerErr != nil {
					t.Errorf("%s: operation %q, request: %v, answer: %v", id, got, requestErr, answerErr)
				}
				e.ResponseBody = []byte(`[]`)
				if _, _, answerErr := document.Validate(e); answerErr == nil && id != "authorize" {
					t.Errorf("%s: a wrong answer passed", id)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkValidate(b *testing.B) {
	document := load(b)
	exchanges := good(b)
	for _, id := range []string{"list_connects", "edit_action_options"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, requestErr, answerErr := document.Validate(exchanges[id]); requestErr != nil || answerErr != nil {
					b.Fatal(requestErr, answerErr)
				}
			}
		})
	}
}
