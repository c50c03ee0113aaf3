package simulator_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// tags are left out where a test is about what a person reads.
var tags = regexp.MustCompile(`<[^>]*>|\s+`)

// history reads the history of the page as text, one line a group or an entry.
func (b *bench) history(query string) []string {
	b.t.Helper()
	_, text, _ := strings.Cut(b.overview(query), `<section id="history"`)
	text, _, _ = strings.Cut(text, "</section>")
	var lines []string
	for _, line := range regexp.MustCompile(`(?s)<summary>.*?</summary>|<li>.*?</li>|<p .*?</p>`).FindAllString(text, -1) {
		lines = append(lines, strings.Join(strings.Fields(tags.ReplaceAllString(line, " ")), " "))
	}
	return lines
}

func (b *bench) wantsHistory(query string, want ...string) {
	b.t.Helper()
	if got := b.history(query); !slices.Equal(got, want) {
		b.t.Errorf("the history is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const (
	terraform = "terraform-provider-appypie/1.0.0 Terraform/1.11.4"
	companion = "appypie/1.0.0"
)

// TestHistoryTellsEverything goes through the life of a connect.
func TestHistoryTellsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	as := func(agent, method, path string, body any) answer {
		t.Helper()
		return b.wants(b.api(method, path, body, "User-Agent", agent), http.StatusOK)
	}
	id := data[connectBody](t, as(terraform, http.MethodPost, "/connect/popular-match/"+b.match(hourlyWebhook).ID, object{"name": "First"})).ID
	as(terraform, http.MethodPut, "/connect/trigger-options/"+id, object{"options": object{"minute": "30"}})
	as(terraform, http.MethodPut, "/connect/trigger-options/"+id, object{"options": object{"minute": "45", "n": 5}})
	as(terraform, http.MethodPut, "/connect/name/"+id, object{"name": "Second"})
	as(companion, http.MethodPut, "/connect/turn-off/"+id, nil) // It is off.
	held, _ := b.sim.Connect(id)
	as(companion, http.MethodPut, "/connect/action-options/"+id+"/"+held.Actions[0].StepID, object{"options": object{"url": "https://a.example", "method": "POST"}})
	if err := b.sim.TestConnect(id); err != nil {
		t.Fatal(err)
	}
	b.sim.AddFault(simulator.Fault{Kind: simulator.FaultFailedTest, Message: "no answer"})
	as("curl/8", http.MethodPost, "/connect/test/"+id, nil)
	as(terraform, http.MethodPut, "/connect/turn-on/"+id, nil)
	if err := b.sim.RunConnect(id); err != nil {
		t.Fatal(err)
	}
	as(terraform, http.MethodPut, "/connect/turn-off/"+id, nil)
	b.sim.AddFault(simulator.Fault{Kind: simulator.FaultNotApplied, Operation: "delete_connect"})
	as(terraform, http.MethodDelete, "/connect/"+id, nil)
	b.sim.DeleteConnect(id)

	const at = "03:04:05 "
	b.wantsHistory("",
		at+"Second (gone) deleted by hand",
		at+"Terraform 1 off, under 1 s",
		at+"Second (gone) turned off",
		at+"Second (gone) ran by hand",
		at+"Terraform 1 on, under 1 s",
		at+"Second (gone) turned on",
		at+"API 1 failed the test, under 1 s",
		at+"Second (gone) failed the test: no answer",
		at+"Second (gone) tested by hand",
		at+"companion 1 edited, under 1 s",
		at+"Second (gone) edited: action 1 method nothing → POST , action 1 url nothing → https://a.example",
		at+"Terraform 1 made, 1 renamed, 1 edited, under 1 s",
		at+"Second (gone) renamed, was First",
		at+"First (gone) edited: trigger minute 30 → 45 , trigger n nothing → 5",
		at+"First (gone) edited: trigger minute nothing → 30",
		at+"First (gone) made",
	)
}

// TestHistoryGroups cuts the history where a client paused or a person came between.
func TestHistoryGroups(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	match := "/connect/popular-match/" + b.match(hourlyWebhook).ID
	makes := func(count int) {
		for n := range count {
			b.wants(b.api(http.MethodPost, match, object{"name": fmt.Sprintf("connect %d", n)}, "User-Agent", terraform), http.StatusOK)
			b.clock.Advance(500 * time.Millisecond)
		}
	}
	makes(21)
	b.clock.Advance(2 * time.Second)
	makes(1)
	b.sim.DeleteConnect(b.sim.Connects()[0].ID)
	makes(1)
	got := b.history("")
	groups := slices.DeleteFunc(slices.Clone(got), func(line string) bool { return strings.HasSuffix(line, " made") })
	want := []string{
		"03:04:18 Terraform 1 made, under 1 s", "03:04:18 connect 0 (gone) deleted by hand",
		"03:04:17 Terraform 1 made, under 1 s", "03:04:05 Terraform 21 made, 10 s", "All 21 entries",
	}
	if !slices.Equal(groups, want) {
		t.Errorf("groups\n%s", strings.Join(groups, "\n"))
	}
	if n := len(got) - len(groups); n != 22 {
		t.Errorf("%d entries are shown, want 20 of the first group and 2 others", n)
	}
	whole := b.history("?group=1")
	if len(whole) != 23 || whole[0] != "All of the history" || whole[22] != "03:04:05 connect 0 (gone) made" {
		t.Errorf("the first group\n%s", strings.Join(whole, "\n"))
	}
	b.wantsHistory("?group=999", "All of the history", "This part of the history is forgotten.")
}

func TestHistoryForgets(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	id := b.create(hourlyWebhook, "0").ID
	for n := range 10_000 {
		if err := b.sim.Edit(id, func(c *simulator.Connect) { c.Name = fmt.Sprint(n + 1) }); err != nil {
			t.Fatal(err)
		}
	}
	b.wantsHistory("?group=1", "All of the history", "This part of the history is forgotten.")
	b.wantsHistory("?group=10001", "All of the history", "03:04:05 10000 renamed, was 9999 by hand")
}

func TestHistoryOutlivesTheService(t *testing.T) {
	t.Parallel()
	cfg := simulator.Config{StateFile: filepath.Join(t.TempDir(), "state.json")}
	first := newBench(t, cfg)
	first.sim.DeleteConnect(first.create(hourlyWebhook, "Gone").ID)
	second := newBench(t, cfg)
	second.wantsHistory("?group=2", "All of the history", "03:04:05 Gone (gone) deleted by hand")
	second.create(hourlyWebhook, "New")
	second.wantsHistory("?group=3", "All of the history", "03:04:05 API 1 made, under 1 s", "03:04:05 New made")
}

// TestHistoryOfWhatComesLate tells of a request that was refused and done all the same.
func TestHistoryOfWhatComesLate(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.complete("c")
	b.sim.AddFault(simulator.Fault{Kind: simulator.FaultLateCommit, After: time.Minute})
	b.api(http.MethodPut, "/connect/turn-on/"+c.ID, nil, "User-Agent", terraform)
	b.clock.Advance(time.Minute)
	if got := b.history(""); got[0] != "03:05:05 Terraform 1 on, under 1 s" {
		t.Errorf("the history begins with %s", got[0])
	}
}

// TestHistoryShortens keeps a long value from filling the memory and the page.
func TestHistoryShortens(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c := b.create(sheetsToHubSpot, "c")
	b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": strings.Repeat("é", 500)}}), http.StatusOK)
	if got := b.history("")[1]; !strings.HasSuffix(got, "→ "+strings.Repeat("é", 80)+"…") {
		t.Errorf("the entry is %s", got)
	}
}
