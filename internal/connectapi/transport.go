package connectapi

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// DefaultRequestTimeout bounds one attempt of one request, its body included.
// A test run acts in the target app and takes up to half a minute.
const DefaultRequestTimeout = 60 * time.Second

// connections is Terraform's default parallelism, with some room. Go's default
// of two idle connections opens a new one for nearly every call of a large plan.
const connections = 12

// TransportConfig configures NewHTTPClient.
type TransportConfig struct {
	// CAFile is a PEM file of certificate authorities that are trusted beside
	// the system's; empty means the system's only.
	CAFile string
	// UserAgent is sent with every request.
	UserAgent string
}

// NewHTTPClient returns the HTTP client that the API client and the token
// sources share: TLS 1.2 or newer, proxy from the environment, and never following a redirect, so that no credential reaches another host.
// The error names the CA file when it cannot be read.
func NewHTTPClient(cfg TransportConfig) (*http.Client, error) {
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   15 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * connections,
		MaxIdleConnsPerHost:   connections,
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
	return &http.Client{
		Transport:     userAgentTransport{agent: cfg.UserAgent, next: transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
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
	return t.next.RoundTrip(req)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the pool.
func (t userAgentTransport) CloseIdleConnections() {
	if pool, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}
