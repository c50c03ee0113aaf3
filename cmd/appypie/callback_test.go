package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// A page in the same browser can send anything to the callback. It must neither
// log the person in to another account nor end the login.
func TestLoginOutlastsStrangers(t *testing.T) {
	t.Parallel()
	for said, forged := range map[string]string{"the state of another login": "WRONG", "without the state": ""} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.browse = func(link string) {
				got := b.visit(http.MethodGet, callbackOf(t, link, "state", forged, "code", "stranger"), "")
				if got.status != http.StatusBadRequest || strings.Contains(got.text, "stranger") {
					t.Errorf("the stranger sees %d: %s", got.status, got.text)
				}
				b.press(link, "allow")
			}
			if r := b.must("login"); !strings.Contains(r.notices, "Refused: the browser came back") || !strings.Contains(r.notices, said) {
				t.Errorf("notices:\n%s", r.notices)
			}
			if exchanged := len(b.of("create_token")); exchanged != 1 {
				t.Errorf("%d codes were exchanged", exchanged)
			}
		})
	}
}

func TestCallbackAnswersNothingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.browse = func(link string) {
		good := callbackOf(t, link, "code", "stolen")
		refuse := func(name string, want int, req *http.Request, err error) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			if got := b.fetch(req); got.status != want {
				t.Errorf("%s: status %d, want %d", name, got.status, want)
			}
		}
		request := func(method, target string) (*http.Request, error) {
			return http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, target, http.NoBody)
		}
		req, err := request(http.MethodGet, strings.Replace(good, callbackPath, "/favicon.ico", 1))
		refuse("another path", http.StatusNotFound, req, err)
		req, err = request(http.MethodPost, good)
		refuse("another method", http.StatusMethodNotAllowed, req, err)
		if req, err = request(http.MethodGet, good); err == nil {
			req.Host = "rebound.example.com"
		}
		refuse("another host", http.StatusForbidden, req, err)
		b.press(link, "allow")
	}
	b.must("login")
}
