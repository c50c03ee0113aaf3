package provider_test

import (
	"fmt"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
)

// manyConnects are count connects of one popular match, without accounts.
func manyConnects(t *testing.T, env *acctest.Env, count int) string {
	t.Helper()

	return fmt.Sprintf(`
variable "minute" {
  default = "15"
}

resource "appypie_connect" "many" {
  count            = %d
  name             = "Heartbeat ${count.index}"
  popular_match_id = %q
  enabled          = true
  trigger          = { options = { minute = var.minute } }
  actions          = [{ options = { url = "https://hooks.example.com/${count.index}" } }]
}
`, count, env.MatchID(t, acctest.ScheduleToWebhook))
}

// TestRequestBudgets counts what a run costs.
func TestRequestBudgets(t *testing.T) {
	t.Parallel()

	const (
		many = 120
		// pages is how many pages of a hundred hold them.
		pages = 2
	)

	env := acctest.New(t)
	tool := env.Project(t, map[string]string{"main.tf": manyConnects(t, env, many)})

	run := func(args ...string) map[string]int {
		env.ResetJournal()

		output, err := tool.Run(t.Context(), append(args, "-input=false")...)
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}

		return env.Sim.RequestCounts()
	}

	expect := func(phase string, got, exact, most map[string]int) {
		for operation, count := range got {
			want, isExact := exact[operation]
			limit, isLimited := most[operation]

			if isExact && count != want || isLimited && count > limit || !isExact && !isLimited {
				t.Errorf("%s: %d requests %s; exactly %v, at most %v", phase, count, operation, exact, most)
			}
		}

		for operation, want := range exact {
			if got[operation] != want {
				t.Errorf("%s: %d requests %s, want %d", phase, got[operation], operation, want)
			}
		}
	}

	// Plan and apply are processes of their own: each fetches the metadata of
	// the one popular match once.
	metadata := func(most map[string]int) map[string]int {
		for _, operation := range []string{"get_popular_match", "get_trigger", "get_action"} {
			most[operation] = 2
		}

		// Trigger and action are of two apps.
		most["get_app"], most["create_token"] = 4, 1

		return most
	}

	expect("create", run("apply", "-auto-approve"),
		map[string]int{"create_connect": many, "edit_trigger_options": many, "edit_action_options": many, "turn_on_connect": many},
		// Each connect is proven by one page at most.
		metadata(map[string]int{"list_connects": many + pages}))

	expect("no-op plan", run("plan", "-detailed-exitcode"),
		map[string]int{"list_connects": pages}, map[string]int{"create_token": 1})

	expect("update", run("apply", "-auto-approve", "-var=minute=30"),
		map[string]int{"turn_off_connect": many, "edit_trigger_options": many, "turn_on_connect": many},
		metadata(map[string]int{"list_connects": many + 2*pages}))

	expect("destroy", run("destroy", "-auto-approve", "-var=minute=30"),
		map[string]int{"turn_off_connect": many, "delete_connect": many},
		map[string]int{"list_connects": 4 * pages, "create_token": 1})
}
