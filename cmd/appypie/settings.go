package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// variablePrefix begins the name of each variable. The names are those of the
// provider's settings.
const variablePrefix = "APPYPIE_"

// settings is what the environment and the shared flags say.
type settings struct {
	auth        auth.Config
	platformKey auth.PlatformKeyConfig
	apiURL      string
	// dialectFile is the path of the user's dialect, or empty; endpoints lies over it.
	dialectFile string
	endpoints   map[string]string
	// faults are all variables that cannot be read.
	faults []fault
}

// proxySetting is the name of a fault that no variable of ours has.
const proxySetting = "proxy"

// fault is a variable that cannot be used, and why.
type fault struct {
	name string
	err  error
}

// addProfileFlag adds the flag that every command about a login has.
func addProfileFlag(cmd *cobra.Command, profile *string) {
	cmd.Flags().StringVar(profile, "profile", "", "`NAME` of the login to use (default: APPYPIE_PROFILE, else \""+auth.DefaultProfile+"\")")
}

// addDialectFlag adds the flag of every command that calls the API.
func addDialectFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "dialect", "", "`FILE` that says how the service differs from what is assumed (default: APPYPIE_DIALECT)")
}

// withSettings is the frame of a command that reads the settings: they end with it.
// Without a profile flag profile is nil.
func withSettings(m machine, profile *string, do func(*cobra.Command, []string, settings) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		named := ""
		if profile != nil {
			named = *profile
		}
		s, err := readSettings(cmd, m, named)
		if err != nil {
			return err
		}
		defer s.closeIdle()
		return do(cmd, args, s)
	}
}

// withClient is withSettings for a command that calls the API.
func withClient(m machine, profile *string, do func(*cobra.Command, []string, settings, *connectapi.Client) error) func(*cobra.Command, []string) error {
	return withSettings(m, profile, func(cmd *cobra.Command, args []string, s settings) error {
		client, err := s.client()
		if err != nil {
			return err
		}
		return do(cmd, args, s, client)
	})
}

// readSettings reads all that the provider would read from the environment, so
// that a command means the same login as Terraform does. A profile from a flag
// wins over the variable.
func readSettings(cmd *cobra.Command, m machine, profile string) (settings, error) {
	r := reader{getenv: m.getenv}
	s := settings{
		auth: auth.Config{
			AccessToken:          r.text("ACCESS_TOKEN"),
			AccessTokenExpiresAt: r.moment("ACCESS_TOKEN_EXPIRES_AT"),
			TokenCommand:         r.words("TOKEN_COMMAND"),
			ClientID:             r.text("CLIENT_ID"),
			ClientSecret:         r.text("CLIENT_SECRET"),
			RefreshToken:         r.text("REFRESH_TOKEN"),
			ClientAuth:           auth.ClientAuth(r.text("CLIENT_AUTH")),
			TokenURL:             r.text("TOKEN_URL"),
			Profile:              r.text("PROFILE"),
			Store: auth.StoreConfig{
				Type:          r.text("TOKEN_STORE_TYPE"),
				Path:          r.text("TOKEN_STORE_PATH"),
				GetCommand:    r.words("TOKEN_STORE_GET_COMMAND"),
				PutCommand:    r.words("TOKEN_STORE_PUT_COMMAND"),
				EncryptionKey: r.text("TOKEN_STORE_KEY"),
			},
			Clock:  m.clock,
			Logger: logTo(cmd.ErrOrStderr()),
		},
		platformKey: auth.PlatformKeyConfig{
			TokenKey: r.text("TOKEN_KEY"), SecretKey: r.text("SECRET_KEY"), URL: r.text("PLATFORM_KEY_URL"),
		},
		apiURL:      r.text("API_URL"),
		dialectFile: r.text("DIALECT"),
		endpoints:   r.object("ENDPOINTS"),
	}
	if flag := cmd.Flags().Lookup("dialect"); flag != nil && flag.Changed {
		s.dialectFile = flag.Value.String()
	}
	if profile != "" {
		s.auth.Profile = profile
	}
	if s.auth.Profile == "" {
		s.auth.Profile = auth.DefaultProfile
	}
	client, err := connectapi.NewHTTPClient(connectapi.TransportConfig{
		CAFile: r.text("CA_CERTIFICATE_FILE"), UserAgent: "appypie/" + version,
	})
	if err != nil {
		r.faults = append(r.faults, fault{"CA_CERTIFICATE_FILE", errcode.Errorf(errcode.VariableMalformed, "%sCA_CERTIFICATE_FILE: %w", variablePrefix, err)})
	}
	s.auth.HTTPClient, s.platformKey.HTTPClient = client, client
	if err := wire.CheckProxy(m.getenv); err != nil {
		r.faults = append(r.faults, fault{proxySetting, errcode.Errorf(errcode.VariableMalformed, "%w", err)})
	}
	if s.faults = r.faults; len(s.faults) > 0 {
		return s, s.faults[0].err
	}
	return s, nil
}

// lineageOnly leaves out the sources that a login has nothing to do with. For
// `appypie token` this also breaks the circle of a token_command that is itself.
func (s settings) lineageOnly() auth.Config {
	cfg := s.auth
	cfg.AccessToken, cfg.AccessTokenExpiresAt, cfg.TokenCommand = "", time.Time{}, nil
	return cfg
}

// dialect is what the service looks like: the default, the user's file, endpoints
// and what else is to lie over them. The error joins all faults.
func (s settings) dialect(over ...dialect.Source) (*dialect.Dialect, error) {
	var sources []dialect.Source
	if s.dialectFile != "" {
		text, err := os.ReadFile(s.dialectFile)
		if err != nil {
			return nil, errcode.Errorf(errcode.VariableMalformed, "the dialect: %w", err)
		}
		sources = append(sources, dialect.File(s.dialectFile, text))
	}
	return dialect.Load(append(append(sources, dialect.Endpoints(s.endpoints)), over...)...)
}

// config configures an API client with the credentials that the provider would use.
func (s settings) config() (connectapi.Config, error) {
	cfg := connectapi.Config{BaseURL: s.apiURL, HTTPClient: s.auth.HTTPClient, Retry: connectapi.RetryPolicy{Max: connectapi.DefaultMaxRetries}}
	var err error
	if cfg.Dialect, err = s.dialect(); err != nil {
		return cfg, err
	}
	if cfg.Tokens, err = auth.New(s.auth); err != nil {
		return cfg, fmt.Errorf("credentials: %w", err)
	}
	if s.platformKey.TokenKey != "" || s.platformKey.SecretKey != "" {
		if cfg.PlatformKeys, err = auth.NewPlatformKey(s.platformKey); err != nil {
			return cfg, fmt.Errorf("credentials: %w", err)
		}
	}
	return cfg, nil
}

// client returns an API client as the provider would use it.
func (s settings) client() (*connectapi.Client, error) {
	cfg, err := s.config()
	if err != nil {
		return nil, err
	}
	return clientOf(cfg)
}

func clientOf(cfg connectapi.Config) (*connectapi.Client, error) {
	client, err := connectapi.New(cfg)
	if err != nil {
		return nil, errcode.Errorf(errcode.VariableMalformed, "%sAPI_URL: %w", variablePrefix, err)
	}
	return client, nil
}

// closeIdle ends connections that nobody will use again.
func (s settings) closeIdle() { closeIdle(s.auth.HTTPClient) }

func closeIdle(client *http.Client) {
	if client != nil {
		client.CloseIdleConnections()
	}
}

// reader reads variables and keeps what cannot be read.
type reader struct {
	getenv func(string) string
	faults []fault
}

func (r *reader) text(name string) string { return r.getenv(variablePrefix + name) }

func (r *reader) fail(name, must string) {
	r.faults = append(r.faults, fault{name, errcode.Errorf(errcode.VariableMalformed, "%s%s must be %s", variablePrefix, name, must)})
}

// words reads a JSON list, or words separated by spaces.
func (r *reader) words(name string) []string {
	raw := r.text(name)
	if !strings.HasPrefix(raw, "[") {
		return strings.Fields(raw)
	}
	var list []string
	if json.Unmarshal([]byte(raw), &list) != nil {
		r.fail(name, "a JSON list of strings, or words separated by spaces")
	}
	return list
}

func (r *reader) moment(name string) time.Time {
	raw := r.text(name)
	if raw == "" {
		return time.Time{}
	}
	if seconds, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	at, err := time.Parse(time.RFC3339, raw)
	if err != nil {
		r.fail(name, "a time such as 2026-11-22T10:00:00Z, or Unix seconds")
	}
	return at
}

func (r *reader) object(name string) map[string]string {
	raw := r.text(name)
	if raw == "" {
		return nil
	}
	var object map[string]string
	if json.Unmarshal([]byte(raw), &object) != nil {
		r.fail(name, "a JSON object of strings")
	}
	return object
}

// logTo shows what a person who waits wants to know. The fields hold nothing
// secret.
func logTo(out io.Writer) auth.LogFunc {
	return func(_ context.Context, level slog.Level, message string, fields map[string]any) {
		if level < slog.LevelInfo {
			return
		}
		var details []string
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			details = append(details, fmt.Sprintf("%s: %v", name, fields[name]))
		}
		if len(details) > 0 {
			message += " (" + strings.Join(details, ", ") + ")"
		}
		_, _ = fmt.Fprintln(out, message)
	}
}
