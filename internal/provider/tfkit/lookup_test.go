package tfkit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type thing struct{ id, name string }

func things(names ...string) []thing {
	all := make([]thing, len(names))
	for i, name := range names {
		all[i] = thing{id: fmt.Sprintf("t%d", i), name: name}
	}
	return all
}

func thingByName(wanted string) tfkit.Lookup[thing] {
	return tfkit.LookupBy("thing", "name", wanted,
		func(t thing) string { return t.name }, strings.EqualFold,
		func(t thing) string { return fmt.Sprintf("%s (%s)", t.name, t.id) })
}

func TestLookupOne(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		all    []thing
		wanted string
		// wantID is the id found; when it is empty, the error has wantSummary
		// and all of wantDetail.
		wantID, wantSummary string
		wantDetail          []string
		notDetail           string
	}{
		"the only match": {
			all: things("Slack", "Slack Enterprise", "Trello"), wanted: "slack", wantID: "t0",
		},
		"a near miss is named": {
			all: things("Slack", "Trello"), wanted: "Slakc",
			wantSummary: "Nothing found",
			wantDetail:  []string{`name "Slakc"`, "among the 2", `Did you mean "Slack"?`}, notDetail: "Trello",
		},
		"few candidates are listed when none is near": {
			all: things("Slack", "Trello"), wanted: "QuickBooks",
			wantSummary: "Nothing found", wantDetail: []string{"There are: Slack (t0), Trello (t1)."},
		},
		"many candidates are not": {
			all: things("aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff", "gggg", "hhhh", "iiii"), wanted: "QuickBooks",
			wantSummary: "Nothing found", wantDetail: []string{"among the 9", "plural data source"}, notDetail: "aaaa",
		},
		"no candidates at all": {
			wanted: "Slack", wantSummary: "Nothing found", wantDetail: []string{"among the 0"}, notDetail: "There are",
		},
		"several matches are listed with their ids": {
			all: things("Leads", "leads", "Other"), wanted: "Leads",
			wantSummary: "More than one found",
			wantDetail:  []string{`2 match name "Leads"`, "Leads (t0), leads (t1)", "by id"}, notDetail: "Other",
		},
		"the list of matches is bounded": {
			all: things(slices.Repeat([]string{"x"}, 11)...), wanted: "x",
			wantSummary: "More than one found", wantDetail: []string{"11 match", "x (t7), and 3 more"}, notDetail: "t8",
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics

			found, ok := thingByName(test.wanted).One(test.all, &diags)
			if test.wantID != "" {
				if !ok || found.id != test.wantID || diags.HasError() {
					t.Fatalf("found %v, %t, %v; want id %s", found, ok, diags, test.wantID)
				}
				return
			}
			if ok || diags.ErrorsCount() != 1 {
				t.Fatalf("found %v, %t, %v; want one error", found, ok, diags)
			}
			assertDiagnostic(t, diags[0], path.Root("name"), test.wantSummary, test.wantDetail...)
			if test.notDetail != "" && strings.Contains(diags[0].Detail(), test.notDetail) {
				t.Errorf("detail %q mentions %q", diags[0].Detail(), test.notDetail)
			}
		})
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		wanted     string
		candidates []string
		most       int
		want       []string
	}{
		"the nearest first":             {"slac", []string{"Stack", "Slack", "Trello"}, 3, []string{`"Slack"`, `"Stack"`}},
		"no more than asked for":        {"slac", []string{"Stack", "Slack"}, 1, []string{`"Slack"`}},
		"in any case":                   {"HUBSPOT", []string{"HubSpt"}, 3, []string{`"HubSpt"`}},
		"part of a longer name":         {"sheets", []string{"Google Sheets", "Slack"}, 3, []string{`"Google Sheets"`}},
		"a longer name than the true":   {"Slack for teams", []string{"Slack"}, 3, []string{`"Slack"`}},
		"runes count, not bytes":        {"Zürich", []string{"Zurich"}, 3, []string{`"Zurich"`}},
		"an empty candidate is not one": {"QuickBooks", []string{""}, 3, []string{}},
		"nothing near":                  {"QuickBooks", []string{"Slack", "Trello"}, 3, []string{}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tfkit.NearMisses(test.wanted, test.candidates, test.most); !slices.Equal(got, test.want) {
				t.Errorf("near misses of %q: %v, want %v", test.wanted, got, test.want)
			}
		})
	}
}

// assertDiagnostic compares summary and path, and looks for parts of the detail.
func assertDiagnostic(t *testing.T, got diag.Diagnostic, at path.Path, summary string, details ...string) {
	t.Helper()
	if got.Summary() != summary {
		t.Errorf("summary %q, want %q", got.Summary(), summary)
	}
	withPath, ok := got.(diag.DiagnosticWithPath)
	if at.Equal(path.Empty()) {
		if ok {
			t.Errorf("path %s, want none", withPath.Path())
		}
	} else if !ok || !withPath.Path().Equal(at) {
		t.Errorf("diagnostic %v does not point at %s", got, at)
	}
	for _, detail := range details {
		if !strings.Contains(got.Detail(), detail) {
			t.Errorf("detail %q lacks %q", got.Detail(), detail)
		}
	}
}
