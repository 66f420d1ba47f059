// The room of diagram.js on its page: as high as the window leaves, the details beside it or as a sheet over it, and
// the whole window where a person wants that. Its `place` says what that page is: `outer`, the element around diagram
// and details, or the frame itself where there are none; `details()`, the element of the details or null;
// `scrolled()`, the pixels that the page is scrolled by; and `scroll(down)`, which scrolls it on.

const BESIDE = 880;   // pixels from which the details stand beside the diagram
const LEAST = 260;    // pixels of the diagram's height

class Room {
  constructor(frame, on, viewer, place) {
    this.frame = frame; this.viewer = viewer; this.on = on; this.place = place;
    this.outer = place.outer;
    this.button = frame.querySelector("[data-act=details]");
    on(window, "resize", () => this.fit());
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => requestAnimationFrame(() => this.fit()));
    on(document, "fullscreenchange", () => { if (!document.fullscreenElement && this.full) this.leave(); });
    on(document, "keydown", (e) => { if (e.key === "Escape" && this.full && !document.fullscreenElement && !e.defaultPrevented) this.leave(); });
    on(this.outer, "click", (e) => { if (e.target.closest?.("[data-close]")) this.sheet(false, true); });
    on(this.outer, "keydown", (e) => { if (e.key === "Escape" && this.isOpen && !this.beside) this.sheet(false, true); });
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.outer);
    this.full = false; this.isOpen = false; this.needs = 0; this.high = 0;
  }

  stop() { this.sizes.disconnect(); this.outer.removeAttribute("data-full"); }

  // `height` is in pixels, or null for what the window leaves; `needs`, what a picture takes that the page scrolls past.
  update(height) { this.height = height; this.fit(); }

  fit() {
    const { outer, frame } = this, { top, width } = outer.getBoundingClientRect();
    if (!width) return;
    const spare = window.innerHeight > 640 ? 58 : 8;   // the tabs below show that there is more
    const left = window.innerHeight - top - this.place.scrolled() - spare;
    const height = this.full ? window.innerHeight : this.height ?? Math.max(LEAST, Math.round(left));
    this.usual = height;
    const tall = this.needs > height && !this.full;
    // A page may set the height of all its diagrams.
    frame.style.height = tall ? `${this.needs}px` : this.height && !this.full ? `var(--resviz-height, ${height}px)` : `${height}px`;
    outer.toggleAttribute("data-tall", tall);
    this.viewer.view.past = tall;
    if (outer === frame) return;
    this.beside = width >= BESIDE;
    frame.toggleAttribute("data-beside", this.beside);   // before the bar is measured, which has a button less then
    for (const [name, value] of [["height", `${frame.offsetHeight}px`], ["bar", `${frame.querySelector(".bar").offsetHeight}px`], ["ground", getComputedStyle(frame).backgroundColor]]) {
      outer.style.setProperty(`--${name}`, value);
    }
    outer.dataset.details = this.beside ? "beside" : this.isOpen ? "over" : "away";
    this.button.style.display = this.beside ? "none" : "";
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    const details = this.place.details();
    details?.setAttribute("role", "region");
    details?.setAttribute("aria-label", "Details");
    details?.setAttribute("tabindex", "0");
    if (details && details !== this.watched) { this.watched = details; this.sizes.observe(details); }
    const high = this.covered?.height ?? 0;
    if (high > this.high) this.viewer.uncover(this.viewer.marked);   // its words came after the selection
    this.high = high;
  }

  sheet(open = !this.isOpen, back = false) {
    this.isOpen = open;
    this.fit();
    if (!open) this.viewer.view.refit();
    if (back && !this.beside) this.button.focus();
  }

  // Where the sheet lies over the picture, if it does.
  get covered() {
    const details = this.place.details();
    return details && this.outer.dataset.details === "over" ? details.getBoundingClientRect() : null;
  }

  // The whole window, and the whole screen where the browser allows it: a link opens the former only.
  toggle() {
    if (this.full) { this.leave(); if (document.fullscreenElement) document.exitFullscreen(); return; }
    this.fill(true);
    this.viewer.say({ act: "set", name: "full", value: "1" });
    this.outer.requestFullscreen?.().catch(() => {});
  }

  leave() {
    this.fill(false);
    this.viewer.say({ act: "set", name: "full", value: "" });
  }

  fill(full) {
    if (full === this.full) return;
    this.full = full;
    this.outer.toggleAttribute("data-full", full);
    this.frame.toggleAttribute("data-full", full);
    sayFull(this.frame, full);
    this.viewer.view.alone = full;
    this.fit();
  }
}
