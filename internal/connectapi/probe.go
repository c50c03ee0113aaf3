package connectapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Verdict says in a word how an operation answered a probe.
type Verdict string

// The verdicts.
const (
	// VerdictAsAssumed means that status, envelope and shape are the contract's.
	VerdictAsAssumed Verdict = "as assumed"
	// VerdictDiffers means that the answer has another form.
	VerdictDiffers Verdict = "answers differently"
	// VerdictAbsent means 404, 405, 410 or 501.
	VerdictAbsent Verdict = "absent"
	// VerdictRefused means that the service understood and said no.
	VerdictRefused Verdict = "refused"
	// VerdictFailed means that nothing was learned: no answer, no credentials,
	// too many requests, or a failure of the service.
	VerdictFailed Verdict = "failed"
	// VerdictSkipped means that the operation was not called.
	VerdictSkipped Verdict = "skipped"
)

// Probe is one use of an operation that is made to learn how it answers.
type Probe struct {
	Operation OperationName
	// At replaces method and path for this use, in the form of an endpoint
	// override; empty takes the operation as the client has it.
	At string
	// Params are the values of the path's placeholders.
	Params map[string]string
	// Query is what the first page of a listing is asked for with, beside page
	// and limit.
	Query url.Values
	// Body is encoded as JSON; nil sends none.
	Body any
	// ID is the id that the answer's object must have; empty accepts any.
	ID string
}

// ProbeResult is what a probe found. Verdict and Detail hold no credential and
// no value of a successful answer.
type ProbeResult struct {
	// Operation is the operation with the method and path that were used.
	Operation Operation
	Verdict   Verdict
	// Detail explains every verdict but VerdictAsAssumed.
	Detail string
	// Status is the HTTP status, or 0 when no answer arrived.
	Status      int
	ContentType string
	RequestID   string
	// Objects are the entries of a listing, or the one object of the answer, as
	// far as they can be read. Options in them may be secret.
	Objects []map[string]any
	// Connect is the connect of an answer that holds a whole one.
	Connect *Connect
}

// Usable tells whether the provider could work with the answer: it is as
// assumed, or different in a way that decoding tolerates.
func (r ProbeResult) Usable() bool {
	return r.Verdict == VerdictAsAssumed || r.Verdict == VerdictDiffers && strings.HasSuffix(r.Detail, tolerated)
}

// tolerated ends the detail of a difference that the client copes with.
const tolerated = " (the provider copes with it)"

// Probe uses an operation once, with the client's credentials and pace, and
// compares the answer with the contract. Unlike every other method it is strict
// about the form of the answer. A write that is probed bypasses what the client
// knows of connects, so a client that probes writes is good for nothing else.
func (c *Client) Probe(ctx context.Context, probe Probe) ProbeResult {
	op, known := c.operations[probe.Operation]
	if !known {
		return ProbeResult{Verdict: VerdictFailed, Detail: fmt.Sprintf("there is no operation %q", probe.Operation)}
	}

	if probe.At != "" {
		moved, err := op.override(probe.At)
		if err != nil {
			return ProbeResult{Operation: op, Verdict: VerdictFailed, Detail: err.Error()}
		}

		op = moved
	}

	form, query := formOf(op.Name), map[string]string{}
	for name := range probe.Query {
		query[name] = probe.Query.Get(name)
	}

	if form.paged {
		query["page"], query["limit"] = "1", strconv.Itoa(pageSize)
	}

	recorder := &recorder{next: c.http.Transport}
	single := &Client{
		baseURL: c.baseURL, operations: map[OperationName]Operation{op.Name: op}, http: &http.Client{Transport: recorder, CheckRedirect: c.http.CheckRedirect},
		tokens: c.tokens, platform: c.platform, log: c.log, clock: c.clock, timeout: c.timeout, slots: c.slots,
		retry: RetryPolicy{Max: min(1, c.retry.Max), MinWait: c.retry.MinWait, MaxWait: c.retry.MaxWait},
	}

	env, err := single.do(ctx, call{op: op.Name, params: probe.Params, query: query, body: probe.Body})

	result := ProbeResult{Operation: op, Status: recorder.status, ContentType: recorder.contentType, RequestID: recorder.requestID}
	if err != nil {
		result.Verdict, result.Detail = verdictOf(err)

		return result
	}

	result.Objects = form.objects(env)
	result.Connect = wholeConnect(env, probe.ID)

	if len(result.Objects) == 1 && probe.ID == "" {
		result.Connect = wholeConnect(env, IDOf(result.Objects[0]))
	}

	differences := form.compare(recorder.contentType, recorder.body.Bytes())
	readable := form.usable(env)

	if probe.ID != "" && readable == nil && (len(result.Objects) != 1 || IDOf(result.Objects[0]) != probe.ID) {
		readable = errors.New("the answer is about another object")
		differences = append(differences, readable.Error())
	}

	result.Verdict, result.Detail = VerdictAsAssumed, ""
	if len(differences) > 0 {
		result.Verdict, result.Detail = VerdictDiffers, summary(differences)
		if readable == nil {
			result.Detail += tolerated
		}
	}

	return result
}

func wholeConnect(env envelope, id string) *Connect {
	if connect, whole := answered(env, id); whole {
		return connect
	}
	return nil
}

// verdictOf classifies an answer that is no success.
func verdictOf(err error) (Verdict, string) {
	api, ok := errors.AsType[*APIError](err)
	if !ok {
		return VerdictFailed, err.Error()
	}

	detail := fmt.Sprintf("HTTP %d", api.Status)
	if api.Code != 0 && api.Code != api.Status {
		detail += fmt.Sprintf(" with code %d", api.Code)
	}

	// The service's own words may quote what the client does not know as secret.
	if api.Message != "" {
		detail += ": " + wire.Excerpt(api.Message)
	}

	switch {
	case errors.Is(api.Kind, ErrNotFound), api.Status == http.StatusMethodNotAllowed, api.Status == http.StatusNotImplemented:
		return VerdictAbsent, detail
	case errors.Is(api.Kind, ErrUnexpectedAnswer):
		return VerdictDiffers, detail
	case errors.Is(api.Kind, ErrInvalid), errors.Is(api.Kind, ErrForbidden), errors.Is(api.Kind, ErrUnauthorized):
		return VerdictRefused, detail
	default:
		return VerdictFailed, detail
	}
}

// summary joins differences, as many as a person reads.
func summary(differences []string) string {
	const most = 4
	if extra := len(differences) - most; extra > 0 {
		differences = append(differences[:most:most], fmt.Sprintf("and %d more differences", extra))
	}

	return strings.Join(differences, "; ")
}

// IDOf returns the id of an object of a ProbeResult, or empty.
func IDOf(object map[string]any) string {
	for _, name := range []string{"_id", "id", "objectId"} {
		switch id := object[name].(type) {
		case string:
			if id != "" {
				return id
			}
		case json.Number:
			return id.String()
		}
	}

	return ""
}

// recorder keeps the last answer as it came.
type recorder struct {
	next http.RoundTripper

	status                 int
	contentType, requestID string
	body                   bytes.Buffer
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.status, r.contentType, r.requestID = 0, "", ""
	r.body.Reset()

	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return resp, err //nolint:wrapcheck // the error passes through untouched.
	}

	r.status, r.contentType, r.requestID = resp.StatusCode, resp.Header.Get("Content-Type"), answer{header: resp.Header}.requestID()
	resp.Body = recordedBody{io.TeeReader(resp.Body, &r.body), resp.Body}

	return resp, nil
}

// recordedBody is a body of which a copy is made while it is read.
type recordedBody struct {
	io.Reader
	io.Closer
}
