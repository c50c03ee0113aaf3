package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// stepContent is what the throw-away connect gets for a step.
type stepContent struct {
	account string
	options map[string]string
	// missing is why the connect cannot be turned on.
	missing []string
}

// absentFrom tells what an edit did not bring about. A secret may be left out
// of what is read, so one option that is there is enough.
func (c stepContent) absentFrom(step connectapi.Step) string {
	if c.account != "" && !step.HidesAccount && step.AccountID != c.account {
		return "the step has another account"
	}
	for key := range c.options {
		if _, there := step.Options[key]; there {
			return ""
		}
	}
	return unless(len(c.options) == 0, "the step has none of the options")
}

// prepare finds a value for every required option of a step, and an account.
func (w *writeWalk) prepare(ctx context.Context, kind connectapi.EventKind, ref connectapi.EventRef) stepContent {
	content := stepContent{options: map[string]string{}}
	lack := func(format string, args ...any) {
		content.missing = append(content.missing, fmt.Sprintf(format, args...))
	}
	app, err := w.client.App(ctx, ref.AppID)
	if err != nil {
		lack("the app of the %s cannot be read: %v", kind, err)
		return content
	}
	if app.AuthType != "" {
		if content.account = w.account(ctx, app.ID); content.account == "" {
			lack("there is no connected account of %s; run `appypie accounts connect`", app.Name)
		}
	}
	event, err := w.client.Event(ctx, kind, ref.EventID)
	if err != nil {
		lack("the %s cannot be read: %v", kind, err)
		return content
	}
	for _, field := range event.Fields {
		if !field.Required {
			continue
		}
		value := w.value(ctx, kind, event.ID, field, content)
		if value == "" {
			lack("%s of %s has no choice to take", field.Key, event.Name)
			continue
		}
		content.options[field.Key] = value
	}
	return content
}

// account returns a connected account that works, or empty.
func (w *writeWalk) account(ctx context.Context, appID string) string {
	accounts, err := w.client.ConnectedAccountsOfApp(ctx, appID)
	if err != nil {
		return ""
	}
	working := slices.IndexFunc(accounts, func(a connectapi.ConnectedAccount) bool { return strings.EqualFold(a.Status, "active") })
	switch {
	case working >= 0:
		return accounts[working].ID
	case len(accounts) > 0:
		return accounts[0].ID
	default:
		return ""
	}
}

// value is a value that a field may have, or empty when none is known.
func (w *writeWalk) value(ctx context.Context, kind connectapi.EventKind, eventID string, field connectapi.Field, so stepContent) string {
	choices := field.Choices
	if field.Dynamic {
		query := connectapi.DropdownQuery{Key: field.Key, AccountID: so.account, Values: maps.Clone(so.options), TriggerID: eventID}
		if kind == connectapi.ActionEvent {
			query.TriggerID, query.ActionID = "", eventID
		}
		var err error
		if choices, err = w.client.DropdownOptions(ctx, query); err != nil {
			return ""
		}
	}
	key := strings.ToLower(field.Key)
	switch {
	case len(choices) > 0:
		return choices[0].Value
	case field.Dynamic, field.Type == "Select":
		return ""
	case strings.Contains(key, "email"):
		return "appypie-doctor@example.com"
	case strings.Contains(key, "url"):
		return "https://example.com/appypie-doctor"
	default:
		return "appypie doctor"
	}
}
