package contract

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documentURL names the document inside the schema compiler; nothing is fetched.
const documentURL = "mem:///openapi.json"

// operation is an Operation together with everything needed to check it.
type operation struct {
	Operation

	segments        []string
	parameters      []parameter
	credentials     [][]credential
	exactlyOneOf    []string
	bodyCredentials []string
	openQuery       bool
	// body is empty when the operation takes none.
	body    content
	answers map[int]*answer
}

type parameter struct {
	name, in string
	required bool
	integer  bool
	schema   *jsonschema.Schema
}

// answer is what one status carries. Without content its body is free.
type answer struct {
	headers []parameter
	content content
}

// content is what a body may be, by its media type.
type content map[string]*jsonschema.Schema

// builder turns the definitions of the document into operations. It compiles
// every schema at its place in the document, so that references between schemas
// mean what they mean there. What it cannot turn is an error at the end.
type builder struct {
	source   *openapi3.T
	compiler *jsonschema.Compiler
	at       string // the operation in work
	errs     []error
}

func newBuilder(source *openapi3.T) (*builder, error) {
	text, err := source.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("turn the OpenAPI document into JSON: %w", err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document as JSON: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(documentURL, tree); err != nil {
		return nil, fmt.Errorf("prepare the schemas: %w", err)
	}
	return &builder{source: source, compiler: compiler}, nil
}

func (b *builder) fail(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("%s: "+format, append([]any{b.at}, args...)...))
}

func (b *builder) operation(path, method string, item *openapi3.PathItem, def *openapi3.Operation) *operation {
	b.at = method + " " + path
	if len(item.Parameters) > 0 {
		b.fail("parameters of a whole path are not supported; list them in each operation")
	}
	whole := b.basePath(item) + path
	place := pointer("#/paths", path, strings.ToLower(method))
	return &operation{
		Operation:       Operation{ID: def.OperationID, Method: method, Path: whole, Provenance: b.provenance(def)},
		segments:        split(whole),
		parameters:      b.parameters(place, def),
		credentials:     b.credentials(def),
		exactlyOneOf:    b.names(def, "x-exactly-one-of"),
		bodyCredentials: b.names(def, "x-body-credentials"),
		openQuery:       def.Extensions["x-open-query"] == true,
		body:            b.body(place, def),
		answers:         b.answers(place, def),
	}
}

// basePath is the path of the server that a path lives on: its own, when it
// names one, else that of the document. All hosts are one host in a test.
func (b *builder) basePath(item *openapi3.PathItem) string {
	servers := b.source.Servers
	if len(item.Servers) > 0 {
		servers = item.Servers
	}
	if len(servers) != 1 {
		b.fail("%d servers, want one", len(servers))
		return ""
	}
	server, err := url.Parse(servers[0].URL)
	if err != nil {
		b.fail("server: %w", err)
		return ""
	}
	return strings.TrimSuffix(server.Path, "/")
}

func (b *builder) parameters(place string, def *openapi3.Operation) []parameter {
	var list []parameter
	for i, ref := range def.Parameters {
		if in := ref.Value.In; in != openapi3.ParameterInPath && in != openapi3.ParameterInQuery {
			b.fail("parameter %s: in %s is not supported", ref.Value.Name, in)
		}
		list = append(list, b.parameter(ref.Value.Name, ref.Value, orRef(ref.Ref, pointer(place, "parameters", strconv.Itoa(i)))))
	}
	return list
}

// parameter is a parameter or a header, which are of one kind in OpenAPI.
func (b *builder) parameter(name string, def *openapi3.Parameter, place string) parameter {
	return parameter{
		name: name, in: def.In, required: def.Required,
		integer: def.Schema.Value.Type.Is(openapi3.TypeInteger), schema: b.compile(pointer(place, "schema")),
	}
}

func (b *builder) body(place string, def *openapi3.Operation) content {
	ref := def.RequestBody
	if ref == nil {
		return nil
	}
	if len(ref.Value.Content) != 1 || ref.Value.Content[mediaJSON] == nil || !ref.Value.Required {
		b.fail("request body: only a required one of application/json is supported")
	}
	return b.content(orRef(ref.Ref, pointer(place, "requestBody")), ref.Value.Content)
}

func (b *builder) answers(place string, def *openapi3.Operation) map[int]*answer {
	all := map[int]*answer{}
	for word, ref := range def.Responses.Map() {
		status, err := strconv.Atoi(word)
		if err != nil {
			b.fail("answer %s: only single statuses are supported", word)
		}
		at := orRef(ref.Ref, pointer(place, "responses", word))
		one := &answer{content: b.content(at, ref.Value.Content)}
		for name, header := range ref.Value.Headers {
			place := orRef(header.Ref, pointer(at, "headers", name))
			one.headers = append(one.headers, b.parameter(http.CanonicalHeaderKey(name), &header.Value.Parameter, place))
		}
		all[status] = one
	}
	return all
}

func (b *builder) content(place string, def openapi3.Content) content {
	all := content{}
	for media := range def {
		all[media] = b.compile(pointer(place, "content", media, "schema"))
	}
	return all
}

func (b *builder) compile(place string) *jsonschema.Schema {
	schema, err := b.compiler.Compile(documentURL + place)
	if err != nil {
		b.fail("compile the schema at %s: %w", place, err)
	}
	return schema
}

// pointer appends segments to a JSON pointer in its URL fragment form.
func pointer(place string, segments ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for _, segment := range segments {
		place += "/" + url.PathEscape(escape.Replace(segment))
	}
	return place
}

func orRef(ref, place string) string {
	if ref != "" {
		return ref
	}
	return place
}
