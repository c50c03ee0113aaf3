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

// checkRequest answers the first thing that is wrong with the request, in the
// order in which a reader would look: credentials, path, query, body.
func (op *operation) checkRequest(e Exchange, path map[string]string) error {
	if err := op.checkCredentials(e.RequestHeader); err != nil {
		return err
	}
	for _, p := range op.parameters {
		if p.in != openapi3.ParameterInPath {
			continue
		}
		if err := p.check(path[p.name]); err != nil {
			return fmt.Errorf("request path {%s}: %w", p.name, err)
		}
	}
	if err := op.checkQuery(e.Query); err != nil {
		return fmt.Errorf("request query %w", err)
	}
	if err := op.checkBody(e); err != nil {
		return fmt.Errorf("request %w", err)
	}
	return nil
}

func (op *operation) checkQuery(query url.Values) error {
	known := map[string]bool{}
	for _, p := range op.parameters {
		if p.in != openapi3.ParameterInQuery {
			continue
		}
		known[p.name] = true
		values := query[p.name]
		switch {
		case len(values) == 0 && p.required:
			return fmt.Errorf("%s: missing", p.name)
		case len(values) == 0:
			continue
		case len(values) > 1:
			return fmt.Errorf("%s: given %d times", p.name, len(values))
		}
		if err := p.check(values[0]); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !known[name] && !op.openQuery {
			return fmt.Errorf("%s: not in the contract", name)
		}
	}
	return op.checkExactlyOne(query)
}

func (op *operation) checkExactlyOne(query url.Values) error {
	if len(op.exactlyOneOf) == 0 {
		return nil
	}
	given := 0
	for _, name := range op.exactlyOneOf {
		if query.Has(name) {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("%s: %d given, want exactly one", strings.Join(op.exactlyOneOf, ", "), given)
	}
	return nil
}

func (op *operation) checkBody(e Exchange) error {
	if len(op.body) == 0 {
		if len(e.RequestBody) > 0 {
			return errors.New("body: the operation takes none")
		}
		return nil
	}
	value, err := op.body.check(e.RequestHeader, e.RequestBody)
	if err != nil {
		return err
	}
	return op.checkBodyCredentials(e.RequestHeader, value)
}

// check holds a body to the schema of its media type and returns its value.
func (c content) check(h http.Header, body []byte) (any, error) {
	media, err := mediaType(h)
	if err != nil {
		return nil, err
	}
	schema, ok := c[media]
	if !ok {
		return nil, fmt.Errorf("header Content-Type: %q, want %s", media, strings.Join(slices.Sorted(maps.Keys(c)), " or "))
	}
	var value any = string(body)
	if media == mediaJSON {
		if value, err = decode(body); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
	}
	if err := schema.Validate(value); err != nil {
		return nil, fmt.Errorf("body%w", reason(err))
	}
	return value, nil
}

// checkBodyCredentials enforces x-body-credentials: without an Authorization
// header the named properties are required.
func (op *operation) checkBodyCredentials(h http.Header, value any) error {
	if len(op.bodyCredentials) == 0 || h.Get("Authorization") != "" {
		return nil
	}
	object, _ := value.(map[string]any)
	for _, name := range op.bodyCredentials {
		if _, ok := object[name]; !ok {
			return fmt.Errorf("body /%s: missing, and there is no Authorization header", name)
		}
	}
	return nil
}

// check holds one textual value to the schema of its parameter or header.
func (p parameter) check(text string) error {
	var value any = text
	if p.integer {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not an integer", shorten(text))
		}
		value = number
	}
	if err := p.schema.Validate(value); err != nil {
		return errors.New(strings.TrimPrefix(reason(err).Error(), ": "))
	}
	return nil
}

func decode(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, errors.New("empty")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return value, nil
}

// mediaType is the bare media type; JSON is UTF-8 by its own definition, so
// another charset is an error.
func mediaType(h http.Header) (string, error) {
	text := h.Get("Content-Type")
	if text == "" {
		return "", errors.New("header Content-Type: missing")
	}
	media, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		return "", fmt.Errorf("header Content-Type: %w", err)
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "", fmt.Errorf("header Content-Type: charset %s, want utf-8", charset)
	}
	return media, nil
}
