// Package steps is the model of a step's account and options, and the two
// resources that manage one step each. The connect resource uses the same
// model for its inline form, so both forms run the same code.
package steps

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Step is what a configuration says about one step. A null attribute is not
// managed; only the keys that options declares are managed and compared.
type Step struct {
	AccountID      types.String `tfsdk:"account_id"`
	Options        types.Map    `tfsdk:"options"`
	SecretsWO      types.Map    `tfsdk:"secrets_wo"`
	SecretsVersion types.Int64  `tfsdk:"secrets_wo_version"`
}

// StepOf is the step that an object of StepAttributeTypes holds. The framework's
// own conversions reflect on each field, which a plan of a thousand connects
// notices.
//
// Of an object that is not known, no part is.
func StepOf(object types.Object) Step {
	if object.IsUnknown() {
		return Step{
			AccountID: types.StringUnknown(), Options: types.MapUnknown(types.StringType),
			SecretsWO: types.MapUnknown(types.StringType),
		}
	}
	step, values := NullStep(), object.Attributes()
	if value, ok := values["account_id"].(types.String); ok {
		step.AccountID = value
	}
	if value, ok := values["options"].(types.Map); ok {
		step.Options = value
	}
	if value, ok := values["secrets_wo"].(types.Map); ok {
		step.SecretsWO = value
	}
	return step
}

// Object is the step as it may be stored, without secrets: the opposite of
// StepOf.
func (s Step) Object() types.Object {
	return types.ObjectValueMust(StepAttributeTypes(), map[string]attr.Value{
		"account_id": s.AccountID,
		"options":    s.Options,
		"secrets_wo": types.MapNull(types.StringType),
	})
}

// NullStep manages nothing.
func NullStep() Step {
	return Step{
		Options:   types.MapNull(types.StringType),
		SecretsWO: types.MapNull(types.StringType),
	}
}

// SameAs reports whether the state would be the same. Secrets do not count:
// their version stands for them.
func (s Step) SameAs(prior Step) bool {
	return s.AccountID.Equal(prior.AccountID) && s.Options.Equal(prior.Options) &&
		s.SecretsVersion.Equal(prior.SecretsVersion)
}

// managesNothing: neither account nor options are declared.
func (s Step) managesNothing() bool {
	return s.AccountID.IsNull() && s.Options.IsNull() && s.SecretsWO.IsNull()
}

// Manages reports whether the configuration is known to manage something here.
func (s Step) Manages() bool {
	given := func(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }
	return given(s.AccountID) || given(s.Options) || given(s.SecretsWO)
}

// Request is what Change needs to turn a planned step into an edit.
type Request struct {
	// Prior is the step in the state; NullStep on creation.
	Prior Step
	// Secrets is secrets_wo from the configuration: plans and states
	// never hold it.
	Secrets types.Map
	// At is where the step stands in the configuration.
	At path.Path
}

// Change turns a planned step into an edit. It is strict: a value that is not
// known is an error with its path, before any call is made. ok is false when
// nothing is managed.
func (s Step) Change(req Request) (change connectapi.StepChange, ok bool, diags diag.Diagnostics) {
	withSecrets := s
	withSecrets.SecretsWO = req.Secrets
	if withSecrets.managesNothing() {
		return change, false, diags
	}
	if s.AccountID.IsUnknown() {
		diags.Append(unresolved(req.At.AtName("account_id")))
	}
	change.AccountID = s.AccountID.ValueString()
	change.Set = known(s.Options, req.At.AtName("options"), &diags)
	change.Secrets = known(req.Secrets, req.At.AtName("secrets_wo"), &diags)
	change.Unset = withSecrets.RemovedSince(req.Prior)
	return change, !diags.HasError(), diags
}

// RemovedSince returns the keys that prior manages and s does not, with the
// secrets of the configuration in s. They are cleared once, because the service
// has no other way to drop an option. A key that is null is kept, unmanaged.
func (s Step) RemovedSince(prior Step) []string {
	if s.Options.IsNull() || s.Options.IsUnknown() || s.SecretsWO.IsUnknown() {
		return nil
	}
	var removed []string
	for key, value := range prior.Options.Elements() {
		if value.IsNull() || isEmptyString(value) {
			continue
		}
		if _, declared := s.Options.Elements()[key]; declared {
			continue
		}
		if secret, declared := s.SecretsWO.Elements()[key]; declared && !secret.IsNull() {
			continue
		}
		removed = append(removed, key)
	}
	slices.Sort(removed)
	return removed
}

// Writes reports whether applying s after prior has to write the step, with the
// secrets of the configuration in s. What the state does not know yet is compared
// with what the service has: server answers nil when that cannot be read.
func (s Step) Writes(prior Step, server func() *connectapi.Step) bool {
	if s.AccountID.IsUnknown() || s.Options.IsUnknown() {
		return true
	}
	if !s.SecretsWO.IsNull() && !s.SecretsVersion.IsNull() && !s.SecretsVersion.Equal(prior.SecretsVersion) {
		return true
	}
	if !s.AccountID.IsNull() && !s.AccountID.Equal(prior.AccountID) {
		if !prior.AccountID.IsNull() {
			return true
		}
		if held := server(); held == nil || held.AccountID != s.AccountID.ValueString() {
			return true
		}
	}
	return len(s.RemovedSince(prior)) > 0 || s.changesOptions(prior, server) || s.movesSecrets(prior)
}

func (s Step) changesOptions(prior Step, server func() *connectapi.Step) bool {
	for key, value := range s.Options.Elements() {
		before, known := prior.Options.Elements()[key]
		switch {
		case value.IsNull(), known && value.Equal(before):
		case value.IsUnknown(), known && !before.IsNull():
			return true
		default:
			held := server()
			if held == nil || held.Options == nil {
				return true
			}
			text, _ := value.(types.String)
			if shown, _ := shownText(*held, key); shown != text.ValueString() || isMasked(*held, key) {
				return true
			}
		}
	}
	return false
}

// movesSecrets reports whether an option became a secret with another value.
func (s Step) movesSecrets(prior Step) bool {
	for key, value := range s.SecretsWO.Elements() {
		before, managed := prior.Options.Elements()[key]
		if managed && !before.IsNull() && !value.IsNull() && !value.Equal(before) {
			return true
		}
	}
	return false
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
	return tfkit.AttributeErrorDiagnostic(errcode.ValueUnknown, at,
		"The value is unknown although the resource is being applied, so nothing was sent.")
}

// Shown remembers what the service showed for options that were declared
// otherwise, right after they were written; nil stands for nothing. As long as it
// shows that, nothing has changed.
type Shown map[string]*string

// Same reports whether the service still shows what it showed.
func (s Shown) same(key, text string, has bool) bool {
	before, remembered := s[key]
	if !remembered {
		return false
	}
	return before == nil && !has || before != nil && has && *before == text
}

// Remember compares what was declared with what the service shows after a write;
// prior is the step before it, and before what was remembered of that. A service
// that goes on showing what it showed, although that means something else, did not
// take the write: nothing is remembered of that, and the next plan shows it.
func (s Step) Remember(server connectapi.Step, prior Step, before Shown) Shown {
	if server.Options == nil {
		return nil
	}
	shown := Shown{}
	for key, value := range s.Options.Elements() {
		declared, ok := value.(types.String)
		if !ok || value.IsNull() || value.IsUnknown() || isMasked(server, key) {
			continue
		}
		text, has := shownText(server, key)
		was, _ := prior.Options.Elements()[key].(types.String)
		unchanged := has && (was.ValueString() == text || before.same(key, text, has))
		switch {
		case text == declared.ValueString(), unchanged && !was.Equal(declared) && !SameMeaning(text, declared.ValueString()):
		case has:
			shown[key] = &text
		default:
			shown[key] = nil
		}
	}
	return shown
}

// SameMeaning reports whether two texts differ in their form only.
func SameMeaning(a, b string) bool {
	plain := func(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }
	if a, b = plain(a), plain(b); a == b {
		return true
	}
	var left, right any
	return json.Unmarshal([]byte(a), &left) == nil && json.Unmarshal([]byte(b), &right) == nil && reflect.DeepEqual(left, right)
}

// shownText is an option as the service shows it, and whether it does. An empty
// option equals a missing one.
func shownText(server connectapi.Step, key string) (string, bool) {
	text := server.Options[key].Text()
	return text, text != ""
}

func isMasked(server connectapi.Step, key string) bool {
	return connectapi.IsMasked(server.Options[key].Text())
}

// Refresh updates the managed parts from what the service has. What it does not
// show, shows masked, or shows as it did after the last write keeps the known
// value, and keys that are not declared stay out.
func (s Step) Refresh(server connectapi.Step, remembered Shown) Step {
	if !s.AccountID.IsNull() && !server.HidesAccount {
		s.AccountID = tfkit.StringOrNull(server.AccountID)
	}
	if s.Options.IsNull() || server.Options == nil {
		return s
	}
	refreshed := make(map[string]attr.Value, len(s.Options.Elements()))
	for key, prior := range s.Options.Elements() {
		declared, _ := prior.(types.String)
		text, has := shownText(server, key)
		switch {
		case prior.IsNull(), isMasked(server, key), !has && declared.ValueString() == "", remembered.same(key, text, has):
			refreshed[key] = prior
		default:
			if _, shows := server.Options[key]; shows {
				refreshed[key] = types.StringValue(text)
			}
		}
	}
	s.Options = types.MapValueMust(types.StringType, refreshed)
	return s
}

// FromAPI is the step as an import finds it: everything that the service shows,
// except values that it masks and those whose keys look secret. The latter are
// returned, because they may be declared as secrets.
func FromAPI(server connectapi.Step) (Step, []string) {
	step := NullStep()
	step.AccountID = tfkit.StringOrNull(server.AccountID)
	values := map[string]attr.Value{}
	var secrets []string
	for _, key := range slices.Sorted(maps.Keys(server.Options)) {
		text, has := shownText(server, key)
		switch {
		case isMasked(server, key):
		case has && wire.LooksSecret(key):
			secrets = append(secrets, key)
		default:
			values[key] = types.StringValue(text)
		}
	}
	if len(values) > 0 {
		step.Options = types.MapValueMust(types.StringType, values)
	}
	return step, secrets
}

// WarnSecretsLeftOut names the options that an import left out.
func WarnSecretsLeftOut(diags *diag.Diagnostics, at path.Path, keys []string) {
	if len(keys) == 0 {
		return
	}
	tfkit.AttributeWarning(diags, errcode.SecretsLeftOut, at,
		fmt.Sprintf("The service shows the values of %s, whose names look secret, so the import leaves them out of state and generated configuration.", strings.Join(keys, ", ")))
}

// WarnCleared names the options of an import that leaving them out clears.
func WarnCleared(diags *diag.Diagnostics, at path.Path, keys []string) {
	if len(keys) == 0 {
		return
	}
	tfkit.AttributeWarning(diags, errcode.ImportedCleared, at.AtName("options"),
		fmt.Sprintf("The import found %s, and the configuration does not declare them, so this apply clears them in the service.", strings.Join(keys, ", ")))
}

// ForState is the step as it may be stored: without secrets.
func (s Step) ForState() Step {
	s.SecretsWO = types.MapNull(types.StringType)
	return s
}
