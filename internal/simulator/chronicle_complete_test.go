package simulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// mutation is a way to change connects or accounts, and how the history has to begin
// then, after the time.
type mutation struct {
	do   func()
	want []string
}

// unwritten names what changes neither a connect nor an account, and reads nothing
// either: operations, levers and buttons.
func unwritten() []string {
	return []string{
		// Operations: tokens, the link to connect an account, and a reading by POST.
		"create_token", "create_platform_key", "connect_account", "list_dropdown_options",
		// Levers: tokens, how the service behaves, and what tests read.
		"Login", "IssueAccessToken", "IssuePlatformKey", "ExpireAccessTokens", "SetLag", "SetPageDelay", "SetQuirks", "AddFault", "ClearFaults",
		"ResetJournal", "Faults", "Journal", "RequestCounts", "Summary", "TokenStats", "IssuedSecrets", "Connects", "Connect", "Accounts", "Handler",
		"ConnectionsOpen", "ConnectionsOpened", "Catalog", "ClientID", "ClientSecret", "TokenKey", "SecretKey",
		// Buttons: a login, and faults.
		"login", "break", "repair",
	}
}

// apiMutations are the operations of the API that change a connect, by their names.
func apiMutations(b *bench, c connectBody, doomed string) map[string]mutation {
	call := func(method, path string, body any) func() {
		return func() { b.wants(b.api(method, path, body, "User-Agent", terraform), http.StatusOK) }
	}
	return map[string]mutation{
		"create_connect": {
			call(http.MethodPost, "/connect/popular-match/"+b.match(hourlyWebhook).ID, object{"name": "New"}),
			[]string{"Terraform 1 made, under 1 s", "New made"},
		},
		"update_connect_name": {
			call(http.MethodPut, "/connect/name/"+c.ID, object{"name": "Leads"}),
			[]string{"Terraform 1 renamed, under 1 s", "Leads renamed, was c"},
		},
		"edit_trigger_options": {
			call(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": "s1", "worksheet": "other"}}),
			[]string{"Terraform 1 edited, under 1 s", "Leads edited: trigger worksheet w1 → other"},
		},
		"edit_action_options": {
			call(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{"options": object{"email": "x"}}),
			[]string{"Terraform 1 edited, under 1 s", "Leads edited: action 1 email {{column2}} → x"},
		},
		"run_test":         {call(http.MethodPost, "/connect/test/"+c.ID, nil), []string{"Terraform 1 tested, under 1 s", "Leads tested"}},
		"turn_on_connect":  {call(http.MethodPut, "/connect/turn-on/"+c.ID, nil), []string{"Terraform 1 on, under 1 s", "Leads turned on"}},
		"turn_off_connect": {call(http.MethodPut, "/connect/turn-off/"+c.ID, nil), []string{"Terraform 1 off, under 1 s", "Leads turned off"}},
		"delete_connect":   {call(http.MethodDelete, "/connect/"+doomed, nil), []string{"Terraform 1 deleted, under 1 s", "doomed (gone) deleted"}},
	}
}

// leverMutations are the levers that change a connect or an account, by their names.
func leverMutations(b *bench, c connectBody, doomed string) map[string]mutation {
	account := b.account(b.match(typeformToTwo).Trigger.AppID)
	done := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Error(err)
		}
	}
	return map[string]mutation{
		"CreateConnect": {func() { b.sim.CreateConnect(b.match(hourlyWebhook).ID, "By hand") }, []string{"By hand made by hand"}},
		"Edit": {
			func() { done(b.sim.Edit(c.ID, func(c *simulator.Connect) { c.Name = "Edited" })) },
			[]string{"Edited renamed, was Leads by hand"},
		},
		"TestConnect":      {func() { done(b.sim.TestConnect(c.ID)) }, []string{"Edited tested by hand"}},
		"RunConnect":       {func() { done(b.sim.RunConnect(c.ID)) }, []string{"Edited ran by hand"}},
		"DeleteConnect":    {func() { b.sim.DeleteConnect(doomed) }, []string{"doomed (gone) deleted by hand"}},
		"SetAccountStatus": {func() { b.sim.SetAccountStatus(account, simulator.AccountExpired) }, []string{"marketing@example.com (Typeform account) expired by hand"}},
		"RemoveAccount":    {func() { b.sim.RemoveAccount(account) }, []string{"marketing@example.com (Typeform account) (gone) disconnected by hand"}},
	}
}

// buttonMutations are the buttons of the page that change a connect, by their names.
func buttonMutations(b *bench, c connectBody) map[string]mutation {
	press := func(do string, more ...string) func() {
		form := url.Values{"connect": {c.ID}, "step": {c.Trigger.StepID}, "do": {do}}
		for pair := range slices.Chunk(more, 2) {
			form.Set(pair[0], pair[1])
		}
		return func() { b.wants(b.push(form.Encode()), http.StatusSeeOther) }
	}
	return map[string]mutation{
		"on":      {press("on"), []string{"Edited turned on by hand"}},
		"off":     {press("off"), []string{"Edited turned off by hand"}},
		"rename":  {press("rename", "value", "Pressed"), []string{"Pressed renamed, was Edited by hand"}},
		"option":  {press("option", "key", "worksheet", "value", "w3"), []string{"Pressed edited: trigger worksheet other → w3 by hand"}},
		"account": {press("account", "value", ""), []string{"Pressed edited: trigger account sales@example.com → nothing by hand"}},
		"test":    {press("test"), []string{"Edited tested by hand"}},
		"run":     {press("run"), []string{"Edited ran by hand"}},
		"delete":  {press("delete"), []string{"Pressed (gone) deleted by hand"}},
	}
}

// TestEveryChangeIsInTheHistory changes the service in every way there is. A way that
// is added has to be added here, or named as one that changes nothing.
func TestEveryChangeIsInTheHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	try := func(all map[string]mutation, order ...string) {
		t.Helper()
		if names := slices.Sorted(maps.Keys(all)); !slices.Equal(names, slices.Sorted(slices.Values(order))) {
			t.Errorf("the order %s does not try %s", order, names)
		}
		for _, name := range order {
			b.clock.Advance(time.Minute)
			all[name].do()
			got := b.history("")
			for i, want := range all[name].want {
				if _, text, _ := strings.Cut(got[i], " "); text != want {
					t.Errorf("%s: the history has %q, want %q", name, text, want)
				}
			}
			if at := b.clock.Now().UTC().Format(time.TimeOnly); !strings.HasPrefix(got[0], at) {
				t.Errorf("%s: the newest entry is %s, and it is %s", name, got[0], at)
			}
		}
	}
	api, levers := apiMutations(b, c, b.create(hourlyWebhook, "doomed").ID), leverMutations(b, c, b.create(hourlyWebhook, "doomed").ID)
	buttons := buttonMutations(b, c)
	pressable := doButton.FindAllStringSubmatch(b.opened(c.ID), -1)
	try(api, "create_connect", "update_connect_name", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect", "turn_off_connect", "delete_connect")
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
	pressable = append(pressable, doButton.FindAllStringSubmatch(b.opened(c.ID), -1)...)
	try(levers, "CreateConnect", "Edit", "TestConnect", "RunConnect", "DeleteConnect", "SetAccountStatus", "RemoveAccount")
	try(buttons, "test", "run", "off", "on", "rename", "option", "account", "delete")

	for _, operation := range loadContract(t).Operations() {
		if _, tried := api[operation.ID]; !tried && operation.Method != http.MethodGet && !slices.Contains(unwritten(), operation.ID) {
			t.Errorf("nobody tries whether operation %s leaves an entry", operation.ID)
		}
	}
	for method := range reflect.TypeFor[*simulator.Service]().Methods() {
		if _, tried := levers[method.Name]; !tried && !slices.Contains(unwritten(), method.Name) {
			t.Errorf("nobody tries whether %s leaves an entry", method.Name)
		}
	}
	for _, found := range pressable {
		if _, tried := buttons[found[1]]; !tried && !slices.Contains(unwritten(), found[1]) {
			t.Errorf("nobody tries whether the button %s leaves an entry", found[1])
		}
	}
	if len(pressable) < 20 {
		t.Errorf("only %d buttons on two pages", len(pressable))
	}
}

// doButton finds the buttons of a page.
var doButton = regexp.MustCompile(`name="do" value="([^"]+)"`)

// TestHistoryTellsOfAccounts tells who connected an account, and what became of it.
func TestHistoryTellsOfAccounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg    simulator.Config
		method string
		want   []string
	}{
		"a person allows it": {simulator.Config{}, http.MethodPost, []string{"03:04:05 Slack account (Slack account) connected by hand"}},
		"the simulator allows it": {
			simulator.Config{AutoAuthorize: true}, http.MethodGet,
			[]string{"03:04:05 companion 1 account connected, under 1 s", "03:04:05 Slack account (Slack account) connected"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.cfg)
			apps := b.sim.Catalog().Apps()
			slack := apps[slices.IndexFunc(apps, func(a catalog.App) bool { return a.Name == "Slack" })]
			link := data[struct{ URL string }](t, b.wants(b.api(http.MethodPost, "/connect-account/"+slack.AuthType+"/"+slack.ID+"/"+slack.SeoLink,
				object{"appypie-partner-cb": "http://127.0.0.1:9/"}, "User-Agent", companion), http.StatusOK))
			b.wantsHistory("", "None yet.")
			b.wants(b.must(test.method, link.URL, []byte("decision=allow"), "Content-Type", "application/x-www-form-urlencoded"), http.StatusFound)
			b.wantsHistory("", test.want...)
			made := b.sim.Accounts()[len(b.sim.Accounts())-1].ID
			expect(t, b.overview(""), `<a href="/#a-`+made+`">Slack account</a>`, `<li id="a-`+made+`"`,
				"Last: Slack account (Slack account) connected (")
			b.clock.Advance(time.Minute)
			b.sim.SetAccountStatus(made, simulator.AccountExpired)
			b.sim.SetAccountStatus(made, simulator.AccountExpired)
			b.sim.SetAccountStatus(made, simulator.AccountActive)
			b.sim.RemoveAccount(made)
			b.wantsHistory("", slices.Concat([]string{
				"03:05:05 Slack account (Slack account) (gone) disconnected by hand",
				"03:05:05 Slack account (Slack account) (gone) connected again by hand",
				"03:05:05 Slack account (Slack account) (gone) expired by hand",
			}, gone(test.want))...)
		})
	}
}

// gone is a history of accounts that are no longer there.
func gone(lines []string) []string {
	var out []string
	for _, line := range lines {
		out = append(out, strings.ReplaceAll(line, "(Slack account)", "(Slack account) (gone)"))
	}
	return out
}

// TestHistoryTellsOfEditsWithoutAChange tells why a test no longer counts.
func TestHistoryTellsOfEditsWithoutAChange(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(hourlyWebhook, "c")
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{}}, "User-Agent", terraform), http.StatusOK)
	b.wantsHistory("?group=2", "All of the history", "03:04:05 Terraform 1 saved unchanged, under 1 s", "03:04:05 c saved unchanged")
}
