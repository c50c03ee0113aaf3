package foreign

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// pairsOf renders an object as pairs, in the order of their names.
func pairsOf(options any) []any {
	held := asObject(options)
	out := []any{}
	for _, key := range slices.Sorted(maps.Keys(held)) {
		out = append(out, object{"name": key, "value": held[key]})
	}
	return out
}

// Speaks implements Speaker.
func (RPC) Speaks(operation string) bool {
	return rpcShape(operation) != nil || slices.Contains([]string{
		"list_dropdown_options", "edit_trigger_options", "edit_action_options", "turn_on_connect", "turn_off_connect", "update_connect_name", "delete_connect",
	}, operation)
}

// Succeed implements Speaker.
func (RPC) Succeed(call Call, s Success) Answer {
	var result any
	_, many := s.Data.([]any)
	switch render := rpcShape(call.Operation); {
	case call.Window != nil:
		result = object{"rows": each(s.Data, render), "count": s.Total}
	case render != nil:
		result = render(asObject(s.Data))
	case call.Operation == "list_dropdown_options":
		result = object{"rows": rpcChoices(s.Data)}
	case !(RPC{}).Speaks(call.Operation) && many:
		result = object{"rows": s.Data, "count": s.Total}
	case !(RPC{}).Speaks(call.Operation):
		result = s.Data
	default:
		result = object{"done": 1}
	}
	return Answer{Status: http.StatusOK, ContentType: jsonType, Body: encode(object{"result": result})}
}

// rpcShape is how the object that an operation is about is rendered; nil where
// the answer shows none.
func rpcShape(operation string) func(object) any {
	return map[string]func(object) any{
		"get_profile": func(o object) any {
			return object{"_id": oid(o), "title": o["name"], "mail": o["email"], "plan": o["plan"]}
		},
		"list_categories":                func(o object) any { return object{"_id": oid(o), "title": o["name"], "slug": o["seoLink"]} },
		"list_apps":                      rpcApp,
		"get_app":                        rpcApp,
		"connect_account":                func(o object) any { return object{"link": o["url"]} },
		"get_connected_account_by_token": rpcAccount,
		"list_connected_accounts":        rpcAccount,
		"list_popular_matches":           rpcMatch,
		"get_popular_match":              rpcMatch,
		"list_triggers":                  rpcEvent,
		"get_trigger":                    rpcEvent,
		"list_actions":                   rpcEvent,
		"get_action":                     rpcEvent,
		"create_connect":                 func(o object) any { return object{"connect": oid(o)} },
		"run_test":                       rpcTest,
		"get_connect_history": func(o object) any {
			run := object{
				"_id": oid(o), "connect": o["connectId"], "outcome": o["status"], "text": o["message"],
				"began": o["startedAt"], "ended": o["finishedAt"], "tasks": o["tasks"],
			}
			if o["steps"] != nil {
				run["nodes"] = each(o["steps"], func(step object) any { return object{"node": step["stepId"], "sample": rpcSample(step)} })
			}
			return run
		},
		"list_connects": rpcConnect,
	}[operation]
}

func oid(o object) object { return object{"$oid": o["_id"]} }

// bit is a truth as a number.
func bit(v any) int {
	if v == true {
		return 1
	}
	return 0
}

func rpcApp(o object) any {
	auth := o["authType"]
	if auth == nil {
		auth = "NONE"
	}
	return object{
		"key": o["_id"], "title": o["name"], "slug": o["seoLink"], "about": o["description"], "icon": o["logo"],
		"auth": auth, "groups": o["categoryIds"],
	}
}

func rpcAccount(o object) any {
	return object{
		"_id": oid(o), "app": o["appId"], "title": o["name"], "state": o["status"],
		"made": o["_created_at"], "changed": o["_updated_at"],
	}
}

func rpcMatch(o object) any {
	return object{"_id": oid(o), "title": o["title"], "nodes": each(steps(o), func(step object) any {
		role, event := eventOf(step)
		return object{"role": role, "app": step["appId"], "event": event}
	})}
}

func rpcEvent(o object) any {
	return object{
		"_id": oid(o), "app": o["appId"], "title": o["name"], "about": o["description"],
		"inputs": each(o["fields"], func(field object) any {
			return object{
				"name": field["key"], "title": field["label"], "kind": field["type"], "must": bit(field["required"]),
				"hint": field["helpText"], "list": rpcChoices(field["choices"]), "live": bit(field["dynamic"]), "after": field["dependsOn"],
			}
		}),
	}
}

func rpcChoices(list any) []any {
	return each(list, func(choice object) any { return []any{choice["label"], choice["value"]} })
}

// rpcState is a number for a word, and a word that has none.
func rpcState(word any) any {
	switch asText(word) {
	case "ON":
		return 1
	case "OFF":
		return 0
	case "Draft":
		return 2
	default:
		return word
	}
}

func rpcConnect(o object) any {
	return object{
		"_id": oid(o), "title": o["name"], "match": o["popularMatchId"], "state": rpcState(o["status"]),
		"made": o["_created_at"], "changed": o["_updated_at"],
		"nodes": each(steps(o), func(step object) any {
			role, event := eventOf(step)
			return object{
				"node": step["stepId"], "role": role, "app": step["appId"], "event": event,
				"auth": asText(step["accountId"]), "values": pairsOf(step["options"]),
			}
		}),
	}
}

func rpcTest(o object) any {
	return object{"nodes": each(o["steps"], func(step object) any {
		return object{
			"node": step["stepId"], "ok": bit(step["status"] == "success"), "text": step["message"],
			"sample": rpcSample(step),
		}
	})}
}

func rpcSample(step object) []any {
	return each(step["sampleData"], func(datum object) any {
		return object{"name": datum["key"], "value": datum["value"], "title": datum["label"]}
	})
}

// Numbers of faults.
const (
	faultInvalid      = 4000
	faultUnauthorized = 4001
	faultForbidden    = 4003
	faultNotFound     = 4004
	faultState        = 4009
	faultMustBeOff    = 4010
	faultTooMany      = 4029
	faultServer       = 5000
)

// Refuse implements Speaker.
func (RPC) Refuse(r RefusalError) Answer {
	number, status := faultInvalid, http.StatusOK
	switch {
	case r.Status == http.StatusUnauthorized:
		number, status = faultUnauthorized, r.Status
	case r.Status == http.StatusTooManyRequests:
		number, status = faultTooMany, r.Status
	case r.Status >= http.StatusInternalServerError:
		number, status = faultServer, r.Status
	case r.Status == http.StatusForbidden:
		number = faultForbidden
	case r.Status == http.StatusNotFound || r.Status == http.StatusGone:
		number = faultNotFound
	case r.Reason == MustBeOff:
		number = faultMustBeOff
	case r.Reason == BadState:
		number = faultState
	}
	fault := object{"no": number, "text": r.Message}
	if len(r.Fields) > 0 {
		fields := []any{}
		for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
			fields = append(fields, object{"name": renameField(name, "values.", "auth", "title"), "text": strings.Join(r.Fields[name], ", ")})
		}
		fault["fields"] = fields
	}
	return Answer{Status: status, ContentType: jsonType, Body: encode(object{"fault": fault})}
}
