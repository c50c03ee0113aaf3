package provider_test

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// TestCallsAreForgotten: what comes with a call is free when it has ended. When the
// framework does so itself, which the second case would tell, serve.go can go.
func TestCallsAreForgotten(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		server tfprotov6.ProviderServer
		kept   bool
	}{
		"served":                  {provider.NewServer(provider.New("test")()), false},
		"the framework by itself": {providerserver.NewProtocol6(provider.New("test")())(), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			carried := readWith(t, tc.server)
			runtime.GC()
			if kept := carried.Value() != nil; kept != tc.kept {
				t.Errorf("the context of a call is kept after it: %t", kept)
			}
			runtime.KeepAlive(tc.server)
		})
	}
}

type passenger struct{}

// readWith makes a call whose context carries something.
func readWith(t *testing.T, server tfprotov6.ProviderServer) weak.Pointer[[1 << 10]byte] {
	t.Helper()
	carried := new([1 << 10]byte)
	ctx := context.WithValue(context.Background(), passenger{}, carried) //nolint:usetesting // the test's own context would keep it.
	if _, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "appypie_nothing"}); err != nil {
		t.Fatal(err)
	}
	return weak.Make(carried)
}
