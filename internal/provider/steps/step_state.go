package steps

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// stepModel is one of the resources of this room. It is read from a configuration,
// a plan or a state by decode and written by encode: the framework's conversions
// reflect on each field, and a run reads each resource several times.
type stepModel struct {
	Step

	ConnectID types.String
	// StepID is null for the trigger, which has no such attribute.
	StepID            types.String
	PauseDuringUpdate types.Bool
	Revision          types.String
	// timeouts stay as Terraform gives them.
	timeouts tftypes.Value
}

// nullModel is the state before creation.
func nullModel(plan stepModel) stepModel {
	plan.Step = NullStep()
	plan.Revision = types.StringNull()
	return plan
}

// decode reads an object of the schema.
func decode(object tftypes.Value, diags *diag.Diagnostics) stepModel {
	var values map[string]tftypes.Value
	damaged := object.As(&values)
	note := func(err error) {
		if damaged == nil {
			damaged = err
		}
	}
	model := stepModel{
		Step: Step{
			AccountID: text(values["account_id"], note), Options: texts(values["options"], note),
			SecretOptionsWO: texts(values["secret_options_wo"], note), SecretOptionsWOVersion: number(values["secret_options_wo_version"], note),
		},
		ConnectID: text(values["connect_id"], note), StepID: text(values["step_id"], note), Revision: text(values["revision"], note),
		PauseDuringUpdate: truth(values["pause_during_update"], note), timeouts: values["timeouts"],
	}
	if damaged != nil {
		tfkit.Error(diags, errcode.ProviderFault, "Unexpected provider data", fmt.Sprintf("The provider cannot read what Terraform handed over: %s. This is a fault of the provider; please report it.", damaged))
	}
	return model
}

// encode writes a model as an object of the type of another one. Secrets stay out.
func (m stepModel) encode(ctx context.Context, kind tftypes.Type, diags *diag.Diagnostics) tftypes.Value {
	object, _ := kind.(tftypes.Object)
	values := make(map[string]tftypes.Value, len(object.AttributeTypes))
	for name, value := range map[string]attr.Value{
		"account_id": m.AccountID, "options": m.Options, "secret_options_wo": types.MapNull(types.StringType), "secret_options_wo_version": m.SecretOptionsWOVersion,
		"connect_id": m.ConnectID, "step_id": m.StepID, "pause_during_update": m.PauseDuringUpdate, "revision": m.Revision,
	} {
		if _, has := object.AttributeTypes[name]; !has {
			continue
		}
		encoded, err := value.ToTerraformValue(ctx)
		if err != nil {
			tfkit.Error(diags, errcode.ProviderFault, "Unexpected provider data", fmt.Sprintf("The provider cannot write %s: %s. This is a fault of the provider; please report it.", name, err))
			encoded = tftypes.NewValue(object.AttributeTypes[name], nil)
		}
		values[name] = encoded
	}
	values["timeouts"] = m.timeouts
	if m.timeouts.Type() == nil {
		values["timeouts"] = tftypes.NewValue(object.AttributeTypes["timeouts"], nil)
	}
	return tftypes.NewValue(object, values)
}

// timeoutsOf reads the timeouts of a plan or a state.
func (m stepModel) timeoutsOf(ctx context.Context, source interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}, diags *diag.Diagnostics,
) timeouts.Value {
	limits := tfkit.NullTimeouts("create", "read", "update")
	if !m.timeouts.IsNull() {
		diags.Append(source.GetAttribute(ctx, path.Root("timeouts"), &limits)...)
	}
	return limits
}

// isIdentity reports whether an identity has these values.
func isIdentity(identity tftypes.Value, values map[string]types.String) bool {
	var held map[string]tftypes.Value
	if err := identity.As(&held); err != nil {
		return false
	}
	for name, value := range values {
		var damaged error
		if !text(held[name], func(err error) { damaged = err }).Equal(value) || damaged != nil {
			return false
		}
	}
	return true
}

func text(value tftypes.Value, note func(error)) types.String {
	if value.IsNull() || !value.IsKnown() {
		return unset(value, types.StringNull(), types.StringUnknown())
	}
	var held string
	note(value.As(&held))
	return types.StringValue(held)
}

func truth(value tftypes.Value, note func(error)) types.Bool {
	if value.IsNull() || !value.IsKnown() {
		return unset(value, types.BoolNull(), types.BoolUnknown())
	}
	var held bool
	note(value.As(&held))
	return types.BoolValue(held)
}

func number(value tftypes.Value, note func(error)) types.Int64 {
	if value.IsNull() || !value.IsKnown() {
		return unset(value, types.Int64Null(), types.Int64Unknown())
	}
	var held big.Float
	note(value.As(&held))
	whole, _ := held.Int64()
	return types.Int64Value(whole)
}

func texts(value tftypes.Value, note func(error)) types.Map {
	if value.IsNull() || !value.IsKnown() {
		return unset(value, types.MapNull(types.StringType), types.MapUnknown(types.StringType))
	}
	var held map[string]tftypes.Value
	note(value.As(&held))
	elements := make(map[string]attr.Value, len(held))
	for key, element := range held {
		elements[key] = text(element, note)
	}
	return types.MapValueMust(types.StringType, elements)
}

func unset[T attr.Value](value tftypes.Value, null, unknown T) T {
	if value.IsKnown() {
		return null
	}
	return unknown
}

// publish writes state and identity.
func (r *stepResource) publish(ctx context.Context, model stepModel, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	state.Raw = model.encode(ctx, state.Raw.Type(), diags)
	r.identify(ctx, &model, identity, diags)
}
