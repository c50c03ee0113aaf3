package auth

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Defaults of the settings that Config leaves out.
const (
	// DefaultTokenURL is the token endpoint (documented: "refresh-your-token").
	DefaultTokenURL = "https://connectcloud.appypie.com/v1/oauth2/token"
	// DefaultProfile is the login that is used when none is named.
	DefaultProfile = "default"

	defaultExchangeTimeout = 30 * time.Second
	defaultCommandTimeout  = 30 * time.Second
	// A lock lasts for two exchanges at most, and the pause between them.
	defaultLockTimeout = 3 * time.Minute
)

// ClientAuth is where the client credentials go in a token request.
type ClientAuth string

const (
	// ClientAuthBody sends client_id and client_secret in the JSON body, as the
	// sample on the reference's refresh page does. It is the default.
	ClientAuthBody ClientAuth = "body"
	// ClientAuthHeader sends them as Basic authorization, which the reference's
	// page on authorization codes prefers.
	ClientAuthHeader ClientAuth = "header"
)

// Types of token stores.
const (
	StoreFile    = "file"
	StoreCommand = "command"
	StoreNone    = "none"
)

// LogFunc receives what the package has to say. Fields hold nothing secret.
type LogFunc func(ctx context.Context, level slog.Level, msg string, fields map[string]any)

// Config is everything a source can be made of. The first of AccessToken,
// TokenCommand, RefreshToken and the store that "appypie login" wrote wins.
type Config struct {
	// AccessToken is used as it is and never refreshed.
	AccessToken string
	// AccessTokenExpiresAt is its end; zero means unknown.
	AccessTokenExpiresAt time.Time

	// TokenCommand is the argument list of a program that prints
	// {"access_token": "...", "expires_at": ...}. It is not run by a shell.
	TokenCommand []string
	// TokenCommandTimeout bounds one run; zero means 30 seconds.
	TokenCommandTimeout time.Duration

	// ClientID, ClientSecret and RefreshToken are a login by configuration. The
	// refresh token is a seed: it is spent once and the store takes over.
	ClientID     string
	ClientSecret string
	RefreshToken string
	// ClientAuth is where the client credentials go; empty means the body.
	ClientAuth ClientAuth
	// TokenURL is the token endpoint; empty means DefaultTokenURL or, when only
	// a profile is configured, the one of the login.
	TokenURL string
	// Profile selects among several logins; empty means DefaultProfile.
	Profile string
	// Store says where the lineage of refresh tokens is kept.
	Store StoreConfig

	// ExchangeTimeout bounds one request to the token endpoint; zero means 30
	// seconds. Neither cancellation nor the client's own timeout shortens it.
	ExchangeTimeout time.Duration
	// HTTPClient reaches the token endpoint; nil means a client of its own.
	// Redirects are refused whatever it says.
	HTTPClient *http.Client
	// Clock is the time; nil means the system's.
	Clock wire.Clock
	// Logger receives progress and warnings; nil means silence.
	Logger LogFunc
}

// StoreConfig says where the lineage of refresh tokens is kept.
type StoreConfig struct {
	// Type is StoreFile (also when empty), StoreCommand or StoreNone.
	Type string
	// Path is a directory that only its owner may enter; empty means "appypie"
	// in the user's configuration directory. A command store keeps its lock and
	// its rescue file there.
	Path string
	// GetCommand prints the stored document, or nothing when there is none.
	// PutCommand stores the document it reads from standard input. Both are
	// argument lists, not run by a shell.
	GetCommand []string
	PutCommand []string
	// EncryptionKey encrypts the document when it is not empty.
	EncryptionKey string
	// LockTimeout bounds the wait for another process; zero means three minutes.
	LockTimeout time.Duration
}

// loginOnly leaves out the sources that a login has nothing to do with.
func (c Config) loginOnly() Config {
	c.AccessToken, c.AccessTokenExpiresAt, c.TokenCommand, c.RefreshToken = "", time.Time{}, nil, ""
	return c
}

// secrets is what no message may show, whole or in part.
func (c Config) secrets() []string {
	return []string{c.ClientSecret, c.RefreshToken, c.AccessToken, c.Store.EncryptionKey}
}

// withDefaults fills what Config leaves out, except for TokenURL and Profile,
// whose absence means something to a login store.
func (c Config) withDefaults() Config {
	if c.TokenCommandTimeout <= 0 {
		c.TokenCommandTimeout = defaultCommandTimeout
	}
	if c.ExchangeTimeout <= 0 {
		c.ExchangeTimeout = defaultExchangeTimeout
	}
	if c.Store.LockTimeout <= 0 {
		c.Store.LockTimeout = defaultLockTimeout
	}
	if c.Store.Type == "" {
		c.Store.Type = StoreFile
	}
	if c.Profile == "" {
		c.Profile = DefaultProfile
	}
	if c.Clock == nil {
		c.Clock = wire.SystemClock{}
	}
	if c.Logger == nil {
		c.Logger = func(context.Context, slog.Level, string, map[string]any) {}
	}
	return c
}
