// Keeps the page as the service is. The server says that something changed; the
// page then fetches itself and takes over what is different. Elements that stay
// are never replaced, so focus, scroll position, selection and opened details
// stay as they are.
(() => {
  "use strict";

  const pause = 200; // milliseconds between two fetches, at least
  const retry = 1000; // milliseconds until the next try after a failure
  const state = document.getElementById("state");
  const problem = document.getElementById("problem");
  let source = null;
  let fetching = false;
  let wanted = false;

  const say = (text, lost) => {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("lost", lost);
  };
  const idOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id : "");
  const alike = (a, b) => a.nodeName === b.nodeName && idOf(a) === idOf(b);

  // What the reader and the flash below decide is not the server's.
  const ours = new Set(["open", "data-flash"]);

  const flash = (element) => {
    element.dataset.flash = "";
    element.addEventListener("animationend", () => delete element.dataset.flash, { once: true });
  };

  const copyAttributes = (from, to) => {
    for (const { name } of [...to.attributes]) {
      if (!ours.has(name) && !from.hasAttribute(name)) to.removeAttribute(name);
    }
    for (const { name, value } of from.attributes) {
      if (ours.has(name) || to.getAttribute(name) === value) continue;
      to.setAttribute(name, value);
      if (name === "data-changed") flash(to);
    }
  };

  // morph makes the children of `to` those of `from`, and keeps what fits: by id
  // where there is one, else by place.
  const morph = (from, to) => {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.nodeValue !== to.nodeValue) to.nodeValue = from.nodeValue;
      return;
    }
    copyAttributes(from, to);
    const staying = new Set([...from.children].map(idOf).filter(Boolean));
    const known = new Map([...to.children].filter(idOf).map((node) => [node.id, node]));
    let place = to.firstChild;
    const drop = () => {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    };
    for (const child of [...from.childNodes]) {
      const kept = known.get(idOf(child));
      // Moving an element would take its focus, so what stands before it goes.
      while (place && place !== kept && (kept ? !staying.has(idOf(place)) : idOf(place) && !staying.has(place.id))) drop();
      if (place && alike(child, place)) {
        morph(child, place);
        place = place.nextSibling;
      } else if (kept) {
        to.insertBefore(kept, place);
        morph(child, kept);
      } else {
        const added = to.insertBefore(document.importNode(child, true), place);
        if (added.dataset && "changed" in added.dataset) flash(added);
      }
    }
    while (place) drop();
  };

  // show takes over a page. When the focused element is gone with its connect,
  // the focus goes to the list instead of the top of the page.
  const show = (text) => {
    const next = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    if (!next) return false;
    const focused = document.activeElement;
    morph(next, document.getElementById("live"));
    if (focused && focused !== document.body && !focused.isConnected) {
      document.getElementById("connects").focus({ preventScroll: true });
    }
    return true;
  };

  const refresh = async () => {
    wanted = true;
    if (fetching) return;
    fetching = true;
    let wait = pause;
    try {
      wanted = false;
      const asked = location.search;
      const answer = await fetch(location.pathname + asked, { cache: "no-store" });
      const text = await answer.text();
      if (asked !== location.search) wanted = true;
      else if (!answer.ok || !show(text)) throw new Error("no page");
      say("Live", false);
    } catch {
      wanted = true;
      wait = retry;
      say("The simulator does not answer; trying again", true);
    }
    setTimeout(() => {
      fetching = false;
      if (wanted && source) refresh();
    }, wanted && wait === pause ? 0 : wait);
  };

  // go shows another query without loading the page anew.
  const go = (address) => {
    history.replaceState(null, "", address);
    refresh();
  };

  // Each connection begins with an event, so what was missed is fetched.
  const listen = () => {
    if (source) return;
    source = new EventSource("/_page/changes");
    source.onmessage = refresh;
    source.onerror = () => {
      say("The simulator does not answer; trying again", true);
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(listen, retry);
      }
    };
  };
  const leave = () => {
    if (source) source.close();
    source = null;
  };

  // Everything works without this, by loading the page again; here it leaves the
  // page as it is: the filter, a connect that is opened, and the buttons, but for
  // the one that answers with a page of its own.
  const filter = document.querySelector("form.filter");
  const follow = () => {
    const asked = new URLSearchParams(new FormData(filter));
    for (const [name, value] of [...asked]) if (!value) asked.delete(name);
    go(asked.size ? "/?" + asked : "/");
  };
  filter.addEventListener("input", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.toggle");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href").split("#")[0]);
  });
  const press = async (form, button) => {
    const body = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect") {
        const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main p");
        problem.textContent = said ? said.textContent : "The simulator refused this.";
        problem.hidden = false;
        return;
      }
      problem.hidden = true;
      for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
    } catch {
      // The page says itself when nothing answers.
    }
    refresh();
  };
  document.addEventListener("submit", (event) => {
    if (event.target === filter) {
      event.preventDefault();
      follow();
    } else if (event.target.matches("form[action='/_page/do']") && event.submitter?.value !== "login") {
      event.preventDefault();
      press(event.target, event.submitter);
    }
  });

  // A browser opens few connections to one host, so hidden pages give theirs back.
  const watch = () => (document.hidden ? leave() : listen());
  document.addEventListener("visibilitychange", watch);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", watch);
  watch();
})();
