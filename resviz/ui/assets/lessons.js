// The strip above a lesson. A plain click on a stop asks Python for it, so that the session goes on; the address
// behind it is a real one, to copy or to open in another tab. Arrow keys step wherever they mean nothing else.

const strips = new WeakMap();
const OWN_ARROWS = "input, textarea, select, [contenteditable], [role=slider], [role=radio], [role=tab], [role=option], " +
  "[role=combobox], [role=listbox], [role=spinbutton], [role=grid], [role=menuitem], .view, .js-plotly-plot, canvas";

export default function ({ data, parentElement: root, setTriggerValue }) {
  if (!strips.has(root)) strips.set(root, new Strip(root));
  const it = strips.get(root);
  it.go = (stop) => setTriggerValue("go", { lesson: stop.lesson, step: stop.step });
  it.present = (on) => setTriggerValue("present", { on });
  it.file = (lesson) => setTriggerValue("file", { lesson });
  it.update(data);
  return () => { it.stop(); strips.delete(root); };
}

class Strip {
  constructor(root) {
    this.root = root.querySelector(".strip");
    this.ending = new AbortController();
    const { signal } = this.ending;
    this.root.addEventListener("click", (e) => this.click(e), { signal });
    document.addEventListener("keydown", (e) => this.key(e), { signal });
    document.addEventListener("fullscreenchange", () => this.screen(), { signal });
  }

  stop() { this.ending.abort(); }

  update(data) {
    this.data = data;
    this.fill(".lessons", data.lessons, (stop) => stop.lesson === data.lesson);
    this.fill(".steps", data.steps, (stop) => stop.step === data.step);
    this.root.classList.toggle("presents", data.presents);
    const at = data.steps.findIndex((stop) => stop.step === data.step), numbered = data.steps.filter((stop) => stop.step !== "all");
    const lessonAt = data.lessons.findIndex((stop) => stop.lesson === data.lesson);
    const within = at >= 0 && data.step !== "all";
    this.back = within && at > 0 ? numbered[at - 1] : null;
    this.on = within ? numbered[at + 1] ?? data.lessons[lessonAt + 1] ?? null : null;
    this.button("back").disabled = !this.back;
    this.button("on").disabled = !this.on;
    this.button("present").textContent = data.presents ? "Leave" : "Present";
    this.button("present").title = data.presents ? "Leave the presenter's view (Esc)" : "Large type on the full screen";
    this.root.querySelector(".title").textContent = data.presents ? data.title : "";
    for (const part of this.root.querySelectorAll(".here")) part.hidden = !data.steps.length;
    this.root.querySelector(".here").style.display = data.steps.length ? "" : "none";
    if (this.shown !== data.lesson) this.root.querySelector(".lessons [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    const place = `${data.lesson} ${data.step}`;
    if (this.place !== undefined && this.place !== place) document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 });
    this.shown = data.lesson; this.place = place;
  }

  button(act) { return this.root.querySelector(`[data-act=${act}]`); }

  fill(name, stops, current) {
    const nav = this.root.querySelector(name), word = JSON.stringify([stops, stops.map(current)]);
    if (nav.dataset.word === word) return;
    const focused = nav.getRootNode().activeElement, held = nav.contains(focused) ? [...nav.children].indexOf(focused) : -1;
    nav.dataset.word = word;
    nav.replaceChildren(...stops.map((stop) => {
      const link = document.createElement("a");
      link.href = stop.href; link.textContent = stop.label; link.title = stop.title; link.stop = stop;
      if (stop.step === "all") link.className = "all";
      if (current(stop)) link.setAttribute("aria-current", name === ".steps" ? "step" : "page");
      return link;
    }));
    if (held >= 0) nav.children[held]?.focus();
  }

  click(e) {
    const link = e.target.closest("a"), act = e.target.closest("[data-act]")?.dataset.act;
    if (link && !(e.ctrlKey || e.metaKey || e.shiftKey || e.button)) { e.preventDefault(); this.go(link.stop); }
    if (act === "back" || act === "on") this.step(act);
    if (act === "print") window.print();
    if (act === "file") this.file(this.data.lesson);
    if (act === "present") this.toggle();
  }

  step(way) { if (this[way]) this.go(this[way]); }

  toggle() {
    const on = !this.data.presents;
    if (on) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
    this.present(on);
  }

  // The browser leaves the full screen at Esc; the presenter's view goes with it.
  screen() {
    if (document.fullscreenElement) this.full = true;
    else if (this.full) { this.full = false; if (this.data.presents) this.present(false); }
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.defaultPrevented) return;
    if (e.composedPath().some((one) => one instanceof Element && one.matches(OWN_ARROWS))) return;
    const turns = this.data.presents ? { PageDown: "on", PageUp: "back" } : {};
    const way = { ArrowRight: "on", ArrowLeft: "back", ...turns }[e.key];
    if (e.key === "Escape" && this.data.presents && !document.fullscreenElement) this.present(false);
    if (!way || !this.data.steps.length) return;
    e.preventDefault();
    this.step(way);
  }
}
