package connect_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// sequenceCount is how many sequences a test run makes over all services;
// APPYPIE_SEQUENCES asks for more, as before a release: 2000.
const sequenceCount = 120

// sequencesAService is how many of them one service goes through.
const sequencesAService = 30

// services vary what is unknown of the real one.
func services() map[string]func(*simulator.Config) {
	return map[string]func(*simulator.Config){
		"mask, replace": func(*simulator.Config) {},
		"omit, merge, other forms": func(c *simulator.Config) {
			c.Masking, c.EditMode, c.Stored = simulator.MaskingOmit, simulator.EditMerge, simulator.Normalize
		},
		"echo, off to edit": func(c *simulator.Config) {
			c.Masking, c.RequireOffToEdit, c.MaskWrites = simulator.MaskingEcho, true, simulator.MaskWritesStore
		},
		"mask, off to edit, test to turn on, other forms": func(c *simulator.Config) {
			strict(c)
			c.Stored = simulator.Normalize
		},
	}
}

// TestSequences drives plans and applies through the protocol: whatever people
// and Terraform do to a connect in whatever order, after a successful apply the
// plan is empty, the service has what is declared, nothing else changed, a connect
// that is wanted on is on, and none went off for a change that writes nothing.
func TestSequences(t *testing.T) {
	t.Parallel()
	count := sequenceCount
	if wanted, err := strconv.Atoi(os.Getenv("APPYPIE_SEQUENCES")); err == nil {
		count = wanted
	}
	if given := flag.Lookup("rapid.checks"); given.Value.String() == given.DefValue {
		if err := given.Value.Set(strconv.Itoa(sequencesAService)); err != nil {
			t.Fatal(err)
		}
	}
	for name, configure := range services() {
		// A service ends after some sequences, because each call of a driver is a
		// process of its own and leaves a connection open.
		for block := range (count + sequencesAService*len(services()) - 1) / (sequencesAService * len(services())) {
			t.Run(fmt.Sprintf("%s/%d", name, block), func(t *testing.T) {
				t.Parallel()
				var cfg simulator.Config
				configure(&cfg)
				env := acctest.New(t, acctest.WithSimulator(configure), acctest.WithSimulator(func(c *simulator.Config) { c.JournalLimit = 2000 }))
				driver := env.DriverWith(t, map[string]any{
					"access_token": env.Sim.IssueAccessToken(), "client_id": nil, "client_secret": nil, "refresh_token": nil, "max_retries": 0,
				})
				rapid.Check(t, func(r *rapid.T) {
					s := newSequence(t, r, env, driver, cfg)
					defer s.end()
					s.run()
				})
			})
		}
	}
}

// sequence is one connect, what is declared of it, and what was done.
type sequence struct {
	t      *testing.T
	r      *rapid.T
	env    *acctest.Env
	driver *acctest.Driver
	cfg    simulator.Config

	four     bool
	declared declared
	held     map[string]*acctest.Resource
	log      []string
	done     bool
	// position is where the switch was when the last apply had succeeded, or where
	// a person moved it since.
	position string
	failed   bool
}

// declared is what the configuration says.
type declared struct {
	name              string
	enabled           any
	runTest           bool
	account           any
	trigger, action   map[string]any
	secret            string
	version           int
	matchID, account0 string
}

func newSequence(t *testing.T, r *rapid.T, env *acctest.Env, driver *acctest.Driver, cfg simulator.Config) *sequence {
	t.Helper()
	s := &sequence{t: t, r: r, env: env, driver: driver, cfg: cfg, held: map[string]*acctest.Resource{}}
	account := env.AccountID(t, "Typeform")
	s.declared = declared{
		name: "Leads", enabled: true, account: account, account0: account, runTest: cfg.RequireTestToTurnOn,
		trigger: map[string]any{"form": "Contact"}, action: map[string]any{"url": "https://example.com/a"},
		secret: "a-signing-secret", version: 1, matchID: env.MatchID(t, acctest.TypeformToWebhook),
	}
	s.four = rapid.Bool().Draw(r, "four")
	return s
}

func (s *sequence) end() {
	s.env.Sim.ClearFaults()
	for _, connect := range s.env.Sim.Connects() {
		s.env.Sim.DeleteConnect(connect.ID)
	}
	// The driver ends the test by itself where the protocol is broken.
	if !s.done && !s.failed {
		s.t.Logf("the sequence was: %s", strings.Join(s.log, "; "))
	}
}

func (s *sequence) say(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

func (s *sequence) fail(format string, args ...any) {
	s.r.Helper()
	s.failed = true
	s.r.Fatalf("%s\nafter: %s\nservice: %+v", fmt.Sprintf(format, args...), strings.Join(s.log, "; "), s.env.Sim.Connects())
}

func (s *sequence) run() {
	s.converge()
	operations := []func(){
		s.edit, s.edit, s.dropKey, s.rename, s.flip, s.breakOne, s.breakOne, s.importAll, s.unmanage, s.replace,
		s.move, s.personFlips, s.personEdits, s.personAdds, s.personRenames, s.newSecret,
	}
	for range rapid.IntRange(1, 7).Draw(s.r, "length") {
		operations[rapid.IntRange(0, len(operations)-1).Draw(s.r, "operation")]()
		s.converge()
	}
	s.done = true
}

func (s *sequence) pick(label string, values ...string) string {
	return rapid.SampledFrom(values).Draw(s.r, label)
}

func (s *sequence) edit() {
	switch s.pick("part", "form", "url", "body", "method") {
	case "form":
		s.declared.trigger["form"] = s.pick("form", "Contact", "Survey", "Order")
	case "url":
		s.declared.action["url"] = s.pick("url", "https://example.com/a", "https://example.com/b")
	case "method":
		s.declared.action["method"] = s.pick("method", "POST", "PUT")
	default:
		s.declared.action["body"] = s.pick("body", `{ "b": 1, "a": [1, 2] }`, "{}", "text\n", "a\r\nb", "1.50", "", "plain")
	}
	s.say("edit %v %v", s.declared.trigger, s.declared.action)
}

func (s *sequence) dropKey() {
	key := s.pick("key", "body", "method")
	if rapid.Bool().Draw(s.r, "null") {
		s.declared.action[key] = nil
	} else {
		delete(s.declared.action, key)
	}
	s.say("drop %s: %v", key, s.declared.action)
}

func (s *sequence) rename() {
	s.declared.name = s.pick("name", "Leads", "Leads ", "Other")
	s.say("rename %q", s.declared.name)
}

func (s *sequence) flip() {
	s.declared.enabled = rapid.SampledFrom([]any{true, false, nil}).Draw(s.r, "enabled")
	if s.four && s.declared.enabled == nil {
		s.declared.enabled = true
	}
	s.say("enabled = %v", s.declared.enabled)
}

func (s *sequence) unmanage() {
	if s.declared.account == nil {
		s.declared.account = s.declared.account0
	} else {
		s.declared.account = nil
	}
	s.say("account_id = %v", s.declared.account)
}

func (s *sequence) newSecret() {
	s.declared.version++
	s.declared.secret = fmt.Sprintf("a-signing-secret-%d", s.declared.version)
	s.say("secret %d", s.declared.version)
}

// breakOne edits, and has one call of the apply fail.
func (s *sequence) breakOne() {
	s.edit()
	operation := s.pick("failing", "edit_trigger_options", "edit_action_options", "turn_on_connect", "turn_off_connect", "run_test", "update_connect_name", "list_connects")
	kind := rapid.SampledFrom([]simulator.FaultKind{simulator.FaultStatus, simulator.FaultHTML, simulator.FaultResetAfterCommit}).Draw(s.r, "kind")
	s.env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: kind})
	s.say("break %s by %s", operation, kind)
	failed := s.apply()
	s.env.Sim.ClearFaults()
	s.say("it failed: %t", failed)
	for name, resource := range s.held {
		if resource.Tainted && name == connectType && rapid.Bool().Draw(s.r, "untaint") {
			s.held[name] = untainted(resource)
			s.say("untaint")
		}
	}
}

func (s *sequence) replace() {
	if made := s.held[connectType]; made != nil && made.Exists() {
		again := *made
		again.Tainted = true
		s.held[connectType] = &again
		// A new connect needs an account.
		s.declared.account = s.declared.account0
		s.say("replace")
	}
}

// importAll forgets everything and imports it.
func (s *sequence) importAll() {
	id := s.id()
	s.held = map[string]*acctest.Resource{}
	s.adopt(connectType, map[bool]string{true: "bare/" + id, false: id}[s.four])
	if s.four {
		s.adoptParts(id)
	}
	s.say("import")
}

func (s *sequence) adoptParts(id string) {
	s.adopt("appypie_trigger_options", id)
	s.adopt("appypie_action_options", id)
	s.adopt("appypie_connect_activation", id)
}

func (s *sequence) adopt(typeName, id string) {
	imported, diags := s.driver.Import(s.t.Context(), typeName, id)
	if diags.HasError() {
		s.fail("import of %s: %s", typeName, diags)
	}
	s.held[typeName] = imported
}

// move changes the form: what leaves does so without a change in the service.
func (s *sequence) move() {
	id := s.id()
	if s.four = !s.four; s.four {
		if s.declared.enabled == nil {
			s.declared.enabled = sole2(s).Status == simulator.StatusOn
		}
		s.adoptParts(id)
	} else {
		for name := range s.held {
			if name != connectType {
				delete(s.held, name)
			}
		}
	}
	s.say("move, four: %t", s.four)
}

func (s *sequence) person(change func(*simulator.Connect)) {
	if err := s.env.Sim.Edit(s.id(), change); err != nil {
		s.fail("%v", err)
	}
}

func (s *sequence) personFlips() {
	s.person(func(c *simulator.Connect) {
		c.Status = map[string]string{simulator.StatusOn: simulator.StatusOff, simulator.StatusOff: simulator.StatusOn}[c.Status]
		s.position = c.Status
		s.say("a person turns it %s", c.Status)
	})
}

func (s *sequence) personEdits() {
	form := s.pick("person's form", "Contact", "Survey", "Person")
	s.person(func(c *simulator.Connect) { c.Trigger.Options["form"] = form })
	s.say("a person sets form = %s", form)
}

func (s *sequence) personAdds() {
	s.person(func(c *simulator.Connect) {
		c.Trigger.Options["note"], c.Actions[0].Options["body"] = "by hand", "by hand"
	})
	s.say("a person adds options")
}

func (s *sequence) personRenames() {
	s.person(func(c *simulator.Connect) { c.Name = "By hand" })
	s.say("a person renames")
}

func (s *sequence) id() string { return s.held[connectType].ID() }

func sole2(s *sequence) simulator.Connect {
	connects := s.env.Sim.Connects()
	if len(connects) != 1 {
		s.fail("the service holds %d connects", len(connects))
	}
	return connects[0]
}

// configs are the resources of the form, in the order of their dependencies.
func (s *sequence) configs() ([]string, func(string) map[string]any) {
	d := s.declared
	trigger := map[string]any{"account_id": d.account, "options": maps.Clone(d.trigger)}
	action := map[string]any{"options": maps.Clone(d.action), "secrets_wo": map[string]any{"signing_secret": d.secret}}
	names := []string{connectType}
	if s.four {
		names = append(names, "appypie_trigger_options", "appypie_action_options", "appypie_connect_activation")
	}
	return names, func(name string) map[string]any {
		switch name {
		case connectType:
			config := map[string]any{"name": d.name, "popular_match_id": d.matchID}
			if !s.four {
				config["enabled"], config["run_test"], config["trigger"], config["actions"] = d.enabled, d.runTest, trigger, []any{action}
				config["secrets_wo_version"] = d.version
			}
			return config
		case "appypie_trigger_options":
			return with(trigger, map[string]any{"connect_id": s.id()})
		case "appypie_action_options":
			return with(action, map[string]any{"connect_id": s.id(), "secrets_wo_version": d.version})
		default:
			return map[string]any{"connect_id": s.id(), "enabled": d.enabled, "run_test": d.runTest, "revisions": []any{
				s.held["appypie_trigger_options"].Get("revision"), s.held["appypie_action_options"].Get("revision"),
			}}
		}
	}
}

// apply is one terraform apply, which ends at the first failure.
func (s *sequence) apply() (failed bool) {
	names, config := s.configs()
	for _, name := range names {
		prior := s.held[name]
		if prior == nil {
			prior = s.driver.Absent(name)
		}
		after, diags := s.driver.Converge(s.t.Context(), prior, config(name))
		s.held[name] = after
		if diags.HasError() {
			detail, _, _ := strings.Cut(diags.Errors()[0].Detail, "\n")
			s.say("%s: %s: %s", name, diags.Errors()[0].Summary, detail)
			return true
		}
	}
	return false
}

// converge applies until it succeeds, and then checks what has to be true.
func (s *sequence) converge() {
	before := map[string]simulator.Connect{}
	for _, connect := range s.env.Sim.Connects() {
		before[connect.ID] = connect
	}
	managed := s.managedKeys()
	const attempts = 4
	for attempt := 1; ; attempt++ {
		s.env.ResetJournal()
		if !s.apply() {
			break
		}
		if attempt == attempts {
			s.fail("the apply fails %d times", attempts)
		}
		for name, resource := range s.held {
			if name == connectType && resource.Tainted {
				s.say("replaced, because it is tainted")
			}
		}
	}
	writes := s.env.Writes()
	s.say("writes %v", writes)
	s.checkPlan()
	connect := sole2(s)
	s.checkDeclared(connect)
	if was, ok := before[connect.ID]; ok {
		s.checkUndeclared(was, connect, managed)
		s.checkSwitch(connect, writes)
	} else if s.declared.enabled == nil && connect.Status != simulator.StatusOff {
		s.fail("a new connect is %s", connect.Status)
	}
	s.position = connect.Status
}

// managedKeys are the options of both steps that the state manages.
func (s *sequence) managedKeys() map[string]bool {
	keys := map[string]bool{}
	add := func(r *acctest.Resource, step string, path ...string) {
		if r == nil || !r.Exists() {
			return
		}
		values, _ := r.Get(path...).(map[string]any)
		for key, value := range values {
			if value != nil {
				keys[step+key] = true
			}
		}
	}
	add(s.held[connectType], "trigger.", "trigger", "options")
	add(s.held[connectType], "action.", "actions", "0", "options")
	add(s.held["appypie_trigger_options"], "trigger.", "options")
	add(s.held["appypie_action_options"], "action.", "options")
	return keys
}

func (s *sequence) checkPlan() {
	names, config := s.configs()
	for _, name := range names {
		current, diags := s.driver.Read(s.t.Context(), s.held[name])
		if diags.HasError() {
			s.fail("refresh of %s: %s", name, diags)
		}
		plan, diags := s.driver.Plan(s.t.Context(), current, config(name))
		if diags.HasError() {
			s.fail("plan of %s: %s", name, diags)
		}
		if plan.Action != acctest.NoOp || len(diags) > 0 {
			s.fail("the plan of %s is %s\nfrom %v\nto   %v\n%s", name, plan.Action, current.Attributes, plan.Attributes, diags)
		}
	}
}

func (s *sequence) stored(value any) string {
	text, _ := value.(string)
	if s.cfg.Stored != nil {
		return s.cfg.Stored(text)
	}
	return text
}

func (s *sequence) checkDeclared(c simulator.Connect) {
	if want := s.stored(s.declared.name); c.Name != want {
		s.fail("the name is %q, want %q", c.Name, want)
	}
	for where, step := range map[string]struct {
		declared map[string]any
		has      simulator.Step
	}{"trigger": {s.declared.trigger, c.Trigger}, "action": {s.declared.action, c.Actions[0]}} {
		for key, value := range step.declared {
			if want := s.stored(value); value != nil && step.has.Options[key] != want {
				s.fail("%s: %s is %q, want %q", where, key, step.has.Options[key], want)
			}
		}
	}
	if s.declared.account != nil && c.Trigger.AccountID != s.declared.account {
		s.fail("the account is %q, want %v", c.Trigger.AccountID, s.declared.account)
	}
	if got := c.Actions[0].Options["signing_secret"]; got != s.declared.secret {
		s.fail("the secret is %q, want %q", got, s.declared.secret)
	}
}

func (s *sequence) checkUndeclared(was, is simulator.Connect, managed map[string]bool) {
	compare := func(where string, declared map[string]any, was, is map[string]string) {
		for key := range maps.Keys(union2(was, is)) {
			value, mentioned := declared[key]
			switch {
			case key == "signing_secret", mentioned && value != nil:
			case !mentioned && managed[where+key]:
				if is[key] != "" {
					s.fail("%s%s was managed and is no longer, and is still %q", where, key, is[key])
				}
			case was[key] != is[key]:
				s.fail("%s%s, which nobody declares, was %q and is %q", where, key, was[key], is[key])
			}
		}
	}
	compare("trigger.", s.declared.trigger, was.Trigger.Options, is.Trigger.Options)
	compare("action.", s.declared.action, was.Actions[0].Options, is.Actions[0].Options)
	if s.declared.account == nil && was.Trigger.AccountID != is.Trigger.AccountID {
		s.fail("the account, which nobody declares, was %q and is %q", was.Trigger.AccountID, is.Trigger.AccountID)
	}
}

func (s *sequence) checkSwitch(is simulator.Connect, writes []string) {
	on := is.Status == simulator.StatusOn
	switch want := s.declared.enabled.(type) {
	case bool:
		if want != on {
			s.fail("the connect is %s, and enabled = %t", is.Status, want)
		}
	default:
		if is.Status != s.position {
			s.fail("nobody manages the switch, and the connect was %s and is %s", s.position, is.Status)
		}
	}
	off := slices.Index(writes, "turn_off_connect")
	if s.declared.enabled == false || off < 0 {
		return
	}
	if !slices.ContainsFunc(writes[off:], func(o string) bool { return o != "turn_off_connect" && o != "turn_on_connect" }) {
		s.fail("the connect went off for nothing: %v", writes)
	}
}

func union2(a, b map[string]string) map[string]string {
	both := maps.Clone(a)
	if both == nil {
		both = map[string]string{}
	}
	maps.Copy(both, b)
	return both
}
