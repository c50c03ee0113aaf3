package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// conformSchema has one attribute of each kind that the rules tell apart.
func conformSchema() *tfprotov6.Schema {
	return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "name", Type: tftypes.String, Required: true},
		{Name: "id", Type: tftypes.String, Computed: true},
		{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
		{Name: "options", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true},
		{Name: "parts", Optional: true, NestedType: &tfprotov6.SchemaObject{
			Nesting:    tfprotov6.SchemaObjectNestingModeList,
			Attributes: []*tfprotov6.SchemaAttribute{{Name: "key", Type: tftypes.String, Optional: true, Computed: true}},
		}},
	}}}
}

func TestRulesOfTheProtocol(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to map[string]any
		planned  string // what checkPlanned says about from → to; empty: nothing
		applied  string // what checkApplied says
	}{
		"the same":                 {from: map[string]any{"name": "a"}, to: map[string]any{"name": "a"}},
		"a computed value appears": {from: map[string]any{"id": Unknown}, to: map[string]any{"id": "x"}},
		"another value":            {from: map[string]any{"name": "a"}, to: map[string]any{"name": "b"}, planned: "name is configured", applied: "name was planned"},
		"a value from nowhere":     {from: map[string]any{}, to: map[string]any{"name": "b"}, planned: "name is configured", applied: "only after apply"},
		"a key is lost":            {from: map[string]any{"options": map[string]any{"a": "1"}}, to: map[string]any{"options": map[string]any{}}, planned: "options is configured", applied: "options has other keys"},
		"a secret":                 {from: map[string]any{"secret": "s"}, to: map[string]any{"secret": "s"}, planned: "secret is write-only", applied: "secret is write-only"},
		"an element is lost":       {from: map[string]any{"parts": []any{map[string]any{}}}, to: map[string]any{"parts": []any{}}, planned: "0 elements", applied: "0 elements"},
		"an element changes":       {from: map[string]any{"parts": []any{map[string]any{"key": "a"}}}, to: map[string]any{"parts": []any{map[string]any{"key": "b"}}}, planned: "parts[0].key", applied: "parts[0].key"},
		"unknown after apply":      {from: map[string]any{"id": Unknown}, to: map[string]any{"id": Unknown}, applied: "id is unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema := conformSchema()
			from, fromErr := toValue(schema.ValueType(), test.from)
			to, toErr := toValue(schema.ValueType(), test.to)
			if fromErr != nil || toErr != nil {
				t.Fatal(fromErr, toErr)
			}
			expect(t, "planned", blockShape(schema.Block).checkPlanned("thing", from, to), test.planned)
			expect(t, "applied", blockShape(schema.Block).checkApplied("thing", from, to), test.applied)
		})
	}
}

func expect(t *testing.T, what string, err error, want string) {
	t.Helper()
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

func TestValuesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		plain map[string]any
		want  string
	}{
		"an attribute that is not there": {plain: map[string]any{"size": "a"}, want: `no attribute "size"`},
		"a number for a text":            {plain: map[string]any{"name": 1}, want: "name: int64 does not fit"},
		"a text for a map":               {plain: map[string]any{"options": "a"}, want: "options: string does not fit tftypes.Map"},
		"a text for an element":          {plain: map[string]any{"parts": []any{"a"}}, want: "parts: [0]: string does not fit tftypes.Object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := toValue(conformSchema().ValueType(), test.plain)
			expect(t, "conversion", err, test.want)
		})
	}
}
