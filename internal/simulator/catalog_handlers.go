package simulator

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

type wireCategory struct {
	ID      string `json:"_id"`
	Name    string `json:"name"`
	SeoLink string `json:"seoLink"`
}

type wireApp struct {
	ID          string   `json:"_id"`
	Name        string   `json:"name"`
	SeoLink     string   `json:"seoLink"`
	Description string   `json:"description"`
	Logo        string   `json:"logo"`
	AuthType    *string  `json:"authType"`
	CategoryIDs []string `json:"categoryIds"`
}

type wireMatch struct {
	ID      string          `json:"_id"`
	Title   string          `json:"title"`
	Trigger wireMatchStep   `json:"trigger"`
	Actions []wireMatchStep `json:"actions"`
}

type wireMatchStep struct {
	AppID     string `json:"appId"`
	TriggerID string `json:"triggerId,omitempty"`
	ActionID  string `json:"actionId,omitempty"`
}

type wireEvent struct {
	ID          string      `json:"_id"`
	AppID       string      `json:"appId"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Fields      []wireField `json:"fields"`
	// OutputFields are left out where only a test tells.
	OutputFields []wireOutput `json:"outputFields,omitempty"`
}

type wireOutput struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

type wireField struct {
	Key       string       `json:"key"`
	Label     string       `json:"label"`
	Type      string       `json:"type"`
	Required  bool         `json:"required"`
	HelpText  string       `json:"helpText"`
	Choices   []wireChoice `json:"choices"`
	Dynamic   bool         `json:"dynamic"`
	DependsOn []string     `json:"dependsOn"`
	Default   string       `json:"default,omitempty"`
}

type wireChoice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func toWireApp(a catalog.App) wireApp {
	out := wireApp{
		ID: a.ID, Name: a.Name, SeoLink: a.SeoLink, Description: a.Description, Logo: a.Logo,
		CategoryIDs: append([]string{}, a.CategoryIDs...),
	}
	if a.AuthType != "" {
		out.AuthType = &a.AuthType
	}
	return out
}

func toWireMatch(m catalog.PopularMatch) wireMatch {
	out := wireMatch{ID: m.ID, Title: m.Title, Trigger: wireMatchStep{AppID: m.Trigger.AppID, TriggerID: m.Trigger.EventID}}
	for _, action := range m.Actions {
		out.Actions = append(out.Actions, wireMatchStep{AppID: action.AppID, ActionID: action.EventID})
	}
	return out
}

func toWireEvent(e catalog.Event) wireEvent {
	out := wireEvent{ID: e.ID, AppID: e.AppID, Name: e.Name, Description: e.Description, Fields: []wireField{}}
	for _, f := range e.Fields {
		out.Fields = append(out.Fields, wireField{
			Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, HelpText: f.HelpText,
			Choices: toWireChoices(f.Choices), Dynamic: f.Dynamic, DependsOn: append([]string{}, f.DependsOn...), Default: f.Default,
		})
	}
	for _, output := range e.Outputs() {
		out.OutputFields = append(out.OutputFields, wireOutput{Key: output.Key, Label: output.Label})
	}
	return out
}

func toWireChoices(choices []catalog.Choice) []wireChoice {
	out := []wireChoice{}
	for _, choice := range choices {
		out = append(out, wireChoice(choice))
	}
	return out
}

func (s *Service) getProfile(*call) (any, error) {
	return map[string]string{
		"_id":   s.cat.ObjectID("profile", "owner"),
		"name":  "Robin Example",
		"email": "robin@example.com",
		"plan":  "Business",
	}, nil
}

func (s *Service) listCategories(c *call) (any, error) {
	return paginate(c, s.cat.Categories(), func(v catalog.Category) wireCategory { return wireCategory(v) })
}

// listApps answers nothing for a category that nothing has: a filter is no lookup.
func (s *Service) listApps(c *call) (any, error) {
	apps := s.cat.Apps()
	if id := c.query.Get("categoryId"); id != "" {
		apps = keep(apps, func(a catalog.App) bool { return slices.Contains(a.CategoryIDs, id) })
	}
	return paginate(c, apps, toWireApp)
}

func (s *Service) getApp(c *call) (any, error) {
	app, ok := s.cat.App(c.params["appId"])
	if !ok {
		return nil, notFound("app", c.params["appId"])
	}
	return toWireApp(*app), nil
}

func (s *Service) listPopularMatches(c *call) (any, error) {
	trigger, action := c.query.Get("triggerAppId"), c.query.Get("actionAppId")
	matches := keep(s.cat.Matches(), func(m catalog.PopularMatch) bool {
		acts := func(step catalog.MatchStep) bool { return step.AppID == action }
		return (trigger == "" || m.Trigger.AppID == trigger) && (action == "" || slices.ContainsFunc(m.Actions, acts))
	})
	return paginate(c, matches, toWireMatch)
}

func (s *Service) getPopularMatch(c *call) (any, error) {
	match, ok := s.cat.Match(c.params["popularMatchId"])
	if !ok {
		return nil, notFound("popular match", c.params["popularMatchId"])
	}
	return toWireMatch(*match), nil
}

func (s *Service) listTriggers(c *call) (any, error) { return s.listEvents(c, s.cat.Triggers) }

func (s *Service) listActions(c *call) (any, error) { return s.listEvents(c, s.cat.Actions) }

func (s *Service) listEvents(c *call, of func(appID string) []catalog.Event) (any, error) {
	app, ok := s.cat.App(c.params["appId"])
	if !ok {
		return nil, notFound("app", c.params["appId"])
	}
	return paginate(c, of(app.ID), toWireEvent)
}

func (s *Service) getTrigger(c *call) (any, error) {
	event, ok := s.cat.Trigger(c.params["triggerId"])
	if !ok {
		return nil, notFound("trigger", c.params["triggerId"])
	}
	return toWireEvent(*event), nil
}

func (s *Service) getAction(c *call) (any, error) {
	event, ok := s.cat.Action(c.params["actionId"])
	if !ok {
		return nil, notFound("action", c.params["actionId"])
	}
	return toWireEvent(*event), nil
}

// dropdownRequest is the body of list_dropdown_options.
type dropdownRequest struct {
	Key       string                     `json:"key"`
	AccountID *string                    `json:"accountId"`
	Values    map[string]json.RawMessage `json:"values"`
	ConnectID *string                    `json:"connectId"`
	StepID    *string                    `json:"stepId"`
	TriggerID *string                    `json:"triggerId"`
	ActionID  *string                    `json:"actionId"`
}

func dropdownMembers() []string {
	return []string{"key", "accountId", "values", "connectId", "stepId", "triggerId", "actionId"}
}

// listDropdownOptions answers the choices of a select field. A field whose
// parents have no value yet has no choices; that is no error.
func (s *Service) listDropdownOptions(c *call) (any, error) {
	var body dropdownRequest
	if err := decodeObject(c.body, c.route.body, &body); err != nil {
		return nil, err
	}
	step, err := s.dropdownStep(c, body)
	if err != nil {
		return nil, err
	}
	fields := s.fields(step)
	i := slices.IndexFunc(fields, func(f catalog.Field) bool { return f.Key == body.Key })
	if i < 0 || fields[i].Type != catalog.TypeSelect {
		return nil, badField("key", fmt.Sprintf("%q is no select field of this step", body.Key))
	}
	field := fields[i]
	if !field.Dynamic {
		return toWireChoices(field.Choices), nil
	}
	if err := s.checkDropdownAccount(step); err != nil {
		return nil, err
	}
	return toWireChoices(s.cat.DropdownChoices(field, step.AccountID, step.Options)), nil
}

// dropdownStep is the step that is asked about, with the sent account and values
// laid over what the step itself holds.
func (s *Service) dropdownStep(c *call, body dropdownRequest) (Step, error) {
	step, err := s.dropdownPlace(c, body)
	if err != nil {
		return Step{}, err
	}
	if body.AccountID != nil {
		step.AccountID = *body.AccountID
	}
	for key, value := range body.Values {
		step.SetOption(key, value)
	}
	return step, nil
}

// dropdownPlace finds the one place the body names: a step of a connect, or a
// trigger or an action by itself.
func (s *Service) dropdownPlace(c *call, body dropdownRequest) (Step, error) {
	named := 0
	for _, id := range []*string{body.ConnectID, body.TriggerID, body.ActionID} {
		if id != nil {
			named++
		}
	}
	if named != 1 || (body.ConnectID == nil) != (body.StepID == nil) {
		return Step{}, badRequest("give connectId and stepId, or triggerId, or actionId")
	}
	if body.ConnectID != nil {
		return s.dropdownConnectStep(c, *body.ConnectID, *body.StepID)
	}
	kind, id, find := "trigger", body.TriggerID, s.cat.Trigger
	if body.ActionID != nil {
		kind, id, find = "action", body.ActionID, s.cat.Action
	}
	event, ok := find(*id)
	if !ok {
		return Step{}, notFound(kind, *id)
	}
	bare := &Step{AppID: event.AppID, EventID: event.ID}
	return bare.clone(), nil
}

func (s *Service) dropdownConnectStep(c *call, connectID, stepID string) (Step, error) {
	c.connectID = connectID
	held, err := s.connect(c.world, connectID)
	if err != nil {
		return Step{}, err
	}
	for _, step := range held.steps() {
		if step.StepID == stepID {
			return step.clone(), nil
		}
	}
	return Step{}, notFound("step", stepID)
}

// checkDropdownAccount refuses when there is no account to ask the choices of.
func (s *Service) checkDropdownAccount(step Step) error {
	app, ok := s.cat.App(step.AppID)
	if !ok || app.AuthType == "" {
		return nil
	}
	if step.AccountID == "" {
		return badField("accountId", "is required: choose a connected account of "+app.Name)
	}
	if problem := s.unfitAccount(step.AppID, step.AccountID); problem != "" {
		return badField("accountId", problem)
	}
	if account, ok := s.world.account(step.AccountID); ok && account.Status != AccountActive {
		return badField("accountId", fmt.Sprintf("%q has %s: connect it again", account.Name, account.Status))
	}
	return nil
}

// keep returns the entries that fit, leaving the original alone.
func keep[T any](all []T, fits func(T) bool) []T {
	var kept []T
	for _, v := range all {
		if fits(v) {
			kept = append(kept, v)
		}
	}
	return kept
}
