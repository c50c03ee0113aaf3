package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

func newStatusCommand(m machine) *cobra.Command {
	var profile string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show whether the login works",
		Long: "status shows where the provider gets its access tokens and whether that works. It uses no token, runs no\n" +
			"command and makes no request, so it cannot tell what a token_command or the commands of a token store\n" +
			"return. It prints no secrets.",
		Example: "  appypie status\n  appypie status --profile work --json",
		Args:    cobra.NoArgs,
		RunE: withSettings(m, &profile, func(cmd *cobra.Command, _ []string, s settings) error {
			status, err := auth.Inspect(cmd.Context(), s.auth)
			if err != nil {
				return fmt.Errorf("credentials: %w", err)
			}
			show := printStatus
			if asJSON {
				show = printStatusJSON
			}
			if err := show(cmd.OutOrStdout(), status, time.Now()); err != nil {
				return fmt.Errorf("print the status: %w", err)
			}
			return unusable(status)
		}),
	}
	addProfileFlag(cmd, &profile)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return explainCommand(cmd, "the provider will get a token, as far as can be told without a request", "it will not: log in, or fix what the message names",
		sourceVariables(), loginVariables())
}

// unusable is an error when only a person can make the login work again.
func unusable(status auth.Status) error {
	switch status.Health {
	case auth.HealthExpired, auth.HealthLoginRequired, auth.HealthProblem:
		return fmt.Errorf("no access token is available: %w", status.Problem)
	default:
		return nil
	}
}

// printStatus leaves out what is not known.
func printStatus(out io.Writer, status auth.Status, now time.Time) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			_, _ = fmt.Fprintf(table, "%s:\t%s\n", name, value)
		}
	}
	row("Profile", status.Source.Profile)
	row("Source", status.Source.Kind)
	row("Store", storeText(status))
	row("Client", status.ClientID)
	row("Token endpoint", status.TokenURL)
	row("Health", string(status.Health))
	row("Access token", expiryText(status, now))
	row("Refresh token", refreshText(status, now))
	row("Last refresh", momentText(status.LastRefresh, status.Age))
	if !status.StartedAt.IsZero() {
		row("Login began", fmt.Sprintf("%s (by %s, exchange number %d)", status.StartedAt.UTC().Format(time.RFC3339), status.Origin, status.Generation))
	}
	if status.ClockOffset != 0 {
		row("Clock", fmt.Sprintf("the server's is %s ahead of this machine's", status.ClockOffset))
	}
	if status.ClientID != "" {
		row("Client secret", map[bool]string{true: "known", false: "not known; a refresh needs it"}[status.ClientSecretKnown])
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func storeText(status auth.Status) string {
	if status.Encrypted {
		return status.Source.Store + " (encrypted)"
	}
	return status.Source.Store
}

func expiryText(status auth.Status, now time.Time) string {
	if status.ExpiresAt.IsZero() {
		return ""
	}
	left := status.ExpiresAt.Sub(now.Add(status.ClockOffset)).Truncate(time.Second)
	if left <= 0 {
		return "ended " + status.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("ends %s (in %s)", status.ExpiresAt.UTC().Format(time.RFC3339), left)
}

// refreshText warns while there is time to log in again.
func refreshText(status auth.Status, now time.Time) string {
	end := status.RefreshEndsAt
	switch left := end.Sub(now.Add(status.ClockOffset)).Truncate(time.Hour); {
	case end.IsZero():
		return ""
	case left <= 0:
		return "says that it ended " + end.UTC().Format(time.RFC3339)
	case left < auth.EndsSoon:
		return fmt.Sprintf("ends %s (in %s): run appypie login before", end.UTC().Format(time.RFC3339), left)
	default:
		return "ends " + end.UTC().Format(time.RFC3339)
	}
}

func momentText(at time.Time, age time.Duration) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s (%s ago)", at.UTC().Format(time.RFC3339), age.Truncate(time.Second))
}

// statusJSON is the form for programs. What is not known is null.
type statusJSON struct {
	Profile            string  `json:"profile"`
	Source             string  `json:"source"`
	Store              string  `json:"store"`
	Encrypted          bool    `json:"encrypted"`
	ClientID           *string `json:"client_id"`
	TokenURL           *string `json:"token_url"`
	Health             string  `json:"health"`
	Problem            *string `json:"problem"`
	ExpiresAt          *string `json:"expires_at"`
	RefreshEndsAt      *string `json:"refresh_ends_at"`
	LastRefresh        *string `json:"last_refresh"`
	AgeSeconds         *int64  `json:"age_seconds"`
	StartedAt          *string `json:"started_at"`
	Origin             *string `json:"origin"`
	Generation         int64   `json:"generation"`
	ClockOffsetSeconds int64   `json:"clock_offset_seconds"`
	ClientSecretKnown  bool    `json:"client_secret_known"`
}

// viewOf is a status as programs read it.
func viewOf(status auth.Status) statusJSON {
	moment := func(at time.Time) *string {
		if at.IsZero() {
			return nil
		}
		return new(at.UTC().Format(time.RFC3339))
	}
	view := statusJSON{
		Profile: status.Source.Profile, Source: status.Source.Kind, Store: status.Source.Store, Encrypted: status.Encrypted,
		Health: string(status.Health), ExpiresAt: moment(status.ExpiresAt), RefreshEndsAt: moment(status.RefreshEndsAt), LastRefresh: moment(status.LastRefresh),
		StartedAt: moment(status.StartedAt), Generation: status.Generation,
		ClockOffsetSeconds: int64(status.ClockOffset / time.Second), ClientSecretKnown: status.ClientSecretKnown,
	}
	if status.Problem != nil {
		view.Problem = new(inOneLine(status.Problem))
	}
	for _, known := range []struct {
		text string
		to   **string
	}{{status.ClientID, &view.ClientID}, {status.TokenURL, &view.TokenURL}, {status.Origin, &view.Origin}} {
		if known.text != "" {
			*known.to = &known.text
		}
	}
	if !status.LastRefresh.IsZero() {
		view.AgeSeconds = new(int64(status.Age / time.Second))
	}
	return view
}

func printStatusJSON(out io.Writer, status auth.Status, _ time.Time) error {
	return printJSON(out, viewOf(status))
}

// printJSON prints a value as programs read it. Links stay as they are.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}
