// The viewer of diagram.js on a page of the app: what it says goes to Python, and its room is the page's.
//
// What a person has done (view, selection, search) lives in `viewers`, by the element Streamlit gives us,
// so that a rerun changes nothing unless the picture itself is another one.

const viewers = new WeakMap();

export default function ({ data, parentElement: root, setTriggerValue }) {
  const it = viewerOf(viewers, root, PageViewer);
  it.say = (words) => setTriggerValue("said", words);
  it.detail = data.detail;
  it.update(data);
  return () => { it.stop(); viewers.delete(root); };
}

class PageViewer extends Viewer {
  constructor(root) { super(root, placeOnPage(root)); }
}

// The page's side gives the element around diagram and details the key `explore`, where there are details.
function placeOnPage(root) {
  const outer = (root.getRootNode().host ?? root).closest(".st-key-explore") ?? root.querySelector(".frame");
  const main = outer.closest("[data-testid=stMain]");
  const details = () => outer.querySelector(".st-key-details");
  return { outer, details, scrolled: () => main?.scrollTop ?? 0, scroll: (down) => main?.scrollBy(0, down) };
}
