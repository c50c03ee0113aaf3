// Package simulator is an Appy Pie Connect service on loopback: the other side
// of the wire for the demonstration, the tests, and everyone without an account.
//
// It behaves as the contract in api/openapi.yaml says, which for most operations
// is an assumption. Where the live service's behavior is unknown (masking,
// merging, reuse of refresh tokens), Config chooses. The package shares no code
// with the client, so that it cannot inherit the client's mistakes.
package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// APIBase is the path below which the API operations live. The auth operations
// live at the root.
const APIBase = "/api/v2/integrations"

// Service is one simulated Connect service. It is safe for concurrent use.
type Service struct {
	cfg     Config
	clock   Clock
	cat     *catalog.Catalog
	routes  []*route
	pages   *page.Pages
	bell    bell          // rings at each change, for who watches
	limiter *rate.Limiter // nil: no limit
	faults  faultList
	speaker foreign.Speaker // nil: the contract's own words
	quirks  atomic.Pointer[quirkSet]
	journal journal
	opened  atomic.Int64 // connections accepted by Start's listener
	open    atomic.Int64 // those of them that are not closed

	// mu guards everything below. It is held while an operation computes and
	// never while one waits.
	mu        sync.Mutex
	world     world
	past      []world
	places    map[string]uint64 // connect id → Seq, kept after a delete
	counter   uint64            // every id and token is one more
	grants    grants
	late      []lateCall          // refused and still to be carried out
	newborns  map[string]*newborn // connect id → what does not know of it yet
	runs      map[string]*testRun
	changes   []*change // the chronicle, oldest first
	changeSeq uint64
	dirty     bool // something changed that the state file does not hold yet
}

// New makes a service. The error names every setting that makes no sense, or
// says what is wrong with the state file.
func New(cfg Config) (*Service, error) {
	cfg, err := cfg.normalized()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	routes, err := compileRoutes(cfg.Paths)
	if err != nil {
		return nil, fmt.Errorf("%w: paths: %w", ErrConfig, err)
	}
	// What is only foreign, or done in another way, is found first.
	routes = append(foreignRoutes(cfg.Dialect), routes...)
	pages, err := page.New()
	if err != nil {
		return nil, fmt.Errorf("simulator pages: %w", err)
	}
	s := &Service{
		cfg: cfg, clock: cfg.Clock, cat: catalog.New(cfg.Seed), routes: routes, pages: pages,
		journal:  newJournal(cfg.JournalLimit),
		places:   map[string]uint64{},
		grants:   newGrants(),
		newborns: map[string]*newborn{}, runs: map[string]*testRun{},
		speaker: cfg.Dialect.speaker(),
	}
	if err := s.SetQuirks(cfg.Quirks...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	s.world = newWorld(s.cat)
	if cfg.RequestsPerSecond > 0 {
		burst := cfg.Burst
		if burst == 0 {
			burst = max(1, int(math.Ceil(cfg.RequestsPerSecond)))
		}
		s.limiter = rate.NewLimiter(rate.Limit(cfg.RequestsPerSecond), burst)
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler returns the service as an HTTP handler. Start is the usual way to run
// it; the handler alone does not count connections.
func (s *Service) Handler() http.Handler { return http.HandlerFunc(s.serveHTTP) }

// Catalog returns what the service offers. Callers must not change it.
func (s *Service) Catalog() *catalog.Catalog { return s.cat }

// ClientID returns the id of the one registered client.
func (s *Service) ClientID() string { return s.cat.ObjectID("client", "id") }

// ClientSecret returns the secret of the one registered client.
func (s *Service) ClientSecret() string { return s.secret("cs", "client") }

// TokenKey returns the public half of the platform key pair.
func (s *Service) TokenKey() string { return s.secret("tk", "platform") }

// SecretKey returns the secret half of the platform key pair.
func (s *Service) SecretKey() string { return s.secret("sk", "platform") }

// secret derives a credential from the seed. The prefix tells a reader of a
// failed leak test what leaked.
func (s *Service) secret(prefix, name string) string {
	mac := hmac.New(sha256.New, []byte(strconv.FormatUint(s.cfg.Seed, 10)))
	mac.Write([]byte(prefix + "/" + name))
	return prefix + "_" + hex.EncodeToString(mac.Sum(nil))[:40]
}

// nextSecret mints a token nobody has seen.
func (s *Service) nextSecret(prefix string) string {
	s.counter++
	s.dirty = true
	return s.secret(prefix, strconv.FormatUint(s.counter, 10))
}

// nextID mints an object id.
func (s *Service) nextID(kind string) string {
	s.counter++
	return s.cat.ObjectID(kind, strconv.FormatUint(s.counter, 10))
}

// now is the time as the wire shows it.
func (s *Service) now() time.Time { return s.clock.Now().UTC().Truncate(time.Millisecond) }

// wireTime renders a time as RFC 3339 with milliseconds, as the reference does.
func wireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
