package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestDoctorWrites(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		match string
		args  []string
		want  []string
	}{
		"no account is needed": {
			match: acctest.ScheduleToWebhook,
			want:  []string{"create_connect", "update_connect_name", "edit_trigger_options", "edit_action_options", "turn_on_connect", "turn_off_connect", "delete_connect"},
		},
		"accounts, choices and a test": {
			match: acctest.SheetsToHubSpot, args: []string{"--test"},
			want: []string{"create_connect", "update_connect_name", "edit_trigger_options", "edit_action_options", "run_test", "turn_on_connect", "turn_off_connect", "delete_connect"},
		},
		"two actions": {
			match: acctest.TypeformToMailchimpAndSlack,
			want:  []string{"create_connect", "update_connect_name", "edit_trigger_options", "edit_action_options", "edit_action_options", "turn_on_connect", "turn_off_connect", "delete_connect"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := doctorBench(t)
			kept := b.env.Sim.CreateConnect(b.env.MatchID(t, test.match), "Leads")
			read, r := b.report(append([]string{"--write", "--yes", "--popular-match", b.env.MatchID(t, test.match)}, test.args...)...)
			if r.err != nil || !read.OK {
				t.Errorf("error %v, findings %+v", r.err, read.Writes)
			}
			for _, f := range read.Writes {
				if f.Verdict != verdictAssumed && (f.Verdict != verdictSkipped || f.Operation != dialect.RunTest) {
					t.Errorf("%+v", f)
				}
			}
			if got := b.env.Writes(); !slices.Equal(got, test.want) {
				t.Errorf("the writes were %v", got)
			}
			if left := b.env.Sim.Connects(); len(left) != 1 || left[0].ID != kept.ID || len(read.Reads) != 0 {
				t.Errorf("connects %+v", left)
			}
		})
	}
}

// Whatever fails, no connect is left and the operation is named.
func TestDoctorLeavesNoConnectBehind(t *testing.T) {
	t.Parallel()
	failure := simulator.Fault{Kind: simulator.FaultStatus, Status: 500}
	tests := map[string]struct {
		operation dialect.Operation
		fault     simulator.Fault
		verdict   verdict
		want      string
	}{
		"create fails":                 {dialect.CreateConnect, failure, verdictFailed, "HTTP 500"},
		"the answer of create is lost": {dialect.CreateConnect, simulator.Fault{Kind: simulator.FaultResetAfterCommit}, verdictFailed, "no answer"},
		"create answers half":          {dialect.CreateConnect, simulator.Fault{Kind: simulator.FaultMalformedBody}, verdictUnexpected, "not JSON"},
		"rename fails":                 {dialect.UpdateConnectName, failure, verdictFailed, "HTTP 500"},
		"the trigger's edit fails":     {dialect.EditTriggerOptions, failure, verdictFailed, "HTTP 500"},
		"the action's edit is ignored": {dialect.EditActionOptions, simulator.Fault{Kind: simulator.FaultNotApplied}, verdictUnexpected, "none of the options"},
		"turning on is ignored":        {dialect.TurnOnConnect, simulator.Fault{Kind: simulator.FaultNotApplied}, verdictUnexpected, "the connect is off"},
		"turning off fails":            {dialect.TurnOffConnect, failure, verdictFailed, "HTTP 500"},
		"turning off is ignored":       {dialect.TurnOffConnect, simulator.Fault{Kind: simulator.FaultNotApplied}, verdictUnexpected, "the connect is on"},
		"delete fails once":            {dialect.DeleteConnect, failure, verdictFailed, "HTTP 500"},
		"delete is ignored once":       {dialect.DeleteConnect, simulator.Fault{Kind: simulator.FaultNotApplied}, verdictUnexpected, "still there"},
		"a login page":                 {dialect.EditTriggerOptions, simulator.Fault{Kind: simulator.FaultHTML}, verdictUnexpected, "a web page"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := looseBench(t, func(cfg *simulator.Config) { cfg.RequireOffToEdit = true })
			test.fault.Operation = string(test.operation)
			b.env.Sim.AddFault(test.fault)
			read, r := b.report("--write", "--yes", "--popular-match", b.env.MatchID(t, acctest.ScheduleToWebhook))
			b.fails(r, exitFailure, "do not work")
			if f := findingFor(t, read.Writes, test.operation); f.Verdict != test.verdict || !strings.Contains(f.Detail, test.want) {
				t.Errorf("%+v", f)
			}
			if left := b.env.Sim.Connects(); len(left) != 0 || read.LeftBehind != nil {
				t.Errorf("left: %+v, reported: %+v", left, read.LeftBehind)
			}
		})
	}
}

func TestDoctorTellsWhatItLeavesBehind(t *testing.T) {
	t.Parallel()
	for name, bench := range map[string]func(*testing.T) *bench{
		"deleting fails": func(t *testing.T) *bench {
			t.Helper()
			b := doctorBench(t)
			b.env.Sim.AddFault(simulator.Fault{Operation: "delete_connect", Kind: simulator.FaultStatus, Status: 500, Times: -1})
			return b
		},
		"deleting is elsewhere": func(t *testing.T) *bench {
			t.Helper()
			return moved(t, map[string]string{"delete_connect": "DELETE /connects/{connectId}/remove"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bench(t)
			args := []string{"--write", "--yes", "--popular-match", b.env.MatchID(t, acctest.ScheduleToWebhook)}
			read, r := b.report(args...)
			b.fails(r, exitFailure, "a connect is left behind")
			left := b.env.Sim.Connects()
			if len(left) != 1 || read.LeftBehind == nil || read.LeftBehind.ID != left[0].ID || left[0].Status != simulator.StatusOff {
				t.Errorf("left: %+v, reported: %+v", left, read.LeftBehind)
			}
			if text := b.run(append([]string{"doctor"}, args...)...).out; !strings.Contains(text, "Left behind: the connect \"appypie doctor") {
				t.Errorf("the table:\n%s", text)
			}
		})
	}
}

func TestDoctorSaysWhyAConnectCannotBeTurnedOn(t *testing.T) {
	t.Parallel()
	b := doctorBench(t)
	for _, account := range b.env.Sim.Accounts() {
		b.env.Sim.RemoveAccount(account.ID)
	}
	read, r := b.report("--write", "--yes", "--popular-match", b.env.MatchID(t, acctest.SheetsToHubSpot))
	if f := findingFor(t, read.Writes, dialect.TurnOnConnect); f.Verdict != verdictSkipped || !strings.Contains(f.Detail, "no connected account of Google Sheets") {
		t.Errorf("error %v, %+v", r.err, f)
	}
	if left := b.env.Sim.Connects(); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}
