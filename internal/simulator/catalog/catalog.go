// Package catalog holds the fixed data that a simulated Connect service offers: categories, apps with their triggers and
// actions, popular matches and connected accounts.
//
// The data lives in the text tables under tables/, one stanza an app, so that adding an app touches one place; tables/README.md
// explains the notation. The shapes follow the project's API contract. The contents are invented: they resemble the real
// service and are not a copy of it.
//
// A Catalog never changes after New, so any number of goroutines may read it. The slices it returns are its own and must not be
// modified.
package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// The words of App.AuthType (documented by the reference's connect-account page). An app that needs no account has none.
const (
	AuthOAuth2 = "O_AUTH_V2"
	AuthAPIKey = "API_KEY"
	AuthBasic  = "BASIC_AUTH"
)

// The words of Field.Type (documented by the reference's action-detail-by-id page).
const (
	TypeString = "String"
	TypeSelect = "Select"
)

// The words of Account.Status (assumed).
const (
	StatusActive  = "active"
	StatusExpired = "expired"
)

// Category is a shelf that apps are listed under.
type Category struct{ ID, Name, SeoLink string }

// App is a product that triggers or actions belong to. AuthType is empty for an app that needs no connected account.
type App struct {
	ID, Name, SeoLink, Description, Logo, AuthType string
	CategoryIDs                                    []string
}

// Choice is one entry of a select: the text a person sees and the option value that is stored.
type Choice struct{ Label, Value string }

// Field describes one option of an event. Choices are those of a static select; a dynamic one has none and is asked for them
// with [Catalog.DropdownChoices], once every option that DependsOn names has a value. Secret is the simulator's own knowledge:
// the wire has no marker for it.
type Field struct {
	Key, Label, Type string
	Required         bool
	HelpText         string
	Choices          []Choice
	Dynamic          bool
	DependsOn        []string
	// Default is the value that the editor fills in, empty where it fills in nothing.
	Default string
	Secret  bool

	source *choiceSource // set exactly when Dynamic is
}

// Event is a trigger or an action of an app.
type Event struct {
	ID, AppID, Name, Description string
	Fields                       []Field

	action  bool
	gives   []SampleDatum
	columns []SampleDatum
}

// SampleDatum is one value that testing a step shows.
type SampleDatum struct{ Key, Value, Label string }

// MatchStep names the app and the trigger or action that a popular match uses at one step.
type MatchStep struct{ AppID, EventID string }

// PopularMatch is a template that a connect is created from.
type PopularMatch struct {
	ID, Title string
	Trigger   MatchStep
	Actions   []MatchStep
}

// Account is a connected account of an app. Status is [StatusActive] or [StatusExpired]; times are UTC, whole milliseconds.
type Account struct {
	ID, AppID, Name, Status string
	CreatedAt, UpdatedAt    time.Time
}

// Catalog is the whole offer of a simulated service. Make one with [New].
type Catalog struct {
	seed uint64

	categories []Category
	apps       []App
	matches    []PopularMatch
	accounts   []Account
	triggers   map[string][]Event // by app id
	actions    map[string][]Event // by app id

	categoryAt map[string]int
	appAt      map[string]int
	matchAt    map[string]int
	accountAt  map[string]int
	triggerAt  map[string]place
	actionAt   map[string]place
}

// place is where an event stands: its app and its index among that app's triggers or actions.
type place struct {
	appID string
	index int
}

// Categories returns every category in the order of the tables.
func (c *Catalog) Categories() []Category { return c.categories }

// Apps returns every app, ordered by name.
func (c *Catalog) Apps() []App { return c.apps }

// Matches returns every popular match, ordered by the trigger's app and then as in the tables.
func (c *Catalog) Matches() []PopularMatch { return c.matches }

// Accounts returns every connected account, ordered by app and then as in the tables.
func (c *Catalog) Accounts() []Account { return c.accounts }

// Triggers returns the triggers of an app in the order of the tables, none for an unknown app.
func (c *Catalog) Triggers(appID string) []Event { return c.triggers[appID] }

// Actions returns the actions of an app in the order of the tables, none for an unknown app.
func (c *Catalog) Actions(appID string) []Event { return c.actions[appID] }

// Category finds a category by id.
func (c *Catalog) Category(id string) (*Category, bool) { return at(c.categories, c.categoryAt, id) }

// App finds an app by id.
func (c *Catalog) App(id string) (*App, bool) { return at(c.apps, c.appAt, id) }

// Match finds a popular match by id.
func (c *Catalog) Match(id string) (*PopularMatch, bool) { return at(c.matches, c.matchAt, id) }

// Account finds a connected account by id.
func (c *Catalog) Account(id string) (*Account, bool) { return at(c.accounts, c.accountAt, id) }

// Trigger finds a trigger of any app by id. The id of an action is not found.
func (c *Catalog) Trigger(id string) (*Event, bool) { return event(c.triggers, c.triggerAt, id) }

// Action finds an action of any app by id. The id of a trigger is not found.
func (c *Catalog) Action(id string) (*Event, bool) { return event(c.actions, c.actionAt, id) }

// ObjectID makes the id of the thing of that kind and name: 24 lower-case hex digits, as the service's ids are (documented),
// the same for the same seed, kind and name. Every id of a simulated service comes from here.
func (c *Catalog) ObjectID(kind, name string) string {
	// The separator occurs in no kind, so no two pairs of kind and name run together into one text.
	sum := sha256.Sum256([]byte(strconv.FormatUint(c.seed, 10) + "\x00" + kind + "\x00" + name))
	return hex.EncodeToString(sum[:12])
}

func at[T any](all []T, index map[string]int, id string) (*T, bool) {
	i, ok := index[id]
	if !ok {
		return nil, false
	}
	return &all[i], true
}

func event(all map[string][]Event, places map[string]place, id string) (*Event, bool) {
	p, ok := places[id]
	if !ok {
		return nil, false
	}
	return &all[p.appID][p.index], true
}
