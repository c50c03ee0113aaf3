package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

func newTokenCommand(m machine) *cobra.Command {
	var profile string
	var form tokenForm
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a valid access token",
		Long: "token prints an access token of the login, renewed first if it is due, as {\"access_token\": \"…\",\n" +
			"\"expires_at\": 1767225600}: the form that the provider's token_command reads. It uses the same lock as\n" +
			"the provider, so both can run at once. Anyone who reads the output can use the account until the token\n" +
			"expires. APPYPIE_ACCESS_TOKEN and APPYPIE_TOKEN_COMMAND are ignored: the token always comes from the\n" +
			"stored login or from APPYPIE_REFRESH_TOKEN.",
		Example: "  appypie token --profile work\n" +
			"  appypie token --profile ci --min-life 45m\n" +
			"  curl -H \"Authorization: Bearer $(appypie token --raw)\" https://developer.appypie.com/api/v2/integrations/me",
		Args: cobra.NoArgs,
		RunE: withSettings(m, &profile, func(cmd *cobra.Command, _ []string, s settings) error {
			return printToken(cmd.Context(), cmd, s.lineageOnly(), form)
		}),
	}
	addProfileFlag(cmd, &profile)
	cmd.Flags().BoolVar(&form.raw, "raw", false, "print the token alone instead of JSON")
	cmd.Flags().DurationVar(&form.minLife, "min-life", 0, "renew a token that ends sooner than this; an error if tokens never last that long")
	withoutFiles(cmd, "min-life")
	return explainCommand(cmd, "the token is printed", "there is no token, and nothing is printed to standard output",
		append(loginVariables(), sourceVariables()[3]), networkVariables())
}

// tokenForm is which token is printed, and how.
type tokenForm struct {
	raw     bool
	minLife time.Duration
}

// lastingToken renews a token that is valid but ends too soon, once. Tokens that
// live shorter from the start are an error, for which none is spent.
func lastingToken(ctx context.Context, source auth.Source, clock wire.Clock, minLife time.Duration) (auth.Token, error) {
	for renewed := false; ; renewed = true {
		token, err := source.Token(ctx)
		if err != nil {
			return auth.Token{}, fmt.Errorf("get an access token: %w", err)
		}
		left := token.ExpiresAt.Sub(clock.Now().Add(token.Offset))
		if token.ExpiresAt.IsZero() || left >= minLife {
			return token, nil
		}
		if token.Life > 0 {
			left = token.Life
		}
		if renewed || token.Life > 0 && token.Life < minLife {
			return auth.Token{}, errcode.Errorf(errcode.TokenTooShort, "tokens last %s, less than --min-life %s", short(left.Truncate(time.Second)), short(minLife))
		}
		source.Reject(token.AccessToken)
	}
}

// short is a duration without its zeros, such as 3h.
func short(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-len(zero)+1]
		}
	}
	return text
}

func printToken(ctx context.Context, cmd *cobra.Command, cfg auth.Config, form tokenForm) error {
	source, err := auth.New(cfg)
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	var clock wire.Clock = wire.SystemClock{}
	if cfg.Clock != nil {
		clock = cfg.Clock
	}
	token, err := lastingToken(ctx, source, clock, form.minLife)
	if err != nil {
		return err
	}
	text := []byte(token.AccessToken)
	if !form.raw {
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
