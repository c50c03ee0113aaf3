package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// doctorBench is a person with an access token. Every exchange is held to the
// contract but the look at the base of the API, where no operation is.
func doctorBench(t *testing.T) *bench {
	t.Helper()
	document, err := contract.Load()
	if err != nil {
		t.Fatalf("load the contract: %v", err)
	}
	return looseBench(t, func(cfg *simulator.Config) {
		cfg.Observe = func(x simulator.Exchange) {
			if x.Path == simulator.APIBase {
				return
			}
			_, requestErr, answerErr := document.Validate(contract.Exchange{
				Method: x.Method, Path: (&url.URL{Path: x.Path}).EscapedPath(), Query: x.Query,
				RequestHeader: x.RequestHeader, RequestBody: x.RequestBody,
				Status: x.Status, ResponseHeader: x.ResponseHeader, ResponseBody: x.ResponseBody,
			})
			if err := errors.Join(requestErr, answerErr); err != nil {
				t.Errorf("contract broken: %v", err)
			}
		}
	})
}

// looseBench is a doctorBench whose service may be unlike the contract.
func looseBench(t *testing.T, configure ...func(*simulator.Config)) *bench {
	t.Helper()
	options := []acctest.Option{acctest.WithoutContract("the doctor also calls what is no operation")}
	for _, each := range configure {
		options = append(options, acctest.WithSimulator(each))
	}
	b := &bench{t: t, store: filepath.Join(t.TempDir(), "tokens"), env: acctest.New(t, options...)}
	b.vars = map[string]string{
		"APPYPIE_API_URL":          b.env.URL + simulator.APIBase,
		"APPYPIE_TOKEN_STORE_PATH": b.store,
		"APPYPIE_ACCESS_TOKEN":     b.env.Sim.IssueAccessToken(),
	}
	return b
}

// moved is a looseBench whose service has other paths.
func moved(t *testing.T, paths map[string]string) *bench {
	t.Helper()
	return looseBench(t, func(cfg *simulator.Config) { cfg.Paths = paths })
}

// report runs the doctor and reads what it printed for programs.
func (b *bench) report(args ...string) (report, result) {
	b.t.Helper()
	r := b.run(append([]string{"doctor", "--json"}, args...)...)
	b.silent(r)
	var read report
	if err := json.Unmarshal([]byte(r.out), &read); err != nil {
		b.t.Fatalf("the report is no JSON: %v (%v)\n%s", err, r.err, r.out)
	}
	return read, r
}

// reading are the operations of the default dialect that read.
func reading(t *testing.T) []dialect.Operation {
	t.Helper()
	standard, err := dialect.Load()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(dialect.Operations(), func(op dialect.Operation) bool {
		return connectapi.OperationOf(op).Effect != connectapi.Reads || !standard.Has(op)
	})
}

func findingFor(t *testing.T, findings []finding, name dialect.Operation) finding {
	t.Helper()
	i := slices.IndexFunc(findings, func(f finding) bool { return f.Operation == name })
	if i < 0 {
		t.Fatalf("nothing is said about %s: %+v", name, findings)
	}
	return findings[i]
}

func checkFor(t *testing.T, r report, name string) check {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(c check) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("nothing is said about %s: %+v", name, r.Checks)
	}
	return r.Checks[i]
}

func TestDoctorTellsTheSetup(t *testing.T) {
	t.Parallel()
	b := looseBench(t)
	b.vars["APPYPIE_ACCESS_TOKEN"] = ""
	b.vars["APPYPIE_TOKEN_URL"] = b.env.URL + "/v1/oauth2/token"
	b.vars["APPYPIE_CLIENT_ID"], b.vars["APPYPIE_CLIENT_SECRET"] = b.env.Sim.ClientID(), b.env.Sim.ClientSecret()
	b.browse = func(link string) { b.press(link, "allow") }
	t.Cleanup(b.browsers.Wait)
	b.login("work")
	b.env.ResetJournal()
	read, _ := b.report("--profile", "work")
	if c := checkFor(t, read, "token_url"); c.Value != b.env.URL+"/v1/oauth2/token" || c.From != "the login store" {
		t.Errorf("token_url: %+v", c)
	}
	b.env.ResetJournal()
	r := b.must("doctor", "--profile", "work")
	b.silent(r)
	for _, want := range []string{"login store", b.store, "last refresh", "APPYPIE_API_URL", "token_url", "answers, no TLS (HTTP 404 without credentials)", "clock", "proxy", "ca_file"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("not printed: %s\n%s", want, r.out)
		}
	}
	journal := b.env.Sim.Journal()
	if len(journal) != 1 || journal[0].Path != simulator.APIBase {
		t.Errorf("the requests were %+v", journal)
	}
}

func TestDoctorTellsWhatIsWrongWithTheSetup(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		vars  map[string]string
		check string
		want  string
	}{
		"no credentials":      {vars: map[string]string{"APPYPIE_ACCESS_TOKEN": ""}, check: "credentials", want: "appypie login"},
		"nobody answers":      {vars: map[string]string{"APPYPIE_API_URL": "http://127.0.0.1:1"}, check: "reachable", want: "refused"},
		"an insecure address": {vars: map[string]string{"APPYPIE_API_URL": "http://example.com"}, check: "reachable", want: "https"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := doctorBench(t)
			maps.Copy(b.vars, test.vars)
			read, r := b.report()
			b.fails(r, exitFailure, test.want)
			if c := checkFor(t, read, test.check); c.Result != checkFailed || !strings.Contains(c.Detail, test.want) {
				t.Errorf("check %+v", c)
			}
			if read.OK {
				t.Error("all is said to be well")
			}
		})
	}
}

func TestDoctorClock(t *testing.T) {
	t.Parallel()
	service := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		date   string
		here   time.Time
		result string
		want   string
	}{
		"alike":   {date: service.Format(http.TimeFormat), here: service.Add(29 * time.Second), result: checkOK, want: "29s"},
		"ahead":   {date: service.Format(http.TimeFormat), here: service.Add(time.Minute), result: checkWarning, want: "ahead"},
		"behind":  {date: service.Format(http.TimeFormat), here: service.Add(-time.Minute), result: checkWarning, want: "behind"},
		"no date": {here: service, result: checkOK, want: "no date"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clockCheck(test.date, test.here)
			if c.Result != test.result || !strings.Contains(c.Value+" "+c.Detail, test.want) {
				t.Errorf("check %+v", c)
			}
		})
	}
}

func TestDoctorShowsTheProxyWithoutItsPassword(t *testing.T) {
	t.Parallel()
	d := doctor{proxyFor: func(*http.Request) (*url.URL, error) {
		return &url.URL{Scheme: "http", Host: "proxy.example:3128", User: url.UserPassword("me", "canary")}, nil
	}}
	if c := d.proxy(t.Context()); c.Value != "http://proxy.example:3128" || c.Result != checkOK {
		t.Errorf("check %+v", c)
	}
}

func TestDoctorCalledWrongly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"a match without --write": {args: []string{"--popular-match", "x"}, want: "--write"},
		"a test without --write":  {args: []string{"--probe", "--test"}, want: "--write"},
		"no match":                {args: []string{"--write", "--yes"}, want: "--popular-match"},
		"no consent":              {args: []string{"--write", "--popular-match", "x"}, want: "--yes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := doctorBench(t)
			b.fails(b.run(append([]string{"doctor"}, test.args...)...), exitUsage, test.want)
			if requests := len(b.env.Sim.Journal()); requests != 0 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

func TestDoctorFindsAllAsAssumed(t *testing.T) {
	t.Parallel()
	b := doctorBench(t)
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Leads")
	read, r := b.report("--probe")
	if r.err != nil || !read.OK {
		t.Errorf("error %v, report %+v", r.err, read)
	}
	if missing := slices.DeleteFunc(reading(t), func(op dialect.Operation) bool {
		return slices.ContainsFunc(read.Reads, func(f finding) bool { return f.Operation == op })
	}); len(missing) > 0 {
		t.Errorf("doctor_probe.go does not ask %v", missing)
	}
	for _, f := range read.Reads {
		if f.Operation == dialect.GetConnectHistory {
			if !strings.Contains(f.Detail, "no entries") {
				t.Errorf("%+v", f)
			}
			continue
		}
		want := verdictAssumed
		if f.Operation == dialect.GetConnectedAccountByToken {
			want = verdictSkipped
		}
		if f.Verdict != want || (f.Detail == "") != (want == verdictAssumed) || want == verdictAssumed && (len(f.Yielded) == 0 || f.Sent == "" || f.Answered == "") {
			t.Errorf("%+v", f)
		}
	}
	if f := findingFor(t, read.Reads, dialect.GetAction); f.Provenance != "documented" || f.Path != "/app/action/detail/{actionId}" {
		t.Errorf("get_action: %+v", f)
	}
	if writes := b.env.Writes(); len(writes) != 0 {
		t.Errorf("--probe wrote: %v", writes)
	}
	text := b.must("doctor", "--probe").out
	if !strings.Contains(text, "list_connects") || !strings.Contains(text, "GET /connects") || strings.Contains(text, "endpoints = {") {
		t.Errorf("the table:\n%s", text)
	}
}

func TestDoctorSaysWhatItHasNoIDFor(t *testing.T) {
	t.Parallel()
	b := doctorBench(t)
	read, r := b.report("--probe")
	if f := findingFor(t, read.Reads, dialect.GetConnectHistory); r.err != nil || f.Verdict != verdictSkipped || !strings.Contains(f.Detail, "no connect") {
		t.Errorf("error %v, get_connect_history: %+v", r.err, f)
	}
}

// The suggested overrides are proven by the doctor itself, which then finds all
// as assumed, and by a client of the provider's kind.
func TestDoctorNamesTheOverrideThatHeals(t *testing.T) {
	t.Parallel()
	paths := map[string]string{
		"get_profile":             "GET /user/profile",
		"list_categories":         "GET /app/categories",
		"list_apps":               "GET /app/list",
		"get_app":                 "GET /app/details/{appId}",
		"list_connected_accounts": "GET /connected-accounts",
		"list_popular_matches":    "GET /popular-match/list",
		"get_popular_match":       "GET /popular-match/{popularMatchId}",
		"list_triggers":           "GET /app/{appId}/triggers",
		"get_trigger":             "GET /trigger/{triggerId}",
		"list_actions":            "GET /app/actions/{appId}",
		"get_action":              "GET /app/action/{actionId}",
		"list_connects":           "GET /connect/list",
		"get_connect_history":     "GET /connect/{connectId}/history",
	}
	b := moved(t, paths)
	made := b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Leads")
	read, r := b.report("--probe")
	// All but the one that needs a token of a browser.
	b.fails(r, exitFailure, fmt.Sprintf("%d of %d operations called do not work", len(paths), len(reading(t))-1))
	for name, at := range paths {
		f := findingFor(t, read.Reads, dialect.Operation(name))
		if f.Verdict != verdictAbsent || f.Override != at || read.Endpoints[name] != at {
			t.Errorf("%s should be healed by %q: %+v", name, at, f)
		}
	}
	if text := b.run("doctor", "--probe").out; !strings.Contains(text, "    list_connects = \"GET /connect/list\"\n") {
		t.Errorf("the table:\n%s", text)
	}

	endpoints, err := json.Marshal(read.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	b.vars["APPYPIE_ENDPOINTS"] = string(endpoints)
	if healed, r := b.report("--probe"); r.err != nil || !healed.OK || len(healed.Endpoints) != 0 {
		t.Errorf("with the overrides: %v, %+v", r.err, healed)
	}
	s, err := readSettings(newDoctorCommand(b.machine()), b.machine(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.closeIdle)
	client, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	if connect, err := client.Connect(t.Context(), made.ID); err != nil || connect.Name != "Leads" {
		t.Errorf("the client reads %+v, %v", connect, err)
	}
}

// An empty list has no form that tells it from another.
func TestDoctorDoubtsAnEmptyList(t *testing.T) {
	t.Parallel()
	b := moved(t, map[string]string{"list_connects": "GET /connect/list"})
	read, _ := b.report("--probe")
	if f := findingFor(t, read.Reads, dialect.ListConnects); f.Override != "GET /connect/list" || !strings.Contains(f.Detail, "an empty list") {
		t.Errorf("%+v", f)
	}
}

// What moved out of sight is named without a guess.
func TestDoctorDoesNotGuess(t *testing.T) {
	t.Parallel()
	b := moved(t, map[string]string{"list_connects": "GET /hidden/away", "list_dropdown_options": "POST /choices"})
	read, r := b.report("--probe")
	b.fails(r, exitFailure, "2 of")
	for _, name := range []dialect.Operation{dialect.ListConnects, dialect.ListDropdownOptions} {
		if f := findingFor(t, read.Reads, name); f.Verdict != verdictAbsent || f.Override != "" || !strings.Contains(f.text(), "`endpoints`") {
			t.Errorf("%+v", f)
		}
	}
	for _, entry := range b.env.Sim.Journal() {
		if entry.Method != http.MethodGet && entry.Path != simulator.APIBase+"/dropdown-options" {
			t.Errorf("%s %s was tried", entry.Method, entry.Path)
		}
	}
}

func TestDoctorNamesDifferences(t *testing.T) {
	t.Parallel()
	const canary = "canary-of-the-service-0123456789"
	tests := map[string]struct {
		fault   simulator.Fault
		verdict verdict
		want    string
	}{
		"a login page":    {simulator.Fault{Kind: simulator.FaultHTML}, verdictUnexpected, "a web page"},
		"a failure":       {simulator.Fault{Kind: simulator.FaultStatus, Status: 500, Message: "broken " + canary}, verdictFailed, "HTTP 500: broken [redacted]"},
		"half an answer":  {simulator.Fault{Kind: simulator.FaultMalformedBody}, verdictUnexpected, "not valid JSON"},
		"other types":     {simulator.Fault{Kind: simulator.FaultWrongTypes}, verdictUnexpected, "where the list should be"},
		"a redirect":      {simulator.Fault{Kind: simulator.FaultRedirect}, verdictUnexpected, "redirect"},
		"success false":   {simulator.Fault{Kind: simulator.FaultSuccessFalse, Code: 2036}, verdictRefused, "code 2036"},
		"not allowed":     {simulator.Fault{Kind: simulator.FaultStatus, Status: 403}, verdictRefused, "HTTP 403"},
		"further members": {simulator.Fault{Kind: simulator.FaultExtraKeys}, verdictAssumed, ""},
		"a bare list": {
			simulator.Fault{Kind: simulator.FaultMalformedBody, Body: `[{"_id":"c1","name":"Sales","seoLink":"sales"}]`, ContentType: "application/json"},
			verdictAssumed, "",
		},
		"no total and a missing member": {
			simulator.Fault{Kind: simulator.FaultMalformedBody, Body: `{"success":true,"data":[{"_id":"c1","name":7}],"page":1,"limit":100}`, ContentType: "text/plain"},
			verdictAssumed, "",
		},
		"no list": {
			simulator.Fault{Kind: simulator.FaultMalformedBody, Body: `{"success":true,"data":{"secret":"` + canary + `"},"total":1,"page":1,"limit":100}`, ContentType: "application/json"},
			verdictUnexpected, "envelope.items yields string where the list should be (the default dialect, line",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := looseBench(t)
			test.fault.Operation, test.fault.Times = "list_categories", -1
			b.env.Sim.AddFault(test.fault)
			read, r := b.report("--probe")
			f := findingFor(t, read.Reads, dialect.ListCategories)
			if f.Verdict != test.verdict || !strings.Contains(f.Detail, test.want) {
				t.Errorf("%+v", f)
			}
			if (r.err != nil) != (test.verdict != verdictAssumed) {
				t.Errorf("error %v", r.err)
			}
			if strings.Contains(r.all(), canary) {
				t.Errorf("a secret of the service is printed:\n%s", r.all())
			}
		})
	}
}

// A service may quote the credentials that it was sent.
func TestDoctorPrintsNoSecret(t *testing.T) {
	t.Parallel()
	b := looseBench(t)
	token := b.vars["APPYPIE_ACCESS_TOKEN"]
	b.env.Sim.AddFault(simulator.Fault{Kind: simulator.FaultStatus, Status: 400, Message: "bad token " + token, Times: -1})
	for _, args := range [][]string{{"doctor", "--probe"}, {"doctor", "--probe", "--json"}} {
		r := b.run(args...)
		b.fails(r, exitFailure, "do not work")
		if !strings.Contains(r.out, "bad token") {
			t.Errorf("the message is lost:\n%s", r.out)
		}
	}
}
