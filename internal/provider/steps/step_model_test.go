package steps_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"pgregory.net/rapid"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/steps"
)

// texts is a map attribute; a nil value is null and unknownText is unknown.
func texts(values map[string]any) types.Map {
	if values == nil {
		return types.MapNull(types.StringType)
	}
	elements := make(map[string]attr.Value, len(values))

	for key, value := range values {
		switch text := value.(type) {
		case string:
			elements[key] = types.StringValue(text)
		case types.String:
			elements[key] = text
		default:
			elements[key] = types.StringNull()
		}
	}
	return types.MapValueMust(types.StringType, elements)
}

// step is a step with options only.
func step(values map[string]any) steps.Step {
	result := steps.NullStep()
	result.Options = texts(values)
	return result
}

func TestStepChange(t *testing.T) {
	t.Parallel()
	at := path.Root("trigger")
	unknown := types.StringUnknown()
	withAccount := func(s steps.Step, account types.String) steps.Step {
		s.AccountID = account
		return s
	}

	for name, tc := range map[string]struct {
		plan steps.Step
		req  steps.Request
		want connectapi.StepChange
		// nothing: there is nothing to write. refused lists the paths of errors.
		nothing bool
		refused []path.Path
	}{
		"nothing is managed": {plan: steps.NullStep(), nothing: true},
		"nothing is managed any more": {
			plan: steps.NullStep(), req: steps.Request{Prior: step(map[string]any{"a": "1"})}, nothing: true,
		},
		"an account alone": {
			plan: withAccount(steps.NullStep(), types.StringValue("acc")),
			want: connectapi.StepChange{AccountID: "acc"},
		},
		"an empty map is something": {plan: step(map[string]any{}), want: connectapi.StepChange{}},
		"values, and null is not managed": {
			plan: step(map[string]any{"a": "1", "b": "", "c": nil}),
			want: connectapi.StepChange{Set: map[string]string{"a": "1", "b": ""}},
		},
		"secrets come from the configuration": {
			plan: steps.NullStep(), req: steps.Request{Secrets: texts(map[string]any{"s": "x", "n": nil})},
			want: connectapi.StepChange{Secrets: map[string]string{"s": "x"}},
		},
		"removed keys are cleared, in order": {
			plan: step(map[string]any{"keep": "1"}),
			req:  steps.Request{Prior: step(map[string]any{"keep": "0", "z": "1", "a": "1", "never": nil})},
			want: connectapi.StepChange{Set: map[string]string{"keep": "1"}, Unset: []string{"a", "z"}},
		},
		"a value that became null is not managed": {
			plan: step(map[string]any{"a": nil}), req: steps.Request{Prior: step(map[string]any{"a": "1"})},
			want: connectapi.StepChange{},
		},
		"a key that became secret is not cleared": {
			plan: step(map[string]any{}),
			req:  steps.Request{Prior: step(map[string]any{"s": "1"}), Secrets: texts(map[string]any{"s": "x"})},
			want: connectapi.StepChange{Secrets: map[string]string{"s": "x"}},
		},
		"leaving the map out clears nothing": {
			plan: withAccount(steps.NullStep(), types.StringValue("acc")), req: steps.Request{Prior: step(map[string]any{"a": "1"})},
			want: connectapi.StepChange{AccountID: "acc"},
		},
		"each unknown value is refused": {
			plan: withAccount(step(map[string]any{"a": unknown, "b": "1"}), unknown),
			req:  steps.Request{Secrets: texts(map[string]any{"s": unknown})},
			refused: []path.Path{
				at.AtName("account_id"), at.AtName("options").AtMapKey("a"), at.AtName("secrets_wo").AtMapKey("s"),
			},
		},
		"a map that is unknown as a whole is refused": {
			plan:    steps.Step{Options: types.MapUnknown(types.StringType)},
			req:     steps.Request{Secrets: types.MapUnknown(types.StringType)},
			refused: []path.Path{at.AtName("options"), at.AtName("secrets_wo")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.req.At = at
			got, ok, diags := tc.plan.Change(tc.req)
			if diff := cmp.Diff(tc.refused, pathsOf(diags)); diff != "" {
				t.Errorf("paths of errors (-want +got):\n%s", diff)
			}
			if ok != (!tc.nothing && tc.refused == nil) {
				t.Errorf("something to write: %t", ok)
			}
			if !ok {
				return
			}
			if diff := cmp.Diff(tc.want, got, cmp.Transformer("map", nilIfEmpty)); diff != "" {
				t.Errorf("change (-want +got):\n%s", diff)
			}
		})
	}
}

func nilIfEmpty(values map[string]string) []string {
	var pairs []string
	for key, value := range values {
		pairs = append(pairs, key+"="+value)
	}
	slices.Sort(pairs)
	return pairs
}

func pathsOf(diags diag.Diagnostics) []path.Path {
	var paths []path.Path
	for _, d := range diags {
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			paths = append(paths, at.Path())
		} else {
			paths = append(paths, path.Empty())
		}
	}
	return paths
}

func TestStepRefresh(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prior  map[string]any
		server map[string]string
		want   map[string]any
	}{
		"not managed":                 {nil, map[string]string{"a": "1"}, nil},
		"the same":                    {map[string]any{"a": "1"}, map[string]string{"a": "1"}, map[string]any{"a": "1"}},
		"drift":                       {map[string]any{"a": "1"}, map[string]string{"a": "2"}, map[string]any{"a": "2"}},
		"undeclared keys stay out":    {map[string]any{"a": "1"}, map[string]string{"a": "1", "b": "2"}, map[string]any{"a": "1"}},
		"gone":                        {map[string]any{"a": "1"}, map[string]string{}, map[string]any{}},
		"options that are not shown":  {map[string]any{"a": "1"}, nil, map[string]any{"a": "1"}},
		"emptied":                     {map[string]any{"a": "1"}, map[string]string{"a": ""}, map[string]any{"a": ""}},
		"empty and missing are equal": {map[string]any{"a": ""}, nil, map[string]any{"a": ""}},
		"empty and filled are not":    {map[string]any{"a": ""}, map[string]string{"a": "1"}, map[string]any{"a": "1"}},
		"null is not managed":         {map[string]any{"a": nil}, map[string]string{"a": "1"}, map[string]any{"a": nil}},
		"masked by asterisks":         {map[string]any{"a": "secret"}, map[string]string{"a": "****"}, map[string]any{"a": "secret"}},
		"masked by bullets":           {map[string]any{"a": "secret"}, map[string]string{"a": "••••cret"}, map[string]any{"a": "secret"}},
		"a number is its text":        {map[string]any{"a": "15"}, map[string]string{"a": "15"}, map[string]any{"a": "15"}},
		"no key at all":               {map[string]any{}, map[string]string{"a": "1"}, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := step(tc.prior).Refresh(connectapi.Step{AccountID: "other", Options: served2(tc.server)}, nil)
			if want := texts(tc.want); !got.Options.Equal(want) {
				t.Errorf("options %s, want %s", got.Options, want)
			}
			if !got.AccountID.IsNull() {
				t.Errorf("an account that is not managed became %s", got.AccountID)
			}
		})
	}
	managed := steps.Step{AccountID: types.StringValue("mine")}
	if got := managed.Refresh(connectapi.Step{AccountID: "other"}, nil).AccountID.ValueString(); got != "other" {
		t.Errorf("the managed account is %q", got)
	}
	if got := managed.Refresh(connectapi.Step{}, nil).AccountID; !got.IsNull() {
		t.Errorf("an account that the step lost is %s", got)
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	got, secrets := steps.FromAPI(connectapi.Step{AccountID: "acc", Options: connectapi.TextValues(map[string]string{"a": "1", "secret": "****", "empty": "", "api_key": "x"})})
	if len(secrets) != 1 || secrets[0] != "api_key" {
		t.Errorf("left out as secret: %v", secrets)
	}
	if want := texts(map[string]any{"a": "1", "empty": ""}); !got.Options.Equal(want) || got.AccountID.ValueString() != "acc" {
		t.Errorf("adopted %+v, want options %s", got, want)
	}
	got, _ = steps.FromAPI(connectapi.Step{Options: connectapi.TextValues(map[string]string{"secret": "****"})})
	if !got.Options.IsNull() || !got.AccountID.IsNull() || !got.SecretsWO.IsNull() {
		t.Errorf("adopted %+v from a step that shows nothing", got)
	}
}

func TestRemovedSince(t *testing.T) {
	t.Parallel()
	now := step(map[string]any{"a": types.StringUnknown()})
	now.SecretsWO = texts(map[string]any{"s": "x"})
	prior := step(map[string]any{"a": "1", "b": "1", "s": "1"})
	if diff := cmp.Diff([]string{"b"}, now.RemovedSince(prior)); diff != "" {
		t.Errorf("removed keys (-want +got):\n%s", diff)
	}
	for name, left := range map[string]steps.Step{"left out": steps.NullStep(), "unknown": {Options: types.MapUnknown(types.StringType)}} {
		if got := left.RemovedSince(prior); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestStepValidateConfig(t *testing.T) {
	t.Parallel()
	twice := step(map[string]any{"a": "1", "s": "1"})
	twice.SecretsWO = texts(map[string]any{"s": "x", "t": "y"})
	want := []path.Path{path.Root("trigger").AtName("options").AtMapKey("s")}
	if diff := cmp.Diff(want, pathsOf(twice.ValidateConfig(t.Context(), path.Root("trigger")))); diff != "" {
		t.Errorf("paths of errors (-want +got):\n%s", diff)
	}
}

// TestStepMappingIsTheIdentity: whatever the service held before, and whether
// its edits replace or merge, a step that was written reads back as it was
// planned, and what it does not declare stays as it was.
func TestStepMappingIsTheIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
		values := rapid.SampledFrom([]string{"", "1", "15", "{{column2}}", "a b", "ünï"})
		visible := rapid.MapOf(keys, values)

		before := visible.Draw(t, "before")
		prior := visible.Draw(t, "prior")
		planned := visible.Draw(t, "planned")
		merge := rapid.Bool().Draw(t, "merge")

		// Priors are what was once read from the service.
		state := step(widen(prior)).Refresh(connectapi.Step{Options: connectapi.TextValues(before)}, nil)
		plan := step(widen(planned))
		change, ok, diags := plan.Change(steps.Request{Prior: state})
		if diags.HasError() || !ok {
			t.Fatalf("a known plan was refused: %v", diags)
		}
		after := served(before, change, merge)
		read := plan.Refresh(connectapi.Step{Options: connectapi.TextValues(after)}, nil)
		if !read.Options.Equal(plan.Options) {
			t.Fatalf("planned %s, read %s", plan.Options, read.Options)
		}

		for key := range union(before, after) {
			_, declared := planned[key]
			_, was := state.Options.Elements()[key]
			switch {
			case declared:
			case was && after[key] != "":
				t.Fatalf("%s is not declared any more and still %q", key, after[key])
			case !was && after[key] != before[key]:
				t.Fatalf("%s was never declared and became %q", key, after[key])
			}
		}
	})
}

// served is what a service holds after an edit that sends its whole option map
// overlaid with a change, as every edit of the client does.
func served(before map[string]string, change connectapi.StepChange, merge bool) map[string]string {
	sent := map[string]string{}
	for _, overlay := range []map[string]string{before, cleared(change.Unset), change.Set} {
		maps.Copy(sent, overlay)
	}
	after := map[string]string{}
	if merge {
		maps.Copy(after, before)
	}
	for key, value := range sent {
		if value == "" {
			delete(after, key)
		} else {
			after[key] = value
		}
	}
	return after
}

func cleared(keys []string) map[string]string {
	empty := make(map[string]string, len(keys))
	for _, key := range keys {
		empty[key] = ""
	}
	return empty
}

func union(a, b map[string]string) map[string]bool {
	keys := map[string]bool{}
	for _, one := range []map[string]string{a, b} {
		for key := range one {
			keys[key] = true
		}
	}
	return keys
}

func widen(values map[string]string) map[string]any {
	wide := make(map[string]any, len(values))
	for key, value := range values {
		wide[key] = value
	}
	return wide
}

// served2 is what the service shows, nil when it shows no options.
func served2(texts map[string]string) map[string]connectapi.Value {
	if texts == nil {
		return nil
	}
	return connectapi.TextValues(texts)
}
