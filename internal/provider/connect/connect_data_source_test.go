package connect_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

const (
	webhookMatch = "Post new Typeform entries to a webhook"
	// twoActionMatch has a second action.
	twoActionMatch = "Add new Typeform entries to Mailchimp and tell Slack"
	// absentID has the form of an id, and nothing has it.
	absentID = "000000000000000000000000"
)

func dataEnv(t *testing.T, configure ...func(*simulator.Config)) *acctest.Env {
	t.Helper()
	options := make([]acctest.Option, len(configure))
	for i := range configure {
		options[i] = acctest.WithSimulator(configure[i])
	}

	env := acctest.New(t, options...)
	env.NeedsSimulator(t, "the test makes connects as a person would")
	return env
}

// webMade makes a connect as a person in the web editor does.
func webMade(t *testing.T, env *acctest.Env, title, name string) simulator.Connect {
	t.Helper()
	matches := env.Sim.Catalog().Matches()
	i := slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == title })
	if i < 0 {
		t.Fatalf("the simulated catalog has no popular match %q", title)
	}
	return env.Sim.CreateConnect(matches[i].ID, name)
}

func edited(t *testing.T, env *acctest.Env, id string, change func(*simulator.Connect)) simulator.Connect {
	t.Helper()
	if err := env.Sim.Edit(id, change); err != nil {
		t.Fatalf("edit connect %s: %v", id, err)
	}
	connect, _ := env.Sim.Connect(id)
	return connect
}

// stepAttributes are those of a step without options.
func stepAttributes(s simulator.Step, event string) map[string]any {
	attributes := map[string]any{"step_id": s.StepID, "app_id": s.AppID, event: s.EventID, "account_id": nil, "options": map[string]any{}}
	if s.AccountID != "" {
		attributes["account_id"] = s.AccountID
	}
	return attributes
}

func dataAttributes(env *acctest.Env, c simulator.Connect) map[string]any {
	const milliseconds = "2006-01-02T15:04:05.000Z07:00"
	actions := make([]any, len(c.Actions))
	for i, action := range c.Actions {
		actions[i] = stepAttributes(action, "action_id")
	}
	return map[string]any{
		"id": c.ID, "name": c.Name, "popular_match_id": c.PopularMatchID, "enabled": c.Status == simulator.StatusOn, "status": statusWord(env, c.Status),
		"trigger": stepAttributes(c.Trigger, "trigger_id"), "actions": actions,
		"created_at": c.CreatedAt.UTC().Format(milliseconds), "updated_at": c.UpdatedAt.UTC().Format(milliseconds),
	}
}

func TestConnectDataSource(t *testing.T) {
	t.Parallel()

	// Pages of two put the connects of this test on several.
	env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 2 })
	first := webMade(t, env, webhookMatch, "Typeform to our server")
	twins := []simulator.Connect{webMade(t, env, webhookMatch, "Twin"), webMade(t, env, webhookMatch, "Twin")}
	last := webMade(t, env, twoActionMatch, "New subscribers")
	last = edited(t, env, last.ID, func(c *simulator.Connect) {
		c.Status = simulator.StatusOn
		c.Trigger.AccountID = absentID
	})

	tests := map[string]acctest.DataCase{
		"by id on the first page": {Config: map[string]any{"id": first.ID}, Want: dataAttributes(env, first)},
		"by id on the last page":  {Config: map[string]any{"id": last.ID}, Want: dataAttributes(env, last)},
		"by name":                 {Config: map[string]any{"name": "New subscribers"}, Want: dataAttributes(env, last)},
		"a name that two have": {
			Config: map[string]any{"name": "Twin"}, Summary: "More than one found", Path: "name", Details: []string{twins[0].ID, twins[1].ID},
		},
		"a name in another case": {
			Config: map[string]any{"name": "new subscribers"}, Summary: "Nothing found", Path: "name", Details: []string{`Did you mean "New subscribers"?`},
		},
		"an unknown id":    {Config: map[string]any{"id": absentID}, Summary: "Cannot read the connect", Path: "id", Details: []string{absentID, "Check the id or the name"}},
		"a malformed id":   {Config: map[string]any{"id": "New subscribers"}, Summary: "Invalid Attribute Value Match", Path: "id"},
		"an empty name":    {Config: map[string]any{"name": ""}, Summary: "Invalid Attribute Value Length", Path: "name"},
		"nothing to find":  {Summary: "Missing Attribute Configuration"},
		"two ways to find": {Config: map[string]any{"id": first.ID, "name": "Twin"}, Summary: "Invalid Attribute Combination", Path: "id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_connect"
			test.Run(t, env)
		})
	}
}

func TestConnectDataSourceShowsNoSecret(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := dataEnv(t, func(c *simulator.Config) { c.Masking = masking })
			connect := edited(t, env, webMade(t, env, webhookMatch, "Signed").ID, func(c *simulator.Connect) {
				c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "signing_secret": "s3cr3t-4711"}
			})

			want := stepAttributes(connect.Actions[0], "action_id")
			want["options"] = map[string]any{"url": "https://example.com/hook"}
			acctest.DataCase{Type: "appypie_connect", Config: map[string]any{"id": connect.ID}, Want: map[string]any{"actions": []any{want}}}.Run(t, env)
		})
	}
}

// Half a listing must not look like the whole.
func TestConnectsDataSourceSurfacesAFaultOnALaterPage(t *testing.T) {
	t.Parallel()
	env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 1 })
	webMade(t, env, webhookMatch, "One")
	webMade(t, env, webhookMatch, "Two")
	for typeName, config := range map[string]map[string]any{"appypie_connects": nil, "appypie_connect": {"name": "One"}} {
		env.Sim.ClearFaults()
		env.Sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Skip: 1})
		acctest.DataCase{Type: typeName, Config: config, Summary: "Cannot list the connects", Details: []string{refusedWith(env, http.StatusForbidden)}}.Run(t, env)
	}
}

func TestConnectsDataSource(t *testing.T) {
	t.Parallel()
	env := dataEnv(t, func(c *simulator.Config) { c.PageLimit = 2 })
	webhook := webMade(t, env, webhookMatch, "Typeform to our server")
	paused := webMade(t, env, twoActionMatch, "Subscribers")
	live := edited(t, env, webMade(t, env, twoActionMatch, "New subscribers").ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn })
	slack := live.Actions[1].AppID
	whole := func(connects ...simulator.Connect) map[string]any {
		list := make([]any, len(connects))
		for i, connect := range connects {
			list[i] = dataAttributes(env, connect)
		}
		return map[string]any{"connects": list}
	}

	tests := map[string]acctest.DataCase{
		"all, oldest first":      {Want: whole(webhook, paused, live)},
		"by name":                {Config: map[string]any{"name": "Subscribers"}, Want: whole(paused)},
		"by text":                {Config: map[string]any{"text": "SUBSCRIBERS"}, Want: whole(paused, live)},
		"that are on":            {Config: map[string]any{"enabled": true}, Want: whole(live)},
		"that are off":           {Config: map[string]any{"enabled": false}, Want: whole(webhook, paused)},
		"by popular match":       {Config: map[string]any{"popular_match_id": webhook.PopularMatchID}, Want: whole(webhook)},
		"by app":                 {Config: map[string]any{"app_id": slack}, Want: whole(paused, live)},
		"by app and state":       {Config: map[string]any{"app_id": slack, "enabled": false}, Want: whole(paused)},
		"none":                   {Config: map[string]any{"app_id": slack, "name": webhook.Name}, Want: whole()},
		"a malformed app id":     {Config: map[string]any{"app_id": "Slack!"}, Summary: "Invalid Attribute Value Match", Path: "app_id"},
		"a malformed match id":   {Config: map[string]any{"popular_match_id": "a b"}, Summary: "Invalid Attribute Value Match", Path: "popular_match_id"},
		"an empty name to match": {Config: map[string]any{"name": ""}, Summary: "Invalid Attribute Value Length", Path: "name"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_connects"
			test.Run(t, env)
		})
	}
}
