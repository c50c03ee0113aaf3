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

	said said
}

// Token implements auth.Source.
func (s *onceSource) Token(ctx context.Context) (auth.Token, error) {
	token, err := s.Source.Token(ctx)
	_, isAuth := errors.AsType[*auth.Error](err)
	_, isConfig := errors.AsType[*auth.ConfigError](err)
	if isAuth || isConfig {
		return token, &sharedError{err, &s.said}
	}
	return token, err
}

// said are the causes that diagnostics of a run have explained.
type said struct {
	mu    sync.Mutex
	texts map[string]bool
}

// before reports whether a cause was explained before, and notes that it is.
func (s *said) before(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[text] {
		return true
	}
	if s.texts == nil {
		s.texts = map[string]bool{}
	}
	s.texts[text] = true
	return false
}

// sharedError is an error that many resources of a run have in common. It counts
// as explained when a diagnostic was made of it, because some calls fail without
// a word.
type sharedError struct {
	error

	said *said
}

func (e *sharedError) Unwrap() error { return e.error }
