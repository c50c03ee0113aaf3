package page_test

import (
	"net/url"
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
	event := page.Event{ConnectID: text, Name: text, Message: text, Failed: true, Time: at}
	return page.View{
		Query: page.Query{Text: text, Switch: page.SwitchOff, Page: 2}, Total: 250, On: 1, Matching: 250,
		Range: page.Cut(250, 2),
		Connects: []page.Connect{{
			ID: text, Name: text, Match: text, Test: &event, Events: []page.Event{event}, Created: at, Updated: at,
			Steps: []page.Step{{
				ID: text, App: text, Event: text, NeedsAccount: true, Account: text, AccountStatus: text,
				Options: []page.Option{{Key: text, Value: text}},
			}},
		}},
		Accounts: []page.Account{{ID: text, Name: text, App: text, Status: text, Uses: 2}},
		Apps:     []page.App{{ID: text, Name: text}},
		Events:   []page.Event{event},
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
		`<nav aria-label="Parts of this page">`, `role="search"`, `<label for="q">`, `<label for="switch">`,
		`aria-live="polite"`, `role="status"`, `<option value="off" selected>`,
		"Showing 101 to 200 of 250 that fit, of 250 in all", "Page 2 of 3",
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
		"nothing":      {"", page.Query{Page: 1}, "/"},
		"all":          {"q=a+b&switch=on&page=3", page.Query{Text: "a b", Switch: "on", Page: 3}, "/?page=3&q=a+b&switch=on"},
		"no number":    {"page=x", page.Query{Page: 1}, "/"},
		"negative":     {"page=-2", page.Query{Page: 1}, "/"},
		"overflow":     {"page=99999999999999999999", page.Query{Page: 1}, "/"},
		"other switch": {"switch=sideways", page.Query{Page: 1}, "/"},
		"long":         {"q=" + strings.Repeat("x", 300), page.Query{Page: 1}, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(test.in)
			if err != nil {
				t.Fatal(err)
			}
			got := page.ParseQuery(values)
			if got != test.want || got.Link(got.Page) != test.link {
				t.Errorf("%+v with link %s", got, got.Link(got.Page))
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		count, number, from, to, first, previous, next int
	}{
		"empty":       {0, 1, 0, 0, 0, 0, 0},
		"one":         {1, 1, 0, 1, 1, 0, 0},
		"full page":   {100, 1, 0, 100, 1, 0, 0},
		"first":       {101, 1, 0, 100, 1, 0, 2},
		"last":        {101, 2, 100, 101, 101, 1, 0},
		"beyond":      {101, 9, 100, 101, 101, 1, 0},
		"below":       {101, -3, 0, 100, 1, 0, 2},
		"middle":      {250, 2, 100, 200, 101, 1, 3},
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
