package contract

import "github.com/getkin/kin-openapi/openapi3"

// provenance reads x-provenance. An operation without it, a documented one
// without a page or an assumed one without a basis is an error in the document.
func (b *builder) provenance(def *openapi3.Operation) Provenance {
	fields, ok := def.Extensions["x-provenance"].(map[string]any)
	if !ok {
		b.fail("x-provenance is missing")
	}
	text := func(key string) string {
		value, _ := fields[key].(string)
		return value
	}
	p := Provenance{Status: text("status"), Page: text("page"), Note: text("note")}
	switch {
	case p.Status == Documented && p.Page == "":
		b.fail("x-provenance: a documented operation names its page")
	case p.Status == Assumed && text("basis") == "":
		b.fail("x-provenance: an assumed operation names its basis")
	case p.Status == Assumed:
		p.Page, p.Note = "", text("basis")
	case p.Status != Documented:
		b.fail("x-provenance: unknown status %q", p.Status)
	}
	return p
}

// names reads an extension that lists names; an absent one lists none.
func (b *builder) names(def *openapi3.Operation, extension string) []string {
	value, ok := def.Extensions[extension]
	if !ok {
		return nil
	}
	items, _ := value.([]any)
	var names []string
	for _, item := range items {
		if name, ok := item.(string); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 || len(names) != len(items) {
		b.fail("%s: want a list of names", extension)
	}
	return names
}
