package page_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// hostile is text that would leave every context it may stand in.
const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>{{.}}&amp;` + "`"

func render(t *testing.T, v page.View) string {
	t.Helper()
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	content, err := pages.Overview(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// everywhere puts a text wherever a view takes one.
func everywhere(text string) page.View {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	choices := []page.Choice{{Value: text, Label: text}}
	entry := page.Entry{
		Time: at, By: text, Kind: text, App: text, Name: text, Note: text, Link: page.Show(text), Failed: true,
		Edits: []page.Edit{{Step: text, Key: text, Old: text, New: text}, {}},
	}
	gone := entry
	gone.Link, gone.ByHand = "", true
	return page.View{
		Query: page.Query{Text: text, Switch: page.SwitchOff, Page: 2}, Total: 750, On: 1, Matching: 750,
		Address: text, ClientID: text, Range: page.Cut(750, 2), Latest: &entry, Armed: []string{text}, Breaks: choices,
		Connects: []page.Connect{{
			ID: text, Name: text, Apps: []string{text, text}, Last: &entry, Open: true, Toggle: page.Query{}.Toggle(text),
			Match: text, Test: &page.Test{Message: text, Time: at}, Own: []page.Entry{entry}, Created: at, Updated: at, Breaks: choices,
			Steps: []page.Step{{
				ConnectID: text, ID: text, Place: text, App: text, Event: text, NeedsAccount: true, Account: text, AccountStatus: text, Accounts: choices,
				Options: []page.Option{
					{Key: text, Label: text, Value: text}, {Key: text, Value: text, Fixed: true},
					{Key: text, Value: text, Choices: choices}, {Key: text, Secret: true, Set: true},
				},
			}},
		}},
		Accounts: []page.Account{{ID: text, Name: text, App: text, Status: text, Uses: 2}},
		Apps:     []page.App{{ID: text, Name: text}},
		Groups: []page.Group{
			{ID: 1, By: text, Counts: []page.Count{{N: 1, Kind: text}}, Entries: []page.Entry{entry}, Link: page.Query{Text: text}.Whole(1)},
			{ID: 2, ByHand: true, Entries: []page.Entry{gone}},
		},
		Requests: []page.Request{{Operation: text, Method: text, Path: text, Fault: text, Status: 500, Time: at}},
	}
}

func TestOverviewEscapesEverything(t *testing.T) {
	t.Parallel()
	got := render(t, everywhere(hostile))
	for _, harm := range []string{"<script>", "<img"} {
		if strings.Contains(got, harm) {
			t.Errorf("the page contains %q", harm)
		}
	}
	// The markup is what it is with harmless text: no tag more, no attribute more.
	plain := render(t, everywhere("x"))
	for _, mark := range []string{"<", ">", `"`} {
		if have, want := strings.Count(got, mark), strings.Count(plain, mark); have != want {
			t.Errorf("%d times %s, %d with harmless text", have, mark, want)
		}
	}
}

func TestDialogEscapes(t *testing.T) {
	t.Parallel()
	pages, err := page.New()
	if err != nil {
		t.Fatal(err)
	}
	content, err := pages.Dialog(page.Dialog{Title: hostile, Text: hostile, Action: "javascript:alert(1)", Hidden: map[string]string{"state": hostile}})
	if err != nil {
		t.Fatal(err)
	}
	for _, harm := range []string{"<script>", "<img", `action="javascript:`} {
		if strings.Contains(string(content), harm) {
			t.Errorf("the page contains %q: %s", harm, content)
		}
	}
}

// TestNothingInline holds the pages to what their policy allows.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	got := render(t, everywhere("x"))
	for _, harm := range []string{"<style", " style=", " onclick=", "<script>", "http://", "https://", "//"} {
		if strings.Contains(got, harm) {
			t.Errorf("the page contains %q", harm)
		}
	}
}

func TestStructure(t *testing.T) {
	t.Parallel()
	got := render(t, everywhere("x"))
	for _, part := range []string{
		`<html lang="en">`, `name="viewport"`, `<a class="skip" href="#connects">`, "<header>", "<main>", "<footer>",
		`<nav class="parts" aria-label="Parts of this page">`, `role="search"`, `for="q">Name, app or option value</label>`, `for="switch">Switch</label>`,
		`aria-live="polite"`, `role="status"`, `<option value="off" selected>`,
		"Showing 301 to 600 of 750 that fit, of 750 in all", "Page 2 of 3",
		`href="/?q=x&amp;switch=off"`, `href="/?page=3&amp;q=x&amp;switch=off"`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   string
		want page.Query
		link string
	}{
		"nothing": {"", page.Query{}, "/"},
		"all": {
			"q=a+b&switch=on&page=3&open=b&open=a&open=b&open=&group=7",
			page.Query{Text: "a b", Switch: "on", Page: 3, Open: []string{"b", "a"}, Group: 7}, "/?group=7&open=b&open=a&page=3&q=a+b&switch=on",
		},
		"no numbers":   {"page=x&group=y", page.Query{}, "/"},
		"negative":     {"page=-2&group=-1", page.Query{}, "/"},
		"overflow":     {"page=99999999999999999999", page.Query{}, "/"},
		"other switch": {"switch=sideways", page.Query{}, "/"},
		"long":         {"q=" + strings.Repeat("x", 300) + "&open=" + strings.Repeat("x", 300), page.Query{}, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(test.in)
			if err != nil {
				t.Fatal(err)
			}
			got := page.ParseQuery(values)
			if !reflect.DeepEqual(got, test.want) || got.Address() != test.link {
				t.Errorf("%+v with address %s", got, got.Address())
			}
		})
	}
}

// TestToggle opens and closes connects, ten at most.
func TestToggle(t *testing.T) {
	t.Parallel()
	q := page.Query{Text: "x"}
	if got := q.Toggle("a"); got != "/?open=a&q=x#c-a" {
		t.Errorf("opened: %s", got)
	}
	q.Open = []string{"a", "b"}
	if got := q.Toggle("a"); got != "/?open=b&q=x#c-a" {
		t.Errorf("closed: %s", got)
	}
	q.Open = strings.Split("abcdefghij", "")
	if got := q.Toggle("k"); strings.Contains(got, "open=a&") || !strings.Contains(got, "open=b&") || !strings.Contains(got, "open=k") {
		t.Errorf("an eleventh: %s", got)
	}
	if values, err := url.ParseQuery(strings.Repeat("open=x&open=y&", 9) + "open=1&open=2&open=3&open=4&open=5&open=6&open=7&open=8&open=9"); err != nil || len(page.ParseQuery(values).Open) != 10 {
		t.Errorf("eleven in an address: %v", page.ParseQuery(values).Open)
	}
}

func TestTook(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for d, want := range map[time.Duration]string{0: "under 1 s", 9700 * time.Millisecond: "10 s", 125 * time.Second: "2m5s"} {
		if got := (page.Group{From: at, To: at.Add(d)}).Took(); got != want {
			t.Errorf("%s: %s", d, got)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		count, number, from, to, first, previous, next int
	}{
		"empty":       {0, 1, 0, 0, 0, 0, 0},
		"one":         {1, 1, 0, 1, 1, 0, 0},
		"full page":   {300, 1, 0, 300, 1, 0, 0},
		"first":       {301, 1, 0, 300, 1, 0, 2},
		"last":        {301, 2, 300, 301, 301, 1, 0},
		"beyond":      {301, 9, 300, 301, 301, 1, 0},
		"below":       {301, -3, 0, 300, 1, 0, 2},
		"middle":      {750, 2, 300, 600, 301, 1, 3},
		"beyond none": {0, 5, 0, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := page.Cut(test.count, test.number)
			if r.From != test.from || r.To != test.to || r.First() != test.first || r.Previous() != test.previous || r.Next() != test.next {
				t.Errorf("%+v, first %d, previous %d, next %d", r, r.First(), r.Previous(), r.Next())
			}
		})
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	for path, kind := range map[string]string{"style.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"} {
		content, contentType, found := page.Asset(page.Prefix + path)
		if !found || len(content) == 0 || !strings.HasPrefix(contentType, kind) {
			t.Errorf("%s: %t, %s, %d bytes", path, found, contentType, len(content))
		}
	}
	for _, path := range []string{"", "nonsense", "../page.go", "assets/style.css"} {
		if _, _, found := page.Asset(page.Prefix + path); found {
			t.Errorf("%q is served", path)
		}
	}
	policy := page.Header("text/html").Get("Content-Security-Policy")
	for _, rule := range []string{"default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'"} {
		if !strings.Contains(policy, rule) {
			t.Errorf("the policy %q lacks %s", policy, rule)
		}
	}
	if strings.Contains(policy, "unsafe") || page.Header("").Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", page.Header(""))
	}
}
