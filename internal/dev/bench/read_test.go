package main

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
	realprovider "github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// account is a service in this process that holds connects.
type account struct {
	apiURL, token string
	samples       []sample
}

// newAccount starts a service that ends with the test, and makes connects by the
// hand of a person.
func newAccount(tb testing.TB, size int) *account {
	tb.Helper()
	sim, err := simulator.Start(tb.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sim.Close(context.WithoutCancel(tb.Context())) })
	matches := sim.Catalog().Matches()
	match := matches[slices.IndexFunc(matches, func(m catalog.PopularMatch) bool { return m.Title == matchTitle })].ID
	a := &account{apiURL: sim.APIURL(), token: sim.IssueAccessToken()}
	for range size {
		made := sim.CreateConnect(match, "Heartbeat")
		one := sample{ID: made.ID, Name: made.Name, Match: match, URL: "https://hooks.example.com/" + made.ID}
		err := sim.Edit(made.ID, func(c *simulator.Connect) {
			c.Trigger.Options = map[string]string{"minute": "15"}
			c.Actions[0].Options = map[string]string{"url": one.URL, "payload": "minute 15"}
		})
		if err != nil {
			tb.Fatal(err)
		}
		a.samples = append(a.samples, one)
	}
	return a
}

// configured is a provider in this process.
type configured struct {
	server tfprotov6.ProviderServer
	state  tftypes.Type
}

// configure sets up a provider for the account. Settings that it does not have
// are left out.
func (a *account) configure(tb testing.TB, what provider.Provider) *configured {
	tb.Helper()
	server := providerserver.NewProtocol6(what)()
	schema, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	settings := encode(tb, schema.Provider.ValueType(), map[string]tftypes.Value{
		"api_url": tftypes.NewValue(tftypes.String, a.apiURL), "access_token": tftypes.NewValue(tftypes.String, a.token),
	})
	answer, err := server.ConfigureProvider(tb.Context(), &tfprotov6.ConfigureProviderRequest{Config: &tfprotov6.DynamicValue{MsgPack: settings}})
	if err != nil || len(answer.Diagnostics) > 0 {
		tb.Fatalf("configure the provider: %v, %+v", err, answer)
	}
	return &configured{server: server, state: schema.ResourceSchemas[typeName].ValueType()}
}

func (c *configured) read(tb testing.TB, one sample) {
	tb.Helper()
	state := one.state(tb, c.state)
	answer, err := c.server.ReadResource(tb.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: &tfprotov6.DynamicValue{MsgPack: state},
	})
	if err != nil || len(answer.Diagnostics) > 0 {
		tb.Fatalf("read a connect: %v, %+v", err, answer)
	}
}

// BenchmarkRead reads connects of an account that has been listed: what a
// refresh costs the provider for each, with encoding the state before.
func BenchmarkRead(b *testing.B) {
	const size = 1000
	account := newAccount(b, size)
	b.Setenv("APPYPIE_API_URL", account.apiURL)
	b.Setenv("APPYPIE_ACCESS_TOKEN", account.token)
	for name, what := range map[string]func() provider.Provider{nameNew: realprovider.New("bench"), nameFloor: floor.New()} {
		b.Run(name, func(b *testing.B) {
			server := account.configure(b, what())
			for _, one := range account.samples {
				server.read(b, one)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				server.read(b, account.samples[i%size])
			}
		})
	}
}
