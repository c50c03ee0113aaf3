package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// maskText is what a masked secret reads as.
const maskText = "****"

// maxNameLength is the most characters of a connect's name (assumed).
const maxNameLength = 255

type wireConnect struct {
	ID             string     `json:"_id"`
	Name           string     `json:"name"`
	PopularMatchID string     `json:"popularMatchId"`
	Status         string     `json:"status"`
	Trigger        wireStep   `json:"trigger"`
	Actions        []wireStep `json:"actions"`
	CreatedAt      string     `json:"_created_at"`
	UpdatedAt      string     `json:"_updated_at"`
}

type wireStep struct {
	StepID    string         `json:"stepId"`
	AppID     string         `json:"appId"`
	TriggerID string         `json:"triggerId,omitempty"`
	ActionID  string         `json:"actionId,omitempty"`
	AccountID *string        `json:"accountId"`
	Options   map[string]any `json:"options"` // a string, or the JSON of what is none
}

// wireConnect renders a connect as reads and writes answer it.
func (s *Service) wireConnect(c *Connect) wireConnect {
	out := wireConnect{
		ID: c.ID, Name: c.Name, PopularMatchID: c.PopularMatchID, Status: c.Status,
		Trigger:   s.wireStep(c.Trigger),
		Actions:   make([]wireStep, 0, len(c.Actions)),
		CreatedAt: wireTime(c.CreatedAt), UpdatedAt: wireTime(c.UpdatedAt),
	}
	if s.quirkSet()[QuirkOddStatus] && len(s.world.connects) > 0 && s.world.connects[0].ID == c.ID {
		out.Status = oddStatus
	}
	out.Trigger.TriggerID = c.Trigger.EventID
	for _, action := range c.Actions {
		step := s.wireStep(action)
		step.ActionID = action.EventID
		out.Actions = append(out.Actions, step)
	}
	return out
}

func (s *Service) wireStep(step Step) wireStep {
	out := wireStep{StepID: step.StepID, AppID: step.AppID, Options: map[string]any{}}
	if step.AccountID != "" {
		out.AccountID = &step.AccountID
	}
	for key, value := range step.Options {
		out.Options[key] = value
	}
	for key, value := range step.Typed {
		out.Options[key] = value
	}
	for _, field := range s.fields(step) {
		if _, set := out.Options[field.Key]; !set || !field.Secret {
			continue
		}
		switch s.cfg.Masking {
		case MaskingMask:
			out.Options[field.Key] = maskText
		case MaskingOmit:
			delete(out.Options, field.Key)
		case MaskingEcho:
		}
	}
	return out
}

// event returns the trigger or action of a step; a step keeps working like one
// without fields when a state file comes from another catalog.
func (s *Service) event(step Step) catalog.Event {
	if e, ok := s.cat.Trigger(step.EventID); ok {
		return *e
	}
	if e, ok := s.cat.Action(step.EventID); ok {
		return *e
	}
	return catalog.Event{}
}

func (s *Service) fields(step Step) []catalog.Field { return s.event(step).Fields }

func (s *Service) listConnects(c *call) (any, error) {
	return paginate(c, s.visible(c), s.wireConnect)
}

func (s *Service) createConnect(c *call) (any, error) {
	id := c.params["popularMatchId"]
	match, known := s.cat.Match(id)
	name, err := s.nameOf(c)
	// A foreign service names a connect itself.
	if c.foreign != nil && known && c.foreign.Body["name"] == nil {
		name, err = match.Title, nil
	}
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, notFound("popular match", id)
	}
	made := s.insertConnect(match, name)
	s.deliver(made.ID)
	c.connectID = made.ID
	return s.wireConnect(made), nil
}

func (s *Service) updateConnectName(c *call) (any, error) {
	name, err := s.nameOf(c)
	if err != nil {
		return nil, err
	}
	changed, err := s.editable(c, "renaming")
	if err != nil {
		return nil, err
	}
	changed.Name = name
	s.replaceConnect(changed)
	return s.wireConnect(changed), nil
}

func (s *Service) deleteConnect(c *call) (any, error) {
	doomed, err := s.editable(c, "deleting")
	if err != nil {
		return nil, err
	}
	s.removeConnect(doomed.ID)
	return map[string]string{"_id": doomed.ID}, nil
}

func (s *Service) editTriggerOptions(c *call) (any, error) {
	changed, err := s.editable(c, "editing")
	if err != nil {
		return nil, err
	}
	return s.edit(c, changed, &changed.Trigger)
}

func (s *Service) editActionOptions(c *call) (any, error) {
	changed, err := s.editable(c, "editing")
	if err != nil {
		return nil, err
	}
	id := c.params["stepId"]
	if place := c.params["position"]; place != "" {
		n, err := strconv.Atoi(place)
		if err != nil || n < 1 || n > len(changed.Actions) {
			return nil, notFound("action", place)
		}
		id = changed.Actions[n-1].StepID
	}
	i := slices.IndexFunc(changed.Actions, func(action Step) bool { return action.StepID == id })
	if i < 0 {
		return nil, notFound("action step", id)
	}
	return s.edit(c, changed, &changed.Actions[i])
}

// editable returns a copy of the connect to change, or a refusal.
func (s *Service) editable(c *call, doing string) (*Connect, error) {
	held, err := s.connect(s.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	if s.cfg.RequireOffToEdit && held.Status == StatusOn {
		return nil, &apiError{
			status: http.StatusBadRequest, reason: foreign.MustBeOff, message: "turn the connect off before " + doing + " it",
		}
	}
	return held.clone(), nil
}

// nameOf reads the body {name}.
func (s *Service) nameOf(c *call) (string, error) {
	var body struct {
		Name *string `json:"name"`
	}
	if err := decodeObject(c.body, c.route.body, &body); err != nil {
		return "", err
	}
	if body.Name == nil || strings.TrimSpace(*body.Name) == "" {
		return "", badField("name", "is required")
	}
	if utf8.RuneCountInString(*body.Name) > maxNameLength {
		return "", badField("name", fmt.Sprintf("must have at most %d characters", maxNameLength))
	}
	return s.stored(*body.Name), nil
}

// edit gives one step of a connect the account and options of the body.
func (s *Service) edit(c *call, changed *Connect, step *Step) (any, error) {
	var body struct {
		AccountID *string                    `json:"accountId"`
		Options   map[string]json.RawMessage `json:"options"`
	}
	if err := decodeObject(c.body, c.route.body, &body); err != nil {
		return nil, err
	}
	if body.Options == nil {
		return nil, badField("options", "is required and must be an object")
	}
	fields := map[string][]string{}
	if body.AccountID != nil {
		if problem := s.unfitAccount(step.AppID, *body.AccountID); problem != "" {
			fields["accountId"] = []string{problem}
		}
		step.AccountID = *body.AccountID
	}
	*step = s.editedStep(*step, body.Options, fields)
	if len(fields) > 0 {
		return nil, refuse("the options cannot be edited", fields)
	}
	changed.Tested = false
	s.replaceConnect(changed)
	return s.wireConnect(changed), nil
}

// editedStep returns a step with the options it has after an edit and notes in
// problems what is wrong with the sent ones. Declared options are text; others
// may be any JSON and keep the type they were sent with.
func (s *Service) editedStep(step Step, sent map[string]json.RawMessage, problems map[string][]string) Step {
	edited := step.clone()
	if s.cfg.EditMode != EditMerge {
		clear(edited.Options)
		clear(edited.Typed)
	}
	declared := map[string]catalog.Field{}
	for _, field := range s.fields(step) {
		declared[field.Key] = field
	}
	for key, raw := range sent {
		field, known := declared[key]
		text, isText := textOf(raw)
		switch {
		case !isText && known:
			problems["options."+key] = []string{"must be a string"}
		case isText && text == "":
			delete(edited.Options, key)
			delete(edited.Typed, key)
		case len(field.Choices) > 0 && !hasChoice(field.Choices, text):
			problems["options."+key] = []string{fmt.Sprintf("%q is none of the choices %s", text, choiceValues(field.Choices))}
		case step.Options[key] != "" && s.keepsFor(field, text):
			edited.Options[key] = step.Options[key]
		case !isText:
			edited.SetOption(key, raw)
		default:
			s.store(&edited, key, text)
		}
	}
	return edited
}

// keepsFor reports whether a mask that is sent for a secret leaves it as it is.
func (s *Service) keepsFor(field catalog.Field, text string) bool {
	return field.Secret && text == maskText && s.cfg.MaskWrites == MaskWritesKeep
}

// textOf decodes JSON that is a text.
func textOf(value json.RawMessage) (string, bool) {
	var text *string
	if json.Unmarshal(value, &text) != nil || text == nil {
		return "", false
	}
	return *text, true
}

// unfitAccount says why an account cannot serve a step of an app, or nothing.
func (s *Service) unfitAccount(appID, accountID string) string {
	account, ok := s.world.account(accountID)
	switch {
	case !ok:
		return fmt.Sprintf("there is no connected account %q", accountID)
	case account.AppID != appID:
		return fmt.Sprintf("connected account %q belongs to another app", accountID)
	default:
		return ""
	}
}

func hasChoice(choices []catalog.Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c catalog.Choice) bool { return c.Value == value })
}

func choiceValues(choices []catalog.Choice) string {
	quoted := make([]string, 0, len(choices))
	for _, choice := range choices {
		quoted = append(quoted, fmt.Sprintf("%q", choice.Value))
	}
	return strings.Join(quoted, ", ")
}

// notAsItIs is a refusal because of what a connect is like.
func notAsItIs(message string, fields map[string][]string) error {
	api := refuse(message, fields)
	api.reason = foreign.BadState
	return api
}

// refuse is a 400 whose message repeats its fields, in a stable order.
func refuse(message string, fields map[string][]string) *apiError {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		parts = append(parts, name+" "+strings.Join(fields[name], ", "))
	}
	return &apiError{status: http.StatusBadRequest, message: message + ": " + strings.Join(parts, "; "), fields: fields}
}
