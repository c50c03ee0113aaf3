package catalog

import (
	"slices"
	"testing"
)

func mustApp(t *testing.T, c *Catalog, name string) App {
	t.Helper()
	for _, app := range c.Apps() {
		if app.Name == name {
			return app
		}
	}
	t.Fatalf("no app %q", name)
	return App{}
}

func mustEvent(t *testing.T, events []Event, name string) Event {
	t.Helper()
	for _, event := range events {
		if event.Name == name {
			return event
		}
	}
	t.Fatalf("no event %q", name)
	return Event{}
}

func mustField(t *testing.T, e Event, key string) Field {
	t.Helper()
	field := find(e.Fields, key)
	if field == nil {
		t.Fatalf("%s: no field %q", e.Name, key)
	}
	return *field
}

// valueOf is the value behind a label, "" where no choice has it.
func valueOf(choices []Choice, label string) string {
	for _, choice := range choices {
		if choice.Label == label {
			return choice.Value
		}
	}
	return ""
}

func eventsOf(c *Catalog, app App) []Event {
	return slices.Concat(c.Triggers(app.ID), c.Actions(app.ID))
}

func count[T any](all []T, is func(T) bool) int {
	n := 0
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}

// checkChoices wants every choice to have a label and a value, and no two with the same.
func checkChoices(t *testing.T, where string, choices []Choice) {
	t.Helper()
	values, labels := map[string]bool{"": true}, map[string]bool{"": true}
	for _, choice := range choices {
		if values[choice.Value] || labels[choice.Label] {
			t.Errorf("%s: empty or repeated choice %+v", where, choice)
		}
		values[choice.Value], labels[choice.Label] = true, true
	}
}
