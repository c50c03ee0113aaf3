package steps_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// subscriber is the step that the tests of choices write: Add Subscriber, whose
// group depends on its list.
func subscriber(t *testing.T, env *acctest.Env) simulator.Step {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToMailchimpAndSlack), "Entries")
	made.Actions[0].AccountID = env.AccountID(t, "Mailchimp")
	return made.Actions[0]
}

func TestValidationOfDynamicChoices(t *testing.T) {
	t.Parallel()
	at := path.Root("here").AtName("options")
	nothing := func(*testing.T, *acctest.Env, *steps.Validation) {}
	for name, tc := range map[string]struct {
		// list and group are labels; =TEXT is the text itself, and empty is none.
		list, group string
		change      func(*testing.T, *acctest.Env, *steps.Validation)
		at          path.Path
		details     []string
		// asked is how often the service is asked for choices.
		asked int
	}{
		"choices":                               {list: "Newsletter", group: "Interests", change: nothing, asked: 2},
		"no choice":                             {list: "=x91", change: nothing, at: at.AtMapKey("list"), details: []string{`"list" of the action "Add Subscriber"`, "written as it is", "(Newsletter), ", "(Event Guests)."}, asked: 1},
		"a label":                               {list: "=newsletter", change: nothing, at: at.AtMapKey("list"), details: []string{"It is the label of a choice", "use $list"}, asked: 1},
		"near":                                  {list: "=Newsleter", change: nothing, at: at.AtMapKey("list"), details: []string{"Did you mean $list (Newsletter)?"}, asked: 1},
		"group, no choice":                      {list: "Newsletter", group: "=x91", change: nothing, at: at.AtMapKey("group"), details: []string{`option "group"`}, asked: 2},
		"of a doubtful parent nothing is known": {list: "=x91", group: "=x91", change: nothing, at: at.AtMapKey("list"), asked: 1},
		"a reference":                           {list: "={{list}}", group: "=x91", change: nothing},
		"an unknown parent": {list: "Newsletter", group: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.Options = withValue(v.Step.Options, "list", types.StringUnknown())
		}},
		"a parent of the service": {group: "=x91", change: func(t *testing.T, env *acctest.Env, v *steps.Validation) {
			t.Helper()
			held := connectapi.Step{Options: map[string]connectapi.Value{"list": connectapi.TextValue(env.Choice(t, subscriber(t, env), "list", "Newsletter"))}}
			v.Server, v.Complete = &held, false
		}, at: at.AtMapKey("group"), asked: 1},
		"the account is not known": {list: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.AccountID = types.StringUnknown()
		}},
		"the account is left as it is, and not shown": {list: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Step.AccountID, v.Complete, v.Server = types.StringNull(), false, &connectapi.Step{HidesAccount: true}
		}},
		"the account of the service": {list: "=x91", change: func(t *testing.T, env *acctest.Env, v *steps.Validation) {
			t.Helper()
			v.Step.AccountID, v.Complete, v.Server = types.StringNull(), false, &connectapi.Step{AccountID: env.AccountID(t, "Mailchimp")}
		}, at: at.AtMapKey("list"), asked: 1},
		"the account is wrong": {list: "=x91", change: func(t *testing.T, env *acctest.Env, v *steps.Validation) {
			t.Helper()
			v.Step.AccountID = types.StringValue(env.AccountID(t, "Slack"))
		}, at: path.Root("here").AtName("account_id")},
		"nothing is written": {list: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) { v.Writes = false }},
		"off": {list: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Provider.OptionValidation = tfkit.ValidationOff
		}},
		"warn": {list: "=x91", change: func(_ *testing.T, _ *acctest.Env, v *steps.Validation) {
			v.Provider.OptionValidation = tfkit.ValidationWarn
		}, at: at.AtMapKey("list"), asked: 1},
		"nothing is offered": {list: "=x91", change: func(_ *testing.T, env *acctest.Env, _ *steps.Validation) {
			env.Sim.AddFault(simulator.Fault{Operation: "list_dropdown_options", Kind: simulator.FaultMalformedBody, Body: `{"success":true,"data":[]}`})
		}, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			of := subscriber(t, env)
			values := map[string]any{"email": "{{email}}"}
			// A list offers its groups.
			for _, key := range []string{"list", "group"} {
				given := map[string]string{"list": tc.list, "group": tc.group}[key]
				if text, literal := strings.CutPrefix(given, "="); literal {
					values[key] = text
				} else if given != "" {
					values[key] = env.Choice(t, of, key, given)
					of.Options[key] = env.Choice(t, of, key, given)
				}
			}
			validation := validated(t, env, connectapi.ActionEvent, values)
			validation.Writes = true
			tc.change(t, env, &validation)
			env.ResetJournal()
			found := validation.Run(t.Context())
			if got := len(env.Requests("list_dropdown_options")); got != tc.asked {
				t.Errorf("asked %d times for choices, want %d", got, tc.asked)
			}
			if len(tc.at.Steps()) == 0 {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			if len(found) != 1 || !pathsOf(found)[0].Equal(tc.at) {
				t.Fatalf("want one diagnostic at %s, got %v", tc.at, found)
			}
			if last, _ := tc.at.Steps().LastStep(); !last.Equal(path.PathStepAttributeName("account_id")) && found[0].Severity() != diag.SeverityWarning {
				t.Errorf("a value that is not offered is an error: %s", found[0].Detail())
			}
			for _, detail := range tc.details {
				detail = strings.ReplaceAll(detail, "$list", `"`+env.Choice(t, subscriber(t, env), "list", "Newsletter")+`"`)
				if !strings.Contains(found[0].Detail(), detail) {
					t.Errorf("the detail lacks %q: %s", detail, found[0].Detail())
				}
			}
		})
	}
}

func withValue(values types.Map, key string, value types.String) types.Map {
	elements := values.Elements()
	elements[key] = value
	return types.MapValueMust(types.StringType, elements)
}

// TestChoicesAreAskedForOnceARun: the same option of the same account is asked
// for once, however many resources have it, and a plan without changes asks
// nothing.
func TestChoicesAreAskedForOnceARun(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	driver := env.Driver(t).SamePhase()
	for _, one := range bothForms(t, env) {
		_, diags := driver.Plan(t.Context(), driver.Absent(one.typeName), one.config)
		must(t, diags)
	}
	if got := len(env.Requests("list_dropdown_options")); got != 2 {
		t.Errorf("%d requests for the choices of two options, want 2", got)
	}
	target := sheetsTrigger(t, env)
	fresh := env.Driver(t)
	held := applied(t, fresh, fresh.Absent(triggerType), target)
	env.ResetJournal()
	fresh.MustPlanNothing(t.Context(), held, target.config)
	if got := len(env.Requests("list_dropdown_options")); got != 0 {
		t.Errorf("a plan without changes asked %d times for choices", got)
	}
}

// TestChoicesThatCannotBeRead are said once, like all metadata.
func TestChoicesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	driver := hasty(t, env).SamePhase()
	env.Sim.AddFault(simulator.Fault{Operation: "list_dropdown_options", Kind: simulator.FaultStatus, Times: -1})
	var all acctest.Diagnostics
	for _, one := range bothForms(t, env) {
		_, diags := driver.Plan(t.Context(), driver.Absent(one.typeName), one.config)
		all = append(all, diags...)
	}
	if len(all) != 1 || all.HasError() || all[0].Summary != "Options were not checked" {
		t.Errorf("want one warning, got:\n%s", all)
	}
}
