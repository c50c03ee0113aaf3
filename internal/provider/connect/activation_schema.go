package connect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Schema implements resource.Resource.
func (r *activationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 0,
		MarkdownDescription: "Turns a connect on or off, after its options were written by `appypie_trigger_options` and `appypie_action_options`.\n\n" +
			"For a connect that is configured in one block, use `enabled` and `run_test` of `appypie_connect` instead; manage the switch in one place only.\n\n" +
			"Destroying this resource turns the connect off.\n\n" +
			tfkit.Provenance(dialect.RunTest, dialect.TurnOnConnect, dialect.TurnOffConnect, dialect.ListConnects),
		Attributes: map[string]schema.Attribute{
			"connect_id": schema.StringAttribute{
				MarkdownDescription: "Id of the connect. Changing it replaces the resource.",
				Required:            true,
				Validators:          []validator.String{tfkit.IDValidator()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether the connect is on. Default `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"run_test": schema.BoolAttribute{
				MarkdownDescription: "Whether to test the connect before it is turned on, and again whenever `revisions` change. A test acts for real in the target apps. Default `false`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
			},
			"revisions": schema.ListAttribute{
				MarkdownDescription: "The `revision` of every options resource of the connect: orders this resource after them and, when one changes, tests again.",
				ElementType:         types.StringType,
				Optional:            true,
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "The service's own word for whether the connect is on, such as `ON`.",
				Computed:            true,
			},
			"timeouts": tfkit.Timeouts(tfkit.TimeoutCreate, tfkit.TimeoutRead, tfkit.TimeoutUpdate, tfkit.TimeoutDelete),
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *activationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"connect_id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id of the connect."},
	}}
}
