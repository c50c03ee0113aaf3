// Package errcode is the register of problems: a stable code for every error and
// warning of the provider and of the companion command. The folder register holds
// title, cause and fix of each, and is printed as the page on troubleshooting.
package errcode

import (
	"errors"
	"fmt"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
)

// guides is where the registry shows the guides.
const guides = "https://registry.terraform.io/providers/appypie-community/appypie/latest/docs/guides/"

// Code names a kind of problem for good: people search for it, so it is never
// given to anything else.
type Code string

// Line is what a message ends with: the code and where it is explained. A heading
// that is nothing but a code has that code in lower case for its anchor.
func (c Code) Line() string {
	return string(c) + ": " + guides + "troubleshooting#" + strings.ToLower(string(c))
}

// Title is the summary of a message, as a terminal shows it.
func (c Code) Title() string { return plain(Explain(c).Title) }

// Fix is the next step to take, as a terminal shows it.
func (c Code) Fix() string { return c.FixFor(nil) }

// FixWith is Fix with values in place of a word in capitals.
func (c Code) FixWith(word string, values ...string) string {
	return plain(fill(Explain(c).Fix, word, values...))
}

// FixFor is Fix with what an error of this code knows: the profile of a login, the
// ids of connects.
func (c Code) FixFor(err error) string {
	fix := Explain(c).Fix
	if login, ok := errors.AsType[*auth.Error](err); ok && login.Profile != "" {
		fix = fill(fix, "PROFILE", login.Profile)
	}
	if several, ok := errors.AsType[*connectapi.AmbiguousCreateError](err); ok {
		fix = fill(fix, "ID", several.IDs...)
	}
	return plain(fix)
}

// codedError is an error that knows its code.
type codedError struct {
	code Code
	err  error
	next string // in place of the code's fix; empty for that
}

func (e *codedError) Error() string { return e.err.Error() }

func (e *codedError) Unwrap() error { return e.err }

// Errorf is fmt.Errorf for an error that Of finds the code of. Its text is the facts
// of the case; what to do next is the fix in the register.
func Errorf(code Code, format string, args ...any) error {
	return &codedError{code: code, err: fmt.Errorf(format, args...)}
}

// WithNext puts a next step in place of the fix in the register, for a case that knows
// better: whole sentences, as Markdown.
func WithNext(err error, next string) error {
	code, _ := Of(err)
	return &codedError{code: code, err: err, next: next}
}

// Of returns the code of an error: the one that it was made with, or that of
// its kind. It is false for an error that is of no kind.
func Of(err error) (Code, bool) {
	if known, ok := errors.AsType[*codedError](err); ok {
		return known.code, true
	}
	return ofKind(err)
}

// Advice is the next step for an error. It is empty for one of no kind.
func Advice(err error) string {
	if known, ok := errors.AsType[*codedError](err); ok && known.next != "" {
		return plain(known.next)
	}
	code, ok := Of(err)
	if !ok {
		return ""
	}
	return code.FixFor(err)
}

func ofKind(err error) (Code, bool) {
	for _, kind := range kinds() {
		if kind.matches(err) {
			return kind.code, true
		}
	}
	return "", false
}
