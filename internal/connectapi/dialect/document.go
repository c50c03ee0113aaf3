package dialect

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

//go:embed default.yaml
var defaultDocument []byte

// DefaultDocument returns the text of the embedded default, with its comments.
func DefaultDocument() []byte { return slices.Clone(defaultDocument) }

// Source is something to lay over the default.
type Source struct {
	name      string
	text      []byte
	endpoints map[string]string
}

// File is a document of a user. The name stands in messages.
func File(name string, text []byte) Source { return Source{name: name, text: text} }

// Endpoints is the one-line form: "METHOD /path" by the name of an operation.
func Endpoints(requests map[string]string) Source {
	return Source{name: "endpoints", endpoints: requests}
}

// Place is where a value was written.
type Place struct {
	Source string
	// Line is 0 in endpoints.
	Line int
}

// String is "file:line", in words for the default.
func (p Place) String() string {
	switch {
	case p == Place{}:
		return "the dialect"
	case p.Source == "":
		return "the default dialect, line " + strconv.Itoa(p.Line)
	case p.Line == 0:
		return p.Source
	default:
		return p.Source + ":" + strconv.Itoa(p.Line)
	}
}

// LoadError says what is wrong with a document. Load joins all of them.
type LoadError struct {
	Place Place
	// Operation is set where the fault is inside of one.
	Operation Operation
	// Member is the path of the member, such as operations.run_test.body.
	Member, Reason string
}

// Error implements error.
func (e *LoadError) Error() string {
	if e.Member == "" {
		return fmt.Sprintf("%s: %s", e.Place, e.Reason)
	}
	return fmt.Sprintf("%s: %s: %s", e.Place, e.Member, e.Reason)
}

// kind says what the value of a member is.
type kind int

const (
	group   kind = iota // Members.
	program             // A jq program.
	request             // METHOD /path.
	words               // A list of scalars.
	pause               // A duration.
)

// members are the names that a path can go on with; the empty name stands for
// any. They are in the order in which a document is printed.
type members []known

type known struct {
	name string
	kind kind
	in   members
}

func schema() members {
	listing := members{{"answer", program, nil}, {"items", program, nil}, {"total", program, nil}, {"limit", program, nil}, {"next", program, nil}}
	then := members{{"id", program, nil}, {"request", request, nil}, {"query", program, nil}, {"body", program, nil}, {"until", program, nil}, {"every", pause, nil}}
	call := slices.Concat(members{{"request", request, nil}, {"query", program, nil}, {"body", program, nil}, {"then", group, then}}, listing)
	var calls, kinds members
	for _, name := range Operations() {
		calls = append(calls, known{string(name), group, call})
	}
	for _, s := range shapes() {
		kinds = append(kinds, known{s.name, program, nil})
	}
	faults := members{{"failed", program, nil}, {"message", program, nil}, {"code", program, nil}, {"fields", program, nil}}
	for _, class := range classes() {
		faults = append(faults, known{string(class), words, nil})
	}
	return members{
		{"functions", group, members{{"", program, nil}}},
		{"envelope", group, listing},
		{"operations", group, calls},
		{"shapes", group, kinds},
		{"words", group, members{{"on", words, nil}, {"off", words, nil}, {"passed", words, nil}, {"failed", words, nil}}},
		{"errors", group, faults},
	}
}

// value is what a document says of a member.
type value struct {
	text  string
	words []string
	place Place
	// body is the line on which text begins.
	body int
}

// document holds the effective values by their path.
type document map[string]value

// reader lays sources over each other and collects what is wrong with them.
type reader struct {
	doc    document
	faults []error
	source string
	// functions are the names in functions, in order.
	functions []string
	// removed are the members that null took out.
	removed map[string]Place
}

func read(sources []Source) (*reader, error) {
	r := &reader{doc: document{}, removed: map[string]Place{}}
	for _, source := range append([]Source{{text: defaultDocument}}, sources...) {
		r.source = source.name
		r.read(source.text)
		for _, name := range slices.Sorted(maps.Keys(source.endpoints)) {
			member := "operations." + name + ".request"
			if !slices.Contains(Operations(), Operation(name)) {
				r.fail(0, member, "there is no operation of that name%s", likely(name, Operations()))
				continue
			}
			r.doc[member] = value{text: source.endpoints[name], place: Place{Source: source.name}}
		}
	}
	return r, errors.Join(r.faults...)
}

func (r *reader) fail(line int, member, format string, args ...any) {
	r.faults = append(r.faults, faultAt(Place{r.source, line}, member, format, args...))
}

func faultAt(place Place, member, format string, args ...any) *LoadError {
	e := &LoadError{Place: place, Member: member, Reason: fmt.Sprintf(format, args...)}
	if rest, inside := strings.CutPrefix(member, "operations."); inside {
		name, _, _ := strings.Cut(rest, ".")
		e.Operation = Operation(name)
	}
	return e
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func (r *reader) read(text []byte) {
	var root, rest yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	err := decoder.Decode(&root)
	switch {
	case errors.Is(err, io.EOF):
		return
	case err == nil:
		if err = decoder.Decode(&rest); errors.Is(err, io.EOF) {
			r.group(root.Content[0], "", schema())
			return
		}
		if err == nil {
			r.fail(rest.Line, "", "a second document; there must be one")
			return
		}
	}
	line := 1
	if found := yamlLine.FindStringSubmatch(err.Error()); len(found) == 2 && found[1] != "" {
		line, _ = strconv.Atoi(found[1])
	}
	r.fail(line, "", "not YAML: %s", yamlLine.ReplaceAllString(err.Error(), ""))
}

func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// group reads the members of a mapping.
func (r *reader) group(node *yaml.Node, path string, in members) {
	if node = resolve(node); isNull(node) && path == "" {
		return
	}
	if node.Kind != yaml.MappingNode {
		r.fail(node.Line, path, "must be a mapping of %s", in)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, content := node.Content[i], node.Content[i+1]
		member := strings.TrimPrefix(path+"."+key.Value, ".")
		if line, again := seen[key.Value]; again {
			r.fail(key.Line, member, "is there twice, first on line %d", line)
			continue
		}
		seen[key.Value] = key.Line
		at := slices.IndexFunc(in, func(m known) bool { return m.name == key.Value || m.name == "" })
		if at < 0 {
			r.fail(key.Line, member, "is not known%s; known here: %s", likely(key.Value, in.names()), in)
			continue
		}
		r.member(key, resolve(content), member, in[at])
	}
}

func (r *reader) member(key, content *yaml.Node, path string, is known) {
	if isNull(content) {
		r.remove(path, Place{r.source, key.Line})
		return
	}
	v := value{place: Place{r.source, key.Line}, text: strings.TrimSpace(content.Value), body: content.Line}
	if content.Style == yaml.LiteralStyle || content.Style == yaml.FoldedStyle {
		v.body++
	}
	switch {
	case is.kind == group:
		r.group(content, path, is.in)
		return
	case is.kind == words:
		if content.Kind != yaml.SequenceNode {
			r.fail(key.Line, path, "must be a list of words")
			return
		}
		for _, item := range content.Content {
			if item.Kind != yaml.ScalarNode {
				r.fail(item.Line, path, "must be a list of words")
				return
			}
			v.words = append(v.words, strings.ToLower(item.Value))
		}
	case content.Kind != yaml.ScalarNode || v.text == "":
		r.fail(key.Line, path, "must be text: a jq program, a request or a duration; quote a program that begins with { or [")
		return
	}
	if name, ok := strings.CutPrefix(path, "functions."); ok {
		// A function of the same name takes the place of the one before.
		bare, _, _ := strings.Cut(name, "(")
		r.functions = slices.DeleteFunc(r.functions, func(other string) bool {
			before, _, _ := strings.Cut(other, "(")
			if before == bare && other != name {
				delete(r.doc, "functions."+other)
			}
			return before == bare
		})
		r.functions = append(r.functions, name)
	}
	r.doc[path] = v
	delete(r.removed, path)
}

// remove takes a member out, and what is in it.
func (r *reader) remove(path string, place Place) {
	for other := range r.doc {
		if other == path || strings.HasPrefix(other, path+".") {
			delete(r.doc, other)
			r.removed[other] = place
		}
	}
	r.functions = slices.DeleteFunc(r.functions, func(name string) bool {
		_, kept := r.doc["functions."+name]
		return !kept
	})
}

func (in members) names() []string {
	var all []string
	for _, m := range in {
		all = append(all, m.name)
	}
	return all
}

// String lists the names.
func (in members) String() string { return strings.Join(in.names(), ", ") }

// likely offers the known name that is nearest to a misspelled one.
func likely[S ~string](name string, known []S) string {
	best, distance := S(""), 2+len(name)/3
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(string(candidate)), nil); d < distance {
			best, distance = candidate, d
		}
	}
	// A name that was cut short is far from the whole of it.
	for _, candidate := range known {
		if best == "" && len(name) > 3 && strings.HasPrefix(string(candidate), name) {
			best = candidate
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", string(best))
}

// print writes the effective document, as one to lay over the default. What is
// not of the default carries a comment that says where it comes from.
func (r *reader) print() []byte {
	all := schema()
	for i := range all {
		if all[i].name == "functions" {
			all[i].in = nil
			for _, name := range r.functions {
				all[i].in = append(all[i].in, known{name, program, nil})
			}
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	// A tree of text made here can be encoded, and a buffer takes everything.
	_ = encoder.Encode(r.tree("", all))
	_ = encoder.Close()
	return out.Bytes()
}

func (r *reader) tree(path string, in members) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, m := range in {
		member := strings.TrimPrefix(path+"."+m.name, ".")
		content := &yaml.Node{Kind: yaml.ScalarNode}
		v, set := r.doc[member]
		place, removed := r.removed[member]
		switch {
		case m.kind == group:
			content = r.tree(member, m.in)
			set = len(content.Content) > 0
		case set && m.kind == words:
			content = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for _, word := range v.words {
				content.Content = append(content.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: word})
			}
		case set:
			content.SetString(v.text)
		case removed:
			content.Tag, content.Value, v.place, set = "!!null", "null", place, true
		}
		if !set {
			continue
		}
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: m.name}
		if v.place.Source != "" {
			key.HeadComment = v.place.String()
		}
		node.Content = append(node.Content, key, content)
	}
	return node
}
