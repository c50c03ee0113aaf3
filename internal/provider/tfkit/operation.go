package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Operation is what a plan, a creation or an update starts from. M is the model of
// the resource; S is what it remembers of the last write.
type Operation[M, S any] struct {
	Plan, Config M
	// Prior is the state; on creation a model that manages nothing.
	Prior   M
	Private Private
	// Shown is what the service showed after the last write.
	Shown S
	// Create means that there is no state, or that it is about another object.
	Create bool
}

// Request is what Terraform asks of a resource, in one form for all operations,
// with the place for the answer.
type Request struct {
	Answer
	plan, config, state tftypes.Value
	stored              privateReader
}

// Planning is the request for a plan.
func Planning(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) Request {
	return Request{
		Answer: Answer{Diags: &resp.Diagnostics, Private: resp.Private},
		plan:   req.Plan.Raw, config: req.Config.Raw, state: req.State.Raw, stored: req.Private,
	}
}

// Creating is the request for a creation, which has neither a state nor anything
// stored.
func Creating(req resource.CreateRequest, resp *resource.CreateResponse) Request {
	return Request{
		Answer: Answer{State: &resp.State, Identity: resp.Identity, Private: resp.Private, Diags: &resp.Diagnostics},
		plan:   req.Plan.Raw, config: req.Config.Raw,
	}
}

// Updating is the request for an update.
func Updating(req resource.UpdateRequest, resp *resource.UpdateResponse) Request {
	return Request{
		Answer: Answer{State: &resp.State, Identity: resp.Identity, Private: resp.Private, Diags: &resp.Diagnostics},
		plan:   req.Plan.Raw, config: req.Config.Raw, state: req.State.Raw, stored: req.Private,
	}
}

// ReadOperation reads a request. read reads a plan, a configuration or a state;
// none is the state before a creation. It reports whether all could be read.
func ReadOperation[M, S any](ctx context.Context, from Request, read func(context.Context, tftypes.Value, *diag.Diagnostics) M, none func(plan M) M) (Operation[M, S], bool) {
	op := Operation[M, S]{
		Plan:   read(ctx, from.plan, from.Diags),
		Config: read(ctx, from.config, from.Diags),
	}
	if from.state.IsNull() {
		op.Anew(none(op.Plan))
	} else {
		op.Prior = read(ctx, from.state, from.Diags)
		op.Private = ReadPrivate(ctx, from.stored, from.Diags)
		op.Shown = ReadShown[S](ctx, from.stored, from.Diags)
	}
	return op, !from.Diags.HasError()
}

// Anew makes a creation of the operation, as a replacement is one: what is known
// of the old object says nothing of the new one.
func (o *Operation[M, S]) Anew(none M) {
	var nothing S
	o.Create, o.Prior, o.Private, o.Shown = true, none, Private{}, nothing
}

// Answer is where the outcome of an operation goes.
type Answer struct {
	State    *tfsdk.State
	Identity *tfsdk.ResourceIdentity
	Private  privateWriter
	Diags    *diag.Diagnostics
}

// Publish writes state and identity, also beside errors: what is known must not
// be lost.
func (a Answer) Publish(ctx context.Context, model Model) {
	model.Fields().Write(ctx, &a.State.Raw, a.Diags)
	SetIdentity(ctx, a.Identity, a.Diags, model.Identity())
}

// Note writes the private state, with what the service shows of what was declared
// otherwise; some reports whether there is any.
func (a Answer) Note(ctx context.Context, private Private, shown any, some bool) {
	WritePrivate(ctx, a.Private, private, a.Diags)
	writePrivate(ctx, a.Private, shownKey, shown, some, a.Diags)
}
