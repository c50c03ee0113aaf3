package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// fieldFlags are the flags of fields.
type fieldFlags struct {
	readFlags
	matchFlags

	accounts []string
	options  []string
	connect  string
	samples  bool
}

func newFieldsCommand(m machine) *cobra.Command {
	var flags fieldFlags
	cmd := &cobra.Command{
		Use:   "fields MATCH | fields TRIGGER-APP ACTION-APP | fields --connect CONNECT",
		Short: "Show the options of a popular match or of a connect",
		Long: "fields shows which options the trigger and the actions of a popular match have: their keys, which are\n" +
			"required, and what a selection offers. MATCH is the id or title of a popular match. Two apps are enough\n" +
			"if only one popular match joins them; otherwise choose with --trigger and --action.\n\n" +
			"Some choices come from a connected account, such as its spreadsheets: --account shows them. If they\n" +
			"depend on another option, give its value with --option.\n\n" +
			"--samples shows the values of earlier steps that options can use as {{key}}: with --connect those of the\n" +
			"connect's last test, otherwise those that the service lists for the trigger. It runs no test.",
		Example: "  appypie fields \"Call a webhook every hour\"\n" +
			"  appypie fields \"Google Sheets\" HubSpot --trigger \"New Spreadsheet Row\" --account sales@example.com\n" +
			"  appypie fields typeform webhooks --account marketing@example.com --json\n" +
			"  appypie fields --connect \"New leads to the CRM\" --samples",
		Args: func(cmd *cobra.Command, args []string) error {
			if flags.connect != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.RangeArgs(1, 2)(cmd, args) //nolint:mnd // a match, or two apps.
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := flags.check(args)
			if err != nil {
				return err
			}
			return flags.run(cmd, m, func(l *lookup) error { return l.showFields(args, flags, values) })
		},
	}
	flags.readFlags.addWithJSON(cmd)
	flags.matchFlags.add(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&flags.accounts, "account", nil, "show the choices of this `ACCOUNT`, by its id or name (repeatable)")
	f.StringArrayVar(&flags.options, "option", nil, "`KEY=VALUE` of an option that choices depend on; the label of a choice will do (repeatable)")
	f.StringVar(&flags.connect, "connect", "", "show the options of this `CONNECT`, by its id or name")
	f.BoolVar(&flags.samples, "samples", false, "show what options can refer to")
	withoutFiles(cmd, "account", "option", "connect")
	return explainLookup(cmd, "the options are shown", "no popular match or connect, or several are meant, an account is not known, or they could not be read")
}

// check reads the values of options.
func (f *fieldFlags) check(args []string) (map[string]string, error) {
	if err := f.matchFlags.check(args); err != nil {
		return nil, err
	}
	if f.connect != "" && (f.trigger != "" || len(f.matchFlags.actions) > 0) {
		return nil, usageNext("Leave them out with `--connect`.", "--trigger and --action choose among popular matches")
	}
	values := map[string]string{}
	for _, pair := range f.options {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage("--option %q is not of the form KEY=VALUE", pair)
		}
		values[key] = value
	}
	return values, nil
}

// fieldsJSON is the form for programs.
type fieldsJSON struct {
	PopularMatchID string `json:"popular_match_id"`
	Title          string `json:"title"`
	// ConnectID is the id of the connect that was asked for, or empty.
	ConnectID string     `json:"connect_id,omitempty"`
	Steps     []stepJSON `json:"steps"`
	// TestedAt is when the test began whose samples are shown; empty without one.
	TestedAt string `json:"tested_at,omitempty"`
}

type stepJSON struct {
	eventJSON

	// Kind is trigger or action.
	Kind   string      `json:"kind"`
	Fields []fieldJSON `json:"fields"`
	// Samples are there with --samples only.
	Samples []sampleJSON `json:"samples,omitempty"`
}

type fieldJSON struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Required bool   `json:"required"`
	Type     string `json:"type"`
	Help     string `json:"help"`
	// Dynamic choices are those of an account; Choices are those that are known.
	Dynamic   bool         `json:"dynamic"`
	DependsOn []string     `json:"depends_on"`
	Choices   []choiceJSON `json:"choices"`
	// Default is what the web editor fills in, or empty.
	Default string `json:"default"`
}

type choiceJSON struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func (l *lookup) showFields(args []string, flags fieldFlags, values map[string]string) error {
	m, connect, err := l.subject(args, flags)
	if err != nil {
		return err
	}
	accounts, err := l.accountsFor(m.steps(), flags.accounts)
	if err != nil {
		return err
	}
	view := fieldsJSON{PopularMatchID: m.ID, Title: m.Title}
	if connect != nil {
		view.ConnectID = connect.ID
	}
	for i, step := range m.steps() {
		shown := stepJSON{eventJSON: l.eventView(step.ref, step.event), Kind: string(step.kind), Fields: []fieldJSON{}}
		for _, field := range step.event.Fields {
			choices := field.Choices
			if field.Dynamic {
				if choices, err = l.choicesOf(step, field, accounts[i], values); err != nil {
					return err
				}
			}
			shown.Fields = append(shown.Fields, viewOfField(field, choices))
		}
		view.Steps = append(view.Steps, shown)
	}
	if flags.samples {
		if err := l.addSamples(&view, m, connect); err != nil {
			return err
		}
	}
	if l.asJSON {
		return l.json(view)
	}
	if err := printFields(l.cmd.OutOrStdout(), view); err != nil {
		return err
	}
	if flags.samples && !view.hasSamples() {
		l.next("No values that options can use are known: the service lists them only for some triggers and for connects that were tested.")
		return nil
	}
	if connect != nil {
		l.next("`appypie export %s` writes the connect as configuration.", connect.ID)
		return nil
	}
	l.next("`appypie scaffold %s` writes a configuration with these options.", m.ID)
	return nil
}

// step is the trigger or an action of a popular match.
type step struct {
	kind  connectapi.EventKind
	ref   connectapi.EventRef
	event connectapi.Event
}

// steps are the trigger and then the actions.
func (m match) steps() []step {
	all := []step{{connectapi.TriggerEvent, m.Trigger, m.trigger}}
	for i, action := range m.actions {
		all = append(all, step{connectapi.ActionEvent, m.PopularMatch.Actions[i], action})
	}
	return all
}

// accountsFor returns the account that each step uses among those that a person
// names; nil where none of them is of the step's app.
func (l *lookup) accountsFor(steps []step, wanted []string) ([]*connectapi.ConnectedAccount, error) {
	chosen := make([]*connectapi.ConnectedAccount, len(steps))
	if len(wanted) == 0 {
		return chosen, nil
	}
	of := make([][]connectapi.ConnectedAccount, len(steps))
	var all []connectapi.ConnectedAccount
	for i, s := range steps {
		var err error
		if of[i], err = l.accountsOf(s.ref.AppID); err != nil {
			return nil, err
		}
		all = append(all, of[i]...)
	}
	for _, each := range wanted {
		found := false
		for i := range steps {
			if account, err := l.accountFinder().one(of[i], each); err == nil {
				chosen[i], found = &account, true
			}
		}
		if !found {
			if _, err := l.accountFinder().one(all, each); err != nil {
				return nil, err
			}
			return nil, errcode.Errorf(errcode.NameUnclear, "several accounts are called %s: %s", quoted(each), l.accountFinder().list(all))
		}
	}
	return chosen, nil
}

func (l *lookup) accountFinder() finder[connectapi.ConnectedAccount] {
	return finder[connectapi.ConnectedAccount]{
		kind: "account of these apps", plural: "accounts of these apps", by: "id or name", code: errcode.NameUnclear,
		ids:  func(a connectapi.ConnectedAccount) []string { return []string{a.ID} },
		name: func(a connectapi.ConnectedAccount) string { return a.Name },
		describe: func(a connectapi.ConnectedAccount) string {
			return fmt.Sprintf("%q of %s (%s)", plain(a.Name), l.appName(a.AppID), a.ID)
		},
		more: "`appypie accounts` lists them, and `appypie accounts connect APP` connects one.",
	}
}

// choicesOf asks for the choices of a dynamic selection; none when they are those
// of an account that nobody named, or depend on a value that nobody gave.
func (l *lookup) choicesOf(s step, field connectapi.Field, account *connectapi.ConnectedAccount, values map[string]string) ([]connectapi.Choice, error) {
	query := connectapi.DropdownQuery{Key: field.Key, Values: map[string]string{}}
	for _, parent := range field.DependsOn {
		value, err := l.valueOf(s, parent, account, values)
		if value == "" || err != nil {
			return nil, err
		}
		query.Values[parent] = value
	}
	if account != nil {
		query.AccountID = account.ID
	} else if l.needsAccount(s.ref.AppID) {
		return nil, nil
	}
	query.TriggerID = s.event.ID
	if s.kind == connectapi.ActionEvent {
		query.TriggerID, query.ActionID = "", s.event.ID
	}
	choices, err := l.client.DropdownOptions(l, query)
	if err != nil {
		return nil, fmt.Errorf("ask for the choices of %s: %w", field.Key, err)
	}
	return choices, nil
}

// valueOf is the value of an option that choices depend on. A person knows choices
// by their labels.
func (l *lookup) valueOf(s step, key string, account *connectapi.ConnectedAccount, values map[string]string) (string, error) {
	given := values[key]
	if given == "" {
		return "", nil
	}
	for _, field := range s.event.Fields {
		if field.Key != key {
			continue
		}
		choices := field.Choices
		if field.Dynamic {
			var err error
			if choices, err = l.choicesOf(s, field, account, values); err != nil {
				return "", err
			}
		}
		for _, same := range []func(connectapi.Choice) bool{
			func(c connectapi.Choice) bool { return c.Value == given },
			func(c connectapi.Choice) bool { return strings.EqualFold(c.Label, given) },
		} {
			if found := filter(choices, same); len(found) == 1 {
				return found[0].Value, nil
			}
		}
	}
	return given, nil
}

func (l *lookup) needsAccount(appID string) bool {
	return slices.ContainsFunc(l.listed, func(app connectapi.App) bool { return app.ID == appID && app.AuthType != "" })
}

func viewOfField(field connectapi.Field, choices []connectapi.Choice) fieldJSON {
	view := fieldJSON{
		Key: field.Key, Label: field.Label, Required: field.Required, Type: field.Type, Help: field.HelpText,
		Dynamic: field.Dynamic, DependsOn: append([]string{}, field.DependsOn...), Choices: []choiceJSON{}, Default: field.Default,
	}
	for _, choice := range choices {
		view.Choices = append(view.Choices, choiceJSON{Value: choice.Value, Label: choice.Label})
	}
	return view
}

// printFields shows the steps one below the other. Where choices have ids for
// values, each is a line.
func printFields(out io.Writer, view fieldsJSON) error {
	if _, err := fmt.Fprintf(out, "%s (%s)\n", plain(view.Title), cmp.Or(view.ConnectID, view.PopularMatchID)); err != nil {
		return fmt.Errorf("print the fields: %w", err)
	}
	for i, s := range view.Steps {
		title := "Trigger"
		if i > 0 {
			title = fmt.Sprintf("Action %d", i)
		}
		rows := [][]string{{"KEY", "LABEL", "REQUIRED", "VALUE"}}
		for _, field := range s.Fields {
			required := map[bool]string{true: "yes", false: "no"}[field.Required]
			rows = append(rows, []string{field.Key, field.Label, required, field.value()})
		}
		if _, err := fmt.Fprintf(out, "\n%s: %s: %s\n", title, plain(s.App), plain(s.Event)); err != nil {
			return fmt.Errorf("print the fields: %w", err)
		}
		if len(s.Fields) == 0 {
			rows = [][]string{{"It has no options."}}
		}
		if err := printTable(out, rows...); err != nil {
			return err
		}
		if err := printSamples(out, s.Samples); err != nil {
			return err
		}
	}
	return nil
}

// value says what an option takes.
func (f fieldJSON) value() string {
	var parts []string
	for _, choice := range f.Choices {
		if choice.Label == "" || choice.Label == choice.Value {
			parts = append(parts, choice.Value)
		} else {
			parts = append(parts, fmt.Sprintf("%s (%s)", choice.Value, choice.Label))
		}
	}
	text := "text"
	switch {
	case len(parts) > 0:
		text = "one of: " + strings.Join(parts, ", ")
	case f.Dynamic && len(f.DependsOn) > 0:
		text = "a choice that depends on " + strings.Join(f.DependsOn, ", ") + " (give --option and --account)"
	case f.Dynamic:
		text = "a choice of the account (give --account)"
	}
	if f.Default != "" {
		text += " (the editor fills in " + f.Default + ")"
	}
	if f.Help != "" {
		text += ". " + f.Help
	}
	return text
}
