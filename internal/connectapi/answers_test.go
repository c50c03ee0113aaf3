package connectapi_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// TestEnvelopes reads one profile out of answers of many shapes.
func TestEnvelopes(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		status  int // 0 is 200
		body    string
		wantErr error  // nil wants the profile
		text    string // in the error
		code    string
		fields  map[string][]string
		unknown bool // the outcome, were it a write
	}{
		"documented":             {body: `{"success":true,"data":{"_id":"7","name":"N"}}`},
		"bare value":             {body: `{"_id":"7","name":"N"}`},
		"list of one":            {body: `{"success":true,"data":[{"_id":"7","name":"N"}]}`},
		"bare list of one":       {body: `[{"_id":"7","name":"N"}]`},
		"no success":             {body: `{"data":{"_id":"7","name":"N"}}`},
		"status 201":             {status: 201, body: `{"success":true,"data":{"_id":"7","name":"N"}}`},
		"success as text":        {body: `{"success":"true","data":{"_id":"7","name":"N"}}`},
		"success as number":      {body: `{"success":1,"data":{"_id":"7","name":"N"}}`},
		"id":                     {body: `{"success":true,"data":{"id":"7","name":"N"}}`},
		"objectId":               {body: `{"success":true,"data":{"objectId":"7","name":"N"}}`},
		"number as id":           {body: `{"success":true,"data":{"_id":7,"name":"N"}}`},
		"empty _id":              {body: `{"success":true,"data":{"_id":null,"id":7,"name":"N"}}`},
		"empty error beside it":  {body: `{"error":"","errors":[],"code":200,"data":{"_id":"7","name":"N"}}`},
		"code beside a success":  {body: `{"success":true,"code":2036,"data":{"_id":"7","name":"N"}}`},
		"byte order and spaces":  {body: "\n\t {\"success\":true,\"data\":{\"_id\":\"7\",\"name\":\"N\"}} \n"},
		"unknown members":        {body: `{"success":true,"more":[1,{"a":null}],"data":{"_id":"7","name":"N","deep":{"er":[[]]}}}`},
		"false in text":          {body: `{"success":"false","message":"no"}`, wantErr: connectapi.ErrInvalid, text: "no"},
		"false with 200":         {body: `{"success":false,"message":"no"}`, wantErr: connectapi.ErrInvalid, text: "no"},
		"false with 200 and 404": {body: `{"success":false,"code":404,"message":"no"}`, wantErr: connectapi.ErrNotFound, code: "404"},
		"false with 200 and 500": {body: `{"success":false,"code":500,"message":"no"}`, text: "no", code: "500", unknown: true, wantErr: errAny},
		"code with 200":          {body: `{"code":2036,"message":"invalid API key"}`, wantErr: connectapi.ErrUnauthorized, code: "2036"},
		"code and null data":     {body: `{"errorCode":"2034","msg":"email required","data":null}`, wantErr: connectapi.ErrInvalid, text: "email required", code: "2034"},
		"code and empty data":    {body: `{"status":2038,"msg":"key","data":[]}`, wantErr: connectapi.ErrUnauthorized, text: "key", code: "2038"},
		"status without success": {body: `{"status":404,"message":"gone"}`, wantErr: connectapi.ErrNotFound, text: "gone", code: "404"},
		"error without success":  {body: `{"error":"broken"}`, wantErr: connectapi.ErrInvalid, text: "broken"},
		"error as object":        {status: 400, body: `{"error":{"message":"deep"}}`, wantErr: connectapi.ErrInvalid, text: "deep"},
		"error as list":          {status: 400, body: `{"error":["one","two"]}`, wantErr: connectapi.ErrInvalid, text: `["one","two"]`},
		"errors as map": {
			status: 400, body: `{"message":"m","errors":{"name":"short","code":["a","b"]}}`, wantErr: connectapi.ErrInvalid,
			text: "code: a, b; name: short", fields: map[string][]string{"name": {"short"}, "code": {"a", "b"}},
		},
		"errors as list": {
			status: 422, body: `{"errors":["one",{"field":"name","message":"short"},{"key":"k","message":"m"}]}`, wantErr: connectapi.ErrInvalid,
			text: "request: one", fields: map[string][]string{"request": {"one"}, "name": {"short"}, "k": {"m"}},
		},
		"error that is no object": {status: 500, body: `"oops"`, text: "oops", wantErr: errAny, unknown: true},
		"error without a word":    {status: 403, body: `{}`, text: "no message", wantErr: connectapi.ErrForbidden},
		"gone":                    {status: 410, body: `{"message":"m"}`, wantErr: connectapi.ErrNotFound},
		"conflict":                {status: 409, body: `{"message":"m"}`, wantErr: connectapi.ErrInvalid},
		"too many":                {status: 429, body: `{"message":"m"}`, wantErr: connectapi.ErrRateLimited},
		"no body":                 {body: ``, wantErr: connectapi.ErrUnexpectedAnswer, text: "is not in the answer", unknown: true},
		"success alone":           {body: `{"success":true}`, wantErr: connectapi.ErrUnexpectedAnswer, text: "is not in the answer", unknown: true},
		"null":                    {body: `null`, wantErr: connectapi.ErrUnexpectedAnswer, unknown: true},
		"data of another kind":    {body: `{"success":true,"data":"x"}`, wantErr: connectapi.ErrUnexpectedAnswer, text: "expected an object", unknown: true},
		"no id":                   {body: `{"success":true,"data":{"name":"N"}}`, wantErr: connectapi.ErrUnexpectedAnswer, text: "profile.id is null", unknown: true},
		"list of two":             {body: `{"success":true,"data":[{"_id":"7"},{"_id":"8"}]}`, wantErr: connectapi.ErrUnexpectedAnswer, unknown: true},
		"truncated":               {body: `{"success":true,"data":{"_id":"7"`, wantErr: connectapi.ErrUnexpectedAnswer, text: "not valid JSON", unknown: true},
		"two values":              {body: `{"_id":"7"}{"_id":"8"}`, wantErr: connectapi.ErrUnexpectedAnswer, text: "not valid JSON", unknown: true},
		"deep nesting":            {body: strings.Repeat("[", 1<<20), wantErr: connectapi.ErrUnexpectedAnswer, text: "not valid JSON", unknown: true},
		"deep and closed":         {body: strings.Repeat("[", 1<<16) + strings.Repeat("]", 1<<16), wantErr: connectapi.ErrUnexpectedAnswer, unknown: true},
		"too large":               {body: `{"data":"` + strings.Repeat("x", 17<<20) + `"}`, wantErr: connectapi.ErrUnexpectedAnswer, text: "larger than 16 MiB", unknown: true},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "req-1")
				writeJSON(w, max(tc.status, http.StatusOK), tc.body)
			})

			got, err := client.Profile(t.Context())
			if tc.wantErr == nil {
				if err != nil || got.ID != "7" || got.Name != "N" {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			refused, ok := errors.AsType[*connectapi.APIError](err)
			if !ok || !errors.Is(tc.wantErr, errAny) && !errors.Is(err, tc.wantErr) || errors.Is(tc.wantErr, errAny) && refused.Kind != nil {
				t.Fatalf("error: %v, want %v", err, tc.wantErr)
			}
			if !contains(err, tc.text) || !contains(err, "get_profile") || !contains(err, "req-1") || len(err.Error()) > 1000 {
				t.Errorf("error: %v, want it to say %q", err, tc.text)
			}
			if refused.Code != tc.code || !maps.EqualFunc(refused.Fields, tc.fields, slices.Equal) {
				t.Errorf("code %s, fields %v", refused.Code, refused.Fields)
			}
			if got := connectapi.OutcomeUnknown(err); got != tc.unknown {
				t.Errorf("outcome unknown: %v", got)
			}
		})
	}
}

// errAny stands for an error without a kind.
var errAny = errors.New("an error without a kind")

// TestForeignAnswers names what came instead of the API's JSON, and shows
// little of it.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	const page = `<html><head><script>var token = "secret-in-a-script"</script></head><body><h1>Log in</h1>abcdefghijklmnopqrstuvwxyz0123456789</body></html>`

	for label, tc := range map[string]struct {
		status      int
		contentType string
		want        error
		text        []string
	}{
		"login page":   {status: 200, contentType: "text/html; charset=utf-8", want: connectapi.ErrUnexpectedAnswer, text: []string{"HTTP 200", "text/html", "login page", "Log in"}},
		"proxy error":  {status: 502, contentType: "text/html", text: []string{"HTTP 502", "web page"}},
		"login as 401": {status: 401, contentType: "text/html", want: connectapi.ErrUnauthorized, text: []string{"HTTP 401", "web page"}},
		"unnamed":      {status: 200, contentType: "", want: connectapi.ErrUnexpectedAnswer, text: []string{"not valid JSON"}},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{tc.contentType}
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(page))
			})
			_, err := client.Profile(t.Context())
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) {
				t.Fatalf("error: %v", err)
			}
			for _, text := range tc.text {
				if !contains(err, text) {
					t.Errorf("no %q in %v", text, err)
				}
			}
			if contains(err, "secret-in") || contains(err, "abcdefghij") || contains(err, "<h1>") {
				t.Errorf("too much of the page: %v", err)
			}
		})
	}
}

// TestListShapes finds the list in answers of many shapes, and takes nothing
// else for an empty one: that would make every object look deleted.
func TestListShapes(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		body string
		want int // -1 wants an error
	}{
		"documented":         {`{"success":true,"data":[{"_id":"1","name":"N","value":"v"}]}`, 1},
		"bare":               {`[{"_id":"1","name":"N","value":"v"}]`, 1},
		"wrapped":            {`{"success":true,"data":{"items":[{"_id":"1","name":"N","value":"v"}],"count":1}}`, 1},
		"bare wrapped":       {`{"categories":[{"_id":"1","name":"N","value":"v"}]}`, 1},
		"empty":              {`{"success":true,"data":[]}`, 0},
		"null":               {`{"success":true,"data":null}`, -1},
		"no body":            {``, -1},
		"no data":            {`{"success":true}`, -1},
		"several lists":      {`{"success":true,"data":{"a":[],"b":[]}}`, -1},
		"an object":          {`{"success":true,"data":{"_id":"1"}}`, -1},
		"text":               {`{"success":true,"data":"none"}`, -1},
		"entries of no kind": {`{"success":true,"data":[1,2]}`, -1},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			client := answering(t, tc.body)
			categories, err := client.Categories(t.Context())
			choices, choicesErr := client.DropdownOptions(t.Context(), connectapi.DropdownQuery{Key: "k"})
			if tc.want < 0 {
				if !errors.Is(err, connectapi.ErrUnexpectedAnswer) || !errors.Is(choicesErr, connectapi.ErrUnexpectedAnswer) {
					t.Errorf("errors: %v, %v", err, choicesErr)
				}
				return
			}
			if err != nil || choicesErr != nil || len(categories) != tc.want || len(choices) != tc.want {
				t.Errorf("got %v, %v, %v, %v", categories, choices, err, choicesErr)
			}
		})
	}
}

// TestRedirects are never followed, and what is at their end sees nothing.
func TestRedirects(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for label, call := range map[string]func(context.Context, *connectapi.Client) error{
			"read": profileOf,
			"write": func(ctx context.Context, c *connectapi.Client) error {
				return c.Rename(ctx, "id", "New")
			},
		} {
			t.Run(label+" "+http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				var seen calls

				other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen.add(r.RequestURI) }))
				t.Cleanup(other.Close)
				client := serve(t, func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, other.URL+"/login?next=secret-query#secret-fragment", status)
				}, retries(3))
				err := call(t.Context(), client)
				if !errors.Is(err, connectapi.ErrUnexpectedAnswer) || !contains(err, other.URL+"/login") || contains(err, "secret") {
					t.Errorf("error: %v", err)
				}
				if got := seen.all(); len(got) > 0 {
					t.Errorf("the other host was asked %v", got)
				}
			})
		}
	}
}

// TestStepsAreReadLeniently lists a connect whose members are of odd kinds.
func TestStepsAreReadLeniently(t *testing.T) {
	t.Parallel()
	client := answering(t, `{"success":true,"total":1,"data":[{"id":5,"name":"N","status":1,
		"trigger":{"stepId":11,"triggerId":"t","accountId":null,"options":{"n":1.50,"b":true,"z":null,"o":{"a": [1, 2]},"s":"x","e":""}},
		"actions":[{"stepId":"12","actionId":"a","accountId":77,"options":{"k":"v","n":2,"z":null}},
		{"stepId":"13","options":null},{"stepId":"14"},{"stepId":"15","options":{}}]}]}`)
	got := must(client.Connect(t.Context(), "5"))(t)
	if !got.On || got.Status != "1" || got.Trigger.ID != "11" || got.Trigger.EventID != "t" || got.Trigger.AccountID != "" || got.Actions[0].AccountID != "77" {
		t.Errorf("got %+v", got)
	}

	if want := map[string]connectapi.Value{"n": "1.50", "b": "true", "z": "null", "o": `{"a":[1,2]}`, "s": `"x"`, "e": `""`}; !maps.Equal(got.Trigger.Options, want) {
		t.Errorf("trigger: %v", got.Trigger.Options)
	}
	if want := map[string]connectapi.Value{"k": `"v"`, "n": "2", "z": "null"}; !maps.Equal(got.Actions[0].Options, want) {
		t.Errorf("action: %v", got.Actions[0].Options)
	}
	for i, shown := range []bool{false, false, true} {
		action := got.Actions[i+1]
		if len(action.Options) != 0 || (action.Options != nil) != shown || !action.HidesAccount {
			t.Errorf("action %+v, options shown: %v", action, shown)
		}
	}
}

// TestUnreadableConnectStandsAlone: what cannot be understood of one connect
// concerns that one, which quotes the word instead of guessing.
func TestUnreadableConnectStandsAlone(t *testing.T) {
	t.Parallel()
	client := answering(t, `{"success":true,"total":3,"data":[{"_id":"4","name":"N","status":"ON"},{"_id":"5","name":"N","status":"SLEEPING"},{"_id":"6","name":"N","status":"OFF","trigger":"none"}]}`)
	if got, err := client.Connect(t.Context(), "4"); err != nil || !got.On {
		t.Errorf("got %+v, error %v", got, err)
	}
	for id, said := range map[string]string{"5": `"SLEEPING"`, "6": "shapes."} {
		if _, err := client.Connect(t.Context(), id); !errors.Is(err, connectapi.ErrUnexpectedAnswer) || !contains(err, said) {
			t.Errorf("error: %v", err)
		}
	}
	if all := must(client.Connects(t.Context()))(t); len(all) != 3 {
		t.Errorf("%d connects", len(all))
	}
}

// TestCreateAnswers finds the new connect in what a create may answer.
func TestCreateAnswers(t *testing.T) {
	t.Parallel()
	const listed = `{"success":true,"total":1,"data":[{"_id":"5","status":"OFF","name":"listed"}]}`

	for label, tc := range map[string]struct {
		body      string
		id, whole bool
	}{
		"the connect": {`{"success":true,"data":{"_id":"5","status":"OFF","name":"answered","trigger":{"options":{}},"actions":[{"stepId":"a","options":{}}]}}`, true, true},
		"a part":      {`{"success":true,"data":{"_id":"5","status":"OFF","name":"answered"}}`, true, false},
		"no options":  {`{"success":true,"data":{"_id":"5","status":"OFF","name":"answered","trigger":{"options":null},"actions":[{}]}}`, true, false},
		"only an id":  {`{"success":true,"data":{"_id":"5"}}`, true, false},
		"nothing":     {`{"success":true}`, false, false},
		"no id":       {`{"success":true,"data":{"name":"N"}}`, false, false},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					writeJSON(w, http.StatusOK, listed)
				} else {
					writeJSON(w, http.StatusOK, tc.body)
				}
			}, quick)
			got, err := client.CreateConnect(t.Context(), "match", "N")
			if !tc.id {
				if !errors.Is(err, connectapi.ErrUnexpectedAnswer) || !connectapi.OutcomeUnknown(err) {
					t.Errorf("error: %v", err)
				}
				return
			}
			if err != nil || got.ID != "5" || (got.Connect != nil) != tc.whole {
				t.Errorf("got %+v, %v", got, err)
			}
			name := "listed"
			if tc.whole {
				name = "answered"
			}
			if read := must(client.Connect(t.Context(), "5"))(t); read.Name != name {
				t.Errorf("read %+v", read)
			}
		})
	}
}

// TestEndlessAnswer stops reading at the bound.
func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	const bound, sent = 16 << 20, 64 << 20

	written := make(chan int, 1)
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n, chunk := 0, []byte(strings.Repeat(" ", 1<<16))
		for n < sent {
			if _, err := w.Write(chunk); err != nil {
				break
			}
			n += len(chunk)
		}
		written <- n
	})
	if err := profileOf(t.Context(), client); !errors.Is(err, connectapi.ErrUnexpectedAnswer) {
		t.Errorf("error: %v", err)
	}

	// What is beyond the bound lies in the buffers of the connection.
	if n := <-written; n > 2*bound {
		t.Errorf("%d bytes were taken", n)
	}
}

// TestSwitchAnsweredAsItWas: an answer that shows the connect as it was before
// says nothing. It is read; what did not move is moved once more, and then it is
// an error.
func TestSwitchAnsweredAsItWas(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		movesAt, calls int
		wantErr        error
	}{
		"never moves":           {movesAt: 3, calls: 2, wantErr: connectapi.ErrNotTaken},
		"moves the second time": {movesAt: 2, calls: 2},
		"moves":                 {movesAt: 1, calls: 1},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			var made calls
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				const document = `{"_id":"5","name":"N","status":"%s","trigger":{"options":{}},"actions":[{"stepId":"a","options":{}}]}`
				if r.Method == http.MethodPut {
					made.add(r.URL.Path)
					writeJSON(w, http.StatusOK, `{"success":true,"data":`+fmt.Sprintf(document, "OFF")+`}`)
					return
				}
				word := "OFF"
				if len(made.all()) >= tc.movesAt {
					word = "ON"
				}
				writeJSON(w, http.StatusOK, `{"success":true,"total":1,"data":[`+fmt.Sprintf(document, word)+`]}`)
			}, quick)
			if err := client.TurnOn(t.Context(), "5"); !errors.Is(err, tc.wantErr) {
				t.Errorf("error: %v", err)
			}
			if got := len(made.all()); got != tc.calls {
				t.Errorf("%d calls", got)
			}
		})
	}
}
