package dialect

import "slices"

// Reading is what an answer of any operation says.
type Reading struct {
	// Value is one of the types of the shapes, or a list of one; nil where a write
	// does not show the connect.
	Value any
	// Total, Limit and Next are those of a Page.
	Total, Limit *int
	Next         string
}

// Read reads an answer by what the table says of its operation, for those who
// know the operation only when they run. An entry that cannot be used is an error;
// the entries are there all the same.
func (d *Dialect) Read(op Operation, answer any) (Reading, error) {
	o, err := d.operation(op)
	if err != nil {
		return Reading{}, err
	}
	all := shapes()
	shape := all[slices.IndexFunc(all, func(s shape) bool { return s.name == o.row.shape })]
	switch o.row.answers {
	case one:
		return shape.one(d, op, answer)
	case list, unpaged:
		return shape.list(d, op, answer)
	case written:
	}
	if connect := d.Written(op, answer); connect != nil {
		return Reading{Value: *connect}, nil
	}
	return Reading{}, nil
}

func readOne[T any](d *Dialect, op Operation, answer any) (Reading, error) {
	value, err := One[T](d, op, answer)
	return Reading{Value: value}, err
}

func readList[T any](d *Dialect, op Operation, answer any) (Reading, error) {
	page, err := List[T](d, op, answer)
	values := make([]T, len(page.Entries))
	for i, entry := range page.Entries {
		values[i] = entry.Value
		if err == nil {
			err = entry.Err
		}
	}
	return Reading{Value: values, Total: page.Total, Limit: page.Limit, Next: page.Next}, err
}
