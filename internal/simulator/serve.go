package simulator

import (
	"compress/gzip"
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// platformKeyHeader is the header of the platform key (documented).
const platformKeyHeader = "ACCESSTOKEN"

// compressAbove is the size of an answer from which compressing is worth it.
const compressAbove = 1 << 10

// call is one request to an operation, as its handler sees it.
type call struct {
	req       *http.Request
	route     *route
	params    map[string]string
	query     url.Values
	body      []byte
	started   time.Time
	world     world // what reads see: the present, or the past in a stale list
	pageLimit int
	quirks    quirkSet
	foreign   *foreign.Call   // what was asked in other words; nil for the contract's own
	window    *foreign.Window // likewise
	unclear   error           // why the arguments cannot be understood
	fault     Fault           // the fault that the request met
	connectID string          // the connect that the request is about, for the journal
}

// serveHTTP sends a request to the admin path, a page for people, or an operation.
func (s *Service) serveHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, adminPrefix):
		s.serveAdmin(w, r)
	case isPage(r.URL.Path):
		s.servePage(w, r)
	default:
		s.serveOperation(w, r)
	}
}

// serveOperation journals a request, carries it out unless a fault forbids, and
// answers it unless a fault forbids that.
func (s *Service) serveOperation(w http.ResponseWriter, r *http.Request) {
	body, bodyErr := readBody(r)
	asked, err := s.understand(r, body)
	if err == nil {
		err = bodyErr
	}
	entry := s.newEntry(r, asked.route, asked.params, body)
	place, entry := s.journal.begin(entry, func(seq int) string { return s.cat.ObjectID("request", strconv.Itoa(seq)) })
	s.bell.ring()

	c := &call{
		req: r, route: asked.route, params: asked.params, query: r.URL.Query(), body: body, foreign: asked.foreign, unclear: asked.unclear,
		started: s.now(), pageLimit: s.cfg.PageLimit, connectID: entry.ConnectID, quirks: s.quirkSet(),
	}
	if asked.foreign != nil && err == nil {
		err = c.canonical(*asked.foreign)
	}
	var result outcome
	if err != nil {
		result.answer = renderError(err)
	} else {
		result = s.perform(r.Context(), c, entry)
	}
	if !result.dropped {
		result.answer = s.speak(c, result.answer)
		if result.answer.header == nil {
			result.answer.header = http.Header{}
		}
		result.answer.header.Set("X-Request-Id", entry.RequestID)
	}
	s.journal.amend(place, func(e *Entry) {
		e.Status, e.Fault, e.RateLimited, e.ConnectID = result.answer.status, result.fault, result.limited, c.connectID
	})
	s.bell.ring()
	if s.cfg.Observe != nil {
		s.cfg.Observe(Exchange{
			Operation: entry.Operation, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(),
			RequestHeader: r.Header.Clone(), RequestBody: body,
			Status: result.answer.status, ResponseHeader: result.answer.header.Clone(),
			ResponseBody: slices.Clone(result.answer.body), Fault: c.shaper(result.fault),
		})
	}
	switch {
	case result.dropped:
		dropConnection(w)
	case result.fault == FaultSlowDrip:
		s.drip(w, r, result.answer, result.every)
	case result.fault == FaultEndlessBody:
		flood(w, r, result.answer)
	case result.fault == FaultCutBody:
		cut(w, result.answer)
	default:
		s.write(w, r, result.answer)
	}
}

// outcome is how a request ended.
type outcome struct {
	answer  reply // zero when dropped
	dropped bool
	limited bool
	fault   FaultKind
	every   time.Duration // between the bytes of a slow answer
}

// perform is the whole way of a request: limit, credentials, faults, waits, the
// handler, and what faults do to its answer.
func (s *Service) perform(ctx context.Context, c *call, entry Entry) (result outcome) {
	// A mistake in a handler or in a test's Match is an answer like any other:
	// journaled, observed and with a request id.
	defer func() {
		if p := recover(); p != nil {
			result = outcome{answer: renderError(fmt.Errorf("the simulator failed: %v", p))}
		}
	}()
	if !c.route.auth {
		if err := s.overLimit(); err != nil {
			return outcome{answer: renderError(err), limited: true}
		}
		if err := s.checkCredentials(c.req); err != nil {
			return outcome{answer: renderError(err)}
		}
	}
	fault := s.faults.take(entry)
	c.fault = fault
	delay := s.cfg.Latency + fault.Delay
	if Paged(c.route.id) {
		delay += s.pageDelay()
	}
	s.wait(ctx, delay)
	result.fault = fault.Kind
	switch {
	case fault.Kind.refuses():
		result.answer = c.applyQuirks(fault.refusal(c.route.id, c.req.URL.Path))
		return result
	case fault.Kind == FaultResetBeforeCommit:
		result.dropped = true
		return result
	case fault.Kind == FaultLateCommit:
		s.lock()
		s.postpone(c, fault.After)
		s.mu.Unlock()
		result.answer = fault.refusal(c.route.id, c.req.URL.Path)
		return result
	case fault.Kind == FaultHang:
		<-ctx.Done()
		result.dropped = true
		return result
	}
	if c.route.id == opRunTest && s.cfg.Dialect != DialectREST {
		s.wait(ctx, s.cfg.TestDuration)
	}
	asked := c.query.Get(pageParameter)
	if fault.Kind == FaultRepeatedPage {
		c.askBefore()
	}
	result.answer = s.distorted(c, fault, s.execute(c, fault), asked)
	result.every = fault.Every
	if fault.Kind == FaultResetAfterCommit {
		result.answer, result.dropped = reply{}, true
	}
	return result
}

// shaper is what made an answer differ from the contract, if anything may have.
func (c *call) shaper(fault FaultKind) FaultKind {
	if (len(c.quirks) > 0 || c.foreign != nil) && fault.InContract() {
		return FaultQuirk
	}
	return fault
}

// execute runs the handler under the lock and saves what it changed before the
// answer leaves.
func (s *Service) execute(c *call, fault Fault) reply {
	if err := c.acceptable(); err != nil {
		return renderError(err)
	}
	s.lock()
	defer s.mu.Unlock()
	if s.unknownYet(c) {
		return renderError(notFound("connect", c.params["connectId"]))
	}
	c.world = s.world
	if fault.Kind == FaultStaleList {
		c.world = s.before(fault.Writes)
	}
	world, past := s.world, slices.Clone(s.past)
	result, err := c.route.handle(s, c)
	if fault.Kind == FaultNotApplied && !c.route.auth {
		s.world, s.past = world, past
	}
	s.record(world, clientOf(c.req))
	if saveErr := s.save(); saveErr != nil {
		return renderError(saveErr)
	}
	return render(result, err)
}

// wait passes time, shorter when the client leaves. The request goes on either
// way: a service does not stop working because the caller hung up.
func (s *Service) wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-s.clock.After(d):
	case <-ctx.Done():
	}
}

// overLimit returns the refusal of a request that comes too soon.
func (s *Service) overLimit() error {
	if s.limiter == nil {
		return nil
	}
	now := s.clock.Now()
	reservation := s.limiter.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay <= 0 {
		return nil
	}
	reservation.CancelAt(now)
	return &apiError{
		status:     http.StatusTooManyRequests,
		message:    "too many requests; wait as long as Retry-After says",
		retryAfter: strconv.Itoa(max(1, int(math.Ceil(delay.Seconds())))),
	}
}

// acceptable checks what the contract says of every API operation's form.
func (c *call) acceptable() error {
	if c.route.auth {
		return nil
	}
	if c.unclear != nil {
		return c.unclear
	}
	if !acceptsJSON(c.req.Header.Values("Accept")) {
		return &apiError{status: http.StatusNotAcceptable, message: "answers are application/json only; accept that"}
	}
	if len(c.body) > 0 && !isJSON(c.req.Header.Get("Content-Type")) {
		return &apiError{status: http.StatusNotAcceptable, message: "the body must be application/json"}
	}
	for name, values := range c.query {
		if !slices.Contains(c.route.query, name) {
			return badField(name, "is not a query parameter of "+c.route.id)
		}
		if len(values) > 1 {
			return badField(name, "is given more than once")
		}
		if values[0] == "" {
			return badField(name, "is empty; leave it out instead")
		}
	}
	if c.route.body == nil && len(c.body) > 0 {
		return decodeObject(c.body, nil, &struct{}{})
	}
	return nil
}

// write sends an answer, compressed when it is long and the client wants that.
// An error means the client is gone, which is the client's business.
func (s *Service) write(w http.ResponseWriter, r *http.Request, answer reply) {
	maps.Copy(w.Header(), answer.header)
	w.Header().Set("Vary", "Accept-Encoding")
	if answer.status == http.StatusNoContent {
		w.WriteHeader(answer.status)
		return
	}
	if len(answer.body) <= compressAbove || !acceptsGzip(r.Header.Get("Accept-Encoding")) {
		w.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(answer.status)
	zip, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return
	}
	_, _ = zip.Write(answer.body)
	_ = zip.Close()
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}
