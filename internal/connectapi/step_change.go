package connectapi

import (
	"fmt"
	"maps"
	"slices"
)

// StepChange is what one edit does to a step. Options that it does not mention
// stay as the service has them.
type StepChange struct {
	Kind EventKind
	// StepID names an action. When it is empty, Position does.
	StepID string
	// Position is the action's position in the connect, from 0.
	Position int
	// AccountID is the connected account; empty leaves the step's account.
	AccountID string
	// Set holds options to write, Secrets those whose values must never be
	// shown, Unset the keys to clear.
	Set     map[string]string
	Secrets map[string]string
	Unset   []string
}

// find returns the step of the connect that a change means.
func (c *Connect) find(change StepChange) (Step, error) {
	if change.Kind == TriggerEvent {
		return c.Trigger, nil
	}

	ids := make([]string, len(c.Actions))

	for i, action := range c.Actions {
		ids[i] = action.ID

		if change.StepID != "" && action.ID == change.StepID || change.StepID == "" && i == change.Position {
			return action, nil
		}
	}

	wanted := "action " + change.StepID
	if change.StepID == "" {
		wanted = fmt.Sprintf("action number %d", change.Position+1)
	}

	return Step{}, &StepNotFoundError{Wanted: wanted, Actions: ids}
}

// merge overlays what the service has with what the change says.
func (s StepChange) merge(server Step) (StepEdit, error) {
	merged := make(map[string]string, len(server.Options)+len(s.Set)+len(s.Secrets))
	maps.Copy(merged, server.Options)

	for _, key := range s.Unset {
		merged[key] = ""
	}

	maps.Copy(merged, s.Set)
	maps.Copy(merged, s.Secrets)

	var masked []string

	for key, value := range merged {
		if _, secret := s.Secrets[key]; secret {
			continue
		}

		if _, set := s.Set[key]; !set && IsMasked(value) {
			masked = append(masked, key)
		}
	}

	if len(masked) > 0 {
		slices.Sort(masked)

		return StepEdit{}, &MaskedOptionsError{Keys: masked}
	}

	edit := StepEdit{AccountID: s.AccountID, Options: merged}
	if edit.AccountID == "" {
		edit.AccountID = server.AccountID
	}

	for _, value := range s.Secrets {
		edit.Secrets = append(edit.Secrets, value)
	}

	return edit, nil
}
