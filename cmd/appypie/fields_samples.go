package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// sampleJSON is a value that a step brings. Its value is there where a test showed
// one.
type sampleJSON struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value,omitempty"`
}

// subject is the popular match or, where a person names one, the connect whose
// options are wanted.
func (l *lookup) subject(args []string, flags fieldFlags) (match, *connectapi.Connect, error) {
	if flags.connect == "" {
		m, err := l.chosen(args, flags.matchFlags)
		return m, nil, err
	}
	connects, err := l.connects()
	if err != nil {
		return match{}, nil, err
	}
	connect, err := connectFinder().one(connects, flags.connect)
	if err != nil {
		return match{}, nil, err
	}
	whole, err := l.client.Whole(l, &connect)
	if err != nil {
		return match{}, nil, fmt.Errorf("read the connect: %w", err)
	}
	trigger, actions := refsOf(*whole)
	m, err := l.named(connectapi.PopularMatch{ID: whole.PopularMatchID, Title: whole.Name, Trigger: trigger, Actions: actions})
	return m, whole, err
}

// addSamples adds what the last test of the connect brought, or else what the
// service lists.
func (l *lookup) addSamples(view *fieldsJSON, m match, connect *connectapi.Connect) error {
	var samples *connectapi.Samples
	if connect != nil {
		var err error
		if samples, err = l.client.Samples(l, connect); err != nil {
			return fmt.Errorf("read the history of the connect: %w", err)
		}
	}
	if samples != nil {
		view.TestedAt = samples.TestedAt
		for i, data := range append([][]connectapi.SampleDatum{samples.Trigger}, samples.Actions...) {
			for _, datum := range data {
				view.Steps[i].Samples = append(view.Steps[i].Samples, sampleJSON{Key: datum.Key, Label: datum.Label, Value: datum.Value})
			}
		}
		return nil
	}
	for i, step := range m.steps() {
		for _, output := range step.event.Outputs {
			view.Steps[i].Samples = append(view.Steps[i].Samples, sampleJSON{Key: output.Key, Label: output.Label})
		}
	}
	return nil
}

// hasSamples reports whether something is known of any step.
func (f fieldsJSON) hasSamples() bool {
	return slices.ContainsFunc(f.Steps, func(s stepJSON) bool { return len(s.Samples) > 0 })
}

// printSamples shows what options can refer to, below the options of the step.
func printSamples(out io.Writer, samples []sampleJSON) error {
	if len(samples) == 0 {
		return nil
	}
	rows := [][]string{{"REFERENCE", "LABEL", "SAMPLE"}}
	for _, sample := range samples {
		rows = append(rows, []string{"{{" + sample.Key + "}}", sample.Label, sample.Value})
	}
	if _, err := fmt.Fprintln(out); err != nil {
		return fmt.Errorf("print the samples: %w", err)
	}
	return printTable(out, rows...)
}
