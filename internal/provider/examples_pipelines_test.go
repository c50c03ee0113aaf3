package provider_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// stepPattern finds the commands of Terraform in a pipeline, GitHub's or GitLab's.
var stepPattern = regexp.MustCompile(`(?m)^ +- (?:run: )?(terraform .+)$`)

// What the pipelines of the guide run is run here, in the order in which a change
// meets it: planned, applied, watched. Then a person's hand on the switch has to
// fail the watching, with the code that the guide promises.
func TestPipelinesRun(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"github-actions.yml", "gitlab-ci.yml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			example := readFile(t, filepath.Join(examplesDir(), "resources", "appypie_connect", "resource.tf"))
			tool := env.Project(t, map[string]string{"main.tf": example})
			tool.Environment = append(tool.Environment, "TF_INPUT=false", "TF_IN_AUTOMATION=true")

			var steps []string
			for _, match := range stepPattern.FindAllStringSubmatch(readFile(t, filepath.Join(examplesDir(), "guides", "ci-cd", name)), -1) {
				steps = append(steps, match[1])
			}
			const watch = "terraform plan -detailed-exitcode"
			for _, needed := range []string{"terraform init", "terraform validate", "terraform plan", "terraform apply -auto-approve", watch} {
				if !slices.Contains(steps, needed) {
					t.Errorf("%s does not run %s", name, needed)
				}
			}
			run := func(step string, want int) {
				cmd := tool.Command(t.Context(), strings.Fields(strings.TrimPrefix(step, "terraform "))...)
				if output, code, err := tfrun.Call(t.Context(), cmd); err != nil || code != want {
					t.Fatalf("%s ended with %d, want %d: %v\n%s", step, code, want, err, output)
				}
			}
			for _, step := range steps {
				run(step, 0)
			}
			if err := env.Sim.Edit(env.Sim.Connects()[0].ID, func(c *simulator.Connect) { c.Status = simulator.StatusOff }); err != nil {
				t.Fatal(err)
			}
			run(watch, tfrun.PlanChanges)
		})
	}
}
