package dialect

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// MissingError says what an answer, as the dialect reads it, does not yield. The
// answer may be that of another kind of service, or the dialect wrong.
type MissingError struct {
	Operation Operation
	// Member is what is missing, such as connect.actions[0].stepId.
	Member, Reason string
	// Fix is the member of the dialect that would supply it, Place its line.
	Fix   string
	Place Place
}

// Error implements error.
func (e *MissingError) Error() string {
	if e.Member == "" {
		return fmt.Sprintf("%s: %s %s (%s)", e.Operation, e.Fix, e.Reason, e.Place)
	}
	return fmt.Sprintf("%s: %s %s; to fix it, see %s (%s)", e.Operation, e.Member, e.Reason, e.Fix, e.Place)
}

// Entry is one object of a page.
type Entry[T any] struct {
	// ID is empty for kinds of objects without one.
	ID    string
	Value T
	// Err is a *MissingError where the object cannot be used. It concerns no
	// other entry.
	Err error
}

// Page is one answer of a listing.
type Page[T any] struct {
	Entries []Entry[T]
	// Total counts all entries, Limit is the page size that was used; nil where
	// the service does not say.
	Total, Limit *int
	// Next is the cursor of the next page; empty on the last one.
	Next string
}

// Paging returns the argument that leads from page to page: cursor, offset or
// page; empty where one request has the whole list.
func (d *Dialect) Paging(op Operation) string {
	for _, argument := range []string{"cursor", "offset", "page"} {
		if d.Uses(op, argument) {
			return argument
		}
	}
	return ""
}

// One reads the only object of an answer: T is the type of the operation's
// shape. The error is a *MissingError.
func One[T any](d *Dialect, op Operation, answer any) (T, error) {
	var value T
	o, err := d.operation(op)
	if err != nil {
		return value, err
	}
	object, err := d.payload(o, answer)
	if err == nil && object == nil {
		err = d.missing(o, "answer", o.row.shape, "is not in the answer")
	}
	if err == nil {
		err = d.project(o, object, reflect.ValueOf(&value).Elem())
	}
	return value, err
}

// List reads a page of an answer: T is the type of the operation's shape. The
// error is a *MissingError, and is one too where an entry has no id.
func List[T any](d *Dialect, op Operation, answer any) (Page[T], error) {
	var page Page[T]
	o, err := d.operation(op)
	if err != nil {
		return page, err
	}
	items, err := o.items.run(answer)
	objects, ok := items.([]any)
	if err == nil && !ok {
		err = errors.New("yields " + gojq.TypeOf(items) + " where the list should be")
	}
	if err != nil {
		return page, d.missing(o, "items", "", err.Error())
	}
	// All at once is faster. One after the other shows which one is at fault.
	shape := d.shapes[o.row.shape]
	canonical, err := shape.each.run(objects)
	all, _ := canonical.([]any)
	alone := err != nil || len(all) != len(objects)
	page.Entries = make([]Entry[T], len(objects))
	for i, object := range objects {
		entry := &page.Entries[i]
		value := reflect.ValueOf(&entry.Value).Elem()
		if alone {
			entry.Err = d.project(o, object, value)
		} else {
			entry.Err = d.fill(o, all[i], value)
		}
		if id := value.FieldByName("ID"); id.IsValid() {
			entry.ID = id.String()
			if entry.ID == "" {
				entry.ID = d.idOf(o, object)
			}
			if entry.ID == "" {
				return Page[T]{}, entry.Err
			}
		}
	}
	var errTotal, errLimit error
	page.Total, errTotal = d.number(o, o.total, "total", answer)
	page.Limit, errLimit = d.number(o, o.limit, "limit", answer)
	page.Next, err = d.next(o, answer)
	return page, cmp.Or(errTotal, errLimit, err)
}

// Written reads the connect in the answer of a write; nil where the answer does
// not show it, or not in full sense. It may be a part: see Connect.
func (d *Dialect) Written(op Operation, answer any) *Connect {
	o, err := d.operation(op)
	if err != nil {
		return nil
	}
	object, err := d.payload(o, answer)
	var connect Connect
	if err != nil || object == nil || d.project(o, object, reflect.ValueOf(&connect).Elem()) != nil {
		return nil
	}
	return &connect
}

func (d *Dialect) payload(o *compiled, answer any) (any, error) {
	if o.answer == nil {
		return answer, nil
	}
	object, err := o.answer.run(answer)
	if err != nil {
		return nil, d.missing(o, "answer", "", err.Error())
	}
	return object, nil
}

// project makes a Go value of one object that the service shows.
func (d *Dialect) project(o *compiled, object any, into reflect.Value) error {
	canonical, err := d.shapes[o.row.shape].whole.run(object)
	if err != nil {
		return d.shapeless(o, &lack{"", o.row.shape, err.Error()})
	}
	return d.fill(o, canonical, into)
}

// fill makes a Go value of the canonical form.
func (d *Dialect) fill(o *compiled, canonical any, into reflect.Value) error {
	if p := d.plans[into.Type()]; p == nil || p.shape != o.row.shape {
		return fmt.Errorf("%s answers with a %s, not with a %s", o.row.name, o.row.shape, into.Type())
	}
	if err := d.plans[into.Type()].fill(canonical, into, o.row.shape); err != nil {
		return d.shapeless(o, err)
	}
	switch value := into.Addr().Interface().(type) {
	case *Connect:
		return d.connect(o, value)
	case *TestResult:
		return d.test(o, value)
	}
	return nil
}

func (d *Dialect) shapeless(o *compiled, err error) error {
	lack, ok := errors.AsType[*lack](err)
	if !ok {
		return err
	}
	return d.Missing(o.row.name, "shapes."+lack.shape, lack.member, lack.reason)
}

// connect checks what a connect has to show, which depends on who shows it.
func (d *Dialect) connect(o *compiled, c *Connect) error {
	if c.Status != nil {
		on, known := d.Switch(*c.Status)
		if !known {
			return d.Missing(o.row.name, "words.on", "connect.status", fmt.Sprintf("is %q, a word in neither words.on nor words.off", *c.Status))
		}
		c.On = on
	}
	if o.row.name != GetConnect && o.row.name != ListConnects {
		return nil
	}
	if shape, member := d.lacks(o.row.name == GetConnect, c); member != "" {
		return d.Missing(o.row.name, "shapes."+shape, "connect."+member, "is not shown")
	}
	return nil
}

// lacks finds what a connect has to show and does not, and the shape that makes
// it. A list may leave out the steps and their options: they are not shown then,
// which is not the same as empty.
func (d *Dialect) lacks(single bool, c *Connect) (shape, member string) {
	switch {
	case c.Name == nil:
		return "connect", "name"
	case c.Status == nil:
		return "connect", "status"
	case single && c.Trigger == nil:
		return "connect", "trigger"
	case single && c.Actions == nil:
		return "connect", "actions"
	case single && c.Trigger.Options == nil:
		return "step", "trigger.options"
	}
	needsID := d.Uses(EditActionOptions, "stepId")
	for i, step := range c.Actions {
		if single && step.Options == nil {
			return "step", fmt.Sprintf("actions[%d].options", i)
		}
		if needsID && step.ID == "" {
			return "step", fmt.Sprintf("actions[%d].stepId", i)
		}
	}
	return "", ""
}

func (d *Dialect) test(o *compiled, t *TestResult) error {
	for i := range t.Steps {
		passed, known := d.Passed(t.Steps[i].Status)
		if !known {
			return d.Missing(o.row.name, "words.passed", fmt.Sprintf("test_result.steps[%d].status", i),
				fmt.Sprintf("is %q, a word in neither words.passed nor words.failed", t.Steps[i].Status))
		}
		t.Steps[i].Passed = passed
	}
	return nil
}

// Missing is the error for a member that the answer had to yield, such as
// connect.trigger.options, which the member fix of the document supplies, such
// as shapes.step.
func (d *Dialect) Missing(op Operation, fix, member, reason string) *MissingError {
	return &MissingError{Operation: op, Member: member, Reason: reason, Fix: fix, Place: d.Where(fix)}
}

// missing is the error for what one of an operation's own programs yields.
func (d *Dialect) missing(o *compiled, name, member, reason string) *MissingError {
	fix := "operations." + string(o.row.name) + "." + name
	if _, own := d.doc[fix]; !own {
		if _, shared := d.doc["envelope."+name]; shared {
			fix = "envelope." + name
		}
	}
	return d.Missing(o.row.name, fix, member, reason)
}

// idOf finds the id of an object whose projection fails elsewhere.
func (d *Dialect) idOf(o *compiled, object any) string {
	v, err := d.shapes[o.row.shape].id.run(object)
	if err != nil {
		return ""
	}
	id, _ := scalar(v)
	return id
}

func (d *Dialect) number(o *compiled, p *jq, name string, answer any) (*int, error) {
	v, err := p.run(answer)
	if err == nil && v == nil {
		return nil, nil //nolint:nilnil // not said is an answer of its own.
	}
	text, _ := scalar(v)
	number, notOne := strconv.Atoi(text)
	if err == nil && (notOne != nil || number < 0) {
		err = errors.New("yields " + gojq.TypeOf(v) + " where a count should be")
	}
	if err != nil {
		return nil, d.missing(o, name, "", err.Error())
	}
	return &number, nil
}

func (d *Dialect) next(o *compiled, answer any) (string, error) {
	v, err := o.next.run(answer)
	if err == nil && (v == nil || v == false) {
		return "", nil
	}
	cursor, ok := scalar(v)
	switch {
	case err != nil:
	case !ok:
		err = errors.New("yields " + gojq.TypeOf(v) + " where a cursor should be")
	case cursor != "" && !o.uses("cursor"):
		err = errors.New("yields a cursor, and nothing sends it: the rest of the list cannot be read")
	}
	if err != nil {
		return "", d.missing(o, "next", "", err.Error())
	}
	return cursor, nil
}

// Switch reports whether a word means on; known is false for a word in neither
// list.
func (d *Dialect) Switch(word string) (on, known bool) {
	member, known := d.words[strings.ToLower(strings.TrimSpace(word))]
	return member == "words.on", known
}

// Passed reports whether a word means that a test passed; known is false for a
// word in neither list.
func (d *Dialect) Passed(word string) (passed, known bool) {
	member, known := d.outcomes[strings.ToLower(strings.TrimSpace(word))]
	return member == "words.passed", known
}
