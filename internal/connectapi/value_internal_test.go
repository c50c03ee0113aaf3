package connectapi

import (
	"errors"
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

func TestIsMasked(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"****": true, "***": true, "••••••••": true, "●●●": true, "****1234": true, "•••• 42": true, " **** ": true, "****************": true,
		"": false, "**": false, "*": false, "secret": false, "a****": false, "****12345": false, "**bold**": false, "{{column2}}": false,
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			if got := IsMasked(value); got != want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// FuzzDecode: every answer is read or an error of
// bounded length that says what failed.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"success":true,"data":{"_id":"1"}}`, `{"success":false,"code":2036,"message":"m"}`, `{"error":{"message":"m"},"errors":{"a":["b"]}}`,
		`[{"_id":1}]`, `{"data":{"items":[]},"total":"7"}`, `<html>login</html>`, ``, `null`, `{`, `{"errors":[{"field":"a","message":"b"},1,null]}`,
	} {
		for _, status := range []int{200, 204, 302, 400, 401, 500} {
			f.Add(status, "application/json", []byte(seed))
		}
	}

	spoken, err := dialect.Load()
	if err != nil {
		f.Fatal(err)
	}
	client := &Client{dialect: spoken, clock: wire.SystemClock{}}
	what := asked{dialect.GetProfile, http.MethodGet, "/me"}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		r, err := client.decode(what, answer{status: status, header: http.Header{"Content-Type": {contentType}, "X-Request-Id": {"r"}}, body: body})
		if err == nil {
			if status < 200 || status > 299 {
				t.Errorf("HTTP %d is a success", status)
			}
			// The readers must cope with any answer.
			_, _ = dialect.List[dialect.Connect](spoken, dialect.ListConnects, r.body)
			_, _ = client.answered(reply{asked: asked{op: dialect.TurnOnConnect}, body: r.body}, "")
			_, _ = dialect.One[dialect.Event](spoken, dialect.GetAction, r.body)
			return
		}
		apiErr, ok := errors.AsType[*APIError](err)
		if !ok || apiErr.Operation != what.op || apiErr.Status != status || len(apiErr.Fields) == 0 && apiErr.Message == "" {
			t.Errorf("error: %#v", err)
		}
		if status == http.StatusUnauthorized && !errors.Is(err, ErrUnauthorized) {
			t.Errorf("401 is %v", apiErr.Kind)
		}
		if utf8.RuneCountInString(apiErr.Message) > 600 {
			t.Errorf("a message of %d bytes", len(apiErr.Message))
		}
	})
}
