package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a Service that listens.
type Server struct {
	*Service

	// URL is the root, without a trailing slash.
	URL string

	http   *http.Server
	cancel context.CancelFunc
	done   chan error
}

// Start makes a service and serves it on addr, which must be a loopback
// address: the service has no protection that would let it face a network. Port
// 0 takes a free one. The server ends with Close; ctx ends only waits.
func Start(ctx context.Context, cfg Config, addr string) (*Server, error) {
	service, err := New(cfg)
	if err != nil {
		return nil, err
	}
	if err := checkLoopback(addr); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the simulator cannot listen: %w", err)
	}
	base, cancel := context.WithCancel(ctx)
	s := &Server{
		Service: service, URL: "http://" + listener.Addr().String(),
		cancel: cancel, done: make(chan error, 1),
		http: &http.Server{
			Handler:           service.Handler(),
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    64 << 10,
			BaseContext:       func(net.Listener) context.Context { return base },
			ConnState: func(_ net.Conn, state http.ConnState) {
				switch state {
				case http.StateNew:
					service.opened.Add(1)
					service.open.Add(1)
				case http.StateClosed, http.StateHijacked:
					service.open.Add(-1)
				case http.StateActive, http.StateIdle:
				}
			},
		},
	}
	go func() { s.done <- s.http.Serve(listener) }()
	return s, nil
}

// APIURL is the base of the API operations.
func (s *Server) APIURL() string { return s.URL + APIBase }

// TokenURL is the token endpoint.
func (s *Server) TokenURL() string { return s.URL + "/v1/oauth2/token" }

// AuthorizationURL is the authorization page.
func (s *Server) AuthorizationURL() string { return s.URL + "/oAuth/authorize" }

// PlatformKeyURL is the platform key endpoint.
func (s *Server) PlatformKeyURL() string { return s.URL + "/create-refresh-token" }

// ConnectionsOpened returns how many connections clients have opened so far.
func (s *Service) ConnectionsOpened() int64 { return s.opened.Load() }

// ConnectionsOpen returns how many of them are open now.
func (s *Service) ConnectionsOpen() int64 { return s.open.Load() }

// Close ends hanging requests, lets the others finish until ctx ends, and stops
// listening.
func (s *Server) Close(ctx context.Context) error {
	s.cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// checkLoopback refuses every address that others could reach.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%w: address %q is not host:port: %w", ErrConfig, addr, err)
	}
	if !isLoopbackHost(host) {
		return fmt.Errorf("%w: address %q is not a loopback address; use 127.0.0.1 or [::1]", ErrConfig, addr)
	}
	return nil
}

// isLoopbackHost reports whether a host without port names this machine only.
func isLoopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
