package reliability_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// subject is one resource under test.
type subject struct {
	typeName string
	// stage puts into the service what the resource stands on.
	stage func(t *testing.T, env *acctest.Env) stage
	// contentOnly tells that the resource manages no switch.
	deletes bool
	// spoken is the dialect of the service; empty for that of all tests.
	spoken simulator.Dialect
}

// stage is a service with something to manage.
type stage struct {
	env *acctest.Env
	// connectID is the connect that the resource is about; empty when the
	// resource makes it.
	connectID string
	// first is the configuration that is created, second that of the update.
	first, second map[string]any
	importID      func(*acctest.Resource) string
}

// Secrets that a configuration holds; none may be in a state or an error.
const (
	firstSecret  = "canary-first-signature"
	secondSecret = "canary-second-signature"
)

func subjects() []subject {
	return []subject{
		{typeName: "appypie_connect", stage: stageConnect, deletes: true},
		{typeName: "appypie_trigger_options", stage: stageTrigger},
		{typeName: "appypie_action_options", stage: stageAction},
		{typeName: "appypie_connect_activation", stage: stageActivation},
	}
}

// stageConnect is the one-block form with a test, a secret and an option that
// looks like a number.
func stageConnect(t *testing.T, env *acctest.Env) stage {
	t.Helper()
	config := func(name, form, url, secret string, version int) map[string]any {
		return map[string]any{
			"name": name, "popular_match_id": env.MatchID(t, acctest.TypeformToWebhook), "enabled": true, "run_test": true,
			"trigger": map[string]any{"account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": form}},
			"actions": []any{map[string]any{
				"options":    map[string]any{"url": url},
				"secrets_wo": map[string]any{"signing_secret": secret},
			}},
			"secrets_wo_version": version,
		}
	}
	return stage{
		env:      env,
		first:    config("Entries", "2026", "https://example.com/a", firstSecret, 1),
		second:   config("Entries of the year", "2027", "https://example.com/b", secondSecret, 2),
		importID: (*acctest.Resource).ID,
	}
}

// live makes a complete connect that is on, as a person would.
func live(t *testing.T, env *acctest.Env) simulator.Connect {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, acctest.TypeformToWebhook), "Entries")
	err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.AccountID = env.AccountID(t, "Typeform")
		c.Trigger.Options = map[string]string{"form": "2025"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/old"}
		c.Status = simulator.StatusOn
	})
	if err != nil {
		t.Fatal(err)
	}
	made, _ = env.Sim.Connect(made.ID)
	return made
}

func stageTrigger(t *testing.T, env *acctest.Env) stage {
	t.Helper()
	made := live(t, env)
	config := func(form string) map[string]any {
		return map[string]any{
			"connect_id": made.ID, "account_id": env.AccountID(t, "Typeform"), "options": map[string]any{"form": form},
		}
	}
	return stage{
		env: env, connectID: made.ID, first: config("2026"), second: config("2027"),
		importID: func(*acctest.Resource) string { return made.ID },
	}
}

func stageAction(t *testing.T, env *acctest.Env) stage {
	t.Helper()
	made := live(t, env)
	config := func(url, secret string, version int) map[string]any {
		return map[string]any{
			"connect_id": made.ID, "options": map[string]any{"url": url},
			"secrets_wo": map[string]any{"signing_secret": secret}, "secrets_wo_version": version,
		}
	}
	return stage{
		env: env, connectID: made.ID,
		first: config("https://example.com/a", firstSecret, 1), second: config("https://example.com/b", secondSecret, 2),
		importID: func(*acctest.Resource) string { return made.ID },
	}
}

func stageActivation(t *testing.T, env *acctest.Env) stage {
	t.Helper()
	made := live(t, env)
	if err := env.Sim.Edit(made.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOff }); err != nil {
		t.Fatal(err)
	}
	config := func(revision string) map[string]any {
		return map[string]any{"connect_id": made.ID, "run_test": true, "revisions": []any{revision}}
	}
	return stage{
		env: env, connectID: made.ID, first: config("1"), second: config("2"),
		importID: func(*acctest.Resource) string { return made.ID },
	}
}

// content is all of a connect that a user would miss, as text.
func content(c simulator.Connect) string {
	parts := []string{c.Name, c.Status}
	for _, step := range append([]simulator.Step{c.Trigger}, c.Actions...) {
		parts = append(parts, step.AccountID)
		for _, key := range slices.Sorted(maps.Keys(step.Options)) {
			parts = append(parts, fmt.Sprintf("%s=%s", key, step.Options[key]))
		}
	}
	return strings.Join(parts, " | ")
}

// world is what the service holds: the connects that the resource is not about,
// and those that it is or may be about.
type world struct {
	others []string
	ours   map[string]string // id to content
}

func look(env *acctest.Env) world {
	seen := world{ours: map[string]string{}}
	for _, c := range env.Sim.Connects() {
		if strings.HasPrefix(c.Name, otherPrefix) {
			seen.others = append(seen.others, content(c))
		} else {
			seen.ours[c.ID] = content(c)
		}
	}
	return seen
}

// contents is what is there of ours, without the ids.
func (w world) contents() []string { return slices.Sorted(maps.Values(w.ours)) }
