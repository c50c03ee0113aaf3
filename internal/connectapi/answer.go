package connectapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

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

func (a answer) succeeded() bool { return a.status >= 200 && a.status < 300 }

// reply is a successful answer, decoded.
type reply struct {
	asked asked
	// requestID is the service's id of the request, or empty.
	requestID string
	body      any
}

// asked is what a call asked for.
type asked struct {
	op           dialect.Operation
	method, path string
}

// unexpected is the error for a successful answer that cannot be used.
func (r reply) unexpected(message string) *APIError {
	return &APIError{
		Operation: r.asked.op, Method: r.asked.method, Path: r.asked.path,
		Status: http.StatusOK, RequestID: r.requestID, Kind: ErrUnexpectedAnswer, Message: message,
	}
}

// decode turns an answer into a reply, or into the error that it is.
func (c *Client) decode(what asked, a answer) (reply, error) {
	pause, wait := wire.RetryAfter(a.header.Get("Retry-After"), c.clock.Now())
	apiErr := &APIError{
		Operation: what.op, Method: what.method, Path: what.path,
		Status: a.status, RequestID: a.requestID(), RetryAfter: pause,
		NothingDone: a.status == http.StatusServiceUnavailable && wait || a.status == http.StatusTooManyRequests,
	}
	if a.status >= 300 && a.status < 400 {
		apiErr.Kind = ErrUnexpectedAnswer
		apiErr.Message = fmt.Sprintf("a redirect to %q, which is not followed so that no credential leaves for another host", redirectTarget(a.header.Get("Location")))
		return reply{}, apiErr
	}
	text := bytes.TrimSpace(a.body)
	if a.succeeded() && len(text) == 0 {
		return reply{asked: what, requestID: apiErr.RequestID}, nil
	}
	body, err := dialect.Decode(text)
	if err != nil && a.succeeded() {
		apiErr.Kind, apiErr.Message = ErrUnexpectedAnswer, describeForeign(a, false)
		apiErr.cut = text[0] == '{' || text[0] == '['
		return reply{}, apiErr
	}
	refusal, err := c.dialect.Failed(what.op, a.status, body)
	switch {
	case err != nil:
		apiErr.Kind, apiErr.Message = ErrUnexpectedAnswer, err.Error()
		return reply{}, apiErr
	case refusal == nil:
		return reply{asked: what, requestID: apiErr.RequestID, body: body}, nil
	}
	apiErr.Code, apiErr.Message, apiErr.Fields, apiErr.Kind = refusal.Code, refusal.Message, refusal.Fields, kindOf(refusal.Class)
	if apiErr.Message == "" && len(apiErr.Fields) == 0 {
		apiErr.Message = describeForeign(a, body != nil)
	}
	return reply{}, apiErr
}

func kindOf(class dialect.Class) error {
	switch class {
	case dialect.Invalid:
		return ErrInvalid
	case dialect.Unauthorized:
		return ErrUnauthorized
	case dialect.Forbidden:
		return ErrForbidden
	case dialect.NotFound:
		return ErrNotFound
	case dialect.RateLimited:
		return ErrRateLimited
	default:
		return nil
	}
}

// describeForeign says what arrived instead of the API's JSON, or of its words.
func describeForeign(a answer, isJSON bool) string {
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || kind == "" {
		kind = "an unnamed content type"
	}
	what := "a body that is not valid JSON"
	if strings.Contains(kind, "html") {
		what = "a web page (a login page or a proxy?)"
	} else if isJSON {
		what = "no message"
	}
	return fmt.Sprintf("%s, %s: %s", what, kind, wire.Excerpt(string(a.body)))
}

// redirectTarget leaves out query and fragment, which may hold a code or token.
func redirectTarget(location string) string {
	if i := strings.IndexAny(location, "?#"); i >= 0 {
		location = location[:i]
	}
	return wire.Said(location)
}

// get makes a call and reads the one object of its answer.
func get[T any](ctx context.Context, c *Client, call call) (*T, error) {
	r, err := c.do(ctx, call)
	if err != nil {
		return nil, err
	}
	value, err := dialect.One[T](c.dialect, call.op, r.body)
	if err != nil {
		return nil, c.misread(r, err)
	}
	return &value, nil
}

// shownMembers bounds what a message says of the members of an answer.
const shownMembers = 10

// misread is the error for an answer in which the dialect does not find what an
// operation needs. It names the line of the dialect that would supply it.
func (c *Client) misread(r reply, err error) error {
	if _, ok := errors.AsType[*dialect.MissingError](err); !ok {
		return err
	}
	message := err.Error()
	if object, ok := r.body.(map[string]any); ok && len(object) > 0 {
		names := slices.Sorted(maps.Keys(object))
		message += "; the answer has " + strings.Join(names[:min(len(names), shownMembers)], ", ")
	}
	unexpected := r.unexpected(c.said(message))
	unexpected.Misread = true
	return unexpected
}
