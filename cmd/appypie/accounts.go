package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// maxSuggested bounds how many apps an error names.
const maxSuggested = 8

func newAccountsCommand(m machine) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "Connect accounts of apps",
		Long: "accounts is about the accounts of apps that connects use. The data source appypie_connected_accounts\n" +
			"lists those that there are.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAccountsConnectCommand(m))
	return cmd
}

// connectFlags are the flags of accounts connect.
type connectFlags struct {
	profile   string
	dialect   string
	noBrowser bool
	port      int
	timeout   time.Duration
	asJSON    bool
}

func newAccountsConnectCommand(m machine) *cobra.Command {
	var flags connectFlags
	cmd := &cobra.Command{
		Use:   "connect APP",
		Short: "Connect an account of an app, in a browser",
		Long: "connect opens the page at which a person lets Connect use an account of the app, and prints the id\n" +
			"of the connected account for the account_id of a trigger or an action. APP is the id, the slug or\n" +
			"the name of the app.",
		Example: "  appypie accounts connect slack\n  appypie accounts connect \"Google Sheets\" --no-browser\n" +
			"  appypie accounts connect hubspot --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.timeout <= 0 {
				return usage("--timeout must be longer than nothing, such as 5m")
			}
			if flags.port < 0 || flags.port > 65535 {
				return usage("--port must be a number from 0 to 65535")
			}
			s, err := readSettings(cmd, m, flags.profile)
			if err != nil {
				return err
			}
			defer s.closeIdle()
			client, err := s.client()
			if err != nil {
				return err
			}
			app, err := findApp(cmd.Context(), client, args[0])
			if err != nil {
				return err
			}
			return connectAccount(cmd.Context(), cmd, client, app, newBrowsing(cmd.Context(), cmd, m, flags.noBrowser), flags)
		},
	}
	addProfileFlag(cmd, &flags.profile)
	addDialectFlag(cmd, &flags.dialect)
	f := cmd.Flags()
	f.BoolVar(&flags.noBrowser, "no-browser", false, "print the link instead of opening it, and read the address that the browser ends at")
	f.IntVar(&flags.port, "port", 0, "`PORT` that the browser is sent back to; 0 takes a free one")
	f.DurationVar(&flags.timeout, "timeout", waitDefault, "how long to wait for the browser")
	f.BoolVar(&flags.asJSON, "json", false, "print JSON")
	withoutFiles(cmd, "port", "timeout")
	return explainCommand(cmd, "the account is connected, or the app needs none", "no account was connected, or its id is not known",
		sourceVariables(), loginVariables(), apiVariables(), networkVariables(), terminalVariables())
}

// accountJSON is the form for programs.
type accountJSON struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	AppID   string `json:"app_id"`
	AppName string `json:"app_name"`
}

// connectAccount asks for a link and waits for what the browser brings back.
func connectAccount(ctx context.Context, cmd *cobra.Command, client *connectapi.Client, app connectapi.App, browser *browsing, flags connectFlags) error {
	if app.AuthType == "" {
		if flags.asJSON {
			return errcode.Errorf(errcode.AppNeedsNoAccount, "%s needs no connected account: leave account_id out", app.Name)
		}
		return say(cmd, "%s needs no connected account: leave account_id out.\n", app.Name)
	}
	// The service is not known to hand a state back, so the secret that tells
	// this attempt from others is part of the path.
	back, err := listenForCallback(ctx, flags.port, url.URL{Path: callbackPath + "/" + rand.Text()})
	if err != nil {
		return err
	}
	defer back.close(ctx)
	link, err := client.AccountLink(ctx, app, back.url.String())
	if err != nil {
		return fmt.Errorf("ask for the link to connect an account of %s: %w", app.Name, err)
	}
	if err := browser.show(ctx, link, "and let Connect use your "+app.Name+" account"); err != nil {
		return err
	}
	token, err := browser.wait(ctx, back, callbackToken, flags.timeout)
	if err != nil {
		return fmt.Errorf("connect an account of %s: %w", app.Name, err)
	}
	account, err := client.ConnectedAccountByToken(ctx, token)
	if err != nil {
		return fmt.Errorf("the account was connected, but its id could not be read: %w; look it up with the data source appypie_connected_accounts", err)
	}
	if account.AppID != "" && account.AppID != app.ID {
		return errcode.Errorf(errcode.WrongAccount, "the browser connected an account of another app (%s); run the command again", account.AppID)
	}
	if flags.asJSON {
		return printJSON(cmd.OutOrStdout(), accountJSON{
			ID: account.ID, Name: account.Name, Status: account.Status, AppID: app.ID, AppName: app.Name,
		})
	}
	name := ""
	if account.Name != "" {
		name = " " + quoted(account.Name)
	}
	return say(cmd, "Connected the %s account%s. Its id, for a trigger or an action of this app:\n\n  account_id = %q\n", app.Name, name, account.ID)
}

// callbackToken reads what the account page sends the browser back with
// (documented: "connect-account" and "by-token").
func callbackToken(query url.Values) (string, error) {
	if reason := query.Get("error"); reason != "" {
		if reason == "access_denied" {
			return "", errcode.Errorf(errcode.BrowserRefused, "access was denied in the browser; run the command again and allow it")
		}
		return "", errcode.Errorf(errcode.BrowserRefused, "the account page refused with %s", foreign(reason, query.Get("t")))
	}
	token := query.Get("t")
	if token == "" {
		return "", &strangerError{"the browser came back without the token t"}
	}
	return token, nil
}

// findApp returns the only app that has the wanted id, slug or name. Ids and
// slugs go first, so that a name cannot hide them.
func findApp(ctx context.Context, client *connectapi.Client, wanted string) (connectapi.App, error) {
	apps, err := client.Apps(ctx, "")
	if err != nil {
		return connectapi.App{}, fmt.Errorf("list the apps: %w", err)
	}
	for _, matches := range []func(connectapi.App) bool{
		func(a connectapi.App) bool { return a.ID == wanted },
		func(a connectapi.App) bool { return a.SeoLink != "" && a.SeoLink == wanted },
		func(a connectapi.App) bool { return strings.EqualFold(a.Name, wanted) },
	} {
		switch found := filter(apps, matches); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return connectapi.App{}, errcode.Errorf(errcode.AppNotFound, "%d apps are called %s: %s; name one by its id", len(found), quoted(wanted), describeApps(found))
		}
	}
	near := filter(apps, func(a connectapi.App) bool {
		return wanted != "" && strings.Contains(strings.ToLower(a.Name+" "+a.SeoLink), strings.ToLower(wanted))
	})
	if len(near) > 0 {
		return connectapi.App{}, errcode.Errorf(errcode.AppNotFound, "no app has the id, slug or name %s; did you mean %s?", quoted(wanted), describeApps(near))
	}
	return connectapi.App{}, errcode.Errorf(errcode.AppNotFound, "none of the %d apps has the id, slug or name %s; the data source appypie_apps lists them", len(apps), quoted(wanted))
}

func filter(apps []connectapi.App, matches func(connectapi.App) bool) []connectapi.App {
	var found []connectapi.App
	for _, app := range apps {
		if matches(app) {
			found = append(found, app)
		}
	}
	return found
}

func describeApps(apps []connectapi.App) string {
	var parts []string
	for i, app := range apps {
		if i == maxSuggested {
			parts = append(parts, fmt.Sprintf("and %d more", len(apps)-maxSuggested))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%s, slug %s)", app.Name, app.ID, app.SeoLink))
	}
	return strings.Join(parts, ", ")
}

// say prints the outcome of a command.
func say(cmd *cobra.Command, format string, args ...any) error {
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), format, args...); err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	return nil
}
