package steps

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// TestModel: by hand a state is read and written as the framework would, for every attribute of the schema, whether it is set, null or unknown.
func TestModel(t *testing.T) {
	t.Parallel()
	texts := tftypes.Map{ElementType: tftypes.String}
	for kind, has := range map[connectapi.EventKind]bool{connectapi.TriggerEvent: false, connectapi.ActionEvent: true} {
		var answer resource.SchemaResponse
		(&stepResource{kind: kind}).Schema(t.Context(), resource.SchemaRequest{}, &answer)
		object, _ := answer.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
		limits := object.AttributeTypes["timeouts"]
		full := map[string]tftypes.Value{
			"account_id": tftypes.NewValue(tftypes.String, "a"), "connect_id": tftypes.NewValue(tftypes.String, "c"), "revision": tftypes.NewValue(tftypes.String, "r"),
			"options": tftypes.NewValue(texts, map[string]tftypes.Value{
				"one": tftypes.NewValue(tftypes.String, "1"), "none": tftypes.NewValue(tftypes.String, nil), "later": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
			}),
			"secrets_wo": tftypes.NewValue(texts, nil), "secrets_wo_version": tftypes.NewValue(tftypes.Number, 7),
			"pause_during_update": tftypes.NewValue(tftypes.Bool, true),
			"timeouts":            tftypes.NewValue(limits, map[string]tftypes.Value{"create": tftypes.NewValue(tftypes.String, "1m")}),
		}
		if has {
			full["position"] = tftypes.NewValue(tftypes.Number, 2)
		}
		if len(full) != len(object.AttributeTypes) {
			t.Fatalf("%s: the test knows %d of %d attributes", kind, len(full), len(object.AttributeTypes))
		}
		null, unknown := map[string]tftypes.Value{}, map[string]tftypes.Value{}
		for name, attribute := range object.AttributeTypes {
			null[name], unknown[name] = tftypes.NewValue(attribute, nil), tftypes.NewValue(attribute, tftypes.UnknownValue)
		}
		unknown["secrets_wo"] = null["secrets_wo"]
		for name, values := range map[string]map[string]tftypes.Value{"full": full, "null": null, "unknown": unknown} {
			var diags diag.Diagnostics
			want := tftypes.NewValue(object, values)
			got, r := tftypes.NewValue(object, nil), &stepResource{kind: kind}
			model := r.read(t.Context(), want, &diags)
			if model.Fields().Write(t.Context(), &got, &diags); !got.Equal(want) || diags.HasError() {
				t.Errorf("%s, %s: got %s\nwant %s\n%v", kind, name, got, want, diags)
			}
		}
		var diags diag.Diagnostics
		if (&stepResource{kind: kind}).read(t.Context(), tftypes.NewValue(tftypes.String, "none"), &diags); !diags.HasError() {
			t.Errorf("%s: what is no object is read", kind)
		}
	}
}
