package steps_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// validated is the validation of a step of a new connect, without mistakes.
func validated(t *testing.T, env *acctest.Env, kind connectapi.EventKind, values map[string]any) steps.Validation {
	t.Helper()
	title, app := acctest.SheetsToHubSpot, "Google Sheets"
	if kind == connectapi.ActionEvent {
		title, app = acctest.TypeformToMailchimpAndSlack, "Mailchimp"
	}

	matches := env.Sim.Catalog().Matches()
	match := matches[slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == title })]
	event := match.Trigger
	if kind == connectapi.ActionEvent {
		event = match.Actions[0]
	}

	planned := step(values)
	planned.AccountID = types.StringValue(env.AccountID(t, app))
	return steps.Validation{
		Provider: &tfkit.ProviderData{Client: env.Client(t), OptionValidation: tfkit.ValidationError, Now: time.Now},
		Kind:     kind, EventID: event.EventID, Step: planned, At: path.Root("here"), Complete: true,
	}
}

func TestValidation(t *testing.T) {
	t.Parallel()
	at := path.Root("here")
	option := func(key string) path.Path { return at.AtName("options").AtMapKey(key) }
	nothing := func(*testing.T, *acctest.Env, *steps.Validation) {}

	// The trigger has spreadsheet and worksheet (required), and header_row; the
	// action list and email (required), status, first_name, last_name and group.
	for name, tc := range map[string]struct {
		action bool
		values map[string]any
		change func(*testing.T, *acctest.Env, *steps.Validation)
		// at is the path of the only diagnostic; Empty when there is none.
		at      path.Path
		warning bool
		details []string
	}{
		"complete":         {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "header_row": "Yes"}, change: nothing},
		"missing required": {values: map[string]any{"spreadsheet": "a"}, change: nothing, at: option("worksheet"), details: []string{"Worksheet", "Add it to options"}},
		"empty is missing": {values: map[string]any{"spreadsheet": "a", "worksheet": ""}, change: nothing, at: option("worksheet"), details: []string{"Add it to options"}},
		"null is missing":  {values: map[string]any{"spreadsheet": "a", "worksheet": nil}, change: nothing, at: option("worksheet")},
		"unknown is given": {values: map[string]any{"spreadsheet": "a", "worksheet": types.StringUnknown()}, change: nothing},
		"a secret is given": {values: map[string]any{"spreadsheet": "a"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.SecretsWO = texts(map[string]any{"worksheet": "b"})
		}},
		"the service has it": {values: map[string]any{"spreadsheet": "a"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Present = map[string]string{"worksheet": "b"}
		}},
		"an update need not be complete": {values: map[string]any{"spreadsheet": "a"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) { v.Complete = false }},
		"an update removes what is required": {values: map[string]any{"spreadsheet": "a"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Complete, v.Removed = false, []string{"worksheet"}
		}, at: option("worksheet")},
		"the map is unknown": {change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.Options = types.MapUnknown(types.StringType)
		}},

		"unknown key":         {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "column1": "x"}, change: nothing, at: option("column1"), warning: true, details: []string{"It lists: spreadsheet, worksheet, header_row", "sent as written"}},
		"unknown key, near":   {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "header_raw": "Yes"}, change: nothing, at: option("header_raw"), warning: true, details: []string{`Did you mean "header_row"?`}},
		"misspelled required": {values: map[string]any{"spreadsheet": "a", "work_sheet": "b"}, change: nothing, at: option("work_sheet"), details: []string{`Did you mean "worksheet", which is required?`}},
		"unknown secret": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.SecretsWO = texts(map[string]any{"password": "x"})
		}, at: at.AtName("secrets_wo").AtMapKey("password"), warning: true},
		"no such choice":    {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "header_row": "yes"}, change: nothing, at: option("header_row"), details: []string{`Choices: "Yes" (Yes), "No" (No).`}},
		"a reference":       {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "header_row": "{{column1}}"}, change: nothing},
		"an unknown choice": {values: map[string]any{"spreadsheet": "a", "worksheet": "b", "header_row": types.StringUnknown()}, change: nothing},
		"dynamic choices":   {values: map[string]any{"spreadsheet": "no such", "worksheet": "b"}, change: nothing},
		"a required parent is missing": {action: true, values: map[string]any{"email": "{{email}}", "group": "VIP"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Complete, v.Removed = false, []string{"list"}
		}, at: option("list")},
		"the parent is present": {action: true, values: map[string]any{"email": "{{email}}", "group": "VIP"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Present = map[string]string{"list": "News"}
		}},

		"an optional parent is missing": {values: map[string]any{"child": "b"}, change: withFields(`{"key":"parent","label":"Parent","type":"String"},{"key":"child","label":"Child","type":"String","dependsOn":["parent"]}`), at: option("child"), details: []string{`needs the option "parent"`, "Set the other option in options"}},
		"an optional parent is given":   {values: map[string]any{"child": "b", "parent": "a"}, change: withFields(`{"key":"parent","label":"Parent","type":"String"},{"key":"child","label":"Child","type":"String","dependsOn":["parent"]}`)},

		"account missing": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.AccountID = types.StringNull()
		}, at: at.AtName("account_id"), details: []string{"Google Sheets, which needs a connected account", "Set account_id"}},
		"account unknown": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.AccountID = types.StringUnknown()
		}},
		"account left as it is": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.AccountID, v.Complete = types.StringNull(), false
		}},
		"account of another app": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(t *testing.T, env *acctest.Env, v *steps.Validation) {
			t.Helper()
			v.Step.AccountID = types.StringValue(env.AccountID(t, "Slack"))
		}, at: at.AtName("account_id"), details: []string{"Use an account of the app of the trigger"}},
		"account gone": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(t *testing.T, env *acctest.Env, _ *steps.Validation) {
			t.Helper()
			env.Sim.RemoveAccount(env.AccountID(t, "Google Sheets"))
		}, at: at.AtName("account_id"), details: []string{"connect the account again, run appypie accounts connect google-sheets, or open Google Sheets"}},

		"account expired": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(t *testing.T, env *acctest.Env, _ *steps.Validation) {
			t.Helper()
			env.Sim.SetAccountStatus(env.AccountID(t, "Google Sheets"), simulator.AccountExpired)
		}, at: at.AtName("account_id"), warning: true, details: []string{`has the status "expired"`, "run appypie accounts connect google-sheets"}},
		"account of another app and expired": {values: map[string]any{"spreadsheet": "a", "worksheet": "b"}, change: func(t *testing.T, env *acctest.Env, v *steps.Validation) {
			t.Helper()
			env.Sim.SetAccountStatus(env.AccountID(t, "Slack"), simulator.AccountExpired)
			v.Step.AccountID = types.StringValue(env.AccountID(t, "Slack"))
		}, at: at.AtName("account_id"), details: []string{"Use an account of the app of the trigger"}},

		"warn": {values: map[string]any{"spreadsheet": "a"}, change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Provider.OptionValidation = tfkit.ValidationWarn
		}, at: option("worksheet"), warning: true, details: []string{"Add it to options"}},
		"off": {change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Provider.OptionValidation = tfkit.ValidationOff
		}},
		"not configured": {change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) { v.Provider = nil }},
		"no event":       {change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) { v.EventID = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			kind := connectapi.TriggerEvent
			if tc.action {
				kind = connectapi.ActionEvent
			}

			validation := validated(t, env, kind, tc.values)
			tc.change(t, env, &validation)

			found := validation.Run(t.Context())
			if len(tc.at.Steps()) == 0 {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("want one diagnostic, got %v", found)
			}
			if got := pathsOf(found)[0]; !got.Equal(tc.at) || (found[0].Severity() == diag.SeverityWarning) != tc.warning {
				t.Errorf("a %s at %s, want one at %s (a warning: %t)\n%s", found[0].Severity(), got, tc.at, tc.warning, found[0].Detail())
			}
			for _, detail := range tc.details {
				if !strings.Contains(found[0].Detail(), detail) {
					t.Errorf("the detail lacks %q: %s", detail, found[0].Detail())
				}
			}
		})
	}
}

// withFields has the service answer a trigger with these fields, because the
// catalog has none that are like them.
func withFields(fields string) func(*testing.T, *acctest.Env, *steps.Validation) {
	return func(_ *testing.T, env *acctest.Env, v *steps.Validation) {
		env.Sim.AddFault(simulator.Fault{
			Operation: "get_trigger", Kind: simulator.FaultMalformedBody,
			Body: `{"success":true,"data":{"_id":"` + v.EventID + `","name":"Odd","fields":[` + fields + `]}}`,
		})
	}
}

// TestValidationNamesEachMistake: independent mistakes are all reported.
func TestValidationNamesEachMistake(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	validation := validated(t, env, connectapi.ActionEvent, map[string]any{"group": "VIP", "status": "maybe", "color": "x"})
	at := path.Root("here").AtName("options")
	want := []string{
		at.AtMapKey("color").String(), at.AtMapKey("email").String(), at.AtMapKey("list").String(), at.AtMapKey("status").String(),
	}

	var got []string
	for _, one := range pathsOf(validation.Run(t.Context())) {
		got = append(got, one.String())
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found mistakes at %q, want %q", got, want)
	}
}

// TestValidationWithoutMetadata: what cannot be checked is said once and stops
// nothing; refused credentials do.
func TestValidationWithoutMetadata(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		operation string
		noAccount bool
	}{{operation: "get_trigger"}, {operation: "list_connected_accounts"}, {operation: "get_app", noAccount: true}} {
		for status, want := range map[int]diag.Severity{500: diag.SeverityWarning, 404: diag.SeverityWarning, 429: diag.SeverityWarning, 401: diag.SeverityError} {
			// Not found is an answer about an account, not a failure.
			if tc.operation == "list_connected_accounts" && status == 404 {
				continue
			}
			t.Run(tc.operation+" "+want.String(), func(t *testing.T) {
				t.Parallel()
				env := newEnv(t)
				validation := validated(t, env, connectapi.TriggerEvent, map[string]any{"spreadsheet": "a", "worksheet": "b"})
				if tc.noAccount {
					validation.Step.AccountID = types.StringNull()
				}
				env.Sim.AddFault(simulator.Fault{Operation: tc.operation, Kind: simulator.FaultStatus, Status: status, Times: -1})
				found := validation.Run(t.Context())
				if len(found) != 1 || found[0].Severity() != want || !pathsOf(found)[0].Equal(path.Empty()) {
					t.Errorf("with HTTP %d: %v", status, found)
				}
			})
		}
	}
}
