// Package connect holds the connect resource, the activation resource and the
// data sources about connects.
package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/options"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type connectResource struct {
	tfkit.ResourceBase
}

var (
	_ resource.ResourceWithConfigure      = (*connectResource)(nil)
	_ resource.ResourceWithImportState    = (*connectResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*connectResource)(nil)
	_ resource.ResourceWithValidateConfig = (*connectResource)(nil)
	_ resource.ResourceWithIdentity       = (*connectResource)(nil)
)

// NewConnectResource returns the resource appypie_connect.
func NewConnectResource() resource.Resource { return &connectResource{} }

// Metadata implements resource.Resource.
func (r *connectResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect"
}

// Create makes the connect, which is off, and then configures it.
func (r *connectResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	in := intentInput{create: true}

	resp.Diagnostics.Append(req.Plan.Get(ctx, &in.plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &in.config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	intent := in.intent(ctx, &resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	if resp.Diagnostics.HasError() {
		return
	}

	created, record, ok := r.make(ctx, in.plan, &resp.Diagnostics)
	if !ok {
		return
	}
	defer record.close(ctx)

	// From here on the connect exists. Its id goes into the state before any
	// other call, so that a failure leaves something that Terraform knows of.
	in.prior = in.plan
	in.prior.computed(created)
	inline{}.store(ctx, &in.prior, &resp.Diagnostics)
	r.publish(ctx, in.prior, &resp.State, resp.Identity, &resp.Diagnostics)

	in.plan.ID = in.prior.ID

	if !r.apply(ctx, in, intent, created, &resp.State, resp.Identity, &resp.Diagnostics, nil) {
		tfkit.SetIncomplete(ctx, resp.Private, &resp.Diagnostics)
	}
}

// Read refreshes the managed parts of the connect.
func (r *connectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state connectModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &state)...); resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()

	connect, err := r.Provider.Client.Connect(ctx, state.ID.ValueString())

	switch {
	case connectapi.IsNotFound(err):
		tfkit.WarnGone(&resp.Diagnostics, "connect", state.ID.ValueString())
		resp.State.RemoveResource(ctx)

		return
	case err != nil:
		tfkit.AddError(&resp.Diagnostics, "Cannot read the connect "+state.ID.ValueString(), err)

		return
	}

	state.refresh(ctx, connect, &resp.Diagnostics)
	r.publish(ctx, state, &resp.State, resp.Identity, &resp.Diagnostics)
}

// Update changes what the plan changes, in the order that keeps a live connect
// from running with half of it.
func (r *connectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var in intentInput

	resp.Diagnostics.Append(req.Plan.Get(ctx, &in.plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &in.config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &in.prior)...)

	in.pending = tfkit.ReadPending(ctx, req.Private, &resp.Diagnostics)
	in.adopted = tfkit.IsAdopted(ctx, req.Private, &resp.Diagnostics)

	if resp.Diagnostics.HasError() {
		return
	}

	intent := in.intent(ctx, &resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()

	if resp.Diagnostics.HasError() {
		return
	}

	left := in.pending
	if r.apply(ctx, in, intent, nil, &resp.State, resp.Identity, &resp.Diagnostics, &left) {
		tfkit.ClearAdopted(ctx, resp.Private, &resp.Diagnostics)
	}

	tfkit.WritePending(ctx, resp.Private, left, &resp.Diagnostics)
}

// apply carries out a change and publishes what became true. It returns
// whether everything did; left, if given, receives what the next apply has to
// do.
func (r *connectResource) apply(ctx context.Context, in intentInput, intent intent, current *connectapi.Connect, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics, left *tfkit.Pending) bool {
	id := in.plan.ID.ValueString()
	outcome, err := r.Provider.Client.Apply(ctx, id, current, intent.change)

	if err == nil {
		result := in.plan
		result.computed(outcome.Connect)
		in.plan.inline(ctx, diags).store(ctx, &result, diags)
		r.publish(ctx, result, state, identity, diags)

		if left != nil {
			*left = tfkit.Pending{}
		}

		return true
	}

	options.AddChangeError(diags, err, fmt.Sprintf("Cannot apply the connect %s", id), intent.paths)

	if left != nil {
		left.TurnOn = left.TurnOn || outcome.Paused
		left.Test = intent.change.Test && !outcome.Tested
	}

	// Nothing is known when even the first read failed.
	if outcome.Edited == nil && len(intent.change.Steps) > 0 {
		r.publish(ctx, in.prior, state, identity, diags)

		return false
	}

	r.publish(ctx, in.achieved(ctx, intent, outcome, diags), state, identity, diags)

	return false
}

// Delete does with the connect what deletion_policy says. A connect whose
// creation failed half-way is always deleted: nobody has ever used it.
func (r *connectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state connectModel

	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	incomplete := tfkit.IsIncomplete(ctx, req.Private, &resp.Diagnostics)

	if resp.Diagnostics.HasError() {
		return
	}

	policy := state.DeletionPolicy.ValueString()
	if policy == deletionRetain && !incomplete {
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()

	id := state.ID.ValueString()

	if err := r.Provider.Client.Remove(ctx, id, policy == deletionTurnOff && !incomplete); err != nil && !connectapi.IsNotFound(err) {
		tfkit.AddError(&resp.Diagnostics, "Cannot remove the connect "+id, err)
	}
}

// publish writes state and identity together.
func (r *connectResource) publish(ctx context.Context, model connectModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, &model)...)

	if identity != nil && !diags.HasError() || identity != nil && identity.Raw.IsNull() {
		diags.Append(identity.SetAttribute(ctx, path.Root("id"), model.ID)...)
	}
}

// nothingManaged is the model before creation.
func nothingManaged(plan connectModel) connectModel {
	plan.Trigger = types.ObjectNull(options.StepAttributeTypes())
	plan.Actions = types.ListNull(types.ObjectType{AttrTypes: options.StepAttributeTypes()})

	return plan
}
