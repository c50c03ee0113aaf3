package steps_test

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// unchanged is a resource in a provider of this process that a run finds as it left
// it.
type unchanged struct {
	tb            testing.TB
	server        tfprotov6.ProviderServer
	typeName      string
	state, config *tfprotov6.DynamicValue
	identity      *tfprotov6.ResourceIdentityData
}

func newUnchanged(tb testing.TB, typeName string) unchanged {
	tb.Helper()
	sim, err := simulator.Start(tb.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sim.Close(context.WithoutCancel(tb.Context())) })
	matches := sim.Catalog().Matches()
	match := matches[slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == acctest.ScheduleToWebhook })]
	made := sim.CreateConnect(match.ID, "Hourly")
	err = sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "15"}
		c.Actions[0].Options = map[string]string{"url": "https://example.com/hook", "payload": "minute 15"}
	})
	if err != nil {
		tb.Fatal(err)
	}

	u := unchanged{tb: tb, server: providerserver.NewProtocol6(provider.New("bench")())(), typeName: typeName}
	schema, err := u.server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	configured, err := u.server.ConfigureProvider(tb.Context(), &tfprotov6.ConfigureProviderRequest{Config: u.encode(schema.Provider.ValueType(), map[string]tftypes.Value{
		"api_url": tftypes.NewValue(tftypes.String, sim.APIURL()), "access_token": tftypes.NewValue(tftypes.String, sim.IssueAccessToken()),
	})})
	if err != nil || len(configured.Diagnostics) > 0 {
		tb.Fatalf("configure the provider: %v, %+v", err, configured)
	}
	imported, err := u.server.ImportResourceState(tb.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: made.ID})
	if err != nil || len(imported.ImportedResources) != 1 {
		tb.Fatalf("import: %v, %+v", err, imported)
	}
	u.state, u.identity = imported.ImportedResources[0].State, imported.ImportedResources[0].Identity

	// The configuration says what the state does, but for what only the provider says.
	kind := schema.ResourceSchemas[typeName]
	state, err := u.state.Unmarshal(kind.ValueType())
	if err != nil {
		tb.Fatal(err)
	}
	values := map[string]tftypes.Value{}
	if err := state.As(&values); err != nil {
		tb.Fatal(err)
	}
	for _, attribute := range kind.Block.Attributes {
		if attribute.Computed && !attribute.Optional {
			delete(values, attribute.Name)
		}
	}
	u.config = u.encode(kind.ValueType(), values)
	return u
}

// encode completes an object with nulls.
func (u unchanged) encode(kind tftypes.Type, values map[string]tftypes.Value) *tfprotov6.DynamicValue {
	u.tb.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		u.tb.Fatalf("%s is no object", kind)
	}
	all := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		if all[name], ok = values[name]; !ok {
			all[name] = tftypes.NewValue(kind, nil)
		}
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, all))
	if err != nil {
		u.tb.Fatal(err)
	}
	return &encoded
}

func (u unchanged) refresh() {
	answer, err := u.server.ReadResource(u.tb.Context(), &tfprotov6.ReadResourceRequest{TypeName: u.typeName, CurrentState: u.state, CurrentIdentity: u.identity})
	if err != nil || len(answer.Diagnostics) > 0 {
		u.tb.Fatalf("read: %v, %+v", err, answer)
	}
}

func (u unchanged) plan() {
	answer, err := u.server.PlanResourceChange(u.tb.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: u.typeName, PriorState: u.state, ProposedNewState: u.state, Config: u.config, PriorIdentity: u.identity,
	})
	if err != nil || len(answer.Diagnostics) > 0 {
		u.tb.Fatalf("plan: %v, %+v", err, answer)
	}
}

// BenchmarkUnchanged is what a resource costs in a run that changes nothing.
func BenchmarkUnchanged(b *testing.B) {
	for _, typeName := range []string{triggerType, actionType, "appypie_connect_activation"} {
		u := newUnchanged(b, typeName)
		b.Run(typeName+"/refresh", func(b *testing.B) {
			u.refresh()
			b.ReportAllocs()
			for b.Loop() {
				u.refresh()
			}
		})
		b.Run(typeName+"/plan", func(b *testing.B) {
			u.plan()
			b.ReportAllocs()
			for b.Loop() {
				u.plan()
			}
		})
	}
}
