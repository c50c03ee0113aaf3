package catalog

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type optionSkeletonFunction struct{}

// NewOptionSkeletonFunction returns the function option_skeleton.
func NewOptionSkeletonFunction() function.Function { return optionSkeletonFunction{} }

// Metadata implements function.Function.
func (optionSkeletonFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "option_skeleton"
}

// Definition implements function.Function.
func (optionSkeletonFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The options that a trigger or an action requires, still empty.",
		MarkdownDescription: "Makes a map with an empty text for each required option out of the `fields` of a trigger or an action.\n\n" +
			"`merge` your own options over it: an option that was forgotten is then named by the plan, because an empty one counts as missing.\n\nCalls nothing.",
		Parameters: []function.Parameter{
			// The fields come from a data source, whose type has more attributes
			// than this function needs and may gain some.
			function.DynamicParameter{
				Name:                "fields",
				MarkdownDescription: "The attribute `fields` of `appypie_trigger` or `appypie_action`, or a list of objects with `key` and `required`.",
			},
		},
		Return: function.MapReturn{ElementType: types.StringType},
	}
}

// Run implements function.Function.
func (optionSkeletonFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var fields types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &fields); resp.Error != nil {
		return
	}
	list, ok := fields.UnderlyingValue().(interface{ Elements() []attr.Value })
	if !ok {
		resp.Error = tfkit.ArgumentError(0, "the fields must be a list of objects: give the attribute fields of appypie_trigger or appypie_action")
		return
	}
	skeleton := map[string]string{}

	for i, element := range list.Elements() {
		key, required, problem := readField(element)
		if problem != "" {
			resp.Error = tfkit.ArgumentError(0, fmt.Sprintf("the field with index %d %s; give the attribute fields of appypie_trigger or appypie_action", i, problem))
			return
		}
		if required {
			skeleton[key] = ""
		}
	}
	resp.Error = resp.Result.Set(ctx, skeleton)
}

// readField reads the two members that count. A field that does not say so is
// not required.
func readField(element attr.Value) (key string, required bool, problem string) {
	if dynamic, ok := element.(types.Dynamic); ok {
		element = dynamic.UnderlyingValue()
	}
	var members map[string]attr.Value
	switch v := element.(type) {
	case types.Object:
		members = v.Attributes()
	case types.Map:
		members = v.Elements()
	}
	text, ok := members["key"].(types.String)
	if !ok || text.ValueString() == "" {
		return "", false, "has no key"
	}

	switch flag := members["required"].(type) {
	case nil:
	case types.Bool:
		required = flag.ValueBool()
	case types.String:
		// In a map all members have one type, so the flag is a text there.
		if flag.IsNull() {
			break
		}
		var err error
		if required, err = strconv.ParseBool(flag.ValueString()); err != nil {
			problem = "says neither true nor false under required"
		}
	default:
		if !flag.IsNull() {
			problem = "says neither true nor false under required"
		}
	}
	return text.ValueString(), required, problem
}
