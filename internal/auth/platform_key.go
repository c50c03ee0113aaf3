package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// DefaultPlatformKeyURL is where platform keys come from (documented:
// "authentication").
const DefaultPlatformKeyURL = "https://openapi2.appypie.com/create-refresh-token"

// PlatformKeyConfig is what a platform key is obtained with.
type PlatformKeyConfig struct {
	// TokenKey and SecretKey are the key pair of the account; both are needed.
	TokenKey  string
	SecretKey string
	// URL is the endpoint; empty means DefaultPlatformKeyURL.
	URL string
	// Timeout bounds the request; zero means one minute.
	Timeout time.Duration
	// HTTPClient reaches the endpoint; nil means a client of its own.
	HTTPClient *http.Client
}

// PlatformKeySource obtains the key that calls send as the ACCESSTOKEN header.
// It keeps the key for the life of the process and is safe for concurrent use.
// Unlike a refresh token the key pair may be used any number of times.
type PlatformKeySource struct {
	cfg    PlatformKeyConfig
	client *http.Client
	flight wire.Flight[string]

	mu       sync.Mutex
	key      string
	rejected map[string]bool
}

// NewPlatformKey does no I/O. Its errors are *ConfigError.
func NewPlatformKey(cfg PlatformKeyConfig) (*PlatformKeySource, error) {
	switch {
	case cfg.TokenKey == "":
		return nil, &ConfigError{"token_key", "token key is missing", "token_key and secret_key belong together; set both or neither"}
	case cfg.SecretKey == "":
		return nil, &ConfigError{"secret_key", "secret key is missing", "token_key and secret_key belong together; set both or neither"}
	}
	if cfg.URL == "" {
		cfg.URL = DefaultPlatformKeyURL
	}
	if err := validateURL("platform_key_url", cfg.URL); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultExchangeTimeout
	}
	return &PlatformKeySource{cfg: cfg, client: exchangeClient(cfg.HTTPClient), rejected: map[string]bool{}}, nil
}

// Key returns the key and obtains it when needed. Concurrent callers share one
// request. Its errors are *Error or the context's error.
func (s *PlatformKeySource) Key(ctx context.Context) (string, error) {
	if key := s.cached(); key != "" {
		return key, nil
	}
	return s.flight.Do(ctx, s.obtain)
}

// Reject reports that the API refused this key. The next call of Key obtains
// another one, unless that has happened already.
func (s *PlatformKeySource) Reject(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected[fingerprint(key)] = true
	if s.key == key {
		s.key = ""
	}
}

func (s *PlatformKeySource) cached() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}

func (s *PlatformKeySource) obtain(ctx context.Context) (string, error) {
	if key := s.cached(); key != "" {
		return key, nil
	}
	key, err := s.request(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejected[fingerprint(key)] {
		return "", s.failure(ErrTokenRejected, "the API refuses the platform key that the endpoint issues", nil)
	}
	s.key = key
	return key, nil
}

// request sends the key pair both ways: the reference's table calls the fields
// query parameters, and its sample sends them as a body.
func (s *PlatformKeySource) request(parent context.Context) (string, error) {
	payload, err := json.Marshal(map[string]string{"tokenKey": s.cfg.TokenKey, "secretKey": s.cfg.SecretKey})
	if err != nil {
		return "", fmt.Errorf("encode platform key request: %w", err)
	}
	ctx, cancel := context.WithTimeout(parent, s.cfg.Timeout)
	defer cancel()
	query := url.Values{"tokenKey": {s.cfg.TokenKey}, "secretKey": {s.cfg.SecretKey}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.URL+"?"+query.Encode(), bytes.NewReader(payload))
	if err != nil {
		return "", s.failure(ErrEndpoint, "the platform key URL is not usable", nil)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	answer, err := send(s.client, req)
	if err != nil {
		if parent.Err() != nil {
			return "", parent.Err()
		}
		return "", s.failure(ErrEndpoint, "the platform key endpoint "+s.cfg.URL+" cannot be reached", errors.New(wire.Excerpt(wire.Cause(err).Error(), s.cfg.TokenKey, s.cfg.SecretKey)))
	}
	return s.read(answer)
}

func (s *PlatformKeySource) read(a httpAnswer) (string, error) {
	fields := a.read()
	if a.success() && fields.accessToken != "" && !fields.refused {
		return fields.accessToken, nil
	}
	summary := "the platform key endpoint answered " + a.describe() + " and no key"
	if len(fields.said) > 0 {
		summary += ": " + wire.Excerpt(strings.Join(fields.said, ": "), s.cfg.TokenKey, s.cfg.SecretKey, fields.accessToken)
	}
	if a.status >= 500 || (a.status >= 300 && a.status < 400) || !fields.valid {
		return "", s.failure(ErrEndpoint, summary, nil)
	}
	return "", s.failure(ErrClientRejected, summary, nil)
}

func (s *PlatformKeySource) failure(kind error, summary string, cause error) error {
	out := newError(kind, summary, cause)
	out.Attribute = "token_key"
	return out
}
