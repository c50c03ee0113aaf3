package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

func newProfilesCommand(m machine) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "profiles",
		Short: "List the stored logins",
		Long: "profiles lists the logins in the token store with their profiles and whether each works. It uses no\n" +
			"token and makes no request. It prints no secrets.",
		Example: "  appypie profiles\n  appypie profiles --json",
		Args:    cobra.NoArgs,
		RunE: withSettings(m, nil, func(cmd *cobra.Command, _ []string, s settings) error {
			return listProfiles(cmd, s, asJSON)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return explainCommand(cmd, "the logins are listed, if there are any", "the token store cannot be read", loginVariables())
}

func listProfiles(cmd *cobra.Command, s settings, asJSON bool) error {
	stored, err := auth.StoredLogins(s.lineageOnly())
	if err != nil {
		return fmt.Errorf("list the logins: %w", err)
	}
	rows, views, now := [][]string{{"PROFILE", "HEALTH", "ACCESS TOKEN", "CLIENT", "TOKEN ENDPOINT"}}, []statusJSON{}, time.Now()
	for _, each := range stored {
		status, err := auth.Inspect(cmd.Context(), s.loginOf(each))
		if err != nil {
			status.Health, status.Problem, status.Source.Profile = auth.HealthProblem, err, each.Profile
		}
		rows = append(rows, []string{each.Profile, string(status.Health), expiryText(status, now), status.ClientID, status.TokenURL})
		views = append(views, viewOf(status))
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), views)
	}
	next := "`appypie status --profile NAME` shows one in full, and `appypie login --profile NAME` makes another."
	if len(stored) == 0 {
		next = "There is no login yet; `appypie login` makes one."
	} else if err := printTable(cmd.OutOrStdout(), rows...); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "Next:", next)
	return nil
}

// loginOf are the settings with which a stored login is used: its own client, and
// the secret of the environment if that is this client's.
func (s settings) loginOf(stored auth.Stored) auth.Config {
	cfg := s.lineageOnly()
	if cfg.ClientID != stored.ClientID {
		cfg.ClientSecret, cfg.ClientAuth = "", ""
	}
	cfg.RefreshToken, cfg.Profile, cfg.ClientID, cfg.TokenURL = "", stored.Profile, stored.ClientID, stored.TokenURL
	return cfg
}

// storedProfiles are the profiles of the stored logins, as far as they can be told.
func storedProfiles(cmd *cobra.Command, m machine) []string {
	s, err := readSettings(cmd, m, "")
	if err != nil {
		return nil
	}
	defer s.closeIdle()
	stored, err := auth.StoredLogins(s.lineageOnly())
	if err != nil {
		return nil
	}
	var names []string
	for _, each := range stored {
		names = append(names, each.Profile)
	}
	return names
}

// knowProfiles has every command with --profile complete the profiles, and name the
// one that is meant when there is no login for the one that was given.
func knowProfiles(cmd *cobra.Command, m machine) {
	for _, child := range cmd.Commands() {
		knowProfiles(child, m)
	}
	if cmd.Flags().Lookup("profile") == nil {
		return
	}
	complete(cmd, "profile", func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return storedProfiles(cmd, m), cobra.ShellCompDirectiveNoFileComp
	})
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := run(cmd, args)
		if problem, ok := errors.AsType[*auth.Error](err); ok && errors.Is(problem, auth.ErrLoginRequired) {
			return suggestProfile(err, problem.Profile, storedProfiles(cmd, m))
		}
		return err
	}
}

// suggestProfile adds to an error the profile that is meant, if one is.
func suggestProfile(err error, wanted string, known []string) error {
	if meant := didYouMean(wanted, known); meant != "" && !slices.Contains(known, wanted) {
		return fmt.Errorf("%w%s", err, meant)
	}
	return err
}
