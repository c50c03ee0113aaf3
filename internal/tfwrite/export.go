package tfwrite

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Exporter writes connects that exist as configuration, so that an import changes
// nothing.
type Exporter struct {
	names   *Names
	lookups *Lookups
}

// NewExporter returns an exporter whose labels are those of names.
func NewExporter(catalog Catalog, names *Names) *Exporter {
	return &Exporter{names: names, lookups: NewLookups(catalog, names)}
}

// Lookups are the data blocks that the connects so far use.
func (e *Exporter) Lookups() string { return e.lookups.Blocks() }

// Connect writes a connect with its import block. summary names its apps and
// events.
func (e *Exporter) Connect(connect connectapi.Connect, summary string) string {
	label := e.names.Pick("appypie_connect", connect.Name, "connect")
	var text, variables strings.Builder
	fmt.Fprintf(&text, "# %s\nresource \"appypie_connect\" %q {\nname = %s\n", OneLine(summary), label, Quote(connect.Name))
	if match := e.lookups.Match(connect.PopularMatchID); match != "" {
		fmt.Fprintf(&text, "popular_match_id = %s.id\n", match)
	} else {
		fmt.Fprintf(&text, "popular_match_id = %s # It cannot be looked up by a title.\n", Quote(connect.PopularMatchID))
	}
	fmt.Fprintf(&text, "enabled = %t\n\ntrigger = %s\n", connect.On, e.step(connect, label, connect.Trigger, &variables))
	if len(connect.Actions) > 0 {
		text.WriteString("\nactions = [\n")
		for _, action := range connect.Actions {
			text.WriteString(e.step(connect, label, action, &variables) + ",\n")
		}
		text.WriteString("]\n")
	}
	fmt.Fprintf(&text, "}\n\nimport {\nto = appypie_connect.%s\nid = %s\n}\n", label, Quote(connect.ID))
	return join(variables.String(), text.String())
}

// step is the object of a step: what an import finds of it, and no secret.
func (e *Exporter) step(connect connectapi.Connect, label string, step connectapi.Step, variables *strings.Builder) string {
	var text, options, secrets strings.Builder
	if step.AccountID != "" {
		fmt.Fprintf(&text, "account_id = %s\n", e.lookups.Account(step.AppID, step.AccountID, ""))
	}
	for _, key := range slices.Sorted(maps.Keys(step.Options)) {
		value := step.Options[key].Text()
		if !isSecret(key, value) {
			fmt.Fprintf(&options, "%s = %s\n", Key(key), Text(value))
			continue
		}
		name := e.names.Pick("variable", label+" "+key, label)
		fmt.Fprintf(&secrets, "%s = var.%s\n", Key(key), name)
		if variables.Len() > 0 {
			variables.WriteString("\n")
		}
		fmt.Fprintf(variables, "variable %q {\ndescription = %s\ntype = string\ndefault = null\nsensitive = true\nephemeral = true\n}\n",
			name, Quote(fmt.Sprintf("%s of the connect %s. Needed when Terraform writes the step; null leaves it as it is.", OneLine(key), OneLine(connect.Name))))
	}
	if options.Len() > 0 {
		text.WriteString("options = {\n" + options.String() + "}\n")
	}
	if secrets.Len() > 0 {
		text.WriteString("\n# Set these variables and secrets_wo_version to have the secrets written.\nsecrets_wo = {\n" + secrets.String() + "}\n")
	}
	if text.Len() == 0 {
		return "{}"
	}
	return "{\n" + text.String() + "}"
}

// isSecret reports whether an import leaves an option out: what the service masks,
// and what has a name that says so.
func isSecret(key, value string) bool {
	return connectapi.IsMasked(value) || value != "" && wire.LooksSecret(key)
}
