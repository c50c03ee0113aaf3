package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// The quickstart's parts that the demonstration speaks of.
const (
	connectCount  = 3
	driftingName  = "leads"
	importAddress = "appypie_connect.leads"
	secretName    = "demo_requests"
	// signingSecret is what the quickstart must not store anywhere.
	signingSecret = "swordfish-5f1c2e" //nolint:gosec // invented, and unlike anything else so that it can be searched for.
)

// demonstration is the story: each step does one thing and insists on its outcome.
type demonstration struct {
	out     *printer
	tf      *tfrun.Terraform
	service *simulator.Server
	ids     map[string]string // of the connects, by their name in the configuration
	pause   *pause            // nil waits for nobody
	built   time.Duration     // what came before the steps
	shown   []shown
}

type step struct {
	heading string
	do      func(context.Context) error
}

// shown is what a step took.
type shown struct {
	heading  string
	requests int
	took     time.Duration
}

// steps are all steps; the last one removes everything, unless it is kept.
func (d *demonstration) steps(keep bool) []step {
	all := []step{
		{"Install the provider and check the configuration", d.prepare},
		{"Plan three connects", d.planAll},
		{"Apply: create, configure, test, turn on", d.apply},
		{"Plan again: nothing to do", d.planNothing},
		{"A person turns a connect off in the web editor; the plan shows it", d.drift},
		{"Apply turns it on again", d.repair},
		{"Forget a connect and import it", d.reimport},
	}
	if keep {
		return all
	}
	return append(all, step{"Destroy", d.destroy})
}

// play goes through the steps.
func (d *demonstration) play(ctx context.Context, steps []step) error {
	for _, step := range steps {
		if d.pause != nil {
			d.out.line("\nEnter for the next step. The page: %s", d.service.URL)
			if err := d.pause.wait(ctx); err != nil {
				return err
			}
		}
		before := d.service.Summary().Requests
		started := time.Now()
		d.out.heading(step.heading)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.heading, err)
		}
		took := time.Since(started)
		d.shown = append(d.shown, shown{step.heading, d.service.Summary().Requests - before, took})
	}
	return nil
}

// run shows a command of Terraform and runs it.
func (d *demonstration) run(ctx context.Context, args ...string) (string, error) {
	d.out.command("terraform " + strings.Join(args, " "))
	return d.tf.Run(ctx, args...)
}

// show is run, and shows what tells of the output.
func (d *demonstration) show(ctx context.Context, args ...string) error {
	output, err := d.run(ctx, args...)
	d.out.excerpt(output)
	return err
}

// plan shows a plan, which finds changes or none, and saves it for an apply.
func (d *demonstration) plan(ctx context.Context, want int) error {
	d.out.command("terraform plan -out=" + tfrun.PlanFile)
	output, err := d.tf.Plan(ctx, want)
	d.out.excerpt(output)
	return err
}

// applyPlan carries out the last plan.
func (d *demonstration) applyPlan(ctx context.Context) error {
	return d.show(ctx, "apply", "-input=false", tfrun.PlanFile)
}

func (d *demonstration) prepare(ctx context.Context) error {
	if err := d.show(ctx, "init", "-input=false"); err != nil {
		return err
	}
	return d.show(ctx, "validate")
}

func (d *demonstration) planAll(ctx context.Context) error {
	if err := d.plan(ctx, tfrun.PlanChanges); err != nil {
		return err
	}
	return d.holds(0)
}

func (d *demonstration) apply(ctx context.Context) error {
	if err := d.applyPlan(ctx); err != nil {
		return err
	}
	output, err := d.run(ctx, "output", "-json", "connect_ids")
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(output), &d.ids); err != nil {
		return fmt.Errorf("read the output connect_ids: %w", err)
	}
	if err := d.holds(connectCount); err != nil {
		return err
	}
	return d.secretIsKept(ctx)
}

// holds insists that the service holds so many connects, all of them on.
func (d *demonstration) holds(want int) error {
	held := d.service.Connects()
	if len(held) != want {
		return fmt.Errorf("the service holds %d connects instead of %d", len(held), want)
	}
	for _, connect := range held {
		if connect.Status != simulator.StatusOn {
			return fmt.Errorf("the connect %q is %s in the service", connect.Name, connect.Status)
		}
		d.out.line("in the service: %s is %s", connect.Name, d.out.status(connect.Status))
	}
	if want == 0 {
		d.out.line("in the service: no connects")
	}
	return nil
}

// secretIsKept insists that the secret reached the service and neither the plan
// nor the state.
func (d *demonstration) secretIsKept(ctx context.Context) error {
	connect, _ := d.service.Connect(d.ids[secretName])
	if len(connect.Actions) != 1 || connect.Actions[0].Options["signing_secret"] != signingSecret {
		return fmt.Errorf("the signing secret did not reach the connect %q", connect.Name)
	}
	for _, args := range [][]string{{"show", "-json", tfrun.PlanFile}, {"show", "-json"}, {"state", "pull"}} {
		output, err := d.run(ctx, args...)
		if err != nil {
			return err
		}
		if strings.Contains(output, signingSecret) {
			return fmt.Errorf("the signing secret is in what `terraform %s` prints", strings.Join(args, " "))
		}
	}
	d.out.line("the signing secret is in the service, and neither in the plan nor in the state")
	return nil
}

func (d *demonstration) planNothing(ctx context.Context) error {
	return d.plan(ctx, tfrun.PlanEmpty)
}

func (d *demonstration) drift(ctx context.Context) error {
	id := d.ids[driftingName]
	if err := d.service.Edit(id, func(c *simulator.Connect) { c.Status = simulator.StatusOff }); err != nil {
		return err
	}
	held, _ := d.service.Connect(id)
	d.out.line("in the service: %s is %s", held.Name, d.out.status(held.Status))
	return d.plan(ctx, tfrun.PlanChanges)
}

func (d *demonstration) repair(ctx context.Context) error {
	if err := d.applyPlan(ctx); err != nil {
		return err
	}
	if err := d.holds(connectCount); err != nil {
		return err
	}
	return d.planNothing(ctx)
}

func (d *demonstration) reimport(ctx context.Context) error {
	if err := d.show(ctx, "state", "rm", importAddress); err != nil {
		return err
	}
	if err := d.show(ctx, "import", "-input=false", importAddress, d.ids[driftingName]); err != nil {
		return err
	}
	return d.planNothing(ctx)
}

func (d *demonstration) destroy(ctx context.Context) error {
	if err := d.show(ctx, "destroy", "-input=false", "-auto-approve"); err != nil {
		return err
	}
	return d.holds(0)
}

// summary ends with what was made, the requests and the time of each step.
func (d *demonstration) summary() error {
	used := d.service.Summary()
	made := used.RequestsBy["create_connect"]
	if made != connectCount {
		return fmt.Errorf("%d connects were made instead of %d", made, connectCount)
	}
	var table strings.Builder
	var total time.Duration
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(columns, "requests\ttime\t  step")
	for _, one := range d.shown {
		total += one.took
		_, _ = fmt.Fprintf(columns, "%d\t%.1f s\t  %s\n", one.requests, one.took.Seconds(), one.heading)
	}
	if err := columns.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	d.out.title("What it took")
	d.out.line("%s", strings.TrimRight(table.String(), "\n"))
	count := func(operations ...string) (n int) {
		for _, operation := range operations {
			n += used.RequestsBy[operation]
		}
		return n
	}
	d.out.line("of them %d made, %d edited, %d tested, %d turned on and %d deleted a connect",
		made, count("edit_trigger_options", "edit_action_options"), count("run_test"), count("turn_on_connect"), count("delete_connect"))
	d.out.title(fmt.Sprintf("Done: %d connects made, %d requests, %.0f s (and %.0f s to build)",
		made, used.Requests, total.Seconds(), d.built.Seconds()))
	return nil
}
