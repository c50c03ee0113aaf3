package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// marked begins every secret of these tests.
const marked = "canary-of-the-export"

// oddNames are names of connects that configuration could trip over.
func oddNames() []string {
	return []string{
		"Leads", "Leads", "leads", "LEADS!", `quoted "name"`, `back\slash`, "${name}", "%{ if x }", "$${name}", "ünïcödé → 日本", "日本", "two\nlines", "2026",
		"  spaces  ", "# comment", "*/", "a\tb", "e\u0301 apart", "for", "EOT", "{{email}}", strings.Repeat("long ", 50),
	}
}

// oddValues are values of options that configuration could trip over.
func oddValues() []string {
	return []string{
		"plain", "", `"quoted"`, `back\slash`, "${interpolated}", "%{ if true }", "$${escaped}", "$$${more}", "%%{x}", "two\nlines", "ends in a newline\n",
		"carriage\r\nreturn", "EOT\nEOT_", "  indented\n    more", "ünïcödé → 日本 🎉", "{{email}}", `{"a":"${b}"}`, "a\tb", "# no comment", "trailing \nspace", "e\u0301", "\n", "50 %",
	}
}

// fillAccount makes connects of all kinds, as people and years leave them.
func fillAccount(b *bench, count int) {
	b.t.Helper()
	matches, accounts := b.env.Sim.Catalog().Matches(), map[string]string{}
	for _, account := range b.env.Sim.Accounts() {
		accounts[account.AppID] = account.ID
	}
	names, values := oddNames(), oddValues()
	for i := range count {
		made := b.env.Sim.CreateConnect(matches[i*7%len(matches)].ID, names[i%len(names)])
		if err := b.env.Sim.Edit(made.ID, func(c *simulator.Connect) {
			if i%3 == 0 {
				c.Status = simulator.StatusOn
			}
			if i%10 == 9 {
				return // Nobody has chosen anything.
			}
			fillStep(&c.Trigger, fieldsOf(b, c.Trigger), accounts, values, i)
			for n := range c.Actions {
				fillStep(&c.Actions[n], fieldsOf(b, c.Actions[n]), accounts, values, i+n)
			}
		}); err != nil {
			b.t.Fatal(err)
		}
	}
}

func fieldsOf(b *bench, step simulator.Step) []catalog.Field {
	if trigger, ok := b.env.Sim.Catalog().Trigger(step.EventID); ok {
		return trigger.Fields
	}
	action, _ := b.env.Sim.Catalog().Action(step.EventID)
	return action.Fields
}

func fillStep(step *simulator.Step, fields []catalog.Field, accounts map[string]string, values []string, i int) {
	step.AccountID = accounts[step.AppID]
	for n, field := range fields {
		switch {
		case field.Secret:
			step.SetOption(field.Key, fmt.Appendf(nil, "%q", marked+field.Key))
		case len(field.Choices) > 0:
			step.Options[field.Key] = field.Choices[0].Value
		default:
			step.Options[field.Key] = values[(i+n)%len(values)]
		}
	}
	switch i % 7 {
	case 0:
		step.Options["odd key ${x}"], step.Options["for"], step.Options[`"`] = "1", "2", "3"
	case 1:
		step.SetOption("typed", []byte(`{"n": 5, "b": [true, null]}`))
		step.SetOption("number", []byte("9007199254740993123"))
		step.SetOption("nothing", []byte("null"))
	case 2:
		step.Options["custom_api_key"] = marked
	}
}

// importsOnly plans and applies what was exported: it is imported, and nothing else
// happens.
func importsOnly(t *testing.T, tool *tfrun.Terraform, count int) {
	t.Helper()
	want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", count)
	output, err := tool.Plan(t.Context(), tfrun.PlanChanges)
	if err != nil || !strings.Contains(output, want) {
		if len(output) > 6000 {
			output = output[len(output)-6000:]
		}
		t.Fatalf("%v: the plan does not say %q:\n%s", err, want, output)
	}
	if output, err := tool.Apply(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if output, err := tool.Plan(t.Context(), tfrun.PlanEmpty); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// What is exported is imported as it is: odd names, texts, keys and types, connects
// of one name, and secrets in each of the ways in which a service may show them.
func TestExportsAreImportedWithoutAChange(t *testing.T) {
	t.Parallel()
	for masking, count := range map[simulator.Masking]int{simulator.MaskingMask: 200, simulator.MaskingEcho: 30, simulator.MaskingOmit: 30} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			if testing.Short() {
				count = 25
			}
			b := benchWith(t, func(cfg *simulator.Config) { cfg.Masking = masking })
			b.login("work")
			b.vars["APPYPIE_PROFILE"] = "work"
			fillAccount(b, count)
			tool := b.project(nil)
			r := b.must("export", "--all", "--dir", tool.Dir)
			b.silent(r)
			files, err := filepath.Glob(filepath.Join(tool.Dir, "*.tf"))
			if err != nil || len(files) < 5 || len(files) != strings.Count(r.out, "\n") {
				t.Errorf("%v: wrote %q and says %s", err, files, r.out)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil || strings.Contains(string(text), marked) {
					t.Errorf("%v: %s has a secret", err, file)
				}
			}
			before := b.env.Sim.Connects()
			terraform(t, tool, "init", "-input=false")
			terraform(t, tool, "fmt", "-check", "-diff")
			importsOnly(t, tool, count)
			for i, after := range b.env.Sim.Connects() {
				if !after.UpdatedAt.Equal(before[i].UpdatedAt) {
					t.Errorf("%s was written", after.Name)
				}
			}
		})
	}
}

// A service may hide what connects are made of: what it shows is exported.
func TestExportsOfWhatIsShown(t *testing.T) {
	t.Parallel()
	for _, quirk := range []simulator.Quirk{simulator.QuirkNullOptions, simulator.QuirkNoOptions, simulator.QuirkNoTrigger, simulator.QuirkDraft} {
		t.Run(string(quirk), func(t *testing.T) {
			t.Parallel()
			b := benchWith(t, func(cfg *simulator.Config) { cfg.Quirks = []simulator.Quirk{quirk} })
			b.login("work")
			b.vars["APPYPIE_PROFILE"] = "work"
			const count = 12
			fillAccount(b, count)
			b.must("connects")
			importsOnly(t, b.project(map[string]string{"main.tf": b.must("export", "--all").out}), count)
		})
	}
}

// A listing may say nothing of actions.
func TestExportWithoutActions(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	file := filepath.Join(t.TempDir(), "dialect.yaml")
	shape := "shapes:\n  connect: '{id: ._id, name, popularMatchId, status, createdAt: null, updatedAt: null, trigger: (.trigger | step), actions: null}'\n"
	if err := os.WriteFile(file, []byte(shape), 0o600); err != nil {
		t.Fatal(err)
	}
	importsOnly(t, b.project(map[string]string{"main.tf": b.must("export", "nightly", "--dialect", file).out}), 1)
}

// An export to standard output is one file that stands alone.
func TestExportOfOneConnect(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	id := b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Hourly heartbeat").ID
	b.fails(b.run("export", "Hourly heartbeat"), exitFailure, "2 connects are called")
	r := b.must("export", id, "nightly", "Nightly report")
	for _, want := range []string{
		`resource "appypie_connect" "hourly_heartbeat"`, `name  = "Schedule by Connect"`, "# Schedule by Connect: Every Hour → Webhooks: Send Webhook", `id = "` + id + `"`,
	} {
		if !strings.Contains(strings.ReplaceAll(r.out, "name = ", "name  = "), want) {
			t.Errorf("it lacks %s:\n%s", want, r.out)
		}
	}
	if n := strings.Count(r.out, "data \"appypie_popular_match\""); n != 1 {
		t.Errorf("the popular match is looked up %d times", n)
	}
	importsOnly(t, b.project(map[string]string{"main.tf": r.out}), 2)
}

// Secrets of an export can be given later, and are then written.
func TestSecretsOfAnExportAreVariables(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	made := b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.ScheduleToWebhook), "Signed")
	if err := b.env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options["minute"], c.Actions[0].Options["url"], c.Actions[0].Options["signing_secret"] = "15", "https://hooks.example.com/1", marked
	}); err != nil {
		t.Fatal(err)
	}
	text := b.must("export", "signed").out
	tool := b.project(map[string]string{"main.tf": text})
	importsOnly(t, tool, 1)

	changed := strings.Replace(text, "hooks.example.com/1", "hooks.example.com/2", 1)
	if err := os.WriteFile(filepath.Join(tool.Dir, "main.tf"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := tool.Run(t.Context(), "plan", "-input=false"); err == nil || !strings.Contains(output, "signing_secret") {
		t.Errorf("%v: a write without the secret is not refused:\n%s", err, output)
	}
	tool.Environment = append(tool.Environment, "TF_VAR_signed_signing_secret="+marked+"2")
	terraform(t, tool, "apply", "-auto-approve", "-input=false")
	after, _ := b.env.Sim.Connect(made.ID)
	if got := after.Actions[0].Options; got["signing_secret"] != marked+"2" || got["url"] != "https://hooks.example.com/2" {
		t.Errorf("the service has %v", got)
	}
}

// What cannot be found by a name any more keeps its id.
func TestExportOfWhatIsGone(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.TypeformToWebhook), "Demo requests")
	made := b.env.Sim.Connects()
	last := made[len(made)-1]
	accounts := b.env.Sim.Accounts()
	gone := accounts[slices.IndexFunc(accounts, func(a simulator.Account) bool { return a.AppID == last.Trigger.AppID })].ID
	if err := b.env.Sim.Edit(last.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID, c.PopularMatchID = gone, "ffffffffffffffffffffffff"
	}); err != nil {
		t.Fatal(err)
	}
	b.env.Sim.RemoveAccount(gone)
	r := b.must("export", "Demo requests")
	for _, want := range []string{`account_id = "` + gone + `"`, `popular_match_id = "ffffffffffffffffffffffff"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it lacks %s:\n%s", want, r.out)
		}
	}
	importsOnly(t, b.project(map[string]string{"main.tf": r.out}), 1)
}

// A folder may have configuration already: no file of it is touched, no label is
// used twice, and the provider is configured once.
func TestExportBesideOtherConfiguration(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	mine := b.must("export", "nightly").out
	tool := b.project(map[string]string{"mine.tf": mine})
	b.must("export", "hourly", "nightly", "--dir", tool.Dir)
	files, err := filepath.Glob(filepath.Join(tool.Dir, "*.tf"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v: files %q", err, files)
	}
	terraform(t, tool, "validate")

	r := b.run("export", "hourly", "--dir", tool.Dir)
	b.fails(r, exitFailure, "has connects_built_in_tools.tf, lookups.tf already, and nothing was written")
	if err := os.WriteFile(filepath.Join(tool.Dir, "broken.tf"), []byte("resource {"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.fails(b.run("export", "hourly", "--dir", tool.Dir), exitFailure, "cannot be read")
}

func TestExportLeavesOut(t *testing.T) {
	t.Parallel()
	b := benchWith(t, func(cfg *simulator.Config) { cfg.Quirks = []simulator.Quirk{simulator.QuirkOddStatus} })
	b.login("work")
	b.vars["APPYPIE_PROFILE"] = "work"
	id := b.env.MatchID(t, acctest.ScheduleToWebhook)
	b.env.Sim.CreateConnect(id, "Odd")
	b.env.Sim.CreateConnect(id, "Even")
	r := b.must("export", "--all")
	if !strings.Contains(r.notices, "Left out: ") || strings.Contains(r.out, "odd") || !strings.Contains(r.out, `"even"`) {
		t.Errorf("printed\n%s%s", r.out, r.notices)
	}
	b.fails(b.run("export", "Odd"), exitFailure, "HIBERNATING")
}

// A connect without a popular match would be replaced by whatever stood there.
func TestExportNeedsThePopularMatch(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	file := filepath.Join(t.TempDir(), "dialect.yaml")
	shape := "shapes:\n  connect: '{id: ._id, name, popularMatchId: null, status, createdAt: null, updatedAt: null, trigger: (.trigger | step), actions: [.actions[] | step]}'\n"
	if err := os.WriteFile(file, []byte(shape), 0o600); err != nil {
		t.Fatal(err)
	}
	r := b.run("export", "nightly", "--dialect", file)
	b.fails(r, exitFailure, "does not show the popular match")
	b.fails(r, exitFailure, "AP1615")
	b.fails(b.run("export", "--all", "--dialect", file), exitFailure, "there is no connect to export")
}

func TestExportOfNothing(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"nothing is named":     {code: exitUsage, want: "--all"},
		"a name beside all":    {args: []string{"nightly", "--all"}, code: exitUsage, want: "--all"},
		"a misspelled connect": {args: []string{"Nightly reprot"}, code: exitFailure, want: `did you mean "Nightly report"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := b.run(append([]string{"export"}, test.args...)...)
			b.fails(r, test.code, test.want)
			if r.out != "" {
				t.Errorf("printed %q", r.out)
			}
		})
	}
	empty := newBench(t)
	empty.login("default")
	empty.fails(empty.run("export", "--all"), exitFailure, "there is no connect")
}
