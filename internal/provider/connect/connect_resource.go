// Package connect holds the connect resource, the activation resource and the
// data sources about connects.
package connect

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
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
	in.plan.Fields().Read(ctx, req.Plan.Raw, &resp.Diagnostics)
	in.config.Fields().Read(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	intent := in.toChange(&resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts, tfkit.TimeoutCreate, &resp.Diagnostics)
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

	result := publication{state: &resp.State, identity: resp.Identity, private: resp.Private, diags: &resp.Diagnostics}
	result.publish(ctx, in.prior)
	in.plan.ID = in.prior.ID

	// Resources that are planned once the id is known meet this claim before
	// they write anything. None can have been there before.
	resp.Diagnostics.Append(r.claim(in.prior, in.config, req.Config.Raw)...)
	r.apply(ctx, in, intent, created.Connect, result)
}

// Read refreshes the managed parts of the connect.
func (r *connectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state connectModel
	if state.Fields().Read(ctx, req.State.Raw, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if begun := r.Provider.Records.Held(state.ID.ValueString()); !begun.IsZero() {
		r.Provider.Client.Expect(state.ID.ValueString(), begun)
	}
	r.Refresh(ctx, &state, state.ID, state.Timeouts, req, resp, func(connect *connectapi.Connect, pending tfkit.Pending) bool {
		before := state
		state.fromAPI(connect, tfkit.ReadShown[shown](ctx, req.Private, &resp.Diagnostics), pending)
		return !state.sameAs(before)
	})
}

// Update changes what the plan changes, in the order that keeps a live connect
// from running with half of it.
func (r *connectResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var in intentInput
	in.plan.Fields().Read(ctx, req.Plan.Raw, &resp.Diagnostics)
	in.config.Fields().Read(ctx, req.Config.Raw, &resp.Diagnostics)
	in.prior.Fields().Read(ctx, req.State.Raw, &resp.Diagnostics)
	in.private = tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	in.shown = tfkit.ReadShown[shown](ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !in.plan.PopularMatchID.Equal(in.prior.PopularMatchID) {
		tfkit.AttributeError(&resp.Diagnostics, errcode.MatchKnownLate, path.Root("popular_match_id"), "Another popular match",
			fmt.Sprintf("The plan did not know popular_match_id, and it turns out to be %s instead of %s, which needs another connect. Nothing was changed. Run Terraform again: the plan then shows the replacement.", in.plan.PopularMatchID.ValueString(), in.prior.PopularMatchID.ValueString()))
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, in.plan.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()

	in.server = r.reader(ctx, in.plan.ID.ValueString())
	intent := in.toChange(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, in, intent, nil, publication{state: &resp.State, identity: resp.Identity, private: resp.Private, diags: &resp.Diagnostics})
}

// reader reads a connect when it is first asked for.
func (r *connectResource) reader(ctx context.Context, id string) func() *connectapi.Connect {
	return sync.OnceValue(func() *connectapi.Connect {
		connect, err := r.Provider.Client.Connect(ctx, id)
		if err != nil {
			return nil
		}
		return connect
	})
}

// apply carries out a change and publishes what became true, and what is left for
// the next apply.
func (r *connectResource) apply(ctx context.Context, in intentInput, intent intent, current *connectapi.Connect, result publication) {
	id := in.plan.ID.ValueString()
	outcome, err := steps.Apply(ctx, r.Provider.Client, id, current, intent.change, in.plan.RunTest.ValueBool())
	connect, left := outcome.Connect, tfkit.Pending{}
	if err != nil && in.config.Enabled.IsNull() && steps.TurnOnRefused(err) {
		// Whoever manages the switch turns it on: this resource only wrote.
		if connect, _ = r.Provider.Client.Connect(ctx, id); connect != nil {
			steps.WarnLeftOff(result.diags, id, err)
			left.TurnOn, err = true, nil
		}
	}
	if err == nil {
		steps.AddOutcomeWarning(result.diags, id, outcome)
		if !in.config.Enabled.IsNull() {
			r.Provider.Switches.Hold(id)
		}
		model := in.plan
		model.complete(connect)
		in.plan.inline().store(&model)
		result.publish(ctx, model)
		result.note(ctx, tfkit.Private{Pending: left}, in.remember(intent, connect))
		return
	}
	steps.AddChangeError(result.diags, tfkit.WithConsequence(err, in.consequence(err)), fmt.Sprintf("Cannot apply the connect %s", id), intent.paths)
	r.publishFailure(ctx, in, intent, outcome, result)
}

// publishFailure publishes how far a change came that failed.
func (r *connectResource) publishFailure(ctx context.Context, in intentInput, intent intent, outcome connectapi.Outcome, result publication) {
	// Nothing was done, so the state stays as it is.
	if outcome.Edited == nil && !in.create {
		result.note(ctx, in.private, in.shown)
		return
	}
	wantsOn := in.create && in.plan.Enabled.ValueBool() && !outcome.On
	left := tfkit.Pending{
		TurnOn: in.private.Pending.TurnOn || outcome.Paused || wantsOn,
		Test:   intent.change.Test && !outcome.Tested,
	}
	if outcome.Edited == nil {
		result.note(ctx, tfkit.Private{Pending: left, Incomplete: true}, shown{})
		return
	}
	result.publish(ctx, in.achieved(intent, outcome, left))
	result.note(ctx, tfkit.Private{Pending: left, Imported: in.private.Imported, Incomplete: in.create || in.private.Incomplete}, in.shown)
}

// consequence says what Terraform does next about a change that failed.
func (in intentInput) consequence(err error) string {
	change, _ := errors.AsType[*connectapi.ChangeError](err)
	switch {
	case in.create:
		return "The connect exists, is off, and is in the state, marked as tainted: the next apply deletes it and makes another. " +
			"To keep it and finish it instead, run terraform untaint with its address, and apply."
	case change != nil && change.Stage == connectapi.StageRead && connectapi.IsNotFound(err):
		return "It was deleted after the plan was made. The next plan takes it out of the state and makes it again."
	default:
		return "The state holds what was done; the next apply does the rest."
	}
}

// Delete does with the connect what deletion_policy says. A connect whose
// creation failed half-way is always deleted: nobody has ever used it.
func (r *connectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state connectModel
	state.Fields().Read(ctx, req.State.Raw, &resp.Diagnostics)
	incomplete := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics).Incomplete
	if resp.Diagnostics.HasError() {
		return
	}
	id, policy := state.ID.ValueString(), state.DeletionPolicy.ValueString()
	if policy == deletionRetain && !incomplete {
		tfkit.Warning(&resp.Diagnostics, errcode.StaysInService, "The connect stays in the service",
			fmt.Sprintf("deletion_policy is retain, so the connect %s (%q) stays as it is: %s when it was last read. Terraform does not manage it any longer. If this apply made another in its place, both may run.",
				id, state.Name.ValueString(), state.Status.ValueString()))
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts, tfkit.TimeoutDelete, &resp.Diagnostics)
	defer cancel()
	if err := r.Provider.Client.Remove(ctx, id, policy == deletionTurnOff && !incomplete); err != nil && !connectapi.IsNotFound(err) {
		tfkit.AddError(&resp.Diagnostics, "Cannot remove the connect "+id, err)
	}
}

// publication is where the outcome of an operation goes.
type publication struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	private  privateState
	diags    *diag.Diagnostics
}

// privateState is the framework's, whose type has no public name.
type privateState interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// note writes the private state.
func (p publication) note(ctx context.Context, private tfkit.Private, remembered shown) {
	tfkit.WritePrivate(ctx, p.private, private, p.diags)
	tfkit.WriteShown(ctx, p.private, remembered, remembered.some(), p.diags)
}

// publish writes state and identity, also with errors: what is known must
// not be lost.
func (p publication) publish(ctx context.Context, model connectModel) {
	tfkit.Publish(ctx, &model, p.state, p.identity, p.diags)
}

// nothingManaged is the model before creation.
func nothingManaged(plan connectModel) connectModel {
	plan.Trigger = types.ObjectNull(steps.StepAttributeTypes())
	plan.Actions = types.ListNull(types.ObjectType{AttrTypes: steps.StepAttributeTypes()})
	return plan
}
