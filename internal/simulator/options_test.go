package simulator_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestEditOptions(t *testing.T) {
	t.Parallel()
	before := map[string]string{"spreadsheet": "s1", "worksheet": "w1", "header_row": "Yes"}
	for name, test := range map[string]struct {
		cfg  simulator.Config
		sent object
		want map[string]string
	}{
		"replaces by default":       {simulator.Config{}, object{"spreadsheet": "s2"}, map[string]string{"spreadsheet": "s2"}},
		"merges when told to":       {simulator.Config{EditMode: simulator.EditMerge}, object{"spreadsheet": "s2"}, map[string]string{"spreadsheet": "s2", "worksheet": "w1", "header_row": "Yes"}},
		"empty unsets in a merge":   {simulator.Config{EditMode: simulator.EditMerge}, object{"worksheet": ""}, map[string]string{"spreadsheet": "s1", "header_row": "Yes"}},
		"empty unsets in a replace": {simulator.Config{}, object{"spreadsheet": "s2", "worksheet": ""}, map[string]string{"spreadsheet": "s2"}},
		"keeps dynamic fields":      {simulator.Config{}, object{"column1": "a"}, map[string]string{"column1": "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.cfg)
			c := b.create(sheetsToHubSpot, "c")
			path := "/connect/trigger-options/" + c.ID
			first := data[connectBody](t, b.api(http.MethodPut, path, object{"options": before}))
			got := data[connectBody](t, b.api(http.MethodPut, path, object{"options": test.sent}))
			if diff := cmp.Diff(test.want, got.Trigger.Options); diff != "" {
				t.Error(diff)
			}
			if got.UpdatedAt <= first.UpdatedAt {
				t.Errorf("updated at %s after %s although the clock stands still", got.UpdatedAt, first.UpdatedAt)
			}
		})
	}
}

func TestEditRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	m := b.match(sheetsToHubSpot)
	c := b.create(sheetsToHubSpot, "c")
	trigger, action := "/connect/trigger-options/"+c.ID, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID
	for name, test := range map[string]struct {
		path   string
		body   object
		status int
		field  string
	}{
		"unknown choice":        {trigger, object{"options": object{"header_row": "Perhaps"}}, http.StatusBadRequest, "options.header_row"},
		"number for a string":   {trigger, object{"options": object{"worksheet": 3}}, http.StatusBadRequest, ""},
		"null for a string":     {trigger, object{"options": object{"worksheet": nil}}, http.StatusBadRequest, "options.worksheet"},
		"no options":            {trigger, object{}, http.StatusBadRequest, "options"},
		"unknown member":        {trigger, object{"options": object{}, "account": "x"}, http.StatusBadRequest, "account"},
		"wrong case":            {trigger, object{"Options": object{}}, http.StatusBadRequest, "Options"},
		"unknown account":       {trigger, object{"options": object{}, "accountId": strings.Repeat("0", 24)}, http.StatusBadRequest, "accountId"},
		"empty account":         {trigger, object{"options": object{}, "accountId": ""}, http.StatusBadRequest, "accountId"},
		"another app's account": {action, object{"options": object{}, "accountId": b.account(m.Trigger.AppID)}, http.StatusBadRequest, "accountId"},
		"unknown connect":       {"/connect/trigger-options/" + strings.Repeat("0", 24), object{"options": object{}}, http.StatusNotFound, ""},
		"malformed connect":     {"/connect/trigger-options/nonsense", object{"options": object{}}, http.StatusNotFound, ""},
		"unknown step":          {"/connect/action-options/" + c.ID + "/nonsense", object{"options": object{}}, http.StatusNotFound, ""},
		"trigger as an action":  {"/connect/action-options/" + c.ID + "/" + c.Trigger.StepID, object{"options": object{}}, http.StatusNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := b.wants(b.api(http.MethodPut, test.path, test.body), test.status)
			if body := decode[errorBody](t, got); body.Success || body.Code != test.status || test.field != "" && body.Errors[test.field] == nil {
				t.Errorf("refusal: %s", got.Body)
			}
		})
	}
	t.Cleanup(func() {
		if held, _ := b.sim.Connect(c.ID); len(held.Trigger.Options) > 0 || held.Trigger.AccountID != "" {
			t.Errorf("a refused edit left something behind: %+v", held.Trigger)
		}
	})
}

func TestEditKeepsTheAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	want := *c.Trigger.AccountID
	for _, body := range []object{{"options": object{}}, {"options": object{}, "accountId": nil}} {
		got := data[connectBody](t, b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, body))
		if got.Trigger.AccountID == nil || *got.Trigger.AccountID != want {
			t.Errorf("account after %v: %v", body, got.Trigger.AccountID)
		}
	}
}

func TestMasking(t *testing.T) {
	t.Parallel()
	secret := "canary-signing-secret"
	for name, test := range map[string]struct {
		cfg  simulator.Config
		read string
		set  bool
		held string // after the read value was written back
	}{
		"mask, keep":  {simulator.Config{}, "****", true, secret},
		"mask, store": {simulator.Config{MaskWrites: simulator.MaskWritesStore}, "****", true, "****"},
		"omit":        {simulator.Config{Masking: simulator.MaskingOmit}, "", false, ""},
		"echo":        {simulator.Config{Masking: simulator.MaskingEcho}, secret, true, secret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.cfg)
			c := b.create(typeformToWebhook, "c")
			path := "/connect/action-options/" + c.ID + "/" + c.Actions[0].StepID
			written := data[connectBody](t, b.api(http.MethodPut, path, object{"options": object{"url": "https://example.com", "signing_secret": secret}}))
			listed, _ := b.listed(c.ID)
			for _, read := range []connectBody{written, listed} {
				if got, set := read.Actions[0].Options["signing_secret"]; got != test.read || set != test.set {
					t.Errorf("read %q, %v; want %q, %v", got, set, test.read, test.set)
				}
			}
			b.wants(b.api(http.MethodPut, path, object{"options": listed.Actions[0].Options}), http.StatusOK)
			held, _ := b.sim.Connect(c.ID)
			if got := held.Actions[0].Options["signing_secret"]; got != test.held {
				t.Errorf("held %q after writing back, want %q", got, test.held)
			}
		})
	}
}

func TestDropdownOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	m := b.match(sheetsToHubSpot)
	account, c := b.account(m.Trigger.AppID), b.complete("c")
	ask := func(body object) answer { return b.api(http.MethodPost, "/dropdown-options", body) }
	labels := func(got answer) []string {
		var all []string
		for _, choice := range data[[]struct{ Label, Value string }](t, got) {
			all = append(all, choice.Label)
		}
		return all
	}
	bare := object{"triggerId": m.Trigger.EventID, "accountId": account}
	with := func(base object, more object) object {
		all := object{}
		maps.Copy(all, base)
		maps.Copy(all, more)
		return all
	}
	if got := labels(ask(with(bare, object{"key": "spreadsheet"}))); !slices.Contains(got, "Leads 2026") {
		t.Errorf("spreadsheets: %v", got)
	}
	if got := labels(ask(with(bare, object{"key": "worksheet"}))); len(got) != 0 {
		t.Errorf("worksheets without a spreadsheet: %v", got)
	}
	if got := labels(ask(with(bare, object{"key": "worksheet", "values": object{"spreadsheet": "Leads 2026"}}))); !slices.Contains(got, "Inbound") {
		t.Errorf("worksheets: %v", got)
	}
	if got := labels(ask(object{"key": "worksheet", "connectId": c.ID, "stepId": c.Trigger.StepID})); len(got) == 0 {
		t.Error("a step's own account and options do not count")
	}
	if got := labels(ask(with(bare, object{"key": "header_row"}))); !slices.Equal(got, []string{"Yes", "No"}) {
		t.Errorf("static choices: %v", got)
	}
	for name, test := range map[string]struct {
		body   object
		status int
	}{
		"no place":        {object{"key": "spreadsheet"}, http.StatusBadRequest},
		"two places":      {with(bare, object{"key": "spreadsheet", "actionId": m.Actions[0].EventID}), http.StatusBadRequest},
		"half a place":    {object{"key": "spreadsheet", "connectId": c.ID}, http.StatusBadRequest},
		"no account":      {object{"key": "spreadsheet", "triggerId": m.Trigger.EventID}, http.StatusBadRequest},
		"wrong account":   {object{"key": "spreadsheet", "triggerId": m.Trigger.EventID, "accountId": b.account(m.Actions[0].AppID)}, http.StatusBadRequest},
		"unknown field":   {with(bare, object{"key": "nonsense"}), http.StatusBadRequest},
		"no select":       {object{"key": "email", "actionId": m.Actions[0].EventID}, http.StatusBadRequest},
		"unknown trigger": {object{"key": "spreadsheet", "triggerId": "nonsense"}, http.StatusNotFound},
		"unknown action":  {object{"key": "spreadsheet", "actionId": "nonsense"}, http.StatusNotFound},
		"unknown connect": {object{"key": "spreadsheet", "connectId": "nonsense", "stepId": "x"}, http.StatusNotFound},
		"unknown step":    {object{"key": "spreadsheet", "connectId": c.ID, "stepId": "x"}, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.wants(ask(test.body), test.status)
		})
	}
}

// TestUndeclaredValuesKeepTheirType sets options by hand that are no text and
// edits the step by the API.
func TestUndeclaredValuesKeepTheirType(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(sheetsToHubSpot, "c")
	err := b.sim.Edit(c.ID, func(c *simulator.Connect) {
		for key, value := range map[string]string{"count": "9007199254740993123", "headers": `{"a":"b"}`, "none": "null", "plain": `"text"`} {
			c.Trigger.SetOption(key, json.RawMessage(value))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `"count":9007199254740993123,"headers":{"a":"b"},"none":null,"plain":"text"`
	if got := b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK); !strings.Contains(string(got.Body), want) {
		t.Errorf("listed: %s", got.Body)
	}
	path := "/connect/trigger-options/" + c.ID
	got := b.wants(b.api(http.MethodPut, path, []byte(`{"options":{`+want+`,"spreadsheet":"s1"}}`)), http.StatusOK)
	if !strings.Contains(string(got.Body), want) {
		t.Errorf("edited: %s", got.Body)
	}
	b.wants(b.api(http.MethodPut, path, []byte(`{"options":{"count":"5","headers":"","none":[1]}}`)), http.StatusOK)
	held, _ := b.sim.Connect(c.ID)
	if diff := cmp.Diff(map[string]string{"count": "5"}, held.Trigger.Options); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]json.RawMessage{"none": json.RawMessage("[1]")}, held.Trigger.Typed); diff != "" {
		t.Error(diff)
	}
}
