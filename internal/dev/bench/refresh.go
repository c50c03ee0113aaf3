package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/bench/floor"
	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

const (
	// parallelism is Terraform's default.
	parallelism = 10
	// populators is how many requests fill a service at once.
	populators = 64
	typeName   = "appypie_connect"
)

// refreshed is what it costs one provider process to read all connects, without
// Terraform.
type refreshed struct {
	wall, cpu time.Duration
	// before and peak are the largest resident sets until the first read and at
	// the end, in bytes.
	before, peak int64
	traffic      traffic
}

// sample is a connect as a state knows it.
type sample struct {
	ID, Name, Match, URL string
}

// refreshes measures all sizes and subjects.
func (b *bench) refreshes(ctx context.Context, add func(size int, subject string, r refreshed)) error {
	schemas, err := protocolSchemas(ctx)
	if err != nil {
		return err
	}
	for _, size := range b.refresh {
		space := tfrun.NewWorkspace(b.space.Path("refresh-" + strconv.Itoa(size)))
		if err := b.refreshSize(ctx, space, size, schemas, add); err != nil {
			return fmt.Errorf("refresh %d connects: %w", size, err)
		}
	}
	return nil
}

func (b *bench) refreshSize(ctx context.Context, space *tfrun.Workspace, size int, schemas map[string]*tfprotov6.GetProviderSchemaResponse, add func(int, string, refreshed)) error {
	if err := makeFolder(space.Root); err != nil {
		return err
	}
	running, err := b.startService(ctx, space, b.latency)
	if err != nil {
		return err
	}
	defer running.stop()
	samples, err := running.populate(ctx, size)
	if err != nil {
		return err
	}
	for range b.count {
		for _, who := range []subject{b.real(), b.floor("")} {
			r, err := b.refreshOnce(ctx, space, running, who, schemas[who.name], samples)
			if err != nil {
				return fmt.Errorf("%s provider: %w", who.name, err)
			}
			b.say("%s, refresh of %d connects: %.2f s, peak %d MiB", who.name, size, r.wall.Seconds(), r.peak>>20)
			add(size, who.name, r)
		}
	}
	return nil
}

// protocolSchemas asks providers in this process for their schemas, which values
// are encoded by.
func protocolSchemas(ctx context.Context) (map[string]*tfprotov6.GetProviderSchemaResponse, error) {
	found := map[string]*tfprotov6.GetProviderSchemaResponse{}
	servers := map[string]func() tfprotov6.ProviderServer{
		nameReal:  providerserver.NewProtocol6(provider.New("bench")()),
		nameFloor: providerserver.NewProtocol6(floor.New()()),
	}
	for name, server := range servers {
		schema, err := server().GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			return nil, fmt.Errorf("ask the %s provider for its schema: %w", name, err)
		}
		found[name] = schema
	}
	return found, nil
}

// populate makes complete connects, as many as are wanted.
func (s *service) populate(ctx context.Context, size int) ([]sample, error) {
	match, err := s.matchID(ctx)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: requestTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: populators}}
	defer client.CloseIdleConnections()
	samples := make([]sample, size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(populators)
	for i := range samples {
		group.Go(func() (err error) {
			samples[i], err = s.makeConnect(ctx, client, match, i)
			return err
		})
	}
	return samples, group.Wait()
}

func (s *service) makeConnect(ctx context.Context, client *http.Client, match string, number int) (sample, error) {
	made := sample{Name: fmt.Sprintf("Heartbeat %d", number), Match: match, URL: fmt.Sprintf("https://hooks.example.com/%d", number)}
	var connect struct {
		Data struct {
			ID      string `json:"_id"`
			Actions []struct {
				StepID string `json:"stepId"`
			} `json:"actions"`
		} `json:"data"`
	}
	if err := s.api(ctx, client, http.MethodPost, "/connect/popular-match/"+match, map[string]string{"name": made.Name}, &connect); err != nil {
		return made, err
	}
	made.ID = connect.Data.ID
	options := func(of map[string]string) map[string]any { return map[string]any{"options": of} }
	trigger, action := options(map[string]string{"minute": "15"}), options(map[string]string{"url": made.URL, "payload": "minute 15"})
	if err := s.api(ctx, client, http.MethodPut, "/connect/trigger-options/"+made.ID, trigger, nil); err != nil {
		return made, err
	}
	return made, s.api(ctx, client, http.MethodPut, "/connect/action-options/"+made.ID+"/"+connect.Data.Actions[0].StepID, action, nil)
}

// refreshOnce starts a provider and has it read every connect.
func (b *bench) refreshOnce(ctx context.Context, space *tfrun.Workspace, running *service, who subject, schema *tfprotov6.GetProviderSchemaResponse, samples []sample) (r refreshed, err error) {
	settings, err := encode(schema.Provider.ValueType(), nil)
	if err != nil {
		return r, err
	}
	profiles, err := b.profiles(phaseRefresh + "-" + strconv.Itoa(len(samples)))
	if err != nil {
		return r, err
	}
	p, err := startPlugin(ctx, space, who.program, slices.Concat(who.environment(running, space), b.environment, profiles))
	if err != nil {
		return r, err
	}
	defer func() { r.cpu = p.stop(ctx) }()
	answer, err := p.call(ctx, providerService+"ConfigureProvider", append(field(1, []byte("1.11.4")), dynamicValue(2, settings)...))
	if err == nil && fieldOf(answer, 1) != nil {
		err = fmt.Errorf("configure the provider: %q", answer)
	}
	if err != nil {
		return r, err
	}
	seen, err := running.watch(ctx)
	if err != nil {
		return r, err
	}
	r.before = residentPeak(p.cmd.Process.Pid)
	started := time.Now()
	if err := p.readAll(ctx, schema.ResourceSchemas[typeName].ValueType(), samples); err != nil {
		return r, err
	}
	r.wall, r.peak = time.Since(started), residentPeak(p.cmd.Process.Pid)
	r.traffic, err = seen()
	return r, err
}

func (p *plugin) readAll(ctx context.Context, of tftypes.Type, samples []sample) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelism)
	for _, one := range samples {
		group.Go(func() error {
			state, err := one.state(of)
			if err != nil {
				return err
			}
			answer, err := p.call(ctx, providerService+"ReadResource", append(field(1, []byte(typeName)), dynamicValue(2, state)...))
			if err != nil {
				return err
			}
			// A connect that is gone is read as MessagePack's nil, 0xc0.
			if value := fieldOf(fieldOf(answer, 1), 1); len(value) <= 1 || fieldOf(answer, 2) != nil {
				return fmt.Errorf("the connect %s was read as %q", one.ID, answer)
			}
			return nil
		})
	}
	return group.Wait()
}

// state is the connect as a state holds it.
func (s sample) state(of tftypes.Type) ([]byte, error) {
	object, ok := of.(tftypes.Object)
	if !ok {
		return nil, errors.New("the schema of the connect is no object")
	}
	step := func(of tftypes.Type, options map[string]string) tftypes.Value {
		values := map[string]tftypes.Value{}
		for key, option := range options {
			values[key] = tftypes.NewValue(tftypes.String, option)
		}
		return withNulls(of, map[string]tftypes.Value{"options": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)})
	}
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	stepType := object.AttributeTypes["trigger"]
	return encode(of, map[string]tftypes.Value{
		"id": text(s.ID), "name": text(s.Name), "popular_match_id": text(s.Match), "deletion_policy": text("delete"),
		"trigger": step(stepType, map[string]string{"minute": "15"}),
		"actions": tftypes.NewValue(object.AttributeTypes["actions"], []tftypes.Value{
			step(stepType, map[string]string{"url": s.URL, "payload": "minute 15"}),
		}),
	})
}

// withNulls is an object whose other attributes are null.
func withNulls(of tftypes.Type, values map[string]tftypes.Value) tftypes.Value {
	object, _ := of.(tftypes.Object)
	all := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		value, ok := values[name]
		if !ok {
			value = tftypes.NewValue(attribute, nil)
		}
		all[name] = value
	}
	return tftypes.NewValue(of, all)
}

// encode turns an object into MessagePack.
func encode(of tftypes.Type, values map[string]tftypes.Value) ([]byte, error) {
	encoded, err := tfprotov6.NewDynamicValue(of, withNulls(of, values))
	if err != nil {
		return nil, fmt.Errorf("encode a value: %w", err)
	}
	return encoded.MsgPack, nil
}
