package auth

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
)

// Grant is what the authorization page gave for a login.
type Grant struct {
	// Code is the authorization code. It can be used once.
	Code string
	// RedirectURI is the address that the code was sent to.
	RedirectURI string
	// CodeVerifier is the PKCE verifier; empty when none was announced.
	CodeVerifier string
	// StoreClientSecret keeps the client secret beside the tokens, so that a
	// configuration needs to name only the profile. Without it the secret is
	// never written and every run has to be given it.
	StoreClientSecret bool
}

// Login exchanges an authorization code and stores the pair as a new lineage
// under the configuration's token URL, client and profile. The store is proven
// writable before the code is spent. Access and refresh tokens of the
// configuration are ignored. Its errors are those of Source.Token.
func Login(ctx context.Context, cfg Config, grant Grant) (Status, error) {
	return loginWith(ctx, cfg, grant, osEnvironment())
}

func loginWith(ctx context.Context, cfg Config, grant Grant, env environment) (Status, error) {
	l, err := loginFor(cfg, grant, env)
	if err != nil {
		return Status{}, err
	}
	release, err := l.store.lock(ctx)
	if err != nil {
		return Status{}, err
	}
	defer release()
	stored, err := l.store.load(ctx)
	if err != nil {
		return Status{}, err
	}
	base := l.emptyLineage(stored)
	prepared, err := l.store.prepare(ctx, base)
	if err != nil {
		return Status{}, err
	}
	if err := ctx.Err(); err != nil {
		prepared.discard(ctx)
		return Status{}, err
	}
	ctx = context.WithoutCancel(ctx)
	answer, err := l.endpoint.exchangeCode(ctx, grant)
	if err != nil {
		prepared.discard(ctx)
		return Status{}, l.codeRefused(err)
	}
	fresh := base.succeed(answer, false)
	if err := prepared.commit(ctx, fresh); err != nil {
		return Status{}, err
	}
	if err := l.writeProfile(ctx, grant.StoreClientSecret); err != nil {
		return Status{}, err
	}
	return inspectWith(ctx, l.cfg, env, true)
}

// loginFor checks what a login needs and resolves it.
func loginFor(cfg Config, grant Grant, env environment) (*login, error) {
	cfg = cfg.loginOnly()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	switch {
	case cfg.ClientID == "":
		return nil, &ConfigError{"client_id", "client id is missing", "a login needs client_id and client_secret"}
	case cfg.ClientSecret == "":
		return nil, &ConfigError{"client_secret", "client secret is missing", "a login needs client_id and client_secret"}
	case grant.Code == "":
		return nil, newError(ErrLoginRequired, "there is no authorization code", nil)
	}
	cfg = cfg.withDefaults()
	if cfg.TokenURL == "" {
		cfg.TokenURL = DefaultTokenURL
	}
	return openLogin(cfg, env)
}

// emptyLineage is a lineage that replaces the stored one and remembers the
// refresh tokens of all before it.
func (l *login) emptyLineage(stored *record) *record {
	out := &record{
		Format: recordFormat, TokenURL: l.cfg.TokenURL, ClientID: l.cfg.ClientID, Profile: l.cfg.Profile,
		Origin: originLogin, StartedAt: l.cfg.Clock.Now().UTC(),
	}
	if stored != nil {
		out.Revision = stored.Revision
		out.Retired = slices.Concat(stored.Retired, stored.Lineage)
	}
	return out
}

func (l *login) codeRefused(err error) error {
	failed, ok := errors.AsType[*exchangeError](err)
	if !ok {
		return err
	}
	out := newError(ErrEndpoint, "the authorization code could not be exchanged", failed)
	out.Profile, out.Attribute = l.cfg.Profile, "token_url"
	switch {
	case failed.client:
		out.Kinds, out.Attribute = []error{ErrClientRejected}, "client_secret"
	case failed.outcome == outcomeInvalid:
		out.Kinds, out.Attribute = []error{ErrLoginRequired}, ""
		out.Summary += ", because it has ended, was used, or belongs to another redirect address"
	}
	return out
}

// writeProfile leaves what a configuration that names only the profile needs.
func (l *login) writeProfile(ctx context.Context, withSecret bool) error {
	p := profileFile{TokenURL: l.cfg.TokenURL, ClientID: l.cfg.ClientID, ClientAuth: l.cfg.ClientAuth}
	if withSecret {
		p.ClientSecret = l.cfg.ClientSecret
	}
	data, err := encodeProfile(p, l.cfg)
	if err != nil {
		return err
	}
	file, err := l.profileStore()
	if err != nil {
		return err
	}
	if err := file.replace(ctx, data); err != nil {
		return file.unwritable(err)
	}
	return nil
}

// profileStore is a file store that is addressed by the profile's name.
func (l *login) profileStore() (*fileStore, error) {
	dir, err := storeDir(l.cfg.Store, l.env)
	if err != nil {
		return nil, err
	}
	return &fileStore{dir: dir, key: profileAddress(l.cfg.Profile), profile: l.cfg.Profile, fs: l.env.fs, clock: l.cfg.Clock, log: l.cfg.Logger}, nil
}

// Logout forgets the tokens of a login and reports whether there were any. The
// fingerprints stay, so that an old refresh token in a configuration is not
// taken for a new login. The server is not told: the API has no call for that.
func Logout(ctx context.Context, cfg Config) (bool, error) {
	return logoutWith(ctx, cfg, osEnvironment())
}

func logoutWith(ctx context.Context, cfg Config, env environment) (bool, error) {
	cfg = cfg.loginOnly()
	if err := cfg.validate(); err != nil {
		return false, err
	}
	l, err := resolveLogin(cfg.withDefaults(), env)
	if errors.Is(err, ErrLoginRequired) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	release, err := l.store.lock(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	stored, err := l.store.load(ctx)
	if err != nil {
		return false, err
	}
	if stored != nil {
		if err := l.store.save(ctx, l.emptyLineage(stored)); err != nil {
			return false, err
		}
	}
	existed := stored != nil && (stored.RefreshToken != "" || stored.AccessToken != "")
	return existed, l.removeFiles()
}

// removeFiles removes the profile and an unfinished answer, which holds tokens.
func (l *login) removeFiles() error {
	dir, err := storeDir(l.cfg.Store, l.env)
	if err != nil {
		return err
	}
	key := storeKey(l.cfg.TokenURL, l.cfg.ClientID, l.cfg.Profile)
	for _, name := range []string{profileAddress(l.cfg.Profile) + recordSuffix, key + pendingSuffix, key + draftSuffix} {
		if err := l.env.fs.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return newError(ErrStoreUnwritable, "a file of the login could not be removed", err)
		}
	}
	return nil
}
