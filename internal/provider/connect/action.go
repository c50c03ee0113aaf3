package connect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// longestAction bounds the timeout attribute of an action.
const longestAction = 24 * time.Hour

// connectAction is an action on one connect. The actions differ in what they
// do and say and in nothing else.
type connectAction struct {
	tfkit.ActionBase

	// name follows the type name of the connect resource.
	name        string
	description string
	operations  []dialect.Operation
	// failure is the summary of an error, which the connect's id completes.
	failure string
	invoke  func(context.Context, invocation) error
}

// invocation is what one run of an action works with.
type invocation struct {
	client  *connectapi.Client
	connect *connectapi.Connect
	// report shows a message to the person who runs Terraform.
	report func(format string, args ...any)
}

type connectActionModel struct {
	ConnectID types.String `tfsdk:"connect_id"`
	Timeout   types.String `tfsdk:"timeout"`
}

var (
	_ action.ActionWithConfigure  = (*connectAction)(nil)
	_ action.ActionWithModifyPlan = (*connectAction)(nil)
)

// Actions lists the actions on connects.
func Actions() []func() action.Action {
	return []func() action.Action{NewTurnOnAction, NewTurnOffAction, NewRunTestAction}
}

// Metadata implements action.Action.
func (a *connectAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connect_" + a.name
}

// Schema implements action.Action.
func (a *connectAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: a.description + "\n\nIt needs Terraform 1.14 or newer.\n\n" + tfkit.Provenance(a.operations...),
		Attributes: map[string]schema.Attribute{
			"connect_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id of the connect. In Terraform 1.16 and newer, an action that the connect's own resource triggers takes `caller.id`.",
				Validators:          []validator.String{tfkit.IDValidator()},
			},
			"timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long the action may take, from `1s` to `24h`, such as `90s`. Default `10m`.",
				Validators:          []validator.String{tfkit.DurationValidator(longestAction)},
			},
		},
	}
}

// ModifyPlan finds out that the connect does not exist before anything is changed.
// The id of one that is still to be made is not known yet.
func (a *connectAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	at := path.Root("connect_id")
	var id types.String
	if resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...); resp.Diagnostics.HasError() || id.IsUnknown() || a.Provider == nil {
		return
	}
	_, err := a.Provider.Client.Connect(ctx, id.ValueString())
	switch {
	case connectapi.IsNotFound(err):
		tfkit.AttributeError(&resp.Diagnostics, errcode.NoSuchConnect, at,
			fmt.Sprintf("The service has no connect %s.", id.ValueString()))
	case err != nil:
		tfkit.AddAttributeError(&resp.Diagnostics, at, "Cannot read the connect "+id.ValueString(), err)
	}
}

// Invoke implements action.Action.
func (a *connectAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model connectActionModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	timeout := tfkit.DefaultTimeout
	if wanted := model.Timeout.ValueString(); wanted != "" {
		// The schema has refused what is no duration.
		timeout, _ = time.ParseDuration(wanted)
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := model.ConnectID.ValueString()
	connect, err := a.Provider.Client.Connect(ctx, id)
	if err != nil {
		tfkit.AddAttributeError(&resp.Diagnostics, path.Root("connect_id"), "Cannot read the connect "+id, err)
		return
	}
	err = a.invoke(ctx, invocation{
		client: a.Provider.Client, connect: connect,
		report: func(format string, args ...any) {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
		},
	})
	a.addError(&resp.Diagnostics, id, timeout, err)
}

// addError says what to do about a failure where an action is concerned and not
// an apply.
func (a *connectAction) addError(diags *diag.Diagnostics, id string, timeout time.Duration, err error) {
	summary := a.failure + " " + id
	failed, isFailure := errors.AsType[*connectapi.TestFailedError](err)

	switch {
	case err == nil:
	case isFailure:
		tfkit.AddError(diags, summary, tfkit.WithNext(failed, "Correct the options or the account of that step and run the action again. The switch of the connect was left as it was."))
	case errors.Is(err, context.DeadlineExceeded):
		tfkit.AddError(diags, summary, tfkit.WithNext(err, tfkit.Next(fmt.Sprintf("The action may take %s. Look at the connect, because what was asked for may still happen; then run the action again with a longer timeout.", timeout))))
	default:
		tfkit.AddError(diags, summary, err)
	}
}
