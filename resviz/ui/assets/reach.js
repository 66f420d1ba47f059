// What scrolls can be reached by keyboard: code, tables and lists take the focus while they are larger than their place.
const SCROLLERS = ".stCode pre, .resviz-table, .stVerticalBlock[overflow=auto], .st-key-details";

function reach() {
  for (const one of document.querySelectorAll(SCROLLERS)) {
    const scrolls = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    if (scrolls) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}

if (!window.resvizReaches) {
  window.resvizReaches = true;
  let asked = 0;
  const soon = () => { cancelAnimationFrame(asked); asked = requestAnimationFrame(reach); };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  soon();
}
