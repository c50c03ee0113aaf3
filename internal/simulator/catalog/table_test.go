package catalog

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const goodTable = `
category CRM
app Acme CRM | API_KEY | CRM
about Keeps customers.
account main
list boards | One, Two
list columns of One | First
list columns | Any of {parent}
trigger New Thing | Triggers when a thing is new.
  field board* | from boards | The board.
  field column | from columns by board
  gives thing_id=1; note=a=b
  match Copy things > Acme CRM: Copy Thing
action Copy Thing | Copies a thing.
  field kind | select a, b=Big B
  field api_key | secret
`

func TestLoad_good(t *testing.T) {
	t.Parallel()
	c, err := load(testSeed, fstest.MapFS{"tables/a.txt": {Data: []byte(goodTable)}})
	if err != nil {
		t.Fatal(err)
	}
	app := mustApp(t, c, "Acme CRM")
	if got := []string{app.SeoLink, app.AuthType, app.Description}; !slices.Equal(got, []string{"acme-crm", AuthAPIKey, "Keeps customers."}) {
		t.Errorf("got %+v", app)
	}
	trigger := mustEvent(t, c.Triggers(app.ID), "New Thing")
	if board := mustField(t, trigger, "board"); !board.Required || board.HelpText != "The board." {
		t.Errorf("got %+v", board)
	}
	if got := c.SampleData(trigger, nil); len(got) != 2 || got[1] != (SampleDatum{Key: "note", Value: "a=b", Label: "Note"}) {
		t.Errorf("got sample %+v", got)
	}
	action := mustEvent(t, c.Actions(app.ID), "Copy Thing")
	if kind := mustField(t, action, "kind"); valueOf(kind.Choices, "A") != "a" || valueOf(kind.Choices, "Big B") != "b" {
		t.Errorf("got %+v", kind)
	}
	if key := mustField(t, action, "api_key"); key.Label != "API Key" || !key.Secret || key.Type != TypeString {
		t.Errorf("got %+v", key)
	}
	want := []MatchStep{{AppID: app.ID, EventID: action.ID}}
	if len(c.Matches()) != 1 || !slices.Equal(c.Matches()[0].Actions, want) {
		t.Errorf("got matches %+v", c.Matches())
	}
}

// Each case replaces one line of the good table; the message must name the file and the line, and say what is wrong.
func TestLoad_mistakes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, line, instead, want string }{
		{"unknown keyword", "about Keeps customers.", "abot Keeps customers.", "tables/a.txt:4: abot: unknown keyword"},
		{"nothing said", "about Keeps customers.", "about", "tables/a.txt:4: about: the line says nothing"},
		{"unknown auth", "| API_KEY |", "| MAGIC |", `tables/a.txt:3: app: unknown way to authenticate "MAGIC"`},
		{"short app", "app Acme CRM | API_KEY | CRM", "app Acme CRM | API_KEY", "tables/a.txt:3: app: want"},
		{"line without app", "app Acme CRM | API_KEY | CRM\n", "\n", "before the first app"},
		{"field without event", "about Keeps customers.", "field x | text", "before the first trigger or action"},
		{"unknown category", "| API_KEY | CRM", "| API_KEY | CMR", `unknown category "CMR"`},
		{"category twice", "category CRM", "category CRM\ncategory crm", `tables/a.txt:3: category: "crm" is there twice`},
		{"unknown status", "account main", "account main | asleep", `unknown status "asleep"`},
		{"account twice", "account main", "account main\naccount main", "account main is there twice"},
		{"account without need", "| API_KEY |", "| none |", "needs no account but has main"},
		{"short trigger", "trigger New Thing | Triggers when a thing is new.", "trigger New Thing", "want two cells"},
		{"unknown kind", "| secret", "| sceret", `tables/a.txt:16: field: unknown kind "sceret"`},
		{"two filled in", "field api_key | secret", "field x | select a!, b!", "tables/a.txt:16: field: two choices are filled in"},
		{"short field", "field api_key | secret", "field api_key", "tables/a.txt:16: field: want"},
		{"field twice", "field api_key | secret", "field kind | secret", `action "Copy Thing": field "kind": is there twice`},
		{"unknown list", "from boards", "from bords", `no list "bords"`},
		{"unknown parent", "by board", "by bord", `depends on "bord"`},
		{"list of nothing", "columns of One", "columns of Oen", `list "columns" is for "Oen", which no list offers`},
		{"list twice", "list boards | One, Two", "list boards | One, Two\nlist boards | One", "twice for the same parent"},
		{"bad sample", "thing_id=1;", "thing_id;", `tables/a.txt:12: gives: want KEY=VALUE; …, got "thing_id"`},
		{"trigger without sample", "  gives thing_id=1; note=a=b\n", "\n", "a trigger needs a gives or columns line"},
		{"short match", "match Copy things > Acme CRM: Copy Thing", "match Copy things", "tables/a.txt:13: match: want"},
		{"match to nowhere", "> Acme CRM: Copy Thing", "> Acme CRM: Coyp Thing", `tables/a.txt:13: match "Copy things": no app has the action`},
		{"event twice", "action Copy Thing | Copies", "action Copy Thing | x\naction Copy Thing | Copies", `action "Copy Thing": is there twice`},
		{
			"title twice", "match Copy things > Acme CRM: Copy Thing",
			"match Copy things > Acme CRM: Copy Thing\n match Copy things > Acme CRM: Copy Thing", "another popular match has this title",
		},
		{"app twice", "app Acme CRM | API_KEY | CRM", "app acme crm | none | CRM\napp Acme CRM | API_KEY | CRM", "the seoLink acme-crm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(goodTable, test.line, test.instead, 1)
			if text == goodTable {
				t.Fatal("the case changes nothing")
			}
			_, err := load(testSeed, fstest.MapFS{"tables/a.txt": {Data: []byte(text)}})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "tables/a.txt:") {
				t.Errorf("got error %v, want one with the place and %q", err, test.want)
			}
		})
	}
}
