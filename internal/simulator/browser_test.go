package simulator_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// Bounds of the test in a browser.
const (
	browserBounded = 90 * time.Second // all of it
	appearBounded  = 15 * time.Second // one thing on the page
)

// browser is a headless browser with one tab, and a service that it looks at.
type browser struct {
	*bench
	ctx   context.Context //nolint:containedctx // the browser's commands find their tab in it.
	front *httptest.Server
	serve atomic.Pointer[http.Handler] // what the address answers with

	mu       sync.Mutex
	requests []string
	errors   []string
}

// findBrowser skips the test where no browser is installed.
func findBrowser(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("no browser: none of %s is on PATH", strings.Join(names, ", "))
	return ""
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := findBrowser(t)
	b := &browser{}
	b.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*b.serve.Load()).ServeHTTP(w, r) }))
	t.Cleanup(b.front.Close)
	b.bench = &bench{t: t, http: b.front.Client()}
	b.restart()

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true))
	// The test's own context ends before its clean-up, which the browser must see.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), browserBounded)
	t.Cleanup(cancel)
	allocator, stop := chromedp.NewExecAllocator(bounded, options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator, chromedp.WithListener(b.note))
	b.ctx = tab
	t.Cleanup(func() {
		b.front.CloseClientConnections()
		if err := chromedp.Cancel(tab); err != nil {
			t.Logf("close the browser: %v", err)
		}
		closeTab()
	})
	return b
}

// restart replaces the service by a new one at the same address.
func (b *browser) restart() {
	b.t.Helper()
	service, err := simulator.New(simulator.Config{})
	if err != nil {
		b.t.Fatal(err)
	}
	handler := service.Handler()
	b.serve.Store(&handler)
	b.sim = &simulator.Server{Service: service, URL: b.front.URL}
	b.token = service.IssueAccessToken()
}

// note keeps what the browser asks for and complains about.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *log.EventEntryAdded:
		b.errors = append(b.errors, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.errors = append(b.errors, fmt.Sprintf("console.%s", e.Type))
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// until waits for a condition, which is looked at when the page changes.
func (b *browser) until(condition string) {
	b.t.Helper()
	met := ask[bool](b, fmt.Sprintf(`new Promise((done) => {
		const look = () => { if (%s) { watch.disconnect(); done(true); } };
		const watch = new MutationObserver(look);
		watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		setTimeout(() => done(false), %d);
		look();
	})`, condition, appearBounded.Milliseconds()))
	if !met {
		b.t.Fatalf("never came true: %s\n%s", condition, ask[string](b, "document.body.innerText"))
	}
}

func (b *browser) media(scheme string) {
	b.t.Helper()
	params := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, params); err != nil {
		b.t.Fatal(err)
	}
}

// furnish gives the service a connect of each kind: complete and on, with a
// failed test and an expired account, and with a name that breaks nowhere. It
// returns the path of the page that shows all their details.
func (b *browser) furnish() (on connectBody, open string) {
	b.t.Helper()
	on = b.complete("Leads")
	b.wants(b.api(http.MethodPost, "/connect/test/"+on.ID, nil), http.StatusOK)
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+on.ID, nil), http.StatusOK)
	failed := b.complete(strings.Repeat("unbreakable", 20))
	account := b.account(b.match(sheetsToHubSpot).Actions[0].AppID)
	b.sim.SetAccountStatus(account, simulator.AccountExpired)
	b.wants(b.api(http.MethodPost, "/connect/test/"+failed.ID, nil), http.StatusOK)
	b.sim.SetAccountStatus(account, simulator.AccountActive)
	fresh := b.create(typeformToTwo, "Fresh")
	b.sim.DeleteConnect(b.create(hourlyWebhook, "Gone").ID)
	b.wants(b.api(http.MethodGet, "/nonsense/"+strings.Repeat("long", 60), nil), http.StatusNotFound)
	return on, "/?" + url.Values{"open": {on.ID, failed.ID, fresh.ID}}.Encode()
}

// TestBrowser looks at the page as a person does.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	on, open := b.furnish()
	b.sim.AddFault(simulator.Fault{Kind: simulator.FaultFailedTest})
	b.do(chromedp.EmulateViewport(360, 740), chromedp.Navigate(b.front.URL+open))
	b.until(`document.getElementById("state").textContent === "Live"`)

	b.checkKeyboard()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => { d.open = true; })`))
	b.checkWidth()
	b.checkColors()
	b.checkFilter()
	b.checkLive(on)
	b.checkButtons()
	b.checkWithoutScript()
	b.checkQuiet()
	b.checkRestart()
}

// checkKeyboard goes through the page with the Tab key.
func (b *browser) checkKeyboard() {
	b.t.Helper()
	const all = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")].filter((e) => e.checkVisibility())`
	count := ask[int](b, `window.reached = new Set(); (`+all+`).length`)
	if count < 15 {
		b.t.Errorf("only %d elements to reach", count)
	}
	for range count {
		b.do(chromedp.KeyEvent(kb.Tab))
		if fault := ask[string](b, `(() => {
			const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
			reached.add(e);
			if (e === document.body) return "";
			const name = e.tagName + " " + e.textContent;
			if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return name + " shows no focus";
			if (!e.closest("header, .skip") && box.top < document.querySelector("header").getBoundingClientRect().bottom - 1) return name + " is behind the header";
			if (box.width === 0 || box.right < 1 || box.bottom < 1 || box.top > innerHeight) return name + " is not in sight";
			return "";
		})()`); fault != "" {
			b.t.Error(fault)
		}
	}
	for _, missed := range ask[[]string](b, `(`+all+`).filter((e) => !reached.has(e)).map((e) => e.outerHTML)`) {
		b.t.Errorf("the Tab key does not reach %s", missed)
	}
	if nameless := ask[[]string](b, `(`+all+`).filter((e) => !e.textContent.trim() && !e.labels?.length).map((e) => e.outerHTML)`); len(nameless) > 0 {
		b.t.Errorf("without a name: %s", nameless)
	}
}

// checkWidth wants no horizontal scrolling, with everything opened.
func (b *browser) checkWidth() {
	b.t.Helper()
	width := ask[[]int](b, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`)
	if width[1] != 360 || width[0] > width[1] {
		b.t.Errorf("the page is %d wide in a window of %d: %s", width[0], width[1], ask[[]string](b,
			`[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 360).map((e) => e.outerHTML.slice(0, 120))`))
	}
}

// contrast finds the texts whose color is too near to what is behind them
// (WCAG 2.2, level AA).
const contrast = `(() => {
	const parse = (text) => text.match(/[\d.]+/g).map(Number);
	const light = (color) => {
		const [r, g, b] = color.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const color = parse(getComputedStyle(e).backgroundColor);
			if (color.length === 3 || color[3] === 1) return color;
		}
		return [255, 255, 255];
	};
	const faults = [];
	for (const e of document.querySelectorAll("body *")) {
		if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim())) continue;
		const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) faults.push(ratio.toFixed(2) + " " + e.outerHTML.slice(0, 120));
	}
	return faults;
})()`

// checkColors wants a light and a dark page, and texts that can be read on both.
func (b *browser) checkColors() {
	b.t.Helper()
	// The flash of a new connect would be measured halfway.
	b.do(chromedp.Evaluate[chromedp.Void](`document.getAnimations().forEach((a) => a.finish())`))
	papers := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.media(scheme)
		papers[scheme] = ask[string](b, `getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color`)
		for _, fault := range ask[[]string](b, contrast) {
			b.t.Errorf("%s: contrast %s", scheme, fault)
		}
	}
	if papers["light"] == papers["dark"] {
		b.t.Errorf("light and dark are the same: %v", papers)
	}
}
