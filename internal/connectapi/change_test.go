package connectapi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestApplyOrder compares the calls of a change with the one right order.
func TestApplyOrder(t *testing.T) {
	t.Parallel()
	const list, off, on, name = "list_connects", "turn_off_connect", "turn_on_connect", "update_connect_name"
	const trigger, action = "edit_trigger_options", "edit_action_options"
	// Of a connect that is off, the history is read first: should the test's
	// answer be lost, it tells what is new.
	const test = "get_connect_history run_test"

	for label, tc := range map[string]struct {
		title     string
		wasOn     bool
		change    func(*bench) connectapi.Change
		want      []string
		wantOn    bool
		mustBeOff bool
	}{
		"a new connect": {
			title: typeformToTwo, change: func(b *bench) connectapi.Change {
				return connectapi.Change{Steps: b.edits(typeformToTwo), Enabled: new(true), Pause: true}
			},
			want: []string{list, trigger, action, action, on}, wantOn: true,
		},
		"a live connect, all at once": {
			title: typeformToTwo, wasOn: true, mustBeOff: true, change: func(b *bench) connectapi.Change {
				return connectapi.Change{Name: "New", Steps: b.edits(typeformToTwo), Test: true, Enabled: new(true), Pause: true}
			},
			want: []string{list, off, name, trigger, action, action, test, on}, wantOn: true,
		},
		"a live connect whose switch is not managed is paused too": {
			title: sheetsToHubSpot, wasOn: true, mustBeOff: true, change: func(b *bench) connectapi.Change {
				return connectapi.Change{Steps: b.edits(sheetsToHubSpot)[1:], Pause: true}
			},
			want: []string{list, off, action, on, list}, wantOn: true,
		},
		"without a pause": {
			title: sheetsToHubSpot, wasOn: true, change: func(b *bench) connectapi.Change {
				return connectapi.Change{Steps: b.edits(sheetsToHubSpot), Enabled: new(true)}
			},
			want: []string{list, trigger, action}, wantOn: true,
		},
		"turning off comes before the edits, pause or not": {
			title: sheetsToHubSpot, wasOn: true, mustBeOff: true, change: func(b *bench) connectapi.Change {
				return connectapi.Change{Steps: b.edits(sheetsToHubSpot), Test: true, Enabled: new(false)}
			},
			want: []string{list, off, trigger, action, test},
		},
		"only turning on":  {title: sheetsToHubSpot, change: enable(true), want: []string{list, on}, wantOn: true},
		"only turning off": {title: sheetsToHubSpot, wasOn: true, change: enable(false), want: []string{list, off}},
		"already on":       {title: sheetsToHubSpot, wasOn: true, change: enable(true), want: []string{list}, wantOn: true},
		"already off":      {title: sheetsToHubSpot, change: enable(false), want: []string{list}},
		"only a name": {
			title: sheetsToHubSpot, wasOn: true, change: func(*bench) connectapi.Change { return connectapi.Change{Name: "New", Pause: true} },
			want: []string{list, name}, wantOn: true,
		},
		"the name it has": {
			title: sheetsToHubSpot, change: func(*bench) connectapi.Change { return connectapi.Change{Name: "Leads"} },
			want: []string{list},
		},
		"only a test of a live connect": {
			title: sheetsToHubSpot, wasOn: true, change: func(*bench) connectapi.Change { return connectapi.Change{Test: true, Pause: true} },
			want: []string{list, off, test, on, list}, wantOn: true,
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{RequireOffToEdit: tc.mustBeOff})
			made := b.create(tc.title, true, tc.wasOn)
			change := tc.change(b)
			outcome, err := b.Apply(t.Context(), made.ID, nil, change)
			if err != nil {
				t.Fatal(err)
			}

			// Each answer showed what was written, so nothing is read after it, but
			// for a switch that is not managed.
			if got, want := b.journal(), strings.Join(tc.want, " "); got != want {
				t.Errorf("calls\n got %s\nwant %s", got, want)
			}
			held := b.held(made.ID)
			if (held.Status == simulator.StatusOn) != tc.wantOn || outcome.On != tc.wantOn || outcome.Connect.On != tc.wantOn || outcome.Paused {
				t.Errorf("the connect is %s, the outcome says %+v", held.Status, outcome)
			}
			if outcome.Tested != change.Test || outcome.Renamed != (held.Name != made.Name) || len(outcome.Edited) != len(change.Steps) {
				t.Errorf("outcome: %+v", outcome)
			}
		})
	}
}

func enable(on bool) func(*bench) connectapi.Change {
	return func(*bench) connectapi.Change { return connectapi.Change{Enabled: new(on), Pause: true} }
}

// TestApplyActionsInOrder tells the two actions of a connect apart.
func TestApplyActionsInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	made := b.create(typeformToTwo, false, false)
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: b.edits(typeformToTwo), Enabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, e := range b.sim.Journal() {
		if e.Operation == "edit_action_options" {
			steps = append(steps, e.Params["stepId"])
		}
	}
	if len(steps) != 2 || steps[0] != made.Actions[0].StepID || steps[1] != made.Actions[1].StepID {
		t.Errorf("edited %v, want the actions of %+v in their order", steps, made.Actions)
	}
}

// TestApplyStops covers what ends a change without a fault of the service.
func TestApplyStops(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		wasOn, bare bool
		expire      bool
		change      connectapi.Change
		stage       connectapi.Stage
		want        string
		paused      bool
		check       func(*testing.T, error)
	}{
		"a failed test leaves a live connect paused": {
			wasOn: true, expire: true, change: connectapi.Change{Test: true, Pause: true, Enabled: new(true)},
			stage: connectapi.StageTest, want: "list_connects turn_off_connect get_connect_history run_test", paused: true, check: failedTest,
		},
		"a failed test leaves a new connect off": {
			expire: true, change: connectapi.Change{Test: true, Enabled: new(true)},
			stage: connectapi.StageTest, want: "list_connects get_connect_history run_test", check: failedTest,
		},
		"a refused test": {
			bare: true, change: connectapi.Change{Test: true, Enabled: new(true)},
			stage: connectapi.StageTest, want: "list_connects get_connect_history run_test", check: missingOptions,
		},
		"a refused turn-on": {
			bare: true, change: connectapi.Change{Enabled: new(true)},
			stage: connectapi.StageTurnOn, want: "list_connects turn_on_connect", check: missingOptions,
		},
		"an action that the connect does not have": {
			wasOn: true, change: connectapi.Change{Pause: true, Steps: []connectapi.StepChange{
				{Kind: connectapi.TriggerEvent}, {Kind: connectapi.ActionEvent, Position: 1},
			}},
			stage: connectapi.StageEdit, want: "list_connects", check: func(t *testing.T, err error) {
				t.Helper()
				missing, ok := errors.AsType[*connectapi.StepNotFoundError](err)
				if !ok || missing.Actions != 1 || !strings.Contains(err.Error(), "action number 2") {
					t.Errorf("error: %v", err)
				}
			},
		},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			made := b.create(sheetsToHubSpot, !tc.bare, tc.wasOn)
			if tc.expire && !b.sim.SetAccountStatus(made.Actions[0].AccountID, simulator.AccountExpired) {
				t.Fatal("no such account")
			}
			outcome, err := b.Apply(t.Context(), made.ID, nil, tc.change)
			stopped, ok := errors.AsType[*connectapi.ChangeError](err)
			if !ok || stopped.Stage != tc.stage {
				t.Fatalf("stopped by %v, want stage %q", err, tc.stage)
			}
			tc.check(t, err)
			if got := b.journal(); got != tc.want {
				t.Errorf("calls\n got %s\nwant %s", got, tc.want)
			}
			on := b.held(made.ID).Status == simulator.StatusOn
			if wantOn := tc.wasOn && !tc.paused; on != wantOn || outcome.On != on || outcome.Paused != tc.paused || outcome.Connect != nil || outcome.Tested {
				t.Errorf("on is %v, outcome %+v", on, outcome)
			}
		})
	}
}

func failedTest(t *testing.T, err error) {
	t.Helper()
	failed, ok := errors.AsType[*connectapi.TestFailedError](err)
	if !ok || len(failed.Failed) != 1 || failed.Failed[0].Status != "failed" || !strings.Contains(err.Error(), "connect it again") {
		t.Errorf("error: %v", err)
	}
}

func missingOptions(t *testing.T, err error) {
	t.Helper()
	refused, ok := errors.AsType[*connectapi.APIError](err)
	if !ok || !errors.Is(err, connectapi.ErrInvalid) || refused.Status != 400 || refused.RequestID == "" {
		t.Fatalf("error: %v", err)
	}
	for _, field := range []string{"trigger.spreadsheet", "trigger.worksheet", "trigger.accountId", "actions.0.email", "actions.0.accountId"} {
		if len(refused.Fields[field]) == 0 {
			t.Errorf("nothing about %s in %v", field, refused.Fields)
		}
	}
}

// TestApplyUnknownConnect reads twice before it believes that a connect is gone.
func TestApplyUnknownConnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	_, err := b.Apply(t.Context(), "0123456789abcdef01234567", nil, connectapi.Change{Enabled: new(true)})
	stopped, ok := errors.AsType[*connectapi.ChangeError](err)
	if !ok || stopped.Stage != connectapi.StageRead || !connectapi.IsNotFound(err) {
		t.Errorf("error: %v", err)
	}
	if got := b.journal(); got != strings.Repeat(" list_connects", 2)[1:] {
		t.Errorf("calls: %s", got)
	}
}

// TestRemove turns a live connect off before anything else.
func TestRemove(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		wasOn, keep bool
		want        string
	}{
		"live":           {wasOn: true, want: "list_connects turn_off_connect delete_connect"},
		"off":            {want: "list_connects delete_connect"},
		"live, but kept": {wasOn: true, keep: true, want: "list_connects turn_off_connect list_connects"},
		"off and kept":   {keep: true, want: "list_connects"},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{RequireOffToEdit: true})
			made := b.create(sheetsToHubSpot, true, tc.wasOn)
			if err := b.Remove(t.Context(), made.ID, tc.keep); err != nil {
				t.Fatal(err)
			}
			if got := b.journal(); got != tc.want {
				t.Errorf("calls\n got %s\nwant %s", got, tc.want)
			}
			held, exists := b.sim.Connect(made.ID)
			if exists != tc.keep || held.Status == simulator.StatusOn {
				t.Errorf("exists %v, %s", exists, held.Status)
			}
		})
	}
}
