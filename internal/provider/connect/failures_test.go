package connect_test

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// form is one of the two ways to configure the trigger of the same connect.
type form struct {
	typeName string
	// at is where the step's attributes stand.
	at     string
	config func(t *testing.T, env *acctest.Env, step map[string]any) map[string]any
}

func forms() map[string]form {
	return map[string]form{
		"one block": {
			typeName: "appypie_connect", at: "trigger.",
			config: func(t *testing.T, env *acctest.Env, step map[string]any) map[string]any {
				t.Helper()
				return with(leads(t, env), map[string]any{"trigger": step})
			},
		},
		"trigger options": {
			typeName: "appypie_trigger_options",
			config: func(t *testing.T, env *acctest.Env, step map[string]any) map[string]any {
				t.Helper()
				if len(env.Sim.Connects()) == 0 {
					env.Sim.CreateConnect(env.MatchID(t, acctest.SheetsToHubSpot), "Leads")
				}
				return with(step, map[string]any{"connect_id": sole(t, env).ID})
			},
		},
	}
}

// rightStep is a trigger without mistakes.
func rightStep(t *testing.T, env *acctest.Env) map[string]any {
	t.Helper()
	return trigger(t, env, map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound"})
}

// mistake is something wrong with a configuration.
type mistake struct {
	change func(t *testing.T, env *acctest.Env, step map[string]any) map[string]any
	// at is the attribute of the step to blame, details what the error says;
	// the last of them is the next step.
	at      string
	details []string
}

func options(values map[string]any) func(*testing.T, *acctest.Env, map[string]any) map[string]any {
	return func(t *testing.T, _ *acctest.Env, step map[string]any) map[string]any {
		t.Helper()
		return with(step, map[string]any{"options": values})
	}
}

func account(id func(*testing.T, *acctest.Env) string) func(*testing.T, *acctest.Env, map[string]any) map[string]any {
	return func(t *testing.T, env *acctest.Env, step map[string]any) map[string]any {
		t.Helper()
		return with(step, map[string]any{"account_id": id(t, env)})
	}
}

func constant(id string) func(*testing.T, *acctest.Env) string {
	return func(*testing.T, *acctest.Env) string { return id }
}

func hubSpotAccount(t *testing.T, env *acctest.Env) string {
	t.Helper()
	return env.AccountID(t, "HubSpot")
}

// TestMistakesAreFoundByThePlan: nothing is written, one error names the
// attribute and the next step, and the corrected configuration converges.
func TestMistakesAreFoundByThePlan(t *testing.T) {
	t.Parallel()
	mistakes := map[string]mistake{
		"wrong option key": {
			options(map[string]any{"spreadsheet": "Leads 2026", "worksheat": "Inbound"}), `options["worksheat"]`, []string{`Did you mean "worksheet"`},
		},
		"missing required option": {
			options(map[string]any{"spreadsheet": "Leads 2026"}), `options["worksheet"]`, []string{"Worksheet", "Add it to options"},
		},
		"unknown choice": {
			options(map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Perhaps"}), `options["header_row"]`,
			[]string{"does not offer this value", `Choices: "Yes" (Yes), "No" (No)`},
		},
		"account of another app": {account(hubSpotAccount), "account_id", []string{"belongs to app", "Use an account of the app of the trigger"}},
		"unknown account":        {account(constant(noSuchID)), "account_id", []string{noSuchID, "connect the account again"}},
		"malformed account id":   {account(constant("my account")), "account_id", []string{"must be an id of the service", "look ids up with the data sources"}},
	}

	for formName, f := range forms() {
		for name, m := range mistakes {
			t.Run(formName+"/"+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				right := f.config(t, env, rightStep(t, env))
				before := env.Sim.Connects()
				driver := impatient(t, env)
				absent := driver.Absent(f.typeName)

				_, diags := driver.Plan(t.Context(), absent, f.config(t, env, m.change(t, env, rightStep(t, env))))
				wantDetails(t, wantOneError(t, env, diags), f.at+m.at, m.details...)
				wantUnchanged(t, env, before)
				mend(t, driver, absent, right)
			})
		}
	}
}

// TestWrongReferencesAreFoundByThePlan is about the ids outside of a step.
func TestWrongReferencesAreFoundByThePlan(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		form, attribute, value string
		details                []string
	}{
		"unknown popular match":      {"one block", "popular_match_id", noSuchID, []string{noSuchID, "Look up the id with the data source appypie_popular_match"}},
		"malformed popular match id": {"one block", "popular_match_id", "a/b", []string{"must be an id of the service"}},
		"unknown connect":            {"trigger options", "connect_id", noSuchID, []string{noSuchID, "Check the id"}},
		"malformed connect id":       {"trigger options", "connect_id", "../me", []string{"must be an id of the service"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			f := forms()[tc.form]
			right := f.config(t, env, rightStep(t, env))
			before := env.Sim.Connects()
			driver := impatient(t, env)
			absent := driver.Absent(f.typeName)

			_, diags := driver.Plan(t.Context(), absent, with(right, map[string]any{tc.attribute: tc.value}))
			wantDetails(t, wantOneError(t, env, diags), tc.attribute, tc.details...)
			wantUnchanged(t, env, before)
			mend(t, driver, absent, right)
		})
	}
}

// TestMistakesAreFoundByTheService: with validation off, the service refuses
// what the plan let through, and its refusal names the attribute too.
func TestMistakesAreFoundByTheService(t *testing.T) {
	t.Parallel()
	const correct = "Correct the configuration as the message says"

	mistakes := map[string]struct {
		mistake

		// onlyOneBlock: the refusal comes from turning the connect on, which
		// only that form does.
		onlyOneBlock bool
	}{
		"missing required option": {
			mistake: mistake{options(map[string]any{"spreadsheet": "Leads 2026"}), `options["worksheet"]`, []string{"is required", correct}}, onlyOneBlock: true,
		},
		"unknown choice": {
			mistake: mistake{
				options(map[string]any{"spreadsheet": "Leads 2026", "worksheet": "Inbound", "header_row": "Perhaps"}), `options["header_row"]`,
				[]string{"none of the choices", correct},
			},
		},
		"account of another app": {mistake: mistake{account(hubSpotAccount), "account_id", []string{"belongs to another app", correct}}},
		"unknown account":        {mistake: mistake{account(constant(noSuchID)), "account_id", []string{"there is no connected account", correct}}},
	}

	for formName, f := range forms() {
		for name, m := range mistakes {
			if m.onlyOneBlock && f.at == "" {
				continue
			}
			t.Run(formName+"/"+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				right := f.config(t, env, rightStep(t, env))
				driver := configured(t, env, map[string]any{"option_validation": "off"})
				wrong := f.config(t, env, m.change(t, env, rightStep(t, env)))

				failed, diags := driver.Create(t.Context(), f.typeName, wrong)
				wantDetails(t, wantOneError(t, env, diags), f.at+m.at, m.details...)
				if connect := sole(t, env); connect.Status != simulator.StatusOff || f.at != "" && failed.ID() != connect.ID {
					t.Errorf("connect %s is %s, and the state has %q", connect.ID, connect.Status, failed.ID())
				}
				mend(t, driver, failed, right)
			})
		}
	}
}

// TestServiceFailures: a service that cannot be used ends each step of a run in
// one error, and the next run converges.
func TestServiceFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   *simulator.Fault
		broken  map[string]any
		details []string
	}{
		"500": {
			fault: &simulator.Fault{Kind: simulator.FaultStatus, Times: -1}, details: []string{"HTTP 500", "run again later"},
		},
		"login page": {
			fault: &simulator.Fault{Kind: simulator.FaultHTML, Times: -1}, details: []string{"text/html", "Check api_url and any proxy in between"},
		},
		"unreachable host": {
			broken: map[string]any{"api_url": "http://" + closedPort(t) + "/api"}, details: []string{"no answer from 127.0.0.1", "Check api_url, the network"},
		},
		"missing credential": {
			broken: map[string]any{"refresh_token": nil, "token_store": map[string]any{"path": filepath.Join(t.TempDir(), "tokens")}}, details: []string{"There is no login", "Run appypie login --profile default."},
		},
		"refused credential": {
			broken: map[string]any{"refresh_token": nil, "client_id": nil, "client_secret": nil, "access_token": "of-yesterday"}, details: []string{"answered 401", "set a new one, or use token_command or a login instead"},
		},
	} {
		for formName, f := range forms() {
			t.Run(formName+"/"+name, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				config := f.config(t, env, rightStep(t, env))
				healthy := impatient(t, env)
				before := env.Sim.Connects()
				broken := healthy
				if tc.broken != nil {
					broken = configured(t, env, tc.broken)
				}

				breakService := func() {
					if tc.fault != nil {
						fault := *tc.fault
						fault.Match = func(e simulator.Entry) bool { return e.Operation != "create_token" }
						env.Sim.AddFault(fault)
					}
				}
				wantFailure := func(diags acctest.Diagnostics) {
					t.Helper()
					env.Sim.ClearFaults()
					if len(diags.Errors()) != 1 {
						t.Fatalf("want one error, got:\n%s", diags)
					}
					wantDetails(t, diags.Errors()[0], "", tc.details...)
				}
				breakService()

				_, diags := broken.ReadData(t.Context(), "appypie_connects", nil)
				wantFailure(diags)

				// The plan was made while all was well; the apply is not.
				plan, diags := healthy.Plan(t.Context(), healthy.Absent(f.typeName), config)
				must(t, diags)
				breakService()

				failed, diags := broken.Apply(t.Context(), plan)
				wantFailure(diags)
				wantUnchanged(t, env, before)
				if failed.Exists() {
					t.Errorf("the state has what nobody made: %v", failed.Attributes)
				}

				held := mend(t, healthy, failed, config)
				before = env.Sim.Connects()
				breakService()

				same, diags := broken.Read(t.Context(), held)
				wantFailure(diags)
				wantUnchanged(t, env, before)
				if diff := cmp.Diff(held.Attributes, same.Attributes); diff != "" {
					t.Errorf("a failed refresh changed the state (-before +after):\n%s", diff)
				}
				healthy.MustPlanNothing(t.Context(), same, config)
			})
		}
	}
}

// TestMetadataFailures: a plan that could not be checked says so once and goes
// on; refused credentials end it.
func TestMetadataFailures(t *testing.T) {
	t.Parallel()
	for formName, f := range forms() {
		for _, operation := range []string{"get_popular_match", "list_connects", "get_trigger", "list_connected_accounts"} {
			if operation == "get_popular_match" && f.at == "" || operation == "list_connects" && f.at != "" {
				continue
			}
			t.Run(formName+"/"+operation, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				config := f.config(t, env, rightStep(t, env))
				driver := impatient(t, env)
				env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: simulator.FaultStatus})
				plan, diags := driver.Plan(t.Context(), driver.Absent(f.typeName), config)
				if len(diags) != 1 || diags[0].Error || diags[0].Summary != "Options were not checked" || len(env.Sim.Faults()) > 0 {
					t.Fatalf("want one warning, got:\n%s", diags)
				}

				held, diags := driver.Apply(t.Context(), plan)
				must(t, diags)
				driver.MustPlanNothing(t.Context(), held, config)
			})
		}
	}
}

// mend applies the right configuration, after which nothing is left to do.
func mend(t *testing.T, driver *acctest.Driver, prior *acctest.Resource, config map[string]any) *acctest.Resource {
	t.Helper()
	held, diags := driver.Converge(t.Context(), prior, config)
	must(t, diags)
	driver.MustPlanNothing(t.Context(), held, config)
	return held
}

// configured is a driver that repeats nothing and has other settings; nil
// removes one.
func configured(t *testing.T, env *acctest.Env, settings map[string]any) *acctest.Driver {
	t.Helper()
	server, err := env.Factories()["appypie"]()
	if err != nil {
		t.Fatal(err)
	}

	driver := acctest.NewDriver(t, server)
	must(t, driver.Configure(t.Context(), with(with(env.Settings(), map[string]any{"max_retries": 0}), settings)))
	return driver
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

func wantUnchanged(t *testing.T, env *acctest.Env, before []simulator.Connect) {
	t.Helper()
	if diff := cmp.Diff(before, env.Sim.Connects()); diff != "" {
		t.Errorf("connects in the service (-before +after):\n%s", diff)
	}
}

// wantOneError wants one diagnostic, which is an error, and that the fault
// under test was met.
func wantOneError(t *testing.T, env *acctest.Env, diags acctest.Diagnostics) acctest.Diagnostic {
	t.Helper()
	if left := env.Sim.Faults(); len(left) > 0 {
		t.Fatalf("the fault was not met; the test proves nothing: %+v", left)
	}
	if len(diags) != 1 || !diags[0].Error {
		t.Fatalf("want one error, got:\n%s", diags)
	}
	return diags[0]
}

func wantDetails(t *testing.T, got acctest.Diagnostic, at string, details ...string) {
	t.Helper()
	if got.Path != at {
		t.Errorf("the error is at %q, want %q:\n%s\n%s", got.Path, at, got.Summary, got.Detail)
	}
	for _, detail := range details {
		if !strings.Contains(got.Detail, detail) {
			t.Errorf("the error lacks %q:\n%s\n%s", detail, got.Summary, got.Detail)
		}
	}
}
