package steps

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// Sources are the steps whose values the options of an action can refer to.
type Sources struct {
	// Connect is what the service has; nil while the connect is new.
	Connect *connectapi.Connect
	// Trigger and Earlier are the ids of the trigger and of the actions before.
	Trigger string
	Earlier []string
	// Rewritten means that one of these steps is going to be written, so that its
	// last test tells nothing of the next run.
	Rewritten bool
	// Unplanned means that another resource may still plan to write one of them.
	Unplanned bool
}

// checkReferences warns of a {{key}} that no step before the action brings. Where
// it is not known what they bring, and where a reference is more than a key,
// nothing is said.
func (v Validation) checkReferences(ctx context.Context, event *connectapi.Event) diag.Diagnostics {
	if v.Kind != connectapi.ActionEvent || !v.Writes || v.Sources == nil {
		return nil
	}
	references := map[string][]string{}
	for key, value := range v.Step.Options.Elements() {
		if text, ok := value.(types.String); ok {
			if found := referencesIn(text.ValueString()); len(found) > 0 {
				references[key] = found
			}
		}
	}
	if len(references) == 0 {
		return nil
	}
	known, err := v.sourceKeys(ctx)
	switch {
	// A service without a history is one that shows no samples.
	case err != nil && !connectapi.IsNotFound(err):
		return MetadataProblem(v.Provider, "what the steps before the action bring", err)
	case len(known.keys) == 0:
		return nil
	}
	var diags diag.Diagnostics
	for _, key := range slices.Sorted(maps.Keys(references)) {
		for _, reference := range references[key] {
			if slices.Contains(known.keys, reference) {
				continue
			}
			hint := "It shows: " + strings.Join(known.keys, ", ") + "."
			if near := tfkit.NearMisses(reference, known.keys, tfkit.MostNearMisses); len(near) > 0 {
				hint = "Did you mean " + strings.Join(near, ", ") + "?"
			}
			tfkit.AttributeWarning(&diags, errcode.ReferenceUnknown, v.At.AtName("options").AtMapKey(key),
				fmt.Sprintf("The option %q of the action %q refers to {{%s}}, and %s shows no such value of a step before it. %s%s It is written as it is.", key, event.Name, reference, known.by, hint, known.caveat))
		}
	}
	return diags
}

// sourceKeys are keys that the steps before an action bring.
type sourceKeys struct {
	keys []string
	by   string // what shows them
	// caveat is a sentence about when they may not count.
	caveat string
}

// sourceKeys finds the keys that the steps before the action bring; none where one of
// the steps shows nothing, because the reference may be to a value of that one.
func (v Validation) sourceKeys(ctx context.Context) (sourceKeys, error) {
	sources := v.Sources
	if sources.Connect != nil && !sources.Rewritten {
		samples, err := tfkit.Fetch(ctx, &v.Provider.Metadata, "samples "+sources.Connect.ID, func(ctx context.Context) (*connectapi.Samples, error) {
			return v.Provider.Client.Samples(ctx, sources.Connect)
		})
		if err != nil && !connectapi.IsNotFound(err) {
			return sourceKeys{}, err //nolint:wrapcheck // the caller says what it was for.
		}
		if keys := sampleKeys(samples, len(sources.Earlier)); len(keys) > 0 {
			known := sourceKeys{keys: keys, by: strings.TrimSpace("the last test of the connect " + samples.TestedAt)}
			if sources.Unplanned {
				known.caveat = " If this plan also changes an earlier step, only the next test can tell."
			}
			return known, nil
		}
	}
	known := sourceKeys{by: "the service"}
	for i, id := range append([]string{sources.Trigger}, sources.Earlier...) {
		kind := connectapi.ActionEvent
		if i == 0 {
			kind = connectapi.TriggerEvent
		}
		event, err := FetchEvent(ctx, v.Provider, kind, id)
		if err != nil || len(event.Outputs) == 0 {
			return sourceKeys{}, err
		}
		for _, output := range event.Outputs {
			known.keys = append(known.keys, output.Key)
		}
	}
	return known, nil
}

// sampleKeys are the keys of the trigger and of the first actions; none where one
// of them has none.
func sampleKeys(samples *connectapi.Samples, actions int) []string {
	if samples == nil || len(samples.Actions) < actions {
		return nil
	}
	var keys []string
	for _, data := range append([][]connectapi.SampleDatum{samples.Trigger}, samples.Actions[:actions]...) {
		if len(data) == 0 {
			return nil
		}
		for _, datum := range data {
			keys = append(keys, datum.Key)
		}
	}
	return keys
}

var (
	reference = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	// plainKey is a reference by nothing but a key. Others may name a step, or call
	// something, in a way that nobody here knows.
	plainKey = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)
)

// referencesIn are the keys that a text refers to, each once.
func referencesIn(text string) []string {
	var keys []string
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		if key := strings.TrimSpace(match[1]); plainKey.MatchString(key) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
