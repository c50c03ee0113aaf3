package account_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestConnectedAccount(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	hubspot := accountsOf(t, env, "HubSpot")
	trello := accountsOf(t, env, "Trello")[0]
	sales := hubspot[0]
	webhooks := app(t, env, "Webhooks").ID

	env.Sim.SetAccountStatus(trello.ID, simulator.AccountExpired)
	trello = accountsOf(t, env, "Trello")[0]

	tests := map[string]acctest.DataCase{
		"by id":                     {Config: map[string]any{"id": sales.ID}, Want: accountAttributes(sales)},
		"by app, expired":           {Config: map[string]any{"app_id": trello.AppID}, Want: accountAttributes(trello)},
		"by app and name":           {Config: map[string]any{"app_id": sales.AppID, "name": sales.Name}, Want: accountAttributes(sales)},
		"by app and a name's case":  {Config: map[string]any{"app_id": sales.AppID, "name": "SALES@example.com"}, Want: accountAttributes(sales)},
		"by app, the other account": {Config: map[string]any{"app_id": sales.AppID, "name": hubspot[1].Name}, Want: accountAttributes(hubspot[1])},
		"several of the app": {
			Config: map[string]any{"app_id": sales.AppID}, Summary: "More than one found", Path: "app_id",
			Details: []string{sales.Name, sales.ID, hubspot[1].Name, hubspot[1].ID},
		},
		"a name that is nearly right": {
			Config: map[string]any{"app_id": sales.AppID, "name": "sale@example.com"}, Summary: "Nothing found", Path: "name",
			Details: []string{"Did you mean", sales.Name},
		},
		"an app without accounts": {
			Config: map[string]any{"app_id": webhooks}, Summary: "No connected account", Path: "app_id", Details: []string{"in a browser", "needs no account"},
		},
		"an unknown id": {
			Config: map[string]any{"id": unknownID}, Summary: "Cannot read connected account " + unknownID, Path: "id", Details: []string{"Check the id or the name"},
		},
		"a malformed id":     {Config: map[string]any{"id": sales.Name}, Summary: "Invalid Attribute Value Match", Path: "id"},
		"a name alone":       {Config: map[string]any{"name": sales.Name}, Summary: "Missing Attribute Configuration"},
		"an id and an app":   {Config: map[string]any{"id": sales.ID, "app_id": sales.AppID}, Summary: "Invalid Attribute Combination", Path: "id"},
		"an id and a name":   {Config: map[string]any{"id": sales.ID, "name": sales.Name}, Summary: "Invalid Attribute Combination", Path: "id"},
		"a token and a name": {Config: map[string]any{"callback_token": "x", "name": "y"}, Summary: "Invalid Attribute Combination", Path: "callback_token"},
		"nothing to find":    {Summary: "Missing Attribute Configuration"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_connected_account"
			test.Run(t, env)
		})
	}
}

func TestConnectedAccountByCallbackToken(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.AutoAuthorize = true }))
	token := connectAccount(t, env, "Trello")

	accounts := accountsOf(t, env, "Trello")
	want := accountAttributes(accounts[len(accounts)-1])
	want["callback_token"] = nil
	acctest.DataCase{Type: "appypie_connected_account", Config: map[string]any{"callback_token": token}, Want: want}.Run(t, env)
}

func TestConnectedAccountKeepsAWrongTokenToItself(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	acctest.DataCase{
		Type: "appypie_connected_account", Config: map[string]any{"callback_token": "cb-wrong-token-4711"},
		Summary: "Cannot read the connected account of the callback token", Path: "callback_token",
		Details: []string{"GET /user-connected-account/by-token", "HTTP 404"}, NotDetail: "4711",
	}.Run(t, env)
}

func TestConnectedAccounts(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	hubspot := accountsOf(t, env, "HubSpot")

	all := make([]any, len(hubspot))
	for i, account := range hubspot {
		all[i] = accountAttributes(account)
	}
	tests := map[string]acctest.DataCase{
		"of an app":             {Config: map[string]any{"app_id": hubspot[0].AppID}, Want: map[string]any{"connected_accounts": all}},
		"of an app without any": {Config: map[string]any{"app_id": app(t, env, "Webhooks").ID}, Want: map[string]any{"connected_accounts": []any{}}},
		"of a malformed app id": {Config: map[string]any{"app_id": "HubSpot, Inc."}, Summary: "Invalid Attribute Value Match", Path: "app_id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.Type = "appypie_connected_accounts"
			test.Run(t, env)
		})
	}
}
