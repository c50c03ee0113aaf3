package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type activationResource struct {
	tfkit.ResourceBase
}

var (
	_ resource.ResourceWithConfigure   = (*activationResource)(nil)
	_ resource.ResourceWithImportState = (*activationResource)(nil)
	_ resource.ResourceWithIdentity    = (*activationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*activationResource)(nil)
)

// NewActivationResource returns the resource appypie_connect_activation.
func NewActivationResource() resource.Resource { return &activationResource{} }

// Metadata implements resource.Resource.
func (r *activationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect_activation"
}

// Create tests the connect if asked to, and moves the switch.
func (r *activationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	from := tfkit.Creating(req, resp)
	in, ok := readOperation(ctx, from)
	if !ok {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutCreate, &resp.Diagnostics)
	defer cancel()

	// Nothing is made here, so a failed creation leaves nothing to remember.
	if _, ok := r.apply(ctx, &in.Plan, in.Plan.RunTest.ValueBool(), &resp.Diagnostics); ok {
		from.Publish(ctx, &in.Plan)
	}
}

// Read refreshes the switch position.
func (r *activationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := readActivation(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Refresh(ctx, &state, state.ConnectID, state.Timeouts, req, resp, func(connect *connectapi.Connect, pending tfkit.Pending) bool {
		before := state
		// A connect that is only paused counts as on, because it is going to be.
		if !pending.TurnOn {
			state.Enabled = types.BoolValue(connect.On)
		}
		state.Status = types.StringValue(connect.Status)
		return !state.Enabled.Equal(before.Enabled) || !state.Status.Equal(before.Status)
	})
}

// Update tests again when the options changed, and moves the switch.
func (r *activationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	from := tfkit.Updating(req, resp)
	in, ok := readOperation(ctx, from)
	if !ok {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()

	plan, state, private := in.Plan, in.Prior, in.Private
	// After an import revisions and run_test are only statements of what later
	// changes do.
	changed := !private.Imported && (!plan.Revisions.Equal(state.Revisions) || !state.RunTest.ValueBool()) || private.Pending.Test
	planned := plan.Status
	outcome, ok := r.apply(ctx, &plan, plan.RunTest.ValueBool() && changed, &resp.Diagnostics)
	if ok {
		private = tfkit.Private{}
		// What the plan knew stays as it was planned; the next refresh tells more.
		if !planned.IsUnknown() {
			plan.Status = planned
		}
	} else {
		private.Pending.TurnOn = private.Pending.TurnOn || outcome.Paused
		private.Pending.Test = plan.RunTest.ValueBool() && changed && !outcome.Tested
		plan.Status = state.Status
		switch {
		case outcome.Connect == nil && outcome.Edited == nil:
			plan.Enabled = state.Enabled
		case !private.Pending.TurnOn:
			plan.Enabled = types.BoolValue(outcome.On)
		}
	}
	tfkit.WritePrivate(ctx, resp.Private, private, &resp.Diagnostics)
	from.Publish(ctx, &plan)
}

// Delete turns the connect off.
func (r *activationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := readActivation(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts, tfkit.TimeoutDelete, &resp.Diagnostics)
	defer cancel()

	// With create_before_destroy, and after a move into appypie_connect, another
	// resource manages the switch by now.
	id := state.ConnectID.ValueString()
	if r.Provider.Switches.Held(id) {
		return
	}
	if err := r.Provider.Client.Remove(ctx, id, true); err != nil && !connectapi.IsNotFound(err) {
		tfkit.AddError(&resp.Diagnostics, "Cannot turn the connect "+id+" off", err)
	}
}

// apply tests and switches the connect, and fills the computed attributes.
func (r *activationResource) apply(ctx context.Context, plan *activationModel, test bool, diags *diag.Diagnostics) (connectapi.Outcome, bool) {
	for i, revision := range plan.Revisions.Elements() {
		if revision.IsUnknown() {
			tfkit.AttributeError(diags, errcode.ValueUnknown, path.Root("revisions").AtListIndex(i), "The revision is unknown although the resource is being applied, so nothing was sent.")
			return connectapi.Outcome{}, false
		}
	}
	id := plan.ConnectID.ValueString()
	outcome, err := steps.Apply(ctx, r.Provider.Client, id, nil, connectapi.Change{Test: test, Pause: true, Enabled: plan.Enabled.ValueBoolPointer()}, plan.RunTest.ValueBool())
	if err != nil {
		steps.AddReferenceError(diags, err, "Cannot switch the connect "+id, nil)
		return outcome, false
	}
	steps.AddOutcomeWarning(diags, id, outcome)

	r.Provider.Switches.Hold(id)
	plan.Status = types.StringValue(outcome.Connect.Status)
	return outcome, true
}
