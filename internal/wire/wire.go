// Package wire holds what everything that speaks HTTP to the service needs and
// that must not be written twice: what may be shown of a foreign text, how a
// lenient scalar is read, when to come back, which URLs may get credentials, and
// the clock that waits are made on. It knows neither operations nor tokens.
package wire

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Clock is the time as the packages above see it. Tests replace it.
type Clock interface {
	// Now is the local time.
	Now() time.Time
	// After delivers once the duration has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the clock of this machine.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now() }

// After implements Clock.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Sleep waits on a clock. The error is that of the context, when it ends first.
func Sleep(ctx context.Context, clock Clock, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case <-clock.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// LongestPause is what a longer Retry-After is cut to: a day is longer than any
// operation may take, and a larger number would overflow a duration.
const LongestPause = 24 * time.Hour

// RetryAfter reads the header Retry-After: seconds, or a date. It reports
// whether the header says anything.
func RetryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if value != "" && strings.Trim(value, "0123456789") == "" {
		// What does not fit a number is longer than LongestPause, too.
		if seconds, err := strconv.ParseInt(value, 10, 64); err == nil && seconds < int64(LongestPause/time.Second) {
			return time.Duration(seconds) * time.Second, true
		}
		return LongestPause, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(0, at.Sub(now)), LongestPause), true
}

// Errors of CheckURL. Their texts say what to do and quote nothing of the URL,
// which may hold credentials.
var (
	ErrNoURL          = errors.New("not a URL with scheme and host: write it whole, such as https://host/path")
	ErrURLCredentials = errors.New("the URL must not contain credentials: remove the user name and password")
	ErrURLQuery       = errors.New("the URL must have no query and no fragment: remove them")
	ErrURLInsecure    = errors.New("credentials would be sent in the clear: use https (plain http is allowed for loopback addresses only)")
)

// CheckURL refuses URLs that credentials must not be sent to: anything but
// https, except plain http to a loopback address (the simulator).
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return ErrNoURL
	case u.User != nil:
		return ErrURLCredentials
	case strings.ContainsAny(raw, "?#"):
		// Even an empty one would swallow the path that is appended.
		return ErrURLQuery
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	default:
		return ErrURLInsecure
	}
}

// IsLoopback reports whether a host without port, with or without the brackets
// of IPv6, is this machine.
func IsLoopback(host string) bool {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// Interrupted reports whether an error is the end of a context.
func Interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Cause is what went wrong with a request, without the URL that net/http puts
// into its errors: its query may hold a token. For a certificate it names the
// setting that makes its authority known.
func Cause(err error) error {
	wrapped, ok := errors.AsType[*url.Error](err)
	if ok {
		err = wrapped.Err
	}
	if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); unknown {
		return fmt.Errorf("%w: set ca_certificate_file (APPYPIE_CA_CERTIFICATE_FILE) to a PEM file of that authority", err)
	}
	if ok && wrapped.Timeout() {
		return fmt.Errorf("timed out: %w", err)
	}
	return err
}

// CheckProxy returns an error that names the first variable that sets a proxy
// and cannot be used. net/http ignores such a variable, or fails with an address
// that nobody wrote. The value is not quoted: it may hold a password.
func CheckProxy(getenv func(name string) string) error {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if value := getenv(name); value != "" && !usableProxy(value) {
			return fmt.Errorf("%s is not a usable proxy: write it as http://host:port, or unset it", name)
		}
	}
	return nil
}

// usableProxy accepts what net/http does: a URL, or a host with or without port.
func usableProxy(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return false
	}
	_, notIP := netip.ParseAddr(u.Hostname())
	return notIP == nil || !strings.Contains(u.Hostname(), ":")
}
