package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// loginFlags are the flags of login.
type loginFlags struct {
	profile, clientID, secretFile  string
	authorizeURL, tokenURL, scope  string
	redirectURL                    string
	port                           int
	noBrowser, storeSecret, noPKCE bool
	timeout                        time.Duration
}

func newLoginCommand(m machine) *cobra.Command {
	var flags loginFlags
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Log in once, in a browser",
		Long: "login opens the authorization page in your browser and stores the login in the token store, where\n" +
			"Terraform and the other commands find it by its profile. It replaces an earlier login of the same\n" +
			"profile.\n\n" +
			"The client id comes from --client-id, else from APPYPIE_CLIENT_ID, else from the earlier login of the\n" +
			"profile. The client secret comes from --client-secret-file, else from APPYPIE_CLIENT_SECRET, else login\n" +
			"asks for it. It cannot be given on the command line, because other users of the machine could read it\n" +
			"there.\n\n" +
			"The browser is sent back to http://127.0.0.1:PORT" + callbackPath + ". A client that allows only one address needs\n" +
			"--port or --redirect-url. On a machine without a browser, use --no-browser: it prints the link, and you\n" +
			"paste the address that the browser ends at.",
		Example: "  appypie login --client-id 5f0c… --store-client-secret\n" +
			"  appypie login --profile work --client-secret-file secret.txt --no-browser",
		Args: cobra.NoArgs,
		RunE: withSettings(m, &flags.profile, func(cmd *cobra.Command, _ []string, s settings) error {
			return logIn(cmd.Context(), cmd, m, s, flags)
		}),
	}
	addProfileFlag(cmd, &flags.profile)
	f := cmd.Flags()
	f.StringVar(&flags.clientID, "client-id", "", "`ID` of the OAuth client (default: APPYPIE_CLIENT_ID, else that of the profile's earlier login)")
	f.StringVar(&flags.secretFile, "client-secret-file", "", "`FILE` with the secret of the OAuth client")
	f.BoolVar(&flags.storeSecret, "store-client-secret", false, "store the client secret with the tokens, so that Terraform needs only the profile")
	f.StringVar(&flags.authorizeURL, "authorize-url", "", "`URL` of the authorization page (default: APPYPIE_AUTHORIZE_URL, else "+authorizePath+" on the host of the token endpoint)")
	f.StringVar(&flags.tokenURL, "token-url", "", "`URL` of the token endpoint (default: APPYPIE_TOKEN_URL, else that of the profile's earlier login, else "+auth.DefaultTokenURL+")")
	f.StringVar(&flags.scope, "scope", "*", "`SCOPES` to ask for, separated by spaces")
	f.IntVar(&flags.port, "port", 0, "`PORT` that the browser is sent back to; 0 picks a free one")
	f.StringVar(&flags.redirectURL, "redirect-url", "", "`URL` that the browser is sent back to, for a client that allows no other; one that is not on this machine needs --no-browser")
	f.BoolVar(&flags.noBrowser, "no-browser", false, "print the link instead of opening it, and read the address that the browser ends at")
	f.BoolVar(&flags.noPKCE, "no-pkce", false, "leave out the code challenge (PKCE), for a server that fails on it without saying so")
	f.DurationVar(&flags.timeout, "timeout", waitDefault, "how long to wait for the browser")
	withoutFiles(cmd, "client-id", "authorize-url", "token-url", "scope", "port", "redirect-url", "timeout")
	return explainCommand(cmd, "the login is stored", "there is no new login: nobody allowed it in time, the service refused it, or it could not be stored",
		loginVariables(), pageVariables(), networkVariables(), terminalVariables())
}

// logIn prepares all that can fail without a person, then asks the person.
func logIn(ctx context.Context, cmd *cobra.Command, m machine, s settings, flags loginFlags) error {
	page, err := completeLogin(ctx, cmd, m, &s, flags)
	if err != nil {
		return err
	}
	cfg := s.lineageOnly()
	cfg.RefreshToken = ""
	before, err := auth.InspectStore(ctx, cfg)
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	if before.Health == auth.HealthProblem {
		return fmt.Errorf("the login could not be kept: %w", before.Problem)
	}
	back, err := openCallback(ctx, flags)
	if err != nil {
		return err
	}
	defer back.close(ctx)
	attempt := authorization{page: page, clientID: cfg.ClientID, scope: flags.scope, redirect: back.url.String()}
	browser := newBrowsing(ctx, cmd, m, flags.noBrowser)

	status, err := authorize(ctx, cfg, attempt.renew(!flags.noPKCE), back, browser, flags)
	if errors.Is(err, errPKCERefused) {
		_, _ = fmt.Fprintln(browser.notices, "The server does not accept PKCE. The login starts again without it.")
		status, err = authorize(ctx, cfg, attempt.renew(false), back, browser, flags)
	}
	if err != nil {
		return err
	}
	if err := printLogin(cmd.OutOrStdout(), s, status, before.Generation > 0, flags.storeSecret); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(browser.notices, "Next: `appypie scaffold TRIGGER-APP ACTION-APP` writes the configuration of a connect; `appypie apps` lists the apps.")
	return nil
}

// openCallback opens the address that the browser is sent back to. Nothing
// listens at one that is on another machine: it can only be pasted.
func openCallback(ctx context.Context, flags loginFlags) (*callback, error) {
	if flags.redirectURL == "" {
		return listenForCallback(ctx, flags.port, url.URL{Path: callbackPath})
	}
	u, err := url.Parse(flags.redirectURL)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, usage("--redirect-url must be an http or https address without user, query and fragment")
	}
	if flags.port != 0 {
		return nil, usageNext("Leave `--port` out.", "--redirect-url names its port itself")
	}
	if port, err := strconv.Atoi(u.Port()); err == nil && u.Scheme == "http" && wire.IsLoopback(u.Hostname()) {
		return listenForCallback(ctx, port, *u)
	}
	if !flags.noBrowser {
		return nil, usageNext("Add `--no-browser`.", "--redirect-url is not an http address with a port of this machine, so the address the browser ends at must be pasted")
	}
	return newCallback(u), nil
}

// authorize is one attempt: the browser goes away, comes back, and its code is
// exchanged. Only the time in the browser is bounded by the timeout.
func authorize(ctx context.Context, cfg auth.Config, attempt authorization, back *callback, browser *browsing, flags loginFlags) (auth.Status, error) {
	if err := browser.show(ctx, attempt.link(), "and allow access"); err != nil {
		return auth.Status{}, err
	}
	code, err := browser.wait(ctx, back, attempt.code, flags.timeout)
	if err != nil {
		return auth.Status{}, fmt.Errorf("log in: %w", err)
	}
	status, err := auth.Login(ctx, cfg, auth.Grant{
		Code: code, RedirectURI: attempt.redirect, CodeVerifier: attempt.verifier, StoreClientSecret: flags.storeSecret,
	})
	if attempt.verifier != "" && errors.Is(err, auth.ErrEndpoint) && mentionsPKCE(err.Error()) {
		return auth.Status{}, errPKCERefused
	}
	if err != nil {
		return auth.Status{}, fmt.Errorf("log in: %w", err)
	}
	return status, nil
}

// completeLogin adds the flags to the settings and returns the authorization page.
func completeLogin(ctx context.Context, cmd *cobra.Command, m machine, s *settings, flags loginFlags) (string, error) {
	if err := checkWaiting(flags.port, flags.timeout); err != nil {
		return "", err
	}
	if flags.clientID != "" {
		s.auth.ClientID = flags.clientID
	}
	if flags.tokenURL != "" {
		s.auth.TokenURL = flags.tokenURL
	}
	s.auth = s.recalled(ctx)
	if s.auth.ClientID == "" {
		return "", usageNext("Give `--client-id`, or set `APPYPIE_CLIENT_ID`.", "the client id is missing, and profile %q has no login that knows it", s.auth.Profile)
	}
	if s.auth.TokenURL == "" {
		s.auth.TokenURL = auth.DefaultTokenURL
	}
	page, err := authorizePage(m, s.auth.TokenURL, flags.authorizeURL)
	if err != nil {
		return "", err
	}
	s.auth.ClientSecret, err = clientSecret(ctx, cmd, m, s.auth.ClientSecret, flags.secretFile)
	return page, err
}

// recalled completes the client and its token endpoint by the login that the
// profile has, so that logging in again needs the secret only. What the person
// names stands, and what is wrong with the store is told when it is used.
func (s settings) recalled(ctx context.Context) auth.Config {
	completed, cfg := s.auth, s.lineageOnly()
	cfg.RefreshToken, cfg.ClientSecret = "", ""
	if known, err := auth.Inspect(ctx, cfg); err == nil && known.ClientID != "" {
		completed.ClientID, completed.ClientAuth, completed.TokenURL = known.ClientID, known.ClientAuth, known.TokenURL
	}
	return completed
}

// authorizePage is on the token endpoint's host unless told otherwise: a login
// must not send one service's client to another.
func authorizePage(m machine, tokenURL, flag string) (string, error) {
	if err := wire.CheckURL(tokenURL); err != nil {
		return "", usage("the token endpoint cannot be used: %w", err)
	}
	page := flag
	if page == "" {
		page = m.getenv(variablePrefix + "AUTHORIZE_URL")
	}
	if page == "" {
		u, err := url.Parse(tokenURL)
		if err != nil {
			return "", usage("the token endpoint is not a URL")
		}
		return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: authorizePath}).String(), nil
	}
	if err := wire.CheckURL(page); err != nil {
		return "", usage("the authorization page cannot be used: %w", err)
	}
	return page, nil
}

// clientSecret takes the secret from the file, the environment or the person.
func clientSecret(ctx context.Context, cmd *cobra.Command, m machine, configured, file string) (string, error) {
	if file != "" {
		text, err := os.ReadFile(file) //nolint:gosec // the person names the file.
		if err != nil {
			return "", fmt.Errorf("read the client secret: %w", err)
		}
		if configured = strings.TrimSpace(string(text)); configured == "" {
			return "", fmt.Errorf("the file %s holds no client secret", file)
		}
	}
	if configured != "" {
		return configured, nil
	}
	secret, err := m.askSecret(ctx, cmd.InOrStdin(), cmd.ErrOrStderr(), "Client secret (not shown): ")
	if errors.Is(err, errNoTerminal) || err == nil && secret == "" {
		return "", usageNext("Give `--client-secret-file`, set `APPYPIE_CLIENT_SECRET`, or type it at a terminal.", "the client secret is missing")
	}
	if err != nil {
		return "", fmt.Errorf("ask for the client secret: %w", err)
	}
	return strings.TrimSpace(secret), nil
}

// printLogin says what there is now and how to use it.
func printLogin(out io.Writer, s settings, status auth.Status, replaced, secretStored bool) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Logged in as profile %q. The tokens are stored in %s and renewed automatically.\n", s.auth.Profile, status.Source.Store)
	if replaced {
		text.WriteString("The earlier login of this profile is replaced.\n")
	}
	fmt.Fprintf(&text, "\nIn Terraform:\n\nprovider \"appypie\" {\n  profile = %q\n", s.auth.Profile)
	if s.apiURL != "" {
		fmt.Fprintf(&text, "  api_url = %q\n", s.apiURL)
	}
	if s.auth.Store.Path != "" && s.auth.Store.Type != auth.StoreCommand {
		fmt.Fprintf(&text, "  token_store = { path = %q }\n", s.auth.Store.Path)
	}
	fmt.Fprintf(&text, "}\n\nor in the environment:\n\nexport APPYPIE_PROFILE=%s\n", s.auth.Profile)
	if s.auth.Store.Type == auth.StoreCommand {
		text.WriteString("\nThe token store is a command: Terraform needs the same APPYPIE_TOKEN_STORE_* variables and APPYPIE_CLIENT_ID.\n")
	}
	if s.auth.Store.EncryptionKey != "" {
		text.WriteString("\nThe token store is encrypted: Terraform needs the same APPYPIE_TOKEN_STORE_KEY.\n")
	}
	if !secretStored {
		fmt.Fprintf(&text, "\nThe client secret is not stored, and renewing the access token needs it. Wherever Terraform runs, set\n"+
			"APPYPIE_CLIENT_ID=%s and APPYPIE_CLIENT_SECRET. Or log in again with --store-client-secret.\n", s.auth.ClientID)
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	return nil
}
