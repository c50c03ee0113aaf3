package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
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

// manyInFour are the same connects in the form of four resources.
func manyInFour(t *testing.T, env *acctest.Env, count int) string {
	t.Helper()
	return fmt.Sprintf(`
variable "minute" {
  default = "15"
}

resource "appypie_connect" "many" {
  count            = %d
  name             = "Heartbeat ${count.index}"
  popular_match_id = %q
}

resource "appypie_trigger_options" "many" {
  count      = length(appypie_connect.many)
  connect_id = appypie_connect.many[count.index].id
  options    = { minute = var.minute }
}

resource "appypie_action_options" "many" {
  count      = length(appypie_connect.many)
  connect_id = appypie_connect.many[count.index].id
  options    = { url = "https://hooks.example.com/${count.index}" }
}

resource "appypie_connect_activation" "many" {
  count      = length(appypie_connect.many)
  connect_id = appypie_connect.many[count.index].id
  revisions  = [appypie_trigger_options.many[count.index].revision, appypie_action_options.many[count.index].revision]
}
`, count, env.MatchID(t, acctest.ScheduleToWebhook))
}

// readings in a budget are further listings that are allowed each three seconds:
// an edit builds on no older reading.
const (
	readings     = "readings"
	readingsLast = 3 * time.Second
)

// TestRequestBudgets counts what a run costs, in both forms. The margin is for
// the answers that each operation is checked by at first, ten at a time.
func TestRequestBudgets(t *testing.T) {
	t.Parallel()
	for form, tc := range map[string]struct {
		config               func(*testing.T, *acctest.Env, int) string
		many, pageSize       int
		createMargin, margin int
		createReadings       int
	}{
		"one block":      {config: manyConnects, many: 120, pageSize: 100, margin: 10},
		"four resources": {config: manyInFour, many: 40, pageSize: 20, margin: 20, createMargin: 20, createReadings: 1},
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			many, pages := tc.many, tc.many/tc.pageSize+min(tc.many%tc.pageSize, 1)
			// One listing a hundred writes is for checking answers.
			verification := func(writes int) int { return pages * ((writes + 99) / 100) }

			env := acctest.New(t, acctest.WithSimulator(func(c *simulator.Config) { c.PageLimit = tc.pageSize }))
			b := budget{env: env, tool: env.Project(t, map[string]string{"main.tf": tc.config(t, env, many)})}
			b.check(t, "create", []string{"apply", "-auto-approve"},
				map[string]int{"create_connect": many, "edit_trigger_options": many, "edit_action_options": many, "turn_on_connect": many},
				map[string]int{"list_connects": verification(4*many) + tc.createMargin, readings: pages * tc.createReadings})
			b.check(t, "no-op plan", []string{"plan", "-detailed-exitcode"},
				map[string]int{"list_connects": pages}, map[string]int{})
			b.check(t, "update", []string{"apply", "-auto-approve", "-var=minute=30"},
				map[string]int{"turn_off_connect": many, "edit_trigger_options": many, "turn_on_connect": many},
				map[string]int{"list_connects": pages + verification(3*many) + tc.margin, readings: pages})
			b.check(t, "destroy", []string{"destroy", "-auto-approve", "-var=minute=30"},
				map[string]int{"turn_off_connect": many, "delete_connect": many},
				map[string]int{"list_connects": 2*pages + tc.margin, readings: pages})
		})
	}
}

type budget struct {
	env  *acctest.Env
	tool *tfrun.Terraform
}

// check runs Terraform and compares the requests with those that are expected,
// exactly or at most. Beside these, plan and apply are processes of their own, of
// which each may fetch the metadata of the one popular match once.
func (b budget) check(t *testing.T, phase string, args []string, exact, most map[string]int) {
	t.Helper()
	metadata := map[string]int{"create_token": 1, "get_popular_match": 2, "get_trigger": 2, "get_action": 2, "get_app": 4}
	b.env.ResetJournal()
	began := time.Now()
	if output, err := b.tool.Run(t.Context(), append(args, "-input=false")...); err != nil {
		t.Fatalf("%s: %v\n%s", phase, err, output)
	}

	got := b.env.Sim.RequestCounts()
	most["list_connects"] += most[readings] * (1 + int(time.Since(began)/readingsLast))
	for operation, want := range exact {
		if got[operation] != want {
			t.Errorf("%s: %d requests %s, want %d", phase, got[operation], operation, want)
		}
	}
	for operation, count := range got {
		if _, isExact := exact[operation]; !isExact && count > most[operation]+metadata[operation] {
			t.Errorf("%s: %d requests %s, at most %d", phase, count, operation, most[operation]+metadata[operation])
		}
	}
}

// TestRequestBudgetsOfDialects counts the same for services of other dialects.
//
// Plan and apply may list once each. REST: the list hides the options, so that each connect is asked for by itself,
// once in a refresh and once before an edit. RPC: an edit does not answer the
// connect, so that each needs a listing after it: at most two for each connect,
// and fewer where several share one.
func TestRequestBudgetsOfDialects(t *testing.T) {
	t.Parallel()
	const many, pageSize, pages = 40, 20, 2
	for spoken, most := range map[simulator.Dialect]struct{ alone, create, update int }{
		simulator.DialectRPC:  {0, 2 * many * pages, 2*many*pages + pages},
		simulator.DialectREST: {many, pages, 2 * pages},
	} {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithDialect(spoken), acctest.WithSimulator(func(c *simulator.Config) { c.PageLimit = pageSize }))
			b := budget{env: env, tool: env.Project(t, map[string]string{"main.tf": manyConnects(t, env, many)})}
			b.check(t, "create", []string{"apply", "-auto-approve"},
				map[string]int{"create_connect": many, "edit_trigger_options": many, "edit_action_options": many, "turn_on_connect": many},
				map[string]int{"list_connects": most.create})
			b.check(t, "no-op plan", []string{"plan", "-detailed-exitcode"},
				map[string]int{"list_connects": pages, "get_connect": most.alone}, map[string]int{})
			b.check(t, "update", []string{"apply", "-auto-approve", "-var=minute=30"},
				map[string]int{"turn_off_connect": many, "edit_trigger_options": many, "turn_on_connect": many, "get_connect": 2 * most.alone},
				map[string]int{"list_connects": most.update})
			b.check(t, "destroy", []string{"destroy", "-auto-approve", "-var=minute=30"},
				map[string]int{"turn_off_connect": many, "delete_connect": many, "get_connect": most.alone},
				map[string]int{"list_connects": 2 * pages})
		})
	}
}
