package tfkit

import (
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// Provenance is the sentence that ends the description of a resource, data
// source or action, in a paragraph of its own, which the docs show last: which
// operations it calls, and whether a public reference page states them or the
// contract of this project assumes them.
func Provenance(ops ...dialect.Operation) string {
	var stated, assumed []string
	for _, op := range ops {
		if connectapi.OperationOf(op).Documented() {
			stated = append(stated, "`"+string(op)+"`")
		} else {
			assumed = append(assumed, "`"+string(op)+"`")
		}
	}
	var parts []string
	if len(stated) > 0 {
		parts = append(parts, "the documented "+enumerate(stated))
	}
	if len(assumed) > 0 {
		parts = append(parts, "the assumed "+enumerate(assumed))
	}
	return "Calls " + strings.Join(parts, ", and ") + "."
}

// enumerate is "operation a", or "operations a, b and c".
func enumerate(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return "operation " + names[0]
	}
	return "operations " + strings.Join(names[:last], ", ") + " and " + names[last]
}
