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
	return eachPair(at, config, planned, s, shape.checkPlanned)
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
	return eachPair(at, planned, applied, s, shape.checkApplied)
}

func isContainer(typ tftypes.Type) bool {
	return typ.Is(tftypes.Object{}) || typ.Is(tftypes.Map{}) || typ.Is(tftypes.List{})
}

// eachPair checks the members or elements of two values side by side.
func eachPair(at string, a, b tftypes.Value, s shape, check func(shape, string, tftypes.Value, tftypes.Value) error) error {
	if a.Type().Is(tftypes.List{}) {
		return eachElement(at, a, b, s, check)
	}
	left, leftErr := read(a, &map[string]tftypes.Value{})
	right, rightErr := read(b, &map[string]tftypes.Value{})
	if err := errors.Join(leftErr, rightErr); err != nil {
		return err
	}
	if len(left) != len(right) {
		return fmt.Errorf("%s has other keys than before", at)
	}
	var problems []error
	for name, one := range left {
		other, ok := right[name]
		if !ok {
			problems = append(problems, fmt.Errorf("%s has no key %q any more", at, name))
			continue
		}
		problems = append(problems, check(s.members[name], at+"."+name, one, other))
	}
	return errors.Join(problems...)
}

func eachElement(at string, a, b tftypes.Value, s shape, check func(shape, string, tftypes.Value, tftypes.Value) error) error {
	left, leftErr := read(a, &[]tftypes.Value{})
	right, rightErr := read(b, &[]tftypes.Value{})
	if err := errors.Join(leftErr, rightErr); err != nil {
		return err
	}
	if len(left) != len(right) {
		return fmt.Errorf("%s has %d elements instead of %d", at, len(right), len(left))
	}
	element := s
	element.list, element.computed = false, false
	var problems []error
	for i := range left {
		problems = append(problems, check(element, fmt.Sprintf("%s[%d]", at, i), left[i], right[i]))
	}
	return errors.Join(problems...)
}
