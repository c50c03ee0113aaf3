package token_test

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	defaultPage = "https://connectcloud.appypie.com/oAuth/authorize"
	redirect    = "http://127.0.0.1:8085/callback"
)

// unconfigured is a provider as functions find it: they work without
// credentials, also in `terraform console`.
func unconfigured(t *testing.T) *acctest.Driver {
	t.Helper()
	return acctest.NewDriver(t, providerserver.NewProtocol6(provider.New("test")())())
}

func TestAuthorizationURL(t *testing.T) {
	t.Parallel()
	const verifierChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

	tests := map[string]struct {
		options []any
		page    string
		want    url.Values
	}{
		"no options":     {want: url.Values{}},
		"no options set": {options: []any{map[string]any{}}, want: url.Values{}},
		"null options":   {options: []any{map[string]any{"state": nil, "scopes": nil}}, want: url.Values{}},
		"a state":        {options: []any{map[string]any{"state": "a b&c=d"}}, want: url.Values{"state": {"a b&c=d"}}},
		"scopes":         {options: []any{map[string]any{"scopes": []any{"read", "write"}}}, want: url.Values{"scope": {"read write"}}},
		"a challenge": {
			options: []any{map[string]any{"code_challenge": verifierChallenge}},
			want:    url.Values{"code_challenge": {verifierChallenge}, "code_challenge_method": {"S256"}},
		},
		"another page": {options: []any{map[string]any{"page": "https://accounts.example.com/authorize"}}, page: "https://accounts.example.com/authorize", want: url.Values{}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, refused := unconfigured(t).Call(t.Context(), "authorization_url", append([]any{"client 1", redirect}, test.options...)...)
			if refused != nil {
				t.Fatal(refused.Text)
			}
			page, rawQuery, _ := strings.Cut(fmt.Sprint(result), "?")
			query, err := url.ParseQuery(rawQuery)
			if err != nil {
				t.Fatal(err)
			}

			want := url.Values{"client_id": {"client 1"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"*"}}
			maps.Copy(want, test.want)
			wantPage := test.page
			if wantPage == "" {
				wantPage = defaultPage
			}
			if page != wantPage {
				t.Errorf("the page is %s, want %s", page, wantPage)
			}
			if diff := cmp.Diff(want, query); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFunctionsRefuseWrongArguments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		function  string
		arguments []any
		at        int64
		want      string
	}{
		"no client id":             {"authorization_url", []any{"", redirect}, 0, "client id is empty"},
		"a null client id":         {"authorization_url", []any{nil, redirect}, 0, "null"},
		"a relative redirect":      {"authorization_url", []any{"c", "/callback"}, 1, "whole address"},
		"a redirect with fragment": {"authorization_url", []any{"c", redirect + "#x"}, 1, "fragment"},
		"a redirect that is none":  {"authorization_url", []any{"c", "http://[::1"}, 1, "whole address"},
		"options that are none":    {"authorization_url", []any{"c", redirect, "state"}, 2, "object"},
		"options twice":            {"authorization_url", []any{"c", redirect, map[string]any{}, map[string]any{}}, 3, "one object"},
		"an option that is none":   {"authorization_url", []any{"c", redirect, map[string]any{"scope": "read"}}, 2, `no option "scope"`},
		"an empty state":           {"authorization_url", []any{"c", redirect, map[string]any{"state": ""}}, 2, "state must be a text"},
		"a state that is a number": {"authorization_url", []any{"c", redirect, map[string]any{"state": 7}}, 2, "state must be a text"},
		"scopes in one text":       {"authorization_url", []any{"c", redirect, map[string]any{"scopes": "read write"}}, 2, "scopes must be a list"},
		"a scope with a space":     {"authorization_url", []any{"c", redirect, map[string]any{"scopes": []any{"read write"}}}, 2, "scopes must be a list"},
		"no scope at all":          {"authorization_url", []any{"c", redirect, map[string]any{"scopes": []any{}}}, 2, "at least one"},
		"a page with a query":      {"authorization_url", []any{"c", redirect, map[string]any{"page": defaultPage + "?x=1"}}, 2, "page must be"},
		"no address":               {"parse_callback", []any{"4/0AX4XfWh"}, 0, "no address"},
		"an empty text":            {"parse_callback", []any{""}, 0, "no address"},
		"a path alone":             {"parse_callback", []any{"/callback?code=4/0AX4XfWh"}, 0, "no address"},
		"a broken address":         {"parse_callback", []any{"https://e.com/%zz?code=4/0AX4XfWh"}, 0, "no address"},
		"a damaged query":          {"parse_callback", []any{"https://e.com/?code=4/0AX4XfWh%"}, 0, "damaged"},
		"two codes":                {"parse_callback", []any{"https://e.com/?code=4/0AX4XfWh&code=other"}, 0, "more than once"},
		"a null address":           {"parse_callback", []any{nil}, 0, "null"},
		"a null option object":     {"authorization_url", []any{"c", redirect, nil}, 2, "null"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, refused := unconfigured(t).Call(t.Context(), test.function, test.arguments...)
			if refused == nil {
				t.Fatalf("it answers %v", result)
			}
			if refused.Argument != test.at || !strings.Contains(strings.ToLower(refused.Text), strings.ToLower(test.want)) {
				t.Errorf("argument %d: %s", refused.Argument, refused.Text)
			}
			if strings.Contains(refused.Text, "4/0AX4XfWh") {
				t.Errorf("the code is quoted: %s", refused.Text)
			}
		})
	}
}

func TestParseCallback(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		url  string
		want map[string]any
	}{
		"a login":             {"http://127.0.0.1:8085/callback?code=4%2F0AX&state=xyz", map[string]any{"code": "4/0AX", "state": "xyz"}},
		"a refusal":           {"https://e.com/?error=access_denied&error_description=Not%20today&state=xyz", map[string]any{"error": "access_denied", "error_description": "Not today", "state": "xyz"}},
		"an account":          {"https://e.com/connected?tenant=7&t=0f8f", map[string]any{"t": "0f8f"}},
		"nothing":             {"https://e.com/", map[string]any{}},
		"an empty code":       {"https://e.com/?code=", map[string]any{"code": ""}},
		"space around it":     {"  https://e.com/?t=0f8f\n", map[string]any{"t": "0f8f"}},
		"a fragment behind":   {"https://e.com/?code=a#_=_", map[string]any{"code": "a"}},
		"plus means a space":  {"https://e.com/?error=e&error_description=Not+today", map[string]any{"error": "e", "error_description": "Not today"}},
		"another scheme":      {"com.example.app://callback?code=a", map[string]any{"code": "a"}},
		"capitals are others": {"https://e.com/?Code=a", map[string]any{}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := map[string]any{"code": nil, "state": nil, "error": nil, "error_description": nil, "t": nil}
			maps.Copy(want, test.want)
			got, refused := unconfigured(t).Call(t.Context(), "parse_callback", test.url)
			if refused != nil {
				t.Fatal(refused.Text)
			}
			if !reflect.DeepEqual(got, any(want)) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// What is not known yet is waited for, and nothing fails before.
func TestFunctionsWaitForUnknownArguments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		function  string
		arguments []any
	}{
		"an address":       {"parse_callback", []any{acctest.Unknown}},
		"a client id":      {"authorization_url", []any{acctest.Unknown, redirect}},
		"a redirect":       {"authorization_url", []any{"c", acctest.Unknown}},
		"all options":      {"authorization_url", []any{"c", redirect, acctest.Unknown}},
		"one option":       {"authorization_url", []any{"c", redirect, map[string]any{"state": acctest.Unknown}}},
		"the fields":       {"option_skeleton", []any{acctest.Unknown}},
		"a part of fields": {"option_skeleton", []any{[]any{map[string]any{"key": "email", "required": acctest.Unknown}}}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, refused := unconfigured(t).Call(t.Context(), test.function, test.arguments...); refused != nil || got != acctest.Unknown {
				t.Errorf("got %v, %+v", got, refused)
			}
		})
	}
}

// Together they are a round trip.
func TestCallbackOfAnAuthorizationURLHasItsState(t *testing.T) {
	t.Parallel()
	driver := unconfigured(t)
	page, refused := driver.Call(t.Context(), "authorization_url", "c", redirect, map[string]any{"state": "ä/ö?&#"})
	if refused != nil {
		t.Fatal(refused.Text)
	}
	callback, refused := driver.Call(t.Context(), "parse_callback", page)
	if refused != nil {
		t.Fatal(refused.Text)
	}
	if members, ok := callback.(map[string]any); !ok || members["state"] != "ä/ö?&#" {
		t.Errorf("got %v", callback)
	}
}
