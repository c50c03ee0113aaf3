package catalog

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"
)

const testSeed = 7

func TestNew_size(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	accountsOf := map[string]int{}
	for _, account := range c.Accounts() {
		accountsOf[account.AppID]++
	}
	anyField := func(is func(Field) bool) func(App) bool {
		return func(app App) bool {
			return slices.ContainsFunc(eventsOf(c, app), func(e Event) bool { return slices.ContainsFunc(e.Fields, is) })
		}
	}
	for _, check := range []struct {
		name     string
		got, min int
	}{
		{"categories", len(c.Categories()), 15},
		{"apps", len(c.Apps()), 60},
		{"popular matches", len(c.Matches()), 100},
		{"popular matches with two actions", count(c.Matches(), func(m PopularMatch) bool { return len(m.Actions) == 2 }), 8},
		{"apps with an account", len(accountsOf), 40},
		{"apps with two accounts", count(c.Apps(), func(a App) bool { return accountsOf[a.ID] == 2 }), 3},
		{"expired accounts", count(c.Accounts(), func(a Account) bool { return a.Status == StatusExpired }), 1},
		{"apps that need no account", count(c.Apps(), func(a App) bool { return a.AuthType == "" }), 2},
		{"apps with dependent fields", count(c.Apps(), anyField(func(f Field) bool { return len(f.DependsOn) > 0 })), len(c.Apps()) * 3 / 4},
		{"apps with secret fields", count(c.Apps(), anyField(func(f Field) bool { return f.Secret })), 10},
	} {
		if check.got < check.min {
			t.Errorf("%s: got %d, want at least %d", check.name, check.got, check.min)
		}
	}
}

// Every app has the parts that a person would look for, and every field is one the editor could draw.
func TestNew_apps(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	for _, app := range c.Apps() {
		t.Run(app.SeoLink, func(t *testing.T) {
			t.Parallel()
			triggers, actions := c.Triggers(app.ID), c.Actions(app.ID)
			if len(triggers) < 2 || len(actions) < 2 {
				t.Errorf("got %d triggers and %d actions, want two of each at least", len(triggers), len(actions))
			}
			if app.Description == "" || app.Logo == "" || len(app.CategoryIDs) == 0 {
				t.Errorf("description, logo or category is missing: %+v", app)
			}
			kinds := map[string]bool{}
			for _, event := range eventsOf(c, app) {
				if event.AppID != app.ID || event.Description == "" {
					t.Errorf("%s: wrong app or no description", event.Name)
				}
				for i, field := range event.Fields {
					kinds[checkField(t, event, i)] = true
					if field.Label == "" {
						t.Errorf("%s: %s has no label", event.Name, field.Key)
					}
				}
			}
			for _, kind := range []string{"text", "static", "dynamic"} {
				if !kinds[kind] && app.SeoLink != "webhooks" {
					t.Errorf("no %s field", kind)
				}
			}
		})
	}
}

// checkField holds one field to the contract's shape and returns its kind.
func checkField(t *testing.T, event Event, i int) string {
	t.Helper()
	field := event.Fields[i]
	if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(field.Key) {
		t.Errorf("%s: %q is no option key", event.Name, field.Key)
	}
	for _, key := range field.DependsOn {
		if find(event.Fields[:i], key) == nil {
			t.Errorf("%s: %s depends on %s, which is not before it", event.Name, field.Key, key)
		}
	}
	checkChoices(t, event.Name+", "+field.Key, field.Choices)

	kind, want := "dynamic", Field{Type: TypeSelect, Dynamic: true, DependsOn: field.DependsOn, source: field.source}
	switch {
	case field.Type == TypeString:
		kind, want = "text", Field{Type: TypeString, Secret: field.Secret}
	case len(field.Choices) > 1:
		kind, want = "static", Field{Type: TypeSelect, Choices: field.Choices, Default: field.Default}
	}
	want.Key, want.Label, want.Required, want.HelpText = field.Key, field.Label, field.Required, field.HelpText
	if !reflect.DeepEqual(field, want) || field.Dynamic != (field.source != nil) {
		t.Errorf("%s: %s looks %s but is %+v", event.Name, field.Key, kind, field)
	}
	return kind
}

func TestNew_references(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	used := map[string]bool{}
	for _, app := range c.Apps() {
		for _, id := range app.CategoryIDs {
			if _, ok := c.Category(id); !ok {
				t.Errorf("app %s: unknown category %s", app.Name, id)
			}
			used[id] = true
		}
	}
	for _, category := range c.Categories() {
		if !used[category.ID] {
			t.Errorf("category %s has no app", category.Name)
		}
	}
	checkMatches(t, c)
	checkAccounts(t, c)
}

func checkMatches(t *testing.T, c *Catalog) {
	t.Helper()
	for _, match := range c.Matches() {
		trigger, ok := c.Trigger(match.Trigger.EventID)
		if !ok || trigger.AppID != match.Trigger.AppID {
			t.Errorf("match %q: wrong trigger", match.Title)
		}
		if len(match.Actions) == 0 {
			t.Errorf("match %q has no action", match.Title)
		}
		for _, step := range match.Actions {
			if action, ok := c.Action(step.EventID); !ok || action.AppID != step.AppID {
				t.Errorf("match %q: wrong action", match.Title)
			}
		}
	}
}

func checkAccounts(t *testing.T, c *Catalog) {
	t.Helper()
	for _, account := range c.Accounts() {
		app, ok := c.App(account.AppID)
		if !ok || app.AuthType == "" {
			t.Errorf("account %s belongs to no app that needs one", account.Name)
		}
		if account.CreatedAt.Location() != time.UTC || account.UpdatedAt.Before(account.CreatedAt) ||
			!account.UpdatedAt.Truncate(time.Millisecond).Equal(account.UpdatedAt) {
			t.Errorf("account %s: bad times %s, %s", account.Name, account.CreatedAt, account.UpdatedAt)
		}
	}
}

func TestNew_unique(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	seen := map[string]string{}
	once := func(kind, text, owner string) {
		t.Helper()
		if other, ok := seen[kind+text]; ok {
			t.Errorf("%s %q belongs to %s and to %s", kind, text, other, owner)
		}
		seen[kind+text] = owner
	}
	id := func(text, owner string) {
		t.Helper()
		if !regexp.MustCompile(`^[0-9a-f]{24}$`).MatchString(text) {
			t.Errorf("%s: id %q is not 24 hex digits", owner, text)
		}
		once("id", text, owner)
	}
	for _, category := range c.Categories() {
		id(category.ID, category.Name)
		once("category seoLink", category.SeoLink, category.Name)
	}
	for _, app := range c.Apps() {
		id(app.ID, app.Name)
		once("app seoLink", app.SeoLink, app.Name)
		once("app name", app.Name, app.SeoLink)
		for _, event := range eventsOf(c, app) {
			id(event.ID, app.Name+" "+event.Name)
		}
	}
	for _, match := range c.Matches() {
		id(match.ID, match.Title)
		once("title", match.Title, match.ID)
	}
	for _, account := range c.Accounts() {
		id(account.ID, account.Name)
	}
}

func TestNew_deterministic(t *testing.T) {
	t.Parallel()
	one, same, other := New(testSeed), New(testSeed), New(testSeed+1)
	if !reflect.DeepEqual(one, same) {
		t.Error("two catalogs of one seed differ")
	}
	if len(one.Apps()) != len(other.Apps()) {
		t.Fatal("the seed changes how many apps there are")
	}
	for i, app := range one.Apps() {
		if app.Name != other.Apps()[i].Name || app.ID == other.Apps()[i].ID {
			t.Errorf("app %s: want the same name and another id under another seed", app.Name)
		}
	}
	// A changed id maker would silently orphan every state file and example, so one id is spelled out.
	if got, want := mustApp(t, one, "Google Sheets").ID, "6ff02c1b964455fc13b278c0"; got != want {
		t.Errorf("id of Google Sheets: got %s, want %s", got, want)
	}
	if one.ObjectID("app", "x") == one.ObjectID("trigger", "x") {
		t.Error("the kind does not count in an id")
	}
}

func TestCatalog_unknown(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	sheets := mustApp(t, c, "Google Sheets")
	trigger, action := c.Triggers(sheets.ID)[0].ID, c.Actions(sheets.ID)[0].ID
	for _, id := range []string{"", "000000000000000000000000", sheets.ID[:23]} {
		_, category := c.Category(id)
		_, app := c.App(id)
		_, match := c.Match(id)
		_, account := c.Account(id)
		_, isTrigger := c.Trigger(id)
		_, isAction := c.Action(id)
		if category || app || match || account || isTrigger || isAction {
			t.Errorf("id %q is found", id)
		}
		if len(c.Triggers(id))+len(c.Actions(id)) > 0 {
			t.Errorf("app %q has events", id)
		}
	}
	if _, ok := c.Trigger(action); ok {
		t.Error("an action is found as a trigger")
	}
	if _, ok := c.Action(trigger); ok {
		t.Error("a trigger is found as an action")
	}
}

func TestCatalog_finds_everything_listed(t *testing.T) {
	t.Parallel()
	c := New(testSeed)
	finds(t, c.Categories(), c.Category, func(x Category) string { return x.ID })
	finds(t, c.Apps(), c.App, func(x App) string { return x.ID })
	finds(t, c.Matches(), c.Match, func(x PopularMatch) string { return x.ID })
	finds(t, c.Accounts(), c.Account, func(x Account) string { return x.ID })
	for _, app := range c.Apps() {
		finds(t, c.Triggers(app.ID), c.Trigger, func(x Event) string { return x.ID })
		finds(t, c.Actions(app.ID), c.Action, func(x Event) string { return x.ID })
	}
}

func finds[T any](t *testing.T, all []T, find func(string) (*T, bool), id func(T) string) {
	t.Helper()
	for _, one := range all {
		if got, ok := find(id(one)); !ok || !reflect.DeepEqual(*got, one) {
			t.Errorf("got %+v, want %+v", got, one)
		}
	}
}
