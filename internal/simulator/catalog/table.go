package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The table types are what one stanza of a table says, before ids exist and names are resolved. Each keeps the place it was
// read at, because a name that leads nowhere is only found out when all tables are read.
type (
	table struct {
		categories []string
		apps       []*appRow
	}
	appRow struct {
		at, name, auth, about string
		categories            []string
		lists                 []listRow
		accounts              []accountRow
		triggers, actions     []*eventRow
	}
	listRow struct {
		name, parent string // parent is the label it belongs to, "" for every other
		choices      []Choice
	}
	accountRow struct{ name, status string }
	eventRow   struct {
		at, name, description string
		fields                []fieldRow
		gives, columns        []SampleDatum
		matches               []matchRow
	}
	fieldRow struct {
		Field
		list string // the list a dynamic select draws from
	}
	matchRow struct {
		at, title string
		actions   []string // each "App: Action"
	}
)

// reader reads tables line by line; app and event are the stanza that the next line belongs to.
type reader struct {
	table
	at    string
	app   *appRow
	event *eventRow
}

// readTable adds the lines of one file to the table. Its error names the file and the line.
func (r *reader) readTable(file, text string) error {
	r.app, r.event = nil, nil
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r.at = fmt.Sprintf("%s:%d", file, i+1)
		keyword, rest, _ := strings.Cut(line, " ")
		if err := r.readLine(keyword, strings.TrimSpace(rest)); err != nil {
			return fmt.Errorf("%s: %s: %w", r.at, keyword, err)
		}
	}
	return nil
}

func (r *reader) readLine(keyword, rest string) error {
	if rest == "" {
		return errors.New("the line says nothing after its keyword")
	}
	cells := split(rest, "|")
	switch keyword {
	case "category":
		if slices.ContainsFunc(r.categories, func(name string) bool { return slug(name) == slug(rest) }) {
			return fmt.Errorf("%q is there twice", rest)
		}
		r.categories = append(r.categories, rest)
		return nil
	case "app":
		return r.readApp(cells)
	case "about", "list", "account", "trigger", "action":
		if r.app == nil {
			return errors.New("stands before the first app of its file")
		}
		return r.readAppLine(keyword, rest, cells)
	case "field", "gives", "columns", "match":
		if r.event == nil {
			return errors.New("stands before the first trigger or action of its app")
		}
		return r.readEventLine(keyword, rest, cells)
	default:
		return errors.New("unknown keyword")
	}
}

func (r *reader) readApp(cells []string) error {
	if len(cells) != 3 {
		return errors.New("want: app NAME | AUTH | CATEGORY, …")
	}
	auth := cells[1]
	switch auth {
	case AuthOAuth2, AuthAPIKey, AuthBasic:
	case "none":
		auth = ""
	default:
		return fmt.Errorf("unknown way to authenticate %q: want %s, %s, %s or none", auth, AuthOAuth2, AuthAPIKey, AuthBasic)
	}
	r.app = &appRow{at: r.at, name: cells[0], auth: auth, categories: split(cells[2], ",")}
	r.event = nil
	r.apps = append(r.apps, r.app)
	return nil
}

func (r *reader) readAppLine(keyword, rest string, cells []string) error {
	if keyword == "about" {
		r.app.about = rest
		return nil
	}
	if keyword == "account" {
		name, status := cells[0], StatusActive
		if len(cells) > 1 {
			status = cells[1]
		}
		if status != StatusActive && status != StatusExpired {
			return fmt.Errorf("unknown status %q: want %s or %s", status, StatusActive, StatusExpired)
		}
		r.app.accounts = append(r.app.accounts, accountRow{name: name, status: status})
		return nil
	}
	if len(cells) != 2 {
		return errors.New("want two cells: a name and what it is")
	}
	switch keyword {
	case "list":
		name, parent, _ := strings.Cut(cells[0], " of ")
		r.app.lists = append(r.app.lists, listRow{name: name, parent: parent, choices: listed(cells[1])})
	case "trigger":
		r.event = &eventRow{at: r.at, name: cells[0], description: cells[1]}
		r.app.triggers = append(r.app.triggers, r.event)
	case "action":
		r.event = &eventRow{at: r.at, name: cells[0], description: cells[1]}
		r.app.actions = append(r.app.actions, r.event)
	}
	return nil
}

func (r *reader) readEventLine(keyword, rest string, cells []string) error {
	switch keyword {
	case "field":
		return r.readField(cells)
	case "match":
		steps := split(rest, ">")
		if len(steps) < 2 {
			return errors.New("want: match TITLE > APP: ACTION, once or more")
		}
		r.event.matches = append(r.event.matches, matchRow{at: r.at, title: steps[0], actions: steps[1:]})
		return nil
	}
	for _, datum := range split(rest, ";") {
		key, value, ok := strings.Cut(datum, "=")
		if !ok {
			return fmt.Errorf("want KEY=VALUE; …, got %q", datum)
		}
		if keyword == "gives" {
			r.event.gives = append(r.event.gives, SampleDatum{Key: key, Value: value, Label: labelOf(key)})
			continue
		}
		key, label := fmt.Sprintf("column%d", len(r.event.columns)+1), key
		r.event.columns = append(r.event.columns, SampleDatum{Key: key, Value: value, Label: label})
	}
	return nil
}

func (r *reader) readField(cells []string) error {
	if len(cells) < 2 || len(cells) > 3 {
		return errors.New("want: field KEY[*] | KIND | HELP")
	}
	key, required := strings.CutSuffix(cells[0], "*")
	row := fieldRow{Field: Field{Key: key, Label: labelOf(key), Type: TypeSelect, Required: required}}
	if len(cells) == 3 {
		row.HelpText = cells[2]
	}
	kind, rest, _ := strings.Cut(cells[1], " ")
	switch {
	case kind == "text" && rest == "":
		row.Type = TypeString
	case kind == "secret" && rest == "":
		row.Type, row.Secret = TypeString, true
	case kind == "select" && rest != "":
		row.Choices = choices(rest)
		if err := row.fillIn(); err != nil {
			return err
		}
	case kind == "from" && rest != "":
		list, parents, _ := strings.Cut(rest, " by ")
		row.list, row.Dynamic = list, true
		if parents != "" {
			row.DependsOn = split(parents, ",")
		}
	default:
		return fmt.Errorf("unknown kind %q: want text, secret, select A, B or from LIST [by KEY, …]", cells[1])
	}
	r.event.fields = append(r.event.fields, row)
	return nil
}

// fillIn takes the ! off the choice that the editor fills in.
func (f *fieldRow) fillIn() error {
	for i, choice := range f.Choices {
		value, filledIn := strings.CutSuffix(choice.Value, "!")
		if !filledIn {
			continue
		}
		if f.Default != "" {
			return errors.New("two choices are filled in: want ! behind one value at most")
		}
		if choice.Label == sentence(choice.Value) {
			f.Choices[i].Label = sentence(value)
		}
		f.Choices[i].Value, f.Default = value, value
	}
	return nil
}

// choices reads "a, b=Label B": each entry is the value, with its own label after the equals sign where the one made from the
// value would read badly.
func choices(text string) []Choice {
	entries := split(text, ",")
	all := make([]Choice, 0, len(entries))
	for _, entry := range entries {
		value, label, ok := strings.Cut(entry, "=")
		if !ok {
			label = sentence(value)
		}
		all = append(all, Choice{Label: label, Value: value})
	}
	return all
}

// listed reads the entries of a dynamic list: each is a label, or "value=Label" where the app uses values a person would know.
// A label alone leaves the value empty, to be made up as an opaque id.
func listed(text string) []Choice {
	entries := split(text, ",")
	all := make([]Choice, 0, len(entries))
	for _, entry := range entries {
		value, label, ok := strings.Cut(entry, "=")
		if !ok {
			value, label = "", entry
		}
		all = append(all, Choice{Label: label, Value: value})
	}
	return all
}

func split(text, separator string) []string {
	cells := strings.Split(text, separator)
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// labelOf turns an option key into the label a person sees: first_name becomes First Name.
func labelOf(key string) string {
	words := strings.Split(key, "_")
	for i, word := range words {
		switch word {
		case "url", "id", "api", "sku", "html", "cc", "bcc", "ip", "utm", "ssl", "sql":
			words[i] = strings.ToUpper(word)
		default:
			words[i] = upperFirst(word)
		}
	}
	return strings.Join(words, " ")
}

// sentence turns a choice's value into its label: in_progress becomes In progress.
func sentence(value string) string { return upperFirst(strings.ReplaceAll(value, "_", " ")) }

func upperFirst(word string) string {
	for i, first := range word {
		return string(unicode.ToUpper(first)) + word[i+len(string(first)):]
	}
	return word
}

// slug is the address form of a name: "Google Sheets" becomes google-sheets.
func slug(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}
