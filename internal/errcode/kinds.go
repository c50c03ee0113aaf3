package errcode

import (
	"context"
	"errors"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// kind tells errors that share a code.
type kind struct {
	matches func(error) bool
	code    Code
}

// kinds lists what the errors of the layers below mean. The first that matches
// counts: the reason for which there is no token goes before the call that
// wanted one, and what a change ran into before the answer that it came from.
func kinds() []kind {
	return []kind{
		{is(auth.ErrAnswerLost), AnswerLost},
		{is(auth.ErrSeedSuperseded), SeedSuperseded},
		{is(auth.ErrProfileTaken), ProfileTaken},
		{is(auth.ErrRefreshRefused), RefreshRefused},
		{is(auth.ErrLoginRequired), LoginRequired},
		{is(auth.ErrSaveFailed), SaveFailed},
		{is(auth.ErrOutcomeUnknown), RefreshUnknown},
		{is(auth.ErrStoreUnsafe), StoreUnsafe},
		{is(auth.ErrStoreCorrupt), StoreCorrupt},
		{is(auth.ErrStoreFormat), StoreFormat},
		{is(auth.ErrStoreKey), StoreKey},
		{is(auth.ErrStoreConflict), StoreConflict},
		{is(auth.ErrStoreCommand), StoreCommand},
		{is(auth.ErrStoreUnreadable), StoreUnreadable},
		{is(auth.ErrStoreUnwritable), StoreUnwritable},
		{is(auth.ErrLockTimeout), LockTimeout},
		{is(auth.ErrTokenCommand), TokenCommand},
		{is(auth.ErrTokenExpired), TokenExpired},
		{is(auth.ErrTokenRejected), TokenRejected},
		{is(auth.ErrClientRejected), ClientRejected},
		{is(auth.ErrEndpoint), TokenEndpoint},
		{as[*auth.ConfigError], InvalidSetting},
		{as[*dialect.LoadError], InvalidDialect},
		{as[*dialect.RequestError], RequestNotMade},
		{as[*connectapi.StepNotFoundError], StepNotFound},
		{as[*connectapi.MaskedOptionsError], MaskedOptions},
		{as[*connectapi.HiddenOptionsError], OptionsHidden},
		{as[*connectapi.TestFailedError], TestFailed},
		{is(connectapi.ErrTestUnknown), TestUnknown},
		{as[*connectapi.AmbiguousCreateError], AmbiguousCreate},
		{as[*connectapi.LostCreateError], CreateUnknown},
		{as[*connectapi.LeftOffError], LeftOff},
		{is(connectapi.ErrNotTaken), SwitchNotTaken},
		{is(context.DeadlineExceeded), TimedOut},
		{is(context.Canceled), Interrupted},
		{is(connectapi.ErrUnauthorized), Unauthorized},
		{is(connectapi.ErrForbidden), Forbidden},
		{is(connectapi.ErrNotFound), NotFound},
		{is(connectapi.ErrRateLimited), RateLimited},
		{is(connectapi.ErrUnexpectedAnswer), UnexpectedAnswer},
		{as[*dialect.MissingError], UnexpectedAnswer},
		{is(connectapi.ErrUnreachable), Unreachable},
		{is(connectapi.ErrInvalid), Refused},
		{as[*connectapi.APIError], ServiceFault},
	}
}

func is(sentinel error) func(error) bool {
	return func(err error) bool { return errors.Is(err, sentinel) }
}

func as[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}
