package steps

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// ModifyPlan keeps the revision when nothing will be written, resumes what an
// earlier apply left unfinished, and checks the options against live metadata.
func (r *stepResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Provider == nil {
		return
	}
	in, ok := r.operation(ctx, tfkit.Planning(req, resp))
	if !ok {
		return
	}
	if !in.Create && moved(in.Plan, in.Prior) {
		// A replacement is a creation, of which the state of the old step says
		// nothing.
		in.Anew(nullModel(in.Plan))
	}

	resp.Diagnostics.Append(r.claim(in.Plan, in.Config, req.Config.Raw)...)
	in.Private.Pending.Warn(&resp.Diagnostics, in.Prior.ConnectID.ValueString())
	writes := in.Create || r.writes(ctx, in)
	if !in.Plan.ConnectID.IsUnknown() && !in.Plan.Position.IsUnknown() {
		r.Provider.Claims.Planned(in.Plan.ConnectID.ValueString(), r.part(in.Plan), writes)
	}
	revision := in.Plan.Revision
	switch {
	case in.Private.Pending.Any():
		revision = types.StringUnknown()
	case !writes:
		revision = in.Prior.Revision
	}
	if !revision.Equal(in.Plan.Revision) {
		in.Plan.Revision = revision
		in.Plan.Fields().Write(ctx, &resp.Plan.Raw, &resp.Diagnostics)
	}
	if writes {
		r.validate(ctx, in, resp)
	}
}

// claim claims the step of a plan, as far as the plan knows which one that is.
func (r *stepResource) claim(plan, config stepModel, raw tftypes.Value) diag.Diagnostics {
	if plan.ConnectID.IsUnknown() || plan.Position.IsUnknown() || !config.Manages() {
		return nil
	}
	return r.Provider.Claims.Claim(tfkit.Claim{
		TypeName: fmt.Sprintf("appypie_%s_options", r.kind), ConnectID: plan.ConnectID.ValueString(), Part: r.part(plan), At: path.Root("connect_id"), Config: raw,
	})
}

// part is the part of the connect that a resource manages.
func (r *stepResource) part(plan stepModel) string {
	if r.kind == connectapi.ActionEvent {
		return tfkit.ActionPart(plan.position())
	}
	return tfkit.TriggerPart
}

// writes reports whether an update has to write the step.
func (r *stepResource) writes(ctx context.Context, in operation) bool {
	step := in.Plan.Step
	step.SecretsWO = in.Config.SecretsWO
	return step.Writes(in.Prior.Step, func() *connectapi.Step {
		if in.Plan.ConnectID.IsUnknown() {
			return nil
		}
		connect, err := r.Provider.Client.Connect(ctx, in.Plan.ConnectID.ValueString())
		if err != nil {
			return nil
		}
		if server, ok := r.step(connect, in.Prior); ok {
			return &server
		}
		return nil
	})
}

// moved reports whether the plan is about another step than the state.
func moved(plan, prior stepModel) bool {
	return !plan.ConnectID.Equal(prior.ConnectID) || !plan.Position.Equal(prior.Position)
}

func (r *stepResource) validate(ctx context.Context, in operation, resp *resource.ModifyPlanResponse) {
	plan := in.Plan
	if plan.ConnectID.IsUnknown() || in.Config.Position.IsUnknown() || r.Provider.OptionValidation == tfkit.ValidationOff {
		return
	}
	connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())

	switch {
	case connectapi.IsNotFound(err):
		var found diag.Diagnostics
		tfkit.AttributeError(&found, errcode.NoSuchConnect, path.Root("connect_id"),
			fmt.Sprintf("The service has no connect %s.", plan.ConnectID.ValueString()))
		resp.Diagnostics.Append(tfkit.Demoted(r.Provider, found)...)
		return
	case err != nil:
		resp.Diagnostics.Append(MetadataProblem(r.Provider, "connect "+plan.ConnectID.ValueString(), err)...)
		return
	}

	var found diag.Diagnostics
	server, ok := r.resolve(connect, plan, &found)
	resp.Diagnostics.Append(tfkit.Demoted(r.Provider, found)...)
	if !ok {
		return
	}

	step := plan.Step
	step.SecretsWO = in.Config.SecretsWO
	removed := step.RemovedSince(in.Prior.Step)
	validation := Validation{
		Provider: r.Provider, Kind: r.kind, EventID: server.EventID, Step: step, At: path.Empty(),
		Complete: true, Present: server.Texts(), Removed: removed, Writes: true, Server: &server,
	}
	if r.kind == connectapi.ActionEvent {
		validation.Sources = r.sourcesOf(connect, plan.position())
	}
	if in.Private.Imported {
		WarnCleared(&resp.Diagnostics, path.Empty(), removed)
	}
	if server.AccountID != "" && step.AccountID.IsNull() {
		validation.Step.AccountID = types.StringValue(server.AccountID)
	}
	resp.Diagnostics.Append(validation.Run(ctx)...)
}

// sourcesOf are the steps of a connect before the action at a position, from 1. Other
// resources may write them in the same plan.
func (r *stepResource) sourcesOf(connect *connectapi.Connect, position int) *Sources {
	sources := &Sources{Connect: connect, Trigger: connect.Trigger.EventID}
	parts := []string{tfkit.TriggerPart}
	for i := range min(position-1, len(connect.Actions)) {
		sources.Earlier = append(sources.Earlier, connect.Actions[i].EventID)
		parts = append(parts, tfkit.ActionPart(i+1))
	}
	for _, part := range parts {
		writes, known := r.Provider.Claims.Writes(connect.ID, part)
		sources.Rewritten = sources.Rewritten || writes
		sources.Unplanned = sources.Unplanned || !known
	}
	return sources
}
