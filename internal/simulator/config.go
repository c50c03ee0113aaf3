package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ErrConfig means that the service was asked to be something that it cannot be.
var ErrConfig = errors.New("simulator configuration")

// Masking says how secret option values come back in reads. Which of the three
// the live service does is unknown, so a client must be right under all.
type Masking string

// The ways a secret option value can come back.
const (
	MaskingMask Masking = "mask" // as four asterisks
	MaskingOmit Masking = "omit" // not at all
	MaskingEcho Masking = "echo" // as it was sent
)

// EditMode says what happens to options that an edit does not mention.
type EditMode string

// The ways an edit can treat options it does not mention.
const (
	EditReplace EditMode = "replace" // they are dropped
	EditMerge   EditMode = "merge"   // they stay
)

// ReusePolicy says what a refresh token that was already spent does.
type ReusePolicy string

// The policies for a spent refresh token.
const (
	ReuseRevokesFamily ReusePolicy = "revoke" // refused, and every token of its family with it
	ReuseRefused       ReusePolicy = "refuse" // refused, nothing else happens
	ReuseAllowed       ReusePolicy = "allow"  // answered like a fresh one
)

// MaskWrites says what an edit that sends the mask of a secret value does.
type MaskWrites string

// The ways an edit can treat a mask sent back.
const (
	MaskWritesKeep  MaskWrites = "keep"  // the value stays as it was
	MaskWritesStore MaskWrites = "store" // the four asterisks become the value
)

// Defaults of Config.
const (
	DefaultPageLimit       = 100
	DefaultAccessTokenLife = time.Hour
	DefaultJournalLimit    = 100_000
)

// maxPageLimit is the most entries a page may ask for (assumed contract).
const maxPageLimit = 100

// Config decides how the service behaves. The zero value is a service with
// seed 0, the machine's clock, no latency, no limits and no state file.
type Config struct {
	// Seed decides every id, credential and token.
	Seed uint64
	// Clock is the service's only source of time; nil means a ShiftClock.
	Clock Clock
	// StateFile keeps connects, accounts, history and tokens across restarts.
	// Empty keeps them in memory. The file holds tokens and has mode 0600.
	StateFile string

	// PageLimit is the most entries one page holds, 1 to 100.
	PageLimit int
	// RequestsPerSecond limits API operations; 0 is unlimited. Over it the
	// answer is 429 with Retry-After.
	RequestsPerSecond float64
	// Burst is how many requests may come at once before the limit bites; 0 is
	// one second's worth.
	Burst int
	// Latency is added to every API and token operation.
	Latency time.Duration
	// TestDuration is how long a test run takes (about 15 to 30 s for real).
	TestDuration time.Duration
	// AccessTokenLife is how long an access token is valid.
	AccessTokenLife time.Duration

	// Reuse is what a spent refresh token does; empty means ReuseRevokesFamily.
	Reuse ReusePolicy
	// Masking is how secret values are read; empty means MaskingMask.
	Masking Masking
	// MaskWrites is what writing a mask does; empty means MaskWritesKeep.
	MaskWrites MaskWrites
	// EditMode is what an edit does to unmentioned options; empty means EditReplace.
	EditMode EditMode
	// RequireOffToEdit refuses edits, renames and deletes of a connect that is ON.
	RequireOffToEdit bool
	// RequireTestToTurnOn refuses to turn on a connect whose last edit was not
	// followed by a successful test.
	RequireTestToTurnOn bool
	// Stored is the form in which names and option values are kept, such as
	// Normalize; nil keeps them as they were sent.
	Stored func(text string) string
	// PlatformKeyRequired refuses API calls without the ACCESSTOKEN header. A
	// wrong key is refused either way.
	PlatformKeyRequired bool
	// AutoAuthorize answers the authorization and account pages as if a person
	// had pressed Allow at once.
	AutoAuthorize bool

	// PageDelay is added to every page of a listing.
	PageDelay time.Duration
	// Lag is how long the service takes to know everywhere of a new connect.
	Lag Lag
	// Quirks are the ways in which the service differs from the contract.
	Quirks []Quirk

	// Dialect is how the API looks; empty means DialectContract.
	Dialect Dialect
	// Paths replaces the method and path of operations, keyed by operation name
	// ("turn_on_connect": "POST /connects/{connectId}/enable"), to stand for a
	// service whose paths differ from what the contract assumes.
	Paths map[string]string
	// Observe sees every exchange of an API or auth operation just before its
	// answer leaves. It may be called by several goroutines at once.
	Observe func(Exchange)
	// JournalLimit is how many journal entries are kept; the oldest go first.
	JournalLimit int
}

// Exchange is one request to an API or auth operation and what was answered.
// It holds credentials as they were sent and must not be logged.
type Exchange struct {
	Operation      string // empty when no operation has this path
	Method         string
	Path           string // escaped, without the query
	Query          url.Values
	RequestHeader  http.Header
	RequestBody    []byte
	Status         int // 0 when the connection was dropped instead of answered
	ResponseHeader http.Header
	ResponseBody   []byte    // before compression
	Fault          FaultKind // what shaped the answer, if anything: a fault or FaultQuirk
}

// normalized returns the configuration with defaults filled in, or an error
// that names every setting that makes no sense.
func (c Config) normalized() (Config, error) {
	var problems []error
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	if c.Clock == nil {
		c.Clock = NewShiftClock()
	}
	if c.PageLimit == 0 {
		c.PageLimit = DefaultPageLimit
	}
	if c.PageLimit < 1 || c.PageLimit > maxPageLimit {
		complain("page limit %d: choose 1 to %d", c.PageLimit, maxPageLimit)
	}
	if c.RequestsPerSecond < 0 || min(c.Burst, c.JournalLimit, c.Lag.Requests, c.Lag.Listings) < 0 {
		complain("requests per second, burst, journal limit and the requests and listings of a lag cannot be negative")
	}
	if min(c.Latency, c.TestDuration, c.AccessTokenLife, c.PageDelay, c.Lag.Time) < 0 {
		complain("latency, test duration, access token life, page delay and lag cannot be negative")
	}
	if c.AccessTokenLife == 0 {
		c.AccessTokenLife = DefaultAccessTokenLife
	}
	if c.JournalLimit == 0 {
		c.JournalLimit = DefaultJournalLimit
	}
	problems = append(problems, c.checkDialect(),
		oneOf("dialect", &c.Dialect, DialectContract, DialectRPC, DialectREST),
		oneOf("reuse policy", &c.Reuse, ReuseRevokesFamily, ReuseRefused, ReuseAllowed),
		oneOf("masking", &c.Masking, MaskingMask, MaskingOmit, MaskingEcho),
		oneOf("mask writes", &c.MaskWrites, MaskWritesKeep, MaskWritesStore),
		oneOf("edit mode", &c.EditMode, EditReplace, EditMerge),
	)
	return c, errors.Join(problems...)
}

// checkDialect refuses what the words of another service have no place for.
func (c Config) checkDialect() error {
	if c.Dialect.speaker() == nil {
		return nil
	}
	if len(c.Paths) > 0 {
		return fmt.Errorf("paths are for the dialect %q", DialectContract)
	}
	for _, q := range c.Quirks {
		if q != QuirkDraft && q != QuirkOddStatus {
			return fmt.Errorf("the quirk %q is for the dialect %q", q, DialectContract)
		}
	}
	return nil
}

// oneOf sets an empty value to the first of the choices and refuses one that is
// none of them.
func oneOf[T ~string](what string, value *T, choices ...T) error {
	if *value == "" {
		*value = choices[0]
	}
	if slices.Contains(choices, *value) {
		return nil
	}
	return fmt.Errorf("%s %q: choose one of %q", what, *value, choices)
}
