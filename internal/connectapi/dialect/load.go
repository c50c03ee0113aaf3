package dialect

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/itchyny/gojq"
)

// Dialect is a checked and compiled document. It does not change, and may be
// used by several goroutines.
type Dialect struct {
	*reader
	operations map[Operation]*compiled
	shapes     map[string]*projection
	plans      map[reflect.Type]*plan
	errors     map[string]*jq
	// words, outcomes and classes are the lists that a word is in.
	words, outcomes, classes map[string]string
}

// compiled is an operation of a dialect.
type compiled struct {
	row                               operation
	template                          *template
	answer, items, total, limit, next *jq
	then                              *Then
}

// projection is the program of a shape: for one object, for a list of them, and
// for the id alone where the program shows how.
type projection struct{ whole, each, id *jq }

// loader compiles a document and collects what is wrong with it.
type loader struct {
	compiler
	doc    document
	faults []error
}

// Load reads the embedded default and lays the sources over it, in their order.
// The error joins all *LoadError.
func Load(sources ...Source) (*Dialect, error) {
	sources = slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return len(s.text) == 0 && len(s.endpoints) == 0 })
	if len(sources) == 0 {
		return unchanged()
	}
	return load(sources)
}

// unchanged is the default as it is embedded. It is a constant that takes
// milliseconds to compile, and every alias of the provider wants it.
var unchanged = sync.OnceValues(func() (*Dialect, error) { return load(nil) }) //nolint:gochecknoglobals // a constant, compiled once.

func load(sources []Source) (*Dialect, error) {
	r, err := read(sources)
	if err != nil {
		return nil, err
	}
	l := &loader{doc: r.doc, compiler: compiler{defs: map[string]*gojq.FuncDef{}}}
	d := &Dialect{
		reader: r, operations: map[Operation]*compiled{}, shapes: map[string]*projection{},
		plans: map[reflect.Type]*plan{}, errors: map[string]*jq{},
	}
	l.library(r.functions)
	l.shapes(d)
	for _, row := range table() {
		if o := l.operation(row); o != nil {
			d.operations[row.name] = o
		}
	}
	for _, member := range []string{"failed", "message", "code", "fields"} {
		d.errors[member] = l.program("errors." + member)
	}
	if !l.has("errors.failed") {
		l.fail(Place{}, "errors.failed", "is missing: how does an error look that comes with a successful HTTP status? Write 'false' where there is none")
	}
	d.words = l.words(true, "words.on", "words.off")
	d.outcomes = l.words(true, "words.passed", "words.failed")
	var lists []string
	for _, class := range classes() {
		lists = append(lists, "errors."+string(class))
	}
	d.classes = l.words(false, lists...)
	return d, errors.Join(l.faults...)
}

func (l *loader) fail(place Place, member, format string, args ...any) {
	l.faults = append(l.faults, faultAt(place, member, format, args...))
}

func (l *loader) has(member string) bool {
	_, ok := l.doc[member]
	return ok
}

// program compiles the program at a path; nil where there is none.
func (l *loader) program(member string) *jq {
	v, ok := l.doc[member]
	if !ok {
		return nil
	}
	return l.compile(member, v.text)
}

func (l *loader) compile(member, text string) *jq {
	p, err := l.compiler.compile(l.doc[member], member, text)
	if err != nil {
		l.faults = append(l.faults, err)
	}
	return p
}

// library makes functions of functions and of shapes.
func (l *loader) library(functions []string) {
	add := func(member, head string) {
		v, ok := l.doc[member]
		if !ok {
			return
		}
		if err := l.define(v, member, head); err != nil {
			l.faults = append(l.faults, err)
		}
	}
	for _, head := range functions {
		bare, _, _ := strings.Cut(head, "(")
		if slices.ContainsFunc(shapes(), func(s shape) bool { return s.name == bare }) {
			l.fail(l.doc["functions."+head].place, "functions."+head, "is the name of a shape")
		}
		add("functions."+head, head)
	}
	for _, s := range shapes() {
		add("shapes."+s.name, s.name)
	}
	// A fault in a function shows where it is, not where it is used.
	for _, head := range functions {
		bare, params, _ := strings.Cut(head, "(")
		if params == "" && l.defs[bare] != nil {
			l.program("functions." + head)
		}
	}
}

func (l *loader) shapes(d *Dialect) {
	named := map[reflect.Type]string{}
	for _, s := range shapes() {
		named[s.typ] = s.name
	}
	for _, s := range shapes() {
		d.plans[s.typ] = planOf(s.typ, s.name, named)
		member := "shapes." + s.name
		if _, ok := l.doc[member]; !ok {
			l.fail(Place{}, member, "is missing")
			continue
		}
		p := &projection{whole: l.program(member)}
		if p.whole != nil {
			p.each = l.compile(member, "[.[] | "+s.name+"]")
			if id := memberOf(p.whole.query, "id"); id != nil {
				alone := *id
				alone.FuncDefs = slices.Concat(p.whole.query.FuncDefs, id.FuncDefs)
				p.id, _ = l.finish(p.whole.place, member, &alone) // What cannot stand alone is not needed.
			}
		}
		d.shapes[s.name] = p
	}
}

// memberOf finds how a program makes one member of the object that it yields.
func memberOf(q *gojq.Query, name string) *gojq.Query {
	if q == nil {
		return nil
	}
	if q.Op == gojq.OpAdd {
		if found := memberOf(q.Left, name); found != nil {
			return found
		}
		return memberOf(q.Right, name)
	}
	if q.Term != nil && q.Term.Type == gojq.TermTypeObject {
		for _, kv := range q.Term.Object.KeyVals {
			if kv.Key == name {
				return kv.Val
			}
		}
	}
	return nil
}

// operation compiles an operation; nil where the dialect does not have it.
func (l *loader) operation(row operation) *compiled {
	path := "operations." + string(row.name)
	before := len(l.faults)
	o := &compiled{row: row, template: l.template(row.name, path, row.offered())}
	if o.template == nil {
		if !row.optional {
			l.fail(Place{}, path+".request", "is missing")
		}
		for member, v := range l.doc {
			if row.optional && strings.HasPrefix(member, path+".") {
				l.fail(v.place, member, "is of no use without a request")
			}
		}
		return nil
	}
	for _, demand := range row.demands() {
		// What is not sent because of another fault is no fault of its own.
		if len(l.faults) == before && demand.must && !slices.ContainsFunc(demand.names, o.uses) {
			l.fail(o.template.place, o.template.member, "nothing sends %s: use it in the path, in query or in body", strings.Join(demand.names, " or "))
		}
	}
	paged, lists := row.answers == list, row.answers == list || row.answers == unpaged
	o.answer = l.reader(path, "answer", !lists)
	o.items = l.reader(path, "items", lists)
	o.total, o.limit, o.next = l.reader(path, "total", paged), l.reader(path, "limit", paged), l.reader(path, "next", paged)
	if lists && !l.has(path+".items") && !l.has("envelope.items") {
		l.fail(o.template.place, path+".items", "is missing, and envelope.items as well: where in the answer is the list?")
	}
	l.paging(o, path)
	o.then = l.then(o, path+".then")
	return o
}

// reader compiles a program that reads answers: the operation's own, or that of
// the envelope.
func (l *loader) reader(path, name string, useful bool) *jq {
	v, own := l.doc[path+"."+name]
	switch {
	case own && !useful:
		l.fail(v.place, path+"."+name, "is of no use for this operation")
	case own:
		return l.program(path + "." + name)
	case useful:
		return l.program("envelope." + name)
	}
	return nil
}

// paging checks that a listing is paged in one way.
func (l *loader) paging(o *compiled, path string) {
	if o.row.answers != list || o.template.whole {
		return
	}
	var ways []string
	for _, name := range []string{"page", "offset", "cursor"} {
		if o.uses(name) {
			ways = append(ways, name)
		}
	}
	if len(ways) > 1 {
		l.fail(o.template.place, path, "is paged by %s at once; write query: null or body: null to remove what the default sends", strings.Join(ways, " and "))
	}
	if o.uses("cursor") && !l.has(path+".next") && !l.has("envelope.next") {
		l.fail(o.template.place, path+".next", "is missing: where in the answer is the next cursor?")
	}
	if v, own := l.doc[path+".next"]; own && !o.uses("cursor") {
		l.fail(v.place, path+".next", "is of no use: nothing sends the cursor")
	}
}

func (l *loader) then(o *compiled, path string) *Then {
	t := l.template(o.row.name, path, append(o.row.offered(), "id"))
	if t == nil {
		for member, v := range l.doc {
			if strings.HasPrefix(member, path+".") {
				l.fail(v.place, member, "is of no use without %s.request", path)
			}
		}
		return nil
	}
	then := &Then{Every: 2 * time.Second, op: o, template: t, id: l.program(path + ".id"), until: l.program(path + ".until")}
	if !l.has(path + ".until") {
		l.fail(t.place, path+".until", "is missing: when is the answer complete?")
	}
	if slices.Contains(t.uses, "id") && !l.has(path+".id") {
		l.fail(t.place, path+".id", "is missing: where in the first answer is the id?")
	}
	if v, ok := l.doc[path+".every"]; ok {
		every, err := time.ParseDuration(v.text)
		if err != nil || every <= 0 {
			l.fail(v.place, path+".every", "%q is not a duration such as 2s", v.text)
		}
		then.Every = every
	}
	return then
}

// words reads lists of words that exclude each other: a word's list by the word.
func (l *loader) words(needed bool, lists ...string) map[string]string {
	found := map[string]string{}
	for _, member := range lists {
		v, ok := l.doc[member]
		if !ok && needed {
			l.fail(Place{}, member, "is missing")
		}
		for _, word := range v.words {
			if before, again := found[word]; again && before != member {
				l.fail(v.place, member, "%q is in %s (%s) as well", word, before, l.doc[before].place)
			}
			found[word] = member
		}
	}
	return found
}

// Has reports whether the dialect describes the operation.
func (d *Dialect) Has(op Operation) bool { return d.operations[op] != nil }

// Where is the line of a member, such as operations.run_test.request.
func (d *Dialect) Where(member string) Place { return d.doc[member].place }

// Document is the effective document; what differs from the default carries a
// comment that says where it comes from.
func (d *Dialect) Document() []byte { return d.print() }

func (d *Dialect) operation(op Operation) (*compiled, error) {
	if o := d.operations[op]; o != nil {
		return o, nil
	}
	return nil, &RequestError{Operation: op, Member: "operations." + string(op), Reason: "is not described, so that the operation cannot be used"}
}
