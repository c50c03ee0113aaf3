package catalog

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// The service is only assumed to heed its filters.
func TestJoins(t *testing.T) {
	t.Parallel()
	match := connectapi.PopularMatch{
		Trigger: connectapi.EventRef{AppID: "forms"}, Actions: []connectapi.EventRef{{AppID: "mail"}, {AppID: "chat"}},
	}

	tests := map[string]struct {
		triggerApp, actionApp string
		want                  bool
	}{
		"no filter":               {"", "", true},
		"the trigger's app":       {"forms", "", true},
		"another trigger app":     {"chat", "", false},
		"an action's app":         {"", "chat", true},
		"the trigger's as action": {"", "forms", false},
		"both":                    {"forms", "mail", true},
		"one of both":             {"forms", "crm", false},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := joins(match, test.triggerApp, test.actionApp); got != test.want {
				t.Errorf("joins %q to %q: %t, want %t", test.triggerApp, test.actionApp, got, test.want)
			}
		})
	}
}

func TestInCategory(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		categories []string
		wanted     string
		want       bool
	}{
		"no filter":                   {[]string{"crm"}, "", true},
		"one of its categories":       {[]string{"crm", "mail"}, "mail", true},
		"another category":            {[]string{"crm"}, "mail", false},
		"an app that names none":      {nil, "mail", true},
		"no filter and no categories": {nil, "", true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := inCategory(connectapi.App{CategoryIDs: test.categories}, test.wanted); got != test.want {
				t.Errorf("in %q: %t, want %t", test.wanted, got, test.want)
			}
		})
	}
}

func TestEmptyTextsBecomeNull(t *testing.T) {
	t.Parallel()
	app := newAppModel(connectapi.App{ID: "a1"})
	if !app.Name.IsNull() || !app.SeoLink.IsNull() || !app.Description.IsNull() || !app.Logo.IsNull() || !app.AuthType.IsNull() {
		t.Errorf("an app of nothing but an id has texts: %+v", app)
	}
	if app.CategoryIDs == nil || len(app.CategoryIDs) != 0 {
		t.Errorf("category_ids are %v, want an empty list", app.CategoryIDs)
	}
	category := newCategoryModel(connectapi.Category{ID: "c1"})
	if !category.Name.IsNull() || !category.SeoLink.IsNull() {
		t.Errorf("a category of nothing but an id has texts: %+v", category)
	}
	match := newPopularMatchModel(connectapi.PopularMatch{ID: "m1", Actions: []connectapi.EventRef{{}}})
	if !match.Title.IsNull() || !match.Trigger.AppID.IsNull() || !match.Trigger.TriggerID.IsNull() || !match.Actions[0].ActionID.IsNull() {
		t.Errorf("a popular match of nothing but an id has texts: %+v", match)
	}
}
