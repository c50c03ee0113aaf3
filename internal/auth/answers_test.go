package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answer lets the endpoint rotate and then answer in its own words: %[1]s is the
// access token and %[2]s the refresh token.
func (f *fakeEndpoint) answer(format string) {
	f.after = func(w http.ResponseWriter, _ int) bool {
		pair := f.issued[len(f.issued)-2:]
		_, _ = fmt.Fprintf(w, format+"%.0[1]s%.0[2]s", pair[0], pair[1])
		return true
	}
}

// refuse lets the endpoint answer everything with one status and body.
func (f *fakeEndpoint) refuse(status int, body string) {
	f.before = func(w http.ResponseWriter, _ int) bool {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// A pair that arrived is saved whatever else the answer says: its predecessor
// is spent.
func TestAPairThatArrivedIsSaved(t *testing.T) {
	t.Parallel()
	const tokens = `"access_token":"%[1]s","refresh_token":"%[2]s"`
	tests := map[string]string{
		"data is an empty list":         `{` + tokens + `,"data":[]}`,
		"data is a text":                `{` + tokens + `,"data":"text"}`,
		"data is a number":              `{` + tokens + `,"data":7}`,
		"data is null":                  `{` + tokens + `,"data":null}`,
		"in data":                       `{"success":true,"data":{` + tokens + `}}`,
		"in data of data":               `{"success":true,"data":{"status":1,"data":{` + tokens + `}}}`,
		"in a list":                     `{"data":[{` + tokens + `}]}`,
		"half in data":                  `{"access_token":"%[1]s","data":{"refresh_token":"%[2]s"}}`,
		"type is a number":              `{` + tokens + `,"type":1,"error":null,"message":{"a":1}}`,
		"expires beyond year 9999":      `{` + tokens + `,"expires_at":253402300800000}`,
		"expires beyond MaxInt64":       `{` + tokens + `,"expires_at":9223372036854775808}`,
		"expires at MaxInt64":           `{` + tokens + `,"expires_at":9223372036854775807}`,
		"expires at 1e300":              `{` + tokens + `,"expires_at":1e300}`,
		"expires at 1e999":              `{` + tokens + `,"expires_at":1e999}`,
		"expires soon":                  `{` + tokens + `,"expires_at":"soon"}`,
		"expires at a date too far off": `{` + tokens + `,"expires_at":"12026-01-01T00:00:00Z"}`,
		"expires at an object":          `{` + tokens + `,"expires_at":{"x":1}}`,
		"expires at a list":             `{` + tokens + `,"expires_at":[1]}`,
		"expires at true":               `{` + tokens + `,"expires_at":true}`,
		"expires before 1970":           `{` + tokens + `,"expires_at":-1}`,
		"expires in MaxInt64":           `{` + tokens + `,"expires_in":9223372036854775807}`,
		"expires in 1e18":               `{` + tokens + `,"expires_in":1e18}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.answer(body)
			first, err := b.source(t).Token(t.Context())
			if err != nil {
				t.Fatalf("the pair is lost: %v", err)
			}
			if rec := b.stored(t); first.AccessToken == "" || rec.RefreshToken != b.endpoint.issued[2] || !first.ExpiresAt.IsZero() {
				t.Errorf("stored the refresh token %.8s…, expiry %s", rec.RefreshToken, first.ExpiresAt)
			}
			b.clock.advance(24 * time.Hour)
			if second := b.mustToken(t, b.source(t)); second != first {
				t.Error("the next run has another token")
			}
			b.expectExchanges(t, 1)
		})
	}
}

// deadlines notes how long a request may take.
type deadlines struct{ left []time.Duration }

func (d *deadlines) RoundTrip(req *http.Request) (*http.Response, error) {
	at, ok := req.Context().Deadline()
	if !ok {
		at = time.Now().Add(time.Hour)
	}
	d.left = append(d.left, time.Until(at))
	return newTransport().RoundTrip(req)
}

// The timeout of API requests cuts an answer for which a token was spent.
func TestRequestTimeoutDoesNotCutTheExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	seen := &deadlines{}
	b.cfg.HTTPClient = &http.Client{Transport: seen, Timeout: 5 * time.Second}
	b.mustToken(t, b.source(t))
	if len(seen.left) != 1 || seen.left[0] < 20*time.Second {
		t.Errorf("the exchange may take %v", seen.left)
	}
	if b.cfg.HTTPClient.Timeout != 5*time.Second {
		t.Error("the client of the API was changed")
	}
}

// deadShapes are the ways in which a service may say that a refresh token is no
// good.
var deadShapes = map[string]struct {
	status int
	body   string
}{
	"as OAuth says it":           {400, `{"error":"invalid_grant"}`},
	"an error object with code":  {400, `{"error":{"code":"invalid_grant","message":"no"}}`},
	"an error object with text":  {400, `{"error":{"message":"The refresh token has expired"}}`},
	"message":                    {400, `{"message":"Invalid refresh token"}`},
	"msg":                        {400, `{"msg":"refresh token revoked"}`},
	"a list of errors":           {422, `{"errors":["refresh_token is invalid"]}`},
	"errors of fields":           {422, `{"errors":{"refresh_token":["is invalid"]}}`},
	"errors with objects":        {400, `{"errors":[{"field":"refresh_token","message":"not valid any more"}]}`},
	"invalid_request":            {400, `{"error":"invalid_request","error_description":"The refresh token is invalid or expired."}`},
	"401 about a token":          {401, `{"message":"Token expired"}`},
	"401 with a bearer error":    {401, `{"error":"invalid_token"}`},
	"401 about a refresh token":  {401, `{"success":false,"code":401,"message":"Unauthorized: refresh token was already used"}`},
	"403":                        {403, `{"message":"refresh token already used"}`},
	"404":                        {404, `{"success":false,"message":"Refresh token does not exist"}`},
	"200 with success false":     {200, `{"success":false,"message":"Refresh token not found"}`},
	"200 with data":              {200, `{"success":false,"data":{"message":"invalid refresh token"}}`},
	"200 with an echo":           {200, `{"success":false,"errors":{"refresh_token":"unknown","access_token":"is invalid"}}`},
	"200 with a list of nothing": {200, `{"success":false,"data":[],"error":"invalid_grant"}`},
}

func TestDeadRefreshTokenInEveryShape(t *testing.T) {
	t.Parallel()
	for name, tt := range deadShapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.refuse(tt.status, tt.body)
			_, err := b.source(t).Token(t.Context())
			if !errors.Is(err, ErrLoginRequired) || !errors.Is(err, ErrRefreshRefused) {
				t.Fatalf("error = %v, want ErrLoginRequired and ErrRefreshRefused", err)
			}
			for _, want := range []string{`profile "default"`, "works once", "another machine"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			b.noSecrets(t, "the error", err.Error())
			for range 3 {
				if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrLoginRequired) {
					t.Errorf("error of a later run = %v, want ErrLoginRequired", err)
				}
			}
			if _, _, requests := b.endpoint.counts(); requests != 1 {
				t.Errorf("the dead token was sent %d times", requests)
			}
			// Another token of the configuration is tried.
			b.endpoint.before = nil
			b.cfg.RefreshToken = b.endpoint.seed("seed-2-canary-70efdf2ec9b08607")
			b.mustToken(t, b.source(t))
		})
	}
}

// The same words about something else are no death of a refresh token.
func TestRefusalsThatAreNotAboutTheRefreshToken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   error
	}{
		"a client":                      {401, `{"error":"invalid_client"}`, ErrClientRejected},
		"a client in an object":         {401, `{"error":{"code":"invalid_client","message":"the token endpoint: invalid client"}}`, ErrClientRejected},
		"a client in words":             {401, `{"message":"Invalid client credentials"}`, ErrClientRejected},
		"a client in 400":               {400, `{"error":"unauthorized_client","error_description":"not allowed to refresh a token, invalid"}`, ErrClientRejected},
		"a client secret in words":      {401, `{"message":"client_secret is wrong: invalid token request"}`, ErrClientRejected},
		"401 without a reason":          {401, ``, ErrClientRejected},
		"a parameter that is missing":   {400, `{"error":"invalid_request","error_description":"refresh_token is required"}`, ErrEndpoint},
		"a form that is wrong":          {400, `{"error":"unsupported_grant_type"}`, ErrEndpoint},
		"too many requests":             {429, `{"message":"too many refresh token requests, invalid"}`, ErrEndpoint},
		"a failure that says too much":  {500, `{"message":"refresh token invalid"}`, ErrOutcomeUnknown},
		"a page about a token":          {502, `<html>invalid refresh token</html>`, ErrOutcomeUnknown},
		"another reason in plain words": {400, `{"message":"the account is blocked"}`, ErrEndpoint},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.refuse(tt.status, tt.body)
			if _, err := b.source(t).Token(t.Context()); !errors.Is(err, tt.want) || errors.Is(err, ErrLoginRequired) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			b.endpoint.before = nil
			b.mustToken(t, b.source(t))
		})
	}
}

// Whoever reads "was not spent" may use the token elsewhere.
func TestNotSpentIsSaidOnlyWhereItIsKnown(t *testing.T) {
	t.Parallel()
	const claim = "not spent"
	tests := map[string]struct {
		prepare func(*testing.T, *bench)
		said    bool
	}{
		"the client is refused":  {func(_ *testing.T, b *bench) { b.endpoint.refuse(401, `{"error":"invalid_client"}`) }, true},
		"nobody was reached":     {func(_ *testing.T, b *bench) { b.endpoint.server.Close() }, true},
		"401 without a reason":   {func(_ *testing.T, b *bench) { b.endpoint.refuse(401, ``) }, false},
		"a refusal without name": {func(_ *testing.T, b *bench) { b.endpoint.refuse(400, `{"message":"no"}`) }, false},
		"nobody was reached after a run whose outcome is unknown": {func(t *testing.T, b *bench) {
			t.Helper()
			b.endpoint.refuse(502, "")
			if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("error = %v, want ErrOutcomeUnknown", err)
			}
			b.endpoint.server.Close()
		}, false},
		"the client is refused after a run whose outcome is unknown": {func(t *testing.T, b *bench) {
			t.Helper()
			b.endpoint.refuse(502, "")
			if _, err := b.source(t).Token(t.Context()); !errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("error = %v, want ErrOutcomeUnknown", err)
			}
			b.endpoint.refuse(401, `{"error":"invalid_client"}`)
		}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tt.prepare(t, b)
			_, err := b.source(t).Token(t.Context())
			if err == nil || strings.Contains(err.Error(), claim) != tt.said {
				t.Errorf("error %q, must say that nothing was spent: %v", err, tt.said)
			}
		})
	}
	t.Run("a put that fails once the pair is here", func(t *testing.T) {
		t.Parallel()
		b, document := newCommandBench(t)
		b.endpoint.after = func(http.ResponseWriter, int) bool { writeFile(t, document+".put-fails", ""); return false }
		for range 2 {
			if _, err := b.source(t).Token(t.Context()); err == nil || strings.Contains(err.Error(), claim) {
				t.Errorf("error = %v", err)
			}
		}
	})
}

// An answer may quote what it was sent, whole, in part, or across the end of
// what is shown of it.
func TestErrorsShowNoPartOfASecret(t *testing.T) {
	t.Parallel()
	const seed = "seed-canary-c20ad4d76fe97759"
	messages := map[string]string{
		"whole":               "cannot take " + seed,
		"the first half":      "cannot take " + seed[:14] + "...",
		"the last half":       "cannot take ..." + seed[14:],
		"across the end":      strings.Repeat("word ", 57) + seed,
		"escaped":             `cannot take \"` + seed[:20] + `\"`,
		"the client secret":   "cannot take " + testClientSecret[:16],
		"the header of basic": "cannot take Y2xpZW50LTE6Y2xpZW50LXNlY3JldC1jYW5hcnktNWQ0MTQwMmFiYw==",
	}
	for name, message := range messages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.refuse(400, `{"error":"invalid_scope","error_description":"`+message+`"}`)
			_, err := b.source(t).Token(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			for _, secret := range []string{seed, testClientSecret, "Y2xpZW50LTE6Y2xpZW50LXNlY3JldC1jYW5hcnktNWQ0MTQwMmFiYw=="} {
				for i := 0; i+12 <= len(secret); i++ {
					if strings.Contains(err.Error()+b.journal.text(), secret[i:i+12]) {
						t.Fatalf("the error shows %q: %v", secret[i:i+12], err)
					}
				}
			}
		})
	}
}

// The wait that an endpoint may ask for is bounded, and no number of seconds
// becomes a negative one.
func TestRetryAfterOfTheEndpoint(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"overflows": "9223372036854775807", "is no number": "99999999999999999999999", "wraps around": "9223372037"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.endpoint.before = func(w http.ResponseWriter, n int) bool {
				if n > 1 {
					return false
				}
				w.Header().Set("Retry-After", value)
				w.WriteHeader(http.StatusTooManyRequests)
				return true
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if _, err := b.source(t).Token(ctx); !errors.Is(err, ErrEndpoint) {
				t.Errorf("error = %v, want ErrEndpoint", err)
			}
			if _, _, requests := b.endpoint.counts(); requests != 1 {
				t.Errorf("%d requests although the endpoint asked to stay away", requests)
			}
		})
	}
}

// An authority that is not known is named with the setting that makes it known.
func TestUnknownAuthorityOfTheEndpoint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := newTLSServer(t)
	b.cfg.TokenURL = server.URL + "/v1/oauth2/token"
	_, err := b.source(t).Token(t.Context())
	if !errors.Is(err, ErrEndpoint) || !strings.Contains(err.Error(), "ca_certificate_file") {
		t.Errorf("error = %v, want one that names ca_certificate_file", err)
	}
}
