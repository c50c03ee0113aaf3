package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// front is a service that differs from the simulated one behind it in how it
// takes PKCE.
func (b *bench) front(authorize, token http.HandlerFunc) string {
	b.t.Helper()
	behind, err := url.Parse(b.env.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(behind) },
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	mux := http.NewServeMux()
	mux.Handle("/", proxy)
	if authorize != nil {
		mux.HandleFunc(authorizePath, authorize)
	}
	mux.HandleFunc("/v1/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		if token != nil {
			if token(w, r); r.Body == nil {
				return
			}
		}
		proxy.ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	b.t.Cleanup(server.Close)
	return server.URL
}

func sendTo(w http.ResponseWriter, target string) {
	w.Header().Set("Location", target)
	w.WriteHeader(http.StatusFound)
}

// refuseVerifier answers a token request that has a verifier, and marks it as
// answered by taking its body.
func refuseVerifier(code string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Contains(text, []byte("code_verifier")) {
			r.Body = io.NopCloser(bytes.NewReader(text))
			return
		}
		r.Body = nil
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "code_verifier is not a parameter"})
	}
}

func TestLoginGoesOnWithoutPKCE(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		authorize func(b *bench) http.HandlerFunc
		token     http.HandlerFunc
		args      []string
		asked     int
	}{
		"when the page refuses the challenge": {
			authorize: func(b *bench) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					query := r.URL.Query()
					if query.Has("code_challenge") {
						back := url.Values{"error": {"invalid_request"}, "error_description": {"unknown parameter code_challenge"}, "state": {query.Get("state")}}
						sendTo(w, query.Get("redirect_uri")+"?"+back.Encode())
						return
					}
					sendTo(w, b.env.URL+authorizePath+"?"+query.Encode())
				}
			},
			asked: 2,
		},
		"when the token endpoint refuses the verifier": {token: refuseVerifier("invalid_request"), asked: 2},
		"when told to": {args: []string{"--no-pkce"}, asked: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var authorize http.HandlerFunc
			if test.authorize != nil {
				authorize = test.authorize(b)
			}
			b.vars["APPYPIE_TOKEN_URL"] = b.front(authorize, test.token) + "/v1/oauth2/token"
			var states []string
			b.browse = func(link string) {
				u, err := url.Parse(link)
				if err != nil {
					t.Errorf("link: %v", err)
					return
				}
				states = append(states, u.Query().Get("state"))
				if test.authorize != nil && u.Query().Has("code_challenge") {
					b.visit(http.MethodGet, link, "")
					return
				}
				b.press(link, "allow")
			}
			r := b.must(append([]string{"login"}, test.args...)...)
			b.browsers.Wait()
			if len(states) != test.asked || len(states) == 2 && states[0] == states[1] {
				t.Errorf("the person was asked with the states %q, want %d different ones", states, test.asked)
			}
			if told := strings.Contains(r.notices, "does not accept PKCE"); told != (test.asked == 2) {
				t.Errorf("notices:\n%s", r.notices)
			}
		})
	}
}

// A grant that does not fit may be a stolen code: it is no reason to ask for less.
func TestLoginKeepsPKCEWhenTheGrantIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.vars["APPYPIE_TOKEN_URL"] = b.front(nil, refuseVerifier("invalid_grant")) + "/v1/oauth2/token"
	b.fails(b.run("login"), exitFailure, "could not be exchanged")
	if asked := len(b.of("authorize")); asked != 1 {
		t.Errorf("the person was asked %d times", asked)
	}
}
