package dialect

import (
	"strings"
	"time"

	"github.com/itchyny/gojq"
)

// Then asks for the answer of an operation that finishes later.
type Then struct {
	// Every is the pause between two questions.
	Every    time.Duration
	op       *compiled
	template *template
	id       *jq
	until    *jq
}

// Request is the method and path template of an operation; empty where the
// dialect does not describe it.
func (d *Dialect) Request(op Operation) (method, path string) {
	method, path, _ = strings.Cut(strings.TrimSpace(d.doc["operations."+string(op)+".request"].text), " ")
	return method, strings.TrimSpace(path)
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
