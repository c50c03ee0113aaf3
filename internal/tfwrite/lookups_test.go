package tfwrite_test

import (
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// What a name alone does not tell from another is found in another way: data sources
// compare names without regard to capital letters.
func TestLookupsAreUnique(t *testing.T) {
	t.Parallel()
	join := func(id, title string) connectapi.PopularMatch {
		return connectapi.PopularMatch{ID: id, Title: title, Trigger: connectapi.EventRef{AppID: "a1"}, Actions: []connectapi.EventRef{{AppID: "a4"}}}
	}
	lookups := tfwrite.NewLookups(tfwrite.Catalog{
		Apps: []connectapi.App{
			{ID: "a1", Name: "Sheets", SeoLink: "sheets"}, {ID: "a2", Name: "Forms", SeoLink: "forms"}, {ID: "a3", Name: "FORMS", SeoLink: "forms-2"},
			{ID: "a4", Name: "Chat", SeoLink: "chat"}, {ID: "a5", Name: "chat", SeoLink: "chat"}, {ID: "a6", Name: "CHAT"},
		},
		Matches: []connectapi.PopularMatch{join("m1", "One"), join("m2", "Two"), join("m3", "TWO"), join("m4", "")},
		Accounts: map[string][]connectapi.ConnectedAccount{"a1": {
			{ID: "c1", AppID: "a1", Name: "me@example.com"}, {ID: "c2", AppID: "a1", Name: "you"}, {ID: "c3", AppID: "a1", Name: "YOU"}, {ID: "c4", AppID: "a1"},
		}},
	}, &tfwrite.Names{})
	for got, want := range map[string]string{
		lookups.App("a1"):                          "data.appypie_app.sheets.id",
		lookups.App("a2"):                          "data.appypie_app.forms.id",
		lookups.App("a3"):                          "data.appypie_app.forms_2.id",
		lookups.App("a4"):                          `"a4"`,
		lookups.App("a6"):                          `"a6"`,
		lookups.App("gone"):                        `"gone"`,
		lookups.Match("m1"):                        "data.appypie_popular_match.one",
		"two:" + lookups.Match("m2"):               "two:",
		"three:" + lookups.Match("m3"):             "three:",
		"untitled:" + lookups.Match("m4"):          "untitled:",
		"gone:" + lookups.Match("gone"):            "gone:",
		lookups.Account("a1", "c1", ""):            "data.appypie_connected_account.sheets_me_example_com.id",
		lookups.Account("a1", "c2", ""):            `"c2"`,
		lookups.Account("a1", "c4", ""):            `"c4"`,
		lookups.Account("a1", "gone", ""):          `"gone"`,
		"again " + lookups.Account("a1", "c1", ""): "again data.appypie_connected_account.sheets_me_example_com.id",
	} {
		if got != want {
			t.Errorf("it is %s, want %s", got, want)
		}
	}
	blocks := lookups.Blocks()
	if strings.Count(blocks, `"sheets_me_example_com"`) != 1 || !strings.Contains(blocks, `seo_link = "forms-2"`) || !strings.Contains(blocks, `action_app_id = "a4"`) {
		t.Errorf("written:\n%s", blocks)
	}
}

// Choices that no label tells apart are chosen by their values.
func TestScaffoldOfChoicesWithOneLabel(t *testing.T) {
	t.Parallel()
	step := func(choices ...connectapi.Choice) string {
		field := connectapi.Field{Key: "list", Label: "List", Required: true, Dynamic: true}
		s := tfwrite.Scaffold{Match: connectapi.PopularMatch{ID: "m"}, Steps: []tfwrite.ScaffoldStep{
			{Event: connectapi.Event{Fields: []connectapi.Field{field}}, Choices: map[string][]connectapi.Choice{"list": choices}},
		}}
		text, _ := s.Write()
		return string(text)
	}
	same := step(connectapi.Choice{Value: "1", Label: "News"}, connectapi.Choice{Value: "2", Label: "News"})
	if strings.Contains(same, "by_label") || !strings.Contains(same, `# One of: "1" (News), "2" (News).`) {
		t.Errorf("one label:\n%s", same)
	}
	if own := step(connectapi.Choice{Value: "1", Label: "News"}, connectapi.Choice{Value: "2", Label: "Jobs"}); !strings.Contains(own, `# One of: "News", "Jobs".`) || !strings.Contains(own, "by_label[local.trigger_list]") {
		t.Errorf("labels of their own:\n%s", own)
	}
}
