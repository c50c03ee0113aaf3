package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

const (
	// callbackPath is the path that the browser is sent back to.
	callbackPath = "/callback"
	// pageWithin is how long the browser may take to receive the last page.
	pageWithin = 2 * time.Second
	// waitDefault is how long a person may take in the browser.
	waitDefault = 5 * time.Minute
)

// judge reads what the browser was sent back with. A *strangerError means that
// it belongs to another attempt; every other error ends this one.
type judge func(query url.Values) (string, error)

// strangerError is a redirect that this attempt did not ask for. It may come
// from any page in the browser, so it must not end the wait for the right one.
type strangerError struct{ reason string }

func (e *strangerError) Error() string { return e.reason }

func isStranger(err error) bool {
	_, ok := errors.AsType[*strangerError](err)
	return ok
}

// callback is where the browser is sent back to: a server on loopback, or an
// address elsewhere that a person pastes.
type callback struct {
	// url is the address to send the browser to.
	url *url.URL
	// server is nil for an address elsewhere.
	server    *http.Server
	redirects chan redirect
	done      chan struct{}
	served    chan struct{}
}

// redirect is one visit of the browser that waits for its verdict.
type redirect struct {
	query   url.Values
	verdict chan<- error
}

// newCallback is a callback that nothing listens for yet.
func newCallback(at *url.URL) *callback {
	return &callback{url: at, redirects: make(chan redirect), done: make(chan struct{}), served: make(chan struct{})}
}

// listenForCallback serves an address of this machine; port 0 takes a free one.
// It listens on the address's own IP, and on 127.0.0.1 for a name or none. An
// address without a host gets the one that is listened on.
func listenForCallback(ctx context.Context, port int, at url.URL) (*callback, error) {
	host := at.Hostname()
	if _, err := netip.ParseAddr(host); err != nil {
		host = "127.0.0.1"
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, errcode.Errorf(errcode.NoWayBack, "the callback port cannot be opened: %w", err)
	}
	if at.Scheme = "http"; at.Host == "" {
		at.Host = listener.Addr().String()
	}
	c := newCallback(&at)
	c.server = &http.Server{
		Handler: c, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10,
	}
	c.server.SetKeepAlivesEnabled(false)
	go func() {
		defer close(c.served)
		// It ends when it is told to; a listener that fails earlier shows as a
		// redirect that never comes.
		_ = c.server.Serve(listener)
	}()
	return c, nil
}

// close lets the browser receive its page and stops listening.
func (c *callback) close(ctx context.Context) {
	close(c.done)
	if c.server == nil {
		return
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), pageWithin)
	defer cancel()
	if err := c.server.Shutdown(bounded); err != nil {
		_ = c.server.Close()
	}
	<-c.served
}

// ServeHTTP accepts the one request that the browser makes on its way back. The
// Host is checked because any name can be made to resolve to this machine.
func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Host != c.url.Host:
		writePage(w, http.StatusForbidden, "Not here", "This address is for appypie on this machine only.")
	case r.URL.Path != c.url.Path:
		writePage(w, http.StatusNotFound, "Not found", "appypie waits for another address.")
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		writePage(w, http.StatusMethodNotAllowed, "Not like this", "appypie waits for a GET request.")
	default:
		c.hand(w, r)
	}
}

// hand passes a visit to whoever waits and shows what came of it.
func (c *callback) hand(w http.ResponseWriter, r *http.Request) {
	verdict := make(chan error, 1)
	select {
	case c.redirects <- redirect{r.URL.Query(), verdict}:
	case <-c.done:
		writePage(w, http.StatusGone, "Too late", "appypie does not wait any more. You can close this window.")
		return
	case <-r.Context().Done():
		return
	}
	switch err := <-verdict; {
	case err == nil:
		writePage(w, http.StatusOK, "Done", "Go back to the terminal. You can close this window.")
	case isStranger(err):
		writePage(w, http.StatusBadRequest, "Refused", "This answer does not belong to the attempt that appypie waits for. Use the newest link in the terminal.")
	default:
		writePage(w, http.StatusOK, "Not done", "The terminal says why. You can close this window.")
	}
}

// writePage writes one of the fixed texts above. The page says nothing of what
// the address held and nothing in it runs or loads.
func writePage(w http.ResponseWriter, status int, title, text string) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>appypie: %s</title></head>`+
		`<body style="font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem"><h1>%s</h1><p>%s</p></body></html>`+"\n",
		title, title, text)
}

// waiting is what happens beside a wait.
type waiting struct {
	// pasted is nil where nothing can be pasted.
	pasted <-chan pastedLine
	// ticks are the times to call tick.
	ticks <-chan time.Time
	tick  func(now time.Time)
	// refused is told of what does not belong to this attempt.
	refused func(err error)
}

// wait judges visits and pasted addresses until one decides.
func (c *callback) wait(ctx context.Context, decide judge, beside waiting) (string, error) {
	for {
		select {
		case visit := <-c.redirects:
			value, err := decide(visit.query)
			visit.verdict <- err
			if !isStranger(err) {
				return value, err
			}
			beside.refused(err)
		case now := <-beside.ticks:
			beside.tick(now)
		case line := <-beside.pasted:
			query, err := c.parsePasted(line)
			if err != nil {
				return "", err
			}
			return decide(query)
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

// tooLate is what a wait ends with when nothing came back in time.
func tooLate(after time.Duration) error {
	return errcode.Errorf(errcode.BrowserSilent, "no answer came back from the browser within %s", after)
}

// checkWaiting checks the flags of a command that waits for the browser.
func checkWaiting(port int, timeout time.Duration) error {
	if port < 0 || port > 65535 {
		return usage("--port must be a number from 0 to 65535")
	}
	if timeout <= 0 {
		return usage("--timeout must be more than 0, such as 5m")
	}
	return nil
}
