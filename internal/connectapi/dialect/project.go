package dialect

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

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

// Paging says how a listing is asked for.
type Paging int

// The ways of paging.
const (
	NoPaging     Paging = iota // One request has it all.
	PageNumber                 // page, from 1.
	OffsetPaging               // offset, from 0.
	CursorPaging               // cursor, which the page before names.
)

// Paging returns how the operation is paged.
func (d *Dialect) Paging(op Operation) Paging {
	switch {
	case d.Uses(op, "cursor"):
		return CursorPaging
	case d.Uses(op, "offset"):
		return OffsetPaging
	case d.Uses(op, "page"):
		return PageNumber
	default:
		return NoPaging
	}
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
	if err != nil {
		return page, d.missing(o, "items", "", err.Error())
	}
	objects, ok := items.([]any)
	if !ok {
		return page, d.missing(o, "items", "", "yields "+gojq.TypeOf(items)+" where the list should be")
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
	if page.Total, err = d.number(o, o.total, "total", answer); err != nil {
		return Page[T]{}, err
	}
	if page.Limit, err = d.number(o, o.limit, "limit", answer); err != nil {
		return Page[T]{}, err
	}
	page.Next, err = d.next(o, answer)
	return page, err
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
	single := o.row.name == GetConnect
	if !single && o.row.name != ListConnects {
		return nil
	}
	thin := !single && d.Has(GetConnect)
	for _, member := range []struct {
		name  string
		shown bool
	}{{"name", c.Name != nil}, {"status", c.Status != nil}, {"trigger", thin || c.Trigger != nil}, {"actions", thin || c.Actions != nil}} {
		if !member.shown {
			return d.Missing(o.row.name, "shapes.connect", "connect."+member.name, "is not shown")
		}
	}
	if thin {
		return nil
	}
	if single && c.Trigger.Options == nil {
		return d.Missing(o.row.name, "shapes.step", "connect.trigger.options", "is not shown")
	}
	for i, step := range c.Actions {
		path := "connect.actions[" + strconv.Itoa(i) + "]"
		if single && step.Options == nil {
			return d.Missing(o.row.name, "shapes.step", path+".options", "is not shown")
		}
		if step.ID == "" && d.Uses(EditActionOptions, "stepId") {
			return d.Missing(o.row.name, "shapes.step", path+".stepId", "is not shown, and edit_action_options sends it")
		}
	}
	return nil
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
	if d.shapes[o.row.shape].id == nil {
		return ""
	}
	v, err := d.shapes[o.row.shape].id.run(object)
	if err != nil {
		return ""
	}
	id, _ := scalar(v)
	return id
}

func (d *Dialect) number(o *compiled, p *jq, name string, answer any) (*int, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // not said is an answer of its own.
	}
	v, err := p.run(answer)
	if err != nil {
		return nil, d.missing(o, name, "", err.Error())
	}
	text, ok := scalar(v)
	if !ok && v == nil {
		return nil, nil //nolint:nilnil // not said is an answer of its own.
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return nil, d.missing(o, name, "", "yields "+gojq.TypeOf(v)+" where a count should be")
	}
	return &number, nil
}

func (d *Dialect) next(o *compiled, answer any) (string, error) {
	if o.next == nil {
		return "", nil
	}
	v, err := o.next.run(answer)
	if err != nil {
		return "", d.missing(o, "next", "", err.Error())
	}
	if v == nil || v == false {
		return "", nil
	}
	cursor, ok := scalar(v)
	switch {
	case !ok:
		return "", d.missing(o, "next", "", "yields "+gojq.TypeOf(v)+" where a cursor should be")
	case cursor != "" && !o.uses("cursor"):
		return "", d.missing(o, "next", "", "yields a cursor, and nothing sends it: the rest of the list cannot be read")
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

// Then asks for the answer of an operation that finishes later.
type Then struct {
	// Every is the pause between two questions.
	Every    time.Duration
	op       *compiled
	template *template
	id       *jq
	until    *jq
}

// Then returns how the operation's answer is waited for, or nil where the first
// answer is the whole.
func (d *Dialect) Then(op Operation) *Then {
	if o := d.operations[op]; o != nil {
		return o.then
	}
	return nil
}

// Render makes the request that asks for the answer. args are those of the
// operation, first is its first answer.
func (t *Then) Render(args map[string]any, first any) (Request, error) {
	input, err := t.op.input(args)
	if err != nil {
		return Request{}, err
	}
	if t.id != nil {
		v, err := t.id.run(first)
		if err != nil {
			return Request{}, t.missing(t.id, err.Error())
		}
		if _, ok := scalar(v); !ok {
			return Request{}, t.missing(t.id, "yields "+gojq.TypeOf(v)+" where the id should be")
		}
		input["id"] = v
	}
	return t.template.render(input)
}

// Done reports whether the answer is the last, which One can then read.
func (t *Then) Done(answer any) (bool, error) {
	v, err := t.until.run(answer)
	if err != nil {
		return false, t.missing(t.until, err.Error())
	}
	done, ok := v.(bool)
	if !ok {
		return false, t.missing(t.until, "yields "+gojq.TypeOf(v)+" and must yield true or false")
	}
	return done, nil
}

func (t *Then) missing(p *jq, reason string) *MissingError {
	return &MissingError{Operation: t.op.row.name, Reason: reason, Fix: p.member, Place: p.place}
}

// Class is what kind of error a refusal is: a member of errors, or empty.
type Class string

// The classes of refusals.
const (
	NotFound     Class = "not_found"
	Unauthorized Class = "unauthorized"
	Forbidden    Class = "forbidden"
	Invalid      Class = "invalid"
	RateLimited  Class = "rate_limited"
)

func classes() []Class { return []Class{NotFound, Unauthorized, Forbidden, Invalid, RateLimited} }

// Refusal is an answer that is an error.
type Refusal struct {
	Class         Class
	Code, Message string
	// Fields are messages about members of the request.
	Fields map[string][]string
}

// Failed reports whether an answer is an error: nil means that it is none. The
// answer is nil where there was none that is JSON. The error is a *MissingError
// where errors.failed does not fit.
func (d *Dialect) Failed(op Operation, status int, answer any) (*Refusal, error) {
	success := status >= http.StatusOK && status < http.StatusMultipleChoices
	object, isObject := answer.(map[string]any)
	if success {
		if !isObject {
			return nil, nil //nolint:nilnil // no refusal, no error.
		}
		p := d.errors["failed"]
		v, err := p.run(object)
		failed, ok := v.(bool)
		if err == nil && !ok && v != nil {
			err = errors.New("yields " + gojq.TypeOf(v) + ", must yield boolean")
		}
		if err != nil {
			return nil, &MissingError{Operation: op, Reason: err.Error(), Fix: p.member, Place: p.place}
		}
		if !failed {
			return nil, nil //nolint:nilnil // no refusal, no error.
		}
	}
	refusal := &Refusal{Code: d.text("code", answer), Message: d.text("message", answer), Fields: d.fields(answer)}
	class, known := d.classes[strings.ToLower(refusal.Code)]
	if !known && !success {
		class, known = d.classes[strconv.Itoa(status)]
	}
	switch {
	case known:
		refusal.Class = Class(strings.TrimPrefix(class, "errors."))
	case !success:
	case len(refusal.Code) != 3 || refusal.Code[0] != '5':
		// Refused with a successful status, for a reason that no list names.
		refusal.Class = Invalid
	}
	return refusal, nil
}

// text reads what an error says. What cannot be read is left out: the error
// stands as it is.
func (d *Dialect) text(member string, answer any) string {
	p := d.errors[member]
	if p == nil || answer == nil {
		return ""
	}
	v, err := p.run(answer)
	if err != nil {
		return ""
	}
	text, _ := scalar(v)
	return text
}

func (d *Dialect) fields(answer any) map[string][]string {
	p := d.errors["fields"]
	if p == nil || answer == nil {
		return nil
	}
	v, err := p.run(answer)
	members, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil
	}
	fields := map[string][]string{}
	for name, v := range members {
		messages, ok := v.([]any)
		if !ok {
			messages = []any{v}
		}
		for _, message := range messages {
			if text, ok := scalar(message); ok {
				fields[name] = append(fields[name], text)
			}
		}
	}
	return fields
}
