package catalog

import (
	"slices"
	"testing"
)

func TestSampleData_trigger_columns(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	row := mustEvent(t, c.Triggers(mustApp(t, c, "Google Sheets").ID), "New Spreadsheet Row")
	for _, test := range []struct {
		name    string
		options map[string]string
		want    SampleDatum
	}{
		{"unset", nil, SampleDatum{Key: "column2", Value: "ada@example.com", Label: "Email"}},
		{"headings", map[string]string{"header_row": "Yes"}, SampleDatum{Key: "column2", Value: "ada@example.com", Label: "Email"}},
		{"no headings", map[string]string{"header_row": "No"}, SampleDatum{Key: "column2", Value: "ada@example.com", Label: "Column 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := c.SampleData(row, test.options); !slices.Contains(got, test.want) {
				t.Errorf("got %+v, want %+v in it", got, test.want)
			}
		})
	}
}

func TestSampleData_action(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	sheets := mustApp(t, c, "Google Sheets")
	create := mustEvent(t, c.Actions(sheets.ID), "Create Spreadsheet Row")
	got := c.SampleData(create, map[string]string{
		"column10": "last", "column2": "ada@example.com", "worksheet": "w", "spreadsheet": "s", "column1": "",
	})
	want := []SampleDatum{
		{Key: "id", Value: got[0].Value, Label: "ID"},
		{Key: "spreadsheet", Value: "s", Label: "Spreadsheet"},
		{Key: "worksheet", Value: "w", Label: "Worksheet"},
		{Key: "column2", Value: "ada@example.com", Label: "Email"},
		{Key: "column10", Value: "last", Label: "Column 10"},
	}
	if !slices.Equal(got, want) || got[0].Value == "" {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestSampleData_hides_secrets(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	const canary = "canary-0ad6"
	for _, app := range c.Apps() {
		for _, event := range eventsOf(c, app) {
			options := map[string]string{}
			for _, field := range event.Fields {
				if field.Secret {
					options[field.Key] = canary
				}
			}
			sample := c.SampleData(event, options)
			if len(sample) == 0 {
				t.Errorf("%s, %s: no sample data", app.Name, event.Name)
			}
			keys := map[string]bool{}
			for _, datum := range sample {
				if datum.Value == canary {
					t.Errorf("%s, %s: the secret %s shows", app.Name, event.Name, datum.Key)
				}
				if datum.Key == "" || datum.Value == "" || datum.Label == "" || keys[datum.Key] {
					t.Errorf("%s, %s: empty or repeated datum %+v", app.Name, event.Name, datum)
				}
				keys[datum.Key] = true
			}
		}
	}
}

// A caller may change the answer without changing the catalog.
func TestSampleData_is_a_copy(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	row := mustEvent(t, c.Triggers(mustApp(t, c, "Google Sheets").ID), "New Spreadsheet Row")
	c.SampleData(row, nil)[0].Value = "changed"
	c.SampleData(row, map[string]string{"header_row": "No"})
	for _, datum := range c.SampleData(row, nil) {
		if datum.Value == "changed" || datum.Label == "Column 1" {
			t.Errorf("the catalog changed: %+v", datum)
		}
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	entry := mustEvent(t, c.Triggers(mustApp(t, c, "Typeform").ID), "New Entry")
	if got := entry.Outputs(); len(got) != 5 || got[3] != (SampleDatum{Key: "email", Value: "ada@example.com", Label: "Email"}) {
		t.Errorf("got %+v", got)
	}
	sheets := mustApp(t, c, "Google Sheets").ID
	for _, unknown := range []Event{mustEvent(t, c.Triggers(sheets), "New Spreadsheet Row"), mustEvent(t, c.Actions(sheets), "Create Spreadsheet Row")} {
		if got := unknown.Outputs(); got != nil {
			t.Errorf("%s: got %+v, want none before a test", unknown.Name, got)
		}
	}
}

func TestDefault(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	webhook := mustEvent(t, c.Actions(mustApp(t, c, "Webhooks").ID), "Send Webhook")
	method := find(webhook.Fields, "method")
	if method.Default != "POST" || method.Choices[1] != (Choice{Label: "POST", Value: "POST"}) {
		t.Errorf("got %+v", method)
	}
}
