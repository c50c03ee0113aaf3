package connectapi

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseStatus(t *testing.T) {
	t.Parallel()

	for word, want := range map[string]string{
		"ON": "on", "on": "on", "\tOn\n": "on", "active": "on", "Enabled": "on", "true": "on", "1": "on",
		"OFF": "off", "inactive": "off", "disabled": "off", "Draft": "off", "false": "off", "0": "off",
		"": "error", "paused": "error", "2": "error", "null": "error",
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()

			on, err := ParseStatus(word)
			got := map[bool]string{true: "on", false: "off"}[on]

			if err != nil {
				got = "error"

				if !strings.Contains(err.Error(), `"`+word+`"`) {
					t.Errorf("the word is not in %v", err)
				}
			}

			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

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

// FuzzOptions: whatever JSON stands for options, reading it neither fails on a
// map nor invents a value, and strings come through unchanged.
func FuzzOptions(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `{"a":"b"}`, `{"a":1e5,"b":true,"c":null,"d":{"e":[1]},"f":[ 1 ]}`, `[{"key":"a","value":"b"},{"key":"n"}]`,
		`[1]`, `"x"`, `{"a":"\ud800"}`, `{"":""}`, `{"a":"1","a":"2"}`,
	} {
		f.Add([]byte(seed))
	}

	f.Fuzz(func(t *testing.T, raw []byte) {
		var got options
		if err := json.Unmarshal(raw, &got); err != nil {
			var members map[string]any
			if json.Unmarshal(raw, &members) == nil {
				t.Fatalf("an object is refused: %v", err)
			}

			return
		}

		if isNothing(raw) {
			if got != nil {
				t.Errorf("null is %v", got)
			}
			return
		}
		var texts map[string]string
		if json.Unmarshal(raw, &texts) != nil {
			return
		}
		have := Step{Options: got}.Texts()
		if !maps.Equal(have, texts) {
			t.Errorf("got %v, want %v", have, texts)
		}
	})
}

// FuzzDecodeEnvelope: every answer is a payload of valid JSON or an error of
// bounded length that says what failed.
func FuzzDecodeEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"success":true,"data":{"_id":"1"}}`, `{"success":false,"code":2036,"message":"m"}`, `{"error":{"message":"m"},"errors":{"a":["b"]}}`,
		`[{"_id":1}]`, `{"data":{"items":[]},"total":"7"}`, `<html>login</html>`, ``, `null`, `{`, `{"errors":[{"field":"a","message":"b"},1,null]}`,
	} {
		for _, status := range []int{200, 204, 302, 400, 401, 500} {
			f.Add(status, "application/json", []byte(seed))
		}
	}

	op := operationsTable()[0]

	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		env, err := decode(op, "/me", answer{status: status, header: http.Header{"Content-Type": {contentType}, "X-Request-Id": {"r"}}, body: body})
		if err == nil {
			if status < 200 || status > 299 {
				t.Errorf("HTTP %d is a success", status)
			}

			if len(env.payload) > 0 && !json.Valid(env.payload) {
				t.Errorf("payload %q", env.payload)
			}

			// The readers above must cope with any payload.
			_, _, _, _ = listPayload(env)
			_, _ = answered(env, "")
			_, _ = decodePayload[wireEvent](env)

			return
		}

		apiErr, ok := errors.AsType[*APIError](err)
		if !ok || apiErr.Operation != op.Name || apiErr.Status != status || len(apiErr.Fields) == 0 && apiErr.Message == "" {
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

// FuzzEndpointOverride: what is accepted expands to a path below the base, with
// every value in its own segment.
func FuzzEndpointOverride(f *testing.F) {
	for _, seed := range []string{
		"PUT /connect/turn-on/{connectId}", "POST /{connectId}/enable", "put /{connectId}", "PUT /{connectId}?a", "PUT /{connectId}/{connectId}",
		"PUT //evil.example/{connectId}", "PUT /../{connectId}", "PUT /a\x00{connectId}", "PUT /%2e%2e/{connectId}", "",
	} {
		f.Add(seed, "0123456789abcdef01234567")
	}

	f.Add("PUT /{connectId}", "../../x")

	f.Fuzz(func(t *testing.T, value, id string) {
		table, err := Operations(map[string]string{string(TurnOnConnect): value})
		if err != nil {
			if wrong, ok := errors.AsType[*EndpointError](err); !ok || wrong.Operation != string(TurnOnConnect) {
				t.Errorf("error: %v", err)
			}

			return
		}

		for _, op := range table {
			if op.Name != TurnOnConnect {
				continue
			}

			path, err := op.expand(map[string]string{"connectId": id})
			if err != nil {
				continue
			}

			if strings.Count(path, "/") != strings.Count(op.Path, "/") || strings.ContainsAny(path, "?#{} ") {
				t.Errorf("%q with %q is %q", value, id, path)
			}

			if _, err := http.NewRequestWithContext(t.Context(), op.Method, "https://host/base"+path, http.NoBody); err != nil {
				t.Errorf("%q with %q cannot be requested: %v", value, id, err)
			}
		}
	})
}
