package connect_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const historyType = "appypie_connect_history"

// flipTimes turns a connect on and off; each turn is an entry of its history.
func flipTimes(t *testing.T, env *acctest.Env, id string, turns int) {
	t.Helper()
	for range turns {
		edited(t, env, id, func(c *simulator.Connect) {
			if c.Status == simulator.StatusOn {
				c.Status = simulator.StatusOff
			} else {
				c.Status = simulator.StatusOn
			}
		})
	}
}

// failed tests a connect whose account has expired.
func failed(t *testing.T, env *acctest.Env, id string) {
	t.Helper()
	account := env.AccountID(t, "Typeform")
	edited(t, env, id, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.Trigger.Options = account, map[string]string{"form": "f"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook"}
	})
	env.Sim.SetAccountStatus(account, simulator.AccountExpired)
	outcome, err := env.Client(t).Apply(t.Context(), id, nil, connectapi.Change{Test: true})
	if err == nil || outcome.Test == nil || !outcome.Test.Steps[0].Failed() {
		t.Fatalf("the test should run and fail: %+v, %v", outcome, err)
	}
}

func TestConnectHistory(t *testing.T) {
	t.Parallel()
	clock := simulator.NewShiftClock()
	env := dataEnv(t, func(c *simulator.Config) { c.Clock = clock })
	id := webMade(t, env, webhookMatch, "Flipped").ID

	// 130 turns of yesterday, a failed test, and three turns of today.
	flipTimes(t, env, id, 130)
	clock.Advance(24 * time.Hour)
	today := clock.Now().UTC().Format(time.RFC3339)

	clock.Advance(time.Minute)
	failed(t, env, id)
	clock.Advance(time.Minute)
	flipTimes(t, env, id, 3)
	bare := webMade(t, env, webhookMatch, "Never touched").ID

	for name, tc := range map[string]struct {
		acctest.DataCase

		entries int
		// statuses of the newest entries.
		statuses []string
	}{
		"the newest hundred":     {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id}}, entries: 100, statuses: []string{"success", "success", "success", "failed", "success"}},
		"beyond a page":          {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "limit": 1000}}, entries: 134},
		"the newest":             {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "limit": 1}}, entries: 1, statuses: []string{"success"}},
		"of a status":            {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "status": "FAILED"}}, entries: 1, statuses: []string{"failed"}},
		"of today":               {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "since": today}}, entries: 4},
		"of today and a status":  {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "since": today, "status": "success", "limit": 2}}, entries: 2},
		"of tomorrow":            {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "since": "2999-01-01T00:00:00+02:00"}}},
		"of nothing that ran":    {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": bare}}},
		"of an unknown connect":  {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": absentID}, Summary: "Cannot read the history of connect " + absentID, Path: "connect_id"}},
		"since a malformed time": {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "since": "yesterday"}, Summary: "Invalid time", Path: "since", Details: []string{"plantimestamp"}}},
		"limited to nothing":     {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "limit": 0}, Summary: "Invalid Attribute Value", Path: "limit"}},
		"limited to too many":    {DataCase: acctest.DataCase{Config: map[string]any{"connect_id": id, "limit": 1001}, Summary: "Invalid Attribute Value", Path: "limit"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.Type = historyType
			tc.Check = func(t *testing.T, attributes map[string]any) {
				t.Helper()
				expectEntries(t, attributes, tc.entries, tc.statuses)
			}
			tc.Run(t, env)
		})
	}
}

// expectEntries wants that many entries, the newest first.
func expectEntries(t *testing.T, attributes map[string]any, count int, statuses []string) {
	t.Helper()
	entries, ok := attributes["entries"].([]any)
	if !ok || len(entries) != count {
		t.Fatalf("want %d entries, got %d: %v", count, len(entries), attributes["entries"])
	}
	newest := "9999"

	for i, one := range entries {
		entry, _ := one.(map[string]any)
		started, _ := entry["started_at"].(string)
		if started == "" || started > newest || entry["id"] == nil || entry["message"] == nil || entry["finished_at"] == nil || entry["tasks"] == nil {
			t.Errorf("entry %d is not whole or newer than the one before: %v", i, entry)
		}
		if newest = started; i < len(statuses) && entry["status"] != statuses[i] {
			t.Errorf("entry %d is %v, want %s", i, entry["status"], statuses[i])
		}
	}
}

// TestConnectHistoryIsReadNoFurtherThanWanted: a long history costs a page
// where one is enough.
func TestConnectHistoryIsReadNoFurtherThanWanted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config map[string]any
		pages  int
	}{
		"the default":      {pages: 1},
		"one more":         {config: map[string]any{"limit": 101}, pages: 2},
		"all":              {config: map[string]any{"limit": 1000}, pages: 3},
		"only what is new": {config: map[string]any{"since": "2999-01-01T00:00:00Z"}, pages: 1},
		"a rare status":    {config: map[string]any{"status": "failed"}, pages: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t)
			id := webMade(t, env, webhookMatch, "Flipped").ID
			flipTimes(t, env, id, 250)

			config := map[string]any{"connect_id": id}
			maps.Copy(config, tc.config)
			acctest.DataCase{Type: historyType, Config: config}.Run(t, env)
			if got := len(env.Requests("get_connect_history")); got != tc.pages {
				t.Errorf("read %d pages, want %d", got, tc.pages)
			}
		})
	}
}

// TestConnectHistoryIsNeverCutShort: an error of a later page is an error.
func TestConnectHistoryIsNeverCutShort(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	id := webMade(t, env, webhookMatch, "Flipped").ID
	flipTimes(t, env, id, 150)
	env.Sim.AddFault(simulator.Fault{Operation: "get_connect_history", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Skip: 1})
	acctest.DataCase{
		Type: historyType, Config: map[string]any{"connect_id": id, "limit": 200},
		Summary: "Cannot read the history of connect " + id, Details: []string{refusedWith(env, http.StatusForbidden)},
	}.Run(t, env)
}

func TestAccConnectHistory(t *testing.T) {
	t.Parallel()
	env := dataEnv(t)
	id := webMade(t, env, webhookMatch, "Flipped").ID
	flipTimes(t, env, id, 3)

	env.Test(t, resource.TestStep{
		Config: env.Config(`
			data "appypie_connect_history" "recent" {
			  connect_id = "` + id + `"
			  since      = timeadd(plantimestamp(), "-24h")
			  limit      = 2
			}`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.appypie_connect_history.recent", tfjsonpath.New("entries"), knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectPartial(map[string]knownvalue.Check{"message": knownvalue.StringExact("Turned on"), "status": knownvalue.StringExact("success")}),
				knownvalue.ObjectPartial(map[string]knownvalue.Check{"message": knownvalue.StringExact("Turned off")}),
			})),
		},
	})
}
