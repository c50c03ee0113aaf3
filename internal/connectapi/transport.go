package connectapi

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// DefaultRequestTimeout bounds one attempt of one request, its body included.
// A test run acts in the target app and takes up to half a minute.
const DefaultRequestTimeout = 60 * time.Second

// idleConnections is Terraform's default parallelism, with room for the token
// endpoint. Go's default of two idle connections opens a new one for nearly
// every call of a large plan.
const idleConnections = 12

// TransportConfig configures NewHTTPClient.
type TransportConfig struct {
	// Timeout bounds one attempt; 0 means DefaultRequestTimeout.
	Timeout time.Duration
	// CAFile is a PEM file of certificate authorities that are trusted beside
	// the system's; empty means the system's only.
	CAFile string
	// UserAgent is sent with every request.
	UserAgent string
}

// NewHTTPClient returns the HTTP client that the API client and the token
// sources share: TLS 1.2 or newer, proxy from the environment, bounded in time,
// and never following a redirect, so that no credential reaches another host.
// The error names the CA file when it cannot be read.
func NewHTTPClient(cfg TransportConfig) (*http.Client, error) {
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   15 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * idleConnections,
		MaxIdleConnsPerHost:   idleConnections,
		MaxConnsPerHost:       idleConnections,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
		// A header block beyond this is not the API.
		MaxResponseHeaderBytes: 1 << 20,
	}

	if cfg.CAFile != "" {
		pool, err := certificatePool(cfg.CAFile)
		if err != nil {
			return nil, err
		}

		transport.TLSClientConfig.RootCAs = pool
	}

	timeout := cfg.Timeout
	if timeout == 0 {
		timeout = DefaultRequestTimeout
	}

	return &http.Client{
		Transport:     userAgentTransport{agent: cfg.UserAgent, next: transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       timeout,
	}, nil
}

func certificatePool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file) //nolint:gosec // the user names the file in the provider's configuration.
	if err != nil {
		return nil, fmt.Errorf("read the CA file: %w", err)
	}

	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}

	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the CA file %s holds no PEM certificate", file)
	}

	return pool, nil
}

type userAgentTransport struct {
	agent string
	next  http.RoundTripper
}

func (t userAgentTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", t.agent)

	return t.next.RoundTrip(req) //nolint:wrapcheck // the error passes through untouched.
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the pool.
func (t userAgentTransport) CloseIdleConnections() {
	if pool, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}

// CheckURL refuses URLs that credentials must not be sent to: anything but
// https, except plain http to a loopback address (the simulator).
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("not a URL: %w", withoutURL(err))
	}

	switch {
	case u.User != nil:
		return errors.New("the URL must not contain credentials")
	case u.Hostname() == "":
		return fmt.Errorf("%q has no host: write the whole URL, such as https://host/path", raw)
	case strings.ContainsAny(raw, "?#"):
		// Even an empty one would swallow the path that is appended.
		return errors.New("the URL must have no query and no fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	default:
		return fmt.Errorf("%q would send credentials in the clear: use https (plain http is allowed for loopback addresses only)", raw)
	}
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}

	ip := net.ParseIP(host)

	return ip != nil && ip.IsLoopback()
}
