package auth

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Reasons why there is no token. Match them with errors.Is; the *Error around
// them carries what happened; what to do about it is in package errcode.
var (
	// ErrLoginRequired means that a person has to log in.
	ErrLoginRequired = errors.New("login required")
	// ErrAnswerLost accompanies ErrLoginRequired when the server has replaced the
	// refresh token but its answer never reached the store.
	ErrAnswerLost = errors.New("the answer of the token endpoint was lost")
	// ErrRefreshRefused accompanies ErrLoginRequired when the server refuses the
	// refresh token: most often somebody else has used it.
	ErrRefreshRefused = errors.New("refresh token was refused")
	// ErrOutcomeUnknown means that the token endpoint may or may not have
	// replaced the refresh token. The next call tries the old one once more.
	ErrOutcomeUnknown = errors.New("outcome of the refresh is unknown")
	// ErrTokenExpired means that the configured access token has ended.
	ErrTokenExpired = errors.New("access token has expired")
	// ErrTokenRejected means that the API refuses a token that should be valid.
	ErrTokenRejected = errors.New("access token was rejected")
	// ErrSeedSuperseded means that the configured refresh token belongs to an
	// earlier lineage of the profile.
	ErrSeedSuperseded = errors.New("refresh token was superseded")
	// ErrProfileTaken means that the configured refresh token would replace a
	// login of the profile that works.
	ErrProfileTaken = errors.New("profile has another login")
	// ErrClientRejected means that the token endpoint refuses the client.
	ErrClientRejected = errors.New("client credentials were rejected")
	// ErrEndpoint means that the token endpoint could not be used; nothing was spent.
	ErrEndpoint = errors.New("token endpoint failed")
	// ErrTokenCommand means that token_command failed or printed something else.
	ErrTokenCommand = errors.New("token command failed")
	// ErrStoreCommand means that a command of the token store failed.
	ErrStoreCommand = errors.New("token store command failed")
	// ErrStoreConflict means that someone else wrote the store meanwhile.
	ErrStoreConflict = errors.New("token store was changed by someone else")
	// ErrStoreUnsafe means that other people could read or replace the store.
	ErrStoreUnsafe = errors.New("token store is unsafe")
	// ErrStoreCorrupt means that the store holds something unreadable.
	ErrStoreCorrupt = errors.New("token store is corrupt")
	// ErrStoreFormat means that a newer version wrote the store.
	ErrStoreFormat = errors.New("token store has an unknown format")
	// ErrStoreKey means that the encryption key is missing or wrong.
	ErrStoreKey = errors.New("token store cannot be decrypted")
	// ErrStoreUnreadable means that the store could not be read.
	ErrStoreUnreadable = errors.New("token store cannot be read")
	// ErrStoreUnwritable means that nothing can be saved; nothing was spent.
	ErrStoreUnwritable = errors.New("token store cannot be written")
	// ErrSaveFailed means that a new pair was received but not saved.
	ErrSaveFailed = errors.New("new tokens could not be saved")
	// ErrLockTimeout means that another process held the lock for too long.
	ErrLockTimeout = errors.New("token store is locked")
)

// ConfigError is a setting that cannot work. Attribute is the name of the
// provider attribute to point at, such as "client_secret" or
// "token_store.path".
type ConfigError struct {
	Attribute string
	Summary   string
	Detail    string
}

func (e *ConfigError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Attribute, e.Summary, e.Detail)
}

// Error is a failure to obtain a token: what happened, and whom it concerns. The
// next step is that of its kind. Nothing in it is secret.
type Error struct {
	// Kinds are the reasons, such as ErrLoginRequired; errors.Is matches each.
	Kinds []error
	// Summary says what happened, in one line.
	Summary string
	// Attribute is the setting to look at, if there is one.
	Attribute string
	// Profile is the login concerned, if there is one.
	Profile string
	// Age is how long ago the login last worked; zero means never or unknown.
	Age time.Duration
	// Unspent: the refresh token was certainly not used, and still works.
	Unspent bool
	// Err is the cause, if there is one.
	Err error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Summary)
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	if e.Unspent {
		b.WriteString("; the refresh token was not spent")
	}
	return b.String()
}

// Unwrap lets errors.Is see the kinds and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return e.Kinds
	}
	return append(append([]error(nil), e.Kinds...), e.Err)
}

func newError(kind error, summary string, cause error) *Error {
	return &Error{Kinds: []error{kind}, Summary: summary, Err: cause}
}
