package page

import (
	"net/url"
	"slices"
	"strconv"
)

// Positions of the switch that a query can ask for.
const (
	SwitchOn  = "on"
	SwitchOff = "off"
)

// Query is what a person asks to see.
type Query struct {
	Text   string   // part of the name, the id, an app, an event or an option's value
	Switch string   // SwitchOn, SwitchOff or empty for both
	Page   int      // from 1; 0 is the page of the first opened connect
	Open   []string // ids of the connects whose details are shown
	Group  uint64   // the group of the history that is shown whole; 0 is none
}

// maxQueryText keeps a link that somebody made up from filling the page.
const maxQueryText = 200

// ParseQuery reads a query. What makes no sense in it is left out: a person who
// edits an address wants a page and no refusal.
func ParseQuery(values url.Values) Query {
	q := Query{Text: values.Get("q"), Switch: values.Get("switch")}
	if len(q.Text) > maxQueryText {
		q.Text = ""
	}
	if q.Switch != SwitchOn && q.Switch != SwitchOff {
		q.Switch = ""
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 {
		q.Page = n
	}
	for _, id := range values["open"] {
		if id != "" && len(id) <= maxQueryText && !q.Opens(id) {
			q.Open = append(q.Open, id)
		}
	}
	q.Open = q.Open[max(0, len(q.Open)-OpenShown):]
	if n, err := strconv.ParseUint(values.Get("group"), 10, 64); err == nil {
		q.Group = n
	}
	return q
}

// Filters reports whether the query leaves any connect out.
func (q Query) Filters() bool { return q.Text != "" || q.Switch != "" }

// Opens reports whether the details of a connect are asked for.
func (q Query) Opens(id string) bool { return slices.Contains(q.Open, id) }

// Toggle is the address of the page with a connect opened, or closed when it is
// open. The one that was opened first makes place for an eleventh.
func (q Query) Toggle(id string) string {
	open := slices.DeleteFunc(slices.Clone(q.Open), func(held string) bool { return held == id })
	if len(open) == len(q.Open) {
		open = append(open, id)
	}
	q.Open = open[max(0, len(open)-OpenShown):]
	return q.Address() + "#c-" + url.PathEscape(id)
}

// Show is the address of one connect, opened, whatever the query leaves out.
func Show(id string) string { return Query{Open: []string{id}}.Address() + "#c-" + url.PathEscape(id) }

// ShowAccount is the address of one connected account.
func ShowAccount(id string) string { return Query{}.Address() + "#a-" + url.PathEscape(id) }

// Whole is the address of all entries of a group.
func (q Query) Whole(group uint64) string {
	q.Group = group
	return q.Address() + "#history"
}

// Link is the address of another page of the same query.
func (q Query) Link(number int) string {
	q.Page, q.Open = number, nil
	return q.Address()
}

// Address is the address of the query.
func (q Query) Address() string {
	values := url.Values{}
	if q.Text != "" {
		values.Set("q", q.Text)
	}
	if q.Switch != "" {
		values.Set("switch", q.Switch)
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	if len(q.Open) > 0 {
		values["open"] = q.Open
	}
	if q.Group > 0 {
		values.Set("group", strconv.FormatUint(q.Group, 10))
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

// NumberOf is the number of the page that shows the entry at a place, from 0.
func NumberOf(place int) int { return place/ConnectsShown + 1 }

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
