package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Entry is one request to an API or auth operation, in the order of arrival.
type Entry struct {
	Seq       int               `json:"seq"`
	Time      time.Time         `json:"time"`
	RequestID string            `json:"request_id"`
	Operation string            `json:"operation"` // empty when no operation has this path
	Method    string            `json:"method"`
	Path      string            `json:"path"`
	Query     url.Values        `json:"query,omitempty"`  // credentials redacted
	Params    map[string]string `json:"params,omitempty"` // values of the path's placeholders
	// Body is the JSON as it was sent, credentials redacted; option values are
	// kept, secret ones too, because what was sent is what a test asks about.
	Body json.RawMessage `json:"body,omitempty"`
	// Bearer and PlatformKey say whether the headers were sent.
	Bearer      bool `json:"bearer"`
	PlatformKey bool `json:"platform_key"`
	// Status is 0 while the request is in flight and when it was dropped.
	Status int       `json:"status"`
	Fault  FaultKind `json:"fault,omitempty"`
	// RateLimited is whether the service's own limit refused the request.
	RateLimited bool `json:"rate_limited,omitempty"`
	// ConnectID is the connect in the path, or the one a create made.
	ConnectID string `json:"connect_id,omitempty"`
}

// journal is what was asked of the service. Entries are written at arrival, so
// that a request whose client died is there too, and completed at the answer.
type journal struct {
	mu      sync.Mutex
	limit   int
	seq     int
	entries []*Entry
	counts  map[string]int
}

func newJournal(limit int) journal { return journal{limit: limit, counts: map[string]int{}} }

// begin writes down a request and returns its place and a copy.
func (j *journal) begin(e Entry, requestID func(seq int) string) (*Entry, Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	e.Seq, e.RequestID = j.seq, requestID(j.seq)
	j.entries = append(j.entries, &e)
	if len(j.entries) > j.limit {
		j.entries = j.entries[1:]
	}
	j.counts[e.Operation]++
	return &e, e
}

// amend completes an entry.
func (j *journal) amend(place *Entry, change func(*Entry)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(place)
}

// Journal returns all requests since the start or the last reset.
func (s *Service) Journal() []Entry {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	out := make([]Entry, 0, len(s.journal.entries))
	for _, e := range s.journal.entries {
		out = append(out, *e)
	}
	return out
}

// newestRequests returns the newest entries of the journal, newest first.
func (s *Service) newestRequests(most int) []Entry {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	var out []Entry
	for _, e := range slices.Backward(s.journal.entries) {
		if len(out) == most {
			break
		}
		out = append(out, *e)
	}
	return out
}

// ResetJournal forgets all requests and their counts.
func (s *Service) ResetJournal() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.journal.entries = nil
	s.journal.counts = map[string]int{}
	s.bell.ring()
}

// RequestCounts returns the number of requests by operation since the start or
// the last reset of the journal; requests to no operation are under "".
func (s *Service) RequestCounts() map[string]int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return maps.Clone(s.journal.counts)
}

// newEntry describes a request without its credentials.
func (s *Service) newEntry(r *http.Request, route *route, params map[string]string, body []byte) Entry {
	e := Entry{
		Time: s.now(), Method: r.Method, Path: r.URL.Path, Params: params,
		Query:       redactQuery(r.URL.Query()),
		Bearer:      strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "),
		PlatformKey: r.Header.Get(platformKeyHeader) != "",
		ConnectID:   params["connectId"],
	}
	if route != nil {
		e.Operation = route.id
	}
	e.Body = redactBody(body, route != nil && !route.auth && route.id != opClaimAccount)
	return e
}

const redacted = "[redacted]"

// credentialNames are the members and parameters that carry credentials.
func credentialNames() []string {
	return []string{"client_secret", "refresh_token", "access_token", "code", "code_verifier", "tokenKey", "secretKey", "t", "token"}
}

func redactQuery(query url.Values) url.Values {
	for _, name := range credentialNames() {
		if query.Has(name) {
			query.Set(name, redacted)
		}
	}
	return query
}

// redactBody keeps the JSON of API operations as it is. Whatever else comes is
// kept only when it is an object whose credentials can be found.
func redactBody(body []byte, api bool) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	if api && json.Valid(body) {
		return slices.Clone(body)
	}
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return json.RawMessage(fmt.Sprintf("%q", fmt.Sprintf("[%d bytes that are not a JSON object]", len(body))))
	}
	for _, name := range credentialNames() {
		if _, sent := members[name]; sent {
			members[name] = redacted
		}
	}
	kept, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return kept
}
