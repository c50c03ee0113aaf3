package acctest_test

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func newStub(t *testing.T) (*stubProvider, *acctest.Driver) {
	t.Helper()
	stub := &stubProvider{widgets: map[string]widget{}}
	driver := acctest.NewDriver(t, providerserver.NewProtocol6(stub)())
	if diags := driver.Configure(t.Context(), nil); len(diags) > 0 {
		t.Fatal(diags)
	}
	return stub, driver
}

func widgetConfig(name string) map[string]any {
	return map[string]any{
		"name": name, "secret_wo": "swordfish",
		"settings": map[string]any{"options": map[string]string{"a": "1"}},
		"parts":    []map[string]any{{"label": "mine"}, {"options": map[string]string{"b": "2", "c": "3"}}},
	}
}

func TestDriverCreatesUpdatesAndDestroys(t *testing.T) {
	t.Parallel()
	stub, driver := newStub(t)
	plan, diags := driver.Plan(t.Context(), driver.Absent("stub_widget"), widgetConfig("one"))
	if diags.HasError() {
		t.Fatal(diags)
	}
	if plan.Action != acctest.Create || plan.Get("id") != acctest.Unknown || plan.Get("secret_wo") != nil || plan.Get("parts", "0", "label") != "mine" {
		t.Errorf("the plan is %s of %v", plan.Action, plan.Attributes)
	}
	made, diags := driver.Apply(t.Context(), plan)
	if diags.HasError() {
		t.Fatal(diags)
	}
	want := map[string]any{
		"id": "w1", "name": "one", "kind": nil, "revision": int64(1), "secret_wo": nil,
		"settings": map[string]any{"options": map[string]any{"a": "1"}, "label": "1 options"},
		"parts": []any{
			map[string]any{"options": nil, "label": "mine"},
			map[string]any{"options": map[string]any{"b": "2", "c": "3"}, "label": "2 options"},
		},
	}
	if !reflect.DeepEqual(made.Attributes, want) {
		t.Errorf("made %v, want %v", made.Attributes, want)
	}
	if made.Identity["id"] != "w1" || made.ID() != "w1" || stub.seenSecret != "swordfish" {
		t.Errorf("identity %v, id %q, secret seen %q", made.Identity, made.ID(), stub.seenSecret)
	}
	driver.MustPlanNothing(t.Context(), made, widgetConfig("one"))

	plan, diags = driver.Plan(t.Context(), made, widgetConfig("two"))
	if diags.HasError() || plan.Action != acctest.Update || plan.Get("parts", "1", "label") != "2 options" {
		t.Fatalf("the plan is %+v\n%s", plan, diags)
	}
	changed, diags := driver.Apply(t.Context(), plan)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if changed.Get("name") != "two" || changed.Get("revision") != int64(2) {
		t.Errorf("changed to %v", changed.Attributes)
	}
	gone, diags := driver.Destroy(t.Context(), changed)
	if diags.HasError() || gone.Exists() || len(stub.widgets) != 0 {
		t.Errorf("destroyed to %v, %d left\n%s", gone.Attributes, len(stub.widgets), diags)
	}
}

func TestDriverReplaces(t *testing.T) {
	t.Parallel()
	stub, driver := newStub(t)
	made, diags := driver.Create(t.Context(), "stub_widget", widgetConfig("one"))
	if diags.HasError() {
		t.Fatal(diags)
	}
	config := widgetConfig("one")
	config["kind"] = "other"
	plan, diags := driver.Plan(t.Context(), made, config)
	if diags.HasError() || plan.Action != acctest.Replace || !reflect.DeepEqual(plan.Replaces, []string{"kind"}) || plan.Get("id") != acctest.Unknown {
		t.Fatalf("the plan is %+v\n%s", plan, diags)
	}
	replaced, diags := driver.Apply(t.Context(), plan)
	if diags.HasError() || replaced.ID() != "w2" || len(stub.widgets) != 1 {
		t.Errorf("replaced by %v, %d left\n%s", replaced.Attributes, len(stub.widgets), diags)
	}
}

func TestDriverKeepsWhatAFailedCreateSaved(t *testing.T) {
	t.Parallel()
	stub, driver := newStub(t)
	stub.failCreate = true
	half, diags := driver.Create(t.Context(), "stub_widget", widgetConfig("one"))
	if len(diags.Errors()) != 1 || diags.Errors()[0].Path != `parts[0].options["a"]` || diags.Errors()[0].Summary != "Half done" {
		t.Fatalf("diagnostics:\n%s", diags)
	}
	if !half.Tainted || half.ID() != "w1" {
		t.Fatalf("saved %+v", half)
	}
	whole, diags := driver.Converge(t.Context(), half, widgetConfig("one"))
	if diags.HasError() || whole.Tainted || whole.ID() != "w2" || len(stub.widgets) != 1 {
		t.Errorf("converged to %+v with %d widgets\n%s", whole, len(stub.widgets), diags)
	}
}

func TestDriverReadsImportsAndForgets(t *testing.T) {
	t.Parallel()
	stub, driver := newStub(t)
	made, diags := driver.Create(t.Context(), "stub_widget", widgetConfig("one"))
	if diags.HasError() {
		t.Fatal(diags)
	}
	for name, bring := range map[string]func() (*acctest.Resource, acctest.Diagnostics){
		"by id": func() (*acctest.Resource, acctest.Diagnostics) {
			return driver.Import(t.Context(), "stub_widget", "w1")
		},
		"by identity": func() (*acctest.Resource, acctest.Diagnostics) {
			return driver.ImportIdentity(t.Context(), "stub_widget", map[string]any{"id": "w1"})
		},
		"by upgrade": func() (*acctest.Resource, acctest.Diagnostics) {
			return driver.Upgrade(t.Context(), "stub_widget", 0, made.Attributes)
		},
	} {
		if got, diags := bring(); diags.HasError() || !reflect.DeepEqual(got.Attributes, made.Attributes) {
			t.Errorf("%s: %v, want %v\n%s", name, got.Attributes, made.Attributes, diags)
		}
	}
	if _, diags := driver.Import(t.Context(), "stub_widget", "w9"); !diags.HasError() {
		t.Error("a widget that does not exist was imported")
	}
	data, diags := driver.ReadData(t.Context(), "stub_widgets", map[string]any{"name": "one"})
	if diags.HasError() || data["total"] != int64(1) {
		t.Errorf("data %v\n%s", data, diags)
	}
	if _, diags := driver.ReadData(t.Context(), "stub_widgets", map[string]any{"name": "none"}); !diags.HasError() || diags[0].Path != "name" {
		t.Errorf("diagnostics:\n%s", diags)
	}
	clear(stub.widgets)
	if read, diags := driver.Read(t.Context(), made); diags.HasError() || read.Exists() {
		t.Errorf("read %v\n%s", read.Attributes, diags)
	}
}

func TestDriverValidates(t *testing.T) {
	t.Parallel()
	_, driver := newStub(t)
	diags := driver.Validate(t.Context(), "stub_widget", map[string]any{"kind": "nameless"})
	if !diags.HasError() || diags.Errors()[0].Path != "name" {
		t.Errorf("diagnostics:\n%s", diags)
	}
	if plan, diags := driver.Plan(t.Context(), driver.Absent("stub_widget"), map[string]any{}); plan != nil || !diags.HasError() {
		t.Errorf("planned %v\n%s", plan, diags)
	}
	config := widgetConfig("one")
	config["kind"] = acctest.Unknown
	plan, diags := driver.Plan(t.Context(), driver.Absent("stub_widget"), config)
	if diags.HasError() || plan.Get("kind") != acctest.Unknown {
		t.Errorf("planned %+v\n%s", plan, diags)
	}
}
