package acctest

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is what a plan would do.
type Action string

// The actions of a plan, in Terraform's words.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Plan is the planned change of one resource.
type Plan struct {
	Action Action
	// Attributes is the planned state, with Unknown for what apply will tell;
	// nil when the resource is to be deleted.
	Attributes map[string]any
	// Replaces lists the attributes that cannot be changed in place.
	Replaces []string

	prior   *Resource
	config  tftypes.Value
	planned tftypes.Value
	private []byte
	ident   *tfprotov6.ResourceIdentityData
}

// Get follows a path of attribute names, map keys and list indexes.
func (p *Plan) Get(path ...string) any { return pick(any(p.Attributes), path...) }

// Plan validates a configuration and plans the way from prior to it, nil when
// there are errors. Prior may be absent; a nil configuration plans the deletion.
func (d *Driver) Plan(ctx context.Context, prior *Resource, config map[string]any) (*Plan, Diagnostics) {
	d.t.Helper()
	d.restart(ctx)
	schema := d.resourceSchema(prior.Type)
	if config == nil {
		return d.plan(ctx, prior, tftypes.NewValue(schema.ValueType(), nil))
	}
	diags := d.Validate(ctx, prior.Type, config)
	if diags.HasError() {
		return nil, diags
	}
	desired := d.value(schema, config)
	from := prior
	if prior.Tainted {
		from = d.Absent(prior.Type)
	}
	plan, more := d.plan(ctx, from, desired)
	diags = append(diags, more...)
	if more.HasError() {
		return nil, diags
	}
	switch {
	case prior.Tainted:
		plan.Action, plan.prior = Replace, prior
	case len(plan.Replaces) > 0 && prior.Exists():
		// Terraform plans again as if there were nothing, because the values of
		// the old object mean nothing to the new one.
		replaces := plan.Replaces
		if plan, more = d.plan(ctx, d.Absent(prior.Type), desired); more.HasError() {
			return nil, append(diags, more...)
		}
		plan.Action, plan.Replaces, plan.prior = Replace, replaces, prior
	}
	return plan, diags
}

func (d *Driver) plan(ctx context.Context, prior *Resource, config tftypes.Value) (*Plan, Diagnostics) {
	d.t.Helper()
	schema := d.resourceSchema(prior.Type)
	rules := blockShape(schema.Block)
	proposed := rules.propose(prior.state, config)
	answer, err := d.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.Type, PriorState: d.encode(prior.state), ProposedNewState: d.encode(proposed),
		Config: d.encode(config), PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	d.must("PlanResourceChange", err)
	diags := diagnostics(answer.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	planned := d.decode(schema, answer.PlannedState)
	if !config.IsNull() {
		d.must("invalid plan", rules.checkPlanned(prior.Type, config, planned))
	}
	plan := &Plan{
		Action: Update, Attributes: attributes(planned),
		prior: prior, config: config, planned: planned, private: answer.PlannedPrivate, ident: answer.PlannedIdentity,
	}
	for _, path := range answer.RequiresReplace {
		plan.Replaces = append(plan.Replaces, pathText(path))
	}
	slices.Sort(plan.Replaces)
	switch {
	case planned.Equal(prior.state):
		plan.Action, plan.Replaces = NoOp, nil
	case !prior.Exists():
		plan.Action, plan.Replaces = Create, nil
	case planned.IsNull():
		plan.Action, plan.Replaces = Delete, nil
	}
	return plan, diags
}

// Apply carries out a plan. On errors the answer is what Terraform would save:
// the state that the provider gave, tainted when the creation failed halfway.
func (d *Driver) Apply(ctx context.Context, plan *Plan) (*Resource, Diagnostics) {
	d.t.Helper()
	d.restart(ctx)
	if plan.Action == NoOp {
		return plan.prior, nil
	}
	var diags Diagnostics
	prior := plan.prior
	if plan.Action == Replace {
		gone, more := d.Destroy(ctx, prior)
		diags = append(diags, more...)
		if more.HasError() {
			return gone, diags
		}
		prior = gone
	}
	answer, err := d.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: prior.Type, PriorState: d.encode(prior.state), PlannedState: d.encode(plan.planned),
		Config: d.encode(plan.config), PlannedPrivate: plan.private, PlannedIdentity: plan.ident,
	})
	d.must("ApplyResourceChange", err)
	more := diagnostics(answer.Diagnostics)
	diags = append(diags, more...)
	applied := d.resource(prior.Type, answer.NewState, answer.Private, answer.NewIdentity)
	if more.HasError() {
		applied.Tainted = applied.Exists() && (!prior.Exists() || prior.Tainted)
		d.mustBeState(applied)
		return applied, diags
	}
	rules := blockShape(d.resourceSchema(prior.Type).Block)
	d.must("inconsistent result after apply", rules.checkApplied(prior.Type, plan.planned, applied.state))
	return applied, diags
}

// Destroy plans and applies the deletion of a resource.
func (d *Driver) Destroy(ctx context.Context, prior *Resource) (*Resource, Diagnostics) {
	d.t.Helper()
	if !prior.Exists() {
		return prior, nil
	}
	plan, diags := d.Plan(ctx, prior, nil)
	if diags.HasError() {
		return prior, diags
	}
	gone, more := d.Apply(ctx, plan)
	return gone, append(diags, more...)
}

// Converge refreshes a resource, plans and applies: one `terraform apply`.
func (d *Driver) Converge(ctx context.Context, prior *Resource, config map[string]any) (*Resource, Diagnostics) {
	d.t.Helper()
	current, diags := d.Read(ctx, prior)
	if diags.HasError() {
		return current, diags
	}
	plan, more := d.Plan(ctx, current, config)
	diags = append(diags, more...)
	if more.HasError() {
		return current, diags
	}
	applied, more := d.Apply(ctx, plan)
	return applied, append(diags, more...)
}

// Create applies a configuration where there is nothing yet.
func (d *Driver) Create(ctx context.Context, typeName string, config map[string]any) (*Resource, Diagnostics) {
	d.t.Helper()
	return d.Converge(ctx, d.Absent(typeName), config)
}

// MustPlanNothing refreshes and plans and fails the test unless nothing is to do.
func (d *Driver) MustPlanNothing(ctx context.Context, prior *Resource, config map[string]any) {
	d.t.Helper()
	current, diags := d.Read(ctx, prior)
	if diags.HasError() {
		d.t.Fatalf("refresh %s:\n%s", prior.Type, diags)
	}
	plan, diags := d.Plan(ctx, current, config)
	if diags.HasError() {
		d.t.Fatalf("plan %s:\n%s", prior.Type, diags)
	}
	if plan.Action != NoOp {
		d.t.Errorf("%s: the plan is %s from\n%v\nto\n%v", prior.Type, plan.Action, current.Attributes, plan.Attributes)
	}
}
