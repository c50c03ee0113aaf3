package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// exchangePause is the wait before the one repetition of a request whose
	// outcome is unknown or that did not get through.
	exchangePause = 2 * time.Second
	// maxRetryAfter is the longest wait that the server may ask for before that
	// repetition.
	maxRetryAfter = 30 * time.Second
	// rereads and rereadPause bound the look for a newer generation after
	// invalid_grant: about a second.
	rereads     = 4
	rereadPause = 250 * time.Millisecond
	// forcedPause is how long after a forced refresh the next one may come. An
	// API that refuses every token must not make us spend one after the other.
	forcedPause = 10 * time.Second
)

// exchange spends the refresh token of the record and returns the record that
// was saved. It needs the lock. The steps and their order are the point:
// prepare, note the intent, spend, save, and only then use.
func (l *login) exchange(ctx context.Context, base *record, forced bool) (*record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prepared, err := l.store.prepare(ctx, base)
	if err != nil {
		return nil, unspent(base, err)
	}
	if base.Generation == 0 && len(base.Retired) > 0 {
		l.cfg.Logger(ctx, slog.LevelWarn, "a new refresh token replaces the login of this profile; a configuration that still has the earlier one "+
			"will be refused, and another account needs a profile of its own", map[string]any{"profile": l.cfg.Profile})
	}
	claimed := base.clone()
	claimed.Intent = &intent{Generation: base.Generation, Fingerprint: fingerprint(base.RefreshToken), At: l.cfg.Clock.Now().UTC(), Holder: l.env.holder}
	if err := l.store.save(ctx, claimed); err != nil {
		prepared.discard(ctx)
		return nil, unspent(base, err)
	}
	// From here on the exchange runs to its end. Canceling it between the
	// server's commit and the local save would lose the new token.
	ctx = context.WithoutCancel(ctx)
	answer, repeated, err := l.spend(ctx, base)
	if err != nil {
		prepared.discard(ctx)
		return l.settle(ctx, base, claimed, repeated, err)
	}
	fresh := claimed.succeed(answer, forced)
	if err := prepared.commit(ctx, fresh); err != nil {
		return nil, err
	}
	l.cfg.Logger(ctx, slog.LevelInfo, "refreshed the access token",
		map[string]any{"profile": l.cfg.Profile, "generation": fresh.Generation, "expires_at": fresh.ExpiresAt})
	if end := refreshEnd(fresh.RefreshToken); !end.IsZero() && end.Before(l.cfg.Clock.Now().Add(EndsSoon)) {
		l.cfg.Logger(ctx, slog.LevelWarn, "the refresh token ends soon; log in again before", map[string]any{"profile": l.cfg.Profile, "ends_at": end})
	}
	return fresh, nil
}

// unspent adds to an error that nothing was spent. Who reads that may use the
// token elsewhere, so it is said only where no earlier run left an intent whose
// outcome nobody knows.
func unspent(base *record, err error) error {
	if known, ok := errors.AsType[*Error](err); ok && base.Intent == nil {
		known.Unspent = true
	}
	return err
}

// spend sends the refresh token, and once more when the first attempt did not
// get through or its outcome is unknown. A run that finds an earlier run's
// intent is that repetition already. Repeated tells that the token may have
// reached the server before its last use.
func (l *login) spend(ctx context.Context, base *record) (answer pair, repeated bool, err error) {
	repeated = base.Intent != nil
	answer, err = l.endpoint.refresh(ctx, base.RefreshToken)
	failed, ok := errors.AsType[*exchangeError](err)
	if !ok || repeated || !failed.again || failed.retryAfter > maxRetryAfter {
		return answer, repeated, err
	}
	l.cfg.Logger(ctx, slog.LevelWarn, "the refresh is tried once more", map[string]any{"profile": l.cfg.Profile, "error": err.Error()})
	if err := wire.Sleep(ctx, l.cfg.Clock, max(exchangePause, failed.retryAfter)); err != nil {
		return pair{}, repeated, err
	}
	repeated = failed.outcome == outcomeUnknown
	answer, err = l.endpoint.refresh(ctx, base.RefreshToken)
	if second, ok := errors.AsType[*exchangeError](err); ok && repeated && second.outcome == outcomeUnspent {
		// The second attempt did nothing, and so the first one's outcome stays unknown.
		second.outcome = outcomeUnknown
	}
	return answer, repeated, err
}

// succeed is the record after an exchange.
func (r *record) succeed(answer pair, forced bool) *record {
	out := r.clone()
	out.Generation++
	out.AccessToken = answer.accessToken
	out.ExpiresAt = answer.expiresAt
	out.ObtainedAt = answer.obtainedAt
	out.ClockOffsetSeconds = int64(answer.offset / time.Second)
	out.Forced = forced
	out.Intent, out.Failure = nil, nil
	if answer.refreshToken != "" {
		out.RefreshToken = answer.refreshToken
		if added := fingerprint(answer.refreshToken); !slices.Contains(out.Lineage, added) {
			out.Lineage = append(out.Lineage, added)
		}
	}
	return out
}

// settle records what a failed exchange means and explains it.
func (l *login) settle(ctx context.Context, base, claimed *record, repeated bool, cause error) (*record, error) {
	failed, ok := errors.AsType[*exchangeError](cause)
	if !ok {
		return nil, cause
	}
	switch {
	case failed.outcome == outcomeInvalid:
		return l.refused(ctx, claimed, failed, repeated)
	case failed.outcome == outcomeUnknown:
		return nil, l.outcomeUnknown(ctx, base, claimed, failed)
	}
	// Nothing was spent by this attempt. The intent of an earlier run stays,
	// because its outcome is as unknown as before.
	claimed.Intent = base.Intent
	l.note(ctx, claimed)
	out := newError(ErrEndpoint, "the access token could not be refreshed", failed)
	out.Attribute, out.Profile = "token_url", l.cfg.Profile
	if failed.client {
		out.Kinds, out.Attribute, out.Summary = []error{ErrClientRejected}, "client_secret", "the token endpoint refuses the client"
	}
	if failed.unspent {
		return nil, unspent(base, out)
	}
	return nil, out
}

// note saves what a failed exchange taught. The failure itself is what counts,
// so that an error here is only reported.
func (l *login) note(ctx context.Context, rec *record) {
	if err := l.store.save(ctx, rec); err != nil {
		l.cfg.Logger(ctx, slog.LevelWarn, "the outcome of a refresh could not be noted in the token store", map[string]any{"error": err.Error()})
	}
}

func (l *login) outcomeUnknown(ctx context.Context, base, claimed *record, failed *exchangeError) error {
	claimed.Intent.Ended = true
	l.note(ctx, claimed)
	out := newError(ErrOutcomeUnknown, "the token endpoint may or may not have replaced the refresh token", failed)
	if base.Intent != nil {
		out.Summary += ", and an earlier attempt ended the same way"
	}
	out.Profile = l.cfg.Profile
	return out
}

// refused handles invalid_grant. Another process may have been faster in spite
// of the lock, on a network disk without locks or through a store command that
// compares nothing, so a newer generation is looked for first.
func (l *login) refused(ctx context.Context, claimed *record, failed *exchangeError, repeated bool) (*record, error) {
	sent := fingerprint(claimed.RefreshToken)
	for range rereads {
		if err := wire.Sleep(ctx, l.cfg.Clock, rereadPause); err != nil {
			return nil, err
		}
		stored, err := l.store.load(ctx)
		if err != nil {
			return nil, err
		}
		if stored == nil || fingerprint(stored.RefreshToken) != sent {
			return l.adopt(ctx, stored)
		}
		claimed.Revision = stored.Revision
	}
	claimed.Intent = nil
	claimed.Failure = &failure{Fingerprint: sent, At: l.cfg.Clock.Now().UTC(), Lost: repeated}
	l.note(ctx, claimed)
	return nil, l.loginRequired(claimed, failed)
}

// adopt takes what another process saved while we were refused.
func (l *login) adopt(ctx context.Context, stored *record) (*record, error) {
	if stored == nil || stored.AccessToken == "" {
		return nil, l.loginRequired(stored, nil)
	}
	l.cfg.Logger(ctx, slog.LevelWarn, "another process refreshed the same login at the same time; its tokens are used",
		map[string]any{"profile": l.cfg.Profile, "generation": stored.Generation})
	return stored, nil
}

// loginRequired is the one message that ends a lineage.
func (l *login) loginRequired(rec *record, cause error) error {
	out := &Error{Kinds: []error{ErrLoginRequired}, Profile: l.cfg.Profile, Err: cause}
	if rec != nil && !rec.ObtainedAt.IsZero() {
		now := l.cfg.Clock.Now().Add(time.Duration(rec.ClockOffsetSeconds) * time.Second)
		out.Age = max(0, now.Sub(rec.ObtainedAt)).Truncate(time.Second)
	}
	worked := "it never worked here"
	if out.Age > 0 {
		worked = fmt.Sprintf("it last worked %s ago", out.Age)
	}
	switch {
	case rec == nil || (rec.RefreshToken == "" && rec.Failure == nil):
		out.Summary = fmt.Sprintf("there is no login for profile %q in %s", l.cfg.Profile, l.store.location())
	case rec.Failure != nil && rec.Failure.Lost:
		out.Kinds = append(out.Kinds, ErrAnswerLost)
		out.Summary = fmt.Sprintf("the login of profile %q has ended: a refresh was cut off after the server replaced the refresh token and before the new one was saved; %s", l.cfg.Profile, worked)
	default:
		out.Kinds = append(out.Kinds, ErrRefreshRefused)
		out.Summary = fmt.Sprintf("the login of profile %q has ended: the server refuses its refresh token, which works once and was probably used by another machine or pipeline; %s", l.cfg.Profile, worked)
	}
	return out
}
