package main

import "github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"

// likelyPaths are where an operation that reads could also be, the likeliest
// first. They follow the habits that the documented paths show: singular and
// plural, list and detail. They are tried with GET only: to try a POST could
// change something.
func likelyPaths(op dialect.Operation) []string {
	switch op {
	case dialect.GetProfile:
		return []string{"/profile", "/user", "/user/me", "/user/profile", "/profile/detail", "/users/me"}
	case dialect.ListCategories:
		return []string{"/category/list", "/category", "/categories/list", "/app/category/list", "/app/categories", "/apps/categories", "/app-categories"}
	case dialect.ListApps:
		return []string{"/app/list", "/app", "/apps/list", "/app-list"}
	case dialect.GetApp:
		return []string{"/app/details/{appId}", "/app/{appId}", "/apps/{appId}", "/apps/detail/{appId}", "/apps/details/{appId}", "/app-detail/{appId}"}
	case dialect.ListConnectedAccounts:
		return []string{"/user-connected-account", "/user-connected-account/list", "/user-connected-accounts/list", "/connected-accounts", "/connected-account/list"}
	case dialect.ListPopularMatches:
		return []string{"/popular-match/list", "/popular-match", "/popular-matches/list", "/app/popular-match/list", "/app/popular-matches", "/popularmatches"}
	case dialect.GetPopularMatch:
		return []string{
			"/popular-match/details/{popularMatchId}", "/popular-match/{popularMatchId}", "/popular-matches/{popularMatchId}",
			"/popular-matches/detail/{popularMatchId}", "/app/popular-match/detail/{popularMatchId}",
		}
	case dialect.ListTriggers:
		return likelyEventLists("trigger")
	case dialect.ListActions:
		return likelyEventLists("action")
	case dialect.GetTrigger:
		return likelyEvents("trigger")
	case dialect.GetAction:
		return likelyEvents("action")
	case dialect.GetConnectHistory:
		return []string{
			"/connect/{connectId}/history", "/connects/{connectId}/history", "/connects/history/{connectId}",
			"/connect-history/{connectId}", "/connect/history/list/{connectId}", "/history/{connectId}",
		}
	case dialect.ListConnects:
		return []string{"/connect/list", "/connect", "/connects/list", "/user-connects", "/user/connects", "/connect-list"}
	default:
		return nil
	}
}

func likelyEventLists(kind string) []string {
	return []string{
		"/app/" + kind + "s/{appId}", "/app/" + kind + "s/list/{appId}", "/app/{appId}/" + kind + "s", "/apps/{appId}/" + kind + "s",
		"/app/" + kind + "/{appId}", "/" + kind + "/list/{appId}", "/" + kind + "s/{appId}",
	}
}

func likelyEvents(kind string) []string {
	id := "{" + kind + "Id}"
	return []string{
		"/app/" + kind + "/details/" + id, "/app/" + kind + "/" + id, "/app/" + kind + "s/" + id, "/app/" + kind + "s/detail/" + id,
		"/" + kind + "/detail/" + id, "/" + kind + "/" + id, "/" + kind + "s/" + id,
	}
}
