package steps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Validation checks a planned step against the live metadata of its trigger or
// action, before anything is written.
type Validation struct {
	Provider *tfkit.ProviderData
	Kind     connectapi.EventKind
	EventID  string
	// Step is the planned step, with the secrets of the configuration.
	Step Step
	At   path.Path
	// Complete means that the configuration has to say everything that is
	// required: the connect is new. Otherwise only keys that Removed names are
	// missed.
	Complete bool
	// Removed are required candidates that the change clears.
	Removed []string
	// Present are keys that the service already has a value for.
	Present map[string]string
	// Writes means that the step is going to be written, and Server is what the
	// service shows of it, if that is known: what it masks has to be given.
	Writes bool
	Server *connectapi.Step
	// Sources are what an action's options can refer to; nil leaves that unchecked.
	Sources *Sources
}

// Run returns what is wrong. Metadata that cannot be fetched degrades to a
// warning; refused credentials do not.
func (v Validation) Run(ctx context.Context) diag.Diagnostics {
	if v.Provider == nil || v.Provider.OptionValidation == tfkit.ValidationOff || v.EventID == "" {
		return nil
	}
	event, err := FetchEvent(ctx, v.Provider, v.Kind, v.EventID)
	if err != nil {
		return MetadataProblem(v.Provider, fmt.Sprintf("the fields of %s %s", v.Kind, v.EventID), err)
	}
	var found diag.Diagnostics

	v.checkKeys(event, &found)
	v.checkValues(event, &found)
	v.checkMasked(&found)
	account := v.checkAccount(ctx, event)
	found.Append(account...)
	// An account that is wrong has other choices, or none.
	if len(account) == 0 {
		found.Append(v.checkChoices(ctx, event)...)
	}
	found.Append(v.checkReferences(ctx, event)...)
	if v.Provider.OptionValidation == tfkit.ValidationWarn {
		return tfkit.AsWarnings(found)
	}
	return found
}

// RunAll is Run of all steps of a connect. Each needs some metadata, which they ask
// for at the same time: with a slow service that is what a plan waits for.
func RunAll(ctx context.Context, all []Validation) diag.Diagnostics {
	found := make([]diag.Diagnostics, len(all))
	var running sync.WaitGroup
	for i, one := range all {
		running.Go(func() { found[i] = one.Run(ctx) })
	}
	running.Wait()
	return slices.Concat(found...)
}

// FetchEvent reads a trigger or an action once in a run.
func FetchEvent(ctx context.Context, provider *tfkit.ProviderData, kind connectapi.EventKind, id string) (*connectapi.Event, error) {
	return tfkit.Fetch(ctx, &provider.Metadata, string(kind)+" "+id, func(ctx context.Context) (*connectapi.Event, error) {
		return provider.Client.Event(ctx, kind, id)
	})
}

// checkMasked: an edit sends all options of a step, so those that the service
// shows masked have to be given.
func (v Validation) checkMasked(diags *diag.Diagnostics) {
	if !v.Writes || v.Server == nil || v.Step.Options.IsUnknown() || v.Step.SecretsWO.IsUnknown() {
		return
	}
	var masked []string
	for key := range v.Server.Options {
		value, given := v.Step.Options.Elements()[key]
		given = given && !value.IsNull()
		if isMasked(*v.Server, key) && !given && !v.declared(key) && !slices.Contains(v.Removed, key) {
			masked = append(masked, key)
		}
	}
	if len(masked) == 0 {
		return
	}
	slices.Sort(masked)
	tfkit.AttributeError(diags, errcode.MaskedOptions, v.At.AtName("secrets_wo"),
		fmt.Sprintf("The service shows %s masked. Writing the step sends all its options, and would replace their values with the masks.", strings.Join(masked, ", ")))
}

// declared reports whether the configuration gives a key a value, known or not.
func (v Validation) declared(key string) bool {
	for _, values := range []types.Map{v.Step.Options, v.Step.SecretsWO} {
		if values.IsUnknown() {
			return true
		}
		if value, ok := values.Elements()[key]; ok && !value.IsNull() && !isEmptyString(value) {
			return true
		}
	}
	return false
}

func isEmptyString(value attr.Value) bool {
	text, ok := value.(types.String)
	return ok && !text.IsNull() && !text.IsUnknown() && text.ValueString() == ""
}

// checkKeys reports missing required options and unknown keys. A misspelled
// required option is both; it is reported once, at the key that is there.
func (v Validation) checkKeys(event *connectapi.Event, diags *diag.Diagnostics) {
	fields := make([]string, len(event.Fields))
	missing := map[string]connectapi.Field{}
	for i, field := range event.Fields {
		fields[i] = field.Key
		if field.Required && v.missed(field.Key) {
			missing[field.Key] = field
		}
	}

	for _, name := range []string{"options", "secrets_wo"} {
		values := v.Step.Options
		if name == "secrets_wo" {
			values = v.Step.SecretsWO
		}
		for _, key := range slices.Sorted(maps.Keys(values.Elements())) {
			if !slices.Contains(fields, key) {
				v.reportUnknown(event, key, v.At.AtName(name).AtMapKey(key), fields, missing, diags)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(missing)) {
		tfkit.AttributeError(diags, errcode.OptionMissing, v.At.AtName("options").AtMapKey(key),
			fmt.Sprintf("The %s %q needs the option %q (%s).%s",
				v.Kind, event.Name, key, missing[key].Label, choicesText(missing[key])))
	}
}

// missed reports whether a key will have no value: nothing declares one, or
// options declares the empty one.
func (v Validation) missed(key string) bool {
	switch {
	case v.declared(key):
		return false
	case slices.Contains(v.Removed, key):
		return true
	}
	if value, ok := v.Step.Options.Elements()[key]; ok && isEmptyString(value) {
		return true
	}
	return v.Complete && v.Present[key] == ""
}

func (v Validation) reportUnknown(event *connectapi.Event, key string, at path.Path, fields []string, missing map[string]connectapi.Field, diags *diag.Diagnostics) {
	near := tfkit.NearMisses(key, fields, 1)
	suggestion := ""
	if len(near) == 1 {
		suggestion = strings.Trim(near[0], `"`)
	}
	if _, isMissing := missing[suggestion]; isMissing {
		delete(missing, suggestion)
		tfkit.AttributeError(diags, errcode.OptionUnknown, at,
			fmt.Sprintf("The %s %q has no option %q. Did you mean %q, which is required?", v.Kind, event.Name, key, suggestion), "Correct the key.")
		return
	}
	detail := fmt.Sprintf("The %s %q does not list an option %q. It is sent as written.",
		v.Kind, event.Name, key)
	if suggestion != "" {
		detail += fmt.Sprintf(" Did you mean %q?", suggestion)
	} else {
		detail += " It lists: " + strings.Join(fields, ", ") + "."
	}
	tfkit.AttributeWarning(diags, errcode.OptionUnknown, at, detail)
}

// checkValues checks static choices, and selections whose parent is not set.
func (v Validation) checkValues(event *connectapi.Event, diags *diag.Diagnostics) {
	for _, field := range event.Fields {
		value, ok := v.Step.Options.Elements()[field.Key].(types.String)
		if !ok || value.IsNull() || value.IsUnknown() || value.ValueString() == "" {
			continue
		}
		at := v.At.AtName("options").AtMapKey(field.Key)
		if !allows(field, value.ValueString()) {
			tfkit.AttributeError(diags, errcode.NoSuchChoice, at,
				fmt.Sprintf("The option %q of the %s %q does not offer this value.%s%s", field.Key, v.Kind, event.Name, labelHint(field.Choices, value.ValueString()), choicesText(field)))
		}
		for _, parent := range field.DependsOn {
			if v.missed(parent) && !required(event, parent) {
				tfkit.AttributeError(diags, errcode.OptionDepends, at,
					fmt.Sprintf("The option %q of the %s %q needs the option %q, which has no value.", field.Key, v.Kind, event.Name, parent))
			}
		}
	}
}

// required reports whether a key has to have a value: when it has none, that is
// the mistake, and what depends on it is not another one.
func required(event *connectapi.Event, key string) bool {
	return slices.ContainsFunc(event.Fields, func(f connectapi.Field) bool { return f.Key == key && f.Required })
}

// allows reports whether a value can be right. References to the trigger's
// sample data resolve only when the connect runs.
func allows(field connectapi.Field, value string) bool {
	if field.Dynamic || len(field.Choices) == 0 || strings.Contains(value, "{{") {
		return true
	}
	return isChoice(field.Choices, value)
}

func choicesText(field connectapi.Field) string {
	if len(field.Choices) == 0 {
		return ""
	}
	parts := make([]string, len(field.Choices))
	for i, choice := range field.Choices {
		parts[i] = fmt.Sprintf("%q (%s)", choice.Value, choice.Label)
	}
	return " Choices: " + strings.Join(parts, ", ") + "."
}
