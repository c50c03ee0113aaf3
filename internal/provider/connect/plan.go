package connect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/options"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ValidateConfig checks what needs no service.
func (r *connectResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config connectModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}

	parts := config.inline()

	if parts.trigger != nil {
		resp.Diagnostics.Append(parts.trigger.ValidateConfig(ctx, triggerPath())...)
	}

	for i, step := range parts.actions {
		resp.Diagnostics.Append(step.ValidateConfig(ctx, actionPath(i))...)
	}
}

// ModifyPlan claims what is managed here, keeps computed values that will not
// change, resumes what an earlier apply left unfinished, and checks the options
// against live metadata.
func (r *connectResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Provider == nil {
		return
	}

	in := intentInput{create: req.State.Raw.IsNull()}

	resp.Diagnostics.Append(req.Plan.Get(ctx, &in.plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &in.config)...)

	in.prior = nothingManaged(in.plan)

	if !in.create {
		resp.Diagnostics.Append(req.State.Get(ctx, &in.prior)...)
	}

	in.pending = tfkit.ReadPending(ctx, req.Private, &resp.Diagnostics)
	in.adopted = tfkit.IsAdopted(ctx, req.Private, &resp.Diagnostics)

	if resp.Diagnostics.HasError() {
		return
	}

	// A replacement is a creation, of which the state of the old connect says
	// nothing.
	if !in.create && !in.plan.PopularMatchID.Equal(in.prior.PopularMatchID) {
		in.create, in.prior = true, nothingManaged(in.plan)
	}

	if !in.create {
		resp.Diagnostics.Append(r.claim(in.prior, in.config)...)
	}

	plan, prior := in.plan.inline(), in.prior.inline()

	if !in.create {
		r.keepComputed(ctx, in, plan, prior, resp)
	}

	if in.create {
		r.warnOfNamesakes(ctx, in.plan, &resp.Diagnostics)
	} else {
		r.Provider.Records.Held(in.prior.ID.ValueString())
	}
	if in.create || !plan.sameAs(prior) {
		resp.Diagnostics.Append(r.validate(ctx, in, plan, prior)...)
	}
}

// keepComputed sets the computed attributes of an update.
func (r *connectResource) keepComputed(ctx context.Context, in intentInput, plan, prior inline, resp *resource.ModifyPlanResponse) {
	if in.pending.Any() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("updated_at"), types.StringUnknown())...)
	}

	if in.pending.TurnOn && in.config.Enabled.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("enabled"), types.BoolValue(true))...)
	}

	if plan.sameAccounts(prior) && !in.plan.Steps.Equal(in.prior.Steps) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("steps"), in.prior.Steps)...)
	}
}

// sameAs tells whether the managed parts are the same.
func (i inline) sameAs(prior inline) bool {
	if i.partial || (i.trigger == nil) != (prior.trigger == nil) || len(i.actions) != len(prior.actions) {
		return false
	}

	if i.trigger != nil && !i.trigger.SameAs(*prior.trigger) {
		return false
	}

	for n, step := range i.actions {
		if !step.SameAs(prior.actions[n]) {
			return false
		}
	}

	return true
}

// sameAccounts tells whether no account can change: steps names them.
func (i inline) sameAccounts(prior inline) bool {
	keeps := func(step, before options.Step) bool {
		return step.AccountID.IsNull() || step.AccountID.Equal(before.AccountID)
	}

	if i.partial || !keeps(i.triggerStep(), prior.triggerStep()) {
		return false
	}

	for n, step := range i.actions {
		if !keeps(step, prior.action(n)) {
			return false
		}
	}

	return true
}

// validate checks the managed parts against the popular match and the
// metadata of its trigger and actions.
func (r *connectResource) validate(ctx context.Context, in intentInput, plan, prior inline) diag.Diagnostics {
	var diags diag.Diagnostics

	if r.Provider.OptionValidation == tfkit.ValidationOff || in.plan.PopularMatchID.IsUnknown() {
		return diags
	}

	matchID := in.plan.PopularMatchID.ValueString()

	match, err := tfkit.Fetch(ctx, &r.Provider.Metadata, "popular match "+matchID, func(ctx context.Context) (*connectapi.PopularMatch, error) {
		return r.Provider.Client.PopularMatch(ctx, matchID)
	})

	switch {
	case connectapi.IsNotFound(err):
		tfkit.AttributeError(&diags, problem.NoSuchPopularMatch, path.Root("popular_match_id"), "No such popular match",
			fmt.Sprintf("The service has no popular match %s. Look it up with the data source appypie_popular_match. (%s)", matchID, tfkit.Sentence(err)))

		return diags
	case err != nil:
		return options.MetadataProblem(r.Provider, "popular match "+matchID, err)
	}

	if plan.actions != nil && !plan.partial && len(plan.actions) != len(match.Actions) {
		tfkit.AttributeError(&diags, problem.WrongNumberOfActions, path.Root("actions"), "Wrong number of actions",
			fmt.Sprintf("The popular match %q has %d actions, but actions has %d entries. Write one entry for each action, in the order of the popular match.", match.Title, len(match.Actions), len(plan.actions)))

		return diags
	}

	config := in.config.inline()

	if plan.trigger != nil {
		diags.Append(r.validation(in, *plan.trigger, config.triggerStep(), prior.triggerStep(), connectapi.TriggerEvent, match.Trigger.EventID, triggerPath()).Run(ctx)...)
	}

	for i, step := range plan.actions {
		if i < len(match.Actions) {
			diags.Append(r.validation(in, step, config.action(i), prior.action(i), connectapi.ActionEvent, match.Actions[i].EventID, actionPath(i)).Run(ctx)...)
		}
	}

	return diags
}

func (r *connectResource) validation(in intentInput, step, config, prior options.Step, kind connectapi.EventKind, eventID string, at path.Path) options.Validation {
	step.SecretOptionsWO = config.SecretOptionsWO

	validation := options.Validation{Provider: r.Provider, Kind: kind, EventID: eventID, Step: step, At: at, Complete: in.create}
	if !in.adopted {
		validation.Removed = step.RemovedSince(prior)
	}

	return validation
}
