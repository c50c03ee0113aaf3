package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// Fields are the attributes of an object and where a model holds them, one entry
// each. They take the place of the framework's own conversions, which reflect on
// each field and compile a regular expression for each tag: a tenth of the
// provider's time in a plan of a thousand connects.
type Fields map[string]Field

// Field is one attribute of a model.
type Field struct {
	read  func(context.Context, tftypes.Value) error
	value func() attr.Value
}

// At is the field for an attribute of a type that a model holds in a place.
func At[V attr.Value](place *V, typ attr.Type) Field {
	return Field{
		read: func(ctx context.Context, raw tftypes.Value) error {
			value, err := typ.ValueFromTerraform(ctx, raw)
			if err != nil {
				return err
			}
			held, ok := value.(V)
			if !ok {
				return fmt.Errorf("it is a %T", value)
			}
			*place = held
			return nil
		},
		value: func() attr.Value { return *place },
	}
}

// StringMap is the type of options and timeouts.
func StringMap() attr.Type { return types.MapType{ElemType: types.StringType} }

// Read takes the attributes of an object that is neither null nor unknown.
func (f Fields) Read(ctx context.Context, raw tftypes.Value, diags *diag.Diagnostics) {
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		Error(diags, errcode.ProviderFault, "Unexpected provider data", err.Error()+". This is a fault of the provider; please report it.")
		return
	}
	for name, field := range f {
		if err := field.read(ctx, values[name]); err != nil {
			Error(diags, errcode.ProviderFault, "Unexpected provider data", fmt.Sprintf("%s: %s. This is a fault of the provider; please report it.", name, err))
		}
	}
}

// Write replaces an object by what the model holds. raw has the object's type, and
// may be null.
func (f Fields) Write(ctx context.Context, raw *tftypes.Value, diags *diag.Diagnostics) {
	values := make(map[string]tftypes.Value, len(f))
	for name, field := range f {
		value, err := field.value().ToTerraformValue(ctx)
		if err != nil {
			Error(diags, errcode.ProviderFault, "Unexpected provider data", fmt.Sprintf("%s: %s. This is a fault of the provider; please report it.", name, err))
			return
		}
		values[name] = value
	}
	*raw = tftypes.NewValue(raw.Type(), values)
}
