package simulator_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// Bounds of how the page moves and grows.
const (
	shiftAllowed  = 0.1    // cumulative layout shift; https://web.dev/cls calls more than this poor
	heightAllowed = 11_000 // pixels of a narrow page with 300 connects
)

// TestBrowserHoldsStill applies 100 connects while a person looks on.
func TestBrowserHoldsStill(t *testing.T) {
	t.Parallel()
	for width, name := range map[int64]string{360: "narrow", 1280: "wide"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t)
			b.do(chromedp.EmulateViewport(width, 800), chromedp.Navigate(b.front.URL))
			b.until(`document.getElementById("state").textContent === "Live"`)
			b.do(chromedp.Evaluate[chromedp.Void](`
				window.shifts = [];
				new PerformanceObserver((list) => {
					for (const e of list.getEntries()) shifts.push({ value: e.value, of: e.sources.map((s) => s.node?.outerHTML?.slice(0, 80)).join(" | ") });
				}).observe({ type: "layout-shift", buffered: true })`))
			for n := range 100 {
				c := b.create(hourlyWebhook, fmt.Sprintf("connect %d", n))
				b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"minute": "30"}}), http.StatusOK)
				if n%5 == 4 {
					b.until(fmt.Sprintf(`document.querySelector("#summary strong").textContent === "%d"`, n+1))
				}
			}
			shift := ask[float64](b, `shifts.reduce((sum, s) => sum + s.value, 0)`)
			t.Logf("layout shift at %d pixels: %.4f", width, shift)
			if shift >= shiftAllowed {
				t.Errorf("the page shifts: %s", ask[[]string](b, `shifts.sort((a, b) => b.value - a.value).slice(0, 8).map((s) => s.value.toFixed(4) + " " + s.of)`))
			}
		})
	}
}

// TestBrowserStaysShort wants a narrow page of 300 connects that somebody can scroll.
func TestBrowserStaysShort(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	matches := b.sim.Catalog().Matches()
	for n := range 300 {
		made := b.sim.CreateConnect(matches[n%len(matches)].ID, fmt.Sprintf("A connect with a name of some length, number %d", n))
		if err := b.sim.Edit(made.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
			t.Fatal(err)
		}
	}
	b.do(chromedp.EmulateViewport(360, 740), chromedp.Navigate(b.front.URL))
	b.until(`document.getElementById("state").textContent === "Live"`)
	if height, rows := ask[int](b, `document.documentElement.scrollHeight`), ask[int](b, `document.querySelectorAll("article").length`); height > heightAllowed || rows != 300 {
		t.Errorf("%d connects are %d pixels high", rows, height)
	}
	// A finger needs 24 pixels (WCAG 2.2, 2.5.8).
	if small := ask[[]string](b, `[...document.querySelectorAll(".row a, .row button")].filter((e) => e.getBoundingClientRect().height < 24).slice(0, 3).map((e) => e.outerHTML)`); len(small) > 0 {
		b.t.Errorf("too small for a finger: %s", small)
	}
	b.checkWidth()
	b.do(chromedp.Evaluate[chromedp.Void](`scrollTo({ top: 9999, behavior: "instant" })`))
	if top := ask[float64](b, `document.querySelector("header").getBoundingClientRect().top`); top != 0 {
		t.Errorf("the head of the page is at %.0f", top)
	}
}
