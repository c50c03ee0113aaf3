package live_test

import (
	"encoding/json"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// subject is a connect that can be made and turned on.
type subject struct {
	Match   string           `json:"popular_match_id"`
	Trigger map[string]any   `json:"trigger"`
	Actions []map[string]any `json:"actions"`
}

// choose returns the connect that the environment describes, or one that can be
// made of what the account has.
func choose(t *testing.T, client *connectapi.Client) subject {
	t.Helper()
	if text := os.Getenv("APPYPIE_LIVE_CONNECT"); text != "" {
		var s subject
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Fatalf("APPYPIE_LIVE_CONNECT: %v", err)
		}
		return s
	}
	matches, err := client.PopularMatches(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range matches {
		s := subject{Match: match.ID}
		var ok bool
		if s.Trigger, ok = step(t, client, connectapi.TriggerEvent, match.Trigger.AppID, match.Trigger.EventID); !ok {
			continue
		}
		for _, action := range match.Actions {
			var values map[string]any
			if values, ok = step(t, client, connectapi.ActionEvent, action.AppID, action.EventID); !ok {
				break
			}
			s.Actions = append(s.Actions, values)
		}
		if ok {
			return s
		}
	}
	t.Fatalf("none of %d popular matches can be used with the accounts that are connected; describe a connect in APPYPIE_LIVE_CONNECT", len(matches))
	return subject{}
}

// step fills in what a step requires; false where that cannot be known.
func step(t *testing.T, client *connectapi.Client, kind connectapi.EventKind, appID, eventID string) (map[string]any, bool) {
	t.Helper()
	app, err := client.App(t.Context(), appID)
	if err != nil {
		t.Fatal(err)
	}
	event, err := client.Event(t.Context(), kind, eventID)
	if err != nil {
		t.Fatal(err)
	}
	values, options := map[string]any{}, map[string]any{}
	if app.AuthType != "" {
		accounts, err := client.ConnectedAccountsOfApp(t.Context(), appID)
		if err != nil {
			t.Fatal(err)
		}
		if len(accounts) == 0 {
			return nil, false
		}
		values["account_id"] = accounts[0].ID
	}
	for _, field := range event.Fields {
		switch {
		case !field.Required:
		case field.Dynamic || len(field.DependsOn) > 0:
			return nil, false
		case len(field.Choices) > 0:
			options[field.Key] = field.Choices[0].Value
		default:
			options[field.Key] = "https://example.com/terraform"
		}
	}
	values["options"] = options
	return values, len(options) > 0
}

// config is the connect in one block.
func (s subject) config(name string, changes map[string]any) map[string]any {
	actions := make([]any, len(s.Actions))
	for i, action := range s.Actions {
		actions[i] = action
	}
	config := map[string]any{"name": name, "popular_match_id": s.Match, "enabled": true, "trigger": s.Trigger, "actions": actions}
	if os.Getenv("APPYPIE_LIVE_RUN_TEST") == "1" || !acctest.Live() {
		config["run_test"] = true
	}
	maps.Copy(config, changes)
	return config
}

// newName is a name that no other connect has.
func newName(t *testing.T) string {
	t.Helper()
	return "terraform " + strings.ReplaceAll(t.Name(), "/", " ") + " " + strconv.FormatInt(time.Now().UnixNano(), 36)
}

// remove deletes a connect that a test left behind.
func remove(t *testing.T, client *connectapi.Client, id string) {
	t.Helper()
	t.Cleanup(func() {
		const patience = time.Minute
		ctx, cancel := acctest.Afterwards(t, patience)
		defer cancel()
		_ = client.TurnOff(ctx, id) // It may be off, or gone.
		if err := client.Delete(ctx, id); err != nil && !connectapi.IsNotFound(err) {
			t.Errorf("connect %s is left behind: %v", id, err)
		}
	})
}
