package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// cell is a phase of a scale.
type cell struct {
	size  scale
	phase string
}

func (b *bench) writeScales(ctx context.Context, out io.Writer) error {
	found := map[cell]map[string][]measurement{}
	for _, size := range b.scales {
		for number := range b.count {
			err := b.round(ctx, number, size, func(phase, subject string, m measurement) {
				at := cell{size, phase}
				if found[at] == nil {
					found[at] = map[string][]measurement{}
				}
				found[at][subject] = append(found[at][subject], m)
			})
			if err != nil {
				return err
			}
		}
	}
	b.writeCosts(out, found)
	b.writeTraffic(out, found)
	return nil
}

// each calls a function for the phases that are wanted, in order.
func (b *bench) each(call func(cell)) {
	for _, size := range b.scales {
		for _, phase := range phases() {
			if b.has(phase) {
				call(cell{size, phase})
			}
		}
	}
}

func (b *bench) writeCosts(out io.Writer, found map[cell]map[string][]measurement) {
	times := []string{heading(2, "wall", "CPU", "CPU of the provider"), row("connects", "phase", three(3))}
	memory := []string{heading(2, "provider", "Terraform"), row("connects", "phase", three(2))}
	b.each(func(at cell) {
		duration := func(number func(measurement) time.Duration) string {
			return compared(middle(found[at][nameReal], number), middle(found[at][nameFloor], number), seconds)
		}
		size := func(number func(measurement) int64) string {
			return compared(middle(found[at][nameReal], number), middle(found[at][nameFloor], number), mebibytes)
		}
		times = append(times, row(at.size.String(), at.phase,
			duration(func(m measurement) time.Duration { return m.wall }),
			duration(func(m measurement) time.Duration { return m.provider.cpu + m.terraform.cpu }),
			duration(func(m measurement) time.Duration { return m.provider.cpu })))
		memory = append(memory, row(at.size.String(), at.phase,
			size(func(m measurement) int64 { return m.provider.peak }),
			size(func(m measurement) int64 { return m.terraform.peak })))
	})
	table(out, "Seconds; CPU is that of Terraform and the provider together", times...)
	table(out, "Peak memory of a process, MiB", memory...)
}

func (b *bench) writeTraffic(out io.Writer, found map[cell]map[string][]measurement) {
	lines := []string{row("connects", "phase", "", "connections", "requests", "by operation")}
	b.each(func(at cell) {
		for _, subject := range []string{nameReal, nameFloor} {
			measured := found[at][subject]
			if len(measured) == 0 {
				continue
			}
			requests := measured[len(measured)-1].traffic.Requests
			lines = append(lines, row(at.size.String(), at.phase, subject,
				strconv.FormatInt(middle(measured, func(m measurement) int64 { return m.traffic.Connections }), 10),
				strconv.Itoa(total(requests)))+"\t"+operations(requests))
		}
	})
	_, _ = fmt.Fprintf(out, "\nWhat the service was asked for\n\n")
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, line := range lines {
		_, _ = fmt.Fprintln(columns, line)
	}
	_ = columns.Flush()
}
