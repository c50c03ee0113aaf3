package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
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
	service *service
	space   *workspace
	ids     map[string]string // of the connects, by their name in the configuration
}

type step struct {
	heading string
	do      func(context.Context) error
}

func (d *demonstration) steps() []step {
	return []step{
		{"Install the provider and check the configuration (init, validate)", d.prepare},
		{"Plan three connects", d.planAll},
		{"Apply: create, configure, test, turn on", d.apply},
		{"Plan again: nothing to do", d.planNothing},
		{"A person turns a connect off in the web editor; the plan shows it", d.drift},
		{"Apply turns it on again", d.repair},
		{"Forget a connect and import it", d.reimport},
		{"Destroy", d.destroy},
	}
}

func (d *demonstration) prepare(ctx context.Context) error {
	d.tf.Environment = append(d.tf.Environment, "TF_VAR_signing_secret="+signingSecret)
	for _, args := range [][]string{{"init", "-input=false"}, {"validate"}} {
		output, err := d.tf.Run(ctx, args...)
		if err != nil {
			return err
		}
		d.out.excerpt(output)
	}
	return nil
}

func (d *demonstration) planAll(ctx context.Context) error {
	output, err := d.tf.Plan(ctx, tfrun.PlanChanges)
	if err != nil {
		return err
	}
	d.out.excerpt(output)
	return d.holds(ctx, 0)
}

func (d *demonstration) apply(ctx context.Context) error {
	output, err := d.tf.Apply(ctx)
	if err != nil {
		return err
	}
	d.out.excerpt(output)
	if err := d.readIDs(ctx); err != nil {
		return err
	}
	if err := d.holds(ctx, connectCount); err != nil {
		return err
	}
	return d.secretIsKept(ctx)
}

// readIDs takes the ids of the connects from the output of the configuration.
func (d *demonstration) readIDs(ctx context.Context) error {
	output, err := d.tf.Run(ctx, "output", "-json", "connect_ids")
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(output), &d.ids); err != nil {
		return fmt.Errorf("read the output connect_ids: %w", err)
	}
	return nil
}

// holds insists that the service holds so many connects, all of them on.
func (d *demonstration) holds(ctx context.Context, want int) error {
	held, err := d.service.connects(ctx)
	if err != nil {
		return err
	}
	if len(held) != want {
		return fmt.Errorf("the service holds %d connects instead of %d", len(held), want)
	}
	for _, connect := range held {
		if connect.Status != "ON" {
			return fmt.Errorf("the connect %q is %s in the service", connect.Name, connect.Status)
		}
		d.out.line("in the service: %s is %s", connect.Name, connect.Status)
	}
	if want == 0 {
		d.out.line("in the service: no connects")
	}
	return nil
}

// secretIsKept insists that the secret reached the service and neither the plan
// nor the state.
func (d *demonstration) secretIsKept(ctx context.Context) error {
	connect, err := d.service.connect(ctx, d.ids[secretName])
	if err != nil {
		return err
	}
	if len(connect.Actions) != 1 || connect.Actions[0].Options["signing_secret"] != signingSecret {
		return fmt.Errorf("the signing secret did not reach the connect %q", connect.Name)
	}
	for _, args := range [][]string{{"show", "-json", tfrun.PlanFile}, {"show", "-json"}, {"state", "pull"}} {
		output, err := d.tf.Run(ctx, args...)
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
	output, err := d.tf.Plan(ctx, tfrun.PlanEmpty)
	d.out.excerpt(output)
	return err
}

func (d *demonstration) drift(ctx context.Context) error {
	if err := d.service.turnOff(ctx, d.ids[driftingName]); err != nil {
		return err
	}
	output, err := d.tf.Plan(ctx, tfrun.PlanChanges)
	d.out.excerpt(output)
	return err
}

func (d *demonstration) repair(ctx context.Context) error {
	output, err := d.tf.Apply(ctx)
	if err != nil {
		return err
	}
	d.out.excerpt(output)
	if err := d.holds(ctx, connectCount); err != nil {
		return err
	}
	return d.planNothing(ctx)
}

func (d *demonstration) reimport(ctx context.Context) error {
	for _, args := range [][]string{
		{"state", "rm", importAddress},
		{"import", "-input=false", importAddress, d.ids[driftingName]},
	} {
		output, err := d.tf.Run(ctx, args...)
		if err != nil {
			return err
		}
		d.out.excerpt(output)
	}
	return d.planNothing(ctx)
}

func (d *demonstration) destroy(ctx context.Context) error {
	output, err := d.tf.Run(ctx, "destroy", "-input=false", "-auto-approve")
	if err != nil {
		return err
	}
	d.out.excerpt(output)
	return d.holds(ctx, 0)
}

func (d *demonstration) summary(ctx context.Context, building, showing time.Duration) error {
	used, err := d.service.usage(ctx)
	if err != nil {
		return err
	}
	made := used.ByOperation["create_connect"]
	if made != connectCount {
		return fmt.Errorf("%d connects were made instead of %d", made, connectCount)
	}
	d.out.title(fmt.Sprintf("Done: %d connects made, %d requests, %.0f s (and %.0f s to build)",
		made, used.Requests, showing.Seconds(), building.Seconds()))
	return nil
}
