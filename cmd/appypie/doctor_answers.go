package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// refusedError is an answer that the dialect reads as an error.
type refusedError struct {
	status  int
	refusal *dialect.Refusal
}

// Error implements error.
func (e *refusedError) Error() string {
	text := fmt.Sprintf("HTTP %d", e.status)
	if e.refusal.Code != "" && e.refusal.Code != fmt.Sprint(e.status) {
		text += " with code " + e.refusal.Code
	}
	if e.refusal.Message != "" {
		text += ": " + wire.Excerpt(e.refusal.Message)
	}
	return text
}

// readAnswer reads an answer as the client does. The value is one of the types of
// package dialect, or a list of them; nil where a write does not show the connect.
func readAnswer(d *dialect.Dialect, op dialect.Operation, status int, text []byte) (any, error) {
	if status >= http.StatusMultipleChoices && status < http.StatusBadRequest {
		return nil, fmt.Errorf("HTTP %d: a redirect, which is not followed", status)
	}
	var body any
	var err error
	if text = bytes.TrimSpace(text); len(text) > 0 {
		if body, err = dialect.Decode(text); err != nil && status < http.StatusMultipleChoices {
			return nil, err
		}
	}
	refusal, err := d.Failed(op, status, body)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, &refusedError{status, refusal}
	}
	if read := readings()[op]; read != nil {
		return read(d, op, body)
	}
	if connect := d.Written(op, body); connect != nil {
		return *connect, nil
	}
	return nil, nil //nolint:nilnil // an answer that shows nothing is a success all the same.
}

// readings are how answers are read, but for those of writes that may show nothing.
func readings() map[dialect.Operation]func(*dialect.Dialect, dialect.Operation, any) (any, error) {
	return map[dialect.Operation]func(*dialect.Dialect, dialect.Operation, any) (any, error){
		dialect.GetProfile:                 one[dialect.Profile],
		dialect.ListCategories:             list[dialect.Category],
		dialect.ListApps:                   list[dialect.App],
		dialect.GetApp:                     one[dialect.App],
		dialect.ConnectAccount:             one[dialect.Link],
		dialect.GetConnectedAccountByToken: one[dialect.Account],
		dialect.ListConnectedAccounts:      list[dialect.Account],
		dialect.ListPopularMatches:         list[dialect.PopularMatch],
		dialect.GetPopularMatch:            one[dialect.PopularMatch],
		dialect.ListTriggers:               list[dialect.Event],
		dialect.ListActions:                list[dialect.Event],
		dialect.GetTrigger:                 one[dialect.Event],
		dialect.GetAction:                  one[dialect.Event],
		dialect.ListDropdownOptions:        list[dialect.Choice],
		dialect.RunTest:                    one[dialect.TestResult],
		dialect.GetConnectHistory:          list[dialect.HistoryEntry],
		dialect.ListConnects:               list[dialect.Connect],
		dialect.CreateConnect:              one[dialect.Connect],
		dialect.GetConnect:                 one[dialect.Connect],
	}
}

func one[T any](d *dialect.Dialect, op dialect.Operation, body any) (any, error) {
	return dialect.One[T](d, op, body)
}

func list[T any](d *dialect.Dialect, op dialect.Operation, body any) (any, error) {
	page, err := dialect.List[T](d, op, body)
	values := make([]T, len(page.Entries))
	for i, entry := range page.Entries {
		values[i] = entry.Value
		if err == nil {
			err = entry.Err
		}
	}
	return values, err
}

// membersOf tells which members of a shape a value has and which are empty.
func membersOf(value any, shape string) (yielded, empty []string) {
	text, err := json.Marshal(value)
	var plain any
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err != nil || plain == nil {
		return nil, nil
	}
	seen := map[string]bool{}
	if entries, isList := plain.([]any); isList {
		for _, entry := range entries {
			see(seen, shape, entry)
		}
	} else {
		see(seen, shape, plain)
	}
	members := slices.Sorted(maps.Keys(seen))
	for _, member := range members {
		inside := func(other string) bool {
			return strings.HasPrefix(other, member+".") || strings.HasPrefix(other, member+"[]")
		}
		if slices.ContainsFunc(members, inside) {
			continue // Its own members say more.
		}
		if seen[member] {
			yielded = append(yielded, member)
		} else {
			empty = append(empty, member)
		}
	}
	return yielded, empty
}

func isEmptyList(value any) bool {
	v := reflect.ValueOf(value)
	return v.Kind() == reflect.Slice && v.Len() == 0
}

func see(seen map[string]bool, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if strings.HasSuffix(path, ".options") {
			seen[path] = true
			return // Its members are the user's.
		}
		for name, member := range v {
			see(seen, path+"."+name, member)
		}
	case []any:
		seen[path] = seen[path] || len(v) > 0
		for _, entry := range v {
			if _, isObject := entry.(map[string]any); isObject {
				see(seen, path+"[]", entry)
			}
		}
	default:
		seen[path] = seen[path] || v != nil && v != ""
	}
}

// ident recognizes ids, which look like tokens and are what a person looks for.
var ident = regexp.MustCompile(`^[0-9a-fA-F-]{1,36}$`)

// withoutValues is JSON without what must not be shown: values under a name that
// says so, also in lists of pairs and in JSON inside of text, and what looks like
// a token.
func withoutValues(v any, secrets []string) any {
	switch v := v.(type) {
	case map[string]any:
		clean, secretPair := make(map[string]any, len(v)), isSecretPair(v)
		for name, member := range v {
			text, isText := member.(string)
			if secretPair && (!isText || !wire.LooksSecret(text)) || wire.LooksSecret(name) && member != nil && member != "" {
				clean[name] = wire.Redacted
			} else {
				clean[name] = withoutValues(member, secrets)
			}
		}
		return clean
	case []any:
		clean := make([]any, len(v))
		for i, entry := range v {
			clean[i] = withoutValues(entry, secrets)
		}
		return clean
	case string:
		return withoutSecretText(v, secrets)
	}
	return v
}

// isSecretPair recognizes an object such as {"name": "api_key", "value": …}.
func isSecretPair(object map[string]any) bool {
	const ofPair = 4
	for _, member := range object {
		name, isText := member.(string)
		if isText && len(object) < ofPair && !strings.Contains(name, " ") && wire.LooksSecret(name) {
			return true
		}
	}
	return false
}

func withoutSecretText(text string, secrets []string) string {
	if inner, err := dialect.Decode([]byte(text)); err == nil && strings.ContainsAny(text, "{[") {
		return jsonText(withoutValues(inner, secrets))
	}
	if ident.MatchString(text) && !slices.Contains(secrets, text) {
		return text
	}
	return wire.Excerpt(text, secrets...)
}

// shownJSON is a body fit to be shown; pretty sets it on several lines.
func shownJSON(body []byte, pretty bool, secrets []string) string {
	v, err := dialect.Decode(body)
	if err != nil {
		return wire.Excerpt(string(body), secrets...)
	}
	text := jsonText(withoutValues(v, secrets))
	if pretty {
		var out bytes.Buffer
		if json.Indent(&out, []byte(text), "", "  ") == nil {
			return out.String()
		}
	}
	return text
}

func jsonText(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) //nolint:errchkjson // what came from JSON goes back to it.
	return strings.TrimSpace(out.String())
}

// missingOf is what an answer does not yield, if that is the error.
func missingOf(err error) (*dialect.MissingError, bool) {
	return errors.AsType[*dialect.MissingError](err)
}
