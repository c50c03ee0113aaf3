package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// push sends a form as the page does. Headers win over those of a browser.
func (b *bench) push(form string, headers ...string) answer {
	b.t.Helper()
	headers = append([]string{
		"Content-Type", "application/x-www-form-urlencoded", "Origin", b.sim.URL, "Sec-Fetch-Site", "same-origin",
	}, headers...)
	return b.must(http.MethodPost, b.sim.URL+"/_page/do", []byte(form), headers...)
}

func TestPressSwitch(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK)
	for _, test := range []struct {
		form    string
		headers []string
		status  int
		want    string
	}{
		{"connect=" + c.ID + "&do=on", nil, http.StatusSeeOther, "ON"},
		{"connect=" + c.ID + "&do=off", []string{"Origin", "https://evil.example"}, http.StatusForbidden, "ON"},
		{"connect=" + c.ID + "&do=off", []string{"Origin", "", "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden, "ON"},
		{"connect=" + c.ID + "&do=off", []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden, "ON"},
		{"connect=" + c.ID + "&do=off", []string{"Host", "evil.example"}, http.StatusForbidden, "ON"},
		{"connect=" + c.ID + "&do=sideways", nil, http.StatusBadRequest, "ON"},
		{"connect=nonsense&do=off", nil, http.StatusNotFound, "ON"},
		{"connect=" + c.ID + "&do=off", nil, http.StatusSeeOther, "OFF"},
	} {
		got := b.wants(b.push(test.form, test.headers...), test.status)
		if test.status == http.StatusSeeOther && got.Header.Get("Location") != "/#c-"+c.ID {
			t.Errorf("%s leads to %q", test.form, got.Header.Get("Location"))
		}
		if held, _ := b.listed(c.ID); held.Status != test.want {
			t.Errorf("%s with %s: %s", test.form, test.headers, held.Status)
		}
	}
	// A switch is no edit, so the test still counts.
	refuse(t, section(t, b.opened(c.ID), c.ID), "edited since")
	for method, path := range map[string]string{http.MethodGet: "/_page/do", http.MethodPost: "/_page/style.css", http.MethodDelete: "/"} {
		if got := b.wants(b.must(method, b.sim.URL+path, nil), http.StatusMethodNotAllowed); got.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", method, path)
		}
	}
}

// TestPressKeepsTheQuery leads back to what a person was looking at, and nowhere else.
func TestPressKeepsTheQuery(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	for from, want := range map[string]string{
		b.sim.URL + "/?q=c&open=" + c.ID: "/?open=" + c.ID + "&q=c#c-" + c.ID,
		"https://evil.example/?q=c":      "/#c-" + c.ID,
		b.sim.URL + "/elsewhere?q=c":     "/#c-" + c.ID,
		"%":                              "/#c-" + c.ID,
	} {
		if got := b.push("do=off&connect="+c.ID, "Referer", from).Header.Get("Location"); got != want {
			t.Errorf("from %s to %s", from, got)
		}
	}
}

// TestPressPlaysThePerson presses every button that is about a connect.
func TestPressPlaysThePerson(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("Leads")
	held := func() simulator.Connect {
		t.Helper()
		one, ok := b.sim.Connect(c.ID)
		if !ok {
			t.Fatal("the connect is gone")
		}
		return one
	}
	act := func(status int, pairs ...string) string {
		t.Helper()
		form := url.Values{"connect": {c.ID}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return string(b.wants(b.push(form.Encode()), status).Body)
	}
	trigger := held().Trigger.StepID

	act(http.StatusSeeOther, "do", "rename", "value", " Contacts ")
	if held().Name != "Contacts" {
		t.Errorf("name %q", held().Name)
	}
	act(http.StatusBadRequest, "do", "rename", "value", " ")
	act(http.StatusBadRequest, "do", "rename", "value", strings.Repeat("x", 256))

	act(http.StatusSeeOther, "do", "option", "step", trigger, "key", "worksheet", "value", "w2")
	act(http.StatusSeeOther, "do", "option", "step", trigger, "key", "spreadsheet", "value", "")
	if options := held().Trigger.Options; len(options) != 1 || options["worksheet"] != "w2" {
		t.Errorf("options %v", options)
	}
	act(http.StatusBadRequest, "do", "option", "step", trigger, "value", "x")
	act(http.StatusNotFound, "do", "option", "step", "nonsense", "key", "worksheet", "value", "x")

	account := held().Trigger.AccountID
	act(http.StatusSeeOther, "do", "account", "step", trigger, "value", "")
	if held().Trigger.AccountID != "" {
		t.Error("the account stayed")
	}
	act(http.StatusBadRequest, "do", "account", "step", trigger, "value", held().Actions[0].AccountID)
	expect(t, act(http.StatusBadRequest, "do", "test"), "trigger.spreadsheet is required")
	act(http.StatusSeeOther, "do", "account", "step", trigger, "value", account)
	act(http.StatusSeeOther, "do", "option", "step", trigger, "key", "spreadsheet", "value", "s1")

	act(http.StatusSeeOther, "do", "test")
	if !held().Tested {
		t.Error("the test did not count")
	}
	expect(t, act(http.StatusBadRequest, "do", "run"), "turn the connect on")
	act(http.StatusSeeOther, "do", "on")
	act(http.StatusSeeOther, "do", "run")
	history := b.api(http.MethodGet, "/connect/history/"+c.ID, nil)
	expect(t, string(history.Body), `"Run succeeded","startedAt"`, `"Test succeeded"`)

	act(http.StatusSeeOther, "do", "delete")
	if _, ok := b.sim.Connect(c.ID); ok {
		t.Error("the connect is there")
	}
	act(http.StatusNotFound, "do", "delete")
}

// TestPressBreaks arms a fault for one connect and for all, and disarms them.
func TestPressBreaks(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c, other := b.complete("Leads"), b.complete("Other")
	b.wants(b.push("do=break&value=refused&connect="+c.ID), http.StatusSeeOther)
	expect(t, b.overview(""), "<li class=\"bad\">The next change is refused with 500: Leads</li>")
	b.wants(b.api(http.MethodPut, "/connect/name/"+other.ID, object{"name": "x"}), http.StatusOK)
	b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/name/"+c.ID, object{"name": "x"}), http.StatusInternalServerError)
	b.wants(b.api(http.MethodPut, "/connect/name/"+c.ID, object{"name": "x"}), http.StatusOK)

	b.wants(b.push("do=break&value=test"), http.StatusSeeOther)
	expect(t, string(b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK).Body), `"failed"`)
	b.wants(b.push("do=break&value=stale"), http.StatusSeeOther)
	refuse(t, string(b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK).Body), `"failed"`)
	b.wants(b.push("do=break&value=busy"), http.StatusSeeOther)
	expect(t, b.overview(""), "refused with 429, 3 still to come")
	b.wants(b.push("do=repair"), http.StatusSeeOther)
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
	b.wants(b.push("do=break&value=stale&connect="+c.ID), http.StatusBadRequest)
	b.wants(b.push("do=break&value=nonsense"), http.StatusBadRequest)
}
