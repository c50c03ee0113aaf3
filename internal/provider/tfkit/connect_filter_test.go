package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

func TestConnectsFilter(t *testing.T) {
	t.Parallel()
	connect := connectapi.Connect{
		ID: "c1", Name: "New leads to the CRM", PopularMatchID: "m1", On: true,
		Trigger: connectapi.Step{AppID: "sheets"}, Actions: []connectapi.Step{{AppID: "crm"}, {AppID: "chat"}},
	}
	text := types.StringValue

	tests := map[string]struct {
		filter ConnectFilter
		want   bool
	}{
		"none":                     {ConnectFilter{}, true},
		"its name":                 {ConnectFilter{Name: text("New leads to the CRM")}, true},
		"its name in another case": {ConnectFilter{Name: text("new leads to the CRM")}, false},
		"a part of its name":       {ConnectFilter{Name: text("New leads")}, false},
		"a text of its name":       {ConnectFilter{Text: text("LEADS")}, true},
		"another text":             {ConnectFilter{Text: text("invoices")}, false},
		"on":                       {ConnectFilter{Enabled: types.BoolValue(true)}, true},
		"off":                      {ConnectFilter{Enabled: types.BoolValue(false)}, false},
		"its popular match":        {ConnectFilter{PopularMatchID: text("m1")}, true},
		"another popular match":    {ConnectFilter{PopularMatchID: text("m2")}, false},
		"the trigger's app":        {ConnectFilter{AppID: text("sheets")}, true},
		"a second action's app":    {ConnectFilter{AppID: text("chat")}, true},
		"another app":              {ConnectFilter{AppID: text("mail")}, false},
		"one filter of two":        {ConnectFilter{AppID: text("chat"), Enabled: types.BoolValue(false)}, false},
		"both filters":             {ConnectFilter{AppID: text("chat"), Text: text("leads")}, true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.filter.Passes(connect); got != test.want {
				t.Errorf("passes: %t, want %t", got, test.want)
			}
		})
	}
}
