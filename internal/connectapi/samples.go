package connectapi

import (
	"context"
	"slices"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// SampleDatum is one value that a test brought: steps after it refer to it by its
// key. The value may be personal data.
type SampleDatum = dialect.SampleDatum

// Samples are the sample data of a connect's last test that brought some. Their
// shape is assumed.
type Samples struct {
	// TestedAt is when the test started, in RFC 3339; empty where that is not shown.
	TestedAt string
	Trigger  []SampleDatum
	// Actions has an entry for each action, which is nil where the test brought
	// nothing of it.
	Actions [][]SampleDatum
}

// samplesSearched is how many entries of a history are searched for a test. A
// connect that runs often may have its last test further back.
const samplesSearched = 200

// Samples returns what the last test of a connect brought: that of this run, or
// else what the history shows of an earlier one. It runs no test. nil means that
// nothing is known, which is always so of a service whose history shows nothing of
// its tests.
func (c *Client) Samples(ctx context.Context, connect *Connect) (*Samples, error) {
	if kept, ok := c.samples.Load(connect.ID); ok {
		if samples, ok := kept.(*Samples); ok {
			return samples, nil
		}
	}
	searched := 0
	for entry, err := range c.History(ctx, connect.ID) {
		if err != nil {
			return nil, err
		}
		if found := c.samplesOf(connect, entry.StartedAt, entry.Steps); found != nil {
			return found, nil
		}
		if searched++; searched == samplesSearched {
			break
		}
	}
	return nil, nil //nolint:nilnil // not known is an answer of its own.
}

// keepSamples remembers what a test of this run brought.
func (c *Client) keepSamples(connect *Connect, results []StepResult) {
	steps := make([]dialect.StepSample, len(results))
	for i, result := range results {
		steps[i] = dialect.StepSample{StepID: result.StepID, SampleData: result.SampleData}
	}
	if samples := c.samplesOf(connect, c.clock.Now().UTC().Format(time.RFC3339), steps); samples != nil {
		c.samples.Store(connect.ID, samples)
	}
}

// samplesOf gives each step of a connect what was shown of it: by its id, or by its
// position where the service has no ids. nil means that nothing was shown.
func (c *Client) samplesOf(connect *Connect, at string, shown []dialect.StepSample) *Samples {
	samples := &Samples{TestedAt: at, Actions: make([][]SampleDatum, len(connect.Actions))}
	some := false
	for i, step := range append([]Step{connect.Trigger}, connect.Actions...) {
		found := slices.IndexFunc(shown, func(one dialect.StepSample) bool { return one.StepID != "" && one.StepID == step.ID })
		if found < 0 && i < len(shown) && (step.ID == "" || shown[i].StepID == "") {
			found = i
		}
		if found < 0 || len(shown[found].SampleData) == 0 {
			continue
		}
		data := slices.Clone(shown[found].SampleData)
		for k := range data {
			data[k].Value = c.said(data[k].Value)
		}
		some = true
		if i == 0 {
			samples.Trigger = data
		} else {
			samples.Actions[i-1] = data
		}
	}
	if !some {
		return nil
	}
	return samples
}
