package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
)

// Names of the operations that more than the table speaks of.
const (
	opAuthorize         = "authorize"
	opCreateToken       = "create_token"
	opCreatePlatformKey = "create_platform_key"
	opCreateConnect     = "create_connect"
	opRunTest           = "run_test"
	opListConnects      = "list_connects"
	opClaimAccount      = "get_connected_account_by_token"
)

// pageParameter is the query parameter that listings have.
const pageParameter = "page"

// handlerFunc answers an operation while the service's lock is held.
type handlerFunc func(*Service, *call) (any, error)

// operation is one line of the contract: where an operation lives and what it takes.
type operation struct {
	id     string
	path   string // "METHOD /path/{placeholder}"
	query  []string
	body   []string // members of the body; nil takes no body
	handle handlerFunc
	auth   bool // lives at the root and judges its own credentials
}

// operations is the whole contract as this side of the wire sees it.
func operations() []operation {
	paged := []string{pageParameter, "limit"}
	with := func(names ...string) []string { return append(names, paged...) }
	return []operation{
		{id: opAuthorize, path: "GET /oAuth/authorize", handle: (*Service).authorize, auth: true},
		{id: opCreateToken, path: "POST /v1/oauth2/token", handle: (*Service).createToken, auth: true},
		{id: opCreatePlatformKey, path: "POST /create-refresh-token", handle: (*Service).createPlatformKey, auth: true},

		{id: "get_profile", path: "GET /me", handle: (*Service).getProfile},
		{id: "list_categories", path: "GET /categories", query: paged, handle: (*Service).listCategories},
		{id: "list_apps", path: "GET /apps", query: with("categoryId"), handle: (*Service).listApps},
		{id: "get_app", path: "GET /app/detail/{appId}", handle: (*Service).getApp},
		{id: "list_popular_matches", path: "GET /popular-matches", query: with("triggerAppId", "actionAppId"), handle: (*Service).listPopularMatches},
		{id: "get_popular_match", path: "GET /popular-match/detail/{popularMatchId}", handle: (*Service).getPopularMatch},
		{id: "list_triggers", path: "GET /app/trigger/list/{appId}", query: paged, handle: (*Service).listTriggers},
		{id: "get_trigger", path: "GET /app/trigger/detail/{triggerId}", handle: (*Service).getTrigger},
		{id: "list_actions", path: "GET /app/action/list/{appId}", query: paged, handle: (*Service).listActions},
		{id: "get_action", path: "GET /app/action/detail/{actionId}", handle: (*Service).getAction},
		{id: "list_dropdown_options", path: "POST /dropdown-options", body: dropdownMembers(), handle: (*Service).listDropdownOptions},

		{id: "connect_account", path: "POST /connect-account/{authType}/{appId}/{seoLink}", body: []string{callbackMember}, handle: (*Service).connectAccount},
		{id: opClaimAccount, path: "GET /user-connected-account/by-token", query: []string{"t"}, handle: (*Service).getConnectedAccountByToken},
		{id: "list_connected_accounts", path: "GET /user-connected-accounts", query: with("accountId", "appId"), handle: (*Service).listConnectedAccounts},

		{id: opCreateConnect, path: "POST /connect/popular-match/{popularMatchId}", body: []string{"name"}, handle: (*Service).createConnect},
		{id: "edit_trigger_options", path: "PUT /connect/trigger-options/{connectId}", body: []string{"accountId", "options"}, handle: (*Service).editTriggerOptions},
		{id: "edit_action_options", path: "PUT /connect/action-options/{connectId}/{stepId}", body: []string{"accountId", "options"}, handle: (*Service).editActionOptions},
		{id: opRunTest, path: "POST /connect/test/{connectId}", handle: (*Service).runTest},
		{id: "turn_on_connect", path: "PUT /connect/turn-on/{connectId}", handle: (*Service).turnOnConnect},
		{id: "turn_off_connect", path: "PUT /connect/turn-off/{connectId}", handle: (*Service).turnOffConnect},
		{id: "update_connect_name", path: "PUT /connect/name/{connectId}", body: []string{"name"}, handle: (*Service).updateConnectName},
		{id: "get_connect_history", path: "GET /connect/history/{connectId}", query: paged, handle: (*Service).getConnectHistory},
		{id: opListConnects, path: "GET /connects", query: paged, handle: (*Service).listConnects},
		{id: "delete_connect", path: "DELETE /connect/{connectId}", handle: (*Service).deleteConnect},
	}
}

// Operations returns the names of all operations in the contract's order.
func Operations() []string {
	var ids []string
	for _, op := range operations() {
		ids = append(ids, op.id)
	}
	return ids
}

// Paged reports whether an operation is a listing with pages.
func Paged(operation string) bool {
	for _, op := range operations() {
		if op.id == operation {
			return slices.Contains(op.query, pageParameter)
		}
	}
	return false
}

// route is an operation at the place where this service serves it.
type route struct {
	operation

	method   string
	segments []string // below the root; "{name}" is a placeholder
}

// compileRoutes places every operation, at its own path or at the replacement.
func compileRoutes(paths map[string]string) ([]*route, error) {
	var routes []*route
	var problems []error
	known := map[string]bool{}
	taken := map[string]string{}
	for _, op := range operations() {
		known[op.id] = true
		r, err := placeRoute(op, paths[op.id])
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if other, clash := taken[r.shape()]; clash {
			problems = append(problems, fmt.Errorf("%s and %s share one method and path", other, op.id))
		}
		taken[r.shape()] = op.id
		routes = append(routes, r)
	}
	for id := range paths {
		if !known[id] {
			problems = append(problems, fmt.Errorf("there is no operation %q", id))
		}
	}
	// A path spelled out wins over one with a placeholder in the same place.
	sort.SliceStable(routes, func(i, j int) bool { return routes[i].literals() > routes[j].literals() })
	return routes, errors.Join(problems...)
}

func placeRoute(op operation, replacement string) (*route, error) {
	where := op.path
	if replacement != "" {
		where = replacement
	}
	method, path, ok := strings.Cut(where, " ")
	if !ok || method == "" || method != strings.ToUpper(method) || !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?# ") {
		return nil, fmt.Errorf("%s: %q is not of the form %q", op.id, where, op.path)
	}
	want, have := placeholders(op.path), placeholders(path)
	if !slices.Equal(want, have) {
		return nil, fmt.Errorf("%s: %q must have the placeholders %v, each once", op.id, where, want)
	}
	if !op.auth {
		path = APIBase + path
	}
	return &route{operation: op, method: method, segments: strings.Split(strings.Trim(path, "/"), "/")}, nil
}

func placeholders(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if isPlaceholder(segment) {
			names = append(names, segment)
		}
	}
	slices.Sort(names)
	return names
}

func isPlaceholder(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// shape is what two routes must not share.
func (r *route) shape() string {
	shape := []string{r.method}
	for _, segment := range r.segments {
		if isPlaceholder(segment) {
			segment = "{}"
		}
		shape = append(shape, segment)
	}
	return strings.Join(shape, "/")
}

func (r *route) literals() int {
	n := 0
	for _, segment := range r.segments {
		if !isPlaceholder(segment) {
			n++
		}
	}
	return n
}

// match returns the values of the placeholders when the segments fit.
func (r *route) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range r.segments {
		switch {
		case isPlaceholder(want) && segments[i] != "":
			params[strings.Trim(want, "{}")] = segments[i]
		case want != segments[i]:
			return nil, false
		}
	}
	return params, true
}

// unescapeAll decodes the segments of a path.
func unescapeAll(segments []string) ([]string, error) {
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, badRequest("the path is not well encoded")
		}
		segments[i] = plain
	}
	return segments, nil
}

// find returns the route of a request. Without one the error is a 405 when
// another method would have fit, else a 404.
func (s *Service) find(r *http.Request) (*route, map[string]string, error) {
	segments, err := unescapeAll(strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/"))
	if err != nil {
		return nil, nil, err
	}
	var allowed []string
	for _, candidate := range s.routes {
		if candidate.method == "" {
			continue // Only foreign words lead there.
		}
		params, ok := candidate.match(segments)
		if !ok {
			continue
		}
		if candidate.method == r.Method {
			return candidate, params, nil
		}
		allowed = append(allowed, candidate.method)
	}
	if len(allowed) > 0 {
		return nil, nil, &apiError{
			status:  http.StatusMethodNotAllowed,
			message: fmt.Sprintf("%s is not allowed here; use %s", r.Method, strings.Join(allowed, ", ")),
			allow:   strings.Join(allowed, ", "),
		}
	}
	return nil, nil, &apiError{status: http.StatusNotFound, message: "there is nothing at " + r.URL.Path}
}
