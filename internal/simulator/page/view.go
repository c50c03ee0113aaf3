package page

import (
	"net/url"
	"strconv"
	"time"
)

// Most entries of the parts that grow without end.
const (
	ConnectsShown = 100 // a page of connects
	EventsShown   = 20  // newest lines of history, over all connects
	RequestsShown = 15  // newest requests
	OwnShown      = 10  // newest lines of history of one connect
)

// View is the whole service at one moment, ready to be shown. Its texts come
// from whoever uses the service; the templates escape them.
type View struct {
	Query    Query
	Total    int // connects the service holds
	On       int // those of them that are on
	Matching int // those that the query asks for
	Range    Range
	Connects []Connect
	Accounts []Account
	Apps     []App
	Events   []Event   // newest first
	Requests []Request // newest first
}

// Connect is one connect.
type Connect struct {
	ID, Name, Match  string
	On               bool
	Steps            []Step // the trigger first
	Test             *Event // the last test; nil when there was none
	Stale            bool   // something was edited since that test
	Events           []Event
	Created, Updated time.Time
}

// Step is the trigger or an action of a connect.
type Step struct {
	ID, App, Event string
	NeedsAccount   bool
	Account        string // name of the connected account; empty when none is chosen
	AccountStatus  string
	Options        []Option
}

// Option is one option of a step. The value of a secret one is never put here.
type Option struct {
	Key, Value string
	Secret     bool // has a value, which stays hidden
	Missing    bool // required and without a value
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

// Event is one line of history. Name is that of the connect, empty when the
// connect is gone.
type Event struct {
	ConnectID, Name, Message string
	Failed                   bool
	Time                     time.Time
}

// Request is one request to an operation; Status is 0 while nothing was answered.
type Request struct {
	Operation, Method, Path, Fault string
	Status                         int
	Time                           time.Time
}

// Failed tells whether the request was refused.
func (r Request) Failed() bool { return r.Status >= 400 }

// Latest is the newest line of history, nil when there is none.
func (v View) Latest() *Event {
	if len(v.Events) == 0 {
		return nil
	}
	return &v.Events[0]
}

// Positions of the switch that a query can ask for.
const (
	SwitchOn  = "on"
	SwitchOff = "off"
)

// Query is what a person asks to see.
type Query struct {
	Text   string // part of the name, the id, an app or an event
	Switch string // SwitchOn, SwitchOff or empty for both
	Page   int    // from 1
}

// maxQueryText keeps a link that somebody made up from filling the page.
const maxQueryText = 200

// ParseQuery reads a query. What makes no sense in it is left out: a person who
// edits an address wants a page and no refusal.
func ParseQuery(values url.Values) Query {
	q := Query{Text: values.Get("q"), Switch: values.Get("switch"), Page: 1}
	if len(q.Text) > maxQueryText {
		q.Text = ""
	}
	if q.Switch != SwitchOn && q.Switch != SwitchOff {
		q.Switch = ""
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 {
		q.Page = n
	}
	return q
}

// Filters tells whether the query leaves anything out.
func (q Query) Filters() bool { return q.Text != "" || q.Switch != "" }

// Link is the address of a page of the same query.
func (q Query) Link(number int) string {
	values := url.Values{}
	if q.Text != "" {
		values.Set("q", q.Text)
	}
	if q.Switch != "" {
		values.Set("switch", q.Switch)
	}
	if number > 1 {
		values.Set("page", strconv.Itoa(number))
	}
	if len(values) == 0 {
		return "/"
	}
	return "/?" + values.Encode()
}

// Range is the part of a list that one page shows.
type Range struct {
	From, To             int // from 0, To not included
	Number, Pages, Count int
}

// Cut finds the part of a list of count entries that a page shows. A number
// beyond the last page means the last, where the list may have shrunk to.
func Cut(count, number int) Range {
	pages := max(1, (count+ConnectsShown-1)/ConnectsShown)
	number = min(max(1, number), pages)
	from := (number - 1) * ConnectsShown
	return Range{From: from, To: min(count, from+ConnectsShown), Number: number, Pages: pages, Count: count}
}

// First is the place of the first entry as people count.
func (r Range) First() int { return min(r.From+1, r.Count) }

// Previous is the number of the page before, 0 on the first one.
func (r Range) Previous() int { return r.Number - 1 }

// Next is the number of the page after, 0 on the last one.
func (r Range) Next() int {
	if r.Number == r.Pages {
		return 0
	}
	return r.Number + 1
}
