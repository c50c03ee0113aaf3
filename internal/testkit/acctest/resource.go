package acctest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Resource is one managed resource as Terraform would remember it. Drivers never
// change one; each operation answers another.
type Resource struct {
	// Type is the resource type, for example appypie_connect.
	Type string
	// Attributes is the state; nil when the resource does not exist.
	Attributes map[string]any
	// Identity is the identity; nil when the provider gave none.
	Identity map[string]any
	// Tainted is set when the creation failed halfway: Terraform replaces such a
	// resource with the next apply.
	Tainted bool

	state    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Exists reports whether there is a state.
func (r *Resource) Exists() bool { return r.Attributes != nil }

// ID is the attribute id, empty when there is none.
func (r *Resource) ID() string {
	id, _ := r.Get("id").(string)
	return id
}

// Get follows a path of attribute names, map keys and list indexes; nil is null
// or nothing there.
func (r *Resource) Get(path ...string) any { return pick(any(r.Attributes), path...) }

// Stored is all that Terraform would write to its state, private data included,
// as text to search in.
func (r *Resource) Stored() string {
	text, err := json.Marshal(r.Attributes)
	if err != nil {
		return err.Error()
	}
	return string(text) + string(r.private)
}

// Absent is a resource that does not exist yet.
func (d *Driver) Absent(typeName string) *Resource {
	d.t.Helper()
	return d.resource(typeName, nil, nil, nil)
}

func (d *Driver) resource(typeName string, state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) *Resource {
	d.t.Helper()
	value := d.decode(d.resourceSchema(typeName), state)
	r := &Resource{Type: typeName, Attributes: attributes(value), state: value, private: private}
	if r.Exists() {
		r.identity, r.Identity = identity, d.identityValues(typeName, identity)
	}
	return r
}

func (d *Driver) identityValues(typeName string, identity *tfprotov6.ResourceIdentityData) map[string]any {
	d.t.Helper()
	schema := d.identity[typeName]
	if schema == nil || identity == nil || identity.IdentityData == nil {
		return nil
	}
	value, err := identity.IdentityData.Unmarshal(schema.ValueType())
	d.must("decode an identity", err)
	return attributes(value)
}

// Validate validates a configuration as `terraform validate` does.
func (d *Driver) Validate(ctx context.Context, typeName string, config map[string]any) Diagnostics {
	d.t.Helper()
	answer, err := d.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: d.encode(d.value(d.resourceSchema(typeName), config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	d.must("ValidateResourceConfig", err)
	return diagnostics(answer.Diagnostics)
}

// Read refreshes a resource. The answer does not exist when the provider removed
// it from state; on errors it is the resource as it was.
func (d *Driver) Read(ctx context.Context, prior *Resource) (*Resource, Diagnostics) {
	d.t.Helper()
	d.restart(ctx)
	if !prior.Exists() {
		return prior, nil
	}
	answer, err := d.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: prior.Type, CurrentState: d.encode(prior.state), Private: prior.private, CurrentIdentity: prior.identity,
	})
	d.must("ReadResource", err)
	diags := diagnostics(answer.Diagnostics)
	if diags.HasError() {
		return prior, diags
	}
	read := d.resource(prior.Type, answer.NewState, answer.Private, answer.NewIdentity)
	read.Tainted = prior.Tainted && read.Exists()
	d.mustBeState(read)
	return read, diags
}

// Import imports by an id and refreshes, as `terraform import` does.
func (d *Driver) Import(ctx context.Context, typeName, id string) (*Resource, Diagnostics) {
	d.t.Helper()
	return d.finishImport(ctx, typeName, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
}

// ImportIdentity imports by an identity and refreshes.
func (d *Driver) ImportIdentity(ctx context.Context, typeName string, identity map[string]any) (*Resource, Diagnostics) {
	d.t.Helper()
	schema := named(d, "identity of", typeName, d.identity)
	value, err := toValue(schema.ValueType(), identity)
	d.must("turn plain values into an identity", err)
	return d.finishImport(ctx, typeName, &tfprotov6.ImportResourceStateRequest{
		TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: d.encode(value)},
	})
}

func (d *Driver) finishImport(ctx context.Context, typeName string, req *tfprotov6.ImportResourceStateRequest) (*Resource, Diagnostics) {
	d.t.Helper()
	d.restart(ctx)
	answer, err := d.server.ImportResourceState(ctx, req)
	d.must("ImportResourceState", err)
	diags := diagnostics(answer.Diagnostics)
	if diags.HasError() {
		return d.Absent(typeName), diags
	}
	if len(answer.ImportedResources) != 1 {
		d.t.Fatalf("import of %s: the provider answered %d resources", typeName, len(answer.ImportedResources))
	}
	imported := answer.ImportedResources[0]
	stub := d.resource(typeName, imported.State, imported.Private, imported.Identity)
	read, more := d.Read(ctx, stub)
	diags = append(diags, more...)
	if !more.HasError() && !read.Exists() {
		// Terraform's own words begin alike; tests may look for them.
		diags = append(diags, Diagnostic{Error: true, Summary: "Cannot import non-existent remote object"})
	}
	return read, diags
}

// Upgrade takes a state as an older release of the provider wrote it, with its
// schema version, and answers the resource of today.
func (d *Driver) Upgrade(ctx context.Context, typeName string, version int64, state map[string]any) (*Resource, Diagnostics) {
	d.t.Helper()
	raw, err := json.Marshal(state)
	d.must("render a state", err)
	answer, err := d.server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: version, RawState: &tfprotov6.RawState{JSON: raw},
	})
	d.must("UpgradeResourceState", err)
	return d.resource(typeName, answer.UpgradedState, nil, nil), diagnostics(answer.Diagnostics)
}

// mustBeState ends the test when a state holds what no state may hold.
func (d *Driver) mustBeState(r *Resource) {
	d.t.Helper()
	if !r.Exists() {
		return
	}
	if err := blockShape(d.resourceSchema(r.Type).Block).checkApplied(r.Type, r.state, r.state); err != nil {
		d.t.Fatalf("invalid state: %v", err)
	}
}

// Types lists the resource types of the provider, sorted.
func (d *Driver) Types() []string { return slices.Sorted(maps.Keys(d.schema.ResourceSchemas)) }
