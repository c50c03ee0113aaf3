package dialect

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"
)

// Bounds of a program: how many steps it takes, which is a second or two at
// most, and how large and deep its result is.
const (
	maxSteps = 10_000_000
	maxBytes = 16 << 20
	maxDepth = 100
)

// jq is a compiled program.
type jq struct {
	member string
	place  Place
	code   *gojq.Code
	query  *gojq.Query
}

// compiler compiles programs together with the functions and shapes they use.
type compiler struct {
	defs map[string]*gojq.FuncDef
}

// parse reads a program. The error names its line.
func parse(v value, member, text string) (*gojq.Query, error) {
	query, err := gojq.Parse(text)
	if err != nil {
		place := v.place
		if parse, ok := errors.AsType[*gojq.ParseError](err); ok && v.body > 0 {
			place.Line = v.body + strings.Count(text[:min(max(parse.Offset-len(parse.Token), 0), len(text))], "\n")
		}
		return nil, faultAt(place, member, "not a jq program: %s", err)
	}
	if len(query.Imports) > 0 || query.Meta != nil {
		return nil, faultAt(v.place, member, "a program cannot import modules")
	}
	return query, nil
}

// define makes a function of a program. The head is its name and parameters.
func (c *compiler) define(v value, member, head string) error {
	outer, err := gojq.Parse("def " + head + ": .; .")
	if err != nil || len(outer.FuncDefs) != 1 {
		return faultAt(v.place, member, "must be named like a jq function, such as name or name(f; $x)")
	}
	def := outer.FuncDefs[0]
	if def.Body, err = parse(v, member, v.text); err != nil {
		return err
	}
	c.defs[def.Name] = def
	return nil
}

// compile makes a program of text. It gets the definitions that it uses, those
// that are used by others first.
func (c *compiler) compile(v value, member, text string) (*jq, error) {
	query, err := parse(v, member, text)
	if err != nil {
		return nil, err
	}
	return c.finish(v.place, member, query)
}

func (c *compiler) finish(place Place, member string, query *gojq.Query) (*jq, error) {
	var used []*gojq.FuncDef
	seen := map[string]bool{}
	var visit func(*gojq.Query)
	visit = func(q *gojq.Query) {
		for _, name := range calls(q) {
			if def := c.defs[name]; def != nil && !seen[name] {
				seen[name] = true
				visit(def.Body)
				used = append(used, def)
			}
		}
	}
	visit(query)
	whole := *query
	whole.FuncDefs = slices.Concat(used, query.FuncDefs)
	code, err := gojq.Compile(&whole, gojq.WithEnvironLoader(func() []string { return nil }))
	if err != nil {
		return nil, faultAt(place, member, "not a jq program: %s", err)
	}
	return &jq{member: member, place: place, code: code, query: query}, nil
}

// run yields the program's only result; none counts as null. The error never
// quotes what the program worked on.
func (p *jq) run(input any) (any, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // no program yields null.
	}
	results := p.code.RunWithContext(&steps{left: maxSteps}, input)
	result, ok := results.Next()
	if !ok {
		return nil, nil //nolint:nilnil // null is a value.
	}
	if err, failed := result.(error); failed {
		return nil, reason(err)
	}
	if next, more := results.Next(); more {
		if err, failed := next.(error); failed {
			return nil, reason(err)
		}
		return nil, errors.New("yields more than one value")
	}
	budget := maxBytes
	return result, measure(result, &budget, maxDepth)
}

// steps is a context that ends a program after so many steps: a program asks
// for it before each. Unlike a clock it ends the same program always at the same
// point, and costs next to nothing.
type steps struct{ left int }

var errSteps = fmt.Errorf("does not end within %d steps", maxSteps)

// Deadline implements context.Context.
func (*steps) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Value implements context.Context.
func (*steps) Value(any) any { return nil }

// Err implements context.Context.
func (s *steps) Err() error {
	if s.left < 0 {
		return errSteps
	}
	return nil
}

// Done implements context.Context.
func (s *steps) Done() <-chan struct{} {
	if s.left--; s.left >= 0 {
		return nil
	}
	ended := make(chan struct{})
	close(ended)
	return ended
}

func reason(err error) error {
	if errors.Is(err, errSteps) {
		return err
	}
	if _, ok := err.(gojq.ValueError); ok { //nolint:errorlint // an interface of the program itself, never wrapped.
		return errors.New("ended with error(…)")
	}
	// Behind the first parenthesis and quote stands a part of the answer.
	text := err.Error()
	if i := strings.IndexAny(text, `("`); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	return errors.New(text)
}

// measure reports whether a result is too large or too deep. Results can share
// parts, so that a small program has a huge one.
func measure(v any, budget *int, depth int) error {
	*budget -= 8
	switch v := v.(type) {
	case string:
		*budget -= len(v)
	case json.Number:
		*budget -= len(v)
	case *big.Int:
		*budget -= v.BitLen() / 8
	case []any:
		for _, element := range v {
			if err := measure(element, budget, depth-1); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, element := range v {
			*budget -= len(key)
			if err := measure(element, budget, depth-1); err != nil {
				return err
			}
		}
	}
	switch {
	case depth < 0:
		return errors.New("yields a value that is nested too deeply")
	case *budget < 0:
		return fmt.Errorf("yields more than %d MiB", maxBytes>>20)
	}
	return nil
}

// calls lists the functions that a program calls.
func calls(q *gojq.Query) []string {
	var found []string
	walk(reflect.ValueOf(q), false, func(t *gojq.Term, _ bool) {
		if t.Func != nil {
			found = append(found, t.Func.Name)
		}
	})
	return found
}

// arguments lists the members that a program reads of its own input. whole
// means that it uses its input as it is.
func arguments(q *gojq.Query) (names []string, whole bool) {
	walk(reflect.ValueOf(q), true, func(t *gojq.Term, root bool) {
		if !root {
			return
		}
		index := t.Index
		if t.Type == gojq.TermTypeIdentity && len(t.SuffixList) > 0 && t.SuffixList[0].Index != nil {
			index = t.SuffixList[0].Index // ."name" and .["name"]
		}
		switch {
		case index != nil && index.Name != "":
			names = append(names, index.Name)
		case index != nil && index.Str != nil && len(index.Str.Queries) == 0:
			names = append(names, index.Str.Str)
		case t.Type == gojq.TermTypeIdentity, t.Type == gojq.TermTypeRecurse:
			whole = true
		case t.Object != nil:
			for _, kv := range t.Object.KeyVals {
				if kv.Val == nil && !strings.HasPrefix(kv.Key, "$") {
					names = append(names, kv.Key)
				}
			}
		}
	})
	return names, whole
}

// walk visits the terms of a program: v is a part of its syntax tree. root says
// whether a term's input is for certain the program's own.
func walk(v reflect.Value, root bool, visit func(*gojq.Term, bool)) {
	switch v.Kind() { //nolint:exhaustive // a syntax tree is made of these.
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), root, visit)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if term, ok := reflect.TypeAssert[*gojq.Term](v); ok {
			visit(term, root)
		}
		for i := range v.Elem().NumField() {
			walk(v.Elem().Field(i), root && sameInput(v.Interface(), v.Elem().Type().Field(i).Name), visit)
		}
	}
}

// sameInput reports whether a part of a node works on the input of the node.
func sameInput(node any, part string) bool {
	switch node := node.(type) {
	case *gojq.Query:
		// Behind a pipe the input is another, behind "… as $x |" the same.
		return part != "FuncDefs" && (part != "Right" || node.Op != gojq.OpPipe || len(node.Patterns) > 0)
	case *gojq.Func:
		return slices.Contains([]string{"select", "first", "last", "isempty", "error", "limit", "has", "test", "split", "join"}, node.Name)
	default:
		return part != "Update" && part != "Extract" && part != "Catch"
	}
}
