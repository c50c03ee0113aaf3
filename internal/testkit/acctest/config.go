package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Config returns a configuration of Terraform: a provider block that points at
// the service of this Env, and then hcl.
func (e *Env) Config(hcl string) string { return e.providerBlock() + "\n" + hcl }

func (e *Env) providerBlock() string {
	var block strings.Builder
	for _, name := range slices.Sorted(maps.Keys(e.settings)) {
		fmt.Fprintf(&block, "  %s = %s\n", name, literal(e.settings[name]))
	}
	return "provider \"appypie\" {\n" + block.String() + "}\n"
}

// Settings returns the values of the provider block, for Driver.Configure. The
// map is the caller's to change.
func (e *Env) Settings() map[string]any { return maps.Clone(e.settings) }

// literal renders a string, or an object of strings, as HCL.
func literal(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return Quote(fmt.Sprint(value))
	}
	var members []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		members = append(members, name+" = "+literal(object[name]))
	}
	return "{ " + strings.Join(members, ", ") + " }"
}

// Quote returns text as an HCL string literal in which nothing is interpolated.
func Quote(text string) string {
	quoted := strconv.Quote(text)
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(quoted)
}
