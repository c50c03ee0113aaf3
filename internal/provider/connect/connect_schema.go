package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

const maxNameLength = 255

// Schema implements resource.Resource.
func (r *connectResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 0,
		MarkdownDescription: "Manages a connect: the automation that runs actions when a trigger fires.\n\n" +
			"A connect is created off; then trigger and actions are configured in the order of its steps, tested if `run_test` asks for it, and only then turned on. " +
			"An update of a live connect pauses it first. Whatever fails, the connect is left off or as it was.\n\n" +
			"`trigger` and `actions` are optional: leave them out to manage them with `appypie_trigger_options` and `appypie_action_options`, or not at all.\n\n" +
			tfkit.Provenance(dialect.CreateConnect, dialect.EditTriggerOptions, dialect.EditActionOptions, dialect.RunTest, dialect.TurnOnConnect,
				dialect.TurnOffConnect, dialect.UpdateConnectName, dialect.ListConnects, dialect.DeleteConnect),
		Attributes: attributes(),
	}
}

func attributes() map[string]schema.Attribute {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the connect.",
			Computed:            true,
			PlanModifiers:       keep,
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the connect, 1 to 255 characters.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, maxNameLength)},
		},
		"popular_match_id": schema.StringAttribute{
			MarkdownDescription: "Id of the popular match that the connect is made from; it decides the trigger and the actions. Changing it replaces the connect. " +
				"While a plan cannot know it, the connect stays: if it then turns out to be another, the apply fails and changes nothing.",
			Required:      true,
			Validators:    []validator.String{tfkit.IDValidator()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(replacesMatch, replacesMatchText, replacesMatchText)},
		},
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the connect is on. Setting `enabled` puts the switch under Terraform. Without it, a new connect stays off, later changes leave the switch as it is, and the attribute stays null; `status` shows whether the connect is on.",
			Optional:            true,
		},
		"run_test": schema.BoolAttribute{
			MarkdownDescription: "Whether to test the connect after its options were written and before it is turned on. A test acts for real in the target apps. Default `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"pause_during_update": schema.BoolAttribute{
			MarkdownDescription: "Whether a live connect is turned off while its options are written or it is tested, and on again when everything succeeded. A rename turns it off only if the service demands it, and a change that writes nothing never does. Default `true`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What destroying the resource does with the connect: `delete` (default) turns it off and deletes it, `turn_off` turns it off and leaves it, `retain` leaves it as it is, `prevent` is an error. " +
				"What the last apply stored counts, so change and apply it before you destroy.",
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(deletionDelete),
			Validators: []validator.String{stringvalidator.OneOf(deletionDelete, deletionTurnOff, deletionRetain, deletionPrevent)},
		},
		"trigger": schema.SingleNestedAttribute{
			MarkdownDescription: "Account and options of the trigger. Leave it out to not manage them here.",
			Optional:            true,
			Attributes:          steps.StepAttributes(),
		},
		"actions": schema.ListNestedAttribute{
			MarkdownDescription: "Account and options of the actions: one entry for each action of the popular match, in its order. Leave it out to not manage them here.",
			Optional:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: steps.StepAttributes()},
			Validators:          []validator.List{listvalidator.SizeAtLeast(1)},
		},
		"secrets_wo_version": steps.SecretsVersion(),
		"status": schema.StringAttribute{
			MarkdownDescription: "The service's own word for whether the connect is on, such as `ON`.",
			Computed:            true,
		},
		"timeouts": tfkit.Timeouts(tfkit.TimeoutCreate, tfkit.TimeoutRead, tfkit.TimeoutUpdate, tfkit.TimeoutDelete),
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *connectResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the connect. An import also takes bare/ID, which leaves trigger, actions and switch out."},
	}}
}

const replacesMatchText = "Another popular match replaces the connect; one that is not known yet does not."

func replacesMatch(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.PlanValue.IsUnknown()
}
