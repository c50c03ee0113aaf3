package connectapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// TestResult is the outcome of a test run. Its shape is assumed.
type TestResult struct {
	Steps []StepResult
	// Recovered is what the connect's history says of a test whose answer was
	// lost; there are no steps then.
	Recovered string
}

// StepResult is the outcome of testing one step.
type StepResult = dialect.StepResult

// ErrTestUnknown means that the answer to a test was lost, and that the history
// does not tell what came of it.
var ErrTestUnknown = errors.New("the answer to the test was lost, so it is not known whether the test ran; it was not run again because a test acts for real")

// runTest tests every step of a connect. It acts for real in the target apps
// and takes up to half a minute. The result has an entry for every step of the
// connect; an answer that leaves one out is an error that is ErrUnexpectedAnswer.
//
// A test whose answer is lost is never repeated. Instead the history is looked
// at: one new entry, in which nothing but the test can have written, is the
// outcome. That is so while the connect is off, which the caller says with quiet.
// Else the error is ErrTestUnknown.
func (c *Client) runTest(ctx context.Context, connect *Connect, quiet bool) (*TestResult, error) {
	var known map[string]bool
	if quiet {
		// To know what is new takes one call before. Without its answer the test
		// can run, only not be recovered.
		known, _ = c.newestHistory(ctx, connect.ID)
	}
	answered, err := get[dialect.TestResult](ctx, c, call{op: dialect.RunTest, args: args("connectId", connect.ID)})
	if err == nil {
		return c.judgeTest(answered, connect)
	}
	if apiErr, ok := errors.AsType[*APIError](err); ok && apiErr.Misread {
		// It was answered, and not with what says that it passed.
		return nil, err
	}
	if !OutcomeUnknown(err) {
		return nil, err
	}
	if written, certain := c.directory.updatedAt(connect.ID); known != nil && certain {
		entry, lookErr := c.recoverTest(ctx, connect.ID, known, written)
		if entry != nil {
			return c.testOf(entry)
		}
		err = errors.Join(err, lookErr)
	}
	return nil, fmt.Errorf("%w: %w", ErrTestUnknown, err)
}

// testOf makes a result of a history entry. A status word that is not known to
// mean success counts as failed.
func (c *Client) testOf(entry *HistoryEntry) (*TestResult, error) {
	result := &TestResult{Recovered: fmt.Sprintf("%s: %s", entry.Status, entry.Message)}
	if passed, _ := c.dialect.Passed(entry.Status); !passed {
		return result, &TestFailedError{Recovered: result.Recovered}
	}
	return result, nil
}

// newestHistory returns the ids of the newest page of a connect's history.
func (c *Client) newestHistory(ctx context.Context, connectID string) (map[string]bool, error) {
	entries, err := c.historyPage(ctx, connectID)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, entry := range entries {
		ids[entry.ID] = true
	}
	return ids, nil
}

// recoverTest looks for the only entry that is new, for as long as the history
// may take to show it. nil means that there is none, or several. What began no
// later than our last write may be a late note of that write: to take it for the
// test would turn on a connect that was never tested. The times are RFC 3339 in
// one form, so their order is that of their text.
func (c *Client) recoverTest(ctx context.Context, connectID string, known map[string]bool, written string) (*HistoryEntry, error) {
	for i := 0; ; i++ {
		entries, err := c.historyPage(ctx, connectID)
		if err != nil {
			return nil, fmt.Errorf("look into the history: %w", err)
		}
		var news []HistoryEntry
		for _, entry := range entries {
			if !known[entry.ID] && entry.StartedAt > written {
				news = append(news, entry)
			}
		}
		switch {
		case len(news) == 1:
			return &news[0], nil
		case len(news) > 1 || i == len(c.settle):
			return nil, nil //nolint:nilnil // not known is an answer of its own.
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[i]); err != nil {
			return nil, err
		}
	}
}

func (c *Client) historyPage(ctx context.Context, connectID string) ([]HistoryEntry, error) {
	page, err := fetchPage[HistoryEntry](ctx, c, historyOf(connectID), &listingWalk{})
	if err != nil {
		return nil, err
	}
	entries, err := valuesOf(page.Entries)
	for i := range entries {
		entries[i].Message = c.said(entries[i].Message)
	}
	return entries, err
}

// judgeTest holds a result to the connect. A step that failed says more than one
// that is missing: a service may end a test at the first failure.
func (c *Client) judgeTest(answered *dialect.TestResult, connect *Connect) (*TestResult, error) {
	result := &TestResult{Steps: answered.Steps}
	c.keepSamples(connect, answered.Steps)
	failed := false
	for i := range result.Steps {
		result.Steps[i].Message = c.said(result.Steps[i].Message)
		failed = failed || !result.Steps[i].Passed
	}
	if missing := result.missing(connect); len(missing) > 0 && !failed {
		return result, fmt.Errorf("%w: the answer to the test tells no result for %s, so it does not count as passed; see shapes.test_result (%s)",
			ErrUnexpectedAnswer, strings.Join(missing, ", "), c.dialect.Where("shapes.test_result"))
	}
	return result, nil
}

// missing names the steps of a connect that have no result.
func (r *TestResult) missing(connect *Connect) []string {
	var missing []string
	for i, step := range append([]Step{connect.Trigger}, connect.Actions...) {
		has := slices.ContainsFunc(r.Steps, func(one StepResult) bool { return one.StepID == step.ID })
		if step.ID == "" {
			has = i < len(r.Steps)
		}
		if !has {
			missing = append(missing, "step "+cmp.Or(step.ID, strconv.Itoa(i+1)))
		}
	}
	return missing
}
