package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newAccountsCommand(m machine) *cobra.Command {
	var flags readFlags
	var apps []string
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "List connected accounts, and connect more",
		Long: "accounts lists the connected accounts that the steps of connects can use. The service lists the accounts\n" +
			"of one app at a time, so this asks for each app in turn; --app limits it to some apps.\n\n" +
			"`appypie accounts connect APP` connects another account.",
		Example: "  appypie accounts\n  appypie accounts --app \"Google Sheets\" --app hubspot --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.run(cmd, m, func(l *lookup) error { return l.listAccounts(apps) })
		},
	}
	flags.addWithJSON(cmd)
	cmd.Flags().StringArrayVar(&apps, "app", nil, "only accounts of this `APP`, by its id, slug or name (repeatable)")
	withoutFiles(cmd, "app")
	cmd.AddCommand(newAccountsConnectCommand(m))
	return explainLookup(cmd, "the accounts are listed", "the accounts could not be read, or an app is unknown")
}

// listAccounts lists the accounts of some apps, or of all that need one.
func (l *lookup) listAccounts(wanted []string) error {
	apps, err := l.apps()
	if err != nil {
		return err
	}
	if len(wanted) > 0 {
		apps = nil
	}
	for _, each := range wanted {
		app, err := l.app(each)
		if err != nil {
			return err
		}
		apps = append(apps, app)
	}
	apps = filter(apps, func(app connectapi.App) bool { return app.AuthType != "" })
	rows, views := [][]string{{"NAME", "APP", "STATUS", "ID"}}, []accountJSON{}
	for i, app := range apps {
		l.waiting("Asking for accounts: app %d of %d", i+1, len(apps))
		accounts, err := l.accountsOf(app.ID)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			views = append(views, accountJSON{ID: account.ID, Name: account.Name, Status: account.Status, AppID: app.ID, AppName: app.Name})
			rows = append(rows, []string{account.Name, app.Name, account.Status, account.ID})
		}
	}
	if l.asJSON {
		return l.json(views)
	}
	if len(views) > 0 {
		if err := l.table(rows...); err != nil {
			return err
		}
	}
	l.next("`appypie accounts connect APP` connects another account; a configuration finds one by its name with the data source appypie_connected_account.")
	return nil
}

// accountsOf lists the accounts of an app. The service is only assumed to heed the
// filter.
func (l *lookup) accountsOf(appID string) ([]connectapi.ConnectedAccount, error) {
	accounts, err := l.client.ConnectedAccountsOfApp(l, appID)
	if err != nil {
		return nil, fmt.Errorf("list the accounts of %s: %w", l.appName(appID), err)
	}
	return filter(accounts, func(a connectapi.ConnectedAccount) bool { return a.AppID == appID }), nil
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
		Long: "connect opens the page where you let Connect use your account of the app, and prints the id to use as\n" +
			"account_id in a trigger or an action. APP is the id, slug or name of the app.",
		Example: "  appypie accounts connect slack\n  appypie accounts connect \"Google Sheets\" --no-browser\n" +
			"  appypie accounts connect hubspot --json",
		Args:    cobra.ExactArgs(1),
		PreRunE: func(*cobra.Command, []string) error { return checkWaiting(flags.port, flags.timeout) },
		RunE: withClient(m, &flags.profile, func(cmd *cobra.Command, args []string, _ settings, client *connectapi.Client) error {
			apps, err := client.Apps(cmd.Context(), "")
			if err != nil {
				return fmt.Errorf("list the apps: %w", err)
			}
			app, err := appFinder().one(apps, args[0])
			if err != nil {
				return err
			}
			return connectAccount(cmd.Context(), cmd, client, app, newBrowsing(cmd.Context(), cmd, m, flags.noBrowser), flags)
		}),
	}
	addProfileFlag(cmd, &flags.profile)
	addDialectFlag(cmd, &flags.dialect)
	f := cmd.Flags()
	f.BoolVar(&flags.noBrowser, "no-browser", false, "print the link instead of opening it, and read the address that the browser ends at")
	f.IntVar(&flags.port, "port", 0, "`PORT` that the browser is sent back to; 0 picks a free one")
	f.DurationVar(&flags.timeout, "timeout", waitDefault, "how long to wait for the browser")
	f.BoolVar(&flags.asJSON, "json", false, "print JSON")
	withoutFiles(cmd, "port", "timeout")
	return explainCommand(cmd, "the account is connected, or the app needs none", "no account was connected, or its id is unknown",
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
			return errcode.Errorf(errcode.AppNeedsNoAccount, "%s needs no connected account", app.Name)
		}
		return say(cmd, "%s needs no connected account.\n", app.Name)
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
		return fmt.Errorf("the account was connected, but its id could not be read: %w; `appypie accounts --app %q` lists it", err, app.Name)
	}
	if account.AppID != "" && account.AppID != app.ID {
		return errcode.Errorf(errcode.WrongAccount, "the browser connected an account of another app (%s)", account.AppID)
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
			return "", errcode.Errorf(errcode.BrowserRefused, "access was denied in the browser")
		}
		return "", errcode.Errorf(errcode.BrowserRefused, "the account page refused with %s", foreign(reason, query.Get("t")))
	}
	token := query.Get("t")
	if token == "" {
		return "", &strangerError{"the browser came back without the token t"}
	}
	return token, nil
}

// say prints the outcome of a command.
func say(cmd *cobra.Command, format string, args ...any) error {
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), format, args...); err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	return nil
}
