// The panes of compare.js on a page of the app.

const viewers = new WeakMap();

export default function ({ data, parentElement: root }) {
  const it = viewerOf(viewers, root, Panes);
  it.update(data);
  return () => { it.stop(); viewers.delete(root); };
}
