package connect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

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
	config := readConnect(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for i, entry := range config.Actions.Elements() {
		if entry.IsNull() {
			tfkit.AttributeError(&resp.Diagnostics, errcode.EntryIsNull, actionPath(i),
				fmt.Sprintf("Entry %d of actions is null.", i+1))
		}
	}
	parts := config.toSteps()
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
	in, ok := r.operation(ctx, tfkit.Planning(req, resp))
	if !ok {
		return
	}
	// A replacement is a creation, of which the state of the old connect says
	// nothing.
	if !in.Create && !in.Plan.PopularMatchID.IsUnknown() && !in.Plan.PopularMatchID.Equal(in.Prior.PopularMatchID) {
		if in.Prior.refuses(in.Private, "replaced by one of another popular match", &resp.Diagnostics) {
			return
		}
		r.warnOfReplacement(in.Prior, &resp.Diagnostics)
		in.Anew(nothingManaged(in.Plan))
	}
	if in.Create {
		var namesakes diag.Diagnostics
		var listing sync.WaitGroup
		listing.Go(func() { r.warnOfNamesakes(ctx, in.Plan, &namesakes) })
		r.planCreation(ctx, in, resp)
		listing.Wait()
		resp.Diagnostics.Append(namesakes...)
		return
	}
	r.Provider.Records.Held(in.Prior.ID.ValueString())
	resp.Diagnostics.Append(r.claim(in.Prior, in.Config, req.Config.Raw)...)
	r.planUpdate(ctx, in, resp)
}

// planUpdate keeps computed attributes that will not change, and checks what is
// going to be written.
func (r *connectResource) planUpdate(ctx context.Context, in operation, resp *resource.ModifyPlanResponse) {
	in.Private.Pending.Warn(&resp.Diagnostics, in.Prior.ID.ValueString())
	if in.Private.Incomplete && !in.Private.Pending.Any() {
		tfkit.Warning(&resp.Diagnostics, errcode.WorkLeft, fmt.Sprintf("The creation of the connect %s failed half-way.", in.Prior.ID.ValueString()))
	}
	status := in.Prior.Status
	if r.mayMove(in) {
		status = types.StringUnknown()
	}
	if planned := in.Plan; !status.Equal(planned.Status) {
		planned.Status = status
		planned.Fields().Write(ctx, &resp.Plan.Raw, &resp.Diagnostics)
	}
	if !in.Plan.toSteps().sameAs(in.Prior.toSteps()) {
		resp.Diagnostics.Append(r.validateUpdate(ctx, in)...)
	}
}

// mayMove reports whether the switch, or something that was left, may change the
// status.
func (r *connectResource) mayMove(in operation) bool {
	if in.Private.Pending.Any() || in.Private.Incomplete || in.Plan.Enabled.IsUnknown() {
		return true
	}
	on, known := r.Provider.Client.IsOn(in.Prior.Status.ValueString())
	return !known || !in.Plan.Enabled.IsNull() && in.Plan.Enabled.ValueBool() != on
}

// sameAs reports whether the managed parts are the same.
func (s stepSet) sameAs(prior stepSet) bool {
	if s.partial || (s.trigger == nil) != (prior.trigger == nil) || len(s.actions) != len(prior.actions) {
		return false
	}
	if s.trigger != nil && !s.trigger.SameAs(*prior.trigger) {
		return false
	}
	for n, step := range s.actions {
		if !step.SameAs(prior.actions[n]) {
			return false
		}
	}
	return true
}

// planCreation checks the parts of a new connect against the popular match and
// the metadata of its trigger and actions.
func (r *connectResource) planCreation(ctx context.Context, in operation, resp *resource.ModifyPlanResponse) {
	if in.Plan.PopularMatchID.IsUnknown() || r.Provider.OptionValidation == tfkit.ValidationOff {
		return
	}
	match, found := r.match(ctx, in.Plan.PopularMatchID.ValueString())
	resp.Diagnostics.Append(tfkit.Demoted(r.Provider, found)...)
	if match != nil {
		resp.Diagnostics.Append(r.validate(ctx, in, matchedEvents(match), fmt.Sprintf("The popular match %q", match.Title), nil)...)
	}
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
func (r *connectResource) validateUpdate(ctx context.Context, in operation) diag.Diagnostics {
	if r.Provider.OptionValidation == tfkit.ValidationOff {
		return nil
	}
	connect, err := r.Provider.Client.Connect(ctx, in.Prior.ID.ValueString())
	if err != nil {
		return steps.MetadataProblem(r.Provider, "connect "+in.Prior.ID.ValueString(), err)
	}
	return r.validate(ctx, in, eventsOf(connect), "The connect "+connect.ID, connect)
}

// validate checks the managed parts against the metadata of trigger and actions.
// server is nil for a new connect.
func (r *connectResource) validate(ctx context.Context, in operation, known events, owner string, server *connectapi.Connect) diag.Diagnostics {
	var diags diag.Diagnostics
	plan, config, prior := in.Plan.toSteps(), in.Config.toSteps(), in.Prior.toSteps()
	if plan.actions != nil && !in.Plan.Actions.IsUnknown() && len(plan.actions) != len(known.actions) {
		tfkit.AttributeError(&diags, errcode.WrongNumberOfActions, path.Root("actions"),
			fmt.Sprintf("%s has %s, but actions has %s.", owner, tfkit.Count(len(known.actions), "action"), entries(len(plan.actions))))
		return tfkit.Demoted(r.Provider, diags)
	}

	var checks []steps.Validation
	check := func(step, config, prior steps.Step, kind connectapi.EventKind, eventID string, at path.Path, writes bool, held *connectapi.Step, sources *steps.Sources) {
		step.SecretsWO = config.SecretsWO
		removed := step.RemovedSince(prior)
		if in.Private.Imported {
			steps.WarnCleared(&diags, at, removed)
		}
		checks = append(checks, steps.Validation{
			Provider: r.Provider, Kind: kind, EventID: eventID, Step: step, At: at, Complete: in.Create, Removed: removed, Writes: writes, Server: held, Sources: sources,
		})
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
	diags.Append(steps.RunAll(ctx, checks)...)
	if in.Create {
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
func (r *connectResource) checkReady(ctx context.Context, in operation, known events) diag.Diagnostics {
	at := path.Root("enabled")
	if !in.Plan.Enabled.ValueBool() {
		at = path.Root("run_test")
	}
	if !in.Plan.Enabled.ValueBool() && !in.Plan.RunTest.ValueBool() {
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
	plan := in.Plan.toSteps()
	if in.Plan.Trigger.IsNull() {
		lacks("trigger", connectapi.TriggerEvent, known.trigger, triggerPath())
	}
	if in.Plan.Actions.IsNull() {
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
