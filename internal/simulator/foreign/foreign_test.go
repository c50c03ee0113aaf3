package foreign_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// An operation without words of its own is answered as the contract shows it, in
// the service's envelope.
func TestWhatASpeakerHasNoWordsFor(t *testing.T) {
	t.Parallel()
	one, many := foreign.Success{Data: map[string]any{"left": "7"}}, foreign.Success{Data: []any{"a"}, Total: 1}
	for name, tc := range map[string]struct {
		speaker   foreign.Speaker
		one, many string
	}{
		"rpc":  {foreign.RPC{}, `{"result":{"left":"7"}}`, `{"result":{"count":1,"rows":["a"]}}`},
		"rest": {foreign.REST{}, `{"left":"7"}`, `{"items":["a"],"next":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.speaker.Speaks("get_quota") || !tc.speaker.Speaks("get_profile") || !tc.speaker.Speaks("delete_connect") {
				t.Error("it does not know its own words")
			}
			call := foreign.Call{Operation: "get_quota"}
			for want, said := range map[string]foreign.Success{tc.one: one, tc.many: many} {
				if got := strings.TrimSpace(string(tc.speaker.Succeed(call, said).Body)); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
}
