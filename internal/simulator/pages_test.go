package simulator_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// overview reads the page for people.
func (b *bench) overview(query string) string {
	b.t.Helper()
	return string(b.wants(b.must(http.MethodGet, b.sim.URL+"/"+query, nil), http.StatusOK).Body)
}

// section cuts the article of one connect out of a page.
func section(t *testing.T, text, id string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, `<article id="c-`+id+`"`)
	if !found {
		t.Fatalf("connect %s is not on the page: %s", id, text)
	}
	article, _, _ := strings.Cut(rest, "</article>")
	return article
}

func expect(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %s", part, text)
		}
	}
}

func refuse(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is in %s", part, text)
		}
	}
}

func TestOverviewShowsAConnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("Leads <b>&")
	fresh := b.create(sheetsToHubSpot, "Fresh")
	article := section(t, b.overview(""), c.ID)
	expect(t, article, "Leads &lt;b&gt;&amp;", "Google Sheets", "New Spreadsheet Row", "HubSpot", "Create Contact",
		`<span class="state off">off</span>`, "Never tested", "<code>spreadsheet</code></dt><dd>s1</dd>", "{{column2}}", "Turn on", sheetsToHubSpot)
	refuse(t, article, "Leads <b>", "required, not set")
	expect(t, section(t, b.overview(""), fresh.ID), "none chosen", "required, not set")

	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
	text := b.overview("")
	article = section(t, text, c.ID)
	expect(t, article, `<span class="state on">on</span>`, "Test succeeded</span> at <time", "Turned on", "Turn off")
	refuse(t, article, "edited since")
	expect(t, text, "<strong>2</strong> connects, <strong>1</strong> on. Last: Leads &lt;b&gt;&amp;, Turned on", "turn_on_connect", "used by 1 connect", "Airtable")

	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": "s2", "worksheet": "w1"}}), http.StatusOK)
	expect(t, section(t, b.overview(""), c.ID), "edited since", "<dd>s2</dd>")

	b.sim.SetAccountStatus(b.account(b.match(sheetsToHubSpot).Trigger.AppID), simulator.AccountExpired)
	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	article = section(t, b.overview(""), c.ID)
	expect(t, article, `<span class="bad">Test failed: `, `<span class="bad">expired</span>`)

	b.sim.DeleteConnect(c.ID)
	text = b.overview("")
	expect(t, text, "a deleted connect")
	refuse(t, text, c.ID+`" class="connect"`)
}

func TestOverviewHidesSecrets(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		b := newBench(t, simulator.Config{Masking: masking})
		c := b.create(typeformToWebhook, "c")
		b.wants(b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
			"options": object{"url": "https://hooks.example.com", "method": "POST", "signing_secret": "swordfish"},
		}), http.StatusOK)
		text := b.overview("")
		expect(t, section(t, text, c.ID), "<code>signing_secret</code></dt><dd><em>secret, not shown</em>")
		refuse(t, text, append(b.sim.IssuedSecrets(), "swordfish")...)
	}
}

func TestOverviewEscapesWhatTheServiceHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	const hostile = `"><script>alert(1)</script>`
	c := b.create(sheetsToHubSpot, hostile)
	if err := b.sim.Edit(c.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{hostile: hostile}
		c.Trigger.AppID, c.Trigger.AccountID, c.Status = hostile, hostile, simulator.StatusOn
	}); err != nil {
		t.Fatal(err)
	}
	b.api(http.MethodGet, "/"+url.PathEscape(hostile), nil)
	text := b.overview("?q=" + url.QueryEscape(hostile))
	refuse(t, text, "<script>")
	if n := strings.Count(text, "&#34;&gt;&lt;script&gt;"); n < 8 {
		t.Errorf("the text is on the page %d times: %s", n, text)
	}
}

func TestOverviewFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	leads, forms := b.complete("Leads"), b.create(typeformToWebhook, "Forms")
	if err := b.sim.Edit(leads.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		query        string
		leads, forms bool
	}{
		"nothing":        {"", true, true},
		"empty form":     {"?q=&switch=", true, true},
		"name":           {"?q=lead", true, false},
		"app":            {"?q=typeFORM", false, true},
		"event":          {"?q=send+webhook", false, true},
		"id":             {"?q=" + leads.ID, true, false},
		"on":             {"?switch=on", true, false},
		"off":            {"?switch=off", false, true},
		"both":           {"?q=forms&switch=on", false, false},
		"page too large": {"?page=7", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := b.overview(test.query)
			if got := strings.Contains(text, `id="c-`+leads.ID); got != test.leads {
				t.Errorf("leads: %t", got)
			}
			if got := strings.Contains(text, `id="c-`+forms.ID); got != test.forms {
				t.Errorf("forms: %t", got)
			}
			if got := strings.Contains(text, "No connect fits."); got != (!test.leads && !test.forms) {
				t.Errorf("says that none fits: %t", got)
			}
		})
	}
}

func TestOverviewPages(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	match := b.match(hourlyWebhook).ID
	for n := range 205 {
		b.sim.CreateConnect(match, fmt.Sprintf("connect %03d", n))
	}
	for query, want := range map[string]struct {
		articles int
		parts    []string
	}{
		"":                   {100, []string{"Showing 1 to 100 of 205, newest first", `href="/?page=2"`, ">connect 204<"}},
		"?page=3":            {5, []string{"Showing 201 to 205 of 205", `href="/?page=2"`, ">connect 000<"}},
		"?q=connect+1&page=": {100, []string{"Showing 1 to 100 of 100 that fit, of 205 in all"}},
	} {
		text := b.overview(query)
		if n := strings.Count(text, "<article"); n != want.articles {
			t.Errorf("%s: %d connects", query, n)
		}
		expect(t, text, want.parts...)
	}
}

func TestPageHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	for path, kind := range map[string]string{
		"/": "text/html", "/_page/style.css": "text/css", "/_page/live.js": "text/javascript", "/_page/icon.svg": "image/svg+xml",
		"/_page/nonsense": "text/html", "/connect-account/nonsense": "text/html",
	} {
		got := b.must(http.MethodGet, b.sim.URL+path, nil)
		policy := got.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(got.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %v", path, got.Header)
		}
	}
	if entries := b.sim.Journal(); len(entries) != 0 {
		t.Errorf("pages are in the journal: %+v", entries)
	}
	port := b.sim.URL[strings.LastIndex(b.sim.URL, ":"):]
	for _, path := range []string{"/", "/_page/changes", "/_page/style.css"} {
		b.wants(b.must(http.MethodGet, b.sim.URL+path, nil, "Host", "evil.example"+port), http.StatusForbidden)
	}
}

func TestPageSwitch(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	press := func(form string, headers ...string) answer {
		t.Helper()
		headers = append(headers, "Content-Type", "application/x-www-form-urlencoded")
		return b.must(http.MethodPost, b.sim.URL+"/_page/switch", []byte(form), headers...)
	}
	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	for _, test := range []struct {
		form, origin string
		status       int
		want         string
	}{
		{"connect=" + c.ID + "&to=on", b.sim.URL, http.StatusSeeOther, "ON"},
		{"connect=" + c.ID + "&to=off", "https://evil.example", http.StatusForbidden, "ON"},
		{"connect=" + c.ID + "&to=sideways", b.sim.URL, http.StatusBadRequest, "ON"},
		{"connect=nonsense&to=off", b.sim.URL, http.StatusNotFound, "ON"},
		{"connect=" + c.ID + "&to=off", b.sim.URL, http.StatusSeeOther, "OFF"},
	} {
		got := b.wants(press(test.form, "Origin", test.origin), test.status)
		if test.status == http.StatusSeeOther && got.Header.Get("Location") != "/#c-"+c.ID {
			t.Errorf("%s leads to %q", test.form, got.Header.Get("Location"))
		}
		if held, _ := b.listed(c.ID); held.Status != test.want {
			t.Errorf("%s from %s: %s", test.form, test.origin, held.Status)
		}
	}
	// A switch is no edit, so the test still counts.
	refuse(t, section(t, b.overview(""), c.ID), "edited since")
	for method, path := range map[string]string{http.MethodGet: "/_page/switch", http.MethodPost: "/_page/style.css", http.MethodDelete: "/"} {
		if got := b.wants(b.must(method, b.sim.URL+path, nil), http.StatusMethodNotAllowed); got.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", method, path)
		}
	}
}

// watch opens the stream of changes. The function it returns waits for the next
// event.
func (b *bench) watch(ctx context.Context) (next func() error, header http.Header) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.sim.URL+"/_page/changes", http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewReader(res.Body)
	return func() error {
		for {
			line, err := lines.ReadString('\n')
			if err != nil || line == "data: changed\n" {
				return err
			}
		}
	}, res.Header
}

func TestPageFollowsChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	next, header := b.watch(t.Context())
	if got := header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type %q", got)
	}
	if err := next(); err != nil {
		t.Fatalf("the first event, which comes at once: %v", err)
	}
	// Events are as many as the watcher can take; the page must be right after
	// one of them, and the stream's own timeout ends a wait that is in vain.
	until := func(what, part string) {
		t.Helper()
		for !strings.Contains(b.overview(""), part) {
			if err := next(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	events := make(chan error, 1)
	c := b.complete("followed")
	until("created", `id="c-`+c.ID)
	for what, change := range map[string]func(){
		"switch by hand": func() {
			_ = b.sim.Edit(c.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })
		},
		"test over the API": func() { b.api(http.MethodPost, "/connect/test/"+c.ID, nil) },
		"refused request":   func() { b.api(http.MethodGet, "/nonsense", nil) },
		"journal reset":     func() { b.sim.ResetJournal() },
		"expired account":   func() { b.sim.SetAccountStatus(b.sim.Accounts()[0].ID, simulator.AccountExpired) },
	} {
		quiet, _ := b.watch(t.Context())
		if err := quiet(); err != nil {
			t.Fatal(err)
		}
		go func() { events <- quiet() }()
		change()
		if err := <-events; err != nil {
			t.Errorf("%s rings no bell: %v", what, err)
		}
	}
	until("turned on", `<span class="state on">`)
}

func TestCloseEndsWatching(t *testing.T) {
	t.Parallel()
	sim, err := simulator.Start(t.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sim: sim, http: &http.Client{Timeout: bounded, Transport: &http.Transport{}}}
	next, _ := b.watch(t.Context())
	if err := next(); err != nil {
		t.Fatal(err)
	}
	closeQuietly(t, sim)
	if err := next(); err == nil {
		t.Error("the stream outlives the server")
	}
}

// BenchmarkOverview is the page of a service with a thousand connects.
func BenchmarkOverview(b *testing.B) {
	sim, err := simulator.New(simulator.Config{})
	if err != nil {
		b.Fatal(err)
	}
	matches := sim.Catalog().Matches()
	for n := range 1000 {
		sim.CreateConnect(matches[n%len(matches)].ID, fmt.Sprintf("connect %d", n))
	}
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1/", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.RemoteAddr = "127.0.0.1:9"
	handler := sim.Handler()
	for b.Loop() {
		handler.ServeHTTP(&recorder{header: http.Header{}}, req)
	}
}
