package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// write measures what is wanted and writes the tables.
func (b *bench) write(ctx context.Context, out io.Writer) error {
	tool, err := tfrun.FindTerraform(ctx, b.space, b.space.Root)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s, %s, %s/%s, %d CPU cores; the service answers after %s; medians of %d\n",
		tool.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), b.latency, b.count)
	for _, section := range []struct {
		wanted bool
		write  func(context.Context, io.Writer) error
	}{
		{b.has(phaseStart), b.writeStart},
		{len(b.needed()) > 0, b.writeScales},
		{b.has(phaseRefresh), b.writeRefresh},
		{b.has(phaseSchema), b.writeSchema},
	} {
		if !section.wanted {
			continue
		}
		if err := section.write(ctx, out); err != nil {
			return err
		}
	}
	return nil
}

// table lines up columns that are separated by tabs.
func table(out io.Writer, title string, rows ...string) {
	_, _ = fmt.Fprintf(out, "\n%s\n\n", title)
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		_, _ = fmt.Fprintln(columns, row+"\t")
	}
	_ = columns.Flush()
}

// heading is a row above groups of three cells: real, floor and ratio.
func heading(before int, groups ...string) string {
	var line strings.Builder
	line.WriteString(strings.Repeat("\t", before))
	for _, group := range groups {
		line.WriteString("\t\t" + group + "\t")
	}
	return strings.TrimSuffix(line.String(), "\t")
}

// three are the names of the cells of so many groups.
func three(groups int) string {
	return strings.TrimSuffix(strings.Repeat("real\tfloor\tratio\t", groups), "\t")
}

func row(cells ...string) string { return strings.Join(cells, "\t") }

// middle is the median of one number of each of the items; 0 without items.
func middle[T any, N cmp.Ordered](items []T, number func(T) N) N {
	numbers := make([]N, 0, len(items))
	for _, item := range items {
		numbers = append(numbers, number(item))
	}
	slices.Sort(numbers)
	if len(numbers) == 0 {
		var none N
		return none
	}
	return numbers[len(numbers)/2]
}

// compared are the cells of a number for both subjects and their ratio.
func compared[N int64 | time.Duration](measured, base N, show func(N) string) string {
	if base == 0 {
		return row(show(measured), "-", "-")
	}
	return row(show(measured), show(base), fmt.Sprintf("%.2f", float64(measured)/float64(base)))
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) }

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64)
}

func kibibytes(bytes int64) string { return strconv.FormatInt(bytes>>10, 10) }

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64)
}

func total(requests map[string]int) int {
	sum := 0
	for _, count := range requests {
		sum += count
	}
	return sum
}

// operations lists the requests by operation.
func operations(requests map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, requests[name]))
	}
	return strings.Join(parts, ", ")
}
