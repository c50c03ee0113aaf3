package connectapi

import (
	"errors"
	"fmt"
	"strings"
)

// TestFailedError tells which steps failed their test.
type TestFailedError struct {
	Failed []StepResult
	// Recovered is what the history says when the answer was lost.
	Recovered string
}

// Error implements error.
func (e *TestFailedError) Error() string {
	if e.Recovered != "" {
		return "the test failed: its answer was lost, and the history says " + e.Recovered
	}
	parts := make([]string, len(e.Failed))
	for i, step := range e.Failed {
		parts[i] = fmt.Sprintf("step %s: %s", step.StepID, step.Message)
	}
	return "the test failed: " + strings.Join(parts, "; ")
}

// MaskedOptionsError tells that the service shows options masked that nobody
// here knows the value of. Writing the step would replace the real values by
// their masks, so nothing was written.
type MaskedOptionsError struct {
	Keys []string
}

// Error implements error.
func (e *MaskedOptionsError) Error() string {
	return fmt.Sprintf("the service shows the options %s masked, and their values are not part of this change; writing the step would destroy them",
		strings.Join(e.Keys, ", "))
}

// HiddenOptionsError tells that the service does not show the options of a step.
// An edit sends all of them and would remove what it cannot see, so nothing was
// written.
type HiddenOptionsError struct {
	Step string
}

// Error implements error.
func (e *HiddenOptionsError) Error() string {
	return fmt.Sprintf("the service does not show the options of the step %s, so writing it could remove options that the provider does not know", e.Step)
}

// StepNotFoundError tells that the connect has no such step.
type StepNotFoundError struct {
	Wanted string
	// Actions is how many the connect has.
	Actions int
}

// Error implements error.
func (e *StepNotFoundError) Error() string {
	if e.Actions == 1 {
		return fmt.Sprintf("the connect has no %s; it has 1 action", e.Wanted)
	}
	return fmt.Sprintf("the connect has no %s; it has %d actions", e.Wanted, e.Actions)
}

// ErrNotTaken means that the service answered success to a switch, but the connect reads
// as it was.
var ErrNotTaken = errors.New("the service answered success but the connect's status did not change")
