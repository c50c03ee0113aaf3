package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// maxChoices bounds how many choices a message lists.
const maxChoices = 8

// choiceCheck holds the selections of a step to the choices of its account. What
// it finds is a warning: the service may offer more than it lists.
type choiceCheck struct {
	Validation

	event   *connectapi.Event
	account string
	// doubted holds whether a value is doubtful, of the keys that were looked at.
	doubted map[string]bool
	diags   diag.Diagnostics
}

// checkChoices looks only at what is going to be written, so a plan without
// changes asks nothing.
func (v Validation) checkChoices(ctx context.Context, event *connectapi.Event) diag.Diagnostics {
	selects := slices.ContainsFunc(event.Fields, func(f connectapi.Field) bool { return f.Dynamic && v.literal(f.Key) != "" })
	if !v.Writes || !selects {
		return nil
	}
	account, known, err := v.knownAccount(ctx, event)
	if err != nil {
		return MetadataProblem(v.Provider, "app "+event.AppID, err)
	}
	if !known {
		return nil
	}
	check := choiceCheck{Validation: v, event: event, account: account, doubted: map[string]bool{}}
	for _, field := range event.Fields {
		check.doubts(ctx, field.Key)
	}
	return check.diags
}

// knownAccount is the account that the step is going to use. An app that needs
// none has choices without one.
func (v Validation) knownAccount(ctx context.Context, event *connectapi.Event) (id string, known bool, err error) {
	switch {
	case v.Step.AccountID.IsUnknown():
		return "", false, nil
	case !v.Step.AccountID.IsNull():
		return v.Step.AccountID.ValueString(), true, nil
	case v.Server != nil && v.Server.AccountID != "":
		return v.Server.AccountID, true, nil
	case v.Server != nil && v.Server.HidesAccount || event.AppID == "":
		return "", false, nil
	}
	app, err := v.app(ctx, event.AppID)
	return "", err == nil && app.AuthType == "", err
}

// literal is the value that options gives a key; empty where none is given, where
// it is not known yet, and where it refers to what only a run brings.
func (v Validation) literal(key string) string {
	value, ok := v.Step.Options.Elements()[key].(types.String)
	if !ok || strings.Contains(value.ValueString(), "{{") {
		return ""
	}
	return value.ValueString()
}

// doubts reports whether a value is none of the choices, and says so once.
func (c *choiceCheck) doubts(ctx context.Context, key string) bool {
	if doubted, done := c.doubted[key]; done {
		return doubted
	}
	c.doubted[key] = false
	i := slices.IndexFunc(c.event.Fields, func(f connectapi.Field) bool { return f.Key == key })
	value := c.literal(key)
	if i < 0 || !c.event.Fields[i].Dynamic || value == "" {
		return false
	}
	field := c.event.Fields[i]
	parents, known := c.parents(ctx, field)
	if !known {
		return false
	}
	choices, err := c.choices(ctx, key, parents)
	if err != nil {
		c.diags.Append(MetadataProblem(c.Provider, fmt.Sprintf("the choices of the option %q of the %s %s", key, c.Kind, c.EventID), err)...)
		return false
	}
	// A service that lists nothing may want a search first. It says nothing about the value.
	if len(choices) == 0 || isChoice(choices, value) {
		return false
	}
	c.doubted[key] = true
	tfkit.AttributeWarning(&c.diags, errcode.NoSuchChoice, c.At.AtName("options").AtMapKey(key),
		fmt.Sprintf("The service does not offer this value for the option %q of the %s %q. It is written as it is.%s", key, c.Kind, c.event.Name, choiceHint(choices, value)))
	return true
}

// parents are the values that the choices of a field depend on. One that is not
// known, or not a choice itself, makes the choices unknown too.
func (c *choiceCheck) parents(ctx context.Context, field connectapi.Field) (values map[string]string, known bool) {
	values = map[string]string{}
	for _, parent := range field.DependsOn {
		value := c.literal(parent)
		if value == "" && !c.declared(parent) && !slices.Contains(c.Removed, parent) {
			value = c.held(parent)
		}
		if value == "" || strings.Contains(value, "{{") || c.doubts(ctx, parent) {
			return nil, false
		}
		values[parent] = value
	}
	return values, true
}

// held is the value that the service has for a key and keeps.
func (v Validation) held(key string) string {
	if v.Server == nil || isMasked(*v.Server, key) {
		return ""
	}
	return v.Server.Options[key].Text()
}

// choices asks once in a run for those of an option, an account and its parents.
func (c *choiceCheck) choices(ctx context.Context, key string, parents map[string]string) ([]connectapi.Choice, error) {
	query := connectapi.DropdownQuery{Key: key, AccountID: c.account, Values: parents, TriggerID: c.EventID}
	if c.Kind == connectapi.ActionEvent {
		query.TriggerID, query.ActionID = "", c.EventID
	}
	once, err := json.Marshal(query)
	if err != nil {
		return nil, err //nolint:wrapcheck // texts can always be marshaled.
	}
	return tfkit.Fetch(ctx, &c.Provider.Metadata, "choices "+string(once), func(ctx context.Context) ([]connectapi.Choice, error) {
		return c.Provider.Client.DropdownOptions(ctx, query)
	})
}

func isChoice(choices []connectapi.Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c connectapi.Choice) bool { return c.Value == value })
}

// choiceHint says which value is meant: that of the label, or those that are
// near, or those that there are. It never repeats what was given, which a
// variable may mark as sensitive.
func choiceHint(choices []connectapi.Choice, given string) string {
	if hint := labelHint(choices, given); hint != "" {
		return hint
	}
	var texts []string
	of := map[string]connectapi.Choice{}
	for _, choice := range choices {
		for _, text := range []string{choice.Value, choice.Label} {
			if quoted := fmt.Sprintf("%q", text); text != "" && of[quoted] == (connectapi.Choice{}) {
				of[quoted] = choice
				texts = append(texts, text)
			}
		}
	}
	var near []connectapi.Choice
	for _, quoted := range tfkit.NearMisses(given, texts, tfkit.MostNearMisses) {
		if !slices.Contains(near, of[quoted]) {
			near = append(near, of[quoted])
		}
	}
	if len(near) > 0 {
		return " Did you mean " + listChoices(near) + "?"
	}
	return " Choices: " + listChoices(choices) + "."
}

// labelHint says which value to use where a label was given.
func labelHint(choices []connectapi.Choice, given string) string {
	var values []string
	for _, choice := range choices {
		if quoted := fmt.Sprintf("%q", choice.Value); strings.EqualFold(choice.Label, given) && !slices.Contains(values, quoted) {
			values = append(values, quoted)
		}
	}
	if len(values) == 0 {
		return ""
	}
	return fmt.Sprintf(" It is the label of a choice, and options take values: use %s.", strings.Join(values, " or "))
}

func listChoices(choices []connectapi.Choice) string {
	var parts []string
	for i, choice := range choices {
		if i == maxChoices {
			parts = append(parts, fmt.Sprintf("and %d more", len(choices)-maxChoices))
			break
		}
		parts = append(parts, fmt.Sprintf("%q (%s)", choice.Value, choice.Label))
	}
	return strings.Join(parts, ", ")
}
