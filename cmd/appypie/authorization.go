package main

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// authorizePath is the authorization page on the host of the token endpoint
// (documented: "build-authorization-url").
const authorizePath = "/oAuth/authorize"

// maxQuoted bounds foreign text in a message, in bytes.
const maxQuoted = 200

// errPKCERefused tells that the server does not accept a code challenge.
var errPKCERefused = errors.New("the server does not accept PKCE")

// authorization is one attempt to be let in. Its secrets serve that attempt
// only.
type authorization struct {
	page     string
	clientID string
	scope    string
	redirect string
	state    string
	// verifier is the PKCE verifier (RFC 7636); empty when none is announced.
	verifier string
}

// renew gives the attempt secrets of its own. Each has at least 128 random
// bits; the verifier must have 43 characters or more.
func (a authorization) renew(withPKCE bool) authorization {
	a.state, a.verifier = rand.Text(), ""
	if withPKCE {
		a.verifier = rand.Text() + rand.Text()
	}
	return a
}

// link is the address of the authorization page for this attempt.
func (a authorization) link() string {
	query := url.Values{
		"client_id": {a.clientID}, "redirect_uri": {a.redirect}, "response_type": {"code"},
		"scope": {a.scope}, "state": {a.state},
	}
	if a.verifier != "" {
		sum := sha256.Sum256([]byte(a.verifier))
		query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		query.Set("code_challenge_method", "S256")
	}
	return a.page + "?" + query.Encode()
}

// code reads what the browser was sent back with.
func (a authorization) code(query url.Values) (string, error) {
	switch state := query.Get("state"); {
	case state == "":
		return "", &strangerError{"the browser came back without the state that it was sent away with"}
	case subtle.ConstantTimeCompare([]byte(state), []byte(a.state)) != 1:
		return "", &strangerError{"the browser came back with the state of another login"}
	}
	if reason := query.Get("error"); reason != "" {
		return "", a.refusal(reason, query.Get("error_description"))
	}
	code := query.Get("code")
	if code == "" {
		return "", errcode.Errorf(errcode.BrowserRefused, "the browser came back without a code")
	}
	return code, nil
}

func (a authorization) refusal(reason, description string) error {
	if reason == "access_denied" {
		return errcode.Errorf(errcode.BrowserRefused, "access was denied in the browser")
	}
	if a.verifier != "" && reason == "invalid_request" && mentionsPKCE(description) {
		return errPKCERefused
	}
	said := foreign(reason, a.state, a.verifier)
	if description != "" {
		said += ": " + foreign(description, a.state, a.verifier)
	}
	return errcode.Errorf(errcode.BrowserRefused, "the authorization page refused the login with the redirect address %s: %s", a.redirect, said)
}

// mentionsPKCE reports whether a refusal is about the code challenge.
func mentionsPKCE(text string) bool {
	text = strings.ToLower(text)
	for _, word := range []string{"code_challenge", "code_verifier", "pkce"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// foreign makes what a page says fit for a message, without secrets.
func foreign(text string, secrets ...string) string {
	return `"` + wire.Excerpt(text, secrets...) + `"`
}

// quoted makes a person's own text fit for a terminal: bounded, and without control
// characters that it would act on.
func quoted(text string) string {
	if len(text) > maxQuoted {
		text = text[:maxQuoted] + "…"
	}
	return fmt.Sprintf("%q", text)
}
