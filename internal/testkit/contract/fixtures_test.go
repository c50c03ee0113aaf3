package contract_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

const (
	root = "/api/v2/integrations"
	id   = "5f2b1c0d9e8a7b6c5d4e3f21"
	when = "2026-01-02T03:04:05.678Z"
)

// The objects as the contract writes them. ID and WHEN stand for values.
const (
	profileJSON  = `{"_id":"ID","name":"Ada","email":"ada@example.com","plan":"standard"}`
	categoryJSON = `{"_id":"ID","name":"CRM","seoLink":"crm"}`
	appJSON      = `{"_id":"ID","name":"Slack","seoLink":"slack","description":"","logo":"","authType":"O_AUTH_V2","categoryIds":["ID"]}`
	bareAppJSON  = `{"_id":"ID","name":"Webhooks","seoLink":"webhooks","description":"","logo":"","authType":null,"categoryIds":[]}`
	accountJSON  = `{"_id":"ID","appId":"ID","name":"Ada's Slack","status":"active","_created_at":"WHEN","_updated_at":"WHEN"}`
	matchJSON    = `{"_id":"ID","title":"A to B","trigger":{"appId":"ID","triggerId":"ID"},"actions":[{"appId":"ID","actionId":"ID"}]}`
	fieldJSON    = `{"key":"list","label":"List","type":"Select","required":true,"helpText":"","choices":[{"label":"A","value":"a"}],"dynamic":false,"dependsOn":[]}`
	eventJSON    = `{"_id":"ID","appId":"ID","name":"New Entry","description":"","fields":[` + fieldJSON + `]}`
	connectJSON  = `{"_id":"ID","name":"Leads","popularMatchId":"ID","status":"OFF",` +
		`"trigger":{"stepId":"ID","appId":"ID","triggerId":"ID","accountId":null,"options":{}},` +
		`"actions":[{"stepId":"ID","appId":"ID","actionId":"ID","accountId":"ID","options":{"email":"a@example.com","key":"****"}}],` +
		`"_created_at":"WHEN","_updated_at":"WHEN"}`
	testJSON = `{"steps":[{"stepId":"ID","status":"success","message":"","sampleData":[{"key":"column1","value":"x","label":"Name"}]},` +
		`{"stepId":"ID","status":"failed","message":"the account expired","sampleData":[]}]}`
	historyJSON = `{"_id":"ID","connectId":"ID","status":"success","message":"","startedAt":"WHEN","finishedAt":null,"tasks":1}`
)

func fill(text string) string {
	return strings.NewReplacer("ID", id, "WHEN", when).Replace(text)
}

func one(object string) string {
	return fill(`{"success":true,"data":` + object + `}`)
}

func page(objects ...string) string {
	return fill(`{"success":true,"data":[` + strings.Join(objects, ",") + `],"total":7,"page":1,"limit":100}`)
}

// exchange builds one that carries everything an operation below the API base
// needs; target is the path below the base with its query.
func exchange(tb testing.TB, method, target, body, answer string) contract.Exchange {
	tb.Helper()
	return hostExchange(tb, method, root+target, body, answer)
}

// hostExchange is exchange for a path below the root of the host.
func hostExchange(tb testing.TB, method, target, body, answer string) contract.Exchange {
	tb.Helper()
	u, err := url.Parse(target)
	if err != nil {
		tb.Fatal(err)
	}
	e := contract.Exchange{
		Method: method, Path: u.EscapedPath(), Query: u.Query(),
		RequestHeader:  http.Header{"Authorization": {"Bearer access"}},
		RequestBody:    []byte(fill(body)),
		Status:         http.StatusOK,
		ResponseHeader: http.Header{"X-Request-Id": {"req-1"}, "Content-Type": {"application/json; charset=utf-8"}},
		ResponseBody:   []byte(answer),
	}
	if body != "" {
		e.RequestHeader.Set("Content-Type", "application/json")
	}
	return e
}

// good is right exchanges of operations of every kind. That each operation of the
// document can be kept is shown by the simulator's walk.
func good(tb testing.TB) map[string]contract.Exchange {
	tb.Helper()
	authorize := hostExchange(tb, "GET",
		"/oAuth/authorize?client_id=c&redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fcb&response_type=code&scope=*&state=s&consent=ask", "", "")
	authorize.RequestHeader = http.Header{}
	authorize.Status = http.StatusFound
	authorize.ResponseHeader = http.Header{"X-Request-Id": {"r"}, "Location": {"http://localhost:9/cb?code=x&state=s"}}
	token := hostExchange(tb, "POST", "/v1/oauth2/token",
		`{"grant_type":"refresh_token","client_id":"c","client_secret":"s","refresh_token":"r"}`,
		`{"access_token":"a","refresh_token":"r2","expires_at":1642508535,"type":"bearer"}`)
	token.RequestHeader.Del("Authorization")
	key := hostExchange(tb, "POST", "/create-refresh-token?tokenKey=t&secretKey=s",
		`{"tokenKey":"t","secretKey":"s"}`, `{"status":"1","accessToken":"k"}`)
	key.RequestHeader.Del("Authorization")

	return map[string]contract.Exchange{
		"get_profile":     exchange(tb, "GET", "/me", "", one(profileJSON)),
		"list_categories": exchange(tb, "GET", "/categories?page=1&limit=100", "", page(categoryJSON)),
		"list_apps":       exchange(tb, "GET", "/apps?categoryId="+id, "", page(appJSON, bareAppJSON)),
		"get_app":         exchange(tb, "GET", "/app/detail/"+id, "", one(bareAppJSON)),
		"connect_account": exchange(tb, "POST", "/connect-account/O_AUTH_V2/"+id+"/slack",
			`{"appypie-partner-cb":"http://localhost:9/done"}`, one(`{"url":"https://connectcloud.appypie.com/x"}`)),
		"get_connected_account_by_token": exchange(tb, "GET", "/user-connected-account/by-token?t=abc", "", one(accountJSON)),
		"list_connected_accounts":        exchange(tb, "GET", "/user-connected-accounts?appId="+id, "", page(accountJSON)),
		"list_popular_matches":           exchange(tb, "GET", "/popular-matches?triggerAppId=a&actionAppId=b&page=2", "", page(matchJSON)),
		"get_popular_match":              exchange(tb, "GET", "/popular-match/detail/"+id, "", one(matchJSON)),
		"list_triggers":                  exchange(tb, "GET", "/app/trigger/list/"+id, "", page(eventJSON)),
		"get_trigger":                    exchange(tb, "GET", "/app/trigger/detail/"+id, "", one(eventJSON)),
		"list_actions":                   exchange(tb, "GET", "/app/action/list/"+id, "", page()),
		"get_action":                     exchange(tb, "GET", "/app/action/detail/"+id, "", one(eventJSON)),
		"create_connect":                 exchange(tb, "POST", "/connect/popular-match/"+id, `{"name":"Leads"}`, one(connectJSON)),
		"list_dropdown_options": exchange(tb, "POST", "/dropdown-options",
			`{"key":"list","accountId":null,"values":{"form":"f"},"connectId":"ID","stepId":"ID"}`,
			fill(`{"success":true,"data":[{"label":"A","value":"a"}]}`)),
		"edit_trigger_options": exchange(tb, "PUT", "/connect/trigger-options/"+id, `{"accountId":null,"options":{}}`, one(connectJSON)),
		"edit_action_options": exchange(tb, "PUT", "/connect/action-options/"+id+"/"+id,
			`{"accountId":"ID","options":{"email":"{{column2}}","gone":""}}`, one(connectJSON)),
		"run_test":            exchange(tb, "POST", "/connect/test/"+id, "", one(testJSON)),
		"turn_on_connect":     exchange(tb, "PUT", "/connect/turn-on/"+id, "", one(strings.Replace(connectJSON, `"OFF"`, `"ON"`, 1))),
		"turn_off_connect":    exchange(tb, "PUT", "/connect/turn-off/"+id, "", one(connectJSON)),
		"update_connect_name": exchange(tb, "PUT", "/connect/name/"+id, `{"name":"New"}`, one(connectJSON)),
		"get_connect_history": exchange(tb, "GET", "/connect/history/"+id, "", page(historyJSON)),
		"list_connects":       exchange(tb, "GET", "/connects?limit=1", "", page(connectJSON)),
		"delete_connect":      exchange(tb, "DELETE", "/connect/"+id, "", one(`{"_id":"ID"}`)),
		"authorize":           authorize,
		"create_token":        token,
		"create_platform_key": key,
	}
}
