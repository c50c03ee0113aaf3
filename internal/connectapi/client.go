package connectapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// DefaultBaseURL is the API base that the reference's samples use.
const DefaultBaseURL = "https://developer.appypie.com/api/v2/integrations"

// Config configures New.
type Config struct {
	// BaseURL is the API base without a trailing slash; empty means
	// DefaultBaseURL. It must be https, or http on loopback.
	BaseURL string
	// Dialect is what the service looks like on the wire; nil means the default.
	Dialect *dialect.Dialect
	// HTTPClient comes from NewHTTPClient.
	HTTPClient *http.Client
	// Tokens gives the access token of every call.
	Tokens auth.Source
	// PlatformKeys gives the ACCESSTOKEN header; nil sends none.
	PlatformKeys PlatformKeySource
	// Retry bounds the repetition of calls.
	Retry RetryPolicy
	// RequestTimeout bounds one attempt from when it is sent to the end of its
	// answer; 0 means DefaultRequestTimeout.
	RequestTimeout time.Duration
	// Settle are the pauses between readings that do not show a write yet; nil
	// means about four seconds in all.
	Settle []time.Duration
	// Lost are the pauses between readings after a creation whose answer was
	// lost while the service may still be working on it; nil means
	// RequestTimeout in all.
	Lost []time.Duration
	// MaxRequestsPerSecond paces all calls of this client; 0 means no limit.
	MaxRequestsPerSecond float64
	// Clock is the clock of all waits and ages; nil means that of the machine.
	Clock wire.Clock
	// Trace receives every attempt as it was sent and answered, secrets included:
	// it is for who shows them redacted. nil drops them.
	Trace func(Exchange)
	// Log receives one entry a request and never a secret; nil drops them.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// PlatformKeySource gives the platform key. *auth.PlatformKeySource is one.
type PlatformKeySource interface {
	Key(ctx context.Context) (string, error)
	Reject(key string)
}

// Client calls the API. It is safe for concurrent use.
type Client struct {
	baseURL  string
	dialect  *dialect.Dialect
	http     *http.Client
	tokens   auth.Source
	platform PlatformKeySource
	retry    RetryPolicy
	timeout  time.Duration
	settle   []time.Duration
	lost     []time.Duration
	clock    wire.Clock
	log      func(ctx context.Context, message string, fields map[string]any)
	trace    func(Exchange)

	// slots are the connections that attempts may use at once, so that none
	// spends its time waiting for one.
	slots   chan struct{}
	pacer   pacer
	secrets secrets

	// borneOut counts switches whose answer a reading bore out.
	borneOut atomic.Int32

	locks     *keyedLocks
	directory *directory
	// fromOne remembers which listings were found to count pages from 1.
	fromOne wire.Memo[bool]

	apps    wire.Memo[*App]
	events  wire.Memo[*Event]
	matches wire.Memo[*PopularMatch]
}

// New returns a client. It makes no call.
func New(cfg Config) (*Client, error) {
	base := strings.TrimRight(cfg.BaseURL, "/")
	if base == "" {
		base = DefaultBaseURL
	}
	if err := wire.CheckURL(base); err != nil {
		return nil, err
	}
	if cfg.HTTPClient == nil || cfg.Tokens == nil {
		return nil, errors.New("connectapi: HTTPClient and Tokens are required")
	}
	if cfg.Dialect == nil {
		var err error
		if cfg.Dialect, err = dialect.Load(); err != nil {
			return nil, fmt.Errorf("the default dialect: %w", err)
		}
	}
	client := &Client{
		baseURL: base, dialect: cfg.Dialect,
		http: cfg.HTTPClient, tokens: cfg.Tokens, platform: cfg.PlatformKeys,
		retry: cfg.Retry.withDefaults(), timeout: cfg.RequestTimeout, settle: cfg.Settle, lost: cfg.Lost, clock: cfg.Clock, log: cfg.Log, trace: cfg.Trace,
		slots: make(chan struct{}, connections), locks: newKeyedLocks(),
	}
	client.defaults()
	if cfg.MaxRequestsPerSecond > 0 {
		// A service may count over a shorter time than a second: so no two
		// requests are closer than the limit says.
		client.pacer.limiter = rate.NewLimiter(rate.Limit(cfg.MaxRequestsPerSecond), 1)
	}
	client.directory = newDirectory(client.listConnects, client.clock)
	return client, nil
}

func (c *Client) defaults() {
	const half = 500 * time.Millisecond
	if c.timeout == 0 {
		c.timeout = DefaultRequestTimeout
	}
	if c.settle == nil {
		c.settle = []time.Duration{150 * time.Millisecond, 400 * time.Millisecond, time.Second, 2 * time.Second}
	}
	if c.lost == nil {
		for pause, left := half, c.timeout; left > 0; pause *= 2 {
			c.lost = append(c.lost, min(pause, left))
			left -= pause
		}
	}
	if c.clock == nil {
		c.clock = wire.SystemClock{}
	}
	if c.trace == nil {
		c.trace = func(Exchange) {}
	}
	if c.log == nil {
		c.log = func(context.Context, string, map[string]any) {}
	}
}

// secrets are the values that a client was given or sent and that none of its
// errors may show.
type secrets struct {
	mu    sync.Mutex
	known map[string]bool
}

func (s *secrets) add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	for _, value := range values {
		if value != "" {
			s.known[value] = true
		}
	}
}

func (s *secrets) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]string, 0, len(s.known))
	for value := range s.known {
		all = append(all, value)
	}
	return all
}

// said is what a service says, fit to be shown.
func (c *Client) said(text string) string {
	if text == "" {
		return ""
	}
	return wire.Said(text, c.secrets.all()...)
}

// call is one use of an operation.
type call struct {
	op dialect.Operation
	// args are the operation's arguments, see dialect.Arguments.
	args map[string]any
	// once has the call not repeated when the service fails.
	once bool
	// proven has a listing that repeats its first page be an error: what it does
	// not show would be taken for gone.
	proven bool
}
