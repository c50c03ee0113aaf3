package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
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

// AddReferenceError is AddChangeError for the resources that refer to a connect
// by connect_id, which is to blame when there is no such connect.
func AddReferenceError(diags *diag.Diagnostics, err error, summary string, steps []path.Path) {
	change, ok := errors.AsType[*connectapi.ChangeError](err)
	if ok && change.Stage == connectapi.StageRead && connectapi.IsNotFound(err) {
		tfkit.AddAttributeError(diags, path.Root("connect_id"), summary, err)
		return
	}
	AddChangeError(diags, err, summary, steps)
}

// AddOutcomeWarning says what a user should know of a change that succeeded.
func AddOutcomeWarning(diags *diag.Diagnostics, connectID string, outcome connectapi.Outcome) {
	if outcome.Test == nil || outcome.Test.Recovered == "" {
		return
	}
	tfkit.Warning(diags, errcode.TestRecovered, "The answer to the test was lost",
		"The test of the connect "+connectID+" was not run again, because a test acts for real. The history of the connect says "+outcome.Test.Recovered+".")
}

// TurnOnRefused reports whether everything was written, and only turning the
// connect on again was refused.
func TurnOnRefused(err error) bool {
	change, ok := errors.AsType[*connectapi.ChangeError](err)
	return ok && change.Stage == connectapi.StageTurnOn && errors.Is(err, connectapi.ErrInvalid)
}

// leftOffByAnother reports whether everything was written, and another change of
// the connect, at the same time, is why it is off.
func leftOffByAnother(err error) bool {
	_, ok := errors.AsType[*connectapi.LeftOffError](err)
	return ok
}

// Apply carries out a change. Where the service refuses to turn the connect on
// although everything was written, it may want a test that the change did not ask
// for; mayTest, which is run_test, allows one.
func Apply(ctx context.Context, client *connectapi.Client, id string, current *connectapi.Connect, change connectapi.Change, mayTest bool) (connectapi.Outcome, error) {
	first, err := client.Apply(ctx, id, current, change)
	if err == nil || !mayTest || change.Test || !TurnOnRefused(err) {
		return first, err
	}
	outcome, err := client.Apply(ctx, id, nil, connectapi.Change{Test: true, Enabled: new(true)})
	outcome.Renamed, outcome.Edited = first.Renamed, first.Edited
	outcome.Paused = err != nil && !outcome.On && (first.Paused || outcome.Paused)
	return outcome, err
}

// WarnLeftOff says that a connect was paused, and that another resource or a
// later apply has to turn it on.
func WarnLeftOff(diags *diag.Diagnostics, connectID string, err error) {
	tfkit.Warning(diags, errcode.LeftOff, "The connect is off",
		fmt.Sprintf("The connect %s was paused and written, and the service refuses to turn it on again. %s If an appypie_connect_activation manages its switch, that tests it and turns it on; otherwise the next apply tries again.", connectID, tfkit.Sentence(err)))
}

// warnLeftOffByAnother says the same of a connect that the resource of another step
// has to turn on.
func warnLeftOffByAnother(diags *diag.Diagnostics, connectID string, err error) {
	tfkit.Warning(diags, errcode.LeftOff, "The connect is off",
		fmt.Sprintf("The connect %s was paused and this step of it was written. %s The resource of that change turns the connect on when its own apply succeeds.", connectID, tfkit.Sentence(err)))
}

func blame(err error, steps []path.Path) (path.Path, bool) {
	change, ok := errors.AsType[*connectapi.ChangeError](err)
	if !ok {
		return path.Empty(), false
	}
	var refused []string
	if api, ok := errors.AsType[*connectapi.APIError](err); ok {
		refused = slices.Sorted(maps.Keys(api.Fields))
	}

	switch change.Stage {
	case connectapi.StageEdit:
		if change.Step < len(steps) {
			return blameEdit(err, steps[change.Step], refused)
		}
	case connectapi.StageTurnOn, connectapi.StageTest:
		for _, field := range refused {
			if at, ok := refusalPath(steps, field); ok {
				return at, true
			}
		}
	default:
		// The other stages send nothing that the configuration says.
	}
	return path.Empty(), false
}

// blameEdit finds the attribute to blame for a refused edit. An edit that
// failed for another reason, such as a fault of the service, blames none.
func blameEdit(err error, step path.Path, refused []string) (path.Path, bool) {
	var (
		missing *connectapi.StepNotFoundError
		masked  *connectapi.MaskedOptionsError
	)
	inline := !step.Equal(path.Empty())

	switch {
	case errors.As(err, &missing) && inline:
		return path.Root("actions"), true
	case errors.As(err, &missing):
		return path.Root("position"), true
	case errors.As(err, &masked):
		return step.AtName("secrets_wo"), true
	case len(refused) > 0:
		return fieldPath(step, refused[0]), true
	case errors.Is(err, connectapi.ErrInvalid) && inline:
		return step, true
	case errors.Is(err, connectapi.ErrInvalid):
		return path.Root("options"), true
	default:
		return path.Empty(), false
	}
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
