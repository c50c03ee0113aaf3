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
func (c *Connect) find(change StepChange) (step Step, position int, err error) {
	if change.Kind == TriggerEvent {
		return c.Trigger, 0, nil
	}
	if change.Position < len(c.Actions) {
		return c.Actions[change.Position], change.Position + 1, nil
	}
	return Step{}, 0, &StepNotFoundError{Wanted: fmt.Sprintf("action number %d", change.Position+1), Actions: len(c.Actions)}
}

// stepEdit is one edit as it is sent: the whole option map, because it is not
// known whether an edit replaces or merges.
type stepEdit struct {
	kind   EventKind
	stepID string
	// position is the action's place among the actions, from 1.
	position int
	// accountID is the connected account; empty leaves the step's account.
	accountID string
	options   map[string]Value
	// secrets are the keys whose values a service may hide.
	secrets map[string]string
}

// merge overlays what the service has with what the change says. What is not
// managed goes back as the JSON that it is.
func (s StepChange) merge(server Step) (stepEdit, error) {
	edit := stepEdit{kind: s.Kind, stepID: server.ID, accountID: s.AccountID, options: maps.Clone(server.Options), secrets: s.Secrets}
	if server.Options == nil {
		return edit, &HiddenOptionsError{Step: server.ID}
	}
	if edit.accountID == "" {
		edit.accountID = server.AccountID
	}
	for _, key := range s.Unset {
		edit.set(key, "")
	}
	for key, value := range s.Set {
		edit.set(key, value)
	}
	for key, value := range s.Secrets {
		edit.set(key, value)
	}
	var masked []string
	for key, value := range edit.options {
		_, secret := s.Secrets[key]
		if _, set := s.Set[key]; !set && !secret && IsMasked(value.Text()) {
			masked = append(masked, key)
		}
	}
	if len(masked) > 0 {
		slices.Sort(masked)
		return edit, &MaskedOptionsError{Keys: masked}
	}
	return edit, nil
}

// set writes a text, unless the service has a value that reads the same: then
// the value keeps its type.
func (e stepEdit) set(key, text string) {
	if held, there := e.options[key]; !there || held.Text() != text {
		e.options[key] = TextValue(text)
	}
}

// shownBy reports whether a connect shows what this edit wrote. Secrets may be
// masked or left out, and so may what was cleared.
func (e stepEdit) shownBy(connect *Connect) bool {
	step, _, err := connect.find(StepChange{Kind: e.kind, Position: e.position - 1})
	if err != nil || step.Options == nil || !step.HidesAccount && e.accountID != "" && step.AccountID != e.accountID {
		return false
	}
	for key, sent := range e.options {
		shown, there := step.Options[key]
		_, secret := e.secrets[key]
		switch text := shown.Text(); {
		case secret && (!there || IsMasked(text)), !there && sent.Text() == "", text == sent.Text(), IsMasked(text):
		default:
			return false
		}
	}
	return true
}
