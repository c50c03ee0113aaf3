package auth

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// staticSource hands out a configured access token until it ends.
type staticSource struct {
	token Token
	clock wire.Clock

	mu       sync.Mutex
	rejected bool
}

func newStaticSource(cfg Config) *staticSource {
	return &staticSource{token: Token{AccessToken: cfg.AccessToken, ExpiresAt: cfg.AccessTokenExpiresAt}, clock: cfg.Clock}
}

func (s *staticSource) Token(ctx context.Context) (Token, error) {
	if err := ctx.Err(); err != nil {
		return Token{}, err
	}
	if expires := s.token.ExpiresAt; !expires.IsZero() && !s.clock.Now().Before(expires) {
		out := newError(ErrTokenExpired, fmt.Sprintf("the configured access token expired at %s", expires.UTC().Format(time.RFC3339)), nil)
		out.Attribute = "access_token"
		return Token{}, out
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejected {
		out := newError(ErrTokenRejected, "the API answered 401 to the configured access token", nil)
		out.Attribute = "access_token"
		return Token{}, out
	}
	return s.token, nil
}

func (s *staticSource) Reject(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if accessToken == s.token.AccessToken {
		s.rejected = true
	}
}

func (s *staticSource) Describe() Description { return Description{Kind: KindAccessToken} }
