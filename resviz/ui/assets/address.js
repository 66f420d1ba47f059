// An address is completed in its place, so that Back leaves the page with one press. Streamlit makes a step in
// the history of every change of the parameters; the first ones after a page is opened are no step of a person's.
// Another network is a step: Back returns to the one before. What is selected, unfolded or coloured is none.
const push = history.pushState;
const OWN = ["detail", "view", "block", "direction", "heat", "node", "unfold", "fold", "full", "numbers", "edges"];

// Whether only what the Explore page shows of a network differs (resviz.ui.shown).
function sameButShown(here, there) {
  const names = new Set([...here.searchParams.keys(), ...there.searchParams.keys()]);
  const differ = [...names].filter((name) => here.searchParams.get(name) !== there.searchParams.get(name));
  return differ.length > 0 && differ.every((name) => OWN.includes(name));
}

// Whether a link of Streamlit's navigation was followed whose path has not come yet.
let leaves = false;
const LINKS = ["stTopNav", "stSidebarNav", "stPageLink"].map((name) => `[data-testid^="${name}"] a, a[data-testid^="${name}"]`).join();

function leave(event) {
  const link = event.target.closest?.(LINKS);
  const here = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  leaves = Boolean(here && link && link.pathname !== location.pathname);
}

function stay() { leaves = false; }

if (!push.completes) {
  document.addEventListener("click", leave, true);
  for (const name of ["keydown", "input"]) document.addEventListener(name, stay, true);
  addEventListener("popstate", stay);
  history.pushState = function (state, title, url) {
    const here = new URL(location.href);
    const there = new URL(url ?? here, here);
    const same = there.pathname === here.pathname;
    // What another page writes first may arrive before its path does: it is not of the address that we have.
    if (same && (leaves || (here.searchParams.has("net") && !there.searchParams.has("net")))) return undefined;
    leaves = false;
    const stays = same && (!here.searchParams.has("net") || sameButShown(here, there));
    return stays ? history.replaceState(state, title, url) : push.call(history, state, title, url);
  };
  history.pushState.completes = true;
}

// The first stop of the Tab key on Explore leads to the diagram; the next one, Streamlit's, to the page's content.
function skip() {
  const link = document.createElement("a");
  link.className = "resviz-skip"; link.href = "#content"; link.textContent = "Skip to the diagram";
  link.addEventListener("click", (e) => {
    e.preventDefault();
    const inside = [...document.querySelectorAll(".st-key-diagram *")].find((one) => one.shadowRoot)?.shadowRoot;
    inside?.querySelector('.view [tabindex="0"]')?.focus();
  });
  document.body.prepend(link);
}

if (!document.querySelector(".resviz-skip")) skip();

export default function () {}
