package options

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// AddChangeError adds one diagnostic for a failed change, pointing at the
// attribute to blame where there is one. steps says where each step of the
// change stands in the configuration, in the order of Change.Steps.
func AddChangeError(diags *diag.Diagnostics, err error, summary string, steps []path.Path) {
	at, ok := blame(err, steps)
	if !ok {
		tfkit.AddError(diags, summary, err)

		return
	}

	tfkit.AddAttributeError(diags, at, summary, err)
}

func blame(err error, steps []path.Path) (path.Path, bool) {
	var change *connectapi.ChangeError
	if !errors.As(err, &change) {
		return path.Empty(), false
	}

	var notFound *connectapi.StepNotFoundError
	if errors.As(err, &notFound) {
		if change.Step < len(steps) && !steps[change.Step].Equal(path.Empty()) {
			return path.Root("actions"), true
		}

		return path.Root("step_id"), true
	}

	var api *connectapi.APIError

	fields := []string(nil)
	if errors.As(err, &api) {
		fields = slices.Sorted(maps.Keys(api.Fields))
	}

	if change.Stage == connectapi.StageEdit && change.Step < len(steps) {
		for _, field := range fields {
			return fieldPath(steps[change.Step], field), true
		}

		return firstNonEmpty(steps[change.Step], path.Root("options")), true
	}

	if change.Stage == connectapi.StageTurnOn {
		for _, field := range fields {
			if at, ok := refusalPath(steps, field); ok {
				return at, true
			}
		}
	}

	return path.Empty(), false
}

func firstNonEmpty(at, fallback path.Path) path.Path {
	if at.Equal(path.Empty()) {
		return fallback
	}

	return at
}

// fieldPath maps a field of an edit, such as options.email, to its attribute.
func fieldPath(step path.Path, field string) path.Path {
	if field == "accountId" {
		return step.AtName("account_id")
	}

	if key, ok := strings.CutPrefix(field, "options."); ok {
		return step.AtName("options").AtMapKey(key)
	}

	return step.AtName("options")
}

// refusalPath maps a field of a refused turn-on, such as actions.0.email, to
// the attribute of the step it is about: steps are the trigger and then the
// actions, when a change has them all.
func refusalPath(steps []path.Path, field string) (path.Path, bool) {
	owner, rest, _ := strings.Cut(field, ".")

	for _, step := range steps {
		switch {
		case owner == "trigger" && step.Equal(path.Root("trigger")):
			return keyPath(step, rest), true
		case owner == "actions":
			number, key, _ := strings.Cut(rest, ".")
			index, err := strconv.Atoi(number)

			if err == nil && step.Equal(path.Root("actions").AtListIndex(index)) {
				return keyPath(step, key), true
			}
		}
	}

	return path.Empty(), false
}

func keyPath(step path.Path, key string) path.Path {
	if key == "accountId" {
		return step.AtName("account_id")
	}

	return step.AtName("options").AtMapKey(key)
}
