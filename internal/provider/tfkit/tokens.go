package tfkit

import (
	"context"
	"errors"
	"sync"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

// SayOnce is a source of tokens whose failures are explained once in a run: each
// resource and data source fails, and all for the one reason.
func SayOnce(source auth.Source) auth.Source { return &onceSource{Source: source} }

type onceSource struct {
	auth.Source

	mu   sync.Mutex
	said map[string]bool
}

// Token implements auth.Source.
func (s *onceSource) Token(ctx context.Context) (auth.Token, error) {
	token, err := s.Source.Token(ctx)
	if err == nil {
		return token, nil
	}
	_, isAuth := errors.AsType[*auth.Error](err)
	_, isConfig := errors.AsType[*auth.ConfigError](err)
	if !isAuth && !isConfig {
		return token, err //nolint:wrapcheck // the source says what it is about.
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said[err.Error()] {
		return token, &repeatedError{err}
	}
	if s.said == nil {
		s.said = map[string]bool{}
	}
	s.said[err.Error()] = true
	return token, err //nolint:wrapcheck // the source says what it is about.
}

// repeatedError is an error that was explained before.
type repeatedError struct{ err error }

func (e *repeatedError) Error() string { return e.err.Error() }

func (e *repeatedError) Unwrap() error { return e.err }
