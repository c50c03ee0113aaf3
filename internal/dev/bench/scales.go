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

// results are measurements of each subject in each cell.
type results map[cell]map[string][]measurement

func (r results) add(at cell, subject string, m measurement) {
	if r[at] == nil {
		r[at] = map[string][]measurement{}
	}
	r[at][subject] = append(r[at][subject], m)
}

// scaled measures phases at scales.
func (b *bench) scaled(ctx context.Context, scales []scale, wanted []string) (results, error) {
	found := results{}
	for _, size := range scales {
		for number := range b.count {
			if err := b.round(ctx, number, size, wanted, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// parallelism is Terraform's default.
const parallelism = 10

// number is one thing that a measurement tells.
type number struct {
	title string
	of    func(measurement) int64
	show  func(int64) string
}

func wallTime(m measurement) int64 { return int64(m.wall) }

func numbers() []number {
	return []number{
		{"Wall time, s", wallTime, seconds},
		{"CPU of Terraform and the provider, s", func(m measurement) int64 { return int64(m.provider.cpu + m.terraform.cpu) }, seconds},
		{"CPU of the provider, s", func(m measurement) int64 { return int64(m.provider.cpu) }, seconds},
		{"Peak memory of a Terraform process, MiB", func(m measurement) int64 { return m.terraform.peak }, mebibytes},
		{"Peak memory of a provider process, MiB", func(m measurement) int64 { return m.provider.peak }, mebibytes},
		{"Requests", func(m measurement) int64 { return m.traffic.total() }, decimal},
	}
}

func (b *bench) writeScales(ctx context.Context, out io.Writer) error {
	found, err := b.scaled(ctx, b.scales, b.needed())
	if err != nil {
		return err
	}
	for _, what := range numbers() {
		b.writeNumber(out, what, found)
	}
	b.writeBound(out, found)
	b.writeState(out, found)
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

func (b *bench) writeNumber(out io.Writer, what number, found results) {
	rows := []string{row("connects", "phase", b.heads())}
	b.each(func(at cell) { rows = append(rows, row(at.size.String(), at.phase, b.compared(what, found[at]))) })
	table(out, what.title, tabwriter.AlignRight, rows...)
}

// writeBound compares with the time that the service's answers alone take, when
// Terraform works on as many resources at once as it does.
func (b *bench) writeBound(out io.Writer, found results) {
	if b.latency == 0 {
		return
	}
	rows := []string{row("connects", "phase", "", "calls", fmt.Sprintf("calls x latency / %d, s", parallelism), "wall, s", "ratio")}
	b.each(func(at cell) {
		for _, who := range b.subjects() {
			measured := found[at][who.name]
			calls, took := middle(measured, func(m measurement) int64 { return m.traffic.total() }), middle(measured, wallTime)
			bound := calls * int64(b.latency) / parallelism
			rows = append(rows, row(at.size.String(), at.phase, who.name, decimal(calls), seconds(bound), seconds(took), ratio(took, bound)))
		}
	})
	table(out, "Wall time and the time of the answers", tabwriter.AlignRight, rows...)
}

// writeState tells the size of the state after an apply.
func (b *bench) writeState(out io.Writer, found results) {
	rows := []string{row("connects", b.heads())}
	for _, size := range b.scales {
		each := number{of: func(m measurement) int64 { return m.state / int64(size.connects) }, show: decimal}
		rows = append(rows, row(size.String(), b.compared(each, found[cell{size, phaseApply}])))
	}
	table(out, "Bytes of state for each connect", tabwriter.AlignRight, rows...)
}

func (b *bench) writeTraffic(out io.Writer, found results) {
	rows := []string{row("connects", "phase", "", "connections", "by operation")}
	b.each(func(at cell) {
		for _, who := range b.subjects() {
			measured := found[at][who.name]
			last := measured[len(measured)-1].traffic
			rows = append(rows, row(at.size.String(), at.phase, who.name, decimal(last.Connections), operations(last.Requests)))
		}
	})
	table(out, "What the service was asked for in the last round", 0, rows...)
}

// writeGrowth tells how the time of apply and plan grows with the connects.
func (b *bench) writeGrowth(ctx context.Context, out io.Writer) error {
	var scales []scale
	for _, connects := range b.growth {
		scales = append(scales, scale{connects: connects})
	}
	wanted := []string{phaseApply, phasePlan}
	found, err := b.scaled(ctx, scales, wanted)
	if err != nil {
		return err
	}
	head := []string{"phase", ""}
	for _, size := range scales {
		head = append(head, size.String())
	}
	rows := []string{row(append(head, "exponent")...)}
	for _, phase := range wanted {
		for _, who := range b.subjects() {
			cells, times := []string{phase, who.name}, []time.Duration{}
			for _, size := range scales {
				took := middle(found[cell{size, phase}][who.name], wallTime)
				cells, times = append(cells, seconds(took)), append(times, time.Duration(took))
			}
			rows = append(rows, row(append(cells, strconv.FormatFloat(exponent(b.growth, times), 'f', 2, 64))...))
		}
	}
	table(out, "How wall time grows with the connects, s; with the exponent 1 it doubles when they double", tabwriter.AlignRight, rows...)
	return nil
}
