package connectapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
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
	Operation OperationName
	Method    string
	// Path is the path below the API base, without the query.
	Path string
	// Status is the HTTP status; 200 is possible, because the service may
	// answer success:false with it.
	Status int
	// Code is the application code, or 0. The documented ones are 2032 to 2041.
	Code    int
	Message string
	// Fields holds messages about single fields of the request, by field.
	Fields map[string][]string
	// RequestID is the service's id of the request, or empty.
	RequestID string
	// NothingDone means that the service says so: it asked to come back later.
	NothingDone bool
	// Kind is one of the package's sentinel errors, or nil.
	Kind error
}

// Error implements error.
func (e *APIError) Error() string {
	var b strings.Builder

	fmt.Fprintf(&b, "%s (%s %s) answered HTTP %d", e.Operation, e.Method, e.Path, e.Status)

	if e.Code != 0 && e.Code != e.Status {
		fmt.Fprintf(&b, " with code %d", e.Code)
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
	Operation OperationName
	// Host is the host and port the request went to.
	Host string
	Err  error
}

// Error implements error. The URL's query is left out: it may hold a token.
func (e *TransportError) Error() string {
	return fmt.Sprintf("%s: no answer from %s: %v", e.Operation, e.Host, e.Err)
}

// Unwrap lets errors.Is find both the sentinel and the cause.
func (e *TransportError) Unwrap() []error { return []error{ErrUnreachable, e.Err} }

// OutcomeUnknown tells whether the service may have carried out the operation
// although err was returned: the request was under way, or the server failed
// while working on it.
func OutcomeUnknown(err error) bool {
	if transport, ok := errors.AsType[*TransportError](err); ok {
		return !neverSent(transport.Err)
	}

	if api, ok := errors.AsType[*APIError](err); ok {
		serverFailed := func(code int) bool { return code >= http.StatusInternalServerError && code <= lastErrorStatus }

		return !api.NothingDone && (serverFailed(api.Status) || serverFailed(api.Code) || errors.Is(api.Kind, ErrUnexpectedAnswer))
	}

	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// neverSent recognizes failures before the first byte of the request left.
func neverSent(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}

	op, ok := errors.AsType[*net.OpError](err)

	return ok && op.Op == "dial"
}

// withoutURL drops the URL that net/http puts into its errors.
func withoutURL(err error) error {
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		return urlErr.Err
	}

	return err
}

func kindOfStatus(status int) error {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusConflict:
		return ErrInvalid
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusNotFound, http.StatusGone:
		return ErrNotFound
	case http.StatusTooManyRequests:
		return ErrRateLimited
	default:
		return nil
	}
}

const excerptLength = 160

var (
	markupPattern = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`)
	tokenPattern  = regexp.MustCompile(`[A-Za-z0-9_\-.~+/=]{20,}`)
)

// excerpt makes a short, safe piece of a foreign answer for an error message:
// no markup, and nothing that looks like a token.
func excerpt(body []byte) string {
	text := markupPattern.ReplaceAllString(string(body), " ")
	text = strings.Join(strings.Fields(text), " ")
	text = tokenPattern.ReplaceAllString(text, "[redacted]")

	if runes := []rune(text); len(runes) > excerptLength {
		text = string(runes[:excerptLength]) + "…"
	}

	return strings.ToValidUTF8(text, "?")
}

// Redact replaces each secret in text. Secrets shorter than four characters
// are left: replacing them would garble the message and hide nothing.
func Redact(text string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) >= 4 {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}

	return text
}

func (e *APIError) redact(secrets []string) {
	e.Message = Redact(e.Message, secrets...)

	for field, messages := range e.Fields {
		for i := range messages {
			e.Fields[field][i] = Redact(messages[i], secrets...)
		}
	}
}

// IsNotFound tells whether err says that the object does not exist.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
