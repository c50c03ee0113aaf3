package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

func TestShownAnswersHideSecrets(t *testing.T) {
	t.Parallel()
	const known = "6924f00dcafe6924f00dcafe"
	tests := map[string]struct{ body, shows, hides string }{
		"an id stays":                 {`{"_id":"6924aaaa000000000000bbbb"}`, "6924aaaa000000000000bbbb", ""},
		"the token of the call":       {`{"echo":"` + known + `"}`, "echo", known},
		"a name that says so":         {`{"options":{"private_key":"abc","limit":3}}`, `"limit":3`, "abc"},
		"a pair":                      {`[{"name":"api_key","value":"abc"},{"name":"email","value":"me"}]`, `"me"`, "abc"},
		"JSON inside of text":         {`{"values":"{\"api_key\":\"abc\",\"to\":\"me\"}"}`, "me", "abc"},
		"what looks like a token":     {`{"x":"sk_live_0123456789abcdefghij"}`, "x", "0123456789"},
		"a number keeps its digits":   {`{"n":9007199254740993123}`, "9007199254740993123", ""},
		"what is no JSON":             {"<html>Bearer abcdefghijklmnop</html>", "Bearer", "abcdefghijklmnop"},
		"an object as a secret":       {`{"credentials":{"user":"abc"}}`, "credentials", "abc"},
		"empty secrets are not there": {`{"token":""}`, `"token":""`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := shownJSON([]byte(test.body), false, []string{known})
			if !strings.Contains(got, test.shows) || test.hides != "" && strings.Contains(got, test.hides) {
				t.Errorf("shown: %s", got)
			}
		})
	}
}

func TestMembersOf(t *testing.T) {
	t.Parallel()
	yielded, empty := membersOf([]dialect.Connect{
		{ID: "1", Actions: []dialect.Step{{ID: "a"}}},
		{ID: "2", Trigger: &dialect.Step{Options: map[string]any{"token": "x"}}},
	}, "connect")
	for member, want := range map[string]bool{
		"connect.id": true, "connect.actions[].stepId": true, "connect.trigger.options": true,
		"connect.actions[].accountId": false, "connect.name": false, "connect.trigger.stepId": false,
	} {
		if slices.Contains(yielded, member) != want || slices.Contains(empty, member) == want {
			t.Errorf("%s should be yielded: %t; yielded %v, empty %v", member, want, yielded, empty)
		}
	}
	if slices.ContainsFunc(yielded, func(member string) bool { return strings.Contains(member, "token") }) {
		t.Errorf("keys of options are shown: %v", yielded)
	}
}
