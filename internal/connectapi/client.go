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
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

// DefaultBaseURL is the API base that the reference's samples use.
const DefaultBaseURL = "https://developer.appypie.com/api/v2/integrations"

// maxAnswerBytes bounds an answer after decompression. A page of a hundred
// connects with long options stays far below it.
const maxAnswerBytes = 16 << 20

// Config configures New.
type Config struct {
	// BaseURL is the API base without a trailing slash; empty means
	// DefaultBaseURL. It must be https, or http on loopback.
	BaseURL string
	// Endpoints overrides entries of the operations table, see Operations.
	Endpoints map[string]string
	// HTTPClient comes from NewHTTPClient.
	HTTPClient *http.Client
	// Tokens gives the access token of every call.
	Tokens auth.Source
	// PlatformKeys gives the ACCESSTOKEN header; nil sends none.
	PlatformKeys PlatformKeySource
	// Retry bounds the repetition of calls.
	Retry RetryPolicy
	// Settle are the pauses between looks at a listing that does not show a
	// write yet; nil means about four seconds in all.
	Settle []time.Duration
	// MaxRequestsPerSecond paces all calls of this client; 0 means no limit.
	MaxRequestsPerSecond float64
	// Log receives one entry a request and never a secret; nil drops them.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// PlatformKeySource gives the platform key. *auth.PlatformKeySource is one.
type PlatformKeySource interface {
	Key(ctx context.Context) (string, error)
	Reject(key string)
}

// Client calls the API. It is safe for concurrent use.
type Client struct {
	baseURL    string
	operations map[OperationName]Operation
	http       *retryablehttp.Client
	tokens     auth.Source
	platform   PlatformKeySource
	locks      *keyedLocks
	log        func(ctx context.Context, message string, fields map[string]any)

	directory *directory
	creations creations

	apps    memo[*App]
	events  memo[*Event]
	matches memo[*PopularMatch]
}

// New returns a client. It makes no call.
func New(cfg Config) (*Client, error) {
	base := strings.TrimRight(cfg.BaseURL, "/")
	if base == "" {
		base = DefaultBaseURL
	}

	if err := CheckURL(base); err != nil {
		return nil, err
	}

	if cfg.HTTPClient == nil || cfg.Tokens == nil {
		return nil, errors.New("connectapi: HTTPClient and Tokens are required")
	}

	table, err := Operations(cfg.Endpoints)
	if err != nil {
		return nil, err
	}

	client := &Client{
		baseURL:    base,
		operations: make(map[OperationName]Operation, len(table)),
		tokens:     cfg.Tokens,
		platform:   cfg.PlatformKeys,
		locks:      newKeyedLocks(),
		log:        cfg.Log,
	}

	for _, op := range table {
		client.operations[op.Name] = op
	}

	client.directory = newDirectory(client, cfg.Settle)

	if client.log == nil {
		client.log = func(context.Context, string, map[string]any) {}
	}

	httpClient := *cfg.HTTPClient
	httpClient.Transport = &observedTransport{next: cfg.HTTPClient.Transport, pacer: newPacer(cfg.MaxRequestsPerSecond), log: client.log}
	client.http = cfg.Retry.client(&httpClient)

	return client, nil
}

// call is one use of an operation.
type call struct {
	op     OperationName
	params map[string]string
	query  url.Values
	// body is encoded as JSON; nil sends none.
	body any
	// secrets are values of the body that must not show up in an error.
	secrets []string
}

// do makes a call, with one renewal of refused credentials.
func (c *Client) do(ctx context.Context, call call) (envelope, error) {
	op := c.operations[call.op]

	path, err := op.expand(call.params)
	if err != nil {
		return envelope{}, err
	}

	var body []byte
	if call.body != nil {
		if body, err = json.Marshal(call.body); err != nil {
			return envelope{}, fmt.Errorf("encode the request of %s: %w", op.Name, err)
		}
	}

	env, used, err := c.attempt(ctx, op, path, call.query, body)
	if errors.Is(err, ErrUnauthorized) && used.token != "" {
		c.tokens.Reject(used.token)

		if c.platform != nil {
			c.platform.Reject(used.platformKey)
		}

		var (
			refused = err
			again   credentials
		)

		env, again, err = c.attempt(ctx, op, path, call.query, body)
		if again.token == "" {
			// Why the service refused may not lie in the token at all.
			err = fmt.Errorf("%w; the refusal was: %w", err, refused)
		} else {
			used = again
		}
	}

	if apiErr, ok := errors.AsType[*APIError](err); ok {
		// A service may quote what it was sent, the credentials included.
		apiErr.redact(append(slices.Clone(call.secrets), used.token, used.platformKey))
	}

	return env, err
}

type credentials struct{ token, platformKey string }

func (c *Client) attempt(ctx context.Context, op Operation, path string, query url.Values, body []byte) (envelope, credentials, error) {
	var used credentials

	token, err := c.tokens.Token(ctx)
	if err != nil {
		return envelope{}, used, fmt.Errorf("get an access token: %w", err)
	}

	used.token = token.AccessToken

	if c.platform != nil {
		if used.platformKey, err = c.platform.Key(ctx); err != nil {
			return envelope{}, used, fmt.Errorf("get the platform key: %w", err)
		}
	}

	target := c.baseURL + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}

	var payload any
	if body != nil {
		payload = body
	}

	req, err := retryablehttp.NewRequestWithContext(withOperation(ctx, op), op.Method, target, payload)
	if err != nil {
		return envelope{}, used, fmt.Errorf("build the request of %s: %w", op.Name, err)
	}

	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+used.token)

	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	if used.platformKey != "" {
		req.Header.Set("ACCESSTOKEN", used.platformKey)
	}

	answer, err := c.send(req)
	if err != nil {
		return envelope{}, used, &TransportError{Operation: op.Name, Host: req.URL.Host, Err: withoutURL(err)}
	}

	env, err := decode(op, path, answer)

	return env, used, err
}

// send reads the whole answer, so that the connection can be used again.
func (c *Client) send(req *retryablehttp.Request) (answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		// The last answer comes beside the error when the context ended.
		if resp != nil {
			_ = resp.Body.Close()
		}

		return answer{}, err //nolint:wrapcheck // the caller wraps it with the operation and host.
	}

	defer func() { _ = resp.Body.Close() }()

	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return answer{}, fmt.Errorf("read the answer: %w", err)
	}

	a := answer{
		status:      resp.StatusCode,
		contentType: resp.Header.Get("Content-Type"),
		location:    resp.Header.Get("Location"),
		requestID:   requestID(resp.Header),
		retryAfter:  resp.Header.Get("Retry-After") != "",
		body:        body,
	}

	if len(body) > maxAnswerBytes {
		a.body = fmt.Appendf(nil, "an answer larger than %d MiB", maxAnswerBytes>>20)
	}

	return a, nil
}

// requestID finds the service's id of a request. The header's name is assumed.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if id := header.Get(name); id != "" {
			return bounded(id)
		}
	}

	return ""
}

// observedTransport paces and logs every attempt, retries included.
type observedTransport struct {
	next  http.RoundTripper
	pacer *pacer
	log   func(ctx context.Context, message string, fields map[string]any)
}

func (t *observedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()

	if err := t.pacer.wait(ctx); err != nil {
		return nil, err
	}

	start := time.Now()
	resp, err := t.next.RoundTrip(req)

	used := useOf(ctx)
	fields := map[string]any{
		"operation":   string(used.operation.Name),
		"attempt":     1 + used.failures + used.refusals,
		"method":      req.Method,
		"path":        req.URL.Path,
		"duration_ms": time.Since(start).Milliseconds(),
	}

	if err != nil {
		fields["error"] = withoutURL(err).Error()
	} else {
		fields["status"] = resp.StatusCode
		fields["request_id"] = requestID(resp.Header)

		t.pacer.answered(resp)
	}

	t.log(ctx, "API request", fields)

	return resp, err //nolint:wrapcheck // the error passes through untouched.
}

// decodePayload reads a payload into the type that an operation promises.
func decodePayload[T any](env envelope) (T, error) {
	var value T

	payload := bytes.TrimSpace(env.payload)
	if len(payload) == 0 || bytes.Equal(payload, []byte("null")) {
		return value, env.unexpected("the answer holds no data")
	}

	if err := json.Unmarshal(payload, &value); err != nil {
		return value, env.unexpected("the answer's data cannot be read: " + bounded(err.Error()))
	}

	return value, nil
}
