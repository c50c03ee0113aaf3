package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

func newTokenCommand(m machine) *cobra.Command {
	var profile string
	var raw bool
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a valid access token",
		Long: "token prints an access token of the login, renewed first when it is due, as\n" +
			`{"access_token": "…", "expires_at": 1767225600}, which is what the provider's token_command reads.` + "\n" +
			"It takes part in the same lock as the provider, so both can run at once. Whoever reads its\n" +
			"output can use the account until the token ends. APPYPIE_ACCESS_TOKEN and APPYPIE_TOKEN_COMMAND\n" +
			"are ignored: the token is always one of the stored login or of APPYPIE_REFRESH_TOKEN.",
		Example: "  appypie token --profile work\n" +
			"  curl -H \"Authorization: Bearer $(appypie token --raw)\" https://developer.appypie.com/api/v2/integrations/me",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := readSettings(cmd, m, profile)
			if err != nil {
				return err
			}
			defer s.closeIdle()
			return printToken(cmd.Context(), cmd, s.lineageOnly(), raw)
		},
	}
	addProfileFlag(cmd, &profile)
	cmd.Flags().BoolVar(&raw, "raw", false, "print the token alone instead of JSON")
	return cmd
}

func printToken(ctx context.Context, cmd *cobra.Command, cfg auth.Config, raw bool) error {
	source, err := auth.New(cfg)
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	token, err := source.Token(ctx)
	if err != nil {
		return fmt.Errorf("get an access token: %w", err)
	}
	text := []byte(token.AccessToken)
	if !raw {
		out := struct {
			AccessToken string `json:"access_token"`
			ExpiresAt   *int64 `json:"expires_at"`
		}{AccessToken: token.AccessToken}
		if !token.ExpiresAt.IsZero() {
			seconds := token.ExpiresAt.Unix()
			out.ExpiresAt = &seconds
		}
		if text, err = json.Marshal(out); err != nil {
			return fmt.Errorf("encode the token: %w", err)
		}
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text); err != nil {
		return fmt.Errorf("print the token: %w", err)
	}
	return nil
}
