package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// startRounds is how often a provider is started: it takes a moment only.
const startRounds = 11

// startup is what it takes until a provider has told its schema.
type startup struct {
	handshake, schema, cpu time.Duration
	peak                   int64
	// schemaBytes is the size of the answer, binaryBytes that of the program.
	schemaBytes, binaryBytes int64
}

// startups starts each subject again and again, in turns.
func (b *bench) startups(ctx context.Context) (map[string][]startup, error) {
	b.say("starting the providers")
	found := map[string][]startup{}
	for range startRounds {
		for _, who := range []subject{b.real(), b.floor("")} {
			one, err := b.startup(ctx, who)
			if err != nil {
				return nil, fmt.Errorf("%s provider: %w", who.name, err)
			}
			found[who.name] = append(found[who.name], one)
		}
	}
	return found, nil
}

func (b *bench) startup(ctx context.Context, who subject) (startup, error) {
	info, err := os.Stat(who.program)
	if err != nil {
		return startup{}, fmt.Errorf("look at the binary: %w", err)
	}
	profiles, err := b.profiles(phaseStart)
	if err != nil {
		return startup{}, err
	}
	// Nothing is asked of a service.
	p, err := startPlugin(ctx, b.space, who.program, append(profiles, b.environment...))
	if err != nil {
		return startup{}, err
	}
	asked := time.Now()
	answer, err := p.call(ctx, providerService+"GetProviderSchema", nil)
	one := startup{
		handshake: p.handshake, schema: time.Since(asked), peak: residentPeak(p.cmd.Process.Pid),
		schemaBytes: int64(len(answer)), binaryBytes: info.Size(),
	}
	one.cpu = p.stop(ctx)
	return one, err
}

func (b *bench) writeStart(ctx context.Context, out io.Writer) error {
	found, err := b.startups(ctx)
	if err != nil {
		return err
	}
	line := func(name string, number func(startup) int64, show func(int64) string) string {
		return row(name, compared(middle(found[nameReal], number), middle(found[nameFloor], number), show))
	}
	duration := func(d int64) string { return milliseconds(time.Duration(d)) }
	table(out, "Start of a provider process",
		row("", three(1)),
		line("until the handshake, ms", func(s startup) int64 { return int64(s.handshake) }, duration),
		line("the schema, ms", func(s startup) int64 { return int64(s.schema) }, duration),
		line("CPU until then, ms", func(s startup) int64 { return int64(s.cpu) }, duration),
		line("peak memory, MiB", func(s startup) int64 { return s.peak }, mebibytes),
		line("schema, KiB", func(s startup) int64 { return s.schemaBytes }, kibibytes),
		line("binary, MiB", func(s startup) int64 { return s.binaryBytes }, mebibytes),
	)
	return nil
}
