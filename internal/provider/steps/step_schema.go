package steps

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// StepAttributes are the attributes of Step, for the resources of this room
// and for the connect resource; SecretsVersion belongs to them.
func StepAttributes() map[string]schema.Attribute {
	nonEmptyKeys := mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1))
	return map[string]schema.Attribute{
		"account_id": schema.StringAttribute{
			MarkdownDescription: "Id of the connected account that the step uses. Leave it out for apps that need no account, or to leave the account as it is.",
			Optional:            true,
			Validators:          []validator.String{tfkit.IDValidator()},
		},
		"options": schema.MapAttribute{
			MarkdownDescription: "Options of the step, by key. Only the keys declared here are managed and compared; others stay as the service has them. " +
				"A key that is removed from the map is cleared in the service; a key that is null is left as it is, not managed; removing the whole map leaves every option as it is. " +
				"Values are shown in plans and stored in the state: put secrets into `secrets_wo`.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Map{nonEmptyKeys},
		},
		"secrets_wo": schema.MapAttribute{
			MarkdownDescription: "Secret options of the step, by key. The values are sent with every write of the step and never stored in the plan or the state. " +
				"Change `secrets_wo_version` to have changed values written. Needs Terraform 1.11 or OpenTofu 1.11.",
			ElementType: types.StringType,
			Optional:    true,
			// Not sensitive as well: it is in no plan and no state, and for each step
			// Terraform would store a path of 300 bytes that says so.
			WriteOnly:  true,
			Validators: []validator.Map{nonEmptyKeys},
		},
	}
}

// SecretsVersion is the attribute secrets_wo_version of a resource: it
// stands for the secrets of all its steps.
func SecretsVersion() schema.Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "Any number; a different one has `secrets_wo` written again. It may stay when `secrets_wo` is null.",
		Optional:            true,
	}
}

// StepAttributeTypes are the types of StepAttributes.
func StepAttributeTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"account_id": types.StringType,
		"options":    types.MapType{ElemType: types.StringType},
		"secrets_wo": types.MapType{ElemType: types.StringType},
	}
}

// ValidateConfig refuses a key that stands among both the visible and the
// secret options.
func (s Step) ValidateConfig(_ context.Context, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	for key := range s.SecretsWO.Elements() {
		if _, both := s.Options.Elements()[key]; both {
			tfkit.AttributeError(&diags, errcode.OptionGivenTwice, at.AtName("options").AtMapKey(key),
				"The option \""+key+"\" is in both options and secrets_wo.")
		}
	}
	return diags
}
