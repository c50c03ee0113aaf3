package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer bounds an answer of the token endpoint, in bytes.
const maxAnswer = 64 << 10

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
	code    string
	text    string
	// client tells that the client's credentials are at fault.
	client bool
	// again tells that the same request may have another outcome.
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
	clock        Clock
}

func newEndpoint(cfg Config) *endpoint {
	return &endpoint{
		url: cfg.TokenURL, clientID: cfg.ClientID, clientSecret: cfg.ClientSecret, clientAuth: cfg.ClientAuth,
		timeout: cfg.ExchangeTimeout, client: withoutRedirects(cfg.HTTPClient), clock: cfg.Clock,
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
	secrets := []string{e.clientSecret, body["refresh_token"], body["code"], body["code_verifier"]}
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
	return e.read(answer, secrets)
}

// connectionError tells a request that never left from one whose answer is missing.
func (e *endpoint) connectionError(err error, sent bool, secrets []string) error {
	out := &exchangeError{outcome: outcomeUnspent, again: true, text: fmt.Sprintf("the token endpoint %s cannot be reached: %s", e.url, excerpt(reason(err), secrets...))}
	if sent {
		out.outcome = outcomeUnknown
		out.text = fmt.Sprintf("the token endpoint %s received the request and its answer did not arrive: %s", e.url, excerpt(reason(err), secrets...))
	}
	return out
}

// reason is the cause without the URL, which may hold secrets.
func reason(err error) string {
	var netErr net.Error
	if errors.As(err, &netErr) && netErr.Timeout() {
		return "timed out"
	}
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		return urlErr.Err.Error()
	}
	return err.Error()
}

// httpAnswer is an answer that was read in full.
type httpAnswer struct {
	status int
	header http.Header
	body   []byte
}

// send does the request and reads a bounded answer.
func send(client *http.Client, req *http.Request) (answer httpAnswer, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return httpAnswer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return httpAnswer{}, err
	}
	return httpAnswer{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// describe names an answer by status and content type and quotes nothing of it.
func (a httpAnswer) describe() string {
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		media = "no content type"
	}
	return fmt.Sprintf("HTTP %d (%s)", a.status, media)
}

// read turns an answer into a pair or an *exchangeError.
func (e *endpoint) read(a httpAnswer, secrets []string) (pair, error) {
	var fields tokenAnswer
	if len(a.body) > maxAnswer || json.Unmarshal(a.body, &fields) != nil {
		fields = tokenAnswer{}
	}
	fields = fields.unwrap()
	if a.success() && fields.AccessToken != "" {
		return e.pair(a, fields), nil
	}
	return pair{}, e.failure(a, fields, secrets)
}

func (a httpAnswer) success() bool { return a.status >= 200 && a.status < 300 }

// failure tells what an answer without tokens means for the token that was sent.
func (e *endpoint) failure(a httpAnswer, fields tokenAnswer, secrets []string) *exchangeError {
	out := &exchangeError{code: string(fields.Error), text: fields.explain(a, secrets), retryAfter: retryAfter(a, e.clock.Now())}
	switch {
	case fields.Error == "invalid_grant":
		out.outcome = outcomeInvalid
	case a.status >= 300 && a.status < 400:
		out.text = fmt.Sprintf("the token endpoint answered %s and redirects%s; credentials do not follow redirects, check token_url",
			a.describe(), redirectHost(a))
	case a.status == http.StatusUnauthorized, fields.Error == "invalid_client", fields.Error == "unauthorized_client":
		out.client = true
	case a.status >= 400 && a.status < 500:
		out.again = a.status == http.StatusTooManyRequests
	case a.success() && fields.Error != "":
		// A refusal in words is one, whatever the status.
	default:
		out.outcome, out.again = outcomeUnknown, true
		out.text += " instead of tokens"
	}
	return out
}

func (e *endpoint) pair(a httpAnswer, fields tokenAnswer) pair {
	now := e.clock.Now()
	offset := clockOffset(now, a.header.Get("Date"))
	out := pair{accessToken: fields.AccessToken, refreshToken: fields.RefreshToken, offset: offset, obtainedAt: now.Add(offset).UTC()}
	switch {
	case fields.ExpiresAt > 0:
		out.expiresAt = unixTime(int64(fields.ExpiresAt))
	case fields.ExpiresIn > 0:
		out.expiresAt = out.obtainedAt.Add(time.Duration(fields.ExpiresIn) * time.Second)
	}
	// A pair that is over when it arrives means that a clock cannot be trusted.
	// Refusing the pair would lose the refresh token, and believing the expiry
	// would spend one token after the other, so the expiry counts as unknown.
	if !out.expiresAt.After(out.obtainedAt) {
		out.expiresAt = time.Time{}
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

func retryAfter(a httpAnswer, now time.Time) time.Duration {
	value := a.header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// tokenAnswer is the body of the token endpoint, successful or not.
type tokenAnswer struct {
	AccessToken      string       `json:"access_token"`
	RefreshToken     string       `json:"refresh_token"`
	ExpiresAt        number       `json:"expires_at"`
	ExpiresIn        number       `json:"expires_in"`
	Error            text         `json:"error"`
	ErrorDescription text         `json:"error_description"`
	Message          text         `json:"message"`
	Data             *tokenAnswer `json:"data"`
}

// unwrap accepts the tokens inside the envelope that other calls use: losing a
// new refresh token to an unexpected wrapper would be worse than reading it.
func (t tokenAnswer) unwrap() tokenAnswer {
	if t.AccessToken == "" && t.Data != nil {
		return *t.Data
	}
	return t
}

func (t tokenAnswer) explain(a httpAnswer, secrets []string) string {
	parts := []string{"the token endpoint answered " + a.describe()}
	for _, part := range []text{t.Error, t.ErrorDescription, t.Message} {
		if part != "" {
			parts = append(parts, excerpt(string(part), secrets...))
		}
	}
	return strings.Join(parts, ": ")
}

// number is a whole number that may arrive as a string or with a fraction. What
// is not a number counts as absent.
type number int64

func (n *number) UnmarshalJSON(data []byte) error {
	raw := string(bytes.Trim(data, `"`))
	if whole, err := strconv.ParseInt(raw, 10, 64); err == nil {
		*n = number(whole)
	} else if f, err := strconv.ParseFloat(raw, 64); err == nil && f > 0 && f < 1<<52 {
		*n = number(f)
	}
	return nil
}

// text is a string; what is not one counts as absent.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
	}
	return nil
}
