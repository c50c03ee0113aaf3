package contract

import (
	"errors"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// provenanceOf reads x-provenance. An operation without it, a documented one
// without a page or an assumed one without a basis is an error in the document.
func provenanceOf(def *openapi3.Operation) (Provenance, error) {
	fields, ok := def.Extensions["x-provenance"].(map[string]any)
	if !ok {
		return Provenance{}, errors.New("x-provenance is missing")
	}
	text := func(key string) string {
		value, _ := fields[key].(string)
		return value
	}
	switch status := text("status"); status {
	case Documented:
		if text("page") == "" {
			return Provenance{}, errors.New("x-provenance: a documented operation names its page")
		}
		return Provenance{Status: status, Page: text("page"), Note: text("note")}, nil
	case Assumed:
		if text("basis") == "" {
			return Provenance{}, errors.New("x-provenance: an assumed operation names its basis")
		}
		return Provenance{Status: status, Note: text("basis")}, nil
	default:
		return Provenance{}, fmt.Errorf("x-provenance: unknown status %q", status)
	}
}

// stringsOf reads an extension that lists names; an absent one lists none.
func stringsOf(def *openapi3.Operation, extension string) ([]string, error) {
	value, ok := def.Extensions[extension]
	if !ok {
		return nil, nil
	}
	items, ok := value.([]any)
	if !ok || len(items) == 0 {
		return nil, fmt.Errorf("%s: want a list of names", extension)
	}
	names := make([]string, 0, len(items))
	for _, item := range items {
		name, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("%s: want a list of names", extension)
		}
		names = append(names, name)
	}
	return names, nil
}
