package connectapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// RetryPolicy bounds the repetition of calls. Idempotent operations are
// repeated after 429, 502, 503, 504 and connection errors; the others only
// when the service says that it did nothing (429, or 503 with Retry-After) or
// when the request never left.
type RetryPolicy struct {
	// Max is the number of repetitions after the first attempt; 0 means none.
	// Being asked to come back later (429) is no failure and may happen
	// refusalsPerRetry times as often.
	Max int
	// MinWait and MaxWait bound the wait before a repetition. Zero values mean
	// one second and thirty seconds.
	MinWait, MaxWait time.Duration
}

// refusalsPerRetry: a service that limits its rate refuses many calls of a
// large apply, some of them again and again, and none of them for good.
const refusalsPerRetry = 15

// DefaultMaxRetries is the number of repetitions when nothing else is set.
const DefaultMaxRetries = 4

func (p RetryPolicy) client(httpClient *http.Client) *retryablehttp.Client {
	if p.MinWait == 0 {
		p.MinWait = time.Second
	}

	if p.MaxWait == 0 {
		p.MaxWait = 30 * time.Second
	}

	return &retryablehttp.Client{
		HTTPClient:   httpClient,
		RetryMax:     p.Max * (1 + refusalsPerRetry),
		RetryWaitMin: p.MinWait,
		RetryWaitMax: p.MaxWait,
		CheckRetry:   p.check,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// backoff doubles from least to most and takes up to half of it off again, so
// that ten parallel calls do not return together. Retry-After, in seconds or as
// a date, is waited out in full: coming back sooner would only be refused again.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(least, most, attempt, resp)
	if resp != nil && resp.Header.Get("Retry-After") != "" {
		return max(wait, least)
	}

	half := wait / 2

	return max(least, wait-rand.N(half+1)) //nolint:gosec // the jitter is no secret.
}

// check counts what went wrong with a call and decides on another attempt.
func (p RetryPolicy) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	retry, checkErr := shouldRetry(ctx, resp, err)
	if !retry {
		return false, checkErr
	}

	use := useOf(ctx)

	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		use.refusals++

		return use.refusals <= p.Max*refusalsPerRetry, nil
	}

	use.failures++

	return use.failures <= p.Max, nil
}

func shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err() //nolint:wrapcheck // the caller wraps it with the operation.
	}

	idempotent := operationOf(ctx).Idempotent

	if err != nil {
		return idempotent && retryableError(ctx, err) || neverSent(err) && !permanentDNS(err), nil
	}

	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return true, nil
	case http.StatusServiceUnavailable:
		return idempotent || resp.Header.Get("Retry-After") != "", nil
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return idempotent, nil
	default:
		return false, nil
	}
}

// retryableError leaves out what a repetition cannot mend, such as a
// certificate that is not trusted.
func retryableError(ctx context.Context, err error) bool {
	retry, policyErr := retryablehttp.DefaultRetryPolicy(ctx, nil, err)

	return retry && policyErr == nil && !permanentDNS(err)
}

// permanentDNS recognizes a host name that does not exist: waiting for it only
// delays the message that tells the user of the typing error.
func permanentDNS(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)

	return ok && dns.IsNotFound
}

// use is one use of an operation, over all its attempts.
type use struct {
	operation          Operation
	failures, refusals int
}

type useKey struct{}

// withOperation lets the retry policy and the log know the operation.
func withOperation(ctx context.Context, op Operation) context.Context {
	return context.WithValue(ctx, useKey{}, &use{operation: op})
}

func useOf(ctx context.Context) *use {
	if known, ok := ctx.Value(useKey{}).(*use); ok {
		return known
	}

	return &use{}
}

func operationOf(ctx context.Context) Operation { return useOf(ctx).operation }
