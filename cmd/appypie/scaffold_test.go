package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// project is a folder for Terraform that has only what the companion wrote: the
// login, the addresses and the profile.
func (b *bench) project(files map[string]string) *tfrun.Terraform {
	b.t.Helper()
	tool := b.env.Project(b.t, nil)
	tool.Environment = slices.DeleteFunc(tool.Environment, func(entry string) bool { return strings.HasPrefix(entry, variablePrefix) })
	if err := os.Remove(filepath.Join(tool.Dir, "versions.tf")); err != nil {
		b.t.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(tool.Dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	terraform(b.t, tool, "init", "-input=false")
	return tool
}

func terraform(t *testing.T, tool *tfrun.Terraform, args ...string) string {
	t.Helper()
	output, err := tool.Run(t.Context(), args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return output
}

// Every popular match of the catalog can be scaffolded, and Terraform accepts and
// would not reformat what is written.
func TestScaffoldsAreValid(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	files, calls := map[string]string{}, ""
	for i, match := range b.env.Sim.Catalog().Matches() {
		r := b.must("scaffold", match.ID)
		b.silent(r)
		parsed, diags := hclsyntax.ParseConfig([]byte(r.out), match.Title, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if !bytes.Equal(hclwrite.Format([]byte(r.out)), []byte(r.out)) {
			t.Errorf("%s is not formatted:\n%s", match.Title, r.out)
		}
		module := fmt.Sprintf("module_%d", i)
		files[module+"/main.tf"] = r.out
		calls += fmt.Sprintf("module %q {\n  source = \"./%s\"\n", module, module)
		body, _ := parsed.Body.(*hclsyntax.Body)
		for _, block := range body.Blocks {
			if block.Type == "variable" {
				calls += fmt.Sprintf("  %s = \"x\"\n", block.Labels[0])
			}
		}
		calls += "}\n"
	}
	files["main.tf"] = calls
	if len(files) < 50 {
		t.Errorf("only %d popular matches were scaffolded", len(files))
	}
	tool := b.project(files)
	terraform(t, tool, "validate")
	if err := os.Remove(filepath.Join(tool.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	terraform(t, tool, "fmt", "-check", "-diff", "-recursive")
}

var (
	toFill   = regexp.MustCompile(`(?m)^( *)(\S+) += "" ` + tfwrite.Mark + `$`)
	offered  = regexp.MustCompile(`One of: ("(?:[^"\\]|\\.)*")`)
	hintLine = regexp.MustCompile("`appypie ([^`]*)` shows the choices")
)

// fill does what a person does with a scaffold: takes the first of the choices that
// a comment names, or that the command in it shows, and writes anything else.
func (b *bench) fill(text string) string {
	b.t.Helper()
	lines := strings.Split(text, "\n")
	values := map[string]string{}
	for i, line := range lines {
		if found := toFill.FindStringSubmatch(line); found != nil {
			value := b.valueFor(lines[i-1], values)
			values[found[2]] = value
			lines[i] = fmt.Sprintf("%s%s = %s", found[1], found[2], tfwrite.Quote(value))
		}
	}
	return strings.Join(lines, "\n")
}

func (b *bench) valueFor(comment string, values map[string]string) string {
	b.t.Helper()
	if found := offered.FindStringSubmatch(comment); found != nil {
		return strings.Trim(found[1], `"`)
	}
	found := hintLine.FindStringSubmatch(comment)
	if found == nil {
		return "anything@example.com"
	}
	args := strings.Fields(found[1])
	for i, arg := range args {
		if key, ok := strings.CutSuffix(arg, "=LABEL"); ok {
			for name, value := range values {
				if strings.HasSuffix(name, "_"+key) {
					args[i] = key + "=" + value
				}
			}
		}
	}
	parents := strings.Count(found[1], "=LABEL")
	view := jsonOf[fieldsJSON](b, args...)
	for _, s := range view.Steps {
		for _, field := range s.Fields {
			if field.Dynamic && len(field.DependsOn) == parents && parents > 0 && len(field.Choices) > 0 {
				return field.Choices[0].Label
			}
		}
	}
	b.t.Fatalf("`appypie %s` shows no choices", strings.Join(args, " "))
	return ""
}

// Someone with an account and no knowledge has a running connect after five
// commands: login, scaffold, init, plan, apply.
func TestFromNothingToARunningConnect(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"without accounts":             {"Schedule by Connect", "Webhooks", "--trigger", "Every Hour"},
		"choices that nothing decides": {"schedule", "webhooks", "--trigger", "every day"},
		"choices of an account":        {"Google Sheets", "HubSpot", "--action", "Create Deal"},
		"an account of several":        {"stripe", "zendesk", "--account", "Stripe test"},
		"several actions":              {"Call two webhooks every week"},
	}
	for name := range tests {
		tests[name] = append([]string{"scaffold"}, tests[name]...)
	}
	commands := commandsOf(t, "quickstart", "appypie")
	if len(commands) != 2 || strings.Join(commands[0], " ") != "login --store-client-secret" {
		t.Fatalf("the guide shows the commands %q", commands)
	}
	tests["as the guide shows it"] = commands[1]
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.must("login", "--store-client-secret")
			written := b.must(args...)
			b.silent(written)
			b.forgetClient()
			tool := b.project(map[string]string{"main.tf": b.fill(written.out)})
			if output, err := tool.Plan(t.Context(), tfrun.PlanChanges); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if output, err := tool.Apply(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if made := b.env.Sim.Connects(); len(made) != 1 || made[0].Status != "ON" {
				t.Errorf("connects %+v", made)
			}
			if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

// No popular match of the catalog requires a secret, so the metadata of one says so
// here: it becomes a variable, and its value reaches the service alone.
func TestScaffoldOfARequiredSecret(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	client := b.env.Client(t)
	match, err := client.PopularMatch(t.Context(), b.env.MatchID(t, acctest.ScheduleToWebhook))
	if err != nil {
		t.Fatal(err)
	}
	s := tfwrite.Scaffold{Match: *match, Provider: tfwrite.Provider{Profile: "work", APIURL: b.vars["APPYPIE_API_URL"], TokenStorePath: b.store}}
	s.Catalog.Matches = []connectapi.PopularMatch{*match}
	for kind, id := range map[connectapi.EventKind]string{connectapi.TriggerEvent: match.Trigger.EventID, connectapi.ActionEvent: match.Actions[0].EventID} {
		event, err := client.Event(t.Context(), kind, id)
		if err != nil {
			t.Fatal(err)
		}
		changed := tfwrite.ScaffoldStep{Event: *event}
		changed.Event.Fields = slices.Clone(event.Fields)
		for i := range changed.Event.Fields {
			changed.Event.Fields[i].Required = changed.Event.Fields[i].Required || changed.Event.Fields[i].Key == "signing_secret"
		}
		if kind == connectapi.TriggerEvent {
			s.Steps = slices.Insert(s.Steps, 0, changed)
		} else {
			s.Steps = append(s.Steps, changed)
		}
	}
	text, toFill := s.Write()
	if toFill != 2 || !strings.Contains(string(text), "ephemeral   = true") {
		t.Errorf("%d values are to be filled in:\n%s", toFill, text)
	}
	tool := b.project(map[string]string{"main.tf": b.fill(string(text))})
	const secret = "canary-of-the-scaffold"
	tool.Environment = append(tool.Environment, "TF_VAR_signing_secret="+secret)
	terraform(t, tool, "apply", "-auto-approve", "-input=false")
	made := b.env.Sim.Connects()
	if got := made[len(made)-1].Actions[0].Options["signing_secret"]; got != secret {
		t.Errorf("the service has the secret %q", got)
	}
	if state := terraform(t, tool, "state", "pull"); strings.Contains(state, secret) {
		t.Error("the secret is in the state")
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// What is written as a comment is right once a person takes the comment sign away: a
// secret is beside the options, and the connect has the version of its secrets.
func TestScaffoldOfAnOptionalSecret(t *testing.T) {
	t.Parallel()
	r := knowing(t).must("scaffold", "typeform", "webhooks")
	comment := regexp.MustCompile(`(?m)^(\s*)# +(secrets_wo|signing_secret|secrets_wo_version|\})`)
	parsed, diags := hclsyntax.ParseConfig([]byte(strings.ReplaceAll(comment.ReplaceAllString(r.out, "$1$2"), "var.…", "var.x")), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, r.out)
	}
	body, _ := parsed.Body.(*hclsyntax.Body)
	connect := body.Blocks[len(body.Blocks)-1]
	action, _ := hcl.ExprList(connect.Body.Attributes["actions"].Expr)
	pairs, _ := hcl.ExprMap(action[0])
	var keys []string
	for _, pair := range pairs {
		keys = append(keys, hcl.ExprAsKeyword(pair.Key))
	}
	if !slices.Equal(keys, []string{"options", "secrets_wo"}) || connect.Body.Attributes["secrets_wo_version"] == nil {
		t.Errorf("an action has %s, and the connect %v", keys, slices.Sorted(maps.Keys(connect.Body.Attributes)))
	}
}

// A person learns from the scaffold what texts can refer to.
func TestScaffoldNamesReferences(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for match, want := range map[string]string{
		"Post new Typeform entries to a webhook":                "# Texts can use values of earlier steps: {{entry_id}}, {{submitted_at}}, {{full_name}}, {{email}}, {{message}}\n",
		"Create HubSpot contacts from new Stripe subscriptions": "# Texts can use values of earlier steps: {{",
		"Create HubSpot deals from new Google Sheets rows":      "as {{key}}. Once the connect is tested,\n",
	} {
		if r := b.must("scaffold", match); !strings.Contains(r.out, want) {
			t.Errorf("%s: want %q in\n%s", match, want, r.out)
		}
	}
}

// A service of another dialect is described to Terraform as it was to the companion.
func TestScaffoldForAnotherService(t *testing.T) {
	t.Parallel()
	b := abroad(t, simulator.DialectRPC)
	file, err := filepath.Abs(foreignServices()[simulator.DialectRPC])
	if err != nil {
		t.Fatal(err)
	}
	written := b.must("scaffold", "Call a webhook every hour", "--dialect", file)
	tool := b.project(map[string]string{"main.tf": b.fill(written.out)})
	tool.Environment = append(tool.Environment, "APPYPIE_ACCESS_TOKEN="+b.vars["APPYPIE_ACCESS_TOKEN"])
	terraform(t, tool, "apply", "-auto-approve", "-input=false")
	if made := b.env.Sim.Connects(); len(made) != 2 || made[1].Status != simulator.StatusOn {
		t.Errorf("connects %+v", made)
	}
	exported := b.must("export", newest(b), "--dialect", file)
	again := b.project(map[string]string{"main.tf": exported.out})
	again.Environment = tool.Environment
	importsOnly(t, again, 1)
}

// newest is the id of the connect that was made last.
func newest(b *bench) string {
	all := b.env.Sim.Connects()
	return all[len(all)-1].ID
}

// A value that is still to be filled in is named by the plan.
func TestPlansNameWhatIsToBeFilledIn(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	written := b.must("scaffold", "Call a webhook every hour")
	if n := strings.Count(written.out, tfwrite.Mark); n != 2 || !strings.Contains(written.notices, "FILL IN (2)") {
		t.Errorf("%d marks, and it says %s", n, written.notices)
	}
	tool := b.project(map[string]string{"main.tf": written.out})
	output, err := tool.Run(t.Context(), "plan", "-input=false")
	for _, want := range []string{`needs the option "minute"`, `needs the option "url"`} {
		if err == nil || !strings.Contains(output, want) {
			t.Errorf("%v: the plan does not say %q:\n%s", err, want, output)
		}
	}
}

func TestScaffoldOfNothing(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"several matches":  {args: []string{"schedule", "webhooks"}, code: exitFailure, want: `--trigger "Every Week"`},
		"no match":         {args: []string{"schedule", "stripe"}, code: exitFailure, want: "but there are some with"},
		"a wrong account":  {args: []string{"stripe", "zendesk", "--account", "Strip live"}, code: exitFailure, want: `did you mean "Stripe live" of Stripe`},
		"an event for one": {args: []string{"x", "--action", "y"}, code: exitUsage, want: "--action"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := b.run(append([]string{"scaffold"}, test.args...)...)
			b.fails(r, test.code, test.want)
			if r.out != "" {
				t.Errorf("printed %q", r.out)
			}
		})
	}
}

// A person without an account of the app learns how to connect one.
func TestScaffoldWithoutAnAccount(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for _, account := range b.env.Sim.Accounts() {
		b.env.Sim.RemoveAccount(account.ID)
	}
	r := b.must("scaffold", "stripe", "zendesk")
	if !strings.Contains(r.out, "# No account of Stripe is connected yet: `appypie accounts connect \"Stripe\"` connects one.\n") {
		t.Errorf("written:\n%s", r.out)
	}
}

// An account that has expired is taken only where there is no other.
func TestScaffoldTakesAnAccountThatWorks(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	app, _ := b.app("Stripe")
	for _, account := range b.env.Sim.Accounts() {
		if account.AppID == app && account.Name == "Stripe live" {
			b.env.Sim.SetAccountStatus(account.ID, simulator.AccountExpired)
		}
	}
	r := b.must("scaffold", "stripe", "zendesk")
	if !strings.Contains(r.out, `name   = "Stripe test"`) || !strings.Contains(r.out, "# Also connected: Stripe live.") {
		t.Errorf("written:\n%s", r.out)
	}
}
