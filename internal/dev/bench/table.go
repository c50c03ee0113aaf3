package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
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
	if b.baseline != "" {
		_, _ = fmt.Fprintf(out, "old is the provider at %s\n", b.baseline)
	}
	if len(b.growth) > 0 {
		return b.writeGrowth(ctx, out)
	}
	for _, section := range []struct {
		wanted bool
		write  func(context.Context, io.Writer) error
	}{
		{len(b.needed()) > 0, b.writeScales},
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
func table(out io.Writer, title string, align uint, rows ...string) {
	_, _ = fmt.Fprintf(out, "\n%s\n\n", title)
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', align)
	for _, row := range rows {
		if align != 0 {
			row += "\t" // The last column is aligned too.
		}
		_, _ = fmt.Fprintln(columns, row)
	}
	_ = columns.Flush()
}

// heads are the names of the cells of compared.
func (b *bench) heads() string {
	if b.baseline == "" {
		return row(nameNew, nameFloor, "new/floor")
	}
	return row(nameOld, nameNew, nameFloor, "new/old", "new/floor")
}

// compared are the cells of a number for all subjects and their ratios.
func (b *bench) compared(what number, found map[string][]measurement) string {
	of := func(subject string) int64 { return middle(found[subject], what.of) }
	old, current, base := of(nameOld), of(nameNew), of(nameFloor)
	if b.baseline == "" {
		return row(what.show(current), what.show(base), ratio(current, base))
	}
	return row(what.show(old), what.show(current), what.show(base), ratio(current, old), ratio(current, base))
}

func ratio(measured, base int64) string {
	if base == 0 {
		return "-"
	}
	return strconv.FormatFloat(float64(measured)/float64(base), 'f', 2, 64)
}

// exponent is the slope of a line through the logarithms, by least squares: time
// grows as the connects to the power of it.
func exponent(connects []int, times []time.Duration) float64 {
	var sumX, sumY, sumXX, sumXY float64
	for i, number := range connects {
		x, y := math.Log(float64(number)), math.Log(times[i].Seconds())
		sumX, sumY, sumXX, sumXY = sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	n := float64(len(connects))
	return (n*sumXY - sumX*sumY) / (n*sumXX - sumX*sumX)
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

func seconds(nanoseconds int64) string {
	return strconv.FormatFloat(time.Duration(nanoseconds).Seconds(), 'f', 2, 64)
}

func decimal(number int64) string { return strconv.FormatInt(number, 10) }

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64)
}

// operations lists the requests by operation.
func operations(requests map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, requests[name]))
	}
	return strings.Join(parts, ", ")
}
