package simulator

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
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
	// FaultLateCommit refuses with Status (0 is 504) and does everything later, after After.
	FaultLateCommit FaultKind = "late_commit"
	// FaultFailedTest lets the last step of a test fail, with Message.
	FaultFailedTest FaultKind = "failed_test"
	// FaultHang does nothing until the client gives up.
	FaultHang FaultKind = "hang"
	// FaultRedirect sends the client to Location with Status (0 is 307) and does nothing.
	FaultRedirect FaultKind = "redirect"
	// FaultSlowDrip does everything and answers one byte each Every.
	FaultSlowDrip FaultKind = "slow_drip"
	// FaultEndlessBody does everything and answers JSON that never ends.
	FaultEndlessBody FaultKind = "endless_body"
	// FaultCutBody does everything and drops the connection in the middle of the answer.
	FaultCutBody FaultKind = "cut_body"
	// FaultDeepJSON does everything and answers valid JSON of absurd depth.
	FaultDeepJSON FaultKind = "deep_json"

	// FaultShrunkPage leaves the last entry out of a page; the total stays.
	FaultShrunkPage FaultKind = "shrunk_page"
	// FaultRepeatedPage answers the page before the one that was asked for.
	FaultRepeatedPage FaultKind = "repeated_page"
	// FaultShiftedPage answers a later page as if the first entry of the listing
	// were gone since: every entry moves up by one. It never applies to a first page.
	FaultShiftedPage FaultKind = "shifted_page"
	// FaultLyingTotal adds TotalBy to the total of a listing.
	FaultLyingTotal FaultKind = "lying_total"

	// FaultWrongTypes does everything and answers lists for scalars and objects for lists.
	FaultWrongTypes FaultKind = "wrong_types"
	// FaultMaskedValues does everything and answers every option value masked.
	FaultMaskedValues FaultKind = "masked_values"
	// FaultUnknownStatus does everything and answers Message, or a word nobody
	// knows, for every status.
	FaultUnknownStatus FaultKind = "unknown_status"
	// FaultExtraKeys does everything and answers objects with members that the
	// contract does not have; options stay.
	FaultExtraKeys FaultKind = "extra_keys"
	// FaultReordered does everything and answers members in another order.
	FaultReordered FaultKind = "reordered"
	// FaultNumbersForStrings does everything and answers numbers for strings of
	// digits, and strings for numbers.
	FaultNumbersForStrings FaultKind = "numbers_for_strings"
)

// FaultQuirk in an Exchange says that the service has quirks or speaks another
// dialect, so that the answer need not have the form of the contract. It is no fault that can be armed.
const FaultQuirk FaultKind = "quirk"

// FaultKinds returns all ways to go wrong.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultDelay, FaultResetBeforeCommit, FaultResetAfterCommit, FaultStaleList,
		FaultMalformedBody, FaultHTML, FaultSuccessFalse, FaultNotApplied, FaultLateCommit, FaultFailedTest, FaultHang,
		FaultRedirect, FaultSlowDrip, FaultEndlessBody, FaultCutBody, FaultDeepJSON,
		FaultShrunkPage, FaultRepeatedPage, FaultShiftedPage, FaultLyingTotal,
		FaultWrongTypes, FaultMaskedValues, FaultUnknownStatus, FaultExtraKeys, FaultReordered, FaultNumbersForStrings,
	}
}

// InContract reports whether an answer under this fault still has the form that
// the contract gives it, however untrue it is.
func (k FaultKind) InContract() bool {
	return slices.Contains([]FaultKind{
		"", FaultDelay, FaultStaleList, FaultNotApplied, FaultFailedTest, FaultSlowDrip, FaultCutBody,
		FaultShrunkPage, FaultRepeatedPage, FaultShiftedPage, FaultLyingTotal, FaultMaskedValues, FaultReordered,
	}, k)
}

// ListingsOnly reports whether the fault means nothing to an operation without pages.
func (k FaultKind) ListingsOnly() bool {
	return k == FaultShrunkPage || k == FaultRepeatedPage || k == FaultShiftedPage || k == FaultLyingTotal
}

// refuses reports whether the fault answers instead of acting.
func (k FaultKind) refuses() bool {
	return k == FaultStatus || k == FaultHTML || k == FaultSuccessFalse || k == FaultRedirect
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
	// Location is where redirect points; empty is the same path on a host that
	// does not exist.
	Location string
	// Every is the wait before each byte of slow_drip; 0 is 250 ms.
	Every time.Duration
	// After is how long late_commit waits before it does what was asked.
	After time.Duration
	// TotalBy is what lying_total adds, negative for too small; 0 is 1.
	TotalBy int

	// Skip lets so many fitting requests pass first.
	Skip int
	// Each lets the fault apply to each n-th fitting request only; 0 and 1 are every one.
	Each int
	// Times is how often the fault applies: 0 is once, negative is always.
	Times int

	met int // fitting requests so far
}

// validate reports what makes no sense about a fault.
func (f Fault) validate() error {
	if !slices.Contains(FaultKinds(), f.Kind) {
		return fmt.Errorf("fault kind %q: choose one of %q", f.Kind, FaultKinds())
	}
	if named := f.Operation != AnyOperation && f.Operation != ""; named {
		if !slices.Contains(append(Operations(), foreign.GetConnect, foreign.PollTest), f.Operation) {
			return fmt.Errorf("there is no operation %q", f.Operation)
		}
		if f.Kind == FaultFailedTest && f.Operation != opRunTest {
			return fmt.Errorf("%s means nothing to %s, which is no test", f.Kind, f.Operation)
		}
		if f.Kind.ListingsOnly() && !Paged(f.Operation) {
			return fmt.Errorf("%s means nothing to %s, which has no pages", f.Kind, f.Operation)
		}
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("status %d is outside 200 to 599", f.Status)
	}
	return nil
}

func (f Fault) fits(e Entry) bool {
	return (f.Operation == "" || f.Operation == AnyOperation || f.Operation == e.Operation) &&
		(f.ConnectID == "" || f.ConnectID == e.ConnectID) &&
		(f.Kind != FaultFailedTest || e.Operation == opRunTest) &&
		(f.Kind != FaultShiftedPage || Paged(e.Operation) && isLaterPage(e)) &&
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
	s.bell.ring()
}

// ClearFaults disarms all faults.
func (s *Service) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
	s.bell.ring()
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
		if f.met++; f.Each > 1 && f.met%f.Each != 0 {
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
