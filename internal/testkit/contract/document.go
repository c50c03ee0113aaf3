// Package contract holds HTTP exchanges to api/openapi.yaml: what the client
// sends and what the simulator answers. Only tests and the test harness use it.
//
// The document is loaded and checked by kin-openapi. Its schemas are compiled
// once, straight from the document, by the JSON Schema 2020-12 validator that
// kin-openapi builds on: kin-openapi itself compiles a schema anew for every
// value it checks, which is too slow for thousands of exchanges in a test run.
package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/appypie-community/terraform-provider-appypie/api"
)

// Exchange is one request and its answer as they were on the wire. A body that
// was compressed is decoded by the caller.
type Exchange struct {
	Method string
	// Path is the escaped path below the root of the host, for example
	// /api/v2/integrations/connects, without the query.
	Path           string
	Query          url.Values
	RequestHeader  http.Header
	RequestBody    []byte
	Status         int
	ResponseHeader http.Header
	ResponseBody   []byte
}

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
	// Note says which parts a page leaves open, or what an assumption rests on.
	Note string
}

// Operation is one operation of the document.
type Operation struct {
	ID     string
	Method string
	// Path is the template below the root of the host, for example
	// /api/v2/integrations/connect/turn-on/{connectId}.
	Path       string
	Provenance Provenance
}

// Document is the loaded contract. It is immutable and safe for concurrent use.
type Document struct {
	operations []*operation
	// unrouted holds the error answers that any path may give, for requests
	// that no operation takes.
	unrouted map[int]*answer
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
	build, err := newBuilder(source)
	if err != nil {
		return nil, err
	}
	document := &Document{unrouted: map[int]*answer{}}
	for path, item := range source.Paths.Map() {
		for method, definition := range item.Operations() {
			document.add(build.operation(path, method, item, definition), definition.Security == nil)
		}
	}
	if err := errors.Join(build.errs...); err != nil {
		return nil, err
	}
	slices.SortFunc(document.operations, func(a, b *operation) int { return cmp.Compare(a.ID, b.ID) })
	return document, nil
}

// add registers an operation; a shared one is held to the security of the whole
// document, so its refusals are those of every path below the API base.
func (d *Document) add(op *operation, shared bool) {
	d.operations = append(d.operations, op)
	if !shared {
		return
	}
	for status, answer := range op.answers {
		if status >= http.StatusBadRequest {
			d.unrouted[status] = answer
		}
	}
}

// Operations lists every operation of the document, sorted by ID.
func (d *Document) Operations() []Operation {
	list := make([]Operation, 0, len(d.operations))
	for _, op := range d.operations {
		list = append(list, op.Operation)
	}
	return list
}
