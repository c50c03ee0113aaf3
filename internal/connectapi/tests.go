package connectapi

import (
	"context"
	"errors"
	"fmt"
)

// TestResult is the outcome of a test run. Its shape is assumed.
type TestResult struct {
	Steps []StepResult
	// Recovered is what the connect's history says of a test whose answer was
	// lost; there are no steps then.
	Recovered string
}

// StepResult is the outcome of testing one step.
type StepResult struct {
	StepID string
	// Status is the service's word: success or failed.
	Status, Message string
	SampleData      []SampleDatum
}

// Failed tells whether the step's test did not succeed. A status word that is
// not known to mean success counts as failed: a connect is not turned on by
// optimism.
func (s StepResult) Failed() bool { return s.Status != "success" }

// SampleDatum is one value that a test of a step produced.
type SampleDatum struct {
	Key, Value, Label string
}

// ErrTestUnknown means that the answer to a test was lost, and that the history
// does not tell what came of it.
var ErrTestUnknown = errors.New("the answer to the test was lost, so it is not known whether the test ran; it was not run again because a test acts for real")

// RunTest tests every step of a connect. It acts for real in the target apps
// and takes up to half a minute.
//
// A test whose outcome is unknown is never repeated. Instead the history is
// looked at: one new entry, in which nothing but the test can have written, is
// the outcome. That is so while the connect is off, which the caller says with
// quiet. Else the error is ErrTestUnknown.
func (c *Client) RunTest(ctx context.Context, connectID string, quiet bool) (*TestResult, error) {
	var known map[string]bool

	if quiet {
		// To know what is new takes one call before. Without its answer the test
		// can run, only not be recovered.
		known, _ = c.newestHistory(ctx, connectID)
	}

	env, err := c.do(ctx, call{op: RunTest, params: connectParam(connectID)})
	if err == nil {
		result, decodeErr := decodeTest(env)
		if decodeErr == nil {
			return result, nil
		}

		err = decodeErr
	}

	if !OutcomeUnknown(err) {
		return nil, err
	}

	if known != nil {
		entry, lookErr := c.recoverTest(ctx, connectID, known, c.directory.updatedAt(connectID))
		if entry != nil {
			return testOf(entry)
		}

		err = errors.Join(err, lookErr)
	}

	return nil, fmt.Errorf("%w: %w", ErrTestUnknown, err)
}

// testOf makes a result of a history entry. A status word that is not known to
// mean success counts as failed.
func testOf(entry *HistoryEntry) (*TestResult, error) {
	result := &TestResult{Recovered: fmt.Sprintf("%s: %s", entry.Status, entry.Message)}

	if (StepResult{Status: entry.Status}).Failed() {
		return result, &TestFailedError{Recovered: result.Recovered}
	}

	return result, nil
}

// newestHistory returns the ids of the newest page of a connect's history.
func (c *Client) newestHistory(ctx context.Context, connectID string) (map[string]bool, error) {
	p, err := c.historyPage(ctx, connectID)
	if err != nil {
		return nil, err
	}

	ids := map[string]bool{}
	for _, wire := range p.entries {
		ids[wire.id()] = true
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
		p, err := c.historyPage(ctx, connectID)
		if err != nil {
			return nil, fmt.Errorf("look into the history: %w", err)
		}

		var news []HistoryEntry

		for _, wire := range p.entries {
			if !known[wire.id()] && string(wire.StartedAt) > written {
				news = append(news, wire.public())
			}
		}

		switch {
		case len(news) == 1:
			return &news[0], nil
		case len(news) > 1 || i == len(c.directory.waits):
			return nil, nil //nolint:nilnil // not known is an answer of its own.
		}

		if err := sleep(ctx, c.directory.waits[i]); err != nil {
			return nil, err
		}
	}
}

func (c *Client) historyPage(ctx context.Context, connectID string) (page[wireHistoryEntry], error) {
	return fetchPage[wireHistoryEntry](ctx, c, call{op: GetConnectHistory, params: connectParam(connectID)}, 1)
}

func decodeTest(env envelope) (*TestResult, error) {
	wire, err := decodePayload[struct {
		Steps []struct {
			StepID     text `json:"stepId"`
			Status     text `json:"status"`
			Message    text `json:"message"`
			SampleData []struct {
				Key   text `json:"key"`
				Value text `json:"value"`
				Label text `json:"label"`
			} `json:"sampleData"`
		} `json:"steps"`
	}](env)
	if err != nil {
		return nil, err
	}

	result := &TestResult{Steps: make([]StepResult, len(wire.Steps))}

	for i, step := range wire.Steps {
		result.Steps[i] = StepResult{StepID: string(step.StepID), Status: string(step.Status), Message: string(step.Message)}

		for _, datum := range step.SampleData {
			result.Steps[i].SampleData = append(result.Steps[i].SampleData,
				SampleDatum{Key: string(datum.Key), Value: string(datum.Value), Label: string(datum.Label)})
		}
	}

	return result, nil
}
