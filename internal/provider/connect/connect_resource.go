// Package connect holds the connect resource, the activation resource and the
// data sources about connects.
package connect

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
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
	from := tfkit.Creating(req, resp)
	in, ok := r.operation(ctx, from)
	if !ok {
		return
	}
	change := in.toChange(&resp.Diagnostics)

	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutCreate, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	created, ok := r.make(ctx, in.Plan, &resp.Diagnostics)
	if !ok {
		return
	}

	// From here on the connect exists. Its id goes into the state before any
	// other call, so that a failure leaves something that Terraform knows of.
	in.Prior = in.Plan
	in.Prior.made(created)
	stepSet{}.store(&in.Prior)

	from.Publish(ctx, &in.Prior)
	in.Plan.ID = in.Prior.ID

	// Resources that are planned once the id is known meet this claim before
	// they write anything. None can have been there before.
	resp.Diagnostics.Append(r.claim(in.Prior, in.Config, req.Config.Raw)...)
	r.apply(ctx, in, change, created.Connect, from.Answer)
}

// Read refreshes the managed parts of the connect.
func (r *connectResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := readConnect(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
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
	from := tfkit.Updating(req, resp)
	in, ok := r.operation(ctx, from)
	if !ok {
		return
	}
	if !in.Plan.PopularMatchID.Equal(in.Prior.PopularMatchID) {
		tfkit.AttributeError(&resp.Diagnostics, errcode.MatchKnownLate, path.Root("popular_match_id"),
			fmt.Sprintf("The plan did not know popular_match_id, and it turns out to be %s instead of %s, which needs another connect. Nothing was changed.", in.Plan.PopularMatchID.ValueString(), in.Prior.PopularMatchID.ValueString()))
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, in.Plan.Timeouts, tfkit.TimeoutUpdate, &resp.Diagnostics)
	defer cancel()

	// This reading, too, has to end in time.
	in.server = r.reader(ctx, in.Prior.ID.ValueString())
	change := in.toChange(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, in, change, nil, from.Answer)
}

// apply carries out a change and publishes what became true, and what is left for
// the next apply.
func (r *connectResource) apply(ctx context.Context, in operation, change connectapi.Change, current *connectapi.Connect, answer tfkit.Answer) {
	id := in.Plan.ID.ValueString()
	outcome, err := steps.Apply(ctx, r.Provider.Client, id, current, change, in.Plan.RunTest.ValueBool())
	connect, left := outcome.Connect, tfkit.Pending{}
	if err != nil && in.Config.Enabled.IsNull() && steps.TurnOnRefused(err) {
		// Whoever manages the switch turns it on: this resource only wrote.
		if connect, _ = r.Provider.Client.Connect(ctx, id); connect != nil {
			steps.WarnLeftOff(answer.Diags, id, err)
			left.TurnOn, err = true, nil
		}
	}
	if err == nil {
		steps.AddOutcomeWarning(answer.Diags, id, outcome)
		if !in.Config.Enabled.IsNull() {
			r.Provider.Switches.Hold(id)
		}
		model := in.Plan
		model.complete(connect)
		in.Plan.toSteps().store(&model)
		answer.Publish(ctx, &model)
		note(ctx, answer, tfkit.Private{Pending: left}, in.remember(change, connect))
		return
	}
	steps.AddChangeError(answer.Diags, tfkit.WithConsequence(err, in.consequence(err)), fmt.Sprintf("Cannot apply the connect %s", id), stepPaths(change))
	r.publishFailure(ctx, in, change, outcome, answer)
}

// publishFailure publishes how far a change came that failed.
func (r *connectResource) publishFailure(ctx context.Context, in operation, change connectapi.Change, outcome connectapi.Outcome, answer tfkit.Answer) {
	// Nothing was done, so the state stays as it is.
	if outcome.Edited == nil && !in.Create {
		note(ctx, answer, in.Private, in.Shown)
		return
	}
	wantsOn := in.Create && in.Plan.Enabled.ValueBool() && !outcome.On
	left := tfkit.Pending{
		TurnOn: in.Private.Pending.TurnOn || outcome.Paused || wantsOn,
		Test:   change.Test && !outcome.Tested,
	}
	if outcome.Edited == nil {
		note(ctx, answer, tfkit.Private{Pending: left, Incomplete: true}, shown{})
		return
	}
	achieved := in.achieved(change, outcome, left)
	answer.Publish(ctx, &achieved)
	note(ctx, answer, tfkit.Private{Pending: left, Imported: in.Private.Imported, Incomplete: in.Create || in.Private.Incomplete}, in.Shown)
}

// consequence says what Terraform does next about a change that failed.
func (in operation) consequence(err error) string {
	change, _ := errors.AsType[*connectapi.ChangeError](err)
	switch {
	case in.Create:
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
	state := readConnect(ctx, req.State.Raw, &resp.Diagnostics)
	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || state.refuses(private, "destroyed", &resp.Diagnostics) {
		return
	}
	incomplete := private.Incomplete
	id, policy := state.ID.ValueString(), state.DeletionPolicy.ValueString()
	if policy == deletionRetain && !incomplete {
		tfkit.Warning(&resp.Diagnostics, errcode.StaysInService,
			fmt.Sprintf("deletion_policy is retain, so the connect %s (%q) stays as it is: %s when it was last read. Terraform no longer manages it. If this apply created another connect in its place, both may run.",
				id, state.Name.ValueString(), state.Status.ValueString()))
		return
	}

	ctx, cancel := tfkit.WithTimeout(ctx, state.Timeouts, tfkit.TimeoutDelete, &resp.Diagnostics)
	defer cancel()
	if err := r.Provider.Client.Remove(ctx, id, policy == deletionTurnOff && !incomplete); err != nil && !connectapi.IsNotFound(err) {
		tfkit.AddError(&resp.Diagnostics, "Cannot remove the connect "+id, err)
	}
}

// note writes the private state.
func note(ctx context.Context, answer tfkit.Answer, private tfkit.Private, remembered shown) {
	answer.Note(ctx, private, remembered, remembered.some())
}

// nothingManaged is the model before creation.
func nothingManaged(plan connectModel) connectModel {
	plan.Trigger = types.ObjectNull(steps.StepAttributeTypes())
	plan.Actions = types.ListNull(types.ObjectType{AttrTypes: steps.StepAttributeTypes()})
	return plan
}
