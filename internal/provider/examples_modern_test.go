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
	if output, err := tool.Run(t.Context(), "validate", "-no-color"); err != nil || strings.Contains(output, "Warning:") {
		t.Errorf("%v\n%s", err, output)
	}
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

// queryProject is a project with an account of two connects, "Hourly" and the live
// "New leads" of two actions, whose id it returns.
func queryProject(t *testing.T, files map[string]string) (*acctest.Env, *tfrun.Terraform, string) {
	t.Helper()
	env := acctest.New(t)
	env.NeedsSimulator(t, "the test makes connects as a person would")
	env.Sim.CreateConnect(env.MatchID(t, acctest.ScheduleToWebhook), "Hourly")
	live := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "New leads")
	if err := env.Sim.Edit(live.ID, func(c *simulator.Connect) {
		c.Status = simulator.StatusOn
		c.Trigger.AccountID = env.AccountID(t, "Typeform")
		c.Actions[0].Options = map[string]string{"email": "{{email}}"}
	}); err != nil {
		t.Fatal(err)
	}
	files["main.tf"] = "provider \"appypie\" {}\n"
	tool := env.ModernProject(t, files)
	return env, tool, live.ID
}

func TestListExamplesFindConnects(t *testing.T) {
	t.Parallel()
	files, lists := map[string]string{}, filepath.Join(examplesDir(), "list-resources")
	for _, file := range exampleFiles(t, lists, ".hcl") {
		files[filepath.Base(filepath.Dir(file))+"-"+filepath.Base(file)] = readFile(t, file)
	}
	_, tool, live := queryProject(t, files)
	output, err := tool.Run(t.Context(), "query")
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, typeName := range []string{"appypie_connect", "appypie_connect_activation", "appypie_trigger_options", "appypie_action_options"} {
		for _, name := range []string{"all", "live_leads"} {
			if part := "list." + typeName + "." + name; !strings.Contains(output, part) {
				t.Errorf("the output lacks %q:\n%s", part, output)
			}
		}
	}
	// Each list finds it, and those of actions find two of its.
	if times := strings.Count(output, live); times != 10 {
		t.Errorf("%s was found %d times, want 10:\n%s", live, times, output)
	}
}

// The query of the guide writes the form of four resources, which is imported
// without a change.
func TestFourResourcesAreAdoptedByAQuery(t *testing.T) {
	t.Parallel()
	query := readFile(t, filepath.Join(examplesDir(), "guides", "four-resources", "adopt.tfquery.hcl"))
	env, tool, live := queryProject(t, map[string]string{"adopt.tfquery.hcl": query})
	env.ResetJournal()
	if output, err := tool.Run(t.Context(), "query", "-generate-config-out=adopted.tf"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	adopted := acctest.ReadFile(t, tool, "adopted.tf")
	if blocks := strings.Count(adopted, "\nresource \""); blocks < 4 || !strings.Contains(adopted, "bare/"+live) {
		t.Errorf("the query wrote:\n%s", adopted)
	}
	output, err := tool.Run(t.Context(), "apply", "-auto-approve", "-input=false")
	if want := "5 imported, 0 added, 0 changed, 0 destroyed"; err != nil || !strings.Contains(output, want) {
		t.Fatalf("want %q: %v\n%s\n%s", want, err, output, adopted)
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if writes := env.Writes(); len(writes) > 0 {
		t.Errorf("adopting wrote %v", writes)
	}
}
