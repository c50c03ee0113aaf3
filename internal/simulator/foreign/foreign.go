// Package foreign is two services of the same kind whose API looks different:
// one like remote procedure calls, one like resources. It translates between
// their words and those of the contract, so that one lifecycle serves all. It
// knows nothing of the client's dialects.
package foreign

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Names of the operations that only foreign services have.
const (
	GetConnect = "get_connect"
	PollTest   = "poll_test"
)

// Request is a request of the foreign service.
type Request struct {
	Method   string
	Segments []string // of the path below the base, decoded
	Query    url.Values
	Body     []byte
}

// Call is what a request asks for, in the words of the contract.
type Call struct {
	Operation string
	Params    map[string]string
	Query     url.Values
	Body      map[string]any // nil for an operation without a body
	// Window is the part of a listing that is asked for; nil without paging.
	Window *Window
}

// Window is a part of a listing.
type Window struct{ Skip, Take int }

// Reason is a word for why a request is refused.
type Reason string

// The reasons that a status of the contract does not tell apart.
const (
	BadState  Reason = "state" // not possible as the connect is
	MustBeOff Reason = "off"   // the connect has to be off
)

// RefusalError is why a request is refused, in the words of the contract.
type RefusalError struct {
	Status  int
	Reason  Reason
	Message string
	Fields  map[string][]string
}

func (r *RefusalError) Error() string { return r.Message }

// Success is an answer in the words of the contract, decoded with UseNumber.
type Success struct {
	Data  any
	Total int // of a listing
}

// Answer is an answer of the foreign service.
type Answer struct {
	Status      int
	ContentType string
	Body        []byte
}

// Speaker speaks like one foreign service.
type Speaker interface {
	// Speaks reports whether the service has words of its own for an operation. One
	// that it has none for is at the contract's path, in the service's envelope.
	Speaks(operation string) bool
	// Read understands a request. The error is a *RefusalError; the call may name the
	// operation all the same.
	Read(Request) (Call, error)
	// Succeed renders what a call led to.
	Succeed(Call, Success) Answer
	// Refuse renders a refusal. The status 200 is a refusal that does not show in it.
	Refuse(RefusalError) Answer
}

const jsonType = "application/json; charset=utf-8"

// object is a JSON object.
type object = map[string]any

// encode renders JSON without escaping HTML.
func encode(v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return []byte("null\n") // What was decoded can be encoded.
	}
	return text.Bytes()
}

func decode(text []byte) (any, bool) {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	good := decoder.Decode(&v) == nil && !decoder.More()
	return v, good
}

func asObject(v any) object {
	o, _ := v.(object)
	return o
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

func asText(v any) string {
	s, _ := v.(string)
	return s
}

// each renders every entry of a list.
func each(list any, render func(object) any) []any {
	out := []any{}
	for _, entry := range asList(list) {
		out = append(out, render(asObject(entry)))
	}
	return out
}

// steps returns the steps of a connect or a popular match, the trigger first.
func steps(connect object) []any {
	var all []any
	if trigger := asObject(connect["trigger"]); trigger != nil {
		all = append(all, trigger)
	}
	return append(all, asList(connect["actions"])...)
}

// eventOf is the trigger's or the action's id of a step, and which it is.
func eventOf(step object) (role string, event any) {
	if id, ok := step["triggerId"]; ok {
		return "trigger", id
	}
	return "action", step["actionId"]
}

// arguments are the members of a body, or the parameters of a query, that are
// taken one by one. What is wrong and what is left over makes the refusal.
type arguments struct {
	given  object
	taken  []string
	wrongs map[string][]string
}

func newArguments(given object) *arguments {
	return &arguments{given: given, wrongs: map[string][]string{}}
}

// readArguments reads a body that must be one object.
func readArguments(body []byte) (*arguments, error) {
	value, good := decode(body)
	given, ok := value.(object)
	if !good || !ok {
		return nil, &RefusalError{Status: http.StatusBadRequest, Message: "the body must be a JSON object"}
	}
	return newArguments(given), nil
}

func (a *arguments) wrong(name, text string) { a.wrongs[name] = append(a.wrongs[name], text) }

// take returns a member; null counts as absent.
func (a *arguments) take(name string, required bool) (any, bool) {
	a.taken = append(a.taken, name)
	value := a.given[name]
	if value == nil && required {
		a.wrong(name, "is required")
	}
	return value, value != nil
}

func (a *arguments) text(name string, required bool) (string, bool) {
	value, there := a.take(name, required)
	if !there {
		return "", false
	}
	text, ok := value.(string)
	if !ok {
		a.wrong(name, "must be a text")
	}
	return text, ok
}

// must is a text that has to be there.
func (a *arguments) must(name string) string {
	text, _ := a.text(name, true)
	return text
}

// number is a whole number within bounds.
func (a *arguments) number(name string, least, most int64) int {
	value, there := a.take(name, true)
	if !there {
		return 0
	}
	n, ok := value.(json.Number)
	if whole, err := n.Int64(); ok && err == nil && whole >= least && whole <= most {
		return int(whole)
	}
	a.wrong(name, "is out of bounds or no whole number")
	return 0
}

// oneOf is a text out of a few.
func (a *arguments) oneOf(name string, choices ...string) string {
	text, there := a.text(name, true)
	if there && !slices.Contains(choices, text) {
		a.wrong(name, "must be one of "+strings.Join(choices, ", "))
	}
	return text
}

// done refuses what is wrong or left over.
func (a *arguments) done() error {
	for name := range a.given {
		if !slices.Contains(a.taken, name) {
			a.wrong(name, "is unknown here")
		}
	}
	if len(a.wrongs) == 0 {
		return nil
	}
	return &RefusalError{Status: http.StatusBadRequest, Message: "the request is not right", Fields: a.wrongs}
}

// renameField renders the name of a wrong member of the contract in the words of
// a foreign service. Keys of options stay.
func renameField(name, options, account, title string) string {
	if key, ok := strings.CutPrefix(name, "options."); ok {
		return options + key
	}
	if place, ok := strings.CutSuffix(name, "accountId"); ok {
		return place + account
	}
	if name == "name" {
		return title
	}
	return name
}
