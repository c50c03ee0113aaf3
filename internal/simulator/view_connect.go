package simulator

import (
	"maps"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// rowView is a connect in one line.
func (s *Service) rowView(c *Connect, query page.Query) page.Connect {
	v := page.Connect{
		ID: c.ID, Name: c.Name, On: c.Status == StatusOn, Updated: c.UpdatedAt,
		Open: query.Opens(c.ID), Toggle: query.Toggle(c.ID),
	}
	for _, step := range c.steps() {
		v.Apps = append(v.Apps, s.appName(step.AppID))
	}
	return v
}

// openView adds to a connect what only an open one shows.
func (s *Service) openView(v *page.Connect, c *Connect, w world) {
	v.Created, v.Breaks = c.CreatedAt, breakChoices(true)
	if match, ok := s.cat.Match(c.PopularMatchID); ok {
		v.Match = match.Title
	}
	for i, step := range c.steps() {
		v.Steps = append(v.Steps, s.stepView(c.ID, stepPlace(i), *step, w))
	}
	for _, e := range slices.Backward(w.history) {
		if e.ConnectID == c.ID && strings.HasPrefix(e.Message, testMessage) {
			v.Test = &page.Test{Message: e.Message, Failed: e.Status == resultFailed, Time: e.FinishedAt}
			break
		}
	}
	// A test that failed is no news to repeat, and what was never tested is not stale.
	v.Stale = !c.Tested && v.Test != nil && !v.Test.Failed
}

func (s *Service) stepView(connectID, place string, step Step, w world) page.Step {
	event := s.event(step)
	v := page.Step{
		ConnectID: connectID, ID: step.StepID, Place: place, App: s.appName(step.AppID), Event: event.Name, Account: step.AccountID,
	}
	if app, ok := s.cat.App(step.AppID); ok {
		v.NeedsAccount = app.AuthType != ""
	}
	for _, a := range w.accounts {
		if a.AppID == step.AppID {
			v.Accounts = append(v.Accounts, page.Choice{Value: a.ID, Label: a.Name})
		}
	}
	if account, ok := w.account(step.AccountID); !ok && step.AccountID != "" {
		v.AccountStatus = "gone"
		v.Accounts = append(v.Accounts, page.Choice{Value: step.AccountID, Label: step.AccountID})
	} else if ok && account.Status != AccountActive {
		v.AccountStatus = account.Status
	}
	rest := step.clone().Options
	for _, field := range event.Fields {
		v.Options = append(v.Options, s.optionView(field, step))
		delete(rest, field.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(rest)) {
		v.Options = append(v.Options, page.Option{Key: key, Value: rest[key]})
	}
	for _, key := range slices.Sorted(maps.Keys(step.Typed)) {
		v.Options = append(v.Options, page.Option{Key: key, Value: string(step.Typed[key]), Fixed: true})
	}
	return v
}

// optionView is an option that the step's event declares. A drop-down offers what
// it has now even if that is no choice, so that saving it changes nothing.
func (s *Service) optionView(field catalog.Field, step Step) page.Option {
	value := step.Options[field.Key]
	v := page.Option{Key: field.Key, Label: field.Label, Value: value, Missing: field.Required && value == ""}
	if field.Secret {
		v.Value, v.Secret, v.Set = "", true, value != ""
		return v
	}
	known := value == ""
	for _, choice := range s.cat.DropdownChoices(field, step.AccountID, step.Options) {
		v.Choices = append(v.Choices, page.Choice{Value: choice.Value, Label: choice.Label})
		known = known || choice.Value == value
	}
	if len(v.Choices) > 0 && !known {
		v.Choices = append(v.Choices, page.Choice{Value: value, Label: value})
	}
	return v
}
