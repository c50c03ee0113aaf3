package provider

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// address is where registries know the provider.
const address = "registry.terraform.io/appypie-community/appypie"

// gcPercent lets garbage grow to twice what is in use. In a plan of a thousand
// connects that takes 100 MiB in place of 63, and 15 % less CPU; with 400 it would
// take 160, and 10 % less again.
const gcPercent = 200

// Serve serves a provider to Terraform over plugin protocol 6, until Terraform
// ends the process. With wait it waits for a debugger such as delve.
func Serve(constructor func() provider.Provider, wait bool) error {
	for _, name := range needlessLogs(os.Environ()) {
		if err := os.Setenv(name, "OFF"); err != nil {
			return fmt.Errorf("keep the framework from logging: %w", err)
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	var opts []tf6server.ServeOpt
	if wait {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return NewServer(constructor()) }, opts...)
	if err != nil {
		return fmt.Errorf("serve the provider: %w", err)
	}
	return nil
}

// needlessLogs names the logs of the plugin framework when nobody asked
// Terraform for a log. The framework writes them nevertheless, a dozen lines a
// call, for Terraform to drop: a sixth of the provider's time in a large apply.
func needlessLogs(environ []string) []string {
	for _, setting := range environ {
		if strings.HasPrefix(setting, "TF_LOG") {
			return nil
		}
	}
	return []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"}
}

// frameworkServer is what the framework answers and this provider has.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// server is the framework's, which forgets a call when it has ended. The framework
// (1.19.0) keeps the context of each call until the process ends, 13 kB with its
// loggers: two thirds of the memory of a plan of a thousand connects. The calls that
// come once for each object have a context here that can be emptied.
type server struct{ frameworkServer }

// NewServer is the server of a provider.
func NewServer(of provider.Provider) tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(of)()
	if whole, ok := framework.(frameworkServer); ok {
		return server{whole}
	}
	return framework
}

// callContext is the context of a call. Once the call has ended it holds nothing,
// and is canceled.
type callContext struct {
	of atomic.Pointer[context.Context]
}

// call makes a call with a context that is emptied when it returns.
//
//nolint:contextcheck // held inherits everything for as long as the call lasts.
func call[Request, Response any](ctx context.Context, of func(context.Context, Request) (Response, error), req Request) (Response, error) {
	var held callContext
	held.of.Store(&ctx)
	defer held.of.Store(nil)
	return of(&held, req)
}

// Deadline implements context.Context.
func (c *callContext) Deadline() (time.Time, bool) {
	if ctx := c.of.Load(); ctx != nil {
		return (*ctx).Deadline()
	}
	return time.Time{}, false
}

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} {
	if ctx := c.of.Load(); ctx != nil {
		return (*ctx).Done()
	}
	ended := make(chan struct{})
	close(ended)
	return ended
}

// Err implements context.Context.
func (c *callContext) Err() error {
	if ctx := c.of.Load(); ctx != nil {
		return (*ctx).Err()
	}
	return context.Canceled
}

// Value implements context.Context.
func (c *callContext) Value(key any) any {
	if ctx := c.of.Load(); ctx != nil {
		return (*ctx).Value(key)
	}
	return nil
}

// ValidateResourceConfig implements tfprotov6.ResourceServer.
func (s server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return call(ctx, s.frameworkServer.ValidateResourceConfig, req)
}

// UpgradeResourceState implements tfprotov6.ResourceServer.
func (s server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, s.frameworkServer.UpgradeResourceState, req)
}

// UpgradeResourceIdentity implements tfprotov6.ResourceServer.
func (s server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, s.frameworkServer.UpgradeResourceIdentity, req)
}

// ReadResource implements tfprotov6.ResourceServer.
func (s server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return call(ctx, s.frameworkServer.ReadResource, req)
}

// PlanResourceChange implements tfprotov6.ResourceServer.
func (s server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return call(ctx, s.frameworkServer.PlanResourceChange, req)
}

// ApplyResourceChange implements tfprotov6.ResourceServer.
func (s server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return call(ctx, s.frameworkServer.ApplyResourceChange, req)
}

// ImportResourceState implements tfprotov6.ResourceServer.
func (s server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, s.frameworkServer.ImportResourceState, req)
}

// ReadDataSource implements tfprotov6.DataSourceServer.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return call(ctx, s.frameworkServer.ReadDataSource, req)
}
