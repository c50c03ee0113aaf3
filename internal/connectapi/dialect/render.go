package dialect

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// Request is what an operation sends.
type Request struct {
	Method string
	// Path is below the API's base and escaped.
	Path  string
	Query url.Values
	// Body is JSON, or nil where the operation sends none.
	Body []byte
}

// RequestError says why an operation cannot be put into a request.
type RequestError struct {
	Operation Operation
	// Member is the member of the dialect at fault, Place its line.
	Member, Reason string
	Place          Place
}

// Error implements error.
func (e *RequestError) Error() string {
	return fmt.Sprintf("%s: %s %s (%s)", e.Operation, e.Member, e.Reason, e.Place)
}

// template is the compiled form of request, query and body.
type template struct {
	op     Operation
	member string
	place  Place
	method string
	// path is text with a %s at each of its segments.
	path        string
	segments    []*jq
	query, body *jq
	// uses are the arguments that some part refers to; whole means that a part
	// uses all of them.
	uses  []string
	whole bool
	// bare are the members of the body that are nothing but an argument.
	bare []bareMember
}

type bareMember struct {
	path     []string
	argument string
}

var placeholders = regexp.MustCompile(`\{([^{}]*)\}`)

func methods() []string {
	return []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
}

// template compiles the request, query and body at a path of the document; nil
// where there is no request.
func (l *loader) template(op Operation, path string, offered []string) *template {
	v, ok := l.doc[path+".request"]
	if !ok {
		return nil
	}
	t := &template{op: op, member: path + ".request", place: v.place}
	l.request(t, v, offered)
	t.query = l.arguments(t, path+".query", offered)
	t.body = l.arguments(t, path+".body", offered)
	if t.body != nil {
		t.bare = bareMembers(t.body.query, nil)
		if t.method == http.MethodGet {
			l.fail(t.body.place, path+".body", "a GET carries no body; send the arguments in query, and write body: null")
		}
	}
	return t
}

// request compiles METHOD /path.
func (l *loader) request(t *template, v value, offered []string) {
	method, path, found := strings.Cut(strings.TrimSpace(v.text), " ")
	path = strings.TrimSpace(path)
	bare := placeholders.ReplaceAllString(path, "x")
	_, err := url.Parse("https://host" + bare)
	switch {
	case !found || !strings.HasPrefix(path, "/"):
		l.fail(v.place, t.member, "%q must have the form METHOD /path, such as GET /connects", v.text)
		return
	case !slices.Contains(methods(), method):
		l.fail(v.place, t.member, "%q is not a method; use one of %s", method, strings.Join(methods(), ", "))
		return
	case strings.ContainsAny(bare, "?# \t\n"):
		l.fail(v.place, t.member, "the path %q must not contain a query, a fragment or a space", path)
		return
	case strings.ContainsAny(bare, "{}"):
		l.fail(v.place, t.member, "the path %q has a stray brace", path)
		return
	case err != nil:
		l.fail(v.place, t.member, "the path %q is not well encoded", path)
		return
	}
	t.method = method
	t.path = placeholders.ReplaceAllString(strings.ReplaceAll(path, "%", "%%"), "%s")
	for _, found := range placeholders.FindAllStringSubmatch(path, -1) {
		if p := l.compile(t.member, "."+strings.TrimPrefix(strings.TrimSpace(found[1]), ".")); p != nil {
			l.use(t, p, offered)
			t.segments = append(t.segments, p)
		}
	}
}

// arguments compiles a program that sees the arguments.
func (l *loader) arguments(t *template, member string, offered []string) *jq {
	p := l.program(member)
	if p != nil {
		l.use(t, p, offered)
	}
	return p
}

func (l *loader) use(t *template, p *jq, offered []string) {
	names, whole := arguments(p.query)
	for _, name := range names {
		if !slices.Contains(offered, name) {
			l.fail(p.place, p.member, "there is no argument %q here%s; there are: %s", name, likely(name, offered), strings.Join(offered, ", "))
		}
	}
	t.uses, t.whole = append(t.uses, names...), t.whole || whole
}

// bareMembers finds the members of an object, as it is written in a program,
// that are nothing but an argument.
func bareMembers(q *gojq.Query, path []string) []bareMember {
	if q.Op == gojq.OpAdd {
		return append(bareMembers(q.Left, path), bareMembers(q.Right, path)...)
	}
	if q.Term == nil || q.Term.Object == nil || len(q.Term.SuffixList) > 0 {
		return nil
	}
	var found []bareMember
	for _, kv := range q.Term.Object.KeyVals {
		key := kv.Key
		if kv.KeyString != nil {
			key = kv.KeyString.Str
		}
		here := append(slices.Clone(path), key)
		switch {
		case kv.Val == nil:
			found = append(found, bareMember{here, key})
		case kv.Val.Term != nil && kv.Val.Term.Index != nil && len(kv.Val.Term.SuffixList) == 0:
			found = append(found, bareMember{here, kv.Val.Term.Index.Name})
		default:
			found = append(found, bareMembers(kv.Val, here)...)
		}
	}
	return found
}

// Render makes the request of an operation. The arguments are those of the
// operation in Arguments; nil is the same as none. The values are text, numbers,
// booleans and whatever else is JSON; a json.RawMessage and a json.Number keep
// their digits. Each value in a path is one segment. The error is a
// *RequestError.
func (d *Dialect) Render(op Operation, args map[string]any) (Request, error) {
	o, err := d.operation(op)
	if err != nil {
		return Request{}, err
	}
	input, err := o.input(args)
	if err != nil {
		return Request{}, err
	}
	for _, demand := range o.row.demands() {
		used := slices.ContainsFunc(demand.names, o.uses)
		for _, name := range demand.names {
			if _, given := input[name]; given && demand.given && !used {
				return Request{}, o.template.fail(o.template.member, o.template.place, "sends no "+name+": neither the path nor query nor body uses it")
			}
		}
	}
	return o.template.render(input)
}

// Uses reports whether the operation's request sends the argument.
func (d *Dialect) Uses(op Operation, argument string) bool {
	o, err := d.operation(op)
	return err == nil && o.uses(argument)
}

func (o *compiled) uses(argument string) bool {
	return o.template.whole || slices.Contains(o.template.uses, argument)
}

// input makes the arguments into what a program can work on.
func (o *compiled) input(args map[string]any) (map[string]any, error) {
	input := make(map[string]any, len(args))
	for name, v := range args {
		if !slices.Contains(o.row.offered(), name) {
			return nil, o.template.fail(name, o.template.place, "is no argument of the operation")
		}
		plain, err := plain(v)
		if err != nil {
			return nil, o.template.fail(name, o.template.place, "is no JSON: "+err.Error())
		}
		if plain != nil {
			input[name] = plain
		}
	}
	return input, nil
}

func plain(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int, string, json.Number:
		return v, nil
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return Decode(text)
	}
}

func (t *template) fail(member string, place Place, reason string) *RequestError {
	return &RequestError{Operation: t.op, Member: member, Place: place, Reason: reason}
}

func (t *template) render(input map[string]any) (Request, error) {
	request := Request{Method: t.method}
	segments := make([]any, len(t.segments))
	for i, p := range t.segments {
		v, err := p.run(input)
		text, _ := scalar(v)
		if err == nil && (text == "" || text == "." || text == "..") {
			err = fmt.Errorf("needs %s, and %q is not usable in a path", strings.TrimPrefix(p.query.String(), "."), text)
		}
		if err != nil {
			return Request{}, t.fail(t.member, t.place, err.Error())
		}
		segments[i] = url.PathEscape(text)
	}
	request.Path = fmt.Sprintf(t.path, segments...)
	v, err := t.query.run(input)
	if err == nil {
		request.Query, err = queryOf(v)
	}
	if err != nil {
		return Request{}, t.fail(t.query.member, t.query.place, err.Error())
	}
	if v, err = t.body.run(input); err == nil && v != nil {
		request.Body, err = gojq.Marshal(without(v, t.bare, input))
	}
	if err != nil {
		return Request{}, t.fail(t.body.member, t.body.place, err.Error())
	}
	return request, nil
}

func queryOf(v any) (url.Values, error) {
	members, ok := v.(map[string]any)
	if !ok && v != nil {
		return nil, errors.New("must yield an object")
	}
	query := url.Values{}
	for name, v := range members {
		values, ok := v.([]any)
		if !ok {
			values = []any{v}
		}
		for _, v := range values {
			text, ok := scalar(v)
			switch {
			case ok:
				query.Add(name, text)
			case v != nil:
				return nil, fmt.Errorf("yields an object or a list in %s; a query holds text: use tojson", name)
			}
		}
	}
	return query, nil
}

// without removes the members that are nothing but an argument that is not
// given. The objects that hold them were made by the program.
func without(v any, bare []bareMember, input map[string]any) any {
	for _, m := range bare {
		if _, given := input[m.argument]; given {
			continue
		}
		object, _ := v.(map[string]any)
		for _, name := range m.path[:len(m.path)-1] {
			object, _ = object[name].(map[string]any)
		}
		if last := m.path[len(m.path)-1]; object[last] == nil {
			delete(object, last)
		}
	}
	return v
}

// scalar is the text of a JSON scalar; null has none.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case nil, []any, map[string]any:
		return "", false
	default:
		text, err := gojq.Marshal(v)
		return string(text), err == nil
	}
}
