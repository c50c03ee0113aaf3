package catalog

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type popularMatchModel struct {
	ID      types.String       `tfsdk:"id"`
	Title   types.String       `tfsdk:"title"`
	Trigger *matchTriggerModel `tfsdk:"trigger"`
	Actions []matchActionModel `tfsdk:"actions"`
}

type matchTriggerModel struct {
	AppID     types.String `tfsdk:"app_id"`
	TriggerID types.String `tfsdk:"trigger_id"`
}

type matchActionModel struct {
	AppID    types.String `tfsdk:"app_id"`
	ActionID types.String `tfsdk:"action_id"`
}

func newPopularMatchModel(match connectapi.PopularMatch) popularMatchModel {
	model := popularMatchModel{
		ID:    types.StringValue(match.ID),
		Title: tfkit.StringOrNull(match.Title),
		Trigger: &matchTriggerModel{
			AppID: tfkit.StringOrNull(match.Trigger.AppID), TriggerID: tfkit.StringOrNull(match.Trigger.EventID),
		},
		Actions: make([]matchActionModel, len(match.Actions)),
	}
	for i, action := range match.Actions {
		model.Actions[i] = matchActionModel{AppID: tfkit.StringOrNull(action.AppID), ActionID: tfkit.StringOrNull(action.EventID)}
	}
	return model
}

func popularMatchAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":    tfkit.ComputedString("Id of the popular match, for `popular_match_id` of `appypie_connect`."),
		"title": tfkit.ComputedString("Title of the popular match: what its connects do."),
		"trigger": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The trigger that its connects start with.",
			Attributes: map[string]schema.Attribute{
				"app_id":     tfkit.ComputedString("Id of the trigger's app."),
				"trigger_id": tfkit.ComputedString("Id of the trigger."),
			},
		},
		"actions": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The actions that its connects carry out, in the order of the steps.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"app_id":    tfkit.ComputedString("Id of the action's app."),
				"action_id": tfkit.ComputedString("Id of the action."),
			}},
		},
	}
}

// joins reports whether the match starts with a trigger of one app and has an
// action of the other; an empty id stands for any app. The service is asked for
// just these, but it is only assumed to heed that, so its answer is checked.
func joins(match connectapi.PopularMatch, triggerAppID, actionAppID string) bool {
	if triggerAppID != "" && match.Trigger.AppID != triggerAppID {
		return false
	}
	return actionAppID == "" ||
		slices.ContainsFunc(match.Actions, func(action connectapi.EventRef) bool { return action.AppID == actionAppID })
}

func describePopularMatch(match connectapi.PopularMatch) string {
	return fmt.Sprintf("%q (%s)", match.Title, match.ID)
}
