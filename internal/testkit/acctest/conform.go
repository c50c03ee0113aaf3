package acctest

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Terraform refuses a provider that breaks these rules ("Provider produced
// inconsistent result after apply", "Provider produced invalid plan"). A driver
// that let them pass would prove less than the real thing.

// checkPlanned holds a plan to the configuration: what is configured is planned
// as it is, unless it is write-only, and only computed attributes may differ.
func (s shape) checkPlanned(at string, config, planned tftypes.Value) error {
	switch {
	case s.writeOnly:
		if !planned.IsNull() {
			return fmt.Errorf("%s is write-only and must be null in a plan", at)
		}
		return nil
	case config.IsNull() && s.computed, !config.IsKnown():
		return nil
	case s.members == nil || config.IsNull() || planned.IsNull() || !planned.IsKnown():
		if !config.Equal(planned) {
			return fmt.Errorf("%s is configured otherwise than planned", at)
		}
		return nil
	}
	return s.eachPair(at, config, planned, shape.checkPlanned)
}

// checkApplied holds the state after an apply to the plan: whatever the plan knew
// is so, nothing is unknown, and nothing write-only is there.
func (s shape) checkApplied(at string, planned, applied tftypes.Value) error {
	switch {
	case s.writeOnly:
		if !applied.IsNull() {
			return fmt.Errorf("%s is write-only and must be null in state", at)
		}
		return nil
	case !applied.IsKnown(), !applied.IsFullyKnown() && !isContainer(applied.Type()), !planned.IsKnown() && !applied.IsFullyKnown():
		return fmt.Errorf("%s is unknown after apply", at)
	case !planned.IsKnown():
		return nil
	case planned.IsNull() != applied.IsNull():
		return fmt.Errorf("%s is there only before or only after apply", at)
	case planned.IsNull():
		return nil
	}
	if !isContainer(planned.Type()) {
		if !planned.Equal(applied) {
			return fmt.Errorf("%s was planned otherwise", at)
		}
		return nil
	}
	return s.eachPair(at, planned, applied, shape.checkApplied)
}

func isContainer(typ tftypes.Type) bool {
	return typ.Is(tftypes.Object{}) || typ.Is(tftypes.Map{}) || typ.Is(tftypes.List{})
}

// eachPair checks the parts of two values side by side.
func (s shape) eachPair(at string, a, b tftypes.Value, check func(shape, string, tftypes.Value, tftypes.Value) error) error {
	left, right := parts(a), parts(b)
	if len(left) != len(right) {
		return fmt.Errorf("%s has other keys: %d elements instead of %d", at, len(right), len(left))
	}
	var problems []error
	for key, one := range left {
		other, ok := right[key]
		if !ok {
			problems = append(problems, fmt.Errorf("%s has no %s any more", at, key))
			continue
		}
		problems = append(problems, check(s.of(key), at+key, one, other))
	}
	return errors.Join(problems...)
}
