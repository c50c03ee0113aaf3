package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// credential is a header that a security scheme asks for; scheme is the first
// word of an Authorization header and empty for a header of its own.
type credential struct {
	header, scheme string
}

func (c credential) present(h http.Header) bool {
	value := h.Get(c.header)
	if c.scheme == "" {
		return value != ""
	}
	scheme, rest, _ := strings.Cut(value, " ")
	return strings.EqualFold(scheme, c.scheme) && strings.TrimSpace(rest) != ""
}

func (c credential) String() string {
	if c.scheme == "" {
		return c.header
	}
	return c.header + " (" + c.scheme + ")"
}

// credentials lists the alternatives of an operation, those of the document
// when it has none of its own. No alternatives, or an empty one, ask for nothing.
func (b *builder) credentials(def *openapi3.Operation) [][]credential {
	requirements := b.source.Security
	if def.Security != nil {
		requirements = *def.Security
	}
	var alternatives [][]credential
	for _, requirement := range requirements {
		alternative := []credential{}
		for name := range requirement {
			alternative = append(alternative, b.credential(name))
		}
		alternatives = append(alternatives, alternative)
	}
	return alternatives
}

func (b *builder) credential(name string) credential {
	ref := b.source.Components.SecuritySchemes[name]
	switch {
	case ref == nil:
		b.fail("security: no scheme is named %s", name)
	case ref.Value.Type == "http":
		return credential{header: "Authorization", scheme: ref.Value.Scheme}
	case ref.Value.Type == "apiKey" && ref.Value.In == openapi3.ParameterInHeader:
		return credential{header: ref.Value.Name}
	default:
		b.fail("security scheme %s: type %s is not supported", name, ref.Value.Type)
	}
	return credential{}
}

func (op *operation) checkCredentials(h http.Header) error {
	if len(op.credentials) == 0 {
		return nil
	}
	for _, alternative := range op.credentials {
		missing := func(c credential) bool { return !c.present(h) }
		if !slices.ContainsFunc(alternative, missing) {
			return nil
		}
	}
	return fmt.Errorf("request header %s: missing", op.credentials[0][0])
}
