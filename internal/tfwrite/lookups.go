package tfwrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// Provider is what the provider block says; what is empty is left out.
type Provider struct {
	Profile, APIURL, TokenStorePath string
	// DialectFile is the path of the user's dialect.
	DialectFile string
}

// Blocks are the terraform and the provider block.
func (p Provider) Blocks() string {
	var text strings.Builder
	text.WriteString("terraform {\n# Write-only attributes, which keep secrets out of plan and state.\nrequired_version = \">= 1.11\"\n\n" +
		"required_providers {\nappypie = {\nsource = \"appypie-community/appypie\"\n}\n}\n}\n\n")
	var settings strings.Builder
	for _, setting := range [][2]string{{"profile", p.Profile}, {"api_url", p.APIURL}} {
		if setting[1] != "" {
			fmt.Fprintf(&settings, "%s = %s\n", setting[0], Quote(setting[1]))
		}
	}
	if p.DialectFile != "" {
		fmt.Fprintf(&settings, "dialect = file(%s)\n", Quote(p.DialectFile))
	}
	if p.TokenStorePath != "" {
		fmt.Fprintf(&settings, "token_store = { path = %s }\n", Quote(p.TokenStorePath))
	}
	if settings.Len() == 0 {
		text.WriteString("provider \"appypie\" {}\n")
	} else {
		text.WriteString("provider \"appypie\" {\n" + settings.String() + "}\n")
	}
	return text.String()
}

// Catalog is where names are looked up.
type Catalog struct {
	Apps []connectapi.App
	// Matches are those that are written, with all others of the same two apps.
	Matches []connectapi.PopularMatch
	// Accounts are those of an app, by its id.
	Accounts map[string][]connectapi.ConnectedAccount
}

// Lookups writes data blocks that find things by their names, each once. What has
// no name of its own is found by its id.
type Lookups struct {
	catalog Catalog
	names   *Names
	written map[string]string
	text    strings.Builder
}

// NewLookups returns look-ups whose labels are those of names.
func NewLookups(catalog Catalog, names *Names) *Lookups {
	return &Lookups{catalog: catalog, names: names, written: map[string]string{}}
}

// Blocks are the data blocks so far.
func (l *Lookups) Blocks() string { return l.text.String() }

// block writes a data block once, and returns the reference to its object.
func (l *Lookups) block(typeName, id, label, otherwise, comment string, arguments ...[2]string) string {
	key := typeName + " " + id
	if reference, done := l.written[key]; done {
		return reference
	}
	reference := "data." + typeName + "." + l.names.Pick(typeName, label, otherwise)
	l.written[key] = reference
	if l.text.Len() > 0 {
		l.text.WriteString("\n")
	}
	if comment = OneLine(comment); comment != "" {
		l.text.WriteString("# " + comment + "\n")
	}
	fmt.Fprintf(&l.text, "data %q %q {\n", typeName, reference[strings.LastIndex(reference, ".")+1:])
	for _, argument := range arguments {
		if argument[1] != "" {
			fmt.Fprintf(&l.text, "%s = %s\n", argument[0], argument[1])
		}
	}
	l.text.WriteString("}\n")
	return reference
}

// App is an expression for the id of an app. The data source compares names
// without regard to capital letters.
func (l *Lookups) App(id string) string {
	i := slices.IndexFunc(l.catalog.Apps, func(a connectapi.App) bool { return a.ID == id })
	if i < 0 {
		return Quote(id)
	}
	app := l.catalog.Apps[i]
	argument := [2]string{"name", Quote(app.Name)}
	if count(l.catalog.Apps, func(a connectapi.App) bool { return strings.EqualFold(a.Name, app.Name) }) > 1 || app.Name == "" {
		argument = [2]string{"seo_link", Quote(app.SeoLink)}
		if app.SeoLink == "" || count(l.catalog.Apps, func(a connectapi.App) bool { return a.SeoLink == app.SeoLink }) > 1 {
			return Quote(id)
		}
	}
	return l.block("appypie_app", id, app.Name, "app", "", argument) + ".id"
}

// Match is a reference to a popular match, whose id, trigger and actions an
// expression can use. It is empty for one that has no name of its own.
func (l *Lookups) Match(id string) string {
	i := slices.IndexFunc(l.catalog.Matches, func(m connectapi.PopularMatch) bool { return m.ID == id })
	if i < 0 {
		return ""
	}
	match := l.catalog.Matches[i]
	if len(match.Actions) == 0 {
		return ""
	}
	from, to := match.Trigger.AppID, match.Actions[0].AppID
	same := count(l.catalog.Matches, func(m connectapi.PopularMatch) bool {
		return m.Trigger.AppID == from && strings.EqualFold(m.Title, match.Title) &&
			slices.ContainsFunc(m.Actions, func(action connectapi.EventRef) bool { return action.AppID == to })
	})
	if same > 1 || match.Title == "" {
		return ""
	}
	return l.block("appypie_popular_match", id, match.Title, "match", "", [][2]string{
		{"trigger_app_id", l.App(from)}, {"action_app_id", l.App(to)}, {"title", Quote(match.Title)},
	}...)
}

// MatchByID is Match for one that can only be found by its id.
func (l *Lookups) MatchByID(id string) string {
	return l.block("appypie_popular_match", id, "", "match", "", [2]string{"id", Quote(id)})
}

// Account is an expression for the id of an account of an app; comment stands above
// its look-up.
func (l *Lookups) Account(appID, id, comment string) string {
	accounts := l.catalog.Accounts[appID]
	i := slices.IndexFunc(accounts, func(a connectapi.ConnectedAccount) bool { return a.ID == id })
	if i < 0 {
		return Quote(id)
	}
	name := accounts[i].Name
	if name == "" || count(accounts, func(a connectapi.ConnectedAccount) bool { return strings.EqualFold(a.Name, name) }) > 1 {
		return Quote(id)
	}
	return l.block("appypie_connected_account", id, l.appName(appID)+" "+name, "account", comment,
		[2]string{"app_id", l.App(appID)}, [2]string{"name", Quote(name)}) + ".id"
}

// OnlyAccount is an expression for the id of the only account of an app.
func (l *Lookups) OnlyAccount(appID, comment string) string {
	return l.block("appypie_connected_account", appID, l.appName(appID), "account", comment, [2]string{"app_id", l.App(appID)}) + ".id"
}

func (l *Lookups) appName(id string) string {
	for _, app := range l.catalog.Apps {
		if app.ID == id {
			return app.Name
		}
	}
	return ""
}

func count[T any](all []T, is func(T) bool) int {
	n := 0
	for _, each := range all {
		if is(each) {
			n++
		}
	}
	return n
}
