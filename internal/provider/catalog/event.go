package catalog

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// eventModel is a trigger or an action: the same thing with a kind.
type eventModel struct {
	ID          types.String `tfsdk:"id"`
	AppID       types.String `tfsdk:"app_id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Fields      []fieldModel `tfsdk:"fields"`
}

type fieldModel struct {
	Key       types.String  `tfsdk:"key"`
	Label     types.String  `tfsdk:"label"`
	Type      types.String  `tfsdk:"type"`
	Required  types.Bool    `tfsdk:"required"`
	HelpText  types.String  `tfsdk:"help_text"`
	Dynamic   types.Bool    `tfsdk:"dynamic"`
	DependsOn []string      `tfsdk:"depends_on"`
	Choices   []choiceModel `tfsdk:"choices"`
	Default   types.String  `tfsdk:"default"`
}

type choiceModel struct {
	Label types.String `tfsdk:"label"`
	Value types.String `tfsdk:"value"`
}

// newEventModel takes the app that was asked for where the service names none.
func newEventModel(event connectapi.Event, appID string) eventModel {
	if event.AppID != "" {
		appID = event.AppID
	}
	model := eventModel{
		ID:          types.StringValue(event.ID),
		AppID:       tfkit.StringOrNull(appID),
		Name:        tfkit.StringOrNull(event.Name),
		Description: tfkit.StringOrNull(event.Description),
		Fields:      make([]fieldModel, len(event.Fields)),
	}

	for i, field := range event.Fields {
		model.Fields[i] = fieldModel{
			Key:       types.StringValue(field.Key),
			Label:     tfkit.StringOrNull(field.Label),
			Type:      tfkit.StringOrNull(field.Type),
			Required:  types.BoolValue(field.Required),
			HelpText:  tfkit.StringOrNull(field.HelpText),
			Dynamic:   types.BoolValue(field.Dynamic),
			DependsOn: append([]string{}, field.DependsOn...),
			Choices:   newChoiceModels(field.Choices),
			Default:   tfkit.StringOrNull(field.Default),
		}
	}
	return model
}

// newChoiceModels keeps empty values: "" may well be what a choice stands for.
func newChoiceModels(choices []connectapi.Choice) []choiceModel {
	models := make([]choiceModel, len(choices))
	for i, choice := range choices {
		models[i] = choiceModel{Label: types.StringValue(choice.Label), Value: types.StringValue(choice.Value)}
	}
	return models
}

func eventAttributes(kind connectapi.EventKind) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          tfkit.ComputedString(fmt.Sprintf("Id of the %s.", kind)),
		"app_id":      tfkit.ComputedString("Id of the app."),
		"name":        tfkit.ComputedString(fmt.Sprintf("Name of the %s.", kind)),
		"description": tfkit.ComputedString(fmt.Sprintf("What the %s stands for, in the service's words.", kind)),
		"fields": schema.ListNestedAttribute{
			Computed: true,
			MarkdownDescription: fmt.Sprintf("The options of the %s, in the order of the web editor. "+
				"Some apps show more options once others have a value; those are not in this list.", kind),
			NestedObject: schema.NestedAttributeObject{Attributes: fieldAttributes()},
		},
	}
}

func fieldAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"key":       tfkit.ComputedString("Key of the option, for the maps `options` and `secrets_wo` (documented)."),
		"label":     tfkit.ComputedString("Name of the option in the web editor (documented)."),
		"type":      tfkit.ComputedString("`String` for any text, or `Select` for one of several choices (documented)."),
		"required":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a connect needs a value here before it can be turned on."},
		"help_text": tfkit.ComputedString("What the web editor says about the option."),
		"dynamic": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the choices come from the connected account: read them with `appypie_dropdown_options`.",
		},
		"depends_on": schema.ListAttribute{
			ElementType:         types.StringType,
			Computed:            true,
			MarkdownDescription: "Keys of the options that need a value before there are choices.",
		},
		"choices": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The choices of a `Select` that is not dynamic; otherwise empty.",
			NestedObject:        schema.NestedAttributeObject{Attributes: choiceAttributes()},
		},
		"default": tfkit.ComputedString("What the web editor fills in; null when it fills in nothing, or when the service does not say. Terraform writes only what `options` has."),
	}
}

func choiceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"label": tfkit.ComputedString("What the web editor shows."),
		"value": tfkit.ComputedString("What the option has to be set to."),
	}
}

func describeEvent(event connectapi.Event) string {
	return fmt.Sprintf("%q (%s)", event.Name, event.ID)
}

// eventOperations are the operations that read one event, and those of an app.
func eventOperations(kind connectapi.EventKind) (get, list dialect.Operation) {
	if kind == connectapi.ActionEvent {
		return dialect.GetAction, dialect.ListActions
	}
	return dialect.GetTrigger, dialect.ListTriggers
}
