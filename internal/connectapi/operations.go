// Package connectapi is the client of the Appy Pie Connect API. It knows the
// operations, their payloads and their errors, and nothing of Terraform.
//
// Most of the API's reference is not public. Each operation therefore carries
// a provenance, its method and path can be overridden, and answers are decoded
// leniently while requests are strict.
package connectapi

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// OperationName is the name of an operation: its operationId in
// api/openapi.yaml and its key in the provider's endpoints attribute.
type OperationName string

// The operations of the API, in the order of its reference.
const (
	GetProfile                 OperationName = "get_profile"
	ListCategories             OperationName = "list_categories"
	ListApps                   OperationName = "list_apps"
	GetApp                     OperationName = "get_app"
	ConnectAccount             OperationName = "connect_account"
	GetConnectedAccountByToken OperationName = "get_connected_account_by_token"
	ListConnectedAccounts      OperationName = "list_connected_accounts"
	ListPopularMatches         OperationName = "list_popular_matches"
	GetPopularMatch            OperationName = "get_popular_match"
	ListTriggers               OperationName = "list_triggers"
	GetTrigger                 OperationName = "get_trigger"
	ListActions                OperationName = "list_actions"
	GetAction                  OperationName = "get_action"
	CreateConnect              OperationName = "create_connect"
	ListDropdownOptions        OperationName = "list_dropdown_options"
	EditTriggerOptions         OperationName = "edit_trigger_options"
	EditActionOptions          OperationName = "edit_action_options"
	RunTest                    OperationName = "run_test"
	TurnOnConnect              OperationName = "turn_on_connect"
	TurnOffConnect             OperationName = "turn_off_connect"
	UpdateConnectName          OperationName = "update_connect_name"
	GetConnectHistory          OperationName = "get_connect_history"
	ListConnects               OperationName = "list_connects"
	DeleteConnect              OperationName = "delete_connect"
)

// Operation is one entry of the operations table.
type Operation struct {
	Name   OperationName
	Method string
	// Path is below the API base; placeholders stand in braces.
	Path string
	// Page is the slug of the public reference page that documents the
	// operation. It is empty where only the operation's title is public, so
	// that method, path and shapes are assumptions.
	Page   string
	Effect Effect
}

// Effect says what may be repeated. It is ours, not the service's: no override
// of method or path changes it.
type Effect int

const (
	// Reads changes nothing: it is repeated after 429, 500, 502, 503, 504, broken
	// answers and connection errors.
	Reads Effect = iota
	// Repeatable has the same outcome however often it is sent: it is repeated
	// after 429, 502, 503, 504 and connection errors.
	Repeatable
	// Once acts again with each repetition: creating, testing, asking for an
	// account link. It is repeated only when the service says that it did
	// nothing (429, or 503 with Retry-After) or when the request never left.
	Once
)

// Documented reports whether a public reference page states the operation.
func (o Operation) Documented() bool { return o.Page != "" }

// Assumed reports whether an operation exists whose method and path the public
// reference does not state.
func Assumed(name OperationName) bool {
	return slices.ContainsFunc(operationsTable(), func(op Operation) bool { return op.Name == name && !op.Documented() })
}

func operationsTable() []Operation {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	return []Operation{
		{GetProfile, get, "/me", "get-profile", Reads},
		{ListCategories, get, "/categories", "", Reads},
		{ListApps, get, "/apps", "", Reads},
		{GetApp, get, "/app/detail/{appId}", "", Reads},
		{ConnectAccount, post, "/connect-account/{authType}/{appId}/{seoLink}", "connect-account", Once},
		{GetConnectedAccountByToken, get, "/user-connected-account/by-token", "by-token", Reads},
		{ListConnectedAccounts, get, "/user-connected-accounts", "by-appid-or-accountid", Reads},
		{ListPopularMatches, get, "/popular-matches", "", Reads},
		{GetPopularMatch, get, "/popular-match/detail/{popularMatchId}", "", Reads},
		{ListTriggers, get, "/app/trigger/list/{appId}", "", Reads},
		{GetTrigger, get, "/app/trigger/detail/{triggerId}", "", Reads},
		{ListActions, get, "/app/action/list/{appId}", "", Reads},
		{GetAction, get, "/app/action/detail/{actionId}", "action-detail-by-id", Reads},
		{CreateConnect, post, "/connect/popular-match/{popularMatchId}", "", Once},
		{ListDropdownOptions, post, "/dropdown-options", "", Reads},
		{EditTriggerOptions, put, "/connect/trigger-options/{connectId}", "", Repeatable},
		{EditActionOptions, put, "/connect/action-options/{connectId}/{stepId}", "", Repeatable},
		{RunTest, post, "/connect/test/{connectId}", "", Once},
		{TurnOnConnect, put, "/connect/turn-on/{connectId}", "", Repeatable},
		{TurnOffConnect, put, "/connect/turn-off/{connectId}", "", Repeatable},
		{UpdateConnectName, put, "/connect/name/{connectId}", "", Repeatable},
		{GetConnectHistory, get, "/connect/history/{connectId}", "", Reads},
		{ListConnects, get, "/connects", "", Reads},
		{DeleteConnect, del, "/connect/{connectId}", "", Repeatable},
	}
}

// Operations returns the operations table with the given overrides applied.
// A key of overrides is an operation's name, a value "METHOD /path" with the
// same placeholders as the default path. The error names the key at fault; use
// errors.As with *EndpointError to find it.
func Operations(overrides map[string]string) ([]Operation, error) {
	table := operationsTable()

	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		i := slices.IndexFunc(table, func(op Operation) bool { return string(op.Name) == name })
		if i < 0 {
			return nil, &EndpointError{Operation: name, Reason: "there is no operation of that name; the operations are " + operationNames(table)}
		}

		op, err := table[i].override(overrides[name])
		if err != nil {
			return nil, err
		}

		table[i] = op
	}

	return table, nil
}

// EndpointError tells which endpoint override is wrong and why.
type EndpointError struct {
	Operation string
	Reason    string
}

// Error implements error.
func (e *EndpointError) Error() string {
	return fmt.Sprintf("endpoint override of %s: %s", e.Operation, e.Reason)
}

func (o Operation) override(value string) (Operation, error) {
	fail := func(format string, args ...any) (Operation, error) {
		return Operation{}, &EndpointError{Operation: string(o.Name), Reason: fmt.Sprintf(format, args...)}
	}

	method, path, found := strings.Cut(strings.TrimSpace(value), " ")
	path = strings.TrimSpace(path)

	if !found || !strings.HasPrefix(path, "/") {
		return fail("%q must have the form \"METHOD /path\", such as %q", value, o.Method+" "+o.Path)
	}

	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	if !slices.Contains(methods, method) {
		return fail("%q is not a method; use one of %s", method, strings.Join(methods, ", "))
	}

	if strings.ContainsAny(path, "?# ") {
		return fail("the path %q must not contain a query, a fragment or a space", path)
	}

	want, got := placeholders(o.Path), placeholders(path)
	if !slices.Equal(want, got) {
		return fail("the path %q must contain the placeholders %s, each once, and no others", path, placeholderText(want))
	}

	if strings.ContainsAny(placeholderPattern.ReplaceAllString(path, ""), "{}") {
		return fail("the path %q has a stray brace", path)
	}

	if _, err := url.Parse("https://host" + placeholderPattern.ReplaceAllString(path, "id")); err != nil {
		return fail("the path %q is not well encoded: %v", path, wire.Cause(err))
	}

	o.Method, o.Path = method, path

	return o, nil
}

var placeholderPattern = regexp.MustCompile(`\{[A-Za-z]+\}`)

// placeholders returns the sorted placeholders of a path template.
func placeholders(path string) []string {
	found := placeholderPattern.FindAllString(path, -1)
	slices.Sort(found)

	return found
}

func placeholderText(names []string) string {
	if len(names) == 0 {
		return "(none)"
	}

	return strings.Join(names, ", ")
}

func operationNames(table []Operation) string {
	names := make([]string, len(table))
	for i, op := range table {
		names[i] = string(op.Name)
	}

	return strings.Join(names, ", ")
}

// expand fills a path template. Every value is escaped as one path segment, so
// that an id can never reach another endpoint.
func (o Operation) expand(params map[string]string) (string, error) {
	var err error

	path := placeholderPattern.ReplaceAllStringFunc(o.Path, func(match string) string {
		name := strings.Trim(match, "{}")

		value := params[name]
		if value == "" || value == "." || value == ".." {
			err = fmt.Errorf("%s: %q is not a usable value for %s", o.Name, value, name)
		}

		return url.PathEscape(value)
	})

	return path, err
}
