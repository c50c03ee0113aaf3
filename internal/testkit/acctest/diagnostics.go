package acctest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostic is one error or warning of the provider.
type Diagnostic struct {
	Error           bool
	Summary, Detail string
	// Path is the attribute to blame as it is written in a configuration, for
	// example actions[0].options["email"]; empty when there is none.
	Path string
}

// Diagnostics are the errors and warnings of one call, in the provider's order.
type Diagnostics []Diagnostic

// HasError tells whether there is at least one error.
func (d Diagnostics) HasError() bool { return len(d.Errors()) > 0 }

// Errors returns the errors without the warnings.
func (d Diagnostics) Errors() Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(one Diagnostic) bool { return !one.Error })
}

// String renders all diagnostics, one paragraph each.
func (d Diagnostics) String() string {
	var text strings.Builder
	for _, one := range d {
		kind := "warning"
		if one.Error {
			kind = "error"
		}
		if one.Path != "" {
			kind += " at " + one.Path
		}
		fmt.Fprintf(&text, "%s: %s\n%s\n", kind, one.Summary, one.Detail)
	}
	return text.String()
}

func diagnostics(list []*tfprotov6.Diagnostic) Diagnostics {
	var out Diagnostics
	for _, one := range list {
		out = append(out, Diagnostic{
			Error:   one.Severity == tfprotov6.DiagnosticSeverityError,
			Summary: one.Summary, Detail: one.Detail, Path: pathText(one.Attribute),
		})
	}
	return out
}

func pathText(path *tftypes.AttributePath) string {
	if path == nil {
		return ""
	}
	var text strings.Builder
	for _, step := range path.Steps() {
		switch s := step.(type) {
		case tftypes.AttributeName:
			if text.Len() > 0 {
				text.WriteString(".")
			}
			text.WriteString(string(s))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&text, "[%q]", string(s))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&text, "[%d]", int64(s))
		case tftypes.ElementKeyValue:
			text.WriteString("[value]")
		}
	}
	return text.String()
}
