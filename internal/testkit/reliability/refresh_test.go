package reliability_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// keptByRefresh lists what only the configuration or the provider itself decides.
// A refresh must leave it as it is. What is in the identity names the object.
func keptByRefresh() []string {
	return []string{
		"deletion_policy", "pause_during_update", "revision", "revisions", "run_test", "secrets_wo",
		"secrets_wo_version", "timeouts",
	}
}

// neverSet lists what no subject can have set: the webhook of the action takes no
// account.
func neverSet() []string { return []string{"appypie_action_options.account_id"} }

// A refresh writes everything back that differs from the service: an attribute
// that is forgotten in the model, or in what decides whether the refresh has
// anything to write, would never show its drift.
func TestRefreshWritesBackWhatDiffers(t *testing.T) {
	t.Parallel()
	kept := keptByRefresh()
	for _, s := range subjects() {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(*simulator.Config) {}))
			driver := helper(t, env)
			held, diags := driver.Create(t.Context(), s.typeName, s.stage(t, env).first)
			if diags.HasError() {
				t.Fatal(diags)
			}
			for name, value := range held.Attributes {
				if _, names := held.Identity[name]; names {
					continue
				}
				others := otherwise(value)
				if len(others) == 0 && !slices.Contains(kept, name) && !slices.Contains(neverSet(), s.typeName+"."+name) {
					t.Errorf("%s is null and proves nothing: have the subject's first configuration set it", name)
				}
				for _, other := range others {
					changed := maps.Clone(held.Attributes)
					changed[name] = other
					prior, diags := driver.Upgrade(t.Context(), s.typeName, 0, changed)
					if diags.HasError() {
						t.Fatal(diags)
					}
					read, diags := driver.Read(t.Context(), prior)
					want := value
					if slices.Contains(kept, name) {
						want = other
					}
					if got := read.Get(name); diags.HasError() || !reflect.DeepEqual(got, want) {
						t.Errorf("%s: a refresh made %v of %v, want %v\n%s", name, got, other, want, diags)
					}
				}
			}
		})
	}
}

// otherwise returns copies of a value, each of which differs in one place. Null
// differs from nothing: it is not managed.
func otherwise(value any) []any {
	var copies []any
	switch v := value.(type) {
	case string:
		return []any{v + "0"}
	case bool:
		return []any{!v}
	case int64:
		return []any{v + 1}
	case map[string]any:
		for key, member := range v {
			for _, other := range otherwise(member) {
				one := maps.Clone(v)
				one[key] = other
				copies = append(copies, one)
			}
		}
	case []any:
		for i, element := range v {
			for _, other := range otherwise(element) {
				one := slices.Clone(v)
				one[i] = other
				copies = append(copies, one)
			}
		}
	}
	return copies
}
