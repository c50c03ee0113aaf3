package auth

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

const (
	dialTimeout         = 10 * time.Second
	tlsHandshakeTimeout = 10 * time.Second
)

// withoutRedirects returns a client that hands redirects back as answers, so
// that credentials go to the configured host only. Nil makes a client.
func withoutRedirects(client *http.Client) *http.Client {
	out := http.Client{Transport: newTransport()}
	if client != nil {
		out = *client
	}
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}

// newTransport is a transport of our own. Deadlines come from the context. Each
// request has its own connection: they are hours apart, and on a fresh
// connection the transport never repeats a request by itself.
func newTransport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: dialTimeout}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		ForceAttemptHTTP2:   true,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: tlsHandshakeTimeout,
		DisableKeepAlives:   true,
	}
}
