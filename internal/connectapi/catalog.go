package connectapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// What the catalog holds is as the dialect reads it.
type (
	// Category groups apps.
	Category = dialect.Category
	// App is a web app that connects can join.
	App = dialect.App
	// Event is a trigger or an action of an app.
	Event = dialect.Event
	// Field describes one option of a trigger or an action.
	Field = dialect.Field
	// Choice is one value of a Select field.
	Choice = dialect.Choice
	// PopularMatch is a ready pairing of a trigger with one or more actions, from
	// which a connect is made.
	PopularMatch = dialect.PopularMatch
	// EventRef names a trigger or action within its app.
	EventRef = dialect.EventRef
	// Profile is the user whose credentials are used.
	Profile = dialect.Profile
	// ConnectedAccount is a person's account at an app, authorized in a browser.
	ConnectedAccount = dialect.Account
)

// EventKind tells triggers from actions.
type EventKind string

// The kinds of events.
const (
	TriggerEvent EventKind = "trigger"
	ActionEvent  EventKind = "action"
)

// args are the arguments of a call among name, value pairs; an empty value is not
// given.
func args(pairs ...string) map[string]any {
	given := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			given[pairs[i]] = pairs[i+1]
		}
	}
	return given
}

// Profile returns the profile that the credentials belong to.
func (c *Client) Profile(ctx context.Context) (*Profile, error) {
	return get[Profile](ctx, c, call{op: dialect.GetProfile})
}

// Categories lists all categories.
func (c *Client) Categories(ctx context.Context) ([]Category, error) {
	return listAll[Category](ctx, c, call{op: dialect.ListCategories})
}

// Apps lists the apps of one category, or all apps when categoryID is empty.
func (c *Client) Apps(ctx context.Context, categoryID string) ([]App, error) {
	return listAll[App](ctx, c, call{op: dialect.ListApps, args: args("categoryId", categoryID)})
}

// App returns one app, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) App(ctx context.Context, id string) (*App, error) {
	return c.apps.Get(ctx, id, func(ctx context.Context) (*App, error) {
		return get[App](ctx, c, call{op: dialect.GetApp, args: args("appId", id)})
	})
}

// Events lists the triggers or the actions of an app.
func (c *Client) Events(ctx context.Context, kind EventKind, appID string) ([]Event, error) {
	op := dialect.ListTriggers
	if kind == ActionEvent {
		op = dialect.ListActions
	}
	return listAll[Event](ctx, c, call{op: op, args: args("appId", appID)})
}

// Event returns one trigger or action, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) Event(ctx context.Context, kind EventKind, id string) (*Event, error) {
	event := call{op: dialect.GetTrigger, args: args("triggerId", id)}
	if kind == ActionEvent {
		event = call{op: dialect.GetAction, args: args("actionId", id)}
	}
	return c.events.Get(ctx, string(kind)+id, func(ctx context.Context) (*Event, error) { return get[Event](ctx, c, event) })
}

// PopularMatches lists popular matches; empty ids do not filter.
func (c *Client) PopularMatches(ctx context.Context, triggerAppID, actionAppID string) ([]PopularMatch, error) {
	return listAll[PopularMatch](ctx, c, call{op: dialect.ListPopularMatches, args: args("triggerAppId", triggerAppID, "actionAppId", actionAppID)})
}

// PopularMatch returns one popular match, or an error that is ErrNotFound.
// It is fetched once.
func (c *Client) PopularMatch(ctx context.Context, id string) (*PopularMatch, error) {
	return c.matches.Get(ctx, id, func(ctx context.Context) (*PopularMatch, error) {
		return get[PopularMatch](ctx, c, call{op: dialect.GetPopularMatch, args: args("popularMatchId", id)})
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
	given := args("key", q.Key, "accountId", q.AccountID, "connectId", q.ConnectID, "stepId", q.StepID, "triggerId", q.TriggerID, "actionId", q.ActionID)
	values := map[string]any{}
	for key, value := range q.Values {
		values[key] = value
	}
	given["values"] = values
	r, err := c.do(ctx, call{op: dialect.ListDropdownOptions, args: given})
	if err != nil {
		return nil, err
	}
	page, err := dialect.List[Choice](c.dialect, dialect.ListDropdownOptions, r.body)
	if err != nil {
		return nil, c.misread(r, err)
	}
	return valuesOf(page.Entries)
}

// ConnectedAccountsOfApp lists the accounts connected to an app.
func (c *Client) ConnectedAccountsOfApp(ctx context.Context, appID string) ([]ConnectedAccount, error) {
	return listAll[ConnectedAccount](ctx, c, call{op: dialect.ListConnectedAccounts, args: args("appId", appID)})
}

// ConnectedAccount returns one connected account, or an error that is
// ErrNotFound.
func (c *Client) ConnectedAccount(ctx context.Context, id string) (*ConnectedAccount, error) {
	accounts, err := listAll[ConnectedAccount](ctx, c, call{op: dialect.ListConnectedAccounts, args: args("accountId", id)})
	if err != nil {
		return nil, err
	}
	for i := range accounts {
		if accounts[i].ID == id {
			return &accounts[i], nil
		}
	}
	return nil, fmt.Errorf("connected account %s: %w", id, ErrNotFound)
}

// ConnectedAccountByToken returns the account that a person connected through
// an account link; token is what the callback URL received as its t parameter.
func (c *Client) ConnectedAccountByToken(ctx context.Context, token string) (*ConnectedAccount, error) {
	if token == "" {
		return nil, errors.New("the callback token is empty")
	}
	c.secrets.add(token)
	return get[ConnectedAccount](ctx, c, call{op: dialect.GetConnectedAccountByToken, args: args("token", token)})
}

// AccountLink returns a link that a person opens in a browser to connect an
// account of the app. callbackURL receives the result as its t parameter.
func (c *Client) AccountLink(ctx context.Context, app App, callbackURL string) (string, error) {
	link, err := get[dialect.Link](ctx, c, call{
		op: dialect.ConnectAccount, args: args("authType", app.AuthType, "appId", app.ID, "seoLink", app.SeoLink, "callbackUrl", callbackURL),
	})
	if err != nil {
		return "", err
	}
	return link.URL, nil
}
