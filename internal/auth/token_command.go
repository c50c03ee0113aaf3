package auth

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// commandSource asks a program for access tokens. Whoever wrote the program owns
// the lineage behind them.
type commandSource struct {
	cfg    Config
	flight wire.Flight[Token]

	mu       sync.Mutex
	current  issued
	rejected string
}

func newCommandSource(cfg Config) *commandSource { return &commandSource{cfg: cfg} }

func (s *commandSource) Describe() Description { return Description{Kind: KindTokenCommand} }

func (s *commandSource) Token(ctx context.Context) (Token, error) {
	if err := ctx.Err(); err != nil {
		return Token{}, err
	}
	if token, ok := s.cached(); ok {
		return token, nil
	}
	return s.flight.Do(ctx, s.ask)
}

func (s *commandSource) Reject(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected = accessToken
}

func (s *commandSource) cached() (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.current.token
	if token.AccessToken == "" || token.AccessToken == s.rejected {
		return Token{}, false
	}
	return token, s.current.until.IsZero() || s.cfg.Clock.Now().Before(s.current.until)
}

func (s *commandSource) ask(ctx context.Context) (Token, error) {
	if token, ok := s.cached(); ok {
		return token, nil
	}
	out, err := program{
		argv: s.cfg.TokenCommand, timeout: s.cfg.TokenCommandTimeout, limit: maxAnswer,
		secrets: s.cfg.secrets(),
	}.run(ctx)
	if err != nil {
		if wire.Interrupted(err) {
			return Token{}, err
		}
		return Token{}, commandError("token_command failed", err)
	}
	token, err := parseCommandOutput(out)
	if err != nil {
		return Token{}, err
	}
	return s.accept(token)
}

// accept refuses tokens that cannot work, so that the message names the command
// and not the API call that fails later.
func (s *commandSource) accept(token Token) (Token, error) {
	now := s.cfg.Clock.Now()
	if !token.ExpiresAt.IsZero() && !now.Before(token.ExpiresAt) {
		out := commandError("token_command printed an access token that expired at "+token.ExpiresAt.UTC().Format(time.RFC3339), nil)
		out.Kinds = append(out.Kinds, ErrTokenExpired)
		return Token{}, out
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if token.AccessToken == s.rejected {
		out := commandError("token_command printed an access token that the API has answered with 401", nil)
		out.Kinds = append(out.Kinds, ErrTokenRejected)
		return Token{}, out
	}
	s.current = issued{token: token}
	if !token.ExpiresAt.IsZero() {
		s.current.until = token.ExpiresAt.Add(-earlyRefresh(now, token.ExpiresAt))
	}
	return token, nil
}

func commandError(summary string, cause error) *Error {
	out := newError(ErrTokenCommand, summary, cause)
	out.Attribute = "token_command"
	return out
}

// parseCommandOutput reads {"access_token", "expires_at"}. The expiry is a Unix
// time in seconds or milliseconds, or RFC 3339; it may be absent.
func parseCommandOutput(out []byte) (Token, error) {
	var fields struct {
		AccessToken wire.Text `json:"access_token"`
		ExpiresAt   wire.Text `json:"expires_at"`
	}
	if json.Unmarshal(out, &fields) != nil {
		return Token{}, commandError("token_command printed something that is not a JSON object", nil)
	}
	if fields.AccessToken == "" || strings.ContainsAny(string(fields.AccessToken), " \t\r\n") {
		return Token{}, commandError("token_command printed no usable access_token", nil)
	}
	expires, ok := moment(string(fields.ExpiresAt))
	if !ok && fields.ExpiresAt != "" && fields.ExpiresAt != "0" {
		return Token{}, commandError("token_command printed an expires_at that is no time", nil)
	}
	return Token{AccessToken: string(fields.AccessToken), ExpiresAt: expires}, nil
}
