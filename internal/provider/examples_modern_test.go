package provider_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// The examples of actions are applied, and those that no apply triggers are
// invoked by hand, as their comments say.
func TestActionExamplesRun(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the examples name what the simulated catalog has")
	live := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "New leads to the CRM")
	if err := env.Sim.Edit(live.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
		t.Fatal(err)
	}

	tool := env.ModernProject(t, exampleModules(t, isAction))
	tool.Environment = append(tool.Environment, "TF_VAR_secret="+marked)
	output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false")
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, part := range []string{`Turning the connect "Hourly report, turned on by an action"`, `Testing the connect "Hourly report, tested by an action"`, "success"} {
		if !strings.Contains(output, part) {
			t.Errorf("the output lacks %q:\n%s", part, output)
		}
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}

	invoke := func(example, action string) {
		if output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false", "-invoke=module."+example+".action."+action); err != nil {
			t.Errorf("%v\n%s", err, output)
		}
	}
	invoke("appypie_connect_turn_off_action_in_use", `appypie_connect_turn_off.to_the_crm["`+live.ID+`"]`)
	want := map[string]string{
		"Hourly report, turned on by an action": simulator.StatusOn,
		"Hourly report, tested by an action":    simulator.StatusOff,
		live.Name:                               simulator.StatusOff,
	}

	got := map[string]string{}
	for _, connect := range env.Sim.Connects() {
		got[connect.Name] = connect.Status
	}
	if !maps.Equal(got, want) {
		t.Errorf("connects are %v, want %v", got, want)
	}
	if output, err := tool.Run(t.Context(), "destroy", "-auto-approve", "-input=false"); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestListExamplesFindConnects(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the test makes connects as a person would")

	env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	live := env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "New leads")
	if err := env.Sim.Edit(live.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
		t.Fatal(err)
	}

	files := map[string]string{"main.tf": "provider \"appypie\" {}\n"}
	for _, file := range exampleFiles(t, filepath.Join(examplesDir(), "list-resources", "appypie_connect"), ".hcl") {
		files[filepath.Base(file)] = readFile(t, file)
	}
	tool := env.ModernProject(t, files)
	output, err := tool.Run(t.Context(), "query")
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, part := range []string{"list.appypie_connect.all", "list.appypie_connect.live_leads", "Hourly"} {
		if !strings.Contains(output, part) {
			t.Errorf("the output lacks %q:\n%s", part, output)
		}
	}
	if times := strings.Count(output, live.ID); times != 2 {
		t.Errorf("%s was found %d times, want in both lists:\n%s", live.ID, times, output)
	}
}
