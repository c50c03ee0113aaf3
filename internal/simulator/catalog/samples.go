package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// SampleData answers what a test of a step shows. A trigger shows its sample record; one that reads a table shows a value per
// column (column1, column2, …) as well, under the headings unless its header_row option says No. An action shows the id
// of what it made and the options it was given, secrets left out.
func (c *Catalog) SampleData(e Event, options map[string]string) []SampleDatum {
	if e.action {
		return c.actionSample(e, options)
	}
	sample := slices.Concat(e.gives, e.columns)
	if options["header_row"] == "No" {
		for i := len(e.gives); i < len(sample); i++ {
			sample[i].Label = columnLabel(sample[i].Key)
		}
	}
	return sample
}

// Outputs answers what metadata can tell of a trigger's sample data. Where a table's columns are a part of it, only a test of a
// chosen table tells, so there are none; an action shows what it was given.
func (e Event) Outputs() []SampleDatum {
	if e.action || len(e.columns) > 0 {
		return nil
	}
	return e.gives
}

func (c *Catalog) actionSample(e Event, options map[string]string) []SampleDatum {
	sample := []SampleDatum{{Key: "id", Value: c.ObjectID("sample", e.ID), Label: "ID"}}
	sample = append(sample, e.gives...)
	known := make(map[string]bool, len(e.Fields))
	for _, f := range e.Fields {
		known[f.Key] = true
		if value := options[f.Key]; value != "" && !f.Secret {
			sample = append(sample, SampleDatum{Key: f.Key, Value: value, Label: f.Label})
		}
	}
	// Keys that no field declares are the columns of a table, which only exist once a sheet is chosen. Shorter keys first puts
	// column2 before column10.
	for _, key := range slices.SortedFunc(maps.Keys(options), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}) {
		if value := options[key]; value != "" && !known[key] {
			sample = append(sample, SampleDatum{Key: key, Value: value, Label: e.labelOfColumn(key)})
		}
	}
	return sample
}

// labelOfColumn is the heading of a column where the table has one.
func (e Event) labelOfColumn(key string) string {
	for _, column := range e.columns {
		if column.Key == key {
			return column.Label
		}
	}
	return columnLabel(key)
}

// columnLabel turns column3 into Column 3, and any other key into its usual label.
func columnLabel(key string) string {
	if number, ok := strings.CutPrefix(key, "column"); ok {
		if _, err := strconv.Atoi(number); err == nil {
			return "Column " + number
		}
	}
	return labelOf(key)
}
