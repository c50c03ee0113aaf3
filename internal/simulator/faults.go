package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// FaultKind names a way to go wrong.
type FaultKind string

// The ways to go wrong.
const (
	// FaultStatus refuses with Status, Code and Message and does nothing.
	FaultStatus FaultKind = "status"
	// FaultDelay waits for Delay and then carries on. When the client leaves
	// meanwhile the request is carried out all the same: it was received.
	FaultDelay FaultKind = "delay"
	// FaultResetBeforeCommit drops the connection before anything is done.
	FaultResetBeforeCommit FaultKind = "reset_before_commit"
	// FaultResetAfterCommit does everything and drops the connection instead of answering.
	FaultResetAfterCommit FaultKind = "reset_after_commit"
	// FaultStaleList answers a read as it was before the last Writes writes.
	FaultStaleList FaultKind = "stale_list"
	// FaultMalformedBody does everything and answers half of the JSON (or Body).
	FaultMalformedBody FaultKind = "malformed_body"
	// FaultHTML answers 200 with a login page and does nothing.
	FaultHTML FaultKind = "html"
	// FaultSuccessFalse answers 200 with success false and does nothing.
	FaultSuccessFalse FaultKind = "success_false"
	// FaultNotApplied answers an API write like a success and changes nothing.
	FaultNotApplied FaultKind = "not_applied"
	// FaultHang does nothing until the client gives up.
	FaultHang FaultKind = "hang"
)

func faultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultDelay, FaultResetBeforeCommit, FaultResetAfterCommit, FaultStaleList,
		FaultMalformedBody, FaultHTML, FaultSuccessFalse, FaultNotApplied, FaultHang,
	}
}

// AnyOperation is the Fault.Operation that fits all.
const AnyOperation = "*"

// Fault makes requests go wrong. It applies to requests that passed the rate
// limit and carry valid credentials, in the order the faults were added, one
// fault a request.
type Fault struct {
	// Operation is an operation's name, or AnyOperation (also when empty).
	Operation string
	// ConnectID narrows the fault to requests whose path names this connect.
	ConnectID string
	// Match narrows the fault further. It sees the entry as journaled so far and
	// is called while faults are locked: it must not add or clear faults.
	Match func(Entry) bool

	Kind FaultKind
	// Status is the HTTP status of FaultStatus; 0 is 500.
	Status int
	// Code is the application code; 0 repeats the status.
	Code    int
	Message string
	// RetryAfter is sent as the Retry-After header; a 429 defaults to "1".
	RetryAfter string
	// Delay is waited for before anything else, whatever the kind.
	Delay time.Duration
	// Body and ContentType replace the answer of status, malformed_body and html.
	Body, ContentType string
	// Writes is how many writes a stale list goes back, 1 to 16; 0 is 1.
	Writes int

	// Skip lets so many fitting requests pass first.
	Skip int
	// Times is how often the fault applies: 0 is once, negative is always.
	Times int
}

// validate reports what makes no sense about a fault.
func (f Fault) validate() error {
	if !slices.Contains(faultKinds(), f.Kind) {
		return fmt.Errorf("fault kind %q: choose one of %q", f.Kind, faultKinds())
	}
	if f.Operation != AnyOperation && f.Operation != "" && !slices.Contains(Operations(), f.Operation) {
		return fmt.Errorf("there is no operation %q", f.Operation)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("status %d is outside 200 to 599", f.Status)
	}
	return nil
}

func (f Fault) fits(e Entry) bool {
	return (f.Operation == "" || f.Operation == AnyOperation || f.Operation == e.Operation) &&
		(f.ConnectID == "" || f.ConnectID == e.ConnectID) &&
		(f.Match == nil || f.Match(e))
}

// faultList is the faults waiting for their request. It has its own lock, so
// that Fault.Match may ask the service anything else.
type faultList struct {
	mu   sync.Mutex
	list []*Fault
}

// AddFault arms a fault. One that makes no sense answers every fitting request
// with a 500 that says why, so that a test that misspells it fails.
func (s *Service) AddFault(f Fault) {
	if err := f.validate(); err != nil {
		f = Fault{Operation: AnyOperation, Kind: FaultStatus, Message: err.Error(), Times: -1}
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &f)
}

// ClearFaults disarms all faults.
func (s *Service) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// Faults returns the faults that are still armed, with Skip and Times counted down.
func (s *Service) Faults() []Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	armed := make([]Fault, 0, len(s.faults.list))
	for _, f := range s.faults.list {
		armed = append(armed, *f)
	}
	return armed
}

// take returns the fault that applies to a request, used up by one, or the zero
// Fault.
func (l *faultList) take(e Entry) Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, f := range l.list {
		if !f.fits(e) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		taken := *f
		switch {
		case f.Times < 0:
		case f.Times <= 1:
			l.list = slices.Delete(l.list, i, i+1)
		default:
			f.Times--
		}
		return taken
	}
	return Fault{}
}

// refusal is the answer of a fault that refuses instead of acting.
func (f Fault) refusal(operation string) reply {
	message := cmp.Or(f.Message, "simulated fault")
	if f.Kind == FaultHTML {
		return f.dressed(htmlReply(http.StatusOK, []byte("<!doctype html><title>Log in</title><h1>Log in to continue</h1>\n")))
	}
	if f.Kind == FaultSuccessFalse {
		return jsonReply(http.StatusOK, refusal{Code: cmp.Or(f.Code, http.StatusInternalServerError), Message: message})
	}
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	answer := renderError(&apiError{status: status, code: f.Code, message: message})
	// The auth endpoints refuse credentials in shapes of their own.
	switch {
	case operation == opCreateToken && status == http.StatusBadRequest:
		answer = renderError(&tokenError{status: status, code: "invalid_grant", description: message})
	case operation == opCreateToken && status == http.StatusUnauthorized:
		answer = renderError(&tokenError{status: status, code: "invalid_client", description: message})
	case operation == opCreatePlatformKey && (status == http.StatusBadRequest || status == http.StatusUnauthorized):
		answer = renderError(&keyError{status: status, message: message})
	}
	retryAfter := f.RetryAfter
	if retryAfter == "" && status == http.StatusTooManyRequests {
		retryAfter = "1"
	}
	if retryAfter != "" {
		answer.header.Set("Retry-After", retryAfter)
	}
	return f.dressed(answer)
}

// truncated cuts an answer in half: JSON that ends too early.
func (f Fault) truncated(answer reply) reply {
	if f.Body == "" {
		answer.body = answer.body[:len(answer.body)/2]
	}
	return f.dressed(answer)
}

func (f Fault) dressed(answer reply) reply {
	if f.Body != "" {
		answer.body = []byte(f.Body)
	}
	if f.ContentType != "" {
		answer.header.Set("Content-Type", f.ContentType)
	}
	return answer
}

// dropConnection ends the connection without an answer, with a reset where the
// transport allows one.
func dropConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// Aborting closes the connection too; net/http logs nothing for it.
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // A close with nothing lingering sends RST.
	}
	_ = conn.Close()
}

// faultJSON is a fault on the admin path.
type faultJSON struct {
	Operation   string    `json:"operation,omitempty"`
	ConnectID   string    `json:"connect_id,omitempty"`
	Kind        FaultKind `json:"kind"`
	Status      int       `json:"status,omitempty"`
	Code        int       `json:"code,omitempty"`
	Message     string    `json:"message,omitempty"`
	RetryAfter  string    `json:"retry_after,omitempty"`
	Delay       string    `json:"delay,omitempty"` // as Go writes durations: "250ms"
	Body        string    `json:"body,omitempty"`
	ContentType string    `json:"content_type,omitempty"`
	Writes      int       `json:"writes,omitempty"`
	Skip        int       `json:"skip,omitempty"`
	Times       int       `json:"times,omitempty"`
}

// MarshalJSON renders a fault as the admin path shows it; Match has no JSON.
func (f Fault) MarshalJSON() ([]byte, error) {
	out := faultJSON{
		Operation: f.Operation, ConnectID: f.ConnectID, Kind: f.Kind, Status: f.Status, Code: f.Code,
		Message: f.Message, RetryAfter: f.RetryAfter, Body: f.Body, ContentType: f.ContentType,
		Writes: f.Writes, Skip: f.Skip, Times: f.Times,
	}
	if f.Delay > 0 {
		out.Delay = f.Delay.String()
	}
	return json.Marshal(out)
}

func (in faultJSON) fault() (Fault, error) {
	f := Fault{
		Operation: in.Operation, ConnectID: in.ConnectID, Kind: in.Kind, Status: in.Status, Code: in.Code,
		Message: in.Message, RetryAfter: in.RetryAfter, Body: in.Body, ContentType: in.ContentType,
		Writes: in.Writes, Skip: in.Skip, Times: in.Times,
	}
	if in.Delay != "" {
		delay, err := time.ParseDuration(in.Delay)
		if err != nil {
			return Fault{}, fmt.Errorf("delay %q is not a duration such as 250ms", in.Delay)
		}
		f.Delay = delay
	}
	return f, f.validate()
}
