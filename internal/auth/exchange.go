package auth

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// dialTimeout bounds the making of a connection.
const dialTimeout = 10 * time.Second

// outcome is what a failed exchange means for the token that was sent.
type outcome int

const (
	// outcomeUnspent: the server did nothing, as far as can be told.
	outcomeUnspent outcome = iota
	// outcomeInvalid: the server refuses the grant for good.
	outcomeInvalid
	// outcomeUnknown: the server may have issued new tokens.
	outcomeUnknown
)

// exchangeError is a failed exchange. Its text holds nothing secret and its
// cause is text too, so that the deadline of a request is not mistaken for the
// caller's.
type exchangeError struct {
	outcome outcome
	text    string
	// unspent is set where it is known, and not only likely, that the server did
	// nothing: only then it is said.
	unspent bool
	// client is set when the client's credentials are at fault.
	client bool
	// again is set when the same request may have another outcome.
	again      bool
	retryAfter time.Duration
}

func (e *exchangeError) Error() string { return e.text }

// pair is a successful answer of the token endpoint.
type pair struct {
	accessToken  string
	refreshToken string
	expiresAt    time.Time
	obtainedAt   time.Time
	offset       time.Duration
}

// endpoint is the token endpoint with the client's credentials.
type endpoint struct {
	url          string
	clientID     string
	clientSecret string
	clientAuth   ClientAuth
	timeout      time.Duration
	client       *http.Client
	clock        wire.Clock
}

func newEndpoint(cfg Config) *endpoint {
	return &endpoint{
		url: cfg.TokenURL, clientID: cfg.ClientID, clientSecret: cfg.ClientSecret, clientAuth: cfg.ClientAuth,
		timeout: cfg.ExchangeTimeout, client: exchangeClient(cfg.HTTPClient), clock: cfg.Clock,
	}
}

// exchangeClient returns a client that hands redirects back as answers, so that
// credentials go to the configured host only, and that has no timeout of its
// own: that of API requests would cut an answer for which a token was spent. Nil
// makes a client.
func exchangeClient(client *http.Client) *http.Client {
	out := http.Client{Transport: newTransport()}
	if client != nil {
		out = *client
	}
	out.Timeout = 0
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}

// newTransport is a transport of our own. Deadlines come from the context. Each
// request has its own connection: they are hours apart, and on a fresh
// connection the transport never repeats a request by itself.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
		ForceAttemptHTTP2:   true,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: dialTimeout,
		DisableKeepAlives:   true,
	}
}

// refresh spends a refresh token (documented: "refresh-your-token").
func (e *endpoint) refresh(ctx context.Context, refreshToken string) (pair, error) {
	return e.exchange(ctx, map[string]string{"grant_type": "refresh_token", "refresh_token": refreshToken})
}

// exchangeCode spends an authorization code (documented: "generate-access-token").
func (e *endpoint) exchangeCode(ctx context.Context, grant Grant) (pair, error) {
	body := map[string]string{"grant_type": "authorization_code", "code": grant.Code, "redirect_uri": grant.RedirectURI}
	if grant.CodeVerifier != "" {
		body["code_verifier"] = grant.CodeVerifier
	}
	return e.exchange(ctx, body)
}

func (e *endpoint) exchange(ctx context.Context, body map[string]string) (pair, error) {
	secrets := []string{e.clientID + ":" + e.clientSecret, e.clientSecret, body["refresh_token"], body["code"], body["code_verifier"]}
	if e.clientAuth != ClientAuthHeader {
		body["client_id"], body["client_secret"] = e.clientID, e.clientSecret
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return pair{}, fmt.Errorf("encode token request: %w", err)
	}
	var sent atomic.Bool
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(payload))
	if err != nil {
		return pair{}, errors.New("the token URL is not usable")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if e.clientAuth == ClientAuthHeader {
		req.SetBasicAuth(e.clientID, e.clientSecret)
	}
	answer, err := send(e.client, req)
	if err != nil {
		return pair{}, e.connectionError(err, sent.Load(), secrets)
	}
	return e.pair(answer, secrets)
}

// connectionError tells a request that never left from one whose answer is missing.
func (e *endpoint) connectionError(err error, sent bool, secrets []string) error {
	reason := wire.Excerpt(wire.Cause(err).Error(), secrets...)
	if sent {
		return &exchangeError{outcome: outcomeUnknown, again: true, text: fmt.Sprintf("the token endpoint %s received the request and its answer did not arrive: %s", e.url, reason)}
	}
	return &exchangeError{unspent: true, again: true, text: fmt.Sprintf("the token endpoint %s cannot be reached: %s", e.url, reason)}
}

// pair turns an answer into a pair or an *exchangeError.
func (e *endpoint) pair(a httpAnswer, secrets []string) (pair, error) {
	fields := a.read()
	if !a.success() || fields.accessToken == "" {
		return pair{}, e.failure(a, fields, secrets)
	}
	now := e.clock.Now()
	offset := clockOffset(now, a.header.Get("Date"))
	obtained := now.Add(offset).UTC()
	return pair{
		accessToken: fields.accessToken, refreshToken: fields.refreshToken, offset: offset,
		obtainedAt: obtained, expiresAt: fields.expiry(obtained),
	}, nil
}

// failure is what an answer without tokens means for the token that was sent.
func (e *endpoint) failure(a httpAnswer, fields tokenAnswer, secrets []string) *exchangeError {
	out := &exchangeError{text: fields.explain(a, secrets)}
	out.retryAfter, _ = wire.RetryAfter(a.header.Get("Retry-After"), e.clock.Now())
	who, known := fields.blames(a.status)
	switch {
	case a.status >= 300 && a.status < 400:
		out.text = fmt.Sprintf("the token endpoint answered %s and redirects%s; credentials do not follow redirects, check token_url",
			a.describe(), redirectHost(a))
	case who == blameGrant:
		out.outcome = outcomeInvalid
	case who == blameClient:
		out.client, out.unspent = true, known
	case a.status >= 400 && a.status < 500:
		out.again = a.status == http.StatusTooManyRequests
		out.unspent = out.again
	case a.success() && fields.refused:
		// A refusal in words is one, whatever the status.
	default:
		out.outcome, out.again = outcomeUnknown, true
		out.text += " instead of tokens"
	}
	return out
}

func redirectHost(a httpAnswer) string {
	target, err := url.Parse(a.header.Get("Location"))
	if err != nil || target.Host == "" {
		return ""
	}
	return " to " + target.Host
}
