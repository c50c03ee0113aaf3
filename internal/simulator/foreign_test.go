package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// stranger walks through a foreign service.
type stranger struct {
	*bench

	words  foreign.Speaker
	values map[string]string // what earlier answers showed, by placeholder
}

// step is one request and what its answer must hold.
type step struct {
	request string // "METHOD /path", or a method of procedures
	body    string
	status  int
	has     []string
	lacks   []string
	keep    map[string]string // placeholder → path of the member to keep, as in result.rows.0.node
}

func newStranger(t *testing.T, dialect simulator.Dialect, quirks ...simulator.Quirk) *stranger {
	t.Helper()
	b := newBench(t, simulator.Config{Dialect: dialect, PageLimit: 2, Quirks: quirks})
	match := b.match(sheetsToHubSpot)
	words := map[simulator.Dialect]foreign.Speaker{simulator.DialectRPC: foreign.RPC{}, simulator.DialectREST: foreign.REST{}}[dialect]
	return &stranger{bench: b, words: words, values: map[string]string{
		"MATCH": match.ID, "APP": match.Trigger.AppID, "ACTIONAPP": match.Actions[0].AppID,
		"EVENT": match.Trigger.EventID, "ACTION": match.Actions[0].EventID,
		"ACCOUNT": b.account(match.Trigger.AppID), "SECOND": b.account(match.Actions[0].AppID),
	}}
}

func (s *stranger) fill(text string) string {
	for name, value := range s.values {
		text = strings.ReplaceAll(text, "<"+name+">", value)
	}
	return text
}

func (s *stranger) walk(steps []step) {
	s.t.Helper()
	for _, one := range steps {
		method, path, rest := strings.Cut(one.request, " ")
		if !rest {
			method, path = http.MethodPost, "/rpc/"+one.request
		}
		var body any
		if one.body != "" {
			body = []byte(s.fill(one.body))
		}
		got := s.api(method, s.fill(path), body)
		if got.Status != one.status {
			s.t.Fatalf("%s %s: status %d, want %d: %s", one.request, s.fill(one.body), got.Status, one.status, got.Body)
		}
		for _, want := range one.has {
			if !strings.Contains(string(got.Body), s.fill(want)) {
				s.t.Errorf("%s: no %s in %s", one.request, s.fill(want), got.Body)
			}
		}
		for _, no := range one.lacks {
			if strings.Contains(string(got.Body), s.fill(no)) {
				s.t.Errorf("%s: %s in %s", one.request, s.fill(no), got.Body)
			}
		}
		for name, place := range one.keep {
			s.values[name] = pick(s.t, got.Body, place)
		}
	}
}

// pick returns the text at a place of a JSON document.
func pick(t *testing.T, text []byte, place string) string {
	t.Helper()
	var at any
	if err := json.Unmarshal(text, &at); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(place, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				t.Fatalf("no %s in %s", place, text)
			}
			at = v[i]
		}
	}
	found, ok := at.(string)
	if !ok {
		t.Fatalf("no text at %s of %s", place, text)
	}
	return found
}

// mustMeetAll holds the journal to the operations that the service has words for,
// each at least once.
func (s *stranger) mustMeetAll(more ...string) {
	s.t.Helper()
	counts := s.sim.RequestCounts()
	for _, operation := range append(simulator.Operations(), more...) {
		auth := slices.Contains([]string{"authorize", "create_token", "create_platform_key"}, operation)
		if !auth && s.words.Speaks(operation) && counts[operation] == 0 {
			s.t.Errorf("the walk does not meet %s", operation)
		}
	}
	for _, e := range s.sim.Journal() {
		if strings.Contains(string(e.Body), s.values["TOKEN"]) {
			s.t.Errorf("the journal holds a credential: %s", e.Body)
		}
	}
}

// claim connects an account as a person does and keeps the callback's token.
func (s *stranger) claim(link string) {
	s.t.Helper()
	got := s.wants(s.must(http.MethodPost, link, []byte("decision=allow"), "Content-Type", "application/x-www-form-urlencoded"), http.StatusFound)
	_, s.values["TOKEN"], _ = strings.Cut(got.Header.Get("Location"), "t=")
}

func TestRPC(t *testing.T) {
	t.Parallel()
	s := newStranger(t, simulator.DialectRPC, simulator.QuirkDraft)
	done := []string{`{"result":{"done":1}}`}
	s.walk([]step{
		{request: "whoAmI", body: `{}`, status: 200, has: []string{`{"result":{"_id":{"$oid":"`, `"mail":"robin@example.com"`}},
		{request: "listGroups", body: `{"skip":0,"take":100}`, status: 200, has: []string{`"count":`, `"rows":[{"_id":{"$oid":"`}, keep: map[string]string{"GROUP": "result.rows.0._id.$oid"}},
		{request: "listApps", body: `{"group":"<GROUP>","skip":1,"take":1}`, status: 200, has: []string{`"key":"`, `"auth":"`}},
		{request: "readApp", body: `{"app":"<APP>"}`, status: 200, has: []string{`"key":"<APP>"`}, keep: map[string]string{"SLUG": "result.slug", "AUTH": "result.auth"}},
		{request: "makeLink", body: `{"auth":"<AUTH>","app":"<APP>","slug":"<SLUG>","back":"http://127.0.0.1:9/cb"}`, status: 200, keep: map[string]string{"LINK": "result.link"}},
		{request: "listAccounts", body: `{"app":"<APP>","skip":0,"take":2}`, status: 200, has: []string{`"app":"<APP>"`, `"state":"active"`}},
		{request: "listMatches", body: `{"triggerApp":"<APP>","skip":0,"take":2}`, status: 200, has: []string{`"role":"trigger"`}},
		{request: "readMatch", body: `{"match":"<MATCH>"}`, status: 200, has: []string{`{"app":"<APP>","event":"<EVENT>","role":"trigger"}`}},
		{request: "listEvents", body: `{"app":"<APP>","role":"trigger","skip":0,"take":2}`, status: 200, has: []string{`"must":1`}},
		{request: "listEvents", body: `{"app":"<ACTIONAPP>","role":"action","skip":0,"take":2}`, status: 200, has: []string{`"inputs":[`}},
		{request: "readEvent", body: `{"event":"<EVENT>","role":"trigger"}`, status: 200, has: []string{`"_id":{"$oid":"<EVENT>"}`, `"kind":"Select"`, `"list":[["`}},
		{request: "readEvent", body: `{"event":"<ACTION>","role":"action"}`, status: 200, has: []string{`"app":"<ACTIONAPP>"`}},
		{request: "createConnect", body: `{"match":"<MATCH>","title":"first"}`, status: 200, keep: map[string]string{"CONNECT": "result.connect.$oid"}},
		{request: "createConnect", body: `{"match":"<MATCH>"}`, status: 200},
		{request: "createConnect", body: `{"match":"<MATCH>","title":null}`, status: 200},
		{request: "listConnects", body: `{"skip":0,"take":100}`, status: 200, has: []string{`"count":3`, `"state":2`, `"values":[]`, `"auth":""`}, keep: map[string]string{"NODE": "result.rows.0.nodes.1.node"}},
		{request: "listConnects", body: `{"skip":2,"take":2}`, status: 200, has: []string{`"count":3`}, lacks: []string{`"title":"first"`}},
		{request: "listConnects", body: `{"skip":9,"take":2}`, status: 200, has: []string{`"rows":[]`, `"count":3`}},
		{request: "setState", body: `{"connect":"<CONNECT>","state":1}`, status: 200, has: []string{`"no":4009`, `"fields":[{"name":"actions.0.auth"`}},
		{request: "editTrigger", body: `{"connect":"<CONNECT>","auth":"<ACCOUNT>","values":[{"name":"spreadsheet","value":"s1"},{"name":"worksheet","value":"w1"},{"name":"count","value":9007199254740993123},{"name":"none","value":null}]}`, status: 200, has: done},
		{request: "editAction", body: `{"connect":"<CONNECT>","node":"<NODE>","auth":"<SECOND>","values":[{"name":"email","value":"{{column2}}"}]}`, status: 200, has: done},
		{request: "listConnects", body: `{"skip":0,"take":1}`, status: 200, has: []string{`{"name":"count","value":9007199254740993123},{"name":"none","value":null}`, `"auth":"<ACCOUNT>"`}},
		{request: "listChoices", body: `{"input":"worksheet","auth":"<ACCOUNT>","given":[{"name":"spreadsheet","value":"leads-2026"}],"event":"<EVENT>","role":"trigger"}`, status: 200, has: []string{`{"result":{"rows":[["`}},
		{request: "testConnect", body: `{"connect":"<CONNECT>"}`, status: 200, has: []string{`"ok":1`, `"sample":[{"name":"`}, lacks: []string{`"ok":0`}},
		{request: "setState", body: `{"connect":"<CONNECT>","state":1}`, status: 200, has: done},
		{request: "renameConnect", body: `{"connect":"<CONNECT>","title":"new"}`, status: 200, has: done},
		{request: "listConnects", body: `{"skip":0,"take":1}`, status: 200, has: []string{`"state":1`, `"title":"new"`}},
		{request: "setState", body: `{"connect":"<CONNECT>","state":0}`, status: 200, has: done},
		{request: "listRuns", body: `{"connect":"<CONNECT>","skip":0,"take":9}`, status: 200, has: []string{`"count":3`, `"text":"Turned off"`}},
		{request: "deleteConnect", body: `{"connect":"<CONNECT>"}`, status: 200, has: done},
		{request: "deleteConnect", body: `{"connect":"<CONNECT>"}`, status: 200, has: []string{`"no":4004`}, lacks: []string{"result"}},
	})
	s.claim(s.values["LINK"])
	s.walk([]step{{request: "claimAccount", body: `{"token":"<TOKEN>"}`, status: 200, has: []string{`"app":"<APP>"`}}})
	s.mustMeetAll()
}

func TestREST(t *testing.T) {
	t.Parallel()
	s := newStranger(t, simulator.DialectREST)
	s.walk([]step{
		{request: "GET /user", status: 200, has: []string{`"display_name":"Robin Example"`}},
		{request: "GET /categories?size=1", status: 200, has: []string{`"items":[{"category_id":"`, `"next":"`}, keep: map[string]string{"NEXT": "next", "GROUP": "items.0.category_id"}},
		{request: "GET /categories?cursor=<NEXT>", status: 200, lacks: []string{"<GROUP>"}},
		{request: "GET /apps?category=<GROUP>", status: 200, has: []string{`"auth_type":`}},
		{request: "GET /apps/<APP>", status: 200, has: []string{`"app_id":"<APP>"`}, keep: map[string]string{"SLUG": "slug", "AUTH": "auth_type"}},
		{request: "POST /apps/<APP>/account-links", body: `{"auth_type":"<AUTH>","slug":"<SLUG>","return_to":"http://127.0.0.1:9/cb"}`, status: 201, keep: map[string]string{"LINK": "href"}},
		{request: "GET /accounts?app=<APP>", status: 200, has: []string{`"account_id":"<ACCOUNT>"`}},
		{request: "GET /matches?trigger_app=<APP>&size=1", status: 200, has: []string{`"trigger":{"app_id":"<APP>"`}},
		{request: "GET /matches/<MATCH>", status: 200, has: []string{`"actions":[{"app_id":"<ACTIONAPP>","event_id":"<ACTION>"}]`}},
		{request: "GET /apps/<APP>/triggers", status: 200, has: []string{`"event_id":"<EVENT>"`, `"next":null`}},
		{request: "GET /apps/<ACTIONAPP>/actions", status: 200, has: []string{`"depends_on":[`}},
		{request: "GET /triggers/<EVENT>", status: 200, has: []string{`"type":"select"`, `"required":true`}},
		{request: "GET /actions/<ACTION>", status: 200, has: []string{`"app_id":"<ACTIONAPP>"`}},
		{request: "POST /automations", body: `{"match_id":"<MATCH>","title":"first"}`, status: 201, has: []string{`"state":"paused"`, `"account_id":null`, `"values":"{}"`}, keep: map[string]string{"ID": "automation_id"}},
		{request: "POST /automations", body: `{"match_id":"<MATCH>"}`, status: 201},
		{request: "POST /automations", body: `{"match_id":"<MATCH>"}`, status: 201},
		{request: "GET /automations?size=100", status: 200, has: []string{`"title":"first"`, `"next":"`}, lacks: []string{"values", "account_id"}, keep: map[string]string{"NEXT": "next"}},
		{request: "GET /automations?size=100&cursor=<NEXT>", status: 200, has: []string{`"next":null`}, lacks: []string{`"first"`}},
		{request: "PATCH /automations/<ID>", body: `{"state":"running"}`, status: 409, has: []string{`"code":"automation.state"`, `"pointer":"/trigger/account_id"`}},
		{request: "PATCH /automations/<ID>", body: `{"trigger":{"account_id":"<ACCOUNT>","values":"{\"spreadsheet\":\"s1\",\"worksheet\":\"w1\",\"count\":9007199254740993123,\"none\":null}"}}`, status: 200, has: []string{`\"count\":9007199254740993123,\"none\":null`}},
		{request: "PATCH /automations/<ID>/actions/1", body: `{"account_id":"<SECOND>","values":"{\"email\":\"{{column2}}\"}"}`, status: 200, has: []string{`"account_id":"<SECOND>"`}},
		{request: "PATCH /automations/<ID>/actions/2", body: `{"values":"{}"}`, status: 404},
		{request: "GET /automations/<ID>", status: 200, has: []string{`"account_id":"<ACCOUNT>"`, `\"none\":null`}},
		{request: "POST /choices", body: `{"field":"worksheet","account_id":"<ACCOUNT>","parents":{"spreadsheet":"leads-2026"},"trigger_id":"<EVENT>"}`, status: 200, has: []string{`"items":[{"label":"`, `"next":null`}},
		{request: "POST /automations/<ID>/test-runs", status: 202, has: []string{`"state":"queued"`}, lacks: []string{"steps"}, keep: map[string]string{"RUN": "run_id"}},
		{request: "GET /automations/<ID>/test-runs/<RUN>", status: 200, has: []string{`"state":"executing"`}, lacks: []string{"steps"}},
		{request: "GET /automations/<ID>/test-runs/<RUN>", status: 200, has: []string{`"state":"done"`, `"outcome":"ok"`, `"samples":{"`}, lacks: []string{`"error"`}},
		{request: "PATCH /automations/<ID>", body: `{"state":"running"}`, status: 200, has: []string{`"state":"running"`}},
		{request: "PATCH /automations/<ID>", body: `{"title":"new"}`, status: 200, has: []string{`"title":"new"`}},
		{request: "PATCH /automations/<ID>", body: `{"state":"paused"}`, status: 200, has: []string{`"state":"paused"`}},
		{request: "GET /automations/<ID>/runs?size=1", status: 200, has: []string{`"message":"Turned off"`, `"next":"`}},
		{request: "DELETE /automations/<ID>", status: 204},
		{request: "DELETE /automations/<ID>", status: 404, has: []string{`"status":404`, `"detail":"connect`}},
	})
	s.claim(s.values["LINK"])
	s.walk([]step{{request: "POST /account-claims", body: `{"token":"<TOKEN>"}`, status: 200, has: []string{`"app_id":"<APP>"`}}})
	s.mustMeetAll("get_connect", "poll_test")
}

// TestForeignServicesAreStrict refuses what is unknown, missing or of another
// type, in the words of the service.
func TestForeignServicesAreStrict(t *testing.T) {
	t.Parallel()
	rpc, rest := newStranger(t, simulator.DialectRPC), newStranger(t, simulator.DialectREST)
	invalid := []string{`{"fault":{`, `"no":4000`}
	rpc.walk([]step{
		{request: "listConnects", body: `{"skip":0}`, status: 200, has: append(invalid, `"name":"take"`)},
		{request: "listConnects", body: `{"skip":0,"take":101}`, status: 200, has: invalid},
		{request: "listConnects", body: `{"skip":-1,"take":1}`, status: 200, has: invalid},
		{request: "listConnects", body: `{"skip":0,"take":1,"page":1}`, status: 200, has: append(invalid, `"name":"page"`)},
		{request: "listConnects", body: `[]`, status: 200, has: invalid},
		{request: "listConnects", status: 200, has: invalid},
		{request: "setState", body: `{"connect":"x","state":2}`, status: 200, has: invalid},
		{request: "setState", body: `{"connect":"x","state":true}`, status: 200, has: invalid},
		{request: "editTrigger", body: `{"connect":"x","values":{"a":"b"}}`, status: 200, has: invalid},
		{request: "editTrigger", body: `{"connect":"x","values":[{"name":"a"}]}`, status: 200, has: invalid},
		{request: "noSuchMethod", body: `{}`, status: 200, has: invalid},
		{request: "GET /rpc/whoAmI", status: 200, has: invalid},
		{request: "POST /rpc/whoAmI?x=1", body: `{}`, status: 200, has: invalid},
		{request: "GET /connects", status: 200, has: invalid},
		{request: "readApp", body: `{"app":"nonsense"}`, status: 200, has: []string{`"no":4004`}},
	})
	problem := []string{`"type":"about:blank"`, `"status":400`, `"code":"request.invalid"`}
	rest.walk([]step{
		{request: "GET /automations?limit=1", status: 400, has: append(problem, `"pointer":"/limit"`)},
		{request: "GET /automations?size=101", status: 400, has: problem},
		{request: "GET /automations?cursor=2", status: 400, has: problem},
		{request: "GET /automations?size=1&size=2", status: 400, has: problem},
		{request: "PATCH /automations/x", body: `{}`, status: 400, has: problem},
		{request: "PATCH /automations/x", body: `{"state":"running","title":"t"}`, status: 400, has: problem},
		{request: "PATCH /automations/x", body: `{"state":"on"}`, status: 400, has: problem},
		{request: "PATCH /automations/x", body: `{"trigger":{"values":{}}}`, status: 400, has: problem},
		{request: "POST /automations", body: `{"title":"t"}`, status: 400, has: append(problem, `"pointer":"/match_id"`)},
		{request: "POST /automations", status: 400, has: problem},
		{request: "GET /user", body: `{"x":1}`, status: 400, has: problem},
		{request: "POST /user", status: 405},
		{request: "GET /connects", status: 404, has: []string{`"code":"resource.unknown"`}},
		{request: "GET /automations/x", status: 404},
	})
	if kind := rest.api(http.MethodGet, "/automations/x", nil).Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("content type %q", kind)
	}
}

// TestForeignRefusals is credentials, states and faults in foreign words.
func TestForeignRefusals(t *testing.T) {
	t.Parallel()
	for dialect, test := range map[simulator.Dialect]struct {
		list       step
		connects   string
		none, busy string
		down, said string
	}{
		simulator.DialectRPC: {
			list: step{request: "listConnects", body: `{"skip":0,"take":9}`}, connects: `"count":1`,
			none: `"no":4001`, busy: `"no":4029`, down: `"no":5000`, said: `"no":4000`,
		},
		simulator.DialectREST: {
			list: step{request: "GET /automations"}, connects: `"title":"c"`,
			none: `"code":"access.unknown"`, busy: `"code":"rate.exceeded"`, down: `"code":"service.failed"`, said: `"code":"service.failed"`,
		},
	} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			s := newStranger(t, dialect)
			s.sim.CreateConnect(s.values["MATCH"], "c")
			ask := func(status int, has string) {
				t.Helper()
				one := test.list
				one.status, one.has = status, []string{has}
				s.walk([]step{one})
			}
			fault := func(f simulator.Fault) {
				f.Operation = "list_connects"
				s.sim.AddFault(f)
			}
			token := s.token
			s.token = "nonsense"
			ask(http.StatusUnauthorized, test.none)
			s.token = token
			fault(simulator.Fault{Kind: simulator.FaultStatus, Status: 429})
			ask(http.StatusTooManyRequests, test.busy)
			fault(simulator.Fault{Kind: simulator.FaultStatus, Status: 503})
			ask(http.StatusServiceUnavailable, test.down)
			fault(simulator.Fault{Kind: simulator.FaultSuccessFalse})
			ask(map[simulator.Dialect]int{simulator.DialectRPC: 200, simulator.DialectREST: 500}[dialect], test.said)
			fault(simulator.Fault{Kind: simulator.FaultHTML})
			ask(http.StatusOK, "<h1>Log in")
			fault(simulator.Fault{Kind: simulator.FaultExtraKeys})
			ask(http.StatusOK, `"zzNew":{`)
			fault(simulator.Fault{Kind: simulator.FaultDelay, Delay: 0})
			ask(http.StatusOK, test.connects)
			if e := s.sim.Journal()[1]; e.Operation != "list_connects" || e.Fault != simulator.FaultStatus {
				t.Errorf("journal: %+v", e)
			}
		})
	}
}

func TestMustBeOffInForeignWords(t *testing.T) {
	t.Parallel()
	for dialect, want := range map[simulator.Dialect]step{
		simulator.DialectRPC:  {request: "deleteConnect", body: `{"connect":"<ID>"}`, status: 200, has: []string{`"no":4010`}},
		simulator.DialectREST: {request: "DELETE /automations/<ID>", status: 409, has: []string{`"code":"automation.running"`}},
	} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{Dialect: dialect, RequireOffToEdit: true})
			made := b.sim.CreateConnect(b.match(hourlyWebhook).ID, "c")
			if err := b.sim.Edit(made.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
				t.Fatal(err)
			}
			s := &stranger{bench: b, values: map[string]string{"ID": made.ID}}
			s.walk([]step{want})
		})
	}
}

func TestForeignSettings(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]simulator.Config{
		"choose one of":    {Dialect: "soap"},
		"paths are for":    {Dialect: simulator.DialectRPC, Paths: map[string]string{"get_profile": "GET /x"}},
		`quirk "no-total"`: {Dialect: simulator.DialectREST, Quirks: []simulator.Quirk{simulator.QuirkNoTotal}},
	} {
		if _, err := simulator.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
