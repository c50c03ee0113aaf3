package tfkit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// maxListed bounds how many candidates an error names.
const maxListed = 8

// Lookup finds exactly one object for a singular data source.
type Lookup[T any] struct {
	// Kind is what is looked up, such as "app"; Filter is what was asked for,
	// such as `name "Slakc"`.
	Kind, Filter string
	// At is the attribute that the search came from.
	At path.Path
	// Match selects the objects meant.
	Match func(T) bool
	// Describe renders one object for the error, such as `Slack (5f…)`.
	Describe func(T) string
	// Wanted is the text to compare with Name for near misses; both may be
	// left out.
	Wanted string
	Name   func(T) string
}

// One returns the only match among all, or adds an error that lists the
// several matches or the nearest misses.
func (l Lookup[T]) One(all []T, diags *diag.Diagnostics) (T, bool) {
	var matches []T
	for _, candidate := range all {
		if l.Match(candidate) {
			matches = append(matches, candidate)
		}
	}

	switch len(matches) {
	case 1:
		return matches[0], true
	case 0:
		AttributeError(diags, errcode.LookupNone, l.At, l.noneDetail(all))
	default:
		AttributeError(diags, errcode.LookupSeveral, l.At,
			fmt.Sprintf("%d match %s: %s.", len(matches), l.Filter, l.list(matches)))
	}
	var none T
	return none, false
}

func (l Lookup[T]) noneDetail(all []T) string {
	detail := fmt.Sprintf("No %s matches %s among the %d that the service lists.", l.Kind, l.Filter, len(all))
	if l.Name != nil && l.Wanted != "" {
		names := make([]string, len(all))
		for i, candidate := range all {
			names[i] = l.Name(candidate)
		}
		if near := NearMisses(l.Wanted, names, MostNearMisses); len(near) > 0 {
			return detail + "\n\nDid you mean " + strings.Join(near, ", ") + "?"
		}
	}
	if len(all) > 0 && len(all) <= maxListed {
		return detail + "\n\nThere are: " + l.list(all) + "."
	}
	return detail
}

func (l Lookup[T]) list(candidates []T) string {
	parts := make([]string, 0, maxListed)
	for i, candidate := range candidates {
		if i == maxListed {
			parts = append(parts, fmt.Sprintf("and %d more", len(candidates)-maxListed))
			break
		}
		parts = append(parts, l.Describe(candidate))
	}
	return strings.Join(parts, ", ")
}

// MostNearMisses is how many near misses a message names.
const MostNearMisses = 3

// NearMisses returns up to most quoted candidates that resemble wanted, the
// nearest first.
func NearMisses(wanted string, candidates []string, most int) []string {
	type scored struct {
		text     string
		distance int
	}
	var near []scored
	folded := strings.ToLower(wanted)

	for _, candidate := range candidates {
		other := strings.ToLower(candidate)
		distance := editDistance(folded, other)
		if strings.Contains(other, folded) || strings.Contains(folded, other) && other != "" {
			distance = min(distance, 2)
		}
		if distance <= max(2, len(folded)/3) {
			near = append(near, scored{text: candidate, distance: distance})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.distance - b.distance })
	result := make([]string, 0, most)
	for _, candidate := range near[:min(most, len(near))] {
		result = append(result, fmt.Sprintf("%q", candidate.text))
	}
	return result
}

// editDistance is the Levenshtein distance in runes.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}

	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			cost := 1
			if r == s {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(to)]
}
