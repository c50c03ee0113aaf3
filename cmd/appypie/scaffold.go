package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// scaffoldFlags are the flags of scaffold.
type scaffoldFlags struct {
	readFlags
	matchFlags

	accounts []string
}

func newScaffoldCommand(m machine) *cobra.Command {
	var flags scaffoldFlags
	cmd := &cobra.Command{
		Use:   "scaffold MATCH | scaffold TRIGGER-APP ACTION-APP",
		Short: "Write the configuration of a new connect",
		Long: "scaffold prints a whole configuration for a connect that joins two apps: look-ups by name, every\n" +
			"required option with its help and its choices, and variables for secrets. Values that only you know are\n" +
			"empty and marked FILL IN; the plan names those still missing. Optional options are written as comments.\n\n" +
			"MATCH is the id or title of a popular match. Two apps are enough if only one popular match joins them;\n" +
			"otherwise choose with --trigger and --action. If an app has several accounts, choose one with --account.",
		Example: "  appypie scaffold \"Google Sheets\" HubSpot --action \"Create Deal\" > main.tf\n" +
			"  appypie scaffold \"Call a webhook every hour\" > main.tf\n" +
			"  appypie scaffold stripe zendesk --account \"Stripe live\"",
		Args: cobra.RangeArgs(1, 2), //nolint:mnd // a match, or two apps.
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.check(args); err != nil {
				return err
			}
			return flags.run(cmd, m, func(l *lookup) error { return l.scaffold(args, flags) })
		},
	}
	flags.readFlags.add(cmd)
	flags.matchFlags.add(cmd)
	cmd.Flags().StringArrayVar(&flags.accounts, "account", nil, "use this `ACCOUNT`, by its id or name (repeatable)")
	withoutFiles(cmd, "account")
	return explainLookup(cmd, "the configuration is printed", "no popular match fits or several do, an account is unknown, or something could not be read")
}

func (l *lookup) scaffold(args []string, flags scaffoldFlags) error {
	m, err := l.chosen(args, flags.matchFlags)
	if err != nil {
		return err
	}
	named, err := l.accountsFor(m.steps(), flags.accounts)
	if err != nil {
		return err
	}
	s := tfwrite.Scaffold{Provider: l.settings.providerBlock(), Match: m.PopularMatch}
	s.Catalog = tfwrite.Catalog{Apps: l.listed, Accounts: map[string][]connectapi.ConnectedAccount{}}
	if s.Catalog.Matches, err = l.matchesOf(m.Trigger.AppID, m.PopularMatch.Actions[0].AppID); err != nil {
		return err
	}
	for i, step := range m.steps() {
		written, err := l.scaffoldStep(step, named[i], s.Catalog)
		if err != nil {
			return err
		}
		s.Steps = append(s.Steps, written)
	}
	text, toFill := s.Write()
	if _, err := l.cmd.OutOrStdout().Write(text); err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	what := "Save it as main.tf, then"
	if toFill > 0 {
		what = fmt.Sprintf("Save it as main.tf, fill in what is marked FILL IN (%d), then", toFill)
	}
	l.next("%s run `terraform init`, `terraform plan` and `terraform apply`.", what)
	return nil
}

// scaffoldStep chooses the account of a step: the one that was named, else the first
// that works. Choices that the service does not tell are left to the person.
func (l *lookup) scaffoldStep(step step, named *connectapi.ConnectedAccount, catalog tfwrite.Catalog) (tfwrite.ScaffoldStep, error) {
	written := tfwrite.ScaffoldStep{App: connectapi.App{ID: step.ref.AppID, Name: step.ref.AppID}, Event: step.event, Account: named, Choices: map[string][]connectapi.Choice{}}
	for _, app := range l.listed {
		if app.ID == step.ref.AppID {
			written.App = app
		}
	}
	if written.App.AuthType != "" {
		accounts, err := l.accountsOf(written.App.ID)
		if err != nil {
			return written, err
		}
		catalog.Accounts[written.App.ID] = accounts
		written.Account = firstWorking(accounts, named)
		for _, account := range accounts {
			if account.ID != written.Account.ID {
				written.Others = append(written.Others, account.Name)
			}
		}
	}
	for _, field := range step.event.Fields {
		if field.Dynamic && field.Required {
			if choices, err := l.choicesOf(step, field, written.Account, nil); err == nil {
				written.Choices[field.Key] = choices
			}
		}
	}
	return written, nil
}

// firstWorking is the account that was named, else the first that the service calls
// active, else the first; nil when there is none.
func firstWorking(accounts []connectapi.ConnectedAccount, named *connectapi.ConnectedAccount) *connectapi.ConnectedAccount {
	if named != nil || len(accounts) == 0 {
		return named
	}
	for i := range accounts {
		if strings.EqualFold(accounts[i].Status, "active") {
			return &accounts[i]
		}
	}
	return &accounts[0]
}

// providerBlock is what a configuration has to say to mean the same login and the
// same service as this command.
func (s settings) providerBlock() tfwrite.Provider {
	p := tfwrite.Provider{APIURL: s.apiURL, DialectFile: s.dialectFile}
	if s.auth.Profile != auth.DefaultProfile {
		p.Profile = s.auth.Profile
	}
	if s.auth.Store.Type != auth.StoreCommand {
		p.TokenStorePath = s.auth.Store.Path
	}
	return p
}
