package connect_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// hourly is a connect that needs no account.
func hourly(t *testing.T, env *acctest.Env, changes map[string]any) map[string]any {
	t.Helper()
	return with(map[string]any{
		"name": "Hourly", "popular_match_id": env.MatchID(t, acctest.ScheduleToWebhook), "enabled": true,
		"trigger": map[string]any{"options": map[string]any{"minute": "15"}},
		"actions": []any{map[string]any{"options": map[string]any{"url": "https://example.com/hook"}}},
	}, changes)
}

func minute(m string) map[string]any {
	return map[string]any{"options": map[string]any{"minute": m}}
}

// failOn has the next request of an operation fail before it does anything.
func failOn(env *acctest.Env, operation string) {
	env.Sim.AddFault(simulator.Fault{Operation: operation, Kind: simulator.FaultStatus})
}
