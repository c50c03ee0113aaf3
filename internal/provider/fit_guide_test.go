package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// spaces are what a terminal and a page break differently.
var spaces = regexp.MustCompile(`\s+`)

func oneLine(text string) string { return strings.TrimSpace(spaces.ReplaceAllString(text, " ")) }

// TestGuideFitsTheProvider takes the steps of the guide, from the first failing
// call to an applied connect. What the guide shows is what the provider says.
func TestGuideFitsTheProvider(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, acctest.WithDialect(simulator.DialectRPC))
	env.NeedsSimulator(t, "the guide's service is a simulated one")
	guide, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "fit-the-provider.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "fit-the-provider.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	driver := func(file string) *acctest.Driver {
		settings := map[string]any{"dialect": nil}
		if file != "" {
			text, err := os.ReadFile(filepath.Join(examplesDir(), file))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(guide), "examples/"+file) {
				t.Errorf("the guide does not show examples/%s", file)
			}
			settings["dialect"] = string(text)
		}
		return env.DriverWith(t, settings)
	}
	env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "From the editor")
	next := 0
	fails := func(file, typeName string) {
		t.Helper()
		_, diags := driver(file).ReadData(t.Context(), typeName, nil)
		if next == len(shown) {
			t.Fatalf("%q: the guide shows no message for\n%s", file, diags)
		}
		want := oneLine(shown[next][1])
		next++
		if !strings.Contains(oneLine(diags.String()), want) {
			t.Errorf("%q: the guide shows\n%s\nand the provider says\n%s", file, want, diags)
		}
	}
	works := func(file, typeName string) {
		t.Helper()
		if _, diags := driver(file).ReadData(t.Context(), typeName, nil); diags.HasError() {
			t.Errorf("%s:\n%s", file, diags)
		}
	}
	const steps = "guides/fit-the-provider/"
	fails("", "appypie_profile")
	fails(steps+"1-request.yaml", "appypie_profile")
	works(steps+"2-answer.yaml", "appypie_profile")
	fails(steps+"2-answer.yaml", "appypie_connects")
	works(steps+"3-list.yaml", "appypie_connects")
	whole := driver("dialects/rpc.yaml")
	config := map[string]any{
		"name": "Heartbeat", "popular_match_id": env.MatchID(t, acctest.ScheduleToWebhook), "enabled": true,
		"trigger": map[string]any{"options": map[string]any{"minute": "15"}},
		"actions": []any{map[string]any{"options": map[string]any{"url": "https://hooks.example.com/1"}}},
	}
	held, diags := whole.Create(t.Context(), "appypie_connect", config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	whole.MustPlanNothing(t.Context(), held, config)
	if next != len(shown) {
		t.Errorf("the guide shows %d messages, %d were looked at", len(shown), next)
	}
}
