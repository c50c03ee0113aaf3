// Package auth obtains the access tokens that calls of the Connect API carry.
//
// The answer to a refresh carries a new refresh token and may invalidate the old
// one, and Terraform runs a separate provider process for each alias and each
// phase. A refresh token that is kept in memory, or written without a lock, is
// therefore lost or used twice, and under family revocation that ends the login.
// The package exists to make both impossible:
//
//   - a refresh token is spent only under a lock that spans processes, after the
//     store was read again under that lock;
//   - the place where the answer goes is written and synced before the token is
//     spent, and so is a note of the intent;
//   - the exchange is not cut short by cancellation, and its answer is on disk
//     before anyone uses it;
//   - the fingerprint of every refresh token ever seen is kept, so that a seed
//     left in a configuration is never taken for a new login.
//
// It knows nothing of Terraform. See [New] for the sources, [Login], [Logout] and
// [Inspect] for the companion command.
package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Token is an access token of the Connect API.
type Token struct {
	// AccessToken is the bearer token. Printing a Token never shows it.
	AccessToken string
	// ExpiresAt is when the token ends by the server's clock. Zero means
	// unknown: the first 401 tells.
	ExpiresAt time.Time
	// Life is how long the token was issued for; zero means unknown.
	Life time.Duration
	// Offset is what to add to the local clock to get the server's.
	Offset time.Duration
}

// String describes the token without its secret.
func (t Token) String() string {
	switch {
	case t.AccessToken == "":
		return "Token{}"
	case t.ExpiresAt.IsZero():
		return "Token{" + wire.Redacted + ", expiry unknown}"
	default:
		return "Token{" + wire.Redacted + ", expires " + t.ExpiresAt.UTC().Format(time.RFC3339) + "}"
	}
}

// GoString keeps the secret out of %#v.
func (t Token) GoString() string { return "auth." + t.String() }

// Format keeps the secret out of every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue keeps the secret out of structured logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON keeps the secret out of JSON that someone logs. Callers that mean
// to print the token read the field.
func (t Token) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

// Source hands out access tokens. It is safe for concurrent use.
type Source interface {
	// Token returns a token that is believed valid and obtains one when needed.
	// Concurrent callers share one attempt. Its errors are *Error, *ConfigError
	// or the context's error.
	Token(ctx context.Context) (Token, error)
	// Reject reports that the API answered 401 for this access token. The next
	// call of Token obtains another one, unless the source has moved on to
	// another token already.
	Reject(accessToken string)
	// Describe says where tokens come from. Nothing in it is secret.
	Describe() Description
}

// Kinds of sources, as Description.Kind names them.
const (
	KindAccessToken  = "access_token"
	KindTokenCommand = "token_command"
	KindRefreshToken = "refresh_token"
	KindLoginStore   = "login store"
)

// Description says where tokens come from, without secrets.
type Description struct {
	// Kind is one of the Kind constants.
	Kind string
	// Profile is the name of the login; empty for sources without a store.
	Profile string
	// Store is where the lineage is kept; empty for sources without a store.
	Store string
}

// String reads well in an error message.
func (d Description) String() string {
	if d.Profile == "" {
		return d.Kind
	}
	return fmt.Sprintf("%s (profile %q, %s)", d.Kind, d.Profile, d.Store)
}

// EndsSoon is how long before its end a refresh token is worth a word.
const EndsSoon = 7 * 24 * time.Hour

// refreshEnd reads when a refresh token ends, if it is a JWT that says so. The
// signature is not checked: it is a hint for people, and nothing depends on it.
func refreshEnd(token string) time.Time {
	parts := strings.Split(token, ".")
	const jwtParts = 3
	if len(parts) != jwtParts {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp wire.Text `json:"exp"`
	}
	end, known := time.Time{}, json.Unmarshal(payload, &claims) == nil
	if known {
		end, known = moment(string(claims.Exp))
	}
	if !known {
		return time.Time{}
	}
	return end
}
