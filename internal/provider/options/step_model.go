// Package options is the model of a step's account and options, and the two
// resources that manage one step each. The connect resource uses the same
// model for its inline form, so both forms run the same code.
package options

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Step is what a configuration says about one step. A null attribute is not
// managed; only the keys that options declares are managed and compared.
type Step struct {
	AccountID              types.String `tfsdk:"account_id"`
	Options                types.Map    `tfsdk:"options"`
	SecretOptionsWO        types.Map    `tfsdk:"secret_options_wo"`
	SecretOptionsWOVersion types.Int64  `tfsdk:"secret_options_wo_version"`
}

// StepOf is the step that an object of StepAttributeTypes holds. The framework's
// own conversions reflect on each field, which a plan of a thousand connects
// notices.
func StepOf(object types.Object) Step {
	step, values := NullStep(), object.Attributes()

	if value, ok := values["account_id"].(types.String); ok {
		step.AccountID = value
	}

	if value, ok := values["options"].(types.Map); ok {
		step.Options = value
	}

	if value, ok := values["secret_options_wo"].(types.Map); ok {
		step.SecretOptionsWO = value
	}

	if value, ok := values["secret_options_wo_version"].(types.Int64); ok {
		step.SecretOptionsWOVersion = value
	}

	return step
}

// Object is the step as it may be stored, without secrets: the opposite of
// StepOf.
func (s Step) Object() types.Object {
	return types.ObjectValueMust(StepAttributeTypes(), map[string]attr.Value{
		"account_id":                s.AccountID,
		"options":                   s.Options,
		"secret_options_wo":         types.MapNull(types.StringType),
		"secret_options_wo_version": s.SecretOptionsWOVersion,
	})
}

// NullStep manages nothing.
func NullStep() Step {
	return Step{
		Options:         types.MapNull(types.StringType),
		SecretOptionsWO: types.MapNull(types.StringType),
	}
}

// SameAs tells whether applying s after prior would write nothing. Secrets do
// not count: their version stands for them.
func (s Step) SameAs(prior Step) bool {
	return s.AccountID.Equal(prior.AccountID) && s.Options.Equal(prior.Options) &&
		s.SecretOptionsWOVersion.Equal(prior.SecretOptionsWOVersion)
}

// managesNothing: neither account nor options are declared.
func (s Step) managesNothing() bool {
	return s.AccountID.IsNull() && s.Options.IsNull() && s.SecretOptionsWO.IsNull()
}

// Manages tells whether the configuration is known to manage something here.
func (s Step) Manages() bool {
	given := func(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

	return given(s.AccountID) || given(s.Options) || given(s.SecretOptionsWO)
}

// Request is what Change needs to turn a planned step into an edit.
type Request struct {
	// Prior is the step in the state; NullStep on creation.
	Prior Step
	// Secrets is secret_options_wo from the configuration: plans and states
	// never hold it.
	Secrets types.Map
	// At is where the step stands in the configuration.
	At path.Path
	// Adopted means that Prior comes from an import: keys that it has and the
	// configuration lacks were never managed, so they are not cleared.
	Adopted bool
}

// Change turns a planned step into an edit. It is strict: a value that is not
// known is an error with its path, before any call is made. ok is false when
// there is nothing to write.
func (s Step) Change(req Request) (change connectapi.StepChange, ok bool, diags diag.Diagnostics) {
	withSecrets := s
	withSecrets.SecretOptionsWO = req.Secrets

	if withSecrets.managesNothing() {
		return change, false, diags
	}

	if s.AccountID.IsUnknown() {
		diags.Append(unresolved(req.At.AtName("account_id")))
	}

	change.AccountID = s.AccountID.ValueString()
	change.Set = known(s.Options, req.At.AtName("options"), &diags)
	change.Secrets = known(req.Secrets, req.At.AtName("secret_options_wo"), &diags)

	if !req.Adopted && !s.Options.IsNull() {
		change.Unset = removedKeys(req.Prior.Options, change)
	}

	return change, !diags.HasError(), diags
}

// removedKeys are the options that were managed and no longer are. They are
// cleared once, because the service has no other way to drop an option.
func removedKeys(prior types.Map, change connectapi.StepChange) []string {
	var removed []string

	for key, value := range prior.Elements() {
		if value.IsNull() {
			continue
		}

		_, set := change.Set[key]
		_, secret := change.Secrets[key]

		if !set && !secret {
			removed = append(removed, key)
		}
	}

	slices.Sort(removed)

	return removed
}

// known reads a map of strings whose values must all be known. Null values are
// left out: an option that is null is not managed.
func known(values types.Map, at path.Path, diags *diag.Diagnostics) map[string]string {
	if values.IsUnknown() {
		diags.Append(unresolved(at))

		return nil
	}

	result := make(map[string]string, len(values.Elements()))

	for key, value := range values.Elements() {
		text, ok := value.(types.String)

		switch {
		case !ok || value.IsUnknown():
			diags.Append(unresolved(at.AtMapKey(key)))
		case !value.IsNull():
			result[key] = text.ValueString()
		}
	}

	return result
}

func unresolved(at path.Path) diag.Diagnostic {
	return tfkit.AttributeErrorDiagnostic(problem.ValueUnknown, at, "Value is not known",
		"The value is still unknown although the resource is being applied, so nothing was sent. This is a fault of the provider or of Terraform; please report it with the configuration.")
}

// Refresh updates the managed parts from what the service has. A masked value
// keeps the known one, an empty option equals a missing one, and keys that are
// not declared stay out.
func (s Step) Refresh(server connectapi.Step) Step {
	if !s.AccountID.IsNull() && !server.HidesAccount {
		s.AccountID = tfkit.StringOrNull(server.AccountID)
	}
	// What the service does not show has not changed, as far as is known.
	if s.Options.IsNull() || server.Options == nil {
		return s
	}

	refreshed := make(map[string]attr.Value, len(s.Options.Elements()))

	for key, prior := range s.Options.Elements() {
		held, has := server.Options[key]
		value := held.Text()
		text, _ := prior.(types.String)

		switch {
		case prior.IsNull(), connectapi.IsMasked(value), !has && text.ValueString() == "":
			refreshed[key] = prior
		case has:
			refreshed[key] = types.StringValue(value)
		}
	}

	s.Options = types.MapValueMust(types.StringType, refreshed)

	return s
}

// Adopt is the step as an import finds it: everything that the service shows,
// except values that it masks.
func Adopt(server connectapi.Step) Step {
	step := NullStep()
	step.AccountID = tfkit.StringOrNull(server.AccountID)

	values := map[string]attr.Value{}

	for _, key := range slices.Sorted(maps.Keys(server.Options)) {
		if value := server.Options[key].Text(); !connectapi.IsMasked(value) {
			values[key] = types.StringValue(value)
		}
	}

	if len(values) > 0 {
		step.Options = types.MapValueMust(types.StringType, values)
	}

	return step
}

// ForState is the step as it may be stored: without secrets.
func (s Step) ForState() Step {
	s.SecretOptionsWO = types.MapNull(types.StringType)

	return s
}

// RemovedSince returns the keys that prior manages and s does not, with the
// secrets of the configuration in s.
func (s Step) RemovedSince(prior Step) []string {
	if s.Options.IsNull() || s.Options.IsUnknown() {
		return nil
	}

	return removedKeys(prior.Options, connectapi.StepChange{Set: declaredKeys(s.Options), Secrets: declaredKeys(s.SecretOptionsWO)})
}
