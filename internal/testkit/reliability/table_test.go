package reliability_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

func tableFile() string {
	return filepath.Join("..", "..", "..", "examples", "guides", "reliability", "matrix.txt")
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// tally counts the cells of one fault and one operation.
type tally struct{ passed, total int }

func (c tally) String() string {
	switch {
	case c.total == 0:
		return "-"
	case c.passed == c.total:
		return fmt.Sprint(c.total)
	default:
		return fmt.Sprintf("%d of %d", c.passed, c.total)
	}
}

// table is the result of a run, by fault and by operation.
type table struct {
	mu     sync.Mutex
	counts map[string]map[string]tally
}

func newTable() *table { return &table{counts: map[string]map[string]tally{}} }

func (r *table) add(c cell, passed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row := r.counts[c.variant.name]
	if row == nil {
		row = map[string]tally{}
		r.counts[c.variant.name] = row
	}
	one := row[c.operation]
	one.total++
	if passed {
		one.passed++
	}
	row[c.operation] = one
}

func (r *table) sum() tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all tally
	for _, row := range r.counts {
		for _, one := range row {
			all.passed += one.passed
			all.total += one.total
		}
	}
	return all
}

func (r *table) total() int  { return r.sum().total }
func (r *table) passed() int { return r.sum().passed }

// String draws the table: a line for each fault, a numbered column for each
// operation.
func (r *table) String() string {
	all := r.sum()
	r.mu.Lock()
	defer r.mu.Unlock()
	operations := map[string]bool{}
	for _, row := range r.counts {
		for operation := range row {
			operations[operation] = true
		}
	}
	columns := sortedKeys(operations)
	var text strings.Builder
	for i, operation := range columns {
		fmt.Fprintf(&text, "%2d  %s\n", i+1, operation)
	}
	text.WriteString("\n")
	draw := tabwriter.NewWriter(&text, 0, 1, 2, ' ', tabwriter.AlignRight)
	line := []string{"fault"}
	for i := range columns {
		line = append(line, fmt.Sprint(i+1))
	}
	_, _ = fmt.Fprintln(draw, strings.Join(line, "\t")+"\t")
	for _, fault := range sortedKeys(r.counts) {
		line = []string{fault}
		for _, operation := range columns {
			line = append(line, r.counts[fault][operation].String())
		}
		_, _ = fmt.Fprintln(draw, strings.Join(line, "\t")+"\t")
	}
	_ = draw.Flush()
	fmt.Fprintf(&text, "\n%d cells, %d passed\n", all.total, all.passed)
	return text.String()
}

// write replaces the table of the guide.
func (r *table) write(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(tableFile(), []byte(r.String()), 0o644); err != nil {
		t.Error(err)
	}
}

// mustNameAll fails when the guide's table is older than a fault or an operation.
// Its counts are those of the run that wrote it.
func mustNameAll(t *testing.T, all []cell) {
	t.Helper()
	text, err := os.ReadFile(tableFile())
	if err != nil {
		t.Fatal(err)
	}
	if full() {
		return
	}
	words, missing := strings.Fields(string(text)), map[string]bool{}
	for _, c := range all {
		for _, name := range []string{c.operation, c.variant.name} {
			if !slices.Contains(words, name) {
				missing[name] = true
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("the table of the guide does not know %q; run `make reliability` and commit the result", sortedKeys(missing))
	}
}
