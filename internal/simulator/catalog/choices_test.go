package catalog

import (
	"reflect"
	"slices"
	"testing"
)

func TestDropdownChoices_dependent(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	row := mustEvent(t, c.Triggers(mustApp(t, c, "Google Sheets").ID), "New Spreadsheet Row")
	spreadsheets := c.DropdownChoices(mustField(t, row, "spreadsheet"), "", nil)
	leads, orders := valueOf(spreadsheets, "Leads 2026"), valueOf(spreadsheets, "Orders 2026")
	if leads == "" || orders == "" || leads == orders {
		t.Fatalf("bad spreadsheets %+v", spreadsheets)
	}
	worksheet := mustField(t, row, "worksheet")
	for _, values := range []map[string]string{nil, {}, {"spreadsheet": ""}, {"worksheet": "Inbound"}} {
		if got := c.DropdownChoices(worksheet, "", values); len(got) > 0 {
			t.Errorf("values %v: got %+v before the parent has a value", values, got)
		}
	}
	ofLeads := c.DropdownChoices(worksheet, "", map[string]string{"spreadsheet": leads})
	ofOrders := c.DropdownChoices(worksheet, "", map[string]string{"spreadsheet": orders})
	if valueOf(ofLeads, "Inbound") == "" || valueOf(ofOrders, "Inbound") != "" {
		t.Errorf("want Inbound under Leads 2026 only, got %+v and %+v", ofLeads, ofOrders)
	}
	if byLabel := c.DropdownChoices(worksheet, "", map[string]string{"spreadsheet": "Leads 2026"}); !slices.Equal(byLabel, ofLeads) {
		t.Errorf("parent by label: got %+v, want %+v", byLabel, ofLeads)
	}
}

// Equal labels under different parents are different things, so their values differ; {parent} stands for the parent's label.
func TestDropdownChoices_generic_list(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	row := mustEvent(t, c.Triggers(mustApp(t, c, "Google Sheets").ID), "New Spreadsheet Row")
	worksheet := mustField(t, row, "worksheet")
	budget := c.DropdownChoices(worksheet, "", map[string]string{"spreadsheet": "Marketing Budget"})
	signups := c.DropdownChoices(worksheet, "", map[string]string{"spreadsheet": "Event Signups"})
	if a, b := valueOf(budget, "Sheet1"), valueOf(signups, "Sheet1"); a == "" || b == "" || a == b {
		t.Errorf("Sheet1: got values %q and %q, want two different ones", a, b)
	}
	if valueOf(budget, "Marketing Budget Archive") == "" {
		t.Errorf("the parent's label is missing in %+v", budget)
	}
}

func TestDropdownChoices_two_parents(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	row := mustEvent(t, c.Triggers(mustApp(t, c, "Airtable").ID), "New Record")
	view := mustField(t, row, "view")
	if got := c.DropdownChoices(view, "", map[string]string{"table": "Candidates"}); len(got) > 0 {
		t.Errorf("got %+v while one of two parents is missing", got)
	}
	one := c.DropdownChoices(view, "", map[string]string{"base": "Applicants", "table": "Candidates"})
	other := c.DropdownChoices(view, "", map[string]string{"base": "Content Calendar", "table": "Candidates"})
	if valueOf(one, "Only new in Candidates") == "" {
		t.Errorf("got %+v, want the nearest parent's label", one)
	}
	if valueOf(one, "Grid view") == valueOf(other, "Grid view") {
		t.Error("the farther parent makes no difference")
	}
	// The chain by values, as a client follows it.
	base := valueOf(c.DropdownChoices(mustField(t, row, "base"), "", nil), "Applicants")
	table := valueOf(c.DropdownChoices(mustField(t, row, "table"), "", map[string]string{"base": base}), "Candidates")
	if got := c.DropdownChoices(view, "", map[string]string{"base": base, "table": table}); table == "" || !slices.Equal(got, one) {
		t.Errorf("by values: got %+v, want %+v", got, one)
	}
}

func TestDropdownChoices_accounts(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	app := mustApp(t, c, "Slack")
	var accounts []Account
	for _, account := range c.Accounts() {
		if account.AppID == app.ID {
			accounts = append(accounts, account)
		}
	}
	if len(accounts) != 2 {
		t.Fatalf("got %d accounts, want 2", len(accounts))
	}
	channel := mustField(t, mustEvent(t, c.Actions(app.ID), "Send Channel Message"), "channel")
	first := c.DropdownChoices(channel, accounts[0].ID, nil)
	second := c.DropdownChoices(channel, accounts[1].ID, nil)
	if len(first) == 0 || !reflect.DeepEqual(first, c.DropdownChoices(channel, "", nil)) {
		t.Errorf("the first account sees %+v, want what no account sees", first)
	}
	if len(second) != len(first)+1 {
		t.Errorf("the second account sees %+v, want one entry more than %+v", second, first)
	}
}

func TestDropdownChoices_not_dynamic(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	message := mustEvent(t, c.Actions(mustApp(t, c, "Slack").ID), "Send Channel Message")
	if got := c.DropdownChoices(mustField(t, message, "text"), "", nil); len(got) > 0 {
		t.Errorf("text: got %+v", got)
	}
	if got := c.DropdownChoices(mustField(t, message, "notify"), "", nil); valueOf(got, "Here") != "here" {
		t.Errorf("notify: got %+v, want its static choices", got)
	}
	paypal := mustEvent(t, c.Triggers(mustApp(t, c, "PayPal").ID), "Successful Sale")
	if got := c.DropdownChoices(mustField(t, paypal, "currency"), "", nil); valueOf(got, "Euro") != "EUR" {
		t.Errorf("currency: got %+v, want the explicit value", got)
	}
}

// Every dynamic field of the whole catalog has choices once its parents are set in order, with no two alike.
func TestDropdownChoices_everywhere(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	for _, app := range c.Apps() {
		for _, event := range eventsOf(c, app) {
			values := map[string]string{}
			for _, field := range event.Fields {
				if !field.Dynamic {
					values[field.Key] = "x"
					continue
				}
				offered := c.DropdownChoices(field, "", values)
				if len(offered) == 0 {
					t.Errorf("%s, %s: %s has no choices", app.Name, event.Name, field.Key)
					continue
				}
				checkChoices(t, app.Name+", "+event.Name+", "+field.Key, offered)
				values[field.Key] = offered[0].Value
			}
		}
	}
}
