package dialect

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

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
