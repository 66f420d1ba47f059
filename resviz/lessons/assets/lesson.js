// One step at a time, by arrow keys, the strip or the address (#step-3), or all of them (#all). Without this script, and
// on paper, all stand one below the other.
(() => {
"use strict";
const OWN_ARROWS = "input, textarea, select, summary, resviz-diagram, .chart, .resviz-table";
const sections = [...document.querySelectorAll("section")], nav = document.querySelector("nav"), body = document.body;
const way = (label, text, by) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, ariaLabel: label, title: `${label} (${by < 0 ? "left" : "right"} arrow)` });
  button.addEventListener("click", () => go(at() + by));
  return button;
};
const back = way("Previous step", "←", -1), on = way("Next step", "→", 1);
nav.prepend(back);
nav.append(on);

// The step that is open, counted from 0; -1 for all of them.
function at() { return body.classList.contains("stepped") ? sections.findIndex((one) => one.classList.contains("here")) : -1; }

function go(index) { if (sections[index]) location.hash = `#${sections[index].id}`; }

function show() {
  const all = location.hash === "#all", found = sections.findIndex((one) => `#${one.id}` === location.hash), index = Math.max(found, 0);
  body.classList.toggle("stepped", !all);
  sections.forEach((one, number) => one.classList.toggle("here", number === index));
  const current = all ? "#all" : `#${sections[index].id}`;
  for (const link of nav.querySelectorAll("a")) if (link.getAttribute("href") === current) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
  back.disabled = all || !index;
  on.disabled = all || index === sections.length - 1;
  window.dispatchEvent(new Event("resize"));   // what could not be measured while it was hidden
}

window.addEventListener("hashchange", () => { show(); window.scrollTo(0, 0); if (at() >= 0) sections[at()].focus({ preventScroll: true }); });
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.defaultPrevented || at() < 0) return;
  if (e.composedPath().some((one) => one instanceof Element && one.matches(OWN_ARROWS))) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!by) return;
  e.preventDefault();
  go(at() + by);
});
// Paper is white and shows every step: what was hidden is measured before it is printed.
let stepped = false;
window.addEventListener("beforeprint", () => {
  stepped = at() >= 0;
  body.classList.remove("stepped");
  document.documentElement.classList.add("paper");
  for (const one of document.querySelectorAll("resviz-diagram")) one.viewer?.room.fit();
});
window.addEventListener("afterprint", () => {
  body.classList.toggle("stepped", stepped);
  document.documentElement.classList.remove("paper");
});
show();
})();
