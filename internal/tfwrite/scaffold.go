package tfwrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// Mark stands behind every value that a person has to fill in.
const Mark = "# FILL IN"

// Scaffold is a new connect of which only the popular match is decided.
type Scaffold struct {
	Provider Provider
	Catalog  Catalog
	Match    connectapi.PopularMatch
	// Steps are the trigger and then the actions.
	Steps []ScaffoldStep
}

// ScaffoldStep is the trigger or an action.
type ScaffoldStep struct {
	App   connectapi.App
	Event connectapi.Event
	// Account is the one to use; nil when none is connected, or none is needed.
	Account *connectapi.ConnectedAccount
	// Others are the names of further accounts of the app.
	Others []string
	// Choices are those of dynamic options, by key, as far as they are known.
	Choices map[string][]connectapi.Choice
}

// maxReferences bounds how many references a comment names.
const maxReferences = 8

// scaffolding is a scaffold while it is written.
type scaffolding struct {
	Scaffold

	lookups           *Lookups
	names             *Names
	match             string
	variables, locals strings.Builder
	dropdowns         strings.Builder
	// secrets and optionalSecrets: a step has some.
	secrets, optionalSecrets bool
}

// Write writes the configuration, and tells how many values are to be filled in.
func (s Scaffold) Write() (text []byte, toFill int) {
	names := &Names{}
	w := &scaffolding{Scaffold: s, names: names, lookups: NewLookups(s.Catalog, names)}
	if w.match = w.lookups.Match(s.Match.ID); w.match == "" {
		w.match = w.lookups.MatchByID(s.Match.ID)
	}
	var steps []string
	for i := range s.Steps {
		steps = append(steps, w.step(i))
	}
	title := OneLine(s.Match.Title)
	if title == "" {
		title = "New connect"
	}
	var resource strings.Builder
	fmt.Fprintf(&resource, "resource \"appypie_connect\" %q {\nname = %s\npopular_match_id = %s.id\nenabled = true # It runs as soon as it is applied.\n\n",
		names.Pick("appypie_connect", title, "connect"), Quote(title), w.match)
	fmt.Fprintf(&resource, "%strigger = %s\n\nactions = [\n", s.Steps[0].comment(), steps[0])
	for i, action := range steps[1:] {
		resource.WriteString(s.Steps[i+1].comment() + w.references(i+1) + action + ",\n")
	}
	resource.WriteString("]\n")
	switch {
	case w.secrets:
		resource.WriteString("\n# A new version has new secrets written.\nsecrets_wo_version = 1\n")
	case w.optionalSecrets:
		resource.WriteString("\n# secrets_wo_version = 1 # Needed with secrets_wo. A new version has new secrets written.\n")
	}
	resource.WriteString("}\n")
	locals := w.locals.String()
	if locals != "" {
		locals = "locals {\n" + locals + "}\n"
	}
	whole := Format(join(s.Provider.Blocks(), w.lookups.Blocks(), w.variables.String(), locals, w.dropdowns.String(), resource.String()))
	return whole, strings.Count(string(whole), Mark)
}

// join parts blocks by an empty line.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n")
}

func (s ScaffoldStep) comment() string { return "# " + OneLine(s.App.Name+": "+s.Event.Name) + "\n" }

// step is the object of a step.
func (w *scaffolding) step(i int) string {
	s := w.Steps[i]
	var text strings.Builder
	account := w.account(s)
	if account != "" {
		text.WriteString("account_id = " + account + "\n")
	}
	needed := neededOf(s.Event.Fields)
	values := map[string]string{}
	var options, secrets, optional strings.Builder
	var optionalSecrets []connectapi.Field
	for _, field := range s.Event.Fields {
		switch {
		case needed[field.Key] && wire.LooksSecret(field.Key):
			fmt.Fprintf(&secrets, "%s = var.%s\n", Key(field.Key), w.secret(field))
		case needed[field.Key]:
			values[field.Key] = w.value(i, field, account, values)
			options.WriteString(about(field, s.Choices[field.Key]))
			fmt.Fprintf(&options, "%s = %s\n", Key(field.Key), values[field.Key])
		case wire.LooksSecret(field.Key):
			optionalSecrets = append(optionalSecrets, field)
		default:
			fmt.Fprintf(&optional, "# %s = \"\" # Optional. %s\n", Key(field.Key), describe(field)+oneOf(field.Choices))
		}
	}
	if options.Len()+optional.Len() > 0 {
		text.WriteString("options = {\n" + options.String() + optional.String() + "}\n")
	}
	text.WriteString(w.secretsOf(secrets.String(), optionalSecrets))
	if text.Len() == 0 {
		return "{}"
	}
	return "{\n" + text.String() + "}"
}

// secretsOf are the secrets of a step: those that are needed, and as comments those
// that are not.
func (w *scaffolding) secretsOf(needed string, optional []connectapi.Field) string {
	begin, indent := "", "# "
	switch {
	case needed != "":
		w.secrets = true
	case len(optional) > 0:
		w.optionalSecrets = true
		begin, indent = "# ", "#   "
	default:
		return ""
	}
	var text strings.Builder
	text.WriteString(begin + "secrets_wo = {\n" + needed)
	for _, field := range optional {
		fmt.Fprintf(&text, "%s%s = var.… # Optional. %s\n", indent, Key(field.Key), describe(field))
	}
	text.WriteString(begin + "}\n")
	return text.String()
}

// references says what the texts of an action can refer to, if it has any.
func (w *scaffolding) references(i int) string {
	isText := func(f connectapi.Field) bool { return !f.Dynamic && len(f.Choices) == 0 && !wire.LooksSecret(f.Key) }
	if !slices.ContainsFunc(w.Steps[i].Event.Fields, isText) {
		return ""
	}
	var keys []string
	for _, earlier := range w.Steps[:i] {
		if len(earlier.Event.Outputs) == 0 {
			return "# Texts can use values of earlier steps as {{key}}. Once the connect is tested,\n" +
				"# `appypie fields --connect NAME --samples` lists the keys.\n"
		}
		for _, output := range earlier.Event.Outputs {
			if key := "{{" + OneLine(output.Key) + "}}"; !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	more := ""
	if len(keys) > maxReferences {
		keys, more = keys[:maxReferences], ", …"
	}
	return "# Texts can use values of earlier steps: " + strings.Join(keys, ", ") + more + "\n"
}

func (w *scaffolding) account(s ScaffoldStep) string {
	switch {
	case s.Account != nil:
		comment := ""
		if len(s.Others) > 0 {
			comment = "Also connected: " + strings.Join(s.Others, ", ") + "."
		}
		return w.lookups.Account(s.App.ID, s.Account.ID, comment)
	case s.App.AuthType != "":
		return w.lookups.OnlyAccount(s.App.ID, fmt.Sprintf("No account of %s is connected yet: `appypie accounts connect %q` connects one.", s.App.Name, s.App.Name))
	}
	return ""
}

// neededOf are the keys that need a value: what is required, and what the choices
// of that depend on.
func neededOf(fields []connectapi.Field) map[string]bool {
	needed := map[string]bool{}
	for range fields {
		for _, field := range fields {
			if !field.Required && !needed[field.Key] {
				continue
			}
			needed[field.Key] = true
			for _, parent := range field.DependsOn {
				needed[parent] = true
			}
		}
	}
	return needed
}

// value is the expression for an option that a person has to fill in. A selection
// of the account is chosen by its label; what others depend on is said once.
func (w *scaffolding) value(i int, field connectapi.Field, account string, values map[string]string) string {
	s := w.Steps[i]
	isParent := slices.ContainsFunc(s.Event.Fields, func(f connectapi.Field) bool { return slices.Contains(f.DependsOn, field.Key) })
	if !field.Dynamic && !isParent {
		return "\"\" " + Mark
	}
	stepName := "trigger"
	if i > 0 {
		stepName = "action"
		if len(w.Steps) > 2 { //nolint:mnd // a trigger and one action.
			stepName = fmt.Sprintf("action_%d", i)
		}
	}
	local := w.names.Pick("local", stepName+" "+field.Key, stepName)
	w.locals.WriteString("# " + OneLine(s.App.Name+": "+s.Event.Name+": "+describe(field)) + "\n")
	choices := shownChoices(field, s.Choices[field.Key])
	if field.Dynamic && choices == "" {
		choices = w.command(s, field)
	}
	if choices != "" {
		w.locals.WriteString("# " + choices + "\n")
	}
	fmt.Fprintf(&w.locals, "%s = \"\" %s\n", local, Mark)
	if !field.Dynamic || !distinct(s.Choices[field.Key]) {
		return "local." + local
	}
	return fmt.Sprintf("%s.by_label[local.%s]", w.dropdown(i, field, account, local, values), local)
}

// command is what shows the choices of a selection.
func (w *scaffolding) command(s ScaffoldStep, field connectapi.Field) string {
	words := []string{"appypie fields", w.Match.ID}
	if s.Account != nil {
		words = append(words, "--account", s.Account.ID)
	}
	for _, parent := range field.DependsOn {
		words = append(words, "--option", parent+"=LABEL")
	}
	return "`" + strings.Join(words, " ") + "` shows the choices."
}

// dropdown writes the look-up of a selection's choices.
func (w *scaffolding) dropdown(i int, field connectapi.Field, account, label string, values map[string]string) string {
	if w.dropdowns.Len() > 0 {
		w.dropdowns.WriteString("\n")
	}
	fmt.Fprintf(&w.dropdowns, "data \"appypie_dropdown_options\" %q {\n", label)
	if i == 0 {
		fmt.Fprintf(&w.dropdowns, "trigger_id = %s.trigger.trigger_id\n", w.match)
	} else {
		fmt.Fprintf(&w.dropdowns, "action_id = %s.actions[%d].action_id\n", w.match, i-1)
	}
	if account != "" {
		w.dropdowns.WriteString("account_id = " + account + "\n")
	}
	fmt.Fprintf(&w.dropdowns, "key = %s\n", Quote(field.Key))
	var parents []string
	for _, parent := range field.DependsOn {
		if values[parent] != "" {
			parents = append(parents, Key(parent)+" = "+values[parent])
		}
	}
	if len(parents) > 0 {
		w.dropdowns.WriteString("values = { " + strings.Join(parents, ", ") + " }\n")
	}
	w.dropdowns.WriteString("}\n")
	return "data.appypie_dropdown_options." + label
}

// secret declares a variable for a secret, and returns its name.
func (w *scaffolding) secret(field connectapi.Field) string {
	name := w.names.Pick("variable", field.Key, "secret")
	if w.variables.Len() > 0 {
		w.variables.WriteString("\n")
	}
	fmt.Fprintf(&w.variables, "variable %q {\ndescription = %s\ntype = string\nsensitive = true\nephemeral = true\n}\n", name, Quote(describe(field)))
	return name
}

// describe is what an option is for.
func describe(field connectapi.Field) string {
	text := OneLine(field.Label)
	if text == "" {
		text = field.Key
	}
	text = strings.TrimSuffix(text, ".") + "."
	if help := OneLine(field.HelpText); help != "" {
		text += " " + help
	}
	return text
}

// about are the comments above a required option.
func about(field connectapi.Field, choices []connectapi.Choice) string {
	text := "# " + describe(field) + "\n"
	if shown := shownChoices(field, choices); shown != "" && !field.Dynamic {
		text += "# " + shown + "\n"
	}
	return text
}

// maxChoices bounds how many choices a comment names.
const maxChoices = 20

// shownChoices names the choices of an option: the values of a static selection,
// and the labels of one of the account.
func shownChoices(field connectapi.Field, choices []connectapi.Choice) string {
	switch {
	case field.Dynamic && len(choices) > 0 && distinct(choices):
		var labels []string
		for _, choice := range choices {
			labels = append(labels, Quote(OneLine(choice.Label)))
		}
		return bounded(labels)
	case field.Dynamic:
		return strings.TrimSpace(oneOf(choices))
	}
	return strings.TrimSpace(oneOf(field.Choices))
}

// oneOf names values, with their labels where these say something else.
func oneOf(choices []connectapi.Choice) string {
	var values []string
	for _, choice := range choices {
		value := Quote(OneLine(choice.Value))
		if choice.Label != "" && choice.Label != choice.Value {
			value += " (" + OneLine(choice.Label) + ")"
		}
		values = append(values, value)
	}
	if len(values) == 0 {
		return ""
	}
	return " " + bounded(values)
}

func bounded(choices []string) string {
	more := ""
	if len(choices) > maxChoices {
		more = fmt.Sprintf(", and %d more", len(choices)-maxChoices)
		choices = choices[:maxChoices]
	}
	return "One of: " + strings.Join(choices, ", ") + more + "."
}

// distinct reports whether each label is that of one value, so that it can be
// looked up.
func distinct(choices []connectapi.Choice) bool {
	seen := map[string]bool{}
	for _, choice := range choices {
		if seen[choice.Label] || choice.Label == "" || choice.Label != OneLine(choice.Label) {
			return false
		}
		seen[choice.Label] = true
	}
	return true
}
