package simulator_test

import (
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

// opened reads the page with the details of connects.
func (b *bench) opened(ids ...string) string {
	b.t.Helper()
	return b.overview("?" + url.Values{"open": ids}.Encode())
}

func TestOverviewShowsAConnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("Leads <b>&")
	fresh := b.create(sheetsToHubSpot, "Fresh")
	row := section(t, b.overview(""), c.ID)
	expect(t, row, "Leads &lt;b&gt;&amp;", "Google Sheets", "HubSpot", `<button class="state off" name="do" value="on" role="switch" aria-checked="false"`, `title="Turn on">off</button>`, "<span>edited</span>",
		`href="/?open=`+c.ID+`#c-`+c.ID+`" aria-expanded="false"`)
	refuse(t, row, "Leads <b>", "New Spreadsheet Row", "Never tested")
	article := section(t, b.opened(c.ID, fresh.ID), c.ID)
	expect(t, article, "New Spreadsheet Row", "Create Contact", "Never tested", "<code>spreadsheet</code>", `value="s1"`, "{{column2}}", sheetsToHubSpot,
		`href="/?open=`+fresh.ID+`#c-`+c.ID+`" aria-expanded="true"`)
	refuse(t, article, "Leads <b>", "required, not set")
	expect(t, section(t, b.opened(fresh.ID), fresh.ID), "none chosen", "required, not set")

	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
	text := b.opened(c.ID)
	article = section(t, text, c.ID)
	expect(t, article, `<button class="state on" name="do" value="off" role="switch" aria-checked="true"`, "Test succeeded</span> at <time", "turned on", `title="Turn off">on</button>`, "<span>tested</span>", "Let it run once")
	refuse(t, article, "edited since")
	expect(t, text, "<strong>2</strong> connects, <strong>1</strong> on. Last: Leads &lt;b&gt;&amp; turned on (API)", "turn_on_connect", "used by 1 connect", "Airtable")

	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": "s2", "worksheet": "w1"}}), http.StatusOK)
	expect(t, section(t, b.opened(c.ID), c.ID), "edited since", `value="s2"`)

	b.sim.SetAccountStatus(b.account(b.match(sheetsToHubSpot).Trigger.AppID), simulator.AccountExpired)
	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	article = section(t, b.opened(c.ID), c.ID)
	expect(t, article, `<span class="bad">Test failed: `, `<p class="bad">expired</p>`)

	b.sim.DeleteConnect(c.ID)
	text = b.opened(c.ID)
	expect(t, text, `Leads &lt;b&gt;&amp;</b> <span class="quiet">(gone)</span> <span>deleted</span> <span class="by">by hand</span>`)
	refuse(t, text, `id="c-`+c.ID)
}

// TestOverviewShowsLabels wants texts for the values of drop-downs, and the value
// only where it is needed for a configuration.
func TestOverviewShowsLabels(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(sheetsToHubSpot, "c")
	trigger, _ := b.sim.Catalog().Trigger(b.match(sheetsToHubSpot).Trigger.EventID)
	// The first is called what its value is.
	choice := b.sim.Catalog().DropdownChoices(trigger.Fields[0], "", nil)[1]
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{trigger.Fields[0].Key: choice.Value}}), http.StatusOK)
	article := section(t, b.opened(c.ID), c.ID)
	expect(t, article, `<option value="`+choice.Value+`" selected>`+choice.Label+`</option>`, "<p class=\"quiet\"><code>"+choice.Value,
		"trigger <code>"+trigger.Fields[0].Key+"</code> <em>nothing</em> → "+choice.Label)
	if n := strings.Count(b.overview(""), choice.Value); n != 0 {
		t.Errorf("the value is %d times on the closed page", n)
	}
	for _, query := range []string{choice.Label, choice.Value} {
		expect(t, b.overview("?q="+url.QueryEscape(query)), `id="c-`+c.ID)
	}
}

func TestOverviewBeginsWithTheProviderBlock(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	text := b.overview("")
	expect(t, text, `id="empty"`, `api_url   = "`+b.sim.APIURL()+`"`, `token_url = "`+b.sim.TokenURL()+`"`, b.sim.ClientID())
	refuse(t, text, b.sim.IssuedSecrets()...)
	login := string(b.wants(b.push("do=login"), http.StatusOK).Body)
	expect(t, login, b.sim.APIURL(), b.sim.ClientSecret(), "refresh_token = &#34;rt_")
	b.create(sheetsToHubSpot, "c")
	refuse(t, b.overview(""), `id="empty"`)
}

func TestOverviewHidesSecrets(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		b := newBench(t, simulator.Config{Masking: masking})
		c := b.create(typeformToWebhook, "c")
		b.wants(b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
			"options": object{"url": "https://hooks.example.com", "method": "POST", "signing_secret": "swordfish"},
		}), http.StatusOK)
		b.wants(b.push("do=option&connect="+c.ID+"&step="+c.Actions[0].StepID+"&key=signing_secret&value=marlin"), http.StatusSeeOther)
		text := b.opened(c.ID)
		expect(t, section(t, text, c.ID), `placeholder="secret, not shown"`, "<code>signing_secret</code> <em>nothing</em> → ****", "<code>signing_secret</code> **** → ****")
		refuse(t, text, append(b.sim.IssuedSecrets(), "swordfish", "marlin")...)
		for query, found := range map[string]bool{"marlin": false, "hooks.example": true} {
			if got := strings.Contains(b.overview("?q="+query), `id="c-`); got != found {
				t.Errorf("searching for %s finds the connect: %t", query, got)
			}
		}
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
	text := b.overview("?open=" + c.ID + "&q=" + url.QueryEscape(hostile))
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
	var last simulator.Connect
	for n := range 605 {
		last = b.sim.CreateConnect(match, fmt.Sprintf("connect %03d", n))
	}
	for query, want := range map[string]struct {
		articles int
		parts    []string
	}{
		"":                   {300, []string{"Showing 1 to 300 of 605</p>", `href="/?page=2"`, ">connect 000<"}},
		"?page=3":            {5, []string{"Showing 601 to 605 of 605", `href="/?page=2"`, ">connect 604<"}},
		"?q=connect+1&page=": {100, []string{"Showing 1 to 100 of 100 that fit, of 605 in all"}},
		"?open=" + last.ID:   {5, []string{`id="d-` + last.ID}},
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
