package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// foreignServices are services that need a dialect, and its file.
func foreignServices() map[simulator.Dialect]string {
	return map[simulator.Dialect]string{
		simulator.DialectRPC:  "../../examples/dialects/rpc.yaml",
		simulator.DialectREST: "../../examples/dialects/rest.yaml",
	}
}

// abroad is a bench whose service speaks another dialect and has a connect.
func abroad(t *testing.T, spoken simulator.Dialect) *bench {
	t.Helper()
	b := looseBench(t, func(cfg *simulator.Config) { cfg.Dialect = spoken })
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Leads")
	return b
}

// narrow fails the test when a line for people is too long.
func narrow(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if length := len([]rune(strings.TrimRight(line, "\n"))); length > lineWidth {
			t.Errorf("a line of %d characters: %s", length, line)
		}
	}
}

func TestDoctorWorksByADialect(t *testing.T) {
	t.Parallel()
	for spoken, file := range foreignServices() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			b := abroad(t, spoken)
			b.vars["APPYPIE_DIALECT"] = file
			args := []string{"--probe", "--write", "--test", "--yes", "--popular-match", b.env.MatchID(t, acctest.SheetsToHubSpot)}
			read, r := b.report(args...)
			if r.err != nil || !read.OK {
				t.Errorf("error %v", r.err)
			}
			for _, f := range append(read.Reads, read.Writes...) {
				// Operations that are as assumed may be left out of a file.
				if !f.Verdict.works() && f.Operation != dialect.GetConnectedAccountByToken {
					t.Errorf("%+v", f)
				}
			}
			if f := findingFor(t, read.Reads, dialect.ListConnects); f.Verdict != verdictDialect || !slices.Contains(f.Yielded, "connect.actions[].stepId") {
				t.Errorf("%+v", f)
			}
			if len(b.env.Sim.Connects()) != 1 {
				t.Errorf("left: %+v", b.env.Sim.Connects())
			}
			narrow(t, b.must(append([]string{"doctor"}, args...)...).out)
			r = b.must(slices.Concat([]string{"doctor", "explain", "run_test"}, args[2:])...)
			if narrow(t, r.out); strings.Contains(r.out, "\n  then GET /automations/") != (spoken == simulator.DialectREST) {
				t.Errorf("the test:\n%s", r.out)
			}
		})
	}
}

func TestDoctorNamesAllThatNeedsADialect(t *testing.T) {
	t.Parallel()
	for spoken := range foreignServices() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			b := abroad(t, spoken)
			match := b.env.MatchID(t, acctest.ScheduleToWebhook)
			read, r := b.report("--probe", "--write", "--yes", "--popular-match", match)
			b.fails(r, exitFailure, "do not work")
			for _, f := range append(read.Reads, read.Writes...) {
				if f.Verdict.works() && f.Operation != dialect.ListCategories || f.Verdict == verdictUnexpected && f.Fix == "" {
					t.Errorf("%+v", f)
				}
			}
			narrow(t, b.run("doctor", "--probe", "--write", "--yes", "--popular-match", match).out)
		})
	}
}

func TestDoctorExplains(t *testing.T) {
	t.Parallel()
	match := abroad(t, simulator.DialectRPC).env.MatchID(t, acctest.SheetsToHubSpot)
	dialectFlag := []string{"--dialect", foreignServices()[simulator.DialectRPC]}
	tests := map[string]struct {
		args []string
		want []string
	}{
		"a list":          {[]string{"list_connects"}, []string{"works by your dialect", "POST /rpc/listConnects", `"skip": 0`, `"$oid"`, "  connect.name\n", "rpc.yaml:"}},
		"a write":         {[]string{"edit_action_options", "--yes", "--popular-match", match}, []string{"works by your dialect", `"values": [`, "words.off"}},
		"without consent": {[]string{"create_connect"}, []string{"skipped", "--popular-match", ".result.connect"}},
		"not described":   {[]string{"get_connect"}, []string{"skipped", "does not describe it"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := abroad(t, simulator.DialectRPC)
			r := b.must(slices.Concat([]string{"doctor", "explain"}, test.args, dialectFlag)...)
			b.silent(r)
			narrow(t, r.out)
			for _, want := range test.want {
				if !strings.Contains(r.out, want) {
					t.Errorf("it lacks %q:\n%s", want, r.out)
				}
			}
			var x explanation
			if r := b.must(slices.Concat([]string{"doctor", "explain", "--json"}, test.args, dialectFlag)...); json.Unmarshal([]byte(r.out), &x) != nil || string(x.Operation) != test.args[0] {
				t.Errorf("the JSON is %s", r.out)
			}
		})
	}
}

func TestDoctorExplainsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := abroad(t, simulator.DialectRPC)
	b.fails(b.run("doctor", "explain", "list_connects"), exitFailure, "list_connects does not work")
	b.fails(b.run("doctor", "explain", "list_conects"), exitUsage, "list_conects")
	b.fails(b.run("doctor", "--dialect-out", "x.yaml"), exitUsage, "--probe")
	b.vars["APPYPIE_ACCESS_TOKEN"] = ""
	b.fails(b.run("doctor", "explain", "list_connects"), exitFailure, "credentials")
}

// What --dialect-out writes makes the service work, and keeps what the file that
// it builds on says.
func TestDoctorWritesADialect(t *testing.T) {
	t.Parallel()
	b := moved(t, map[string]string{"list_apps": "GET /app/list", "list_connects": "GET /connect/list"})
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Leads")
	base, out := filepath.Join(t.TempDir(), "mine.yaml"), filepath.Join(t.TempDir(), "found.yaml")
	if err := os.WriteFile(base, []byte("# Mine.\nwords: {\"on\": [running]}\noperations: {list_apps: {query: '{categoryId, page, limit}'}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, r := b.report("--probe", "--dialect", base, "--dialect-out", out)
	b.fails(r, exitFailure, "2 of")
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`request: "GET /connect/list" # A guess: GET /connects is absent.`, "running", "# Mine."} {
		if !strings.Contains(string(text), want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	b.vars["APPYPIE_DIALECT"] = out
	b.vars["APPYPIE_ACCESS_TOKEN"] = b.env.Sim.IssueAccessToken()
	read, r := b.report("--probe")
	if f := findingFor(t, read.Reads, dialect.ListApps); f.Verdict != verdictDialect {
		t.Errorf("error %v, %+v", r.err, f)
	}
}

func TestDoctorTriesTheDefaultOfAnOverride(t *testing.T) {
	t.Parallel()
	b := looseBench(t)
	b.vars["APPYPIE_ENDPOINTS"] = `{"list_apps":"GET /elsewhere"}`
	read, r := b.report("--probe")
	b.fails(r, exitFailure, "1 of")
	if f := findingFor(t, read.Reads, dialect.ListApps); f.Verdict != verdictAbsent || f.Override != "GET /apps" || !strings.Contains(f.Detail, "remove the override (endpoints)") {
		t.Errorf("%+v", f)
	}
	if f := findingFor(t, read.Reads, dialect.GetApp); f.Verdict != verdictAssumed {
		t.Errorf("%+v", f)
	}
}

func TestDoctorDoubtsTheAddress(t *testing.T) {
	t.Parallel()
	b := looseBench(t)
	b.vars["APPYPIE_API_URL"] += "/v9"
	read, r := b.report("--probe")
	b.fails(r, exitFailure, "check api_url")
	if read.Hint == "" || !strings.Contains(b.run("doctor", "--probe").out, "check api_url") {
		t.Errorf("hint %q", read.Hint)
	}
}

// The doctor refuses what the provider refuses, before any call.
func TestDoctorChecksAllSettings(t *testing.T) {
	t.Parallel()
	b := looseBench(t)
	for name, value := range map[string]string{
		"ENDPOINTS": `{"list_conects":"GET /x"}`, "MAX_RETRIES": "21", "MAX_REQUESTS_PER_SECOND": "0", "REQUEST_TIMEOUT": "1ms",
		"OPTION_VALIDATION": "of", "TOKEN_URL": "http://example.com", "PLATFORM_KEY_URL": "http://example.com",
		"TOKEN_KEY": "half", "CA_CERTIFICATE_FILE": "/nonexistent", "ACCESS_TOKEN_EXPIRES_AT": "soon",
	} {
		b.vars["APPYPIE_"+name] = value
	}
	read, r := b.report("--probe")
	b.fails(r, exitFailure, "max_retries")
	for _, name := range []string{
		"dialect", "max_retries", "max_requests_per_second", "request_timeout", "option_validation", "token_url", "platform_key_url", "token_key",
		"ca_certificate_file", "access_token_expires_at",
	} {
		if c := checkFor(t, read, name); c.Result != checkFailed || c.Detail == "" {
			t.Errorf("%+v", c)
		}
	}
	if c := checkFor(t, read, "dialect"); !strings.Contains(c.Detail, "did you mean \"list_connects\"") {
		t.Errorf("%+v", c)
	}
	if calls := b.env.Sim.Journal(); len(calls) != 0 {
		t.Errorf("%d calls", len(calls))
	}
	narrow(t, b.run("doctor").out)
}

func TestDialectShow(t *testing.T) {
	t.Parallel()
	b := &bench{t: t, vars: map[string]string{}}
	if r := b.runOn(b.machine(), "dialect", "show"); r.err != nil || r.out != string(dialect.DefaultDocument()) {
		t.Errorf("error %v:\n%s", r.err, r.out)
	}
	b.vars["APPYPIE_ENDPOINTS"] = `{"list_apps":"GET /app/list"}`
	r := b.runOn(b.machine(), "dialect", "show", "--dialect", foreignServices()[simulator.DialectREST])
	if r.err != nil || !strings.Contains(r.out, "# endpoints\n    request: GET /app/list") && !strings.Contains(r.out, "# endpoints") || !strings.Contains(r.out, "rest.yaml:") {
		t.Errorf("error %v:\n%s", r.err, r.out)
	}
	if _, err := dialect.Load(dialect.File("shown", []byte(r.out))); err != nil {
		t.Errorf("what is shown cannot be read: %v", err)
	}
}

func TestDialectCheck(t *testing.T) {
	t.Parallel()
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(wrong, []byte("operations:\n  list_conects: {request: GET /x}\nshapes:\n  app: '{id: '\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, vars: map[string]string{}}
	if r := b.runOn(b.machine(), "dialect", "check", wrong); exitCode(r.err) != exitFailure || !strings.Contains(r.err.Error(), "wrong.yaml:2") {
		t.Errorf("%v", r.err)
	}
	if r := b.runOn(b.machine(), "dialect", "check"); exitCode(r.err) != exitUsage {
		t.Errorf("%v", r.err)
	}
	if r := b.runOn(b.machine(), "dialect", "check", foreignServices()[simulator.DialectRPC]); r.err != nil || !strings.Contains(r.out, "is valid") {
		t.Errorf("%v: %s", r.err, r.out)
	}
}

// A recording of a whole session is read by its dialect, and not by the default.
func TestDialectReadsARecording(t *testing.T) {
	t.Parallel()
	for spoken, file := range foreignServices() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			var har recording
			b := looseBench(t, func(cfg *simulator.Config) {
				cfg.Dialect = spoken
				cfg.Observe = func(x simulator.Exchange) {
					var entry recorded
					entry.Request.Method, entry.Request.URL = x.Method, "https://service.example"+x.Path
					entry.Response.Status = x.Status
					entry.Response.Content.Text, entry.Response.Content.Encoding = base64.StdEncoding.EncodeToString(x.ResponseBody), "base64"
					har.Log.Entries = append(har.Log.Entries, entry)
				}
			})
			b.vars["APPYPIE_DIALECT"] = file
			b.must("doctor", "--probe", "--write", "--test", "--yes", "--popular-match", b.env.MatchID(t, acctest.SheetsToHubSpot))
			har.Log.Entries = append(har.Log.Entries, recorded{})
			text, err := json.Marshal(har)
			recordingFile := filepath.Join(t.TempDir(), "session.har")
			if err == nil {
				err = os.WriteFile(recordingFile, text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			r := b.run("dialect", "check", file, "--answers", recordingFile)
			if r.err != nil || !strings.Contains(r.out, ", 0 not read,") || !strings.Contains(r.out, "connect.id") {
				t.Errorf("error %v:\n%s", r.err, r.out)
			}
			narrow(t, r.out)
			empty := filepath.Join(t.TempDir(), "empty.yaml")
			if err := os.WriteFile(empty, []byte("words: {}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			b.fails(b.run("dialect", "check", empty, "--answers", recordingFile), exitFailure, "dialect")
		})
	}
}

// A doctor that is asked for everything speaks of every operation and calls it.
// What a person has to do in a browser is the exception.
func TestDoctorCallsEveryOperation(t *testing.T) {
	t.Parallel()
	b := abroad(t, simulator.DialectREST)
	b.vars["APPYPIE_DIALECT"] = foreignServices()[simulator.DialectREST]
	match := b.env.MatchID(t, acctest.SheetsToHubSpot)
	read, r := b.report("--probe", "--write", "--test", "--yes", "--popular-match", match)
	if r.err != nil {
		t.Fatal(r.err)
	}
	byPerson := []dialect.Operation{dialect.ConnectAccount, dialect.GetConnectedAccountByToken}
	findings := slices.Concat(read.Reads, read.Writes)
	for _, op := range dialect.Operations() {
		called := slices.ContainsFunc(findings, func(f finding) bool { return f.Operation == op && f.Verdict != verdictSkipped })
		if called == slices.Contains(byPerson, op) {
			t.Errorf("%s: called: %t; doctor_probe.go and doctor_write.go say what the doctor calls", op, called)
		}
	}
}
