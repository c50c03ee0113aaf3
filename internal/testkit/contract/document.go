// Package contract holds HTTP exchanges to api/openapi.yaml: what the client
// sends and what the simulator answers. Only tests and the test harness use it.
//
// The document is loaded and checked by kin-openapi. Its schemas are compiled
// once, by the JSON Schema 2020-12 validator that kin-openapi builds on:
// kin-openapi itself compiles a schema anew for every value it checks, which is
// too slow for thousands of exchanges in a test run.
package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/appypie-community/terraform-provider-appypie/api"
)

// The two words of Provenance.Status.
const (
	Documented = "documented"
	Assumed    = "assumed"
)

// Provenance says where an operation of the document comes from.
type Provenance struct {
	// Status is Documented or Assumed.
	Status string
	// Page is the slug of the public reference page; empty when assumed.
	Page string
}

// Operation is one operation of the document.
type Operation struct {
	ID     string
	Method string
	// Path is the template below the root of the host, for example
	// /api/v2/integrations/connect/turn-on/{connectId}.
	Path       string
	Provenance Provenance

	def *openapi3.Operation
	// exactlyOneOf and bodyCredentials are the extensions of these names.
	exactlyOneOf, bodyCredentials []string
}

// Document is the loaded contract. It is immutable and safe for concurrent use.
type Document struct {
	source     *openapi3.T
	operations []*Operation
	schemas    map[*openapi3.Schema]*jsonschema.Schema
	// unrouted holds the error answers that any path may give, for requests
	// that no operation takes.
	unrouted *openapi3.Responses
}

// Load reads the embedded document, checks it as OpenAPI and compiles its
// schemas. It takes some tens of milliseconds, so a test binary does it once.
func Load() (*Document, error) {
	return parse(api.OpenAPI)
}

func parse(text []byte) (*Document, error) {
	source, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	if err := source.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check the OpenAPI document: %w", err)
	}
	d := &Document{source: source, unrouted: &openapi3.Responses{}}
	for name, scheme := range source.Components.SecuritySchemes {
		if scheme.Value.Type != "http" && scheme.Value.In != openapi3.ParameterInHeader {
			err = errors.Join(err, fmt.Errorf("security scheme %s: %s in %s is not supported", name, scheme.Value.Type, scheme.Value.In))
		}
	}
	for path, item := range source.Paths.Map() {
		base, serverErr := d.basePath(item)
		err = errors.Join(err, serverErr)
		for method, def := range item.Operations() {
			if problem := d.add(&Operation{ID: def.OperationID, Method: method, Path: base + path, def: def}); problem != nil {
				err = errors.Join(err, fmt.Errorf("%s %s: %w", method, path, problem))
			}
		}
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(d.operations, func(a, b *Operation) int { return cmp.Compare(a.ID, b.ID) })
	if d.schemas, err = compile(source, d.operations); err != nil {
		return nil, fmt.Errorf("compile the schemas of the OpenAPI document: %w", err)
	}
	return d, nil
}

// basePath is the path of the server that a path lives on: its own, when it names
// one, else that of the document. All hosts are one host in a test.
func (d *Document) basePath(item *openapi3.PathItem) (string, error) {
	servers := d.source.Servers
	if len(item.Servers) > 0 {
		servers = item.Servers
	}
	if len(servers) != 1 || len(item.Parameters) > 0 {
		return "", errors.New("a path has one server, and its parameters are those of its operations")
	}
	server, err := url.Parse(servers[0].URL)
	if err != nil {
		return "", fmt.Errorf("server: %w", err)
	}
	return strings.TrimSuffix(server.Path, "/"), nil
}

// add registers an operation. What Validate does not look at must not be in the
// document, so that no check is left out.
func (d *Document) add(op *Operation) error {
	d.operations = append(d.operations, op)
	def := op.def
	for _, p := range def.Parameters {
		if in := p.Value.In; in != openapi3.ParameterInPath && in != openapi3.ParameterInQuery {
			return fmt.Errorf("parameter %s: in %s is not supported", p.Value.Name, in)
		}
	}
	if body := def.RequestBody; body != nil && (!body.Value.Required || len(body.Value.Content) != 1 || body.Value.Content[mediaJSON] == nil) {
		return errors.New("request body: only a required one of application/json is supported")
	}
	for word, answer := range def.Responses.Map() {
		status, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("answer %s: only single statuses are supported", word)
		}
		// An operation under the security of the whole document shares its refusals
		// with every path below the base of the API.
		if def.Security == nil && status >= http.StatusBadRequest {
			d.unrouted.Set(word, answer)
		}
	}
	return op.readExtensions()
}

// readExtensions reads what OpenAPI has no keyword for. An operation without a
// provenance, a documented one without a page or an assumed one without a basis is
// an error in the document.
func (op *Operation) readExtensions() error {
	fields, _ := op.def.Extensions["x-provenance"].(map[string]any)
	text := func(key string) string {
		value, _ := fields[key].(string)
		return value
	}
	switch op.Provenance = (Provenance{Status: text("status"), Page: text("page")}); op.Provenance.Status {
	case Documented:
		if op.Provenance.Page == "" {
			return errors.New("x-provenance: a documented operation names its page")
		}
	case Assumed:
		if op.Provenance.Page = ""; text("basis") == "" {
			return errors.New("x-provenance: an assumed operation names its basis")
		}
	default:
		return fmt.Errorf("x-provenance is missing or of an unknown status %q", op.Provenance.Status)
	}
	for name, into := range map[string]*[]string{"x-exactly-one-of": &op.exactlyOneOf, "x-body-credentials": &op.bodyCredentials} {
		value, given := op.def.Extensions[name]
		items, _ := value.([]any)
		for _, item := range items {
			if word, ok := item.(string); ok {
				*into = append(*into, word)
			}
		}
		if given && (len(items) == 0 || len(*into) != len(items)) {
			return fmt.Errorf("%s: want a list of names", name)
		}
	}
	return nil
}

// Operations lists every operation of the document, sorted by ID.
func (d *Document) Operations() []Operation {
	list := make([]Operation, 0, len(d.operations))
	for _, op := range d.operations {
		list = append(list, *op)
	}
	return list
}

// Coverage remembers which operations of a document were exercised, so that an
// operation nobody exercises can fail a test. It is safe for concurrent use.
type Coverage struct {
	document *Document
	seen     sync.Map
}

// NewCoverage starts with every operation of the document missing.
func NewCoverage(d *Document) *Coverage { return &Coverage{document: d} }

// Record notes that the operation with this ID was exercised. An ID that the
// document does not have changes nothing.
func (c *Coverage) Record(operationID string) { c.seen.Store(operationID, true) }

// Missing lists the IDs of the operations that were never recorded, sorted.
func (c *Coverage) Missing() []string {
	var missing []string
	for _, op := range c.document.operations {
		if _, seen := c.seen.Load(op.ID); !seen {
			missing = append(missing, op.ID)
		}
	}
	return missing
}
