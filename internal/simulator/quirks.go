package simulator

import (
	"fmt"
	"net/http"
	"slices"
)

// Quirk is a way in which a service may differ from the contract all the time.
// Quirks add up. Faults are what goes wrong once or now and then.
type Quirk string

// Quirks of listings.
const (
	// QuirkNoTotal leaves total, page and limit out of listings.
	QuirkNoTotal Quirk = "no-total"
	// QuirkTotalElsewhere moves the total to meta.pagination.count.
	QuirkTotalElsewhere Quirk = "total-elsewhere"
	// QuirkIgnoresPage answers the first page whatever page is asked for.
	QuirkIgnoresPage Quirk = "ignores-page"
	// QuirkPagesFromZero numbers pages from 0.
	QuirkPagesFromZero Quirk = "pages-from-zero"
	// QuirkUnknownIDs names the id of listed entries uuid.
	QuirkUnknownIDs Quirk = "unknown-ids"
	// QuirkEndNotFound answers 404 to a page past the end.
	QuirkEndNotFound Quirk = "end-not-found"
)

// Quirks of connects as they are shown.
const (
	// QuirkNullOptions lists the options of every step as null.
	QuirkNullOptions Quirk = "options-null"
	// QuirkNoOptions lists steps without options.
	QuirkNoOptions Quirk = "options-absent"
	// QuirkNoTrigger lists connects without their trigger.
	QuirkNoTrigger Quirk = "trigger-absent"
	// QuirkDraft shows a connect that was never turned on as Draft.
	QuirkDraft Quirk = "draft"
	// QuirkOddStatus shows the oldest connect with a status word that nobody knows.
	QuirkOddStatus Quirk = "odd-status"
	// QuirkCreateAnswersID answers a creation with the id alone.
	QuirkCreateAnswersID Quirk = "create-answers-id"
	// QuirkEditAnswersID answers edits and renames with the id alone.
	QuirkEditAnswersID Quirk = "edit-answers-id"
	// QuirkSwitchAnswersBefore answers a switch with the connect as it was before.
	QuirkSwitchAnswersBefore Quirk = "switch-answers-before"
)

// Quirks of the answer to a test.
const (
	// QuirkTestStatus answers {"status": "failed"} without steps.
	QuirkTestStatus Quirk = "test-status"
	// QuirkTestResults answers the steps' results under results.
	QuirkTestResults Quirk = "test-results"
	// QuirkTestNoSteps answers an empty list of steps, whatever the outcome.
	QuirkTestNoSteps Quirk = "test-no-steps"
	// QuirkTestPartial leaves the last step out.
	QuirkTestPartial Quirk = "test-partial"
)

// Quirks of the token endpoint.
const (
	// QuirkTokenDataList adds an empty list named data to a token pair.
	QuirkTokenDataList Quirk = "token-data-list"
	// QuirkTokenDataText adds a text named data to a token pair.
	QuirkTokenDataText Quirk = "token-data-text"
	// QuirkTokenExpiryHuge tells an end beyond the largest 64-bit number.
	QuirkTokenExpiryHuge Quirk = "token-expiry-huge"
	// QuirkTokenExpiryFar tells an end beyond the year 9999.
	QuirkTokenExpiryFar Quirk = "token-expiry-far"
	// QuirkTokenRefusalMessage refuses a refresh token as {"message": …}.
	QuirkTokenRefusalMessage Quirk = "token-refusal-message"
	// QuirkTokenRefusalMsg refuses a refresh token as {"msg": …}.
	QuirkTokenRefusalMsg Quirk = "token-refusal-msg"
	// QuirkTokenRefusalObject refuses a refresh token as {"error": {…}}.
	QuirkTokenRefusalObject Quirk = "token-refusal-object"
	// QuirkTokenRefusalText refuses a refresh token as {"error": "some text"}.
	QuirkTokenRefusalText Quirk = "token-refusal-text"
	// QuirkTokenRefusalInvalidRequest refuses a refresh token as invalid_request.
	QuirkTokenRefusalInvalidRequest Quirk = "token-refusal-invalid-request"
	// QuirkTokenRefusal401 refuses a refresh token with 401 and no code.
	QuirkTokenRefusal401 Quirk = "token-refusal-401"
	// QuirkTokenRefusal200 refuses a refresh token with 200 and success false.
	QuirkTokenRefusal200 Quirk = "token-refusal-200"
)

// quirkTable is all quirks with what they do. A quirk without a reshape is asked
// for where it matters.
func quirkTable() []quirk {
	return slices.Concat(listingQuirks(), connectQuirks(), testQuirks(), tokenQuirks())
}

// quirk is one line of the table.
type quirk struct {
	name    Quirk
	about   string
	on      func(operation string) bool
	reshape func(answer reply, document map[string]any) reply
}

// Quirks returns the names of all quirks.
func Quirks() []Quirk {
	var names []Quirk
	for _, one := range quirkTable() {
		names = append(names, one.name)
	}
	return names
}

// About says what a service with the quirk does.
func (q Quirk) About() string {
	for _, one := range quirkTable() {
		if one.name == q {
			return one.about
		}
	}
	return ""
}

// quirkSet is the quirks of a service at one moment. It is never changed.
type quirkSet map[Quirk]bool

// SetQuirks replaces the quirks of a running service. The error names one that
// does not exist; then nothing changes.
func (s *Service) SetQuirks(quirks ...Quirk) error {
	set := quirkSet{}
	for _, q := range quirks {
		if q.About() == "" {
			return fmt.Errorf("there is no quirk %q: choose of %q", q, Quirks())
		}
		set[q] = true
	}
	s.quirks.Store(&set)
	return nil
}

func (s *Service) quirkSet() quirkSet { return *s.quirks.Load() }

// applyQuirks makes of an answer the one that a service with these quirks gives.
func (c *call) applyQuirks(answer reply) reply {
	for _, one := range quirkTable() {
		if !c.quirks[one.name] || one.reshape == nil || !one.on(c.route.id) {
			continue
		}
		if document, ok := decodeAny(answer.body).(map[string]any); ok {
			answer = one.reshape(answer, document)
		}
	}
	return answer
}

// onSuccess reshapes the document of a success.
func onSuccess(change func(document map[string]any) any) func(reply, map[string]any) reply {
	return func(answer reply, document map[string]any) reply {
		if answer.status != http.StatusOK {
			return answer
		}
		reshaped := jsonReply(answer.status, change(document))
		reshaped.header = answer.header
		return reshaped
	}
}

func only(operations ...string) func(string) bool {
	return func(operation string) bool { return slices.Contains(operations, operation) }
}
