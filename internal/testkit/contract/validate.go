package contract

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const mediaJSON = "application/json"

// ErrUnknownOperation marks the request error of an exchange whose method and
// path no operation of the document takes.
var ErrUnknownOperation = errors.New("no such operation in the contract")

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

// Validate holds one exchange to the document. It answers the ID of the
// operation (empty when there is none) and, apart from each other, what is
// wrong with the request and with the answer; nil means nothing. Each error is
// one line that names the operation, the place and the reason.
//
// A request that no operation takes has a request error that wraps
// ErrUnknownOperation; its answer must still be one of the shared refusals.
func (d *Document) Validate(e Exchange) (operationID string, requestErr, answerErr error) {
	op, values := d.find(e.Method, e.Path)
	if op == nil {
		name := e.Method + " " + e.Path
		return "", fmt.Errorf("%s: %w", name, ErrUnknownOperation), prefix(name+": answer", d.checkAnswer(d.unrouted, e))
	}
	return op.ID, prefix(op.ID+": request", d.checkRequest(op, e, values)), prefix(op.ID+": answer", d.checkAnswer(op.def.Responses, e))
}

func prefix(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %w", name, err)
}

// find answers the operation of a request and the unescaped values of its
// placeholders, or nil when no operation takes it. Of two templates that fit, the
// one with more literal segments is meant.
func (d *Document) find(method, path string) (found *Operation, values map[string]string) {
	segments := strings.Split(path, "/")
	for _, op := range d.operations {
		template := strings.Split(op.Path, "/")
		taken, fits := map[string]string{}, op.Method == method && len(template) == len(segments)
		for i := 0; fits && i < len(segments); i++ {
			if name, placeholder := strings.CutPrefix(template[i], "{"); placeholder {
				value, err := url.PathUnescape(segments[i])
				taken[strings.TrimSuffix(name, "}")], fits = value, err == nil
			} else {
				fits = template[i] == segments[i]
			}
		}
		if fits && (found == nil || len(taken) < len(values)) {
			found, values = op, taken
		}
	}
	return found, values
}

// checkRequest answers the first thing that is wrong with the request, in the
// order in which a reader would look: credentials, path, query, body.
func (d *Document) checkRequest(op *Operation, e Exchange, path map[string]string) error {
	if err := d.checkCredentials(op, e.RequestHeader); err != nil {
		return err
	}
	known := map[string]bool{}
	for _, p := range op.def.Parameters {
		values, where := e.Query[p.Value.Name], "query "+p.Value.Name
		if p.Value.In == openapi3.ParameterInPath {
			values, where = []string{path[p.Value.Name]}, "path {"+p.Value.Name+"}"
		} else {
			known[p.Value.Name] = true
		}
		if err := d.checkText(p.Value, values); err != nil {
			return fmt.Errorf("%s%w", where, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Query)) {
		if !known[name] && op.def.Extensions["x-open-query"] != true {
			return fmt.Errorf("query %s: not in the contract", name)
		}
	}
	if names := op.exactlyOneOf; len(names) > 0 {
		absent := slices.DeleteFunc(slices.Clone(names), e.Query.Has)
		if given := len(names) - len(absent); given != 1 {
			return fmt.Errorf("query %s: %d given, want exactly one", strings.Join(names, ", "), given)
		}
	}
	return d.checkRequestBody(op, e)
}

// checkCredentials looks for one of the alternatives of an operation, or of the
// document when it has none of its own. No alternatives ask for nothing.
func (d *Document) checkCredentials(op *Operation, h http.Header) error {
	alternatives := d.source.Security
	if op.def.Security != nil {
		alternatives = *op.def.Security
	}
	missing := ""
	for _, alternative := range alternatives {
		complete := true
		for name := range alternative {
			scheme := d.source.Components.SecuritySchemes[name].Value
			header, present := scheme.Name, h.Get(scheme.Name) != ""
			if scheme.Type == "http" {
				word, rest, _ := strings.Cut(h.Get("Authorization"), " ")
				header, present = "Authorization ("+scheme.Scheme+")", strings.EqualFold(word, scheme.Scheme) && strings.TrimSpace(rest) != ""
			}
			if complete = complete && present; !present && missing == "" {
				missing = header
			}
		}
		if complete {
			return nil
		}
	}
	if len(alternatives) == 0 {
		return nil
	}
	return fmt.Errorf("header %s: missing", missing)
}

func (d *Document) checkRequestBody(op *Operation, e Exchange) error {
	if op.def.RequestBody == nil {
		if len(e.RequestBody) > 0 {
			return errors.New("body: the operation takes none")
		}
		return nil
	}
	value, err := d.checkBody(op.def.RequestBody.Value.Content, e.RequestHeader, e.RequestBody)
	if err != nil || e.RequestHeader.Get("Authorization") != "" {
		return err
	}
	// Without an Authorization header the properties of x-body-credentials are
	// required.
	object, _ := value.(map[string]any)
	for _, name := range op.bodyCredentials {
		if _, ok := object[name]; !ok {
			return fmt.Errorf("body /%s: missing, and there is no Authorization header", name)
		}
	}
	return nil
}

// checkAnswer holds an answer to those that are listed for its status.
func (d *Document) checkAnswer(listed *openapi3.Responses, e Exchange) error {
	want := listed.Status(e.Status)
	if want == nil {
		return fmt.Errorf("status %d: not in the contract", e.Status)
	}
	for name, header := range want.Value.Headers {
		if err := d.checkText(&header.Value.Parameter, e.ResponseHeader.Values(name)); err != nil {
			return fmt.Errorf("%d header %s%w", e.Status, http.CanonicalHeaderKey(name), err)
		}
	}
	if len(want.Value.Content) == 0 {
		return nil
	}
	_, err := d.checkBody(want.Value.Content, e.ResponseHeader, e.ResponseBody)
	return prefix(strconv.Itoa(e.Status), err)
}

// checkBody holds a body to the schema of its media type and returns its value.
func (d *Document) checkBody(content openapi3.Content, h http.Header, body []byte) (value any, err error) {
	text := h.Get("Content-Type")
	if text == "" {
		return nil, errors.New("header Content-Type: missing")
	}
	media, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return nil, fmt.Errorf("header Content-Type: %w", err)
	}
	// JSON is UTF-8 by its own definition.
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, fmt.Errorf("header Content-Type: charset %s, want utf-8", charset)
	}
	if content[media] == nil {
		return nil, fmt.Errorf("header Content-Type: %q, want %s", media, strings.Join(slices.Sorted(maps.Keys(content)), " or "))
	}
	switch {
	case media != mediaJSON:
		value = string(body)
	case len(body) == 0:
		return nil, errors.New("body: empty")
	default:
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(body)); err != nil {
			return nil, fmt.Errorf("body: not JSON: %w", err)
		}
	}
	if err := d.check(content[media].Schema, value); err != nil {
		return nil, fmt.Errorf("body%w", err)
	}
	return value, nil
}

// checkText holds what a query, a path or a header gives to the schema of a
// parameter.
func (d *Document) checkText(p *openapi3.Parameter, values []string) error {
	switch {
	case len(values) == 0 && p.Required:
		return errors.New(": missing")
	case len(values) == 0:
		return nil
	case len(values) > 1:
		return fmt.Errorf(": given %d times", len(values))
	}
	var value any = values[0]
	if p.Schema.Value.Type.Is(openapi3.TypeInteger) {
		number, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return fmt.Errorf(": %q is not an integer", shorten(values[0]))
		}
		value = number
	}
	return d.check(p.Schema, value)
}
