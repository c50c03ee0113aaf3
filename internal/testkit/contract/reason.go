package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

const (
	// maxFindings is how many places one message names.
	maxFindings = 3
	// maxText is how many bytes of a value or a reason a message shows.
	maxText = 120
)

// finding is one leaf of the validator's tree: a place and what is wrong there.
type finding struct {
	place string
	kind  jsonschema.ErrorKind
}

func (f finding) reason() string {
	switch k := f.kind.(type) {
	case *kind.Pattern:
		return fmt.Sprintf("%q does not match %s", shorten(k.Got), k.Want)
	case *kind.Enum:
		return fmt.Sprintf("%s is not one of %s", toJSON(k.Got), toJSON(k.Want))
	case *kind.AdditionalProperties:
		return "unknown properties " + strings.Join(slices.Sorted(slices.Values(k.Properties)), ", ")
	case *kind.Format:
		return fmt.Sprintf("is not a valid %s", k.Want)
	}
	return shorten(f.kind.LocalizedString(message.NewPrinter(language.English)))
}

// reason turns the validator's tree into the end of a line: ": what is wrong"
// for the value as a whole, " /data/status: what is wrong" for a place inside.
func reason(err error) error {
	var tree *jsonschema.ValidationError
	if !errors.As(err, &tree) {
		return fmt.Errorf(": %w", err)
	}
	var lines []string
	for _, f := range findings(tree) {
		if f.place == "" {
			lines = append(lines, f.reason())
			continue
		}
		lines = append(lines, f.place+": "+f.reason())
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	more := ""
	if len(lines) > maxFindings {
		more = fmt.Sprintf("; and %d more", len(lines)-maxFindings)
		lines = lines[:maxFindings]
	}
	separator := ": "
	if strings.HasPrefix(lines[0], "/") {
		separator = " "
	}
	return errors.New(separator + strings.Join(lines, "; ") + more)
}

func findings(tree *jsonschema.ValidationError) []finding {
	if _, ok := tree.ErrorKind.(*kind.OneOf); ok && len(tree.Causes) > 0 {
		return alternatives(tree)
	}
	if len(tree.Causes) == 0 {
		place := ""
		if len(tree.InstanceLocation) > 0 {
			place = "/" + strings.Join(tree.InstanceLocation, "/")
		}
		return []finding{{place, tree.ErrorKind}}
	}
	var all []finding
	for _, cause := range tree.Causes {
		all = append(all, findings(cause)...)
	}
	return all
}

// alternatives reports a failed oneOf by the branches that may have been meant:
// those whose constants match, such as the grant_type of a token request.
func alternatives(tree *jsonschema.ValidationError) []finding {
	var meant, constants []finding
	for _, branch := range tree.Causes {
		leaves := findings(branch)
		wrong := slices.DeleteFunc(slices.Clone(leaves), func(leaf finding) bool {
			_, constant := leaf.kind.(*kind.Const)
			return !constant
		})
		if constants = append(constants, wrong...); len(wrong) == 0 {
			meant = append(meant, leaves...)
		}
	}
	if len(meant) > 0 {
		return meant
	}
	return constants
}

func toJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return shorten(string(text))
}

func shorten(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}
