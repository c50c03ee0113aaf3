package dialect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// Decode reads an answer. Numbers keep their digits.
func Decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not JSON: something follows the value")
	}
	return v, nil
}

// plan says how an object of canonical members becomes a Go value.
type plan struct {
	shape  string
	fields []field
}

type field struct {
	name       string
	index      int
	typ        reflect.Type
	need, json bool
	// in is the plan of an object or of a list's elements.
	in *plan
}

// planOf makes the plan of a type and of all types inside of it.
func planOf(t reflect.Type, shape string, named map[reflect.Type]string) *plan {
	p := &plan{shape: shape}
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("json")
		if name == "-" {
			continue
		}
		f := field{name: name, index: i, typ: t.Field(i).Type}
		mark := t.Field(i).Tag.Get("dialect")
		f.need, f.json = mark == "need", mark == "json"
		inner := f.typ
		if inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			innerShape, ok := named[inner]
			if !ok {
				innerShape = shape
			}
			f.in = planOf(inner, innerShape, named)
		}
		p.fields = append(p.fields, f)
	}
	return p
}

// lack is what a projection does not yield: the member, the shape that has to,
// and why.
type lack struct{ member, shape, reason string }

func (l *lack) Error() string { return l.member + " " + l.reason }

// fill sets a struct from an object of canonical members.
func (p *plan) fill(v any, into reflect.Value, path string) error {
	object, ok := v.(map[string]any)
	if !ok {
		return &lack{path, p.shape, "is " + gojq.TypeOf(v) + ", must be object"}
	}
	found := 0
	for i := range p.fields {
		f := &p.fields[i]
		v, ok := object[f.name]
		if ok {
			found++
		}
		reason := ""
		switch {
		case !ok:
			reason = "is missing; a program yields null for what the service does not show"
		case v == nil && f.need:
			reason = "is null"
		case v == nil:
			continue
		default:
			target := into.Field(f.index)
			if f.in == nil {
				reason = f.set(v, target)
				break
			}
			if err := f.nested(v, target, path+"."+f.name); err != nil {
				return err
			}
		}
		if reason != "" {
			return &lack{path + "." + f.name, p.shape, reason}
		}
	}
	if found < len(object) {
		return p.unknown(object, path)
	}
	return nil
}

func (p *plan) unknown(object map[string]any, path string) error {
	var known, extra []string
	for _, f := range p.fields {
		known = append(known, f.name)
	}
	for name := range object {
		if !slices.Contains(known, name) {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	return &lack{path + "." + extra[0], p.shape, "is not a member" + likely(extra[0], known) + "; there are: " + strings.Join(known, ", ")}
}

// nested fills an object or a list of objects.
func (f *field) nested(v any, target reflect.Value, path string) error {
	switch f.typ.Kind() { //nolint:exhaustive // the kinds that a plan is made for.
	case reflect.Pointer:
		target.Set(reflect.New(f.typ.Elem()))
		return f.in.fill(v, target.Elem(), path)
	case reflect.Struct:
		return f.in.fill(v, target, path)
	}
	elements, ok := v.([]any)
	if !ok {
		return &lack{path, f.in.shape, "is " + gojq.TypeOf(v) + ", must be array"}
	}
	target.Set(reflect.MakeSlice(f.typ, len(elements), len(elements)))
	for i, element := range elements {
		if err := f.in.fill(element, target.Index(i), path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

// set sets a member that is no object. It answers what is wrong, if anything.
func (f *field) set(v any, target reflect.Value) string {
	kind := f.typ.Kind()
	if kind == reflect.Pointer {
		target.Set(reflect.New(f.typ.Elem()))
		target, kind = target.Elem(), f.typ.Elem().Kind()
	}
	switch kind { //nolint:exhaustive // the kinds that canonical members have.
	case reflect.Map:
		if object, ok := v.(map[string]any); ok {
			target.Set(reflect.ValueOf(object))
			return ""
		}
		return "is " + gojq.TypeOf(v) + ", must be object"
	case reflect.Slice:
		elements, ok := v.([]any)
		texts := make([]string, len(elements))
		for i := 0; ok && i < len(elements); i++ {
			texts[i], ok = scalar(elements[i])
		}
		if !ok {
			return "is " + gojq.TypeOf(v) + ", must be array of string"
		}
		target.Set(reflect.ValueOf(texts))
		return ""
	}
	return f.setScalar(v, target)
}

func (f *field) setScalar(v any, target reflect.Value) string {
	text, ok := scalar(v)
	if !ok && f.json {
		raw, err := gojq.Marshal(v)
		text, ok = string(raw), err == nil
	}
	var err error
	must := "string"
	switch target.Kind() {
	case reflect.Bool:
		var on bool
		on, err = strconv.ParseBool(text)
		target.SetBool(on)
		must = "boolean"
	case reflect.Int:
		var number int
		number, err = strconv.Atoi(text)
		target.SetInt(int64(number))
		must = "whole number"
	default:
		if ok && f.need && text == "" {
			return "is empty"
		}
		target.SetString(text)
	}
	if !ok || err != nil {
		return "is " + gojq.TypeOf(v) + ", must be " + must
	}
	return ""
}
