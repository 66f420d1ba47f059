// The panes of compare.js on a page of the app.

const viewers = new WeakMap();

export default function ({ data, parentElement: root }) {
  const it = viewerOf(viewers, root, Panes);
  it.frame.classList.add("app");   // its font: compare.css
  it.update(data);
  return () => { it.stop(); viewers.delete(root); };
}
