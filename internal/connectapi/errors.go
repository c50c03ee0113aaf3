package connectapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// Errors that callers decide on. An *APIError matches them through errors.Is.
var (
	// ErrNotFound: the service does not know the object (404 or 410), or a
	// complete listing does not contain it.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized: the credentials were refused (401), also after one
	// renewal of the access token.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials do not allow the operation (403).
	ErrForbidden = errors.New("forbidden")
	// ErrInvalid: the service refused the request's content (400).
	ErrInvalid = errors.New("refused as invalid")
	// ErrRateLimited: too many requests, also after waiting (429).
	ErrRateLimited = errors.New("rate limited")
	// ErrUnexpectedAnswer: the answer is not what the API sends, such as a
	// login page, a redirect or broken JSON.
	ErrUnexpectedAnswer = errors.New("unexpected answer")
	// ErrUnreachable: no answer arrived.
	ErrUnreachable = errors.New("service unreachable")
)

// APIError is an answer that is not a success.
type APIError struct {
	Operation dialect.Operation
	Method    string
	// Path is the path below the API base, without the query.
	Path string
	// Status is the HTTP status; 200 is possible, because the service may
	// answer success:false with it.
	Status int
	// Code is the application code, or empty. The documented ones are 2032 to 2041.
	Code    string
	Message string
	// Fields holds messages about single fields of the request, by field.
	Fields map[string][]string
	// RequestID is the service's id of the request, or empty.
	RequestID string
	// NothingDone means that the service says so: it asked to come back later.
	NothingDone bool
	// RetryAfter is how long the service asked to wait, or 0.
	RetryAfter time.Duration
	// Unknown means that an attempt of this call may have been carried out.
	Unknown bool
	// Misread means that the answer is JSON in which the dialect does not find
	// what the operation needs.
	Misread bool
	// Kind is one of the package's sentinel errors, or nil.
	Kind error

	// cut means that the answer began like the API's and is no whole JSON.
	cut bool
}

// Error implements error.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s %s) answered HTTP %d", e.Operation, e.Method, e.Path, e.Status)
	if e.Code != "" && e.Code != strconv.Itoa(e.Status) {
		fmt.Fprintf(&b, " with code %s", e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, "; %s: %s", field, strings.Join(e.Fields[field], ", "))
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request id %s)", e.RequestID)
	}
	return b.String()
}

// Unwrap lets errors.Is find the kind.
func (e *APIError) Unwrap() error { return e.Kind }

// TransportError tells that no usable answer arrived.
type TransportError struct {
	Operation dialect.Operation
	// Host is the host and port the request went to.
	Host string
	Err  error
	// Unknown means that the request, or one before it, may have been carried
	// out; else nothing left for the service.
	Unknown bool

	// text is Err without secrets.
	text string
}

// Error implements error. The URL's query is left out: it may hold a token.
func (e *TransportError) Error() string {
	text := e.text
	if text == "" {
		text = e.Err.Error()
	}
	return fmt.Sprintf("%s: no answer from %s: %s", e.Operation, e.Host, text)
}

func (e *TransportError) hide(said func(string) string) { e.text = said(e.Err.Error()) }

// Unwrap lets errors.Is find both the sentinel and the cause.
func (e *TransportError) Unwrap() []error { return []error{ErrUnreachable, e.Err} }

// OutcomeUnknown reports whether the service may have carried out the operation
// although err was returned: a request was under way, or the service failed
// while working on it.
func OutcomeUnknown(err error) bool {
	if transport, ok := errors.AsType[*TransportError](err); ok {
		return transport.Unknown
	}
	apiErr, ok := errors.AsType[*APIError](err)
	return ok && (apiErr.Unknown || apiErr.mayHaveActed())
}

// mayHaveActed reports whether the service can have done what it was asked for
// all the same: it failed while working on it, or answered something else.
func (e *APIError) mayHaveActed() bool {
	const lastStatus = 599
	failed := func(code int) bool { return code >= http.StatusInternalServerError && code <= lastStatus }
	code, _ := strconv.Atoi(e.Code)
	return !e.NothingDone && (failed(e.Status) || failed(code) || errors.Is(e.Kind, ErrUnexpectedAnswer))
}

// stillWorking reports whether the service may still carry out the operation,
// because nothing tells that it has ended.
func stillWorking(err error) bool {
	apiErr, ok := errors.AsType[*APIError](err)
	if !ok {
		return true
	}
	return apiErr.Status == http.StatusBadGateway || apiErr.Status == http.StatusServiceUnavailable || apiErr.Status == http.StatusGatewayTimeout
}

func (e *APIError) redact(said func(string) string) {
	e.Message = said(e.Message)
	fields := make(map[string][]string, len(e.Fields))
	for field, messages := range e.Fields {
		for _, message := range messages {
			fields[said(field)] = append(fields[said(field)], said(message))
		}
	}
	e.Fields = fields
}

// IsNotFound reports whether err says that the object does not exist.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
