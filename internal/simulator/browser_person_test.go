package simulator_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// checkLive changes connects while a person is reading: the page follows, and
// nothing that the person did is lost.
func (b *browser) checkLive(on connectBody) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		window.neverReloaded = true;
		window.kept = document.querySelector("#c-%[1]s .toggle");
		document.querySelectorAll("details").forEach((d) => { d.open = false; });
		document.getElementById("q").value = "half a wo";
		kept.focus();
	})()`, on.ID)))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.getElementById("d-` + on.ID + `")`)
	before := ask[float64](b, `kept.scrollIntoView({ block: "center", behavior: "instant" }); kept.getBoundingClientRect().top`)

	made := b.complete("Made meanwhile")
	b.until(`document.getElementById("c-` + made.ID + `")?.textContent.includes("Made meanwhile")`)
	b.wants(b.api(http.MethodPut, "/connect/turn-on/"+made.ID, nil), http.StatusOK)
	b.until(`document.querySelector("#c-` + made.ID + ` .state").textContent === "on"`)
	b.until(`document.getElementById("summary").textContent.includes("Made meanwhile turned on")`)
	b.sim.DeleteConnect(made.ID)
	b.until(`!document.getElementById("c-` + made.ID + `")`)
	if !ask[bool](b, `neverReloaded && kept.isConnected && kept.ariaExpanded === "true" && document.activeElement === kept && document.getElementById("q").value === "half a wo"`) {
		b.t.Errorf("what the person did is lost: %s", ask[string](b,
			`[kept.isConnected, kept.ariaExpanded, document.activeElement.outerHTML, document.getElementById("q").value].join(" ")`))
	}
	if after := ask[float64](b, `kept.getBoundingClientRect().top`); after < before-2 || after > before+2 {
		b.t.Errorf("the page jumped from %.0f to %.0f", before, after)
	}

	// A button turns the connect off, and keeps the focus.
	b.do(chromedp.Evaluate[chromedp.Void](`window.press = document.querySelector("#c-` + on.ID + ` button"); press.focus()`))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#c-` + on.ID + ` .state").textContent === "off"`)
	if held, _ := b.sim.Connect(on.ID); held.Status != simulator.StatusOff || !ask[bool](b, `neverReloaded && document.activeElement === press`) {
		b.t.Errorf("the button: %s, focus on %s", held.Status, ask[string](b, `document.activeElement.outerHTML`))
	}
	// Focus that goes with its connect stays at the list.
	b.sim.DeleteConnect(on.ID)
	b.until(`!document.getElementById("c-` + on.ID + `")`)
	b.until(`document.activeElement.id === "connects"`)
}

// checkFilter types, and closes what was open, without loading the page anew.
func (b *browser) checkFilter() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`window.neverReloaded = true; document.getElementById("q").focus()`))
	b.do(chromedp.KeyEvent("hubsp"))
	b.until(`document.querySelectorAll("article").length === 2`)
	b.do(chromedp.KeyEvent("ot{{nothing"))
	b.until(`document.querySelector("#connects .empty")?.textContent === "No connect fits."`)
	if !ask[bool](b, `neverReloaded && location.search === "?q=hubspot%7B%7Bnothing" && document.activeElement.id === "q"`) {
		b.t.Errorf("the filter leads to %s", ask[string](b, `location.search`))
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("q").value = ""; document.getElementById("q").dispatchEvent(new Event("input", { bubbles: true }))`))
	b.until(`document.querySelectorAll("article").length === 3 && location.search === ""`)
}

// checkButtons renames a connect with the keyboard, and is told why it cannot.
func (b *browser) checkButtons() {
	b.t.Helper()
	c := b.complete("Before")
	b.until(`document.getElementById("c-` + c.ID + `")`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#c-` + c.ID + ` .toggle").click()`))
	b.until(`document.getElementById("r-` + c.ID + `")`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("r-` + c.ID + `").select()`))
	b.do(chromedp.KeyEvent("After" + kb.Enter))
	b.until(`document.querySelector("#n-` + c.ID + ` a").textContent === "After"`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("r-` + c.ID + `").select()`))
	b.do(chromedp.KeyEvent(" " + kb.Enter))
	b.until(`document.getElementById("problem").textContent.includes("must have 1 to 255 characters")`)
	if !ask[bool](b, `neverReloaded && document.activeElement.id === "r-`+c.ID+`"`) {
		b.t.Error("the page was reloaded, or the focus is lost")
	}
	b.sim.DeleteConnect(c.ID)
}

// checkWithoutScript presses a button, filters and reads without JavaScript.
func (b *browser) checkWithoutScript() {
	b.t.Helper()
	c := b.complete("Plain")
	script := func(disabled bool) {
		b.t.Helper()
		if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: disabled}); err != nil {
			b.t.Fatal(err)
		}
	}
	script(true)
	button := chromedp.CSS("#c-" + c.ID + " .switch button")
	b.do(chromedp.Navigate(b.front.URL+"/?q=plain"), chromedp.Focus(button), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitReady(chromedp.CSS("#c-"+c.ID+" .state.on")))
	state, err := chromedp.Run(b.ctx, chromedp.TextContent(chromedp.CSS("#state")))
	if held, _ := b.sim.Connect(c.ID); err != nil || held.Status != simulator.StatusOn || !strings.HasPrefix(state, "Reload") {
		b.t.Errorf("without JavaScript: %s, %q, %v", held.Status, state, err)
	}
	script(false)
	b.do(chromedp.Navigate(b.front.URL), chromedp.Evaluate[chromedp.Void](`window.neverReloaded = true`))
	b.until(`document.getElementById("state").textContent === "Live"`)
}

// checkQuiet wants no complaint of the browser, and no request to anywhere else.
func (b *browser) checkQuiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.errors {
		if strings.Contains(text, "status of 400") && strings.HasSuffix(text, "/_page/do") {
			continue // The name that checkButtons gives.
		}
		b.t.Errorf("the browser says: %s", text)
	}
	if len(b.requests) < 5 {
		b.t.Errorf("only %d requests were seen: %s", len(b.requests), b.requests)
	}
	for _, url := range b.requests {
		if !strings.HasPrefix(url, b.front.URL+"/") {
			b.t.Errorf("a request to %s", url)
		}
	}
}

// checkRestart lets the service fall silent and come back with other connects.
func (b *browser) checkRestart() {
	b.t.Helper()
	silent := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	b.serve.Store(&silent)
	b.front.CloseClientConnections()
	b.until(`document.getElementById("state").textContent.includes("does not answer")`)
	b.restart()
	c := b.create(hourlyWebhook, "After the restart")
	b.until(`document.getElementById("c-` + c.ID + `") && document.getElementById("state").textContent === "Live"`)
	if !ask[bool](b, `neverReloaded && document.querySelectorAll("article").length === 1`) {
		b.t.Error("the page was reloaded, or shows connects of the service before")
	}
}
