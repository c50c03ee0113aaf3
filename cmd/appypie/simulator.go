package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// closeWithin is how long running requests may take once the simulator is told
// to stop.
const closeWithin = 5 * time.Second

// simulatorFlags are the flags that are not simply fields of the configuration.
type simulatorFlags struct {
	addr      string
	readyFile string
	runFile   string
	env       bool
	detach    bool
	stop      bool
	masking   string
	editMode  string
	reuse     string
	paths     []string
	quirks    []string
	dialect   string
}

func newSimulatorCommand() *cobra.Command {
	var cfg simulator.Config
	var flags simulatorFlags
	cmd := &cobra.Command{
		Use:   "simulator",
		Short: "Run a Connect service on this machine",
		Long: "simulator serves the Connect API on a loopback address: authorization, tokens that rotate, a catalog of\n" +
			"apps, and connects that follow the editor's rules. The same --seed gives the same ids and tokens. It\n" +
			"prints a provider block to paste and runs until you stop it with Ctrl-C.\n\n" +
			"With --detach it runs in the background: the command returns once the service is ready, and --stop stops\n" +
			"it. One can run for each state file, and one without a state file.",
		Example: "  appypie simulator\n" +
			"  appypie simulator --detach             # in the background\n" +
			"  appypie simulator --stop               # stops that one\n" +
			"  appypie simulator --addr 127.0.0.1:0 --env\n" +
			"  appypie simulator --state connects.json --latency 20ms",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case flags.detach && flags.stop:
				return usageNext("Give one of them.", "--detach starts a simulator and --stop ends one")
			case flags.detach:
				return detach(cmd, cfg.StateFile, flags)
			case flags.stop:
				return stopBackground(cmd.Context(), cmd.ErrOrStderr(), cfg.StateFile)
			}
			return runSimulator(cmd.Context(), cmd.OutOrStdout(), cfg, flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.addr, "addr", "127.0.0.1:8787", "loopback `ADDRESS` to listen on; port 0 takes a free one")
	f.Uint64Var(&cfg.Seed, "seed", 1, "decides every id, credential and token")
	f.StringVar(&cfg.StateFile, "state", "", "`FILE` that keeps the service's content across restarts (default: memory only)")
	f.DurationVar(&cfg.Latency, "latency", 0, "added to every API and token request")
	f.DurationVar(&cfg.TestDuration, "test-duration", 0, "how long a test run takes")
	f.DurationVar(&cfg.PageDelay, "page-delay", 0, "added to every page of a listing")
	f.DurationVar(&cfg.Lag.Time, "lag", 0, "how long listings do not show a new connect")
	f.IntVar(&cfg.Lag.Listings, "lag-listings", 0, "how many listings do not show a new connect")
	f.IntVar(&cfg.Lag.Requests, "lag-requests", 0, "how many requests that name a new connect answer 404")
	f.IntVar(&cfg.PageLimit, "page-limit", simulator.DefaultPageLimit, "most entries on a page")
	f.Float64Var(&cfg.RequestsPerSecond, "requests-per-second", 0, "rate limit of the API; 0 is none")
	f.DurationVar(&cfg.AccessTokenLife, "access-token-life", simulator.DefaultAccessTokenLife, "how long an access token is valid")
	addChoice(cmd, &flags.masking, "masking", "how secret options are read",
		string(simulator.MaskingMask), string(simulator.MaskingOmit), string(simulator.MaskingEcho))
	addChoice(cmd, &flags.editMode, "edit-mode", "what an edit does to options it does not mention",
		string(simulator.EditReplace), string(simulator.EditMerge))
	addChoice(cmd, &flags.reuse, "reuse", "what a spent refresh token does",
		string(simulator.ReuseRevokesFamily), string(simulator.ReuseRefused), string(simulator.ReuseAllowed))
	addChoice(cmd, &flags.dialect, "dialect", "how the API looks: as the contract, as procedures, or as resources",
		string(simulator.DialectContract), string(simulator.DialectRPC), string(simulator.DialectREST))
	f.BoolVar(&cfg.RequireOffToEdit, "require-off-to-edit", false, "refuse to edit, rename or delete a connect that is ON")
	f.BoolVar(&cfg.RequireTestToTurnOn, "require-test-to-turn-on", false, "refuse to turn on without a successful test")
	f.BoolVar(&cfg.PlatformKeyRequired, "require-platform-key", false, "refuse API calls without the ACCESSTOKEN header")
	f.BoolVar(&cfg.AutoAuthorize, "auto-authorize", false, "answer the authorization pages as if a person pressed Allow")
	f.StringArrayVar(&flags.paths, "paths", nil, "serve an `OPERATION` elsewhere, as in 'turn_on_connect=POST /x/{connectId}' (repeatable)")
	f.StringArrayVar(&flags.quirks, "quirk", nil, "differ from the contract in this `WAY`, such as no-total (repeatable; a wrong one lists all)")
	f.BoolVar(&flags.env, "env", false, "print shell export lines instead of a provider block")
	f.StringVar(&flags.readyFile, "ready-file", "", "write addresses and credentials to this JSON `FILE` once listening")
	f.BoolVar(&flags.detach, "detach", false, "run in the background and return when the service can be used")
	f.BoolVar(&flags.stop, "stop", false, "end the simulator that --detach started with the same --state")
	f.StringVar(&flags.runFile, runFileFlag, "", "set by --detach for the `FILE` of the simulator in the background")
	_ = f.MarkHidden(runFileFlag) // It exists.
	withoutFiles(cmd, "addr", "seed", "latency", "test-duration", "page-delay", "lag", "lag-listings", "lag-requests", "page-limit", "requests-per-second", "access-token-life")
	complete(cmd, "paths", completeOperations)
	complete(cmd, "quirk", completeQuirks)
	return explainCommand(cmd, "it was stopped; with --detach it is running, with --stop it has stopped", "it could not start, or --stop found none running")
}

// completeOperations offers the operations that --paths can move.
func completeOperations(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var offers []cobra.Completion
	for _, operation := range simulator.Operations() {
		offers = append(offers, operation+"=")
	}
	return offers, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// completeQuirks offers the ways in which the service can differ.
func completeQuirks(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var offers []cobra.Completion
	for _, q := range simulator.Quirks() {
		offers = append(offers, cobra.CompletionWithDesc(string(q), q.About()))
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}

// ready is what a client needs to know.
type ready struct {
	URL          string `json:"url"`
	APIURL       string `json:"api_url"`
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	RefreshToken string `json:"refresh_token"`
	TokenKey     string `json:"token_key"`
	SecretKey    string `json:"secret_key"`
}

// runSimulator serves until ctx ends.
func runSimulator(ctx context.Context, out io.Writer, cfg simulator.Config, flags simulatorFlags) error {
	cfg.Masking = simulator.Masking(flags.masking)
	cfg.EditMode = simulator.EditMode(flags.editMode)
	cfg.Reuse = simulator.ReusePolicy(flags.reuse)
	cfg.Dialect = simulator.Dialect(flags.dialect)
	paths, err := parsePaths(flags.paths)
	if err != nil {
		return err
	}
	cfg.Paths = paths
	for _, q := range flags.quirks {
		if !slices.Contains(simulator.Quirks(), simulator.Quirk(q)) {
			return usage("there is no quirk %q among %q%s", q, simulator.Quirks(), didYouMean(q, simulator.Quirks()))
		}
		cfg.Quirks = append(cfg.Quirks, simulator.Quirk(q))
	}
	if err := checkStateFile(cfg.StateFile); err != nil {
		return err
	}
	if flags.runFile != "" {
		leave, err := background{flags.runFile}.enter()
		if err != nil {
			return err
		}
		defer func() { _ = leave() }() // The end of the process does it too.
	}
	server, err := simulator.Start(ctx, cfg, flags.addr)
	if errors.Is(err, simulator.ErrConfig) {
		return usageNext("Read `appypie simulator --help`.", "%w", err)
	}
	if err != nil {
		return err
	}
	info := ready{
		URL: server.URL, APIURL: server.APIURL(), TokenURL: server.TokenURL(),
		ClientID: server.ClientID(), ClientSecret: server.ClientSecret(), RefreshToken: server.Login(),
		TokenKey: server.TokenKey(), SecretKey: server.SecretKey(),
	}
	if err := announce(out, info, flags); err != nil {
		return closing(ctx, server, err)
	}
	<-ctx.Done()
	return closing(ctx, server, nil)
}

// checkStateFile finds out before anything is announced that the state could not be
// saved.
func checkStateFile(path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	trial, err := os.CreateTemp(dir, ".appypie-*")
	if err == nil {
		err = errors.Join(trial.Close(), os.Remove(trial.Name()))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the state cannot be saved, because the folder %s does not exist: make it, or choose another --state", dir)
	case err != nil:
		return fmt.Errorf("the state cannot be saved in the folder %s; choose another --state: %w", dir, err)
	}
	return nil
}

// closing stops the server although ctx may have ended already.
func closing(ctx context.Context, server *simulator.Server, cause error) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	if err := server.Close(bounded); cause == nil {
		return err
	}
	return cause
}

func announce(out io.Writer, info ready, flags simulatorFlags) error {
	if flags.readyFile != "" {
		// That the file holds secrets is its purpose; only its owner may read it.
		encoded, err := json.MarshalIndent(info, "", "  ")
		if err != nil {
			return fmt.Errorf("encode the ready file: %w", err)
		}
		if err := simulator.WriteFileAtomically(flags.readyFile, append(encoded, '\n')); err != nil {
			return fmt.Errorf("write the ready file: %w", err)
		}
	}
	if flags.runFile != "" {
		return background{flags.runFile}.announce(info)
	}
	text := providerBlock(info, "Ctrl-C stops it")
	if flags.env {
		text = exports(info)
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("print the address: %w", err)
	}
	return nil
}

// providerBlock says where the simulator is and how to stop it.
func providerBlock(info ready, stopping string) string {
	return fmt.Sprintf(`Connect simulator on %s (open it in a browser to watch; %s)

provider "appypie" {
  api_url       = %q
  token_url     = %q
  client_id     = %q
  client_secret = %q
  refresh_token = %q
}
`, info.URL, stopping, info.APIURL, info.TokenURL, info.ClientID, info.ClientSecret, info.RefreshToken)
}

// exports prints nothing else than export lines, so that a shell can eval them.
// The values consist of characters that need no quoting.
func exports(info ready) string {
	var lines strings.Builder
	for _, pair := range [][2]string{
		{"APPYPIE_API_URL", info.APIURL},
		{"APPYPIE_TOKEN_URL", info.TokenURL},
		{"APPYPIE_CLIENT_ID", info.ClientID},
		{"APPYPIE_CLIENT_SECRET", info.ClientSecret},
		{"APPYPIE_REFRESH_TOKEN", info.RefreshToken},
	} {
		lines.WriteString("export " + pair[0] + "=" + pair[1] + "\n")
	}
	return lines.String()
}

// parsePaths reads operation=METHOD /path pairs.
func parsePaths(pairs []string) (map[string]string, error) {
	paths := map[string]string{}
	for _, pair := range pairs {
		operation, path, ok := strings.Cut(pair, "=")
		if !ok || operation == "" || path == "" {
			return nil, usage("--paths %q is not of the form operation=\"METHOD /path\"", pair)
		}
		if !slices.Contains(simulator.Operations(), operation) {
			return nil, usage("--paths: there is no operation %q%s", operation, didYouMean(operation, simulator.Operations()))
		}
		paths[operation] = strings.Trim(path, `"`)
	}
	return paths, nil
}
