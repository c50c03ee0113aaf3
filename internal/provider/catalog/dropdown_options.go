package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// question asks for the choices of one option.
type question struct {
	query connectapi.DropdownQuery
	kind  connectapi.EventKind
	event connectapi.Event
	// held are the options that the step already has.
	held map[string]string
}

// question finds the trigger or action that the configuration is about.
func (d *dropdownOptionsDataSource) question(ctx context.Context, model dropdownOptionsModel, diags *diag.Diagnostics) (question, bool) {
	result := question{kind: connectapi.TriggerEvent, query: connectapi.DropdownQuery{
		Key: model.Key.ValueString(), AccountID: model.AccountID.ValueString(), Values: map[string]string{},
		ConnectID: model.ConnectID.ValueString(), StepID: model.StepID.ValueString(),
		TriggerID: model.TriggerID.ValueString(), ActionID: model.ActionID.ValueString(),
	}}
	for key, value := range model.Values {
		if text := value.ValueString(); text != "" {
			result.query.Values[key] = text
		}
	}
	id, at := result.query.TriggerID, path.Root("trigger_id")

	switch {
	case result.query.ActionID != "":
		result.kind, id, at = connectapi.ActionEvent, result.query.ActionID, path.Root("action_id")
	case result.query.ConnectID != "":
		kind, step, ok := d.step(ctx, result.query, diags)
		if !ok {
			return result, false
		}
		result.kind, result.held, id, at = kind, step.Texts(), step.EventID, path.Root("step_id")
	}
	event, err := d.Provider.Client.Event(ctx, result.kind, id)
	if err != nil {
		tfkit.AddAttributeError(diags, at, fmt.Sprintf("Cannot read %s %s", result.kind, id), err)
		return result, false
	}
	result.event = *event
	return result, true
}

// step finds the step of the connect.
func (d *dropdownOptionsDataSource) step(ctx context.Context, query connectapi.DropdownQuery, diags *diag.Diagnostics) (connectapi.EventKind, connectapi.Step, bool) {
	connect, err := d.Provider.Client.Connect(ctx, query.ConnectID)
	if err != nil {
		tfkit.AddAttributeError(diags, path.Root("connect_id"), "Cannot read the connect "+query.ConnectID, err)
		return "", connectapi.Step{}, false
	}
	if connect.Trigger.ID == query.StepID {
		return connectapi.TriggerEvent, connect.Trigger, true
	}
	known := []string{connect.Trigger.ID + " (trigger)"}
	for _, action := range connect.Actions {
		if action.ID == query.StepID {
			return connectapi.ActionEvent, action, true
		}
		known = append(known, action.ID+" (action)")
	}
	tfkit.AttributeError(diags, errcode.StepNotFound, path.Root("step_id"),
		fmt.Sprintf("Connect %s has no step %s. It has: %s.", connect.ID, query.StepID, strings.Join(known, ", ")))
	return "", connectapi.Step{}, false
}

// answer returns the choices. What the metadata does not list may still be an
// option, because some apps add options of their own once others are chosen;
// so only the service can say that there is none.
func (q question) answer(ctx context.Context, client *connectapi.Client, diags *diag.Diagnostics) []connectapi.Choice {
	at := path.Root("key")
	i := slices.IndexFunc(q.event.Fields, func(f connectapi.Field) bool { return f.Key == q.query.Key })

	if i >= 0 {
		field := q.event.Fields[i]
		switch {
		case !field.Dynamic && len(field.Choices) > 0:
			return field.Choices
		case !field.Dynamic && strings.EqualFold(field.Type, "String"):
			tfkit.AttributeError(diags, errcode.NotASelection, at,
				fmt.Sprintf("The option %q of the %s %q takes any text, so there are no choices.%s", field.Key, q.kind, q.event.Name, q.selections()))
			return nil
		}
		if missing := q.missingParents(field); len(missing) > 0 {
			tfkit.AttributeWarning(diags, errcode.NoChoicesYet, path.Root("values"),
				fmt.Sprintf("The choices of the option %q depend on %s, which has no value.", field.Key, strings.Join(missing, " and ")))
			return nil
		}
	}
	choices, err := client.DropdownOptions(ctx, q.query)
	switch {
	case err != nil && i < 0 && errors.Is(err, connectapi.ErrInvalid), err == nil && i < 0 && len(choices) == 0:
		q.addUnknown(err, diags)
	case err != nil:
		q.addRefusal(err, diags)
	}
	return choices
}

// missingParents are the options that need a value before there are choices.
func (q question) missingParents(field connectapi.Field) []string {
	var missing []string
	for _, parent := range field.DependsOn {
		if q.query.Values[parent] == "" && q.held[parent] == "" {
			missing = append(missing, fmt.Sprintf("%q", parent))
		}
	}
	return missing
}

func (q question) addUnknown(err error, diags *diag.Diagnostics) {
	keys := make([]string, len(q.event.Fields))
	for i, field := range q.event.Fields {
		keys[i] = field.Key
	}
	detail := fmt.Sprintf("The %s %q has no option %q.", q.kind, q.event.Name, q.query.Key)
	if near := tfkit.NearMisses(q.query.Key, keys, 1); len(near) > 0 {
		detail += " Did you mean " + near[0] + "?"
	}
	detail += q.selections()
	if err != nil {
		detail += "\n\n" + tfkit.Sentence(err)
	}
	tfkit.AttributeError(diags, errcode.NoSuchOption, path.Root("key"), detail)
}

// selections names the options that have choices.
func (q question) selections() string {
	var keys []string
	for _, field := range q.event.Fields {
		if field.Dynamic || len(field.Choices) > 0 {
			keys = append(keys, field.Key)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return " Options with choices: " + strings.Join(keys, ", ") + "."
}

// addRefusal points at the account when it is what the service refuses.
func (q question) addRefusal(err error, diags *diag.Diagnostics) {
	summary := fmt.Sprintf("Cannot list the choices of the option %q", q.query.Key)
	if refused, ok := errors.AsType[*connectapi.APIError](err); ok && len(refused.Fields["accountId"]) > 0 {
		tfkit.AddAttributeError(diags, path.Root("account_id"), summary, err)
		return
	}
	tfkit.AddError(diags, summary, err)
}

// byLabel leaves out labels that stand for several values: any of them would be
// a guess.
func byLabel(choices []connectapi.Choice, diags *diag.Diagnostics) map[string]string {
	values, several := make(map[string]string, len(choices)), map[string]bool{}
	for _, choice := range choices {
		if value, taken := values[choice.Label]; taken && value != choice.Value {
			several[choice.Label] = true
		}
		values[choice.Label] = choice.Value
	}

	if len(several) > 0 {
		labels := slices.Sorted(maps.Keys(several))
		for i, label := range labels {
			delete(values, label)
			labels[i] = fmt.Sprintf("%q", label)
		}
		tfkit.AttributeWarning(diags, errcode.LabelsNotUnique, path.Root("by_label"),
			fmt.Sprintf("These labels stand for several choices, so by_label leaves them out: %s.", strings.Join(labels, ", ")))
	}
	return values
}
