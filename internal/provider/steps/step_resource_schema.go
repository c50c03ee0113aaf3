package steps

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Schema implements resource.Resource.
func (r *stepResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version:             0,
		MarkdownDescription: r.description(),
		Attributes: map[string]schema.Attribute{
			"connect_id": schema.StringAttribute{
				MarkdownDescription: "Id of the connect. Changing it replaces the resource.",
				Required:            true,
				Validators:          []validator.String{tfkit.IDValidator()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"pause_during_update": schema.BoolAttribute{
				MarkdownDescription: "Whether a live connect is turned off while the step is written, and on again when that succeeded. Default `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"revision": schema.StringAttribute{
				MarkdownDescription: "Changes with every write of the step. Give it to `appypie_connect_activation.revisions`.",
				Computed:            true,
			},
			"secrets_wo_version": SecretsVersion(),
			"timeouts":           tfkit.Timeouts(tfkit.TimeoutCreate, tfkit.TimeoutRead, tfkit.TimeoutUpdate),
		},
	}
	if r.kind == connectapi.ActionEvent {
		resp.Schema.Attributes["position"] = positionAttribute()
	}
	maps.Copy(resp.Schema.Attributes, StepAttributes())
}

func (r *stepResource) description() string {
	if r.kind == connectapi.TriggerEvent {
		return "Manages account and options of a connect's trigger, for connects that are made elsewhere or whose ownership is split.\n\n" +
			"To manage the whole connect in one block, use `trigger` of `appypie_connect` instead; manage a step in one place only.\n\n" +
			"Destroying this resource stops managing the step and changes nothing in the service: the API has no way to reset a step.\n\n" +
			tfkit.Provenance(dialect.EditTriggerOptions, dialect.ListConnects, dialect.TurnOffConnect, dialect.TurnOnConnect)
	}
	return "Manages account and options of one action of a connect, for connects that are made elsewhere or whose ownership is split.\n\n" +
		"To manage the whole connect in one block, use `actions` of `appypie_connect` instead; manage a step in one place only.\n\n" +
		"Destroying this resource stops managing the step and changes nothing in the service: the API has no way to reset a step.\n\n" +
		tfkit.Provenance(dialect.EditActionOptions, dialect.ListConnects, dialect.TurnOffConnect, dialect.TurnOnConnect)
}

func positionAttribute() schema.Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "Which action of the connect: `1` is the first one of the popular match. Needed only when the connect has several actions. Changing it replaces the resource.",
		Optional:            true,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
		PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplace()},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *stepResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	attributes := map[string]identityschema.Attribute{
		"connect_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the connect."},
	}
	if r.kind == connectapi.ActionEvent {
		attributes["position"] = identityschema.Int64Attribute{OptionalForImport: true, Description: "Position of the action, from 1; needed when the connect has several."}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: attributes}
}
