package simulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestCreateConnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(typeformToTwo, "Entries")
	if c.Status != "OFF" || c.Name != "Entries" || len(c.Actions) != 2 || c.CreatedAt != "2026-01-02T03:04:05.000Z" {
		t.Errorf("created: %+v", c)
	}
	ids := []string{c.Trigger.StepID, c.Actions[0].StepID, c.Actions[1].StepID}
	if slices.Sort(ids); len(slices.Compact(ids)) != 3 {
		t.Errorf("step ids are not unique: %v", ids)
	}
	for _, step := range append(c.Actions, c.Trigger) {
		if step.AccountID != nil || len(step.Options) != 0 {
			t.Errorf("step of a fresh connect: %+v", step)
		}
	}
	if again := b.create(typeformToTwo, "Entries"); again.ID == c.ID {
		t.Error("a second create made the same connect")
	}
}

func TestConnectNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	id := b.create(sheetsToHubSpot, "first").ID
	for name, test := range map[string]struct {
		body   any
		status int
	}{
		"good":     {object{"name": "Ärger & <b>"}, http.StatusOK},
		"longest":  {object{"name": strings.Repeat("ä", 255)}, http.StatusOK},
		"too long": {object{"name": strings.Repeat("a", 256)}, http.StatusBadRequest},
		"empty":    {object{"name": ""}, http.StatusBadRequest},
		"blank":    {object{"name": "  "}, http.StatusBadRequest},
		"absent":   {object{}, http.StatusBadRequest},
		"null":     {object{"name": nil}, http.StatusBadRequest},
		"a number": {object{"name": 3}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, got := range []answer{
				b.api(http.MethodPut, "/connect/name/"+id, test.body),
				b.api(http.MethodPost, "/connect/popular-match/"+b.match(sheetsToHubSpot).ID, test.body),
			} {
				b.wants(got, test.status)
				if test.status != http.StatusOK && decode[errorBody](t, got).Errors["name"] == nil {
					t.Errorf("the refusal does not name the member: %s", got.Body)
				}
			}
		})
	}
}

func TestTurnOnRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg    simulator.Config
		spoil  func(b *bench, c connectBody)
		fields []string // that the refusal names; none: it succeeds
	}{
		"complete": {spoil: func(*bench, connectBody) {}},
		"trigger option missing": {
			spoil: func(b *bench, c connectBody) {
				b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": "s"}})
			},
			fields: []string{"trigger.worksheet"},
		},
		"action option missing": {
			spoil: func(b *bench, c connectBody) {
				b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{"options": object{"email": ""}})
			},
			fields: []string{"actions.0.email"},
		},
		"account gone": {
			spoil:  func(b *bench, c connectBody) { b.sim.RemoveAccount(*c.Actions[0].AccountID) },
			fields: []string{"actions.0.accountId"},
		},
		"no test": {
			cfg: simulator.Config{RequireTestToTurnOn: true}, spoil: func(*bench, connectBody) {}, fields: []string{"test"},
		},
		"tested": {
			cfg:   simulator.Config{RequireTestToTurnOn: true},
			spoil: func(b *bench, c connectBody) { b.api(http.MethodPost, "/connect/test/"+c.ID, nil) },
		},
		"test failed": {
			cfg: simulator.Config{RequireTestToTurnOn: true},
			spoil: func(b *bench, c connectBody) {
				b.sim.SetAccountStatus(*c.Trigger.AccountID, simulator.AccountExpired)
				b.api(http.MethodPost, "/connect/test/"+c.ID, nil)
			},
			fields: []string{"test"},
		},
		"edited after the test": {
			cfg: simulator.Config{RequireTestToTurnOn: true},
			spoil: func(b *bench, c connectBody) {
				b.api(http.MethodPost, "/connect/test/"+c.ID, nil)
				b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": c.Trigger.Options})
			},
			fields: []string{"test"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.cfg)
			c := b.complete("c")
			test.spoil(b, c)
			got := b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil)
			held, _ := b.sim.Connect(c.ID)
			if len(test.fields) == 0 {
				if data[connectBody](t, got).Status != "ON" || held.Status != "ON" {
					t.Errorf("not turned on: %s", got.Body)
				}
				return
			}
			body := decode[errorBody](t, b.wants(got, http.StatusBadRequest))
			if held.Status != "OFF" || len(body.Errors) != len(test.fields) {
				t.Errorf("held %s, refusal %s", held.Status, got.Body)
			}
			for _, field := range test.fields {
				if body.Errors[field] == nil || !strings.Contains(body.Message, field) {
					t.Errorf("the refusal does not name %s: %s", field, got.Body)
				}
			}
		})
	}
}

func TestFreshConnectLacksEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(sheetsToHubSpot, "c")
	for _, request := range [][2]string{{http.MethodPut, "/connect/turn-on/"}, {http.MethodPost, "/connect/test/"}} {
		got := decode[errorBody](t, b.wants(b.api(request[0], request[1]+c.ID, nil), http.StatusBadRequest))
		for _, field := range []string{"trigger.accountId", "trigger.spreadsheet", "trigger.worksheet", "actions.0.accountId", "actions.0.email"} {
			if got.Errors[field] == nil {
				t.Errorf("%s does not name %s: %v", request[1], field, got.Errors)
			}
		}
	}
}

func TestNoAccountNeeded(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(hourlyWebhook, "c")
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"minute": "15"}}), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
		"options": object{"url": "https://example.com", "method": "POST"},
	}), http.StatusOK)
	if got := data[connectBody](t, b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil)); got.Status != "ON" || got.Trigger.AccountID != nil {
		t.Errorf("turned on: %+v", got)
	}
}

func TestSwitchIsIdempotent(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	on := data[connectBody](t, b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil))
	again := data[connectBody](t, b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil))
	if diff := cmp.Diff(on, again); diff != "" {
		t.Errorf("the second turn-on changed something: %s", diff)
	}
	for range 2 {
		if off := data[connectBody](t, b.api(http.MethodPut, "/connect/turn-off/"+c.ID, nil)); off.Status != "OFF" {
			t.Errorf("turned off: %+v", off)
		}
	}
	history := decode[page[object]](t, b.api(http.MethodGet, "/connect/history/"+c.ID, nil))
	if history.Total != 2 || history.Data[0]["message"] != "Turned off" || history.Data[1]["message"] != "Turned on" {
		t.Errorf("history, newest first, one entry a change: %v", history.Data)
	}
}

func TestOnMayBeEdited(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg    simulator.Config
		status int
	}{
		"by default":       {simulator.Config{}, http.StatusOK},
		"unless forbidden": {simulator.Config{RequireOffToEdit: true}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.cfg)
			c := b.complete("c")
			b.wants(b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil), http.StatusOK)
			b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": c.Trigger.Options}), test.status)
			b.wants(b.api(http.MethodPut, "/connect/name/"+c.ID, object{"name": "new"}), test.status)
			b.wants(b.api(http.MethodDelete, "/connect/"+c.ID, nil), test.status)
			if test.status != http.StatusOK {
				b.wants(b.api(http.MethodPut, "/connect/turn-off/"+c.ID, nil), http.StatusOK)
				b.wants(b.api(http.MethodDelete, "/connect/"+c.ID, nil), http.StatusOK)
			}
			b.wants(b.api(http.MethodDelete, "/connect/"+c.ID, nil), http.StatusNotFound)
			if _, there := b.listed(c.ID); there {
				t.Error("a deleted connect is listed")
			}
		})
	}
}

type testBody struct {
	Steps []struct {
		StepID, Status, Message string
		SampleData              []object
	}
}

func TestRunTest(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	good := data[testBody](t, b.api(http.MethodPost, "/connect/test/"+c.ID, nil))
	if len(good.Steps) != 2 || good.Steps[0].StepID != c.Trigger.StepID || good.Steps[0].Status != "success" || len(good.Steps[0].SampleData) == 0 {
		t.Fatalf("test: %+v", good)
	}
	b.sim.SetAccountStatus(*c.Trigger.AccountID, simulator.AccountExpired)
	bad := data[testBody](t, b.api(http.MethodPost, "/connect/test/"+c.ID, nil))
	if bad.Steps[0].Status != "failed" || !strings.Contains(bad.Steps[0].Message, "expired") || bad.Steps[1].Status != "failed" {
		t.Errorf("test with an expired account: %+v", bad)
	}
	history := decode[page[object]](t, b.api(http.MethodGet, "/connect/history/"+c.ID, nil))
	if history.Total != 2 || history.Data[0]["status"] != "failed" || history.Data[1]["status"] != "success" || history.Data[1]["tasks"] != 1.0 {
		t.Errorf("history: %v", history.Data)
	}
	if held, _ := b.sim.Connect(c.ID); held.Status != "OFF" {
		t.Errorf("a test turned the connect %s", held.Status)
	}
}

func TestSampleDataHoldsNoSecret(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(typeformToWebhook, "c")
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{
		"accountId": b.account(b.match(typeformToWebhook).Trigger.AppID), "options": object{"form": "f"},
	}), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/action-options/"+c.ID+"/"+c.Actions[0].StepID, object{
		"options": object{"url": "https://example.com/open", "method": "POST", "signing_secret": "canary"},
	}), http.StatusOK)
	got := string(b.wants(b.api(http.MethodPost, "/connect/test/"+c.ID, nil), http.StatusOK).Body)
	if strings.Contains(got, "canary") || !strings.Contains(got, "https://example.com/open") {
		t.Errorf("test result: %s", got)
	}
}

func TestRunTestTakesItsTime(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{TestDuration: 20 * time.Second})
	c := b.complete("c")
	done := make(chan answer, 1)
	go func() { done <- b.api(http.MethodPost, "/connect/test/"+c.ID, nil) }()
	b.untilWaiting()
	if _, there := b.listed(c.ID); !there {
		t.Error("the service is deaf while a test runs")
	}
	b.clock.Advance(20 * time.Second)
	b.wants(<-done, http.StatusOK)
	entry := decode[page[struct{ StartedAt, FinishedAt string }]](t, b.api(http.MethodGet, "/connect/history/"+c.ID, nil)).Data[0]
	if entry.StartedAt != "2026-01-02T03:04:05.000Z" || entry.FinishedAt != "2026-01-02T03:04:25.000Z" {
		t.Errorf("history: %+v", entry)
	}
}

// untilWaiting returns once a request has reached its delay.
func (b *bench) untilWaiting() {
	b.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(bounded)
	defer end.Stop()
	for b.clock.Waiting() == 0 {
		select {
		case <-tick.C:
		case <-end.C:
			b.t.Fatal("no request began to wait")
		}
	}
}

func TestWebEditor(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	made := b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "by hand")
	if err := b.sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Status, c.Name, c.ID = "ON", "renamed", "nonsense"
		c.Trigger.Options["worksheet"] = "w"
	}); err != nil {
		t.Fatal(err)
	}
	got, there := b.listed(made.ID)
	if !there || got.Status != "ON" || got.Name != "renamed" || got.Trigger.Options["worksheet"] != "w" || got.UpdatedAt <= got.CreatedAt {
		t.Errorf("after a person's edit: %v %+v", there, got)
	}
	made.Trigger.Options["worksheet"] = "changed in a copy"
	if held, _ := b.sim.Connect(made.ID); held.Trigger.Options["worksheet"] != "w" {
		t.Error("a copy reaches into the service")
	}
	b.sim.DeleteConnect(made.ID)
	if _, there := b.listed(made.ID); there || b.sim.Edit(made.ID, func(*simulator.Connect) {}) == nil {
		t.Error("a deleted connect is still there")
	}
}
