package tfkit

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// idPattern is wider than the documented 24 hexadecimal digits, because ids
// are opaque, and narrow enough to catch a name or an address in an id's place.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// ValidID reports whether text can be an id of the service.
func ValidID(text string) bool { return idPattern.MatchString(text) }

// IDHint is what an error about a malformed id says.
const IDHint = "must be an id of the service, such as 64f0c2a1b3d4e5f60718293a (letters, digits, - and _ only); look ids up with the data sources"

// IDValidator refuses what cannot be an id.
func IDValidator() validator.String {
	return stringvalidator.RegexMatches(idPattern, IDHint)
}

// StringOrNull maps the service's empty text to null.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Count is a number with its noun: 1 action, 2 actions.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
