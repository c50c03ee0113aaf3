package page

import (
	"fmt"
	"time"
)

// Most entries of the parts that grow without end.
const (
	ConnectsShown = 300 // a page of connects
	OpenShown     = 10  // connects with their details
	GroupsShown   = 12  // newest groups of the history
	EntriesShown  = 20  // newest entries of a group, unless it is asked for
	OwnShown      = 10  // newest entries of one connect
	RequestsShown = 15  // newest requests
)

// View is the whole service at one moment, ready to be shown. Its texts come
// from whoever uses the service; the templates escape them.
type View struct {
	Query    Query
	Address  string // of the service, as the browser knows it
	ClientID string
	Total    int // connects the service holds
	On       int // those of them that are on
	Matching int // those that the query asks for
	Range    Range
	Connects []Connect
	Accounts []Account
	Apps     []App
	Latest   *Entry    // nil when nothing has happened
	Groups   []Group   // newest first
	Asked    bool      // Groups is the one that the query names, or none
	Requests []Request // newest first
	Armed    []string  // what will go wrong
	Breaks   []Choice  // what can be made to go wrong
}

// Connect is one connect. A closed one is a line; what only an open one shows is
// empty then.
type Connect struct {
	ID, Name string
	On       bool
	Apps     []string
	Last     *Entry // the newest change; nil when it is forgotten
	Updated  time.Time
	Open     bool
	Toggle   string // address of the page with this connect opened, or closed

	Match   string
	Steps   []Step // the trigger first
	Test    *Test  // the last test; nil when there was none
	Stale   bool   // something was edited since that test
	Own     []Entry
	Created time.Time
	Breaks  []Choice
}

// Switch is the word for the position of the connect's switch.
func (c Connect) Switch() string {
	if c.On {
		return SwitchOn
	}
	return SwitchOff
}

// Test is the outcome of a test.
type Test struct {
	Message string
	Failed  bool
	Time    time.Time
}

// Step is the trigger or an action of a connect.
type Step struct {
	ConnectID, ID, Place, App, Event string
	NeedsAccount                     bool
	Account                          string // id of the connected account; empty when none is chosen
	AccountStatus                    string // what is wrong with it
	Accounts                         []Choice
	Options                          []Option
}

// Option is one option of a step. The value of a secret one is never put here.
type Option struct {
	Key, Label, Value string
	Choices           []Choice // of a drop-down; with the value, even when it is not offered
	Fixed             bool     // cannot be edited here
	Secret            bool
	Set               bool // a secret has a value
	Missing           bool // required and without a value
}

// Choice is one entry of a drop-down.
type Choice struct{ Value, Label string }

// Labeled reports whether a drop-down shows another text than its value.
func (o Option) Labeled() bool {
	for _, choice := range o.Choices {
		if choice.Value == o.Value {
			return choice.Label != choice.Value
		}
	}
	return false
}

// Account is a connected account and the number of connects that use it.
type Account struct {
	ID, Name, App, Status string
	Good                  bool
	Uses                  int
}

// App is an app of the catalog.
type App struct {
	ID, Name          string
	Triggers, Actions int
}

// Entry is one line of the history, about a connect or a connected account. Name is
// what it was called then; Link leads to it and is empty when it is gone.
type Entry struct {
	Time             time.Time
	By, Kind         string
	ByHand           bool
	App              string // of an account; empty for a connect
	Name, Note, Link string
	Edits            []Edit
	Failed           bool
}

// Edit is an option that got another value; an empty text is no value.
type Edit struct{ Step, Key, Old, New string }

// Group is what one client did in one go, or one change by hand.
type Group struct {
	ID       uint64
	By       string
	ByHand   bool // then it has one entry
	From, To time.Time
	Counts   []Count
	Total    int     // entries in all
	Entries  []Entry // newest first
	Link     string  // where all entries are; empty when they are here
}

// Count is how many connects or accounts something happened to.
type Count struct {
	N    int
	Kind string
}

// Took is how long a group lasted, as people say it.
func (g Group) Took() string {
	d := g.To.Sub(g.From)
	if d < time.Second {
		return "under 1 s"
	}
	if d < time.Minute {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// Request is one request to an operation; Status is 0 while nothing was answered.
type Request struct {
	Operation, Method, Path, Fault string
	Status                         int
	Time                           time.Time
}

// Failed reports whether the request was refused.
func (r Request) Failed() bool { return r.Status >= 400 }
