package connectapi

import "net/http"

// Variants returns the endpoints that a reading operation could also have, the
// likeliest first, in the form of endpoint overrides. They follow the habits
// that the documented paths show: singular and plural, list and detail. A POST
// is never guessed at, because to try one could change something.
func Variants(name OperationName) []string {
	var endpoints []string
	for _, path := range variantPaths(name) {
		endpoints = append(endpoints, http.MethodGet+" "+path)
	}

	return endpoints
}

func variantPaths(name OperationName) []string {
	switch name {
	case GetProfile:
		return []string{"/profile", "/user", "/user/me", "/user/profile", "/profile/detail", "/users/me"}
	case ListCategories:
		return []string{"/category/list", "/category", "/categories/list", "/app/category/list", "/app/categories", "/apps/categories", "/app-categories"}
	case ListApps:
		return []string{"/app/list", "/app", "/apps/list", "/app-list"}
	case GetApp:
		return []string{"/app/details/{appId}", "/app/{appId}", "/apps/{appId}", "/apps/detail/{appId}", "/apps/details/{appId}", "/app-detail/{appId}"}
	case ListConnectedAccounts:
		return []string{"/user-connected-account", "/user-connected-account/list", "/user-connected-accounts/list", "/connected-accounts", "/connected-account/list"}
	case ListPopularMatches:
		return []string{"/popular-match/list", "/popular-match", "/popular-matches/list", "/app/popular-match/list", "/app/popular-matches", "/popularmatches"}
	case GetPopularMatch:
		return []string{
			"/popular-match/details/{popularMatchId}", "/popular-match/{popularMatchId}", "/popular-matches/{popularMatchId}",
			"/popular-matches/detail/{popularMatchId}", "/app/popular-match/detail/{popularMatchId}",
		}
	case ListTriggers:
		return eventListVariants("trigger")
	case ListActions:
		return eventListVariants("action")
	case GetTrigger:
		return eventVariants("trigger")
	case GetAction:
		return eventVariants("action")
	case GetConnectHistory:
		return []string{
			"/connect/{connectId}/history", "/connects/{connectId}/history", "/connects/history/{connectId}",
			"/connect-history/{connectId}", "/connect/history/list/{connectId}", "/history/{connectId}",
		}
	case ListConnects:
		return []string{"/connect/list", "/connect", "/connects/list", "/user-connects", "/user/connects", "/connect-list"}
	default:
		return nil
	}
}

func eventListVariants(kind string) []string {
	return []string{
		"/app/" + kind + "s/{appId}", "/app/" + kind + "s/list/{appId}", "/app/{appId}/" + kind + "s", "/apps/{appId}/" + kind + "s",
		"/app/" + kind + "/{appId}", "/" + kind + "/list/{appId}", "/" + kind + "s/{appId}",
	}
}

func eventVariants(kind string) []string {
	id := "{" + kind + "Id}"

	return []string{
		"/app/" + kind + "/details/" + id, "/app/" + kind + "/" + id, "/app/" + kind + "s/" + id, "/app/" + kind + "s/detail/" + id,
		"/" + kind + "/detail/" + id, "/" + kind + "/" + id, "/" + kind + "s/" + id,
	}
}
