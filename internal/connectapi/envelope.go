package connectapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// envelope is a decoded answer: its payload and what a listing says of itself.
type envelope struct {
	op        Operation
	path      string
	payload   json.RawMessage
	total     number
	limit     number
	requestID string
}

// unexpected is the error for a successful answer that cannot be used.
func (e envelope) unexpected(message string) *APIError {
	return &APIError{
		Operation: e.op.Name, Method: e.op.Method, Path: e.path,
		Status: http.StatusOK, RequestID: e.requestID, Kind: ErrUnexpectedAnswer, Message: message,
	}
}

// answer is what arrived over HTTP, bounded and read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// requestID finds the service's id of a request. The header's name is assumed.
func (a answer) requestID() string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if id := a.header.Get(name); id != "" {
			return wire.Said(id)
		}
	}
	return ""
}

func isNothing(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}

// envelopeMembers are the members of an answer that are not its payload.
type envelopeMembers struct {
	Success   *flag           `json:"success"`
	Data      json.RawMessage `json:"data"`
	Total     number          `json:"total"`
	Limit     number          `json:"limit"`
	Message   json.RawMessage `json:"message"`
	Msg       json.RawMessage `json:"msg"`
	Error     json.RawMessage `json:"error"`
	Errors    json.RawMessage `json:"errors"`
	Code      number          `json:"code"`
	ErrorCode number          `json:"errorCode"`
	Status    number          `json:"status"`
}

// The application codes that the reference lists; they may come with HTTP 200.
const (
	firstApplicationCode = 2032
	lastApplicationCode  = 2041
	lastErrorStatus      = 599
)

// decode turns an answer into an envelope, or into the error that it is.
func decode(op Operation, path string, a answer) (envelope, error) {
	pause, asked := wire.RetryAfter(a.header.Get("Retry-After"), time.Now())
	apiErr := &APIError{
		Operation: op.Name, Method: op.Method, Path: path,
		Status: a.status, RequestID: a.requestID(), Kind: kindOfStatus(a.status), RetryAfter: pause,
		NothingDone: a.status == http.StatusServiceUnavailable && asked || a.status == http.StatusTooManyRequests,
	}

	if a.status >= 300 && a.status < 400 {
		apiErr.Kind = ErrUnexpectedAnswer
		apiErr.Message = fmt.Sprintf("a redirect to %q, which is not followed so that no credential leaves for another host", redirectTarget(a.header.Get("Location")))

		return envelope{}, apiErr
	}

	body := bytes.TrimSpace(a.body)

	if a.succeeded() && len(body) == 0 {
		return envelope{op: op, path: path, requestID: a.requestID()}, nil
	}

	if !json.Valid(body) {
		apiErr.Message = describeForeign(a)
		if a.succeeded() {
			apiErr.Kind, apiErr.cut = ErrUnexpectedAnswer, len(body) > 0 && (body[0] == '{' || body[0] == '[')
		}

		return envelope{}, apiErr
	}

	var members envelopeMembers
	if body[0] == '{' {
		if err := json.Unmarshal(body, &members); err != nil {
			apiErr.Kind, apiErr.Message = ErrUnexpectedAnswer, "the answer's envelope cannot be read: "+unreadable(err)

			return envelope{}, apiErr
		}
	}

	if !a.succeeded() || members.refused() {
		members.describe(apiErr, a)

		return envelope{}, apiErr
	}

	env := envelope{op: op, path: path, payload: body, total: members.Total, limit: members.Limit, requestID: a.requestID()}

	switch {
	case members.Data != nil:
		env.payload = members.Data
	case members.Success != nil:
		env.payload = nil
	}

	return env, nil
}

func (a answer) succeeded() bool { return a.status >= 200 && a.status < 300 }

func (m envelopeMembers) code() int { return firstSet(m.Code, m.ErrorCode, m.Status) }

// refused reports whether an answer with a successful HTTP status is an error all
// the same. Where success is not stated, one of the documented codes is an
// error, and so is an answer that carries an error and no data: to take it for
// a success would report a write that never happened.
func (m envelopeMembers) refused() bool {
	if m.Success != nil {
		return !bool(*m.Success)
	}

	code := m.code()
	if code >= firstApplicationCode && code <= lastApplicationCode {
		return true
	}

	return !present(m.Data) && (isErrorStatus(code) || present(m.Error) || present(m.Errors))
}

// describe fills in what the answer says of the error that it is.
func (m envelopeMembers) describe(apiErr *APIError, a answer) {
	apiErr.Code = m.code()
	apiErr.Message = firstText(m.Message, m.Msg, m.Error)
	apiErr.Fields = fieldMessages(m.Errors)

	if apiErr.Message == "" && len(apiErr.Fields) == 0 {
		apiErr.Message = describeForeign(a)
	}

	if a.succeeded() {
		apiErr.Kind = kindOfCode(apiErr.Code)
	}
}

// present tells whether a member holds anything: many services send an empty
// error beside a success.
func present(raw json.RawMessage) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", "false", `""`, "{}", "[]", "0":
		return false
	default:
		return true
	}
}

func isErrorStatus(code int) bool {
	return code >= http.StatusBadRequest && code <= lastErrorStatus
}

// kindOfCode classifies an error that came with a successful HTTP status. The
// application codes about API keys mean that the credentials were refused. A
// code of the server's own failure has no kind: nothing was wrong with the
// request.
func kindOfCode(code int) error {
	switch {
	case code == 2032, code == 2036, code == 2038:
		return ErrUnauthorized
	case code >= http.StatusInternalServerError && code <= lastErrorStatus:
		return nil
	default:
		if kind := kindOfStatus(code); kind != nil {
			return kind
		}

		return ErrInvalid
	}
}

func firstSet(numbers ...number) int {
	for _, n := range numbers {
		if n.set && n.value != 0 {
			return n.value
		}
	}

	return 0
}

// firstText finds the message: a string, or an object with a message in it.
func firstText(raws ...json.RawMessage) string {
	for _, raw := range raws {
		raw = bytes.TrimSpace(raw)
		if len(raw) == 0 {
			continue
		}

		if raw[0] == '{' {
			var inner struct {
				Message text `json:"message"`
				Msg     text `json:"msg"`
			}
			if json.Unmarshal(raw, &inner) == nil && inner.Message+inner.Msg != "" {
				return string(inner.Message + inner.Msg)
			}
		}

		if s, err := scalarText(raw); err == nil && s != "" && s != "false" {
			return s
		}
	}

	return ""
}

// fieldMessages reads "errors": a map from field to text or list of texts, a
// list of texts, or a list of {field, message}.
func fieldMessages(raw json.RawMessage) map[string][]string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil
	}

	result := map[string][]string{}

	var byField map[string]json.RawMessage
	if json.Unmarshal(raw, &byField) == nil {
		for field, value := range byField {
			result[field] = texts(value)
		}

		return result
	}

	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, item := range list {
			var entry struct {
				Field   text `json:"field"`
				Key     text `json:"key"`
				Message text `json:"message"`
			}
			if json.Unmarshal(item, &entry) == nil && entry.Message != "" {
				field := string(entry.Field + entry.Key)
				result[field] = append(result[field], string(entry.Message))

				continue
			}

			result["request"] = append(result["request"], texts(item)...)
		}
	}

	return result
}

func texts(raw json.RawMessage) []string {
	var list []text
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		result := make([]string, len(list))
		for i, t := range list {
			result[i] = string(t)
		}

		return result
	}

	s, err := scalarText(raw)
	if err != nil {
		return nil
	}

	return []string{s}
}

// describeForeign says what arrived instead of the API's JSON.
func describeForeign(a answer) string {
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || kind == "" {
		kind = "an unnamed content type"
	}

	what := "a body that is not valid JSON"
	if strings.Contains(kind, "html") {
		what = "a web page (a login page or a proxy?)"
	} else if json.Valid(a.body) {
		what = "no message"
	}

	return fmt.Sprintf("%s, %s: %s", what, kind, wire.Excerpt(string(a.body)))
}

// redirectTarget leaves out query and fragment, which may hold a code or token.
func redirectTarget(location string) string {
	if i := strings.IndexAny(location, "?#"); i >= 0 {
		location = location[:i]
	}

	return location
}
