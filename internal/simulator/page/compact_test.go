package page_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// remInPixels is what browsers make of a rem unless a person changed it.
const remInPixels = 16

// rowAllowed is how high a closed connect may be, in pixels, on any page.
const rowAllowed = 36

// TestClosedConnectIsALine wants nothing in a closed connect but its line: the name
// that opens it, the apps, the last change and one button, the switch.
func TestClosedConnectIsALine(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	v := page.View{Total: page.ConnectsShown, Matching: page.ConnectsShown, Range: page.Cut(page.ConnectsShown, 1)}
	for n := range page.ConnectsShown {
		id := fmt.Sprintf("%024x", n)
		v.Connects = append(v.Connects, page.Connect{
			ID: id, Name: "A connect with a name", On: n%2 == 0, Apps: []string{"Google Sheets", "HubSpot"}, Updated: at,
			Last: &page.Entry{Kind: "turned on", Time: at}, Toggle: page.Query{}.Toggle(id),
		})
	}
	got := render(t, v)
	_, list, _ := strings.Cut(got, `<section id="connects"`)
	list, _, _ = strings.Cut(list, "</section>")
	for part, each := range map[string]int{
		"<article": 1, `<div class="row">`: 1, "<h3": 1, "<a ": 1, "<p ": 2, "<form": 1, `role="switch"`: 1, "<button": 1, "<input": 1,
		"<div": 1, "<details": 0, "<select": 0, "<h4": 0, "<li": 0, "<br": 0,
	} {
		if n := strings.Count(list, part); n != each*page.ConnectsShown {
			t.Errorf("%d connects have %d times %s, want %d each", page.ConnectsShown, n, part, each)
		}
	}
}

// rule returns the declarations of a selector outside of media queries.
func rule(t *testing.T, sheet, selector string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(selector) + ` \{ (.*) \}$`).FindStringSubmatch(sheet)
	if found == nil {
		t.Fatalf("the sheet has no rule for %s", selector)
	}
	return found[1]
}

// TestLineOfAConnectIsLow reads from the sheet how high the line of a closed connect is.
func TestLineOfAConnectIsLow(t *testing.T) {
	t.Parallel()
	content, _, found := page.Asset(page.Prefix + "style.css")
	if !found {
		t.Fatal("no style.css")
	}
	sheet := string(content)
	rem := func(declarations, pattern string) float64 {
		t.Helper()
		match := regexp.MustCompile(pattern).FindStringSubmatch(declarations)
		if match == nil {
			t.Fatalf("the sheet lacks %q", pattern)
		}
		n, err := strconv.ParseFloat(match[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	row := rule(t, sheet, ".row")
	height := remInPixels*(rem(sheet, `--line-height: ([\d.]+)rem`)+2*rem(row, `padding: ([\d.]+)rem`)) + 1
	if height > rowAllowed {
		t.Errorf("a closed connect is %.0f pixels high, at most %d are allowed", height, rowAllowed)
	}
	if areas := strings.Count(row, `"`); areas != 2 {
		t.Errorf("the line of a connect has %d rows: %s", areas/2, row)
	}
	for selector, want := range map[string]string{
		".row": "line-height: var(--line-height)", ".state": "height: var(--line-height)",
		".row > h3, .apps, .last": "white-space: nowrap", ".last": "display: none",
	} {
		if got := rule(t, sheet, selector); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q: %s", selector, want, got)
		}
	}
}
