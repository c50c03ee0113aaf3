package simulator

import (
	"net/http"
	"strings"
)

func listingQuirks() []quirk {
	return []quirk{
		{QuirkNoTotal, "listings tell no total, page and limit", Paged, onSuccess(func(document map[string]any) any {
			delete(document, "total")
			delete(document, "page")
			delete(document, "limit")
			return document
		})},
		{QuirkTotalElsewhere, "listings tell their total as meta.pagination.count", Paged, onSuccess(func(document map[string]any) any {
			document["meta"] = map[string]any{"pagination": map[string]any{"count": document["total"]}}
			delete(document, "total")
			delete(document, "page")
			delete(document, "limit")
			return document
		})},
		{QuirkIgnoresPage, "every page is the first", nil, nil},
		{QuirkPagesFromZero, "pages are numbered from 0", nil, nil},
		{QuirkUnknownIDs, "listed entries have their id as uuid", Paged, onSuccess(eachListed(func(entry map[string]any) {
			entry["uuid"] = entry["_id"]
			delete(entry, "_id")
		}))},
		{QuirkEndNotFound, "a page past the end is answered 404", nil, nil},
	}
}

// eachListed changes every entry of a listing.
func eachListed(change func(entry map[string]any)) func(document map[string]any) any {
	return func(document map[string]any) any {
		entries, _ := document["data"].([]any)
		for _, entry := range entries {
			if object, ok := entry.(map[string]any); ok {
				change(object)
			}
		}
		return document
	}
}

// eachStep changes every step of a connect.
func eachStep(change func(step map[string]any)) func(connect map[string]any) {
	return func(connect map[string]any) {
		actions, _ := connect["actions"].([]any)
		for _, step := range append([]any{connect["trigger"]}, actions...) {
			if object, ok := step.(map[string]any); ok {
				change(object)
			}
		}
	}
}

func connectQuirks() []quirk {
	listed := only(opListConnects)
	idAlone := onSuccess(func(document map[string]any) any {
		if data, ok := document["data"].(map[string]any); ok {
			document["data"] = map[string]any{"_id": data["_id"]}
		}
		return document
	})
	return []quirk{
		{QuirkNullOptions, "listed steps have options null", listed, onSuccess(eachListed(eachStep(func(step map[string]any) { step["options"] = nil })))},
		{QuirkNoOptions, "listed steps have no options", listed, onSuccess(eachListed(eachStep(func(step map[string]any) { delete(step, "options") })))},
		{QuirkNoTrigger, "listed connects have no trigger", listed, onSuccess(eachListed(func(connect map[string]any) { delete(connect, "trigger") }))},
		{QuirkDraft, "a connect that was never turned on is a Draft", nil, nil},
		{QuirkOddStatus, "the oldest connect has a status word that nobody knows", nil, nil},
		{QuirkCreateAnswersID, "a creation is answered with the id alone", only(opCreateConnect), idAlone},
		{QuirkEditAnswersID, "edits and renames are answered with the id alone", only("edit_trigger_options", "edit_action_options", "update_connect_name"), idAlone},
		{QuirkSwitchAnswersBefore, "a switch is answered with the connect as it was before", nil, nil},
	}
}

func testQuirks() []quirk {
	on := only(opRunTest)
	steps := func(document map[string]any) (map[string]any, []any) {
		data, _ := document["data"].(map[string]any)
		all, _ := data["steps"].([]any)
		return data, all
	}
	return []quirk{
		{QuirkTestStatus, "a test is answered with its status alone", on, onSuccess(func(document map[string]any) any {
			_, all := steps(document)
			outcome := resultSuccess
			for _, step := range all {
				if one, ok := step.(map[string]any); ok && one["status"] == resultFailed {
					outcome = resultFailed
				}
			}
			document["data"] = map[string]any{"status": outcome}
			return document
		})},
		{QuirkTestResults, "a test is answered with results in place of steps", on, onSuccess(func(document map[string]any) any {
			_, all := steps(document)
			document["data"] = map[string]any{"results": all}
			return document
		})},
		{QuirkTestNoSteps, "a test is answered with an empty list of steps", on, onSuccess(func(document map[string]any) any {
			document["data"] = map[string]any{"steps": []any{}}
			return document
		})},
		{QuirkTestPartial, "a test is answered without its last step", on, onSuccess(func(document map[string]any) any {
			if data, all := steps(document); len(all) > 0 {
				data["steps"] = all[:len(all)-1]
			}
			return document
		})},
	}
}

// Ends of access tokens that no calendar holds.
const (
	expiryHuge = "99999999999999999999"
	expiryFar  = "253402300800" // the first second of the year 10000
)

func tokenQuirks() []quirk {
	on := only(opCreateToken)
	pair := func(name Quirk, about, member, value string) quirk {
		return quirk{name, about, on, onSuccess(func(document map[string]any) any {
			document[member] = decodeAny([]byte(value))
			return document
		})}
	}
	refused := func(name Quirk, about string, status int, body func(why string) map[string]any) quirk {
		return quirk{name, about, on, func(answer reply, document map[string]any) reply {
			if document["error"] != "invalid_grant" {
				return answer
			}
			why, _ := document["error_description"].(string)
			return jsonReply(status, body(why))
		}}
	}
	member := func(name string) func(string) map[string]any {
		return func(why string) map[string]any { return map[string]any{name: why} }
	}
	return []quirk{
		pair(QuirkTokenDataList, "token pairs have an empty list named data", "data", "[]"),
		pair(QuirkTokenDataText, "token pairs have a text named data", "data", `"token refreshed"`),
		pair(QuirkTokenExpiryHuge, "access tokens end beyond the largest 64-bit number", "expires_at", expiryHuge),
		pair(QuirkTokenExpiryFar, "access tokens end beyond the year 9999", "expires_at", expiryFar),
		refused(QuirkTokenRefusalMessage, "a refresh token is refused with a message alone", http.StatusBadRequest, member("message")),
		refused(QuirkTokenRefusalMsg, "a refresh token is refused with a msg alone", http.StatusBadRequest, member("msg")),
		refused(QuirkTokenRefusalObject, "a refresh token is refused with an error object", http.StatusBadRequest, func(why string) map[string]any {
			return map[string]any{"error": map[string]any{"code": "invalid_grant", "message": why}}
		}),
		refused(QuirkTokenRefusalText, "a refresh token is refused with a text as error", http.StatusBadRequest, func(why string) map[string]any {
			return map[string]any{"error": strings.ToUpper(why[:1]) + why[1:]}
		}),
		refused(QuirkTokenRefusalInvalidRequest, "a refresh token is refused as an invalid request", http.StatusBadRequest, func(why string) map[string]any {
			return map[string]any{"error": "invalid_request", "error_description": why}
		}),
		refused(QuirkTokenRefusal401, "a refresh token is refused with 401", http.StatusUnauthorized, func(why string) map[string]any {
			return map[string]any{"success": false, "code": 401, "message": why}
		}),
		refused(QuirkTokenRefusal200, "a refresh token is refused with 200 and success false", http.StatusOK, func(why string) map[string]any {
			return map[string]any{"success": false, "code": 400, "message": why}
		}),
	}
}
