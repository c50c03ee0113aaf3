package connect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ValidateConfig checks what needs no service.
func (r *connectResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config connectModel
	if config.Fields().Read(ctx, req.Config.Raw, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	for i, entry := range config.Actions.Elements() {
		if entry.IsNull() {
			tfkit.AttributeError(&resp.Diagnostics, errcode.EntryIsNull, actionPath(i),
				fmt.Sprintf("Entry %d of actions is null.", i+1))
		}
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
	if req.Plan.Raw.IsNull() {
		r.planDestruction(ctx, req, resp)
		return
	}
	if r.Provider == nil {
		return
	}
	in := intentInput{create: req.State.Raw.IsNull()}
	in.plan.Fields().Read(ctx, req.Plan.Raw, &resp.Diagnostics)
	in.config.Fields().Read(ctx, req.Config.Raw, &resp.Diagnostics)
	in.prior = nothingManaged(in.plan)
	if !in.create {
		in.prior.Fields().Read(ctx, req.State.Raw, &resp.Diagnostics)
	}
	in.private = tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	// A replacement is a creation, of which the state of the old connect says
	// nothing.
	if !in.create && !in.plan.PopularMatchID.IsUnknown() && !in.plan.PopularMatchID.Equal(in.prior.PopularMatchID) {
		if in.prior.refuses(in.private, "replaced by one of another popular match", &resp.Diagnostics) {
			return
		}
		r.warnOfReplacement(in.prior, &resp.Diagnostics)
		in.create, in.private, in.prior = true, tfkit.Private{}, nothingManaged(in.plan)
	}
	in.server = r.reader(ctx, in.prior.ID.ValueString())
	if in.create {
		r.warnOfNamesakes(ctx, in.plan, &resp.Diagnostics)
		r.planCreation(ctx, in, resp)
		return
	}
	r.Provider.Records.Held(in.prior.ID.ValueString())
	resp.Diagnostics.Append(r.claim(in.prior, in.config, req.Config.Raw)...)
	r.planUpdate(ctx, in, resp)
}

// planUpdate keeps computed attributes that will not change, and checks what is
// going to be written.
func (r *connectResource) planUpdate(ctx context.Context, in intentInput, resp *resource.ModifyPlanResponse) {
	in.private.Pending.Warn(&resp.Diagnostics, in.prior.ID.ValueString())
	if in.private.Incomplete && !in.private.Pending.Any() {
		tfkit.Warning(&resp.Diagnostics, errcode.WorkLeft, fmt.Sprintf("The creation of the connect %s failed half-way.", in.prior.ID.ValueString()))
	}
	status := in.prior.Status
	if r.mayMove(in) {
		status = types.StringUnknown()
	}
	if planned := in.plan; !status.Equal(planned.Status) || !in.prior.Summary.Equal(planned.Summary) {
		planned.Status, planned.Summary = status, in.prior.Summary
		planned.Fields().Write(ctx, &resp.Plan.Raw, &resp.Diagnostics)
	}
	if !in.plan.inline().sameAs(in.prior.inline()) {
		resp.Diagnostics.Append(r.validateUpdate(ctx, in)...)
	}
}

// mayMove reports whether the switch, or something that was left, may change the
// status.
func (r *connectResource) mayMove(in intentInput) bool {
	if in.private.Pending.Any() || in.private.Incomplete || in.plan.Enabled.IsUnknown() {
		return true
	}
	on, known := r.Provider.Client.IsOn(in.prior.Status.ValueString())
	return !known || !in.plan.Enabled.IsNull() && in.plan.Enabled.ValueBool() != on
}

// sameAs reports whether the managed parts are the same.
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

// planCreation names the apps and events of a new connect, and checks its parts
// against the popular match and the metadata of its trigger and actions.
func (r *connectResource) planCreation(ctx context.Context, in intentInput, resp *resource.ModifyPlanResponse) {
	off := r.Provider.OptionValidation == tfkit.ValidationOff
	if in.plan.PopularMatchID.IsUnknown() {
		return
	}
	summary := types.StringNull()
	if !off {
		match, found := r.match(ctx, in.plan.PopularMatchID.ValueString())
		resp.Diagnostics.Append(tfkit.Demoted(r.Provider, found)...)
		if match != nil {
			events := matchedEvents(match)
			summary = summaryOf(ctx, r.Provider, events)
			resp.Diagnostics.Append(r.validate(ctx, in, events, fmt.Sprintf("The popular match %q", match.Title), nil)...)
		}
	}
	in.plan.Summary = summary
	in.plan.Fields().Write(ctx, &resp.Plan.Raw, &resp.Diagnostics)
}

func (r *connectResource) match(ctx context.Context, id string) (*connectapi.PopularMatch, diag.Diagnostics) {
	var diags diag.Diagnostics
	match, err := tfkit.Fetch(ctx, &r.Provider.Metadata, "popular match "+id, func(ctx context.Context) (*connectapi.PopularMatch, error) {
		return r.Provider.Client.PopularMatch(ctx, id)
	})
	switch {
	case connectapi.IsNotFound(err):
		tfkit.AttributeError(&diags, errcode.NoSuchPopularMatch, path.Root("popular_match_id"),
			fmt.Sprintf("The service has no popular match %s. (%s)", id, tfkit.Sentence(err)))
		return nil, diags
	case err != nil:
		return nil, steps.MetadataProblem(r.Provider, "popular match "+id, err)
	default:
		return match, nil
	}
}

// events are the trigger and the actions of a connect or of a popular match.
type events struct {
	trigger connectapi.EventRef
	actions []connectapi.EventRef
}

func matchedEvents(match *connectapi.PopularMatch) events {
	return events{trigger: match.Trigger, actions: match.Actions}
}

func eventsOf(connect *connectapi.Connect) events {
	found := events{trigger: connectapi.EventRef{AppID: connect.Trigger.AppID, EventID: connect.Trigger.EventID}}
	for _, action := range connect.Actions {
		found.actions = append(found.actions, connectapi.EventRef{AppID: action.AppID, EventID: action.EventID})
	}
	return found
}

// validateUpdate needs no popular match, which may be gone: the connect itself
// tells its trigger and actions.
func (r *connectResource) validateUpdate(ctx context.Context, in intentInput) diag.Diagnostics {
	if r.Provider.OptionValidation == tfkit.ValidationOff {
		return nil
	}
	connect, err := r.Provider.Client.Connect(ctx, in.prior.ID.ValueString())
	if err != nil {
		return steps.MetadataProblem(r.Provider, "connect "+in.prior.ID.ValueString(), err)
	}
	return r.validate(ctx, in, eventsOf(connect), "The connect "+connect.ID, connect)
}

// validate checks the managed parts against the metadata of trigger and actions.
// server is nil for a new connect.
func (r *connectResource) validate(ctx context.Context, in intentInput, known events, owner string, server *connectapi.Connect) diag.Diagnostics {
	var diags diag.Diagnostics
	plan, config, prior := in.plan.inline(), in.config.inline(), in.prior.inline()
	if plan.actions != nil && !in.plan.Actions.IsUnknown() && len(plan.actions) != len(known.actions) {
		tfkit.AttributeError(&diags, errcode.WrongNumberOfActions, path.Root("actions"),
			fmt.Sprintf("%s has %s, but actions has %s.", owner, tfkit.Count(len(known.actions), "action"), entries(len(plan.actions))))
		return tfkit.Demoted(r.Provider, diags)
	}

	check := func(step, config, prior steps.Step, kind connectapi.EventKind, eventID string, at path.Path, writes bool, held *connectapi.Step, sources *steps.Sources) {
		step.SecretsWO = config.SecretsWO
		removed := step.RemovedSince(prior)
		if in.private.Imported {
			steps.WarnCleared(&diags, at, removed)
		}
		diags.Append(steps.Validation{
			Provider: r.Provider, Kind: kind, EventID: eventID, Step: step, At: at, Complete: in.create, Removed: removed, Writes: writes, Server: held, Sources: sources,
		}.Run(ctx)...)
	}
	if plan.trigger != nil {
		var held *connectapi.Step
		if server != nil {
			held = &server.Trigger
			r.Provider.Claims.Planned(server.ID, tfkit.TriggerPart, in.writesTrigger())
		}
		check(*plan.trigger, config.triggerStep(), prior.triggerStep(), connectapi.TriggerEvent, known.trigger.EventID, triggerPath(), in.writesTrigger(), held, nil)
	}
	sources := steps.Sources{Connect: server, Trigger: known.trigger.EventID, Rewritten: in.writesTrigger(), Unplanned: plan.trigger == nil}
	for i, step := range plan.actions {
		if i >= len(known.actions) {
			break
		}
		before, writes := sources, in.writesAction(i)
		var held *connectapi.Step
		if server != nil {
			held = &server.Actions[i]
			r.Provider.Claims.Planned(server.ID, tfkit.ActionPart(i+1), writes)
		}
		check(step, config.action(i), prior.action(i), connectapi.ActionEvent, known.actions[i].EventID, actionPath(i), writes, held, &before)
		sources.Earlier = append(slices.Clone(sources.Earlier), known.actions[i].EventID)
		sources.Rewritten = sources.Rewritten || writes
	}
	if in.create {
		diags.Append(r.checkReady(ctx, in, known)...)
	}
	return diags
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// checkReady: a new connect can be turned on or tested only if every step that is
// not managed here needs nothing.
func (r *connectResource) checkReady(ctx context.Context, in intentInput, known events) diag.Diagnostics {
	at := path.Root("enabled")
	if !in.plan.Enabled.ValueBool() {
		at = path.Root("run_test")
	}
	if !in.plan.Enabled.ValueBool() && !in.plan.RunTest.ValueBool() {
		return nil
	}
	var missing []string
	lacks := func(what string, kind connectapi.EventKind, ref connectapi.EventRef, at path.Path) {
		found := steps.Validation{Provider: r.Provider, Kind: kind, EventID: ref.EventID, Step: steps.NullStep(), At: at, Complete: true}.Run(ctx)
		for _, one := range found {
			if _, located := one.(diag.DiagnosticWithPath); located {
				missing = append(missing, what)
				return
			}
		}
	}
	plan := in.plan.inline()
	if in.plan.Trigger.IsNull() {
		lacks("trigger", connectapi.TriggerEvent, known.trigger, triggerPath())
	}
	if in.plan.Actions.IsNull() {
		for i, ref := range known.actions {
			lacks(fmt.Sprintf("actions[%d]", i), connectapi.ActionEvent, ref, actionPath(i))
		}
	}
	var diags diag.Diagnostics
	if len(missing) > 0 && (plan.trigger == nil || plan.actions == nil) {
		tfkit.AttributeError(&diags, errcode.NotReady, at,
			fmt.Sprintf("%s is set, and a new connect needs options or an account for %s, which is not set here.", at, strings.Join(missing, " and ")))
	}
	return tfkit.Demoted(r.Provider, diags)
}

// summaryOf names the apps and events of a connect for people; null when the
// service does not tell.
func summaryOf(ctx context.Context, provider *tfkit.ProviderData, of events) types.String {
	name := func(kind connectapi.EventKind, ref connectapi.EventRef) string {
		event, err := steps.FetchEvent(ctx, provider, kind, ref.EventID)
		if err != nil {
			return ""
		}
		app, err := steps.FetchApp(ctx, provider, ref.AppID)
		if err != nil {
			return event.Name
		}
		return app.Name + ": " + event.Name
	}
	parts := []string{name(connectapi.TriggerEvent, of.trigger)}
	for _, action := range of.actions {
		parts = append(parts, name(connectapi.ActionEvent, action))
	}
	if slices.Contains(parts, "") {
		return types.StringNull()
	}
	return types.StringValue(strings.Join(parts, " → "))
}
