package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
	var plan, config stepModel

	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	prior := nullModel(plan)
	creating := req.State.Raw.IsNull()
	if !creating {
		resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	}
	private := tfkit.ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	if !creating && moved(plan, prior) {
		// A replacement is a creation, of which the state of the old step says
		// nothing, not even its id.
		creating, private, prior = true, tfkit.Private{}, nullModel(plan)
		if config.StepID.IsNull() {
			plan.StepID = types.StringUnknown()
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("step_id"), plan.StepID)...)
		}
	}

	resp.Diagnostics.Append(r.claim(ctx, plan, config, req.Config.Raw)...)
	private.Pending.Warn(&resp.Diagnostics, prior.ConnectID.ValueString())
	writes := creating || r.writes(ctx, plan, config, prior)
	switch {
	case private.Pending.Any():
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("revision"), types.StringUnknown())...)
	case !writes:
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("revision"), prior.Revision)...)
	}
	if writes {
		r.validate(ctx, plan, config, prior, private.Imported, resp)
	}
}

// writes reports whether an update has to write the step.
func (r *stepResource) writes(ctx context.Context, plan, config, prior stepModel) bool {
	step := plan.Step
	step.SecretOptionsWO = config.SecretOptionsWO
	return step.Writes(prior.Step, func() *connectapi.Step {
		if plan.ConnectID.IsUnknown() {
			return nil
		}
		connect, err := r.Provider.Client.Connect(ctx, plan.ConnectID.ValueString())
		if err != nil {
			return nil
		}
		if server, ok := r.find(connect, prior.StepID.ValueString()); ok {
			return &server
		}
		return nil
	})
}

// moved reports whether the plan is about another step than the state.
func moved(plan, prior stepModel) bool {
	return !plan.ConnectID.Equal(prior.ConnectID) || !plan.StepID.Equal(prior.StepID)
}

func (r *stepResource) validate(ctx context.Context, plan, config, prior stepModel, imported bool, resp *resource.ModifyPlanResponse) {
	if plan.ConnectID.IsUnknown() || config.StepID.IsUnknown() || r.Provider.OptionValidation == tfkit.ValidationOff {
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
	step.SecretOptionsWO = config.SecretOptionsWO
	removed := step.RemovedSince(prior.Step)
	validation := Validation{
		Provider: r.Provider, Kind: r.kind, EventID: server.EventID, Step: step, At: path.Empty(),
		Complete: true, Present: server.Texts(), Removed: removed, Writes: true, Server: &server,
	}
	if imported {
		WarnCleared(&resp.Diagnostics, path.Empty(), removed)
	}
	if server.AccountID != "" && step.AccountID.IsNull() {
		validation.Step.AccountID = types.StringValue(server.AccountID)
	}
	resp.Diagnostics.Append(validation.Run(ctx)...)
}

// ImportState takes CONNECT_ID, or CONNECT_ID/STEP_ID for an action, or the
// identity, and reads everything that the service shows of the step.
func (r *stepResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	connectID, stepID, _ := strings.Cut(req.ID, "/")
	if req.ID == "" && req.Identity != nil {
		var connect, step types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("connect_id"), &connect)...)
		if r.kind == connectapi.ActionEvent {
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("step_id"), &step)...)
		}
		connectID, stepID = connect.ValueString(), step.ValueString()
	}
	wantsStep := strings.Contains(req.ID, "/")
	if resp.Diagnostics.HasError() {
		return
	}

	if !tfkit.ValidID(connectID) || (wantsStep || stepID != "") && (r.kind == connectapi.TriggerEvent || !tfkit.ValidID(stepID)) {
		form := "CONNECT_ID"
		if r.kind == connectapi.ActionEvent {
			form = "CONNECT_ID, or CONNECT_ID/STEP_ID when the connect has several actions"
		}
		tfkit.Error(&resp.Diagnostics, errcode.MalformedImportID, fmt.Sprintf("%q does not have the form %s. An id has letters, digits, - and _ only.", req.ID, form))
		return
	}
	connect, err := r.Provider.Client.Connect(ctx, connectID)
	if err != nil {
		tfkit.AddError(&resp.Diagnostics, "Cannot import the "+string(r.kind)+" options of connect "+connectID, err)
		return
	}
	model := stepModel{
		ConnectID: types.StringValue(connectID),
		StepID:    tfkit.StringOrNull(stepID),
		Timeouts:  types.MapNull(types.StringType),
	}
	server, ok := r.resolve(connect, model, &resp.Diagnostics)
	if !ok || resp.Diagnostics.HasError() {
		return
	}

	step, secrets := Adopt(server)
	WarnSecretsLeftOut(&resp.Diagnostics, path.Root("options"), secrets)
	model.Step = step
	model.StepID = types.StringValue(server.ID)
	model.PauseDuringUpdate = types.BoolValue(true)
	model.Revision = types.StringValue(connect.UpdatedAt)

	tfkit.WritePrivate(ctx, resp.Private, tfkit.Private{Imported: true}, &resp.Diagnostics)
	r.publish(ctx, model, &resp.State, resp.Identity, &resp.Diagnostics)
}
