// Package errcode is the register of what can go wrong: a stable code for every
// error and warning of the provider and of the companion command, with the
// cause and the cure that the page on troubleshooting prints.
package errcode

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// page is where the registry shows the page on troubleshooting. A heading that
// is nothing but a code has that code in lower case for its anchor.
const page = "https://registry.terraform.io/providers/appypie-community/appypie/latest/docs/guides/troubleshooting"

// Code names a kind of problem for good: people search for it, so it is never
// given to anything else.
type Code string

// Line is what a message ends with: the code and where it is explained.
func (c Code) Line() string { return string(c) + ": " + page + "#" + strings.ToLower(string(c)) }

// Entry explains a code.
type Entry struct {
	Code Code
	// Title is the summary of the message, or what its kinds have in common.
	Title string
	Cause string
	// Cure is the next step to take. Where an error has none of its own, its
	// message ends with this.
	Cure string
	// Guide is the page that says more, such as "secrets"; empty for none.
	Guide string
}

// Group holds the codes that begin with the same two digits.
type Group struct {
	Title   string
	Entries []Entry
}

// Groups returns the whole register in the order of the codes.
func Groups() []Group {
	groups := []Group{
		{"Settings and credentials", credentialEntries()},
		{"Talking to the service", serviceEntries()},
		{"Connects", connectEntries()},
		{"Options and accounts of steps", optionEntries()},
		{"Lookups, data sources and functions", lookupEntries()},
		{"Import and state", stateEntries()},
		{"The companion command", append(companionEntries(), lookingEntries()...)},
	}
	for _, group := range groups {
		slices.SortFunc(group.Entries, func(a, b Entry) int { return strings.Compare(string(a.Code), string(b.Code)) })
	}
	return groups
}

// Explain returns the entry of a code; a code that is not registered has an
// empty one.
func Explain(code Code) Entry {
	for _, group := range Groups() {
		for _, entry := range group.Entries {
			if entry.Code == code {
				return entry
			}
		}
	}
	return Entry{}
}

// codedError is an error that knows its code.
type codedError struct {
	code Code
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }

func (e *codedError) Unwrap() error { return e.err }

// Errorf is fmt.Errorf for an error that Of finds the code of.
func Errorf(code Code, format string, args ...any) error {
	return &codedError{code, fmt.Errorf(format, args...)}
}

// Of returns the code of an error: the one that it was made with, or that of
// its kind. It is false for an error that is of no kind.
func Of(err error) (Code, bool) {
	if known, ok := errors.AsType[*codedError](err); ok {
		return known.code, true
	}
	for _, kind := range kinds() {
		if kind.matches(err) {
			return kind.code, true
		}
	}
	return "", false
}
