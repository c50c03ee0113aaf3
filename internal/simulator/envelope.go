package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

const jsonContentType = "application/json; charset=utf-8"

// Application codes of the reference that the service answers.
const (
	codeKeyRequired = 2032
	codeKeyInvalid  = 2036
)

// reply is an answer ready to be sent.
type reply struct {
	status int
	header http.Header
	body   []byte
	// refused is what a refusal of the API says; spoken tells that the answer is in
	// the words of the service already.
	refused *apiError
	spoken  bool
}

// apiError is a refusal in the envelope of the API.
type apiError struct {
	status     int
	code       int // 0 repeats the status
	message    string
	fields     map[string][]string
	retryAfter string
	allow      string
	reason     foreign.Reason
}

func (e *apiError) Error() string { return e.message }

func notFound(kind, id string) error {
	return &apiError{status: http.StatusNotFound, message: fmt.Sprintf("%s %q not found", kind, id)}
}

func badRequest(message string) error {
	return &apiError{status: http.StatusBadRequest, message: message}
}

// badField refuses one member of a request.
func badField(field, text string) error {
	return &apiError{
		status:  http.StatusBadRequest,
		message: field + " " + text,
		fields:  map[string][]string{field: {text}},
	}
}

// tokenError is a refusal of the token endpoint, in the shape of RFC 6749.
type tokenError struct {
	status      int
	code        string
	description string
}

func (e *tokenError) Error() string { return e.code + ": " + e.description }

// keyError is a refusal of the platform key endpoint.
type keyError struct {
	status  int
	message string
}

func (e *keyError) Error() string { return e.message }

// listing is one page of a list.
type listing struct {
	Success bool `json:"success"`
	Data    any  `json:"data"`
	Total   int  `json:"total"`
	Page    int  `json:"page"`
	Limit   int  `json:"limit"`
}

type success struct {
	Success bool `json:"success"`
	Data    any  `json:"data"`
}

type refusal struct {
	Success bool                `json:"success"`
	Code    int                 `json:"code"`
	Message string              `json:"message"`
	Errors  map[string][]string `json:"errors,omitempty"`
}

// render turns what a handler returned into an answer. Handlers return the
// data, a listing, or a reply when the envelope does not apply to them.
func render(result any, err error) reply {
	if err != nil {
		return renderError(err)
	}
	switch v := result.(type) {
	case reply:
		return v
	case listing:
		v.Success = true
		return jsonReply(http.StatusOK, v)
	default:
		return jsonReply(http.StatusOK, success{Success: true, Data: v})
	}
}

func renderError(err error) reply {
	if token, ok := errors.AsType[*tokenError](err); ok {
		answer := jsonReply(token.status, map[string]string{"error": token.code, "error_description": token.description})
		if token.status == http.StatusUnauthorized {
			answer.header.Set("WWW-Authenticate", `Basic realm="token"`)
		}
		return answer
	}
	if key, ok := errors.AsType[*keyError](err); ok {
		return jsonReply(key.status, map[string]string{"status": "0", "message": key.message})
	}
	api, ok := errors.AsType[*apiError](err)
	if !ok {
		api = &apiError{status: http.StatusInternalServerError, message: err.Error()}
	}
	body := refusal{Code: api.code, Message: api.message, Errors: api.fields}
	if body.Code == 0 {
		body.Code = api.status
	}
	answer := jsonReply(api.status, body)
	answer.refused = api
	if api.retryAfter != "" {
		answer.header.Set("Retry-After", api.retryAfter)
	}
	if api.allow != "" {
		answer.header.Set("Allow", api.allow)
	}
	return answer
}

// jsonReply encodes without escaping HTML, as the values hold names people chose.
func jsonReply(status int, v any) reply {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		status = http.StatusInternalServerError
		buf.Reset()
		buf.WriteString(`{"success":false,"code":500,"message":"the answer cannot be encoded"}`)
	}
	return reply{status: status, header: http.Header{"Content-Type": {jsonContentType}}, body: buf.Bytes()}
}

func htmlReply(status int, page []byte) reply {
	return reply{status: status, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: page, spoken: true}
}

func redirectReply(target string) reply {
	return reply{status: http.StatusFound, header: http.Header{"Location": {target}}, spoken: true}
}

// acceptsJSON reports whether an Accept header leaves room for JSON.
func acceptsJSON(accept []string) bool {
	all := strings.TrimSpace(strings.Join(accept, ","))
	if all == "" {
		return true
	}
	for part := range strings.SplitSeq(all, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil && q == 0 {
			continue
		}
		if kind == "*/*" || kind == "application/*" || kind == "application/json" {
			return true
		}
	}
	return false
}

// isJSON reports whether a Content-Type header names JSON.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}
