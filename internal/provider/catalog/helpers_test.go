package catalog_test

import (
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// needsCatalog says why these tests cannot run against a real account: they
// know what the simulated service offers.
const needsCatalog = "the test knows the simulated catalog"

// unknownID has the form of an id, and nothing has it.
const unknownID = "000000000000000000000000"

func newEnv(t *testing.T, opts ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, opts...)
	env.NeedsSimulator(t, needsCatalog)
	return env
}

func app(t *testing.T, env *acctest.Env, name string) catalog.App {
	t.Helper()
	return find(t, env.Sim.Catalog().Apps(), "app "+name, func(a catalog.App) bool { return a.Name == name })
}

func crmCategory(t *testing.T, env *acctest.Env) catalog.Category {
	t.Helper()
	return find(t, env.Sim.Catalog().Categories(), "category CRM", func(c catalog.Category) bool { return c.Name == "CRM" })
}

func match(t *testing.T, env *acctest.Env, title string) catalog.PopularMatch {
	t.Helper()
	return find(t, env.Sim.Catalog().Matches(), "popular match "+title, func(m catalog.PopularMatch) bool { return m.Title == title })
}

func find[T any](t *testing.T, all []T, what string, is func(T) bool) T {
	t.Helper()
	i := slices.IndexFunc(all, is)
	if i < 0 {
		t.Fatalf("the simulated catalog has no %s", what)
	}
	return all[i]
}

// texts returns one attribute of each object in a list.
func texts(t *testing.T, list any, attribute string) []string {
	t.Helper()
	objects, ok := list.([]any)
	if !ok {
		t.Fatalf("%v is not a list", list)
	}
	values := make([]string, len(objects))

	for i, object := range objects {
		members, _ := object.(map[string]any)
		value, ok := members[attribute].(string)
		if !ok {
			t.Fatalf("%v has no text %s", object, attribute)
		}
		values[i] = value
	}
	return values
}

// wantTexts checks one attribute of each object in a list.
func wantTexts(list, attribute string, want ...string) func(*testing.T, map[string]any) {
	return func(t *testing.T, attributes map[string]any) {
		t.Helper()
		if got := texts(t, attributes[list], attribute); !slices.Equal(got, want) {
			t.Errorf("%s of %s: %q, want %q", attribute, list, got, want)
		}
	}
}
