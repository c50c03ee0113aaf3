package contract

import (
	"bytes"
	"errors"
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
	// body is nil when the operation takes none.
	body    *jsonschema.Schema
	answers map[int]*answer
}

type parameter struct {
	name, in string
	required bool
	integer  bool
	schema   *jsonschema.Schema
}

// answer is what one status carries. Without media types its body is free.
type answer struct {
	headers    []parameter
	mediaTypes map[string]*jsonschema.Schema
}

// builder turns the definitions of the document into operations. It compiles
// every schema at its place in the document, so that references between schemas
// mean what they mean there.
type builder struct {
	source   *openapi3.T
	compiler *jsonschema.Compiler
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

func (b *builder) operation(path, method string, item *openapi3.PathItem, def *openapi3.Operation) (*operation, error) {
	if len(item.Parameters) > 0 {
		return nil, errors.New("parameters of a whole path are not supported; list them in each operation")
	}
	root, err := b.basePath(item)
	if err != nil {
		return nil, err
	}
	provenance, err := provenanceOf(def)
	if err != nil {
		return nil, err
	}
	op := &operation{
		Operation: Operation{ID: def.OperationID, Method: method, Path: root + path, Provenance: provenance},
		segments:  split(root + path),
	}
	if op.exactlyOneOf, err = stringsOf(def, "x-exactly-one-of"); err != nil {
		return nil, err
	}
	if op.bodyCredentials, err = stringsOf(def, "x-body-credentials"); err != nil {
		return nil, err
	}
	op.openQuery = def.Extensions["x-open-query"] == true

	place := pointer("#/paths", path, strings.ToLower(method))
	if op.parameters, err = b.parameters(place, def); err != nil {
		return nil, err
	}
	if op.credentials, err = b.credentials(def); err != nil {
		return nil, err
	}
	if op.body, err = b.body(place, def); err != nil {
		return nil, err
	}
	op.answers, err = b.answers(place, def)
	return op, err
}

// basePath is the path of the server that a path lives on: its own, when it
// names one, else that of the document. All hosts are one host in a test.
func (b *builder) basePath(item *openapi3.PathItem) (string, error) {
	servers := b.source.Servers
	if len(item.Servers) > 0 {
		servers = item.Servers
	}
	if len(servers) != 1 {
		return "", fmt.Errorf("%d servers, want one", len(servers))
	}
	server, err := url.Parse(servers[0].URL)
	if err != nil {
		return "", fmt.Errorf("server: %w", err)
	}
	return strings.TrimSuffix(server.Path, "/"), nil
}

func (b *builder) parameters(place string, def *openapi3.Operation) ([]parameter, error) {
	var list []parameter
	for i, ref := range def.Parameters {
		value := ref.Value
		if value.In != openapi3.ParameterInPath && value.In != openapi3.ParameterInQuery {
			return nil, fmt.Errorf("parameter %s: in %s is not supported", value.Name, value.In)
		}
		at := orRef(ref.Ref, pointer(place, "parameters", strconv.Itoa(i)))
		schema, err := b.compile(pointer(at, "schema"))
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", value.Name, err)
		}
		list = append(list, parameter{
			name: value.Name, in: value.In, required: value.Required,
			integer: isInteger(value.Schema), schema: schema,
		})
	}
	return list, nil
}

func (b *builder) body(place string, def *openapi3.Operation) (*jsonschema.Schema, error) {
	ref := def.RequestBody
	if ref == nil {
		return nil, nil //nolint:nilnil // An operation without a body has no schema, which is not an error.
	}
	if len(ref.Value.Content) != 1 || ref.Value.Content[mediaJSON] == nil || !ref.Value.Required {
		return nil, errors.New("request body: only a required one of application/json is supported")
	}
	at := orRef(ref.Ref, pointer(place, "requestBody"))
	schema, err := b.compile(pointer(at, "content", mediaJSON, "schema"))
	if err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	return schema, nil
}

func (b *builder) answers(place string, def *openapi3.Operation) (map[int]*answer, error) {
	all := map[int]*answer{}
	for word, ref := range def.Responses.Map() {
		status, err := strconv.Atoi(word)
		if err != nil {
			return nil, fmt.Errorf("answer %s: only single statuses are supported", word)
		}
		at := orRef(ref.Ref, pointer(place, "responses", word))
		one := &answer{mediaTypes: map[string]*jsonschema.Schema{}}
		for media := range ref.Value.Content {
			if one.mediaTypes[media], err = b.compile(pointer(at, "content", media, "schema")); err != nil {
				return nil, fmt.Errorf("answer %s: %w", word, err)
			}
		}
		if one.headers, err = b.headers(at, ref.Value); err != nil {
			return nil, fmt.Errorf("answer %s: %w", word, err)
		}
		all[status] = one
	}
	return all, nil
}

func (b *builder) headers(place string, def *openapi3.Response) ([]parameter, error) {
	var list []parameter
	for name, ref := range def.Headers {
		at := orRef(ref.Ref, pointer(place, "headers", name))
		schema, err := b.compile(pointer(at, "schema"))
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", name, err)
		}
		list = append(list, parameter{
			name: http.CanonicalHeaderKey(name), in: openapi3.ParameterInHeader, required: ref.Value.Required,
			integer: isInteger(ref.Value.Schema), schema: schema,
		})
	}
	return list, nil
}

func (b *builder) compile(place string) (*jsonschema.Schema, error) {
	schema, err := b.compiler.Compile(documentURL + place)
	if err != nil {
		return nil, fmt.Errorf("compile the schema at %s: %w", place, err)
	}
	return schema, nil
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

func isInteger(ref *openapi3.SchemaRef) bool {
	return ref.Value.Type.Is(openapi3.TypeInteger)
}
