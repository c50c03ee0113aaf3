// Package tfkit holds what every room of the provider shares: the preludes of
// resources, data sources and ephemeral resources, diagnostics, lookups and small values.
package tfkit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// OptionValidation says what plan does with options that the metadata of the
// app does not allow.
type OptionValidation string

// The ways to treat what validation finds.
const (
	ValidationError OptionValidation = "error"
	ValidationWarn  OptionValidation = "warn"
	ValidationOff   OptionValidation = "off"
)

// ProviderData is what Configure hands to resources and data sources.
type ProviderData struct {
	Client *connectapi.Client
	// Tokens is where the client gets its access tokens from.
	Tokens           auth.Source
	OptionValidation OptionValidation
	// Now is the clock that revisions and creation records are stamped with.
	Now func() time.Time
	// Records are the creations that no state is known to hold.
	Records *Records
	// Metadata is what plans are checked against, fetched once.
	Metadata Metadata
	// Claims tells which resource manages which part of a connect.
	Claims Claims
	// Switches tells who has taken over a switch in this run.
	Switches Switches
	// Refreshed are the connects that were read in this run: a plan reads what it
	// plans, and an apply does not.
	Refreshed sync.Map
}

// ResourceBase is embedded by every resource.
type ResourceBase struct {
	Provider *ProviderData
}

// Configure implements resource.ResourceWithConfigure.
func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.Provider = providerData(req.ProviderData, &resp.Diagnostics)
}

// readConnect reads the connect of a resource that is being refreshed. When
// the connect is gone the resource leaves the state with a warning; when it
// cannot be read the state stays. Both answer nil.
func (b *ResourceBase) readConnect(ctx context.Context, id string, resp *resource.ReadResponse) *connectapi.Connect {
	b.Provider.Refreshed.Store(id, true)
	connect, err := b.Provider.Client.Connect(ctx, id)
	switch {
	case connectapi.IsNotFound(err):
		WarnGone(&resp.Diagnostics, "connect", id)
		resp.State.RemoveResource(ctx)
	case err != nil:
		AddError(&resp.Diagnostics, "Cannot read the connect "+id, err)
	}
	return connect
}

// Model is what a resource keeps in its state.
type Model interface {
	Fields() Fields
	// Identity are the attributes of its identity.
	Identity() map[string]attr.Value
}

// Refresh reads the connect of a resource whose state is in model, and has update
// put into the model what the service has; update reports whether that changed
// anything. What did not change is in the answer already.
func (b *ResourceBase) Refresh(ctx context.Context, model Model, connectID types.String, timeouts types.Map, req resource.ReadRequest, resp *resource.ReadResponse, update func(*connectapi.Connect, Pending) bool) {
	ctx, cancel := WithTimeout(ctx, timeouts, TimeoutRead, &resp.Diagnostics)
	defer cancel()
	SetIdentity(ctx, resp.Identity, &resp.Diagnostics, model.Identity())
	connect := b.readConnect(ctx, connectID.ValueString(), resp)
	if connect == nil {
		return
	}
	private := ReadPrivate(ctx, req.Private, &resp.Diagnostics)
	if private.Pending.TurnOn && connect.On {
		private.Pending.TurnOn = false
		WritePrivate(ctx, resp.Private, private, &resp.Diagnostics)
	}
	if update(connect, private.Pending) {
		Answer{State: &resp.State, Identity: resp.Identity, Diags: &resp.Diagnostics}.Publish(ctx, model)
	}
}

// SetIdentity writes the identity of a resource. A refresh does so before it
// knows whether the object still exists: the framework wants an identity even
// of a resource that leaves the state.
func SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics, values map[string]attr.Value) {
	if identity == nil {
		return
	}
	fields := Fields{}
	for name, attribute := range identity.Schema.GetAttributes() {
		value := values[name]
		fields[name] = At(&value, attribute.GetType())
	}
	if identity.Raw.Type() == nil {
		identity.Raw = tftypes.NewValue(identity.Schema.Type().TerraformType(ctx), nil)
	}
	fields.Write(ctx, &identity.Raw, diags)
}

// DataSourceBase is embedded by every data source.
type DataSourceBase struct {
	Provider *ProviderData
}

// Configure implements datasource.DataSourceWithConfigure.
func (b *DataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	b.Provider = providerData(req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase is embedded by every ephemeral resource.
type EphemeralBase struct {
	Provider *ProviderData
}

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (b *EphemeralBase) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	b.Provider = providerData(req.ProviderData, &resp.Diagnostics)
}

// ActionBase is embedded by every action.
type ActionBase struct {
	Provider *ProviderData
}

// Configure implements action.ActionWithConfigure.
func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.Provider = providerData(req.ProviderData, &resp.Diagnostics)
}

// providerData is nil until the provider is configured, as during validate.
func providerData(data any, diags *diag.Diagnostics) *ProviderData {
	if data == nil {
		return nil
	}
	result, ok := data.(*ProviderData)
	if !ok {
		Error(diags, errcode.ProviderFault,
			fmt.Sprintf("The provider passed unexpected data: %T.", data))
	}
	return result
}
