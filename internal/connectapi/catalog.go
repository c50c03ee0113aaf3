package connectapi

import (
	"context"
	"encoding/json"
)

// Category groups apps. Its shape is assumed.
type Category struct {
	ID, Name, SeoLink string
}

// App is a web app that connects can join. Its shape is assumed.
type App struct {
	ID, Name, SeoLink, Description, Logo string
	// AuthType is O_AUTH_V2, API_KEY or BASIC_AUTH (documented), or empty for
	// an app that needs no connected account.
	AuthType    string
	CategoryIDs []string
}

// EventKind tells triggers from actions.
type EventKind string

// The kinds of events.
const (
	TriggerEvent EventKind = "trigger"
	ActionEvent  EventKind = "action"
)

// Event is a trigger or an action of an app. The shape of actions is
// documented in part (action-detail-by-id), that of triggers is assumed.
type Event struct {
	ID, AppID, Name, Description string
	Fields                       []Field
}

// Field describes one option of a trigger or an action. Key, label and type
// are documented, the rest is assumed.
type Field struct {
	Key, Label string
	// Type is String or Select; a Select is static (Choices) or dynamic.
	Type     string
	Required bool
	HelpText string
	Choices  []Choice
	Dynamic  bool
	// DependsOn lists the keys that need a value before choices exist.
	DependsOn []string
}

// Choice is one value of a Select field.
type Choice struct {
	Label, Value string
}

// PopularMatch is a ready pairing of a trigger with one or more actions, from
// which a connect is made. Its shape is assumed.
type PopularMatch struct {
	ID, Title string
	Trigger   EventRef
	Actions   []EventRef
}

// EventRef names a trigger or action within its app.
type EventRef struct {
	AppID, EventID string
}

// Profile is the user whose credentials are used. Documented (get-profile);
// the members are assumed.
type Profile struct {
	ID, Name, Email, Plan string
}

type wireCategory struct {
	identity
	Name    text `json:"name"`
	SeoLink text `json:"seoLink"`
}

type wireApp struct {
	identity
	Name        text   `json:"name"`
	SeoLink     text   `json:"seoLink"`
	Description text   `json:"description"`
	Logo        text   `json:"logo"`
	AuthType    text   `json:"authType"`
	CategoryIDs []text `json:"categoryIds"`
}

type wireChoice struct {
	Label text `json:"label"`
	Value text `json:"value"`
}

type wireField struct {
	Key       text         `json:"key"`
	Label     text         `json:"label"`
	Type      text         `json:"type"`
	Required  flag         `json:"required"`
	HelpText  text         `json:"helpText"`
	Choices   []wireChoice `json:"choices"`
	Dynamic   flag         `json:"dynamic"`
	DependsOn []text       `json:"dependsOn"`
}

type wireEvent struct {
	identity
	AppID       text        `json:"appId"`
	Name        text        `json:"name"`
	Description text        `json:"description"`
	Fields      []wireField `json:"fields"`
}

type wireEventRef struct {
	AppID     text `json:"appId"`
	TriggerID text `json:"triggerId"`
	ActionID  text `json:"actionId"`
}

type wirePopularMatch struct {
	identity
	Title   text           `json:"title"`
	Trigger wireEventRef   `json:"trigger"`
	Actions []wireEventRef `json:"actions"`
}

type wireProfile struct {
	identity
	Name  text `json:"name"`
	Email text `json:"email"`
	Plan  text `json:"plan"`
}

func (w wireCategory) public() Category {
	return Category{ID: w.id(), Name: string(w.Name), SeoLink: string(w.SeoLink)}
}

func (w wireApp) public() App {
	return App{
		ID: w.id(), Name: string(w.Name), SeoLink: string(w.SeoLink), Description: string(w.Description),
		Logo: string(w.Logo), AuthType: string(w.AuthType), CategoryIDs: stringsOf(w.CategoryIDs),
	}
}

func (w wireEvent) public() Event {
	event := Event{ID: w.id(), AppID: string(w.AppID), Name: string(w.Name), Description: string(w.Description), Fields: make([]Field, len(w.Fields))}

	for i, f := range w.Fields {
		event.Fields[i] = Field{
			Key: string(f.Key), Label: string(f.Label), Type: string(f.Type), Required: bool(f.Required), HelpText: string(f.HelpText),
			Choices: convert(f.Choices, wireChoice.public), Dynamic: bool(f.Dynamic), DependsOn: stringsOf(f.DependsOn),
		}
	}

	return event
}

func (w wireChoice) public() Choice { return Choice{Label: string(w.Label), Value: string(w.Value)} }

func (w wireEventRef) public() EventRef {
	return EventRef{AppID: string(w.AppID), EventID: string(w.TriggerID + w.ActionID)}
}

func (w wirePopularMatch) public() PopularMatch {
	return PopularMatch{ID: w.id(), Title: string(w.Title), Trigger: w.Trigger.public(), Actions: convert(w.Actions, wireEventRef.public)}
}

func stringsOf(texts []text) []string {
	return convert(texts, func(t text) string { return string(t) })
}

func convert[W, P any](wires []W, public func(W) P) []P {
	result := make([]P, len(wires))
	for i, w := range wires {
		result[i] = public(w)
	}

	return result
}

// list reads a whole listing of objects whose wire type knows its id.
func list[W interface{ id() string }, P any](ctx context.Context, c *Client, listing call, public func(W) P) ([]P, error) {
	wires, err := listAll(ctx, c, listing, W.id)
	if err != nil {
		return nil, err
	}

	return convert(wires, public), nil
}

// get reads one object. An answer that holds a list with one object in it is
// understood too.
func get[W interface{ id() string }, P any](ctx context.Context, c *Client, call call, public func(W) P) (*P, error) {
	env, err := c.do(ctx, call)
	if err != nil {
		return nil, err
	}

	var list []json.RawMessage
	if json.Unmarshal(env.payload, &list) == nil && len(list) == 1 {
		env.payload = list[0]
	}

	wire, err := decodePayload[W](env)
	if err != nil {
		return nil, err
	}

	if wire.id() == "" {
		return nil, env.unexpected("the answer's data has no _id")
	}

	value := public(wire)

	return &value, nil
}

// Profile returns the profile that the credentials belong to.
func (c *Client) Profile(ctx context.Context) (*Profile, error) {
	return get(ctx, c, call{op: GetProfile}, func(w wireProfile) Profile {
		return Profile{ID: w.id(), Name: string(w.Name), Email: string(w.Email), Plan: string(w.Plan)}
	})
}

// Categories lists all categories.
func (c *Client) Categories(ctx context.Context) ([]Category, error) {
	return list(ctx, c, call{op: ListCategories}, wireCategory.public)
}

// Apps lists the apps of one category, or all apps when categoryID is empty.
func (c *Client) Apps(ctx context.Context, categoryID string) ([]App, error) {
	return list(ctx, c, call{op: ListApps, query: query("categoryId", categoryID)}, wireApp.public)
}

// App returns one app, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) App(ctx context.Context, id string) (*App, error) {
	return c.apps.Get(ctx, id, func(ctx context.Context) (*App, error) {
		return get(ctx, c, call{op: GetApp, params: map[string]string{"appId": id}}, wireApp.public)
	})
}

// Events lists the triggers or the actions of an app.
func (c *Client) Events(ctx context.Context, kind EventKind, appID string) ([]Event, error) {
	op := ListTriggers
	if kind == ActionEvent {
		op = ListActions
	}

	return list(ctx, c, call{op: op, params: map[string]string{"appId": appID}}, wireEvent.public)
}

// Event returns one trigger or action, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) Event(ctx context.Context, kind EventKind, id string) (*Event, error) {
	event := call{op: GetTrigger, params: map[string]string{"triggerId": id}}
	if kind == ActionEvent {
		event = call{op: GetAction, params: map[string]string{"actionId": id}}
	}

	return c.events.Get(ctx, string(kind)+id, func(ctx context.Context) (*Event, error) {
		return get(ctx, c, event, wireEvent.public)
	})
}

// PopularMatches lists popular matches; empty ids do not filter.
func (c *Client) PopularMatches(ctx context.Context, triggerAppID, actionAppID string) ([]PopularMatch, error) {
	return list(ctx, c, call{op: ListPopularMatches, query: query("triggerAppId", triggerAppID, "actionAppId", actionAppID)}, wirePopularMatch.public)
}

// PopularMatch returns one popular match, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) PopularMatch(ctx context.Context, id string) (*PopularMatch, error) {
	return c.matches.Get(ctx, id, func(ctx context.Context) (*PopularMatch, error) {
		return get(ctx, c, call{op: GetPopularMatch, params: map[string]string{"popularMatchId": id}}, wirePopularMatch.public)
	})
}

// DropdownQuery asks for the choices of a dynamic Select field. Either
// ConnectID and StepID, or one of TriggerID and ActionID, say whose field.
type DropdownQuery struct {
	Key       string
	AccountID string
	// Values are the values of the fields that Key depends on.
	Values              map[string]string
	ConnectID, StepID   string
	TriggerID, ActionID string
}

// DropdownOptions returns the choices of a dynamic Select field; none while a
// field it depends on has no value.
func (c *Client) DropdownOptions(ctx context.Context, q DropdownQuery) ([]Choice, error) {
	body := map[string]any{"key": q.Key, "values": q.Values}
	if q.Values == nil {
		body["values"] = map[string]string{}
	}

	for name, value := range map[string]string{
		"accountId": q.AccountID, "connectId": q.ConnectID, "stepId": q.StepID, "triggerId": q.TriggerID, "actionId": q.ActionID,
	} {
		if value != "" {
			body[name] = value
		}
	}

	env, err := c.do(ctx, call{op: ListDropdownOptions, body: body})
	if err != nil {
		return nil, err
	}

	payload, _, _, err := listPayload(env)
	if err != nil {
		return nil, env.unexpected(err.Error())
	}
	if payload == nil {
		return nil, nil
	}

	env.payload = payload

	wires, err := decodePayload[[]wireChoice](env)
	if err != nil {
		return nil, err
	}

	return convert(wires, wireChoice.public), nil
}

// query builds a query of the non-empty values among name, value pairs.
func query(pairs ...string) map[string]string {
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values[pairs[i]] = pairs[i+1]
		}
	}
	return values
}
