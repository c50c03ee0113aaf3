package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// maxSuggested bounds how many candidates an error names.
const maxSuggested = 8

// finder finds the one object that a person means by a text.
type finder[T any] struct {
	// kind is what is looked for, such as "app"; by is what may name it, such as
	// "id, slug or name".
	kind, by string
	// plural is the kind in the plural, where it takes more than an s.
	plural string
	code   errcode.Code
	// ids are what identifies an object exactly, name is what people call it, and
	// describe is how an error shows it.
	ids      func(T) []string
	name     func(T) string
	describe func(T) string
	// more says where all are listed, if the register does not say it already.
	more string
}

// one returns the object that is meant: by an id, by its name, by its name in
// other letters, else by the only name that begins with the text or has it inside.
// An id goes first, so that a name cannot hide it. Its error names candidates.
func (f finder[T]) one(all []T, wanted string) (T, error) {
	var none T
	folded := strings.ToLower(strings.TrimSpace(wanted))
	name := func(object T) string { return strings.ToLower(f.name(object)) }
	for _, exact := range []func(T) bool{
		func(object T) bool { return slices.Contains(f.ids(object), wanted) },
		func(object T) bool { return f.name(object) == wanted },
		func(object T) bool { return name(object) == folded },
	} {
		switch found := filter(all, func(object T) bool { return wanted != "" && exact(object) }); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return none, errcode.Errorf(f.code, "%d %s are called %s: %s", len(found), f.kinds(), quoted(wanted), f.list(found))
		}
	}
	for _, part := range []func(T) bool{
		func(object T) bool { return strings.HasPrefix(name(object), folded) },
		func(object T) bool {
			return strings.Contains(strings.ToLower(f.name(object)+"\n"+strings.Join(f.ids(object), "\n")), folded)
		},
	} {
		switch found := filter(all, func(object T) bool { return folded != "" && part(object) }); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return none, errcode.Errorf(f.code, "no %s has the %s %s; did you mean %s?", f.kind, f.by, quoted(wanted), f.list(found))
		}
	}
	if near := f.near(all, wanted); len(near) > 0 {
		return none, errcode.Errorf(f.code, "no %s has the %s %s; did you mean %s?", f.kind, f.by, quoted(wanted), f.list(near))
	}
	if len(all) == 0 {
		return none, errcode.WithNext(errcode.Errorf(f.code, "no %s has the %s %s, because there is none", f.kind, f.by, quoted(wanted)), f.more)
	}
	return none, errcode.WithNext(errcode.Errorf(f.code, "none of the %d %s has the %s %s", len(all), f.kinds(), f.by, quoted(wanted)), f.more)
}

func (f finder[T]) kinds() string {
	if f.plural != "" {
		return f.plural
	}
	return f.kind + "s"
}

// near returns the objects whose ids, names or words of their names are misspelled
// in the text, the nearest first.
func (f finder[T]) near(all []T, wanted string) []T {
	type scored struct {
		object   T
		distance int
	}
	var candidates []scored
	for _, object := range all {
		best := tooFar(wanted)
		for _, text := range slices.Concat(f.ids(object), []string{f.name(object)}, strings.Fields(f.name(object))) {
			best = min(best, distance(wanted, text))
		}
		if best < tooFar(wanted) {
			candidates = append(candidates, scored{object, best})
		}
	}
	slices.SortStableFunc(candidates, func(a, b scored) int { return a.distance - b.distance })
	var near []T
	for _, candidate := range candidates {
		near = append(near, candidate.object)
	}
	return near
}

func (f finder[T]) list(objects []T) string {
	var parts []string
	for i, object := range objects {
		if i == maxSuggested {
			parts = append(parts, fmt.Sprintf("and %d more", len(objects)-maxSuggested))
			break
		}
		parts = append(parts, f.describe(object))
	}
	return strings.Join(parts, ", ")
}

// tooFar is the distance from which on a text is no misspelling of another: two
// letters and one more for each three may be wrong, but never all.
func tooFar(wanted string) int {
	const letters = 3
	return min(len(wanted), letters+len(wanted)/letters-1)
}

func distance(a, b string) int {
	return levenshtein.Distance(strings.ToLower(a), strings.ToLower(b), nil)
}

// didYouMean ends a message with the name that a misspelled one is nearest to, or
// adds nothing.
func didYouMean[S ~string](wanted string, known []S) string {
	names := finder[S]{name: func(name S) string { return string(name) }, ids: func(S) []string { return nil }}
	if near := names.near(known, wanted); len(near) > 0 {
		return fmt.Sprintf("; did you mean %q?", string(near[0]))
	}
	return ""
}

func filter[T any](all []T, matches func(T) bool) []T {
	var found []T
	for _, object := range all {
		if matches(object) {
			found = append(found, object)
		}
	}
	return found
}
