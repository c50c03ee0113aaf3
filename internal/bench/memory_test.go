package main

import (
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestHeldMemory refreshes accounts of three sizes in one provider process each.
// What the provider still holds afterwards grows by the same for each connect.
//
//nolint:paralleltest // it looks at the heap, which tests share.
func TestHeldMemory(t *testing.T) {
	const (
		size = 400
		// tolerance is how much one slope may exceed the other: maps grow in jumps.
		tolerance = 1.5
	)
	small, middle, large := heldAfterRefresh(t, size), heldAfterRefresh(t, 2*size), heldAfterRefresh(t, 4*size)
	first, second := float64(middle-small)/size, float64(large-middle)/(2*size)
	t.Logf("after %d, %d and %d connects %d, %d and %d bytes are held: %.0f, then %.0f for each further connect",
		size, 2*size, 4*size, small, middle, large, first, second)
	if first <= 0 || second > tolerance*first {
		t.Errorf("the memory that is held does not grow linearly")
	}
}

// heldAfterRefresh reads all connects of an account and returns by how much the
// heap has grown.
func heldAfterRefresh(t *testing.T, size int) int64 {
	t.Helper()
	env := acctest.New(t)
	samples := make([]sample, size)
	for i := range samples {
		samples[i] = stage(t, env)
	}
	server := providerserver.NewProtocol6(provider.New("bench")())()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	config := withNulls(schema.Provider.ValueType(), map[string]tftypes.Value{
		"api_url": text(env.URL + simulator.APIBase), "access_token": text(env.Sim.IssueAccessToken()),
	})
	encoded, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		t.Fatal(err)
	}
	before := liveHeap()
	if _, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &encoded}); err != nil {
		t.Fatal(err)
	}
	for _, one := range samples {
		state, err := one.state(schema.ResourceSchemas[typeName].ValueType())
		if err != nil {
			t.Fatal(err)
		}
		read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: &tfprotov6.DynamicValue{MsgPack: state}})
		if err != nil || len(read.Diagnostics) > 0 {
			t.Fatalf("read a connect: %v, %+v", err, read)
		}
	}
	grown := liveHeap() - before
	// Without this the provider itself could be collected before it is measured.
	runtime.KeepAlive(server)
	return grown
}

// stage makes a complete connect by the hand of a person.
func stage(t *testing.T, env *acctest.Env) sample {
	t.Helper()
	made := env.Sim.CreateConnect(env.MatchID(t, matchTitle), "Heartbeat")
	one := sample{ID: made.ID, Name: made.Name, Match: made.PopularMatchID, URL: "https://hooks.example.com/" + made.ID}
	err := env.Sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options = map[string]string{"minute": "15"}
		c.Actions[0].Options = map[string]string{"url": one.URL, "payload": "minute 15"}
	})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func liveHeap() int64 {
	// What a finalizer lets go is free after the second collection.
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) //nolint:gosec // far below the limit.
}
