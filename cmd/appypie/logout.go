package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

func newLogoutCommand(m machine) *cobra.Command {
	var profile string
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Forget a login",
		Long: "logout removes the tokens and the client of a login from the token store. The API has no call to end a\n" +
			"login, so access tokens that were issued work until they expire.",
		Example: "  appypie logout --profile work",
		Args:    cobra.NoArgs,
		RunE: withSettings(m, &profile, func(cmd *cobra.Command, _ []string, s settings) error {
			existed, err := auth.Logout(cmd.Context(), s.lineageOnly())
			if err != nil {
				return fmt.Errorf("log out: %w", err)
			}
			if existed {
				return say(cmd, "Logged out of profile %q.\n", s.auth.Profile)
			}
			return say(cmd, "There was no login for profile %q%s\n", s.auth.Profile, cmp.Or(didYouMean(s.auth.Profile, storedProfiles(cmd, m)), "."))
		}),
	}
	addProfileFlag(cmd, &profile)
	return explainCommand(cmd, "the profile has no login now", "the login could not be removed", loginVariables())
}
