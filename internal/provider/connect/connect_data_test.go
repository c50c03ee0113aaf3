package connect

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// A mask that somebody copied into another connect would destroy a secret.
func TestStepDataLeavesMasksOut(t *testing.T) {
	t.Parallel()
	data := newStepData(connectapi.Step{ID: "s1", Options: connectapi.TextValues(map[string]string{
		"url": "https://example.com", "signing_secret": "****", "token": "••••••••f00d", "password": "********", "unset": "",
	})})
	if want := map[string]string{"url": "https://example.com"}; !maps.Equal(data.Options, want) {
		t.Errorf("options %v, want %v", data.Options, want)
	}
	if !data.AccountID.IsNull() || !data.AppID.IsNull() {
		t.Errorf("a step without account and app has texts: %+v", data)
	}
	if bare := newStepData(connectapi.Step{ID: "s1", Options: map[string]connectapi.Value{}}); bare.Options == nil {
		t.Error("options of a step without any are null, want an empty map")
	}
	if hidden := newStepData(connectapi.Step{ID: "s1"}); hidden.Options != nil {
		t.Error("options that the service does not show are an empty map, want null")
	}
}

func TestConnectsFilter(t *testing.T) {
	t.Parallel()
	connect := connectapi.Connect{
		ID: "c1", Name: "New leads to the CRM", PopularMatchID: "m1", On: true,
		Trigger: connectapi.Step{AppID: "sheets"}, Actions: []connectapi.Step{{AppID: "crm"}, {AppID: "chat"}},
	}
	text := types.StringValue

	tests := map[string]struct {
		filter connectFilter
		want   bool
	}{
		"none":                     {connectFilter{}, true},
		"its name":                 {connectFilter{Name: text("New leads to the CRM")}, true},
		"its name in another case": {connectFilter{Name: text("new leads to the CRM")}, false},
		"a part of its name":       {connectFilter{Name: text("New leads")}, false},
		"a text of its name":       {connectFilter{Text: text("LEADS")}, true},
		"another text":             {connectFilter{Text: text("invoices")}, false},
		"on":                       {connectFilter{Enabled: types.BoolValue(true)}, true},
		"off":                      {connectFilter{Enabled: types.BoolValue(false)}, false},
		"its popular match":        {connectFilter{PopularMatchID: text("m1")}, true},
		"another popular match":    {connectFilter{PopularMatchID: text("m2")}, false},
		"the trigger's app":        {connectFilter{AppID: text("sheets")}, true},
		"a second action's app":    {connectFilter{AppID: text("chat")}, true},
		"another app":              {connectFilter{AppID: text("mail")}, false},
		"one filter of two":        {connectFilter{AppID: text("chat"), Enabled: types.BoolValue(false)}, false},
		"both filters":             {connectFilter{AppID: text("chat"), Text: text("leads")}, true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.filter.passes(connect); got != test.want {
				t.Errorf("passes: %t, want %t", got, test.want)
			}
		})
	}
}
