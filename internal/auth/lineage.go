package auth

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// claimPoll is how often the refresh of another machine is looked at.
const claimPoll = time.Second

// login is one resolved login: whose it is, where it is kept and how to refresh it.
type login struct {
	cfg      Config
	env      environment
	store    store
	endpoint *endpoint
}

// resolveLogin fills what the configuration leaves out from what "appypie
// login" wrote for the profile.
func resolveLogin(cfg Config, env environment) (*login, error) {
	if cfg.RefreshToken == "" {
		known, err := readProfile(cfg, env)
		if err != nil {
			return nil, err
		}
		cfg = known.fill(cfg)
	}
	if cfg.ClientID == "" {
		return nil, noLogin(cfg, env)
	}
	if cfg.TokenURL == "" {
		cfg.TokenURL = DefaultTokenURL
	}
	return openLogin(cfg, env)
}

func openLogin(cfg Config, env environment) (*login, error) {
	st, err := openStore(cfg, env)
	if err != nil {
		return nil, err
	}
	return &login{cfg: cfg, env: env, store: st, endpoint: newEndpoint(cfg)}, nil
}

func noLogin(cfg Config, env environment) error {
	dir, err := storeDir(cfg.Store, env)
	if err != nil {
		return err
	}
	return &Error{
		Kinds: []error{ErrLoginRequired}, Profile: cfg.Profile,
		Summary: fmt.Sprintf("no credentials are configured and there is no login for profile %q in %s", cfg.Profile, dir),
	}
}

// choose applies the rules of precedence between the configured seed and the
// stored lineage, and returns the record to go on from.
//
//   - A seed that the current lineage knows is an old one: the store goes on.
//   - A seed that nobody knows starts a lineage, unless the stored login has
//     worked and is not known to be dead. Such a login is a rival: it is never
//     replaced, because the seed may belong to another provider block and the
//     login would be lost. While its access token lasts that is an error. Once
//     it has ended the rival is refreshed: if the server accepts it, that is the
//     same error, and if the server refuses it, the seed takes over. So a token
//     that was rotated by hand replaces a login that is dead or was logged out,
//     and blocks that share a profile do not take it from each other.
//   - A seed of an earlier lineage is out of date. When "appypie login" came
//     after it, the store goes on; when another seed did, two configurations
//     disagree, perhaps about the account, and neither is followed.
func (l *login) choose(stored *record) (*record, error) {
	seed := l.cfg.RefreshToken
	switch {
	case seed == "" && stored == nil:
		return nil, l.loginRequired(nil, nil)
	case seed == "":
		return stored, nil
	case stored == nil:
		return l.newLineage(seed), nil
	}
	mark := fingerprint(seed)
	switch {
	case slices.Contains(stored.Lineage, mark), stored.Origin == originLogin && stored.knows(mark), l.rival(stored):
		return stored, nil
	case stored.knows(mark):
		return nil, l.superseded()
	}
	fresh := l.newLineage(seed)
	fresh.Revision = stored.Revision
	fresh.Retired = slices.Concat(stored.Retired, stored.Lineage)
	return fresh, nil
}

// rival reports whether the record is a login that the configured refresh token
// has nothing to do with, and that is not known to be dead.
func (l *login) rival(rec *record) bool {
	return l.cfg.RefreshToken != "" && rec.Generation > 0 && rec.RefreshToken != "" && !rec.dead() && !rec.knows(fingerprint(l.cfg.RefreshToken))
}

func (l *login) taken() error {
	out := newError(ErrProfileTaken,
		fmt.Sprintf("the configured refresh token does not belong to the login of profile %q in %s, and that login works", l.cfg.Profile, l.store.location()), nil)
	out.Attribute, out.Profile = "profile", l.cfg.Profile
	return out
}

func (l *login) newLineage(seed string) *record {
	return &record{
		Format: recordFormat, TokenURL: l.cfg.TokenURL, ClientID: l.cfg.ClientID, Profile: l.cfg.Profile,
		Origin: originSeed, StartedAt: l.cfg.Clock.Now().UTC(), RefreshToken: seed, Lineage: []string{fingerprint(seed)},
	}
}

func (l *login) superseded() error {
	out := newError(ErrSeedSuperseded,
		fmt.Sprintf("the configured refresh token belongs to an earlier login of profile %q than the one in %s", l.cfg.Profile, l.store.location()), nil)
	out.Attribute, out.Profile = "refresh_token", l.cfg.Profile
	return out
}

// canRefresh says early why the record cannot be refreshed, without spending
// anything.
func (l *login) canRefresh(base *record) error {
	switch {
	case base.RefreshToken == "" || base.dead():
		return l.loginRequired(base, nil)
	case l.cfg.ClientSecret == "":
		return &ConfigError{
			"client_secret", "client secret is missing",
			fmt.Sprintf("the access token of profile %q has ended and the login was stored without the client secret; set client_id to %q and client_secret to the secret of that client, or store it by logging in again", l.cfg.Profile, l.cfg.ClientID),
		}
	}
	return nil
}

// awaitClaim waits while another machine is refreshing. Its clock may be wrong,
// so the age of its note says nothing: what counts is how long the note stays
// the same while we watch.
func (l *login) awaitClaim(ctx context.Context, stored *record) (*record, error) {
	patience := l.store.patience()
	if patience == 0 || !l.claimedElsewhere(stored) {
		return stored, nil
	}
	l.cfg.Logger(ctx, slog.LevelInfo, "waiting for a refresh that another machine has begun", map[string]any{"patience": patience.String()})
	since := l.cfg.Clock.Now()
	for l.claimedElsewhere(stored) && l.cfg.Clock.Now().Sub(since) < patience {
		if err := wire.Sleep(ctx, l.cfg.Clock, claimPoll); err != nil {
			return nil, err
		}
		next, err := l.store.load(ctx)
		if err != nil {
			return nil, err
		}
		if l.claimedElsewhere(next) && *next.Intent != *stored.Intent {
			since = l.cfg.Clock.Now()
		}
		stored = next
	}
	return stored, nil
}

// claimedElsewhere reports whether someone else may be spending the token.
func (l *login) claimedElsewhere(rec *record) bool {
	return rec != nil && rec.Intent != nil && !rec.Intent.Ended && rec.Intent.Holder != l.env.holder
}
