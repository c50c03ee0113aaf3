package simulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestQuirks shows what each quirk makes of an answer. Three connects on pages
// of two; the third is complete.
func TestQuirks(t *testing.T) {
	t.Parallel()
	type ask struct{ method, path string }
	listing := func(page string) ask { return ask{http.MethodGet, "/connects" + page} }
	for name, test := range map[simulator.Quirk]struct {
		ask    ask
		status int
		has    string
		lacks  string
	}{
		simulator.QuirkNoTotal:             {listing("?page=2"), 200, `{"data":[{`, "total"},
		simulator.QuirkTotalElsewhere:      {listing("?page=2"), 200, `"meta":{"pagination":{"count":3}}`, "total"},
		simulator.QuirkIgnoresPage:         {listing("?page=2"), 200, `"name":"a"`, `"name":"c"`},
		simulator.QuirkPagesFromZero:       {listing("?page=0"), 200, `"page":0`, `"name":"c"`},
		simulator.QuirkUnknownIDs:          {listing(""), 200, `"uuid":"`, `"_id"`},
		simulator.QuirkEndNotFound:         {listing("?page=3"), 404, "there is no page 3", ""},
		simulator.QuirkNullOptions:         {listing("?page=2"), 200, `"options":null`, "spreadsheet"},
		simulator.QuirkNoOptions:           {listing("?page=2"), 200, `"trigger":{`, "options"},
		simulator.QuirkNoTrigger:           {listing("?page=2"), 200, `"actions":[{`, "trigger\""},
		simulator.QuirkDraft:               {listing(""), 200, `"status":"Draft"`, "OFF"},
		simulator.QuirkOddStatus:           {listing("?page=1"), 200, `"name":"a","popularMatchId":"MATCH","status":"HIBERNATING"`, `"name":"b","popularMatchId":"MATCH","status":"HIBERNATING"`},
		simulator.QuirkCreateAnswersID:     {ask{http.MethodPost, "/connect/popular-match/MATCH"}, 200, `"data":{"_id":"`, "trigger"},
		simulator.QuirkEditAnswersID:       {ask{http.MethodPut, "/connect/name/ID"}, 200, `"data":{"_id":"`, "name"},
		simulator.QuirkSwitchAnswersBefore: {ask{http.MethodPut, "/connect/turn-on/ID"}, 200, `"status":"OFF"`, "ON"},
		simulator.QuirkTestStatus:          {ask{http.MethodPost, "/connect/test/ID"}, 200, `"data":{"status":"failed"}`, "steps"},
		simulator.QuirkTestResults:         {ask{http.MethodPost, "/connect/test/ID"}, 200, `"data":{"results":[{`, "steps"},
		simulator.QuirkTestNoSteps:         {ask{http.MethodPost, "/connect/test/ID"}, 200, `"data":{"steps":[]}`, "failed"},
		simulator.QuirkTestPartial:         {ask{http.MethodPost, "/connect/test/ID"}, 200, `"status":"success"`, "failed"},
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{PageLimit: 2, Quirks: []simulator.Quirk{name}})
			match := b.match(sheetsToHubSpot)
			b.sim.CreateConnect(match.ID, "a")
			b.sim.CreateConnect(match.ID, "b")
			made := b.sim.CreateConnect(match.ID, "c")
			from, to := b.account(match.Trigger.AppID), b.account(match.Actions[0].AppID)
			if err := b.sim.Edit(made.ID, func(c *simulator.Connect) {
				c.Trigger.AccountID, c.Actions[0].AccountID = from, to
				c.Trigger.Options = map[string]string{"spreadsheet": "s", "worksheet": "w"}
				c.Actions[0].Options = map[string]string{"email": "e"}
			}); err != nil {
				t.Fatal(err)
			}
			b.sim.AddFault(simulator.Fault{Operation: "run_test", Kind: simulator.FaultFailedTest})
			fill := strings.NewReplacer("ID", made.ID, "MATCH", match.ID)
			path := fill.Replace(test.ask.path)
			test.has, test.lacks = strings.ReplaceAll(test.has, "MATCH", match.ID), strings.ReplaceAll(test.lacks, "MATCH", match.ID)
			var body any
			if strings.Contains(path, "/name/") || strings.Contains(path, "popular") {
				body = object{"name": "new"}
			}
			got := string(b.wants(b.api(test.ask.method, path, body), test.status).Body)
			if !strings.Contains(got, test.has) || test.lacks != "" && strings.Contains(got, test.lacks) {
				t.Errorf("want %s and not %s: %s", test.has, test.lacks, got)
			}
			if err := b.sim.SetQuirks(); err != nil {
				t.Fatal(err)
			}
			if got := b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK); !strings.Contains(string(got.Body), `"page":1`) {
				t.Errorf("without the quirk: %s", got.Body)
			}
		})
	}
}

func TestTokenQuirks(t *testing.T) {
	t.Parallel()
	for name, test := range map[simulator.Quirk]struct {
		status int
		has    string
	}{
		simulator.QuirkTokenDataList:              {200, `"data":[]`},
		simulator.QuirkTokenDataText:              {200, `"data":"token refreshed"`},
		simulator.QuirkTokenExpiryHuge:            {200, `"expires_at":99999999999999999999`},
		simulator.QuirkTokenExpiryFar:             {200, `"expires_at":253402300800`},
		simulator.QuirkTokenRefusalMessage:        {400, `{"message":"the refresh token was used before`},
		simulator.QuirkTokenRefusalMsg:            {400, `{"msg":"the refresh token`},
		simulator.QuirkTokenRefusalObject:         {400, `{"error":{"code":"invalid_grant","message":"the refresh`},
		simulator.QuirkTokenRefusalText:           {400, `{"error":"The refresh token`},
		simulator.QuirkTokenRefusalInvalidRequest: {400, `{"error":"invalid_request","error_description":"the`},
		simulator.QuirkTokenRefusal401:            {401, `"message":"the refresh token`},
		simulator.QuirkTokenRefusal200:            {200, `"success":false`},
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{Quirks: []simulator.Quirk{name}})
			token := b.sim.Login()
			refresh := func() answer {
				return b.must(http.MethodPost, b.sim.TokenURL(), b.encode(object{
					"grant_type": "refresh_token", "client_id": b.sim.ClientID(), "client_secret": b.sim.ClientSecret(), "refresh_token": token,
				}))
			}
			got := refresh()
			if !strings.Contains(string(got.Body), `"refresh_token":"`) {
				t.Errorf("no pair: %s", got.Body)
			}
			if strings.HasPrefix(string(name), "token-refusal") {
				got = refresh() // A spent token.
			}
			if got.Status != test.status || !strings.Contains(string(got.Body), test.has) {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
}

func TestQuirksAreKnownAndTold(t *testing.T) {
	t.Parallel()
	for _, q := range simulator.Quirks() {
		if q.About() == "" {
			t.Errorf("nothing is said about %s", q)
		}
	}
	if _, err := simulator.New(simulator.Config{Quirks: []simulator.Quirk{"odd"}}); err == nil || !strings.Contains(err.Error(), `no quirk "odd"`) {
		t.Errorf("%v", err)
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{PageLimit: 1, Lag: simulator.Lag{Requests: 2, Listings: 1, Time: time.Minute}})
	b.sim.CreateConnect(b.match(hourlyWebhook).ID, "by hand")
	c := b.create(hourlyWebhook, "c")
	total := func(page string) int {
		return decode[connectPage](t, b.wants(b.api(http.MethodGet, "/connects?page="+page, nil), http.StatusOK)).Total
	}
	for _, want := range []int{404, 404, 200} {
		b.wants(b.api(http.MethodPut, "/connect/name/"+c.ID, object{"name": "d"}), want)
	}
	b.clock.Advance(time.Minute)
	for i, want := range []int{1, 1, 2} {
		if got := total([]string{"1", "2", "1"}[i]); got != want {
			t.Errorf("listing %d shows %d connects, want %d", i, got, want)
		}
	}
	b.create(hourlyWebhook, "e")
	total("1")
	if got := total("1"); got != 2 {
		t.Errorf("%d connects before the minute is over", got)
	}
	b.clock.Advance(time.Minute)
	if got := total("1"); got != 3 {
		t.Errorf("%d connects after it", got)
	}
}

type connectPage = page[connectBody]

func TestLateCommit(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "create_connect", Kind: simulator.FaultLateCommit, After: 5 * time.Second})
	b.wants(b.api(http.MethodPost, "/connect/popular-match/"+b.match(hourlyWebhook).ID, object{"name": "late"}), http.StatusGatewayTimeout)
	b.clock.Advance(4 * time.Second)
	if held := b.sim.Connects(); len(held) != 0 {
		t.Errorf("too early: %+v", held)
	}
	b.clock.Advance(time.Second)
	if got := decode[connectPage](t, b.api(http.MethodGet, "/connects", nil)); got.Total != 1 || got.Data[0].Name != "late" {
		t.Errorf("%+v", got)
	}
}

// TestEachAndCut has every second answer cut in the middle.
func TestEachAndCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultCutBody, Each: 2, Times: -1})
	for i := range 6 {
		got, err := b.send(http.MethodGet, b.sim.APIURL()+"/me", nil, "Authorization", "Bearer "+b.token)
		if cut := i%2 == 1; (err != nil) != cut || cut && json.Valid(got.Body) {
			t.Errorf("request %d: %v %s", i, err, got.Body)
		}
	}
}

func TestShiftedPage(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{PageLimit: 2})
	for _, name := range []string{"a", "b", "c", "d"} {
		b.create(hourlyWebhook, name)
	}
	b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultShiftedPage})
	if got := decode[connectPage](t, b.api(http.MethodGet, "/connects?page=1", nil)); got.Total != 4 || got.Data[1].Name != "b" {
		t.Errorf("page 1: %+v", got)
	}
	if got := decode[connectPage](t, b.api(http.MethodGet, "/connects?page=2", nil)); got.Total != 3 || len(got.Data) != 1 || got.Data[0].Name != "d" {
		t.Errorf("page 2: %+v", got)
	}
}

// TestPageDelay holds up listings only.
func TestPageDelay(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{PageDelay: time.Hour})
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
	done := make(chan answer)
	go func() { done <- b.api(http.MethodGet, "/connects", nil) }()
	for b.clock.Waiting() == 0 {
		b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
	}
	b.clock.Advance(time.Hour)
	b.wants(<-done, http.StatusOK)
}
