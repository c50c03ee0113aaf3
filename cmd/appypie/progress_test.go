package main

import (
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// moves lets time pass while the browser is away, and then allows access.
func (b *bench) moves(times int) {
	b.ticks = make(chan time.Time)
	b.browse = func(link string) {
		for i := range times {
			select {
			case b.ticks <- time.Time{}.Add(time.Duration(i+1) * time.Minute):
			case <-b.t.Context().Done():
				return
			}
		}
		b.press(link, "allow")
	}
}

func TestWaitsSayThatTheyGoOn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		live bool
		want string
	}{
		"a login in a log":            {args: []string{"login"}, want: "\nWaiting for the browser: 1m0s of 5m0s\nWaiting for the browser: 2m0s of 5m0s\n"},
		"a login on a terminal":       {args: []string{"login"}, live: true, want: eraseLine + "Waiting for the browser: 1m0s of 5m0s" + eraseLine + "Waiting for the browser: 2m0s of 5m0s" + eraseLine},
		"an account in a log":         {args: []string{"accounts", "connect", "Slack"}, want: "\nWaiting for the browser: 1m0s of 5m0s\nWaiting for the browser: 2m0s of 5m0s\n"},
		"an account on a terminal":    {args: []string{"accounts", "connect", "Slack"}, live: true, want: "Waiting for the browser: 2m0s of 5m0s" + eraseLine},
		"the doctor in a log":         {args: []string{"doctor", "--probe", "--json"}, want: "Asking get_profile\nAsking list_categories\n"},
		"the doctor on a terminal":    {args: []string{"doctor", "--probe"}, live: true, want: eraseLine + "Asking get_profile" + eraseLine + "Asking list_categories" + eraseLine},
		"the doctor at its first try": {args: []string{"doctor"}, want: "Reaching http://127.0.0.1:"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if test.args[0] == "doctor" {
				b = doctorBench(t)
			} else if test.args[0] == "accounts" {
				b.vars["APPYPIE_ACCESS_TOKEN"] = b.env.Sim.IssueAccessToken()
			}
			b.live = test.live
			b.moves(2)
			r := b.must(test.args...)
			b.silent(r)
			if !strings.Contains(r.notices, test.want) {
				t.Errorf("notices:\n%q", r.notices)
			}
			if strings.Contains(r.out, "\x1b") || strings.Contains(r.out, "Asking") {
				t.Errorf("the progress is part of the outcome:\n%q", r.out)
			}
			// What follows the last line erased is at most the next step.
			if _, after, erased := cutLast(r.notices, eraseLine); test.live && (!erased || after != "" && !strings.HasPrefix(after, "Next: ")) {
				t.Errorf("the line is left behind:\n%q", r.notices)
			}
			if !test.live && strings.ContainsAny(r.notices, "\x1b\r") {
				t.Errorf("a log gets control characters:\n%q", r.notices)
			}
		})
	}
}

// What the person pastes stands on the line that would be written over.
func TestNothingIsWrittenIntoWhatIsPasted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.live = true
	b.ticks = make(chan time.Time, 1)
	b.ticks <- time.Now()
	r := b.paste(b.elsewhere, "login")
	if r.err != nil || strings.Contains(r.notices, "\x1b") || len(b.ticks) != 1 {
		t.Errorf("error %v, notices:\n%q", r.err, r.notices)
	}
}

// Each operation that writes is told too, because a test takes long.
func TestDoctorSaysWhatItWrites(t *testing.T) {
	t.Parallel()
	b := doctorBench(t)
	r := b.must("doctor", "--write", "--yes", "--popular-match", b.env.MatchID(t, acctest.ScheduleToWebhook))
	for _, operation := range b.env.Writes() {
		if !strings.Contains(r.notices, "Asking "+operation+"\n") {
			t.Errorf("nothing is said about %s:\n%s", operation, r.notices)
		}
	}
}

func TestOnlyATerminalIsWrittenOver(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		live bool
		vars map[string]string
		want bool
	}{
		"a terminal":       {live: true, want: true},
		"a log":            {},
		"NO_COLOR":         {live: true, vars: map[string]string{"NO_COLOR": "1"}},
		"a dumb terminal":  {live: true, vars: map[string]string{"TERM": "dumb"}},
		"a named terminal": {live: true, vars: map[string]string{"TERM": "xterm"}, want: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{t: t, live: test.live, vars: test.vars}
			if got := newProgress(b.machine(), &strings.Builder{}).live; got != test.want {
				t.Errorf("written over: %t", got)
			}
		})
	}
	if isTerminal(&strings.Builder{}) {
		t.Error("a buffer is taken for a terminal")
	}
}

// cutLast cuts a text around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}
