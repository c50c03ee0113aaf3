package auth

import (
	"fmt"
	"regexp"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// minEncryptionKey is the shortest key that is accepted. A key is meant to be
// generated, not remembered.
const minEncryptionKey = 16

// profilePattern keeps profile names fit for a command line and a file name.
var profilePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// New returns the first source that the configuration sets. It does no I/O:
// nothing is read, spent or asked before the first call of Token. Its errors are
// *ConfigError.
func New(cfg Config) (Source, error) {
	return newSource(cfg, osEnvironment())
}

func newSource(cfg Config, env environment) (Source, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	switch {
	case cfg.AccessToken != "":
		return newStaticSource(cfg), nil
	case len(cfg.TokenCommand) > 0:
		return newCommandSource(cfg), nil
	default:
		return newRefreshSource(cfg, env), nil
	}
}

func (c Config) validate() error {
	switch c.ClientAuth {
	case "", ClientAuthBody, ClientAuthHeader:
	default:
		return &ConfigError{"client_auth", "unknown value", `client_auth must be "body" or "header"`}
	}
	if c.Profile != "" && !profilePattern.MatchString(c.Profile) {
		return &ConfigError{"profile", "invalid profile name", "a profile is up to 64 letters, digits, dots, underscores and hyphens and starts with a letter or digit"}
	}
	if c.TokenURL != "" {
		if err := validateURL("token_url", c.TokenURL); err != nil {
			return err
		}
	}
	if err := validateStore(c.Store); err != nil {
		return err
	}
	return validateSources(c)
}

// validateSources checks what the source that wins needs.
func validateSources(c Config) error {
	if c.AccessToken != "" {
		return nil
	}
	if !c.AccessTokenExpiresAt.IsZero() {
		return &ConfigError{"access_token_expires_at", "no access token", "access_token_expires_at is the end of access_token, which is not set; set both or neither"}
	}
	if len(c.TokenCommand) > 0 {
		return validateArgv("token_command", c.TokenCommand)
	}
	return validateLogin(c)
}

func validateLogin(c Config) error {
	switch {
	case c.Store.Type == StoreNone && c.RefreshToken != "":
		return &ConfigError{
			"token_store", "a refresh token needs a store",
			`a refresh replaces the refresh token, and with type = "none" the new one would be lost; use a "file" or ` +
				`"command" store, or set access_token or token_command instead of refresh_token`,
		}
	case c.Store.Type == StoreNone:
		return &ConfigError{"token_store", "no credentials", `with type = "none" there is no login to use; set access_token or token_command`}
	case c.ClientID == "" && c.RefreshToken != "":
		return &ConfigError{"client_id", "client id is missing", "refresh_token can only be used with client_id and client_secret; set client_id"}
	case c.ClientID == "" && c.ClientSecret != "":
		return &ConfigError{"client_id", "client id is missing", "client_secret is set without client_id; set both or neither"}
	case c.ClientSecret == "" && c.RefreshToken != "":
		return &ConfigError{"client_secret", "client secret is missing", "refresh_token can only be used with client_id and client_secret; set client_secret"}
	case c.ClientID == "" && c.Store.Type == StoreCommand:
		return &ConfigError{"client_id", "client id is missing", `a token store of type "command" is addressed by client id; set client_id`}
	}
	return nil
}

// validateURL never quotes the value, which may hold credentials.
func validateURL(attribute, raw string) error {
	if err := wire.CheckURL(raw); err != nil {
		return &ConfigError{attribute, "unusable URL", err.Error()}
	}
	return nil
}

func validateStore(s StoreConfig) error {
	if s.EncryptionKey != "" && len(s.EncryptionKey) < minEncryptionKey {
		return &ConfigError{
			"token_store.encryption_key", "key is too short",
			fmt.Sprintf("at least %d characters are needed; generate one with: openssl rand -base64 32", minEncryptionKey),
		}
	}
	switch s.Type {
	case "", StoreFile, StoreNone:
		if len(s.GetCommand) > 0 {
			return &ConfigError{"token_store.get_command", "not used", `get_command needs type = "command"`}
		}
		if len(s.PutCommand) > 0 {
			return &ConfigError{"token_store.put_command", "not used", `put_command needs type = "command"`}
		}
		return nil
	case StoreCommand:
		if err := validateArgv("token_store.get_command", s.GetCommand); err != nil {
			return err
		}
		return validateArgv("token_store.put_command", s.PutCommand)
	default:
		return &ConfigError{"token_store.type", "unknown type", `the type must be "file", "command" or "none"`}
	}
}

func validateArgv(attribute string, argv []string) error {
	if len(argv) == 0 || argv[0] == "" {
		return &ConfigError{attribute, "no program", "the first element must name a program; the list is run as it is, not by a shell"}
	}
	return nil
}
