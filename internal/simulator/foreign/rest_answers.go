package foreign

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Speaks implements Speaker.
func (REST) Speaks(operation string) bool {
	return restShape(operation) != nil || operation == "list_dropdown_options" || operation == "delete_connect"
}

// Succeed implements Speaker.
func (REST) Succeed(call Call, s Success) Answer {
	answer := Answer{Status: http.StatusOK, ContentType: "application/json"}
	render := restShape(call.Operation)
	switch {
	case !(REST{}).Speaks(call.Operation):
		render = func(o object) any { return o }
		if _, many := s.Data.([]any); many {
			answer.Body = encode(object{"items": s.Data, "next": nil})
			return answer
		}
	case call.Operation == "delete_connect":
		return Answer{Status: http.StatusNoContent}
	case call.Window != nil:
		items := each(s.Data, render)
		var next any
		if end := call.Window.Skip + len(items); len(items) > 0 && end < s.Total {
			next = cursorTo(end)
		}
		answer.Body = encode(object{"items": items, "next": next})
		return answer
	case call.Operation == "list_dropdown_options":
		answer.Body = encode(object{"items": each(s.Data, func(choice object) any { return choice }), "next": nil})
		return answer
	case call.Operation == "create_connect" || call.Operation == "connect_account":
		answer.Status = http.StatusCreated
	case call.Operation == "run_test":
		answer.Status = http.StatusAccepted
	}
	answer.Body = encode(render(asObject(s.Data)))
	return answer
}

func restShape(operation string) func(object) any {
	return map[string]func(object) any{
		"get_profile": func(o object) any {
			return object{"user_id": o["_id"], "display_name": o["name"], "email": o["email"], "plan": o["plan"]}
		},
		"list_categories": func(o object) any {
			return object{"category_id": o["_id"], "name": o["name"], "slug": o["seoLink"]}
		},
		"list_apps":                      restApp,
		"get_app":                        restApp,
		"connect_account":                func(o object) any { return object{"href": o["url"]} },
		"get_connected_account_by_token": restAccount,
		"list_connected_accounts":        restAccount,
		"list_popular_matches":           restMatch,
		"get_popular_match":              restMatch,
		"list_triggers":                  restEvent,
		"get_trigger":                    restEvent,
		"list_actions":                   restEvent,
		"get_action":                     restEvent,
		"create_connect":                 restAutomation,
		"edit_trigger_options":           restAutomation,
		"edit_action_options":            restAutomation,
		"turn_on_connect":                restAutomation,
		"turn_off_connect":               restAutomation,
		"update_connect_name":            restAutomation,
		GetConnect:                       restAutomation,
		"list_connects":                  restListed,
		"run_test":                       restTest,
		PollTest:                         restTest,
		"get_connect_history": func(o object) any {
			run := object{
				"run_id": o["_id"], "automation_id": o["connectId"], "outcome": o["status"], "message": o["message"],
				"started": o["startedAt"], "finished": o["finishedAt"], "tasks": o["tasks"],
			}
			if o["steps"] != nil {
				run["steps"] = each(o["steps"], func(step object) any { return object{"step_id": step["stepId"], "samples": restSamples(step)} })
			}
			return run
		},
	}[operation]
}

func restApp(o object) any {
	return object{
		"app_id": o["_id"], "name": o["name"], "slug": o["seoLink"], "description": o["description"], "logo_url": o["logo"],
		"auth_type": o["authType"], "category_ids": o["categoryIds"],
	}
}

func restAccount(o object) any {
	return object{
		"account_id": o["_id"], "app_id": o["appId"], "name": o["name"], "status": o["status"],
		"created": o["_created_at"], "updated": o["_updated_at"],
	}
}

func restMatch(o object) any {
	step := func(step object) any {
		_, event := eventOf(step)
		return object{"app_id": step["appId"], "event_id": event}
	}
	return object{"match_id": o["_id"], "title": o["title"], "trigger": step(asObject(o["trigger"])), "actions": each(o["actions"], step)}
}

func restEvent(o object) any {
	return object{
		"event_id": o["_id"], "app_id": o["appId"], "name": o["name"], "description": o["description"],
		"outputs": o["outputFields"],
		"fields": each(o["fields"], func(field object) any {
			return object{
				"key": field["key"], "label": field["label"], "type": strings.ToLower(asText(field["type"])), "required": field["required"],
				"help": field["helpText"], "choices": field["choices"], "dynamic": field["dynamic"], "depends_on": field["dependsOn"],
				"default": field["default"],
			}
		}),
	}
}

// restState is the service's word for a status, and a word that has none.
func restState(word any) any {
	if state, known := map[string]string{"ON": "running", "OFF": "paused", "Draft": "draft"}[asText(word)]; known {
		return state
	}
	return word
}

func restAutomation(o object) any { return automation(o, true) }

func restListed(o object) any { return automation(o, false) }

func automation(o object, details bool) any {
	return object{
		"automation_id": o["_id"], "title": o["name"], "match_id": o["popularMatchId"], "state": restState(o["status"]),
		"created": o["_created_at"], "updated": o["_updated_at"],
		"steps": each(steps(o), func(step object) any {
			kind, event := eventOf(step)
			out := object{"step_id": step["stepId"], "kind": kind, "app_id": step["appId"], "event_id": event}
			if details {
				out["account_id"] = step["accountId"]
				out["values"] = strings.TrimSuffix(string(encode(step["options"])), "\n")
			}
			return out
		}),
	}
}

// restTest renders {runId, state, steps}, without steps until the test is done.
func restTest(o object) any {
	run := object{"run_id": o["runId"], "state": o["state"]}
	if o["state"] != "done" {
		return run
	}
	run["steps"] = each(o["steps"], func(step object) any {
		outcome := "error"
		if step["status"] == "success" {
			outcome = "ok"
		}
		return object{"step_id": step["stepId"], "outcome": outcome, "message": step["message"], "samples": restSamples(step)}
	})
	return run
}

func restSamples(step object) object {
	samples := object{}
	for _, entry := range asList(step["sampleData"]) {
		datum := asObject(entry)
		samples[asText(datum["key"])] = object{"value": datum["value"], "label": datum["label"]}
	}
	return samples
}

// Refuse implements Speaker.
func (REST) Refuse(r RefusalError) Answer {
	status := r.Status
	switch {
	case r.Reason != "":
		status = http.StatusConflict
	case status < http.StatusBadRequest:
		status = http.StatusInternalServerError
	}
	problem := object{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": r.Message, "code": problemCode(r, status),
	}
	if len(r.Fields) > 0 {
		list := []any{}
		for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
			list = append(list, object{"pointer": "/" + strings.ReplaceAll(renameField(name, "values/", "account_id", "title"), ".", "/"), "detail": strings.Join(r.Fields[name], ", ")})
		}
		problem["errors"] = list
	}
	return Answer{Status: status, ContentType: problemType, Body: encode(problem)}
}

func problemCode(r RefusalError, status int) string {
	switch {
	case r.Reason == MustBeOff:
		return "automation.running"
	case r.Reason == BadState:
		return "automation.state"
	case status == http.StatusUnauthorized:
		return "access.unknown"
	case status == http.StatusNotFound:
		return "resource.unknown"
	case status == http.StatusTooManyRequests:
		return "rate.exceeded"
	case status >= http.StatusInternalServerError:
		return "service.failed"
	default:
		return "request.invalid"
	}
}
