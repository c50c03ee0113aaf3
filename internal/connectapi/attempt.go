package connectapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// do makes a call, and waits for its answer where the service finishes it later.
func (c *Client) do(ctx context.Context, call call) (reply, error) {
	request, err := c.dialect.Render(call.op, call.args)
	if err != nil {
		return reply{}, err
	}
	r, err := c.send(ctx, call, request, OperationOf(call.op).Effect)
	then := c.dialect.Then(call.op)
	if err != nil || then == nil {
		return r, err
	}
	if request, err = then.Render(call.args, r.body); err != nil {
		return reply{}, started(r, c.misread(r, err))
	}
	for {
		last, err := c.send(ctx, call, request, Reads)
		if err != nil {
			return reply{}, started(r, err)
		}
		done, err := then.Done(last.body)
		if err != nil {
			return reply{}, started(r, c.misread(last, err))
		}
		if done {
			return last, nil
		}
		if err := wire.Sleep(ctx, c.clock, then.Every); err != nil {
			return reply{}, started(r, fmt.Errorf("%w while %s was not finished", err, call.op))
		}
	}
}

// started marks an error that came after the service had taken the operation.
func started(first reply, err error) error {
	apiErr, ok := errors.AsType[*APIError](err)
	if !ok {
		apiErr = first.unexpected(err.Error())
	}
	apiErr.Unknown = true
	if ok {
		return err
	}
	return fmt.Errorf("%w: %w", apiErr, err)
}

// send sends a request until it is answered for good. This loop is the one place
// where an attempt is paced, sent, judged and repeated; nothing below it repeats
// anything.
func (c *Client) send(ctx context.Context, call call, request dialect.Request, effect Effect) (reply, error) {
	run := &attempts{client: c, call: call, effect: effect, request: request, target: c.baseURL + request.Path}
	if len(request.Query) > 0 {
		run.target += "?" + request.Query.Encode()
	}
	if base, err := url.Parse(c.baseURL); err == nil {
		run.host = base.Host
	}
	for {
		r, err := run.attempt(ctx)
		if err == nil {
			return r, nil
		}
		pause, again := run.decide(ctx, err)
		if !again {
			return reply{}, run.failure(ctx, err)
		}
		if sleepErr := wire.Sleep(ctx, c.clock, pause); sleepErr != nil {
			return reply{}, fmt.Errorf("%w before another attempt: %w", sleepErr, run.failure(ctx, err))
		}
	}
}

// Exchange is one attempt as it was sent and answered.
type Exchange struct {
	Operation dialect.Operation
	Request   dialect.Request
	// Status is 0 when no answer arrived, and Err says why.
	Status      int
	ContentType string
	Body        []byte
	Err         error
}

// attempts are those of one request.
type attempts struct {
	client  *Client
	call    call
	effect  Effect
	request dialect.Request
	target  string
	host    string

	failures, refusals int
	// renewed means that the credentials were refused once and got anew.
	renewed bool
	// unknown means that an attempt may have been carried out without an answer
	// that says so.
	unknown bool
	// refusal is why credentials were refused the first time.
	refusal error
}

type credentials struct{ token, platformKey string }

func (c *Client) credentials(ctx context.Context) (credentials, error) {
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return credentials{}, fmt.Errorf("get an access token: %w", err)
	}
	used := credentials{token: token.AccessToken}
	if c.platform != nil {
		if used.platformKey, err = c.platform.Key(ctx); err != nil {
			return credentials{}, fmt.Errorf("get the platform key: %w", err)
		}
	}
	c.secrets.add(used.token, used.platformKey)
	return used, nil
}

// attempt sends the request once. It waits for its turn first: the time of an
// attempt begins when it is sent.
func (r *attempts) attempt(ctx context.Context) (reply, error) {
	c := r.client
	used, err := c.credentials(ctx)
	if err != nil {
		return reply{}, err
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return reply{}, r.notSent(fmt.Errorf("wait for a connection: %w", ctx.Err()))
	}
	if err := c.pacer.wait(ctx, c.clock); err != nil {
		return reply{}, r.notSent(err)
	}
	start := c.clock.Now()
	answer, sent, err := r.exchange(ctx, used)
	r.note(ctx, start, answer, err)
	c.trace(Exchange{Operation: r.call.op, Request: r.request, Status: answer.status, ContentType: answer.header.Get("Content-Type"), Body: answer.body, Err: err})
	if err != nil {
		return reply{}, &TransportError{Operation: r.call.op, Host: r.host, Err: err, Unknown: sent}
	}
	if answer.status == http.StatusTooManyRequests {
		c.pacer.refused(answer.header, c.clock.Now())
	}
	got, err := c.decode(asked{r.call.op, r.request.Method, r.request.Path}, answer)
	if apiErr, ok := errors.AsType[*APIError](err); ok {
		apiErr.redact(c.said)
		if errors.Is(apiErr, ErrUnauthorized) && !r.renewed {
			c.tokens.Reject(used.token)
			if c.platform != nil {
				c.platform.Reject(used.platformKey)
			}
		}
	}
	return got, err
}

func (r *attempts) notSent(err error) error {
	return &TransportError{Operation: r.call.op, Host: r.host, Err: err}
}

// exchange makes one HTTP exchange, the answer's body included, in the time that
// an attempt has. sent reports whether any byte of the request may have left.
func (r *attempts) exchange(parent context.Context, used credentials) (a answer, sent bool, err error) {
	ctx, cancel := context.WithTimeout(parent, r.client.timeout)
	defer cancel()
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, r.request.Method, r.target, bytes.NewReader(r.request.Body))
	if err != nil {
		return answer{}, false, fmt.Errorf("build the request: %w", wire.Cause(err))
	}
	if r.effect == Once && r.request.Method == http.MethodGet {
		// net/http repeats a GET by itself when a connection breaks. A body that
		// cannot be read twice keeps it from that.
		req.Body, req.GetBody, req.ContentLength = io.NopCloser(bytes.NewReader(nil)), nil, 0
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+used.token)
	if len(r.request.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if used.platformKey != "" {
		req.Header.Set("ACCESSTOKEN", used.platformKey)
	}
	resp, err := r.client.http.Do(req)
	if err != nil {
		return answer{}, wrote.Load(), r.timed(parent, wire.Cause(err))
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return answer{}, true, fmt.Errorf("read the answer: %w", r.timed(parent, err))
	}
	if len(body) > maxAnswerBytes {
		body = fmt.Appendf(nil, "an answer larger than %d MiB", maxAnswerBytes>>20)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: body}, true, nil
}

// timed tells the end of an attempt's own time from that of the whole operation.
func (r *attempts) timed(parent context.Context, err error) error {
	if parent.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no whole answer within request_timeout (%s)", r.client.timeout)
	}
	return err
}

func (r *attempts) note(ctx context.Context, start time.Time, a answer, err error) {
	fields := map[string]any{
		"operation": string(r.call.op), "attempt": 1 + r.failures + r.refusals, "method": r.request.Method, "path": r.request.Path,
		"duration_ms": r.client.clock.Now().Sub(start).Milliseconds(),
	}
	if err != nil {
		fields["error"] = r.client.said(err.Error())
	} else {
		fields["status"], fields["request_id"] = a.status, a.requestID()
	}
	r.client.log(ctx, "API request", fields)
}

// decide judges a failed attempt: whether to try again, and after which pause.
func (r *attempts) decide(ctx context.Context, err error) (pause time.Duration, again bool) {
	if transport, ok := errors.AsType[*TransportError](err); ok {
		r.unknown = r.unknown || transport.Unknown
		return r.afterNoAnswer(ctx, transport)
	}
	apiErr, ok := errors.AsType[*APIError](err)
	if !ok {
		return 0, false
	}
	r.unknown = r.unknown || apiErr.mayHaveActed()
	retry := r.client.retry
	switch {
	case apiErr.Status == http.StatusTooManyRequests:
		r.refusals++
		pause = apiErr.RetryAfter
		if pause == 0 {
			pause = retry.wait(min(r.refusals, refusalsPerRetry))
		}
		return pause, r.refusals <= retry.Max*refusalsPerRetry && r.inTime(ctx, pause)
	case errors.Is(apiErr, ErrUnauthorized):
		again, r.renewed, r.refusal = !r.renewed, true, err
		return 0, again
	case r.call.once || !r.repeatable(apiErr):
		return 0, false
	}
	r.failures++
	pause = max(apiErr.RetryAfter, retry.wait(r.failures))
	return pause, r.failures <= retry.Max && r.inTime(ctx, pause)
}

// repeatable reports whether an answer may be different the next time, and
// asking again does no harm.
func (r *attempts) repeatable(e *APIError) bool {
	switch e.Status {
	case http.StatusServiceUnavailable:
		return r.effect != Once || e.NothingDone
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return r.effect != Once
	case http.StatusInternalServerError:
		return r.effect == Reads
	default:
		return r.effect == Reads && e.cut
	}
}

func (r *attempts) afterNoAnswer(ctx context.Context, e *TransportError) (pause time.Duration, again bool) {
	if ctx.Err() != nil || permanent(e.Err) || r.effect == Once && e.Unknown {
		return 0, false
	}
	r.failures++
	pause, most := r.client.retry.wait(r.failures), r.client.retry.Max
	if errors.Is(e.Err, syscall.ECONNREFUSED) {
		pause, most = min(pause, refusedWait), min(most, refusedTries)
	}
	return pause, r.failures <= most && r.inTime(ctx, pause)
}

// inTime reports whether there is time left after a pause. Waiting for what
// cannot be waited for would only hide why.
func (r *attempts) inTime(ctx context.Context, pause time.Duration) bool {
	deadline, bounded := ctx.Deadline()
	return !bounded || r.client.clock.Now().Add(pause).Before(deadline)
}

// failure is the error of the whole call.
func (r *attempts) failure(ctx context.Context, err error) error {
	var (
		transport *TransportError
		apiErr    *APIError
	)
	switch {
	case errors.As(err, &transport):
		transport.Unknown = r.unknown
		transport.hide(r.client.said)
	case errors.As(err, &apiErr):
		apiErr.Unknown = r.unknown
		if apiErr.Status == http.StatusTooManyRequests && !r.inTime(ctx, apiErr.RetryAfter) {
			apiErr.Message = join(apiErr.Message, fmt.Sprintf("it asks to come back in %s, later than the time that this operation has; nothing was done", apiErr.RetryAfter))
		}
	case r.refusal != nil:
		// Why the service refused may not lie in the token at all.
		return fmt.Errorf("%w; the refusal was: %w", err, r.refusal)
	}
	return err
}

func join(texts ...string) string {
	out := ""
	for _, text := range texts {
		if out != "" && text != "" {
			out += ": "
		}
		out += text
	}
	return out
}

// permanent recognizes what another attempt cannot change: a certificate that
// is not trusted, a host name that does not exist, plain HTTP behind https.
func permanent(err error) bool {
	var (
		dns      *net.DNSError
		header   tls.RecordHeaderError
		verify   *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		parse    *url.Error
	)
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &header) || errors.As(err, &verify) ||
		errors.As(err, &unknown) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.As(err, &parse) && parse.Op == "parse"
}
