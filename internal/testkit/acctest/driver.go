package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Driver talks plugin protocol 6 to a provider in this process, as Terraform
// would, but hundreds of times a second. It carries state, private state and
// identity along and refuses what Terraform refuses. Each call is a provider
// process of its own as far as memory is concerned; only the token store is shared.
//
// Faults of the protocol end the test; what the provider has to say comes back
// as diagnostics.
type Driver struct {
	t        *testing.T
	server   tfprotov6.ProviderServer
	schema   *tfprotov6.GetProviderSchemaResponse
	identity map[string]*tfprotov6.ResourceIdentitySchema
	settings map[string]any
}

// Driver returns a driver whose provider is configured for the service of this
// Env.
func (e *Env) Driver(t *testing.T) *Driver {
	t.Helper()
	return e.DriverWith(t, nil)
}

// DriverWith is Driver with some settings of the provider block replaced; nil
// removes one.
func (e *Env) DriverWith(t *testing.T, changes map[string]any) *Driver {
	t.Helper()
	server, err := e.Factories()["appypie"]()
	if err != nil {
		t.Fatalf("make the provider: %v", err)
	}
	settings := e.Settings()
	for name, value := range changes {
		if settings[name] = value; value == nil {
			delete(settings, name)
		}
	}
	d := NewDriver(t, server)
	if diags := d.Configure(t.Context(), settings); diags.HasError() {
		t.Fatalf("configure the provider:\n%s", diags)
	}
	return d
}

// SamePhase returns a driver whose calls reach one provider process, as those do
// that plan, or apply, the resources of one run.
func (d *Driver) SamePhase() *Driver {
	phase := *d
	phase.settings = nil
	return &phase
}

// NewDriver returns a driver of a provider that is not configured yet.
func NewDriver(t *testing.T, server tfprotov6.ProviderServer) *Driver {
	t.Helper()
	d := &Driver{t: t, server: server}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	d.must("GetProviderSchema", err)
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	d.must("GetResourceIdentitySchemas", err)
	if diags := diagnostics(append(schema.Diagnostics, identities.Diagnostics...)); diags.HasError() {
		t.Fatalf("the schemas of the provider:\n%s", diags)
	}
	d.schema, d.identity = schema, identities.IdentitySchemas
	return d
}

// Configure validates and configures the provider with the given settings.
func (d *Driver) Configure(ctx context.Context, settings map[string]any) Diagnostics {
	d.t.Helper()
	d.settings = settings
	config := d.encode(d.value(d.schema.Provider, settings))
	validated, err := d.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
	d.must("ValidateProviderConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return diags
	}
	configured, err := d.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", Config: config,
	})
	d.must("ConfigureProvider", err)
	return append(diags, diagnostics(configured.Diagnostics)...)
}

// restart configures the provider again. Terraform has a provider process for
// each phase of a run, so nothing that one remembers may reach another: each
// call of a driver is a process of its own.
func (d *Driver) restart(ctx context.Context) {
	d.t.Helper()
	if d.settings == nil {
		return
	}
	if diags := d.Configure(ctx, d.settings); diags.HasError() {
		d.t.Fatalf("configure the provider again:\n%s", diags)
	}
}

// ReadData validates and reads a data source and returns its attributes, nil
// when there are errors.
func (d *Driver) ReadData(ctx context.Context, typeName string, config map[string]any) (map[string]any, Diagnostics) {
	d.t.Helper()
	d.restart(ctx)
	schema := named(d, "data source", typeName, d.schema.DataSourceSchemas)
	encoded := d.encode(d.value(schema, config))
	validated, err := d.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: encoded})
	d.must("ValidateDataResourceConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	answer, err := d.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: encoded})
	d.must("ReadDataSource", err)
	diags = append(diags, diagnostics(answer.Diagnostics)...)
	if diags.HasError() {
		return nil, diags
	}
	return attributes(d.decode(schema, answer.State)), diags
}

func (d *Driver) resourceSchema(typeName string) *tfprotov6.Schema {
	d.t.Helper()
	return named(d, "resource", typeName, d.schema.ResourceSchemas)
}

// named ends the test when the provider has nothing of a kind by a name.
func named[T any](d *Driver, kind, name string, all map[string]*T) *T {
	d.t.Helper()
	if all[name] == nil {
		d.t.Fatalf("the provider has no %s %s", kind, name)
	}
	return all[name]
}

// value turns plain values into an object of the schema.
func (d *Driver) value(schema *tfprotov6.Schema, plain map[string]any) tftypes.Value {
	d.t.Helper()
	value, err := toValue(schema.ValueType(), plain)
	d.must("turn plain values into a configuration", err)
	return value
}

// attributes reads a whole object; null is nil.
func attributes(value tftypes.Value) map[string]any {
	members, _ := fromValue(value).(map[string]any)
	return members
}

func (d *Driver) encode(value tftypes.Value) *tfprotov6.DynamicValue {
	d.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	d.must("encode a value", err)
	return &encoded
}

// decode reads a value of the schema; what the provider left out is null.
func (d *Driver) decode(schema *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) tftypes.Value {
	d.t.Helper()
	if encoded == nil {
		return tftypes.NewValue(schema.ValueType(), nil)
	}
	value, err := encoded.Unmarshal(schema.ValueType())
	d.must("decode a value", err)
	return value
}

// must ends the test on a fault of the protocol.
func (d *Driver) must(call string, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("%s: %v", call, err)
	}
}
