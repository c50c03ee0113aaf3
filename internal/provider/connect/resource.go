// Package connect holds the connect resource, the activation resource and the
// data sources about connects.
package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

	intent := in.intent(&resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()

	if resp.Diagnostics.HasError() {
		return
	}

	created, ok := r.make(ctx, in.plan, &resp.Diagnostics)
	if !ok {
		return
	}

	// From here on the connect exists. Its id goes into the state before any
	// other call, so that a failure leaves something that Terraform knows of.
	in.prior = in.plan
	in.prior.made(created)
	inline{}.store(&in.prior)

	result := publication{state: &resp.State, identity: resp.Identity, diags: &resp.Diagnostics}
	result.publish(ctx, in.prior)

	in.plan.ID = in.prior.ID

	// Resources that are planned once the id is known meet this claim before
	// they write anything. None can have been there before.
	resp.Diagnostics.Append(r.claim(in.prior, in.config)...)

	if _, ok := r.apply(ctx, in, intent, created.Connect, result); !ok {
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

	state.identify(ctx, resp.Identity, &resp.Diagnostics)

	r.Provider.Records.Held(state.ID.ValueString())
	connect := r.ReadConnect(ctx, state.ID.ValueString(), resp)
	if connect == nil {
		return
	}

	before := state
	state.refresh(connect)

	// The answer begins as what Terraform sent.
	if state.refreshedAs(before) {
		return
	}

	publication{state: &resp.State, identity: resp.Identity, diags: &resp.Diagnostics}.publish(ctx, state)
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

	intent := in.intent(&resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()

	if resp.Diagnostics.HasError() {
		return
	}

	left, ok := r.apply(ctx, in, intent, nil, publication{state: &resp.State, identity: resp.Identity, diags: &resp.Diagnostics})
	if ok {
		tfkit.ClearAdopted(ctx, resp.Private, &resp.Diagnostics)
	}

	tfkit.WritePending(ctx, resp.Private, left, &resp.Diagnostics)
}

// apply carries out a change and publishes what became true. It returns what
// is left for the next apply, and whether everything became true.
func (r *connectResource) apply(ctx context.Context, in intentInput, intent intent, current *connectapi.Connect, result publication) (tfkit.Pending, bool) {
	id := in.plan.ID.ValueString()
	outcome, err := r.Provider.Client.Apply(ctx, id, current, intent.change)

	if err == nil {
		options.AddOutcomeWarning(result.diags, id, outcome)

		model := in.plan
		model.computed(outcome.Connect)
		in.plan.inline().store(&model)
		result.publish(ctx, model)

		return tfkit.Pending{}, true
	}

	options.AddChangeError(result.diags, err, fmt.Sprintf("Cannot apply the connect %s", id), intent.paths)

	// Nothing was done, so the state stays as it is.
	if outcome.Edited == nil {
		return in.pending, false
	}

	result.publish(ctx, in.achieved(intent, outcome))

	return tfkit.Pending{
		TurnOn: in.pending.TurnOn || outcome.Paused,
		Test:   intent.change.Test && !outcome.Tested,
	}, false
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

// publication is where the outcome of an operation goes.
type publication struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	diags    *diag.Diagnostics
}

// publish writes state and identity, also beside errors: what is known must
// not be lost.
func (p publication) publish(ctx context.Context, model connectModel) {
	p.diags.Append(p.state.Set(ctx, &model)...)

	model.identify(ctx, p.identity, p.diags)
}

func (m *connectModel) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	tfkit.SetIdentity(ctx, identity, diags, map[string]types.String{"id": m.ID})
}

// nothingManaged is the model before creation.
func nothingManaged(plan connectModel) connectModel {
	plan.Trigger = types.ObjectNull(options.StepAttributeTypes())
	plan.Actions = types.ListNull(types.ObjectType{AttrTypes: options.StepAttributeTypes()})

	return plan
}
