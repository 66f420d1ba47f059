// Finding things in the picture of diagram.js: nodes by their own words and those of what they stand for, stages,
// and shortcuts.

class Search {
  constructor(box, found, on, viewer) {
    this.box = box; this.found = found; this.viewer = viewer;
    this.hits = []; this.hit = -1;
    on(box, "input", () => this.find());
    on(box, "keydown", (e) => this.key(e));
    // Streamlit has keys of its own, `r` and `c`, and does not see that this is a box to type in.
    for (const type of ["keydown", "keypress", "keyup"]) on(box, type, (e) => e.stopPropagation());
  }

  // Another picture is shown.
  take({ words, places }, { picture, view }) {
    this.picture = picture; this.view = view;
    this.items = this.findable(words, places);
    if (this.box.value) this.find();
  }

  findable(words, places) {
    const { nodes, byPath } = this.picture;
    const items = nodes.map((node) => ({
      path: node.path, text: [node.path, node.label, words[node.path] ?? ""].join("; ").toLowerCase(), nodes: [node], lines: [], folded: words[node.path] ?? "",
    }));
    for (const { path, words: text, nodes: names, edge, dashed } of places) {
      const inside = (node) => node.path.replace(/^plain\./, "").startsWith(`${path}.`);
      const lit = edge ? names.map((name) => byPath.get(name)).filter(Boolean) : nodes.filter(inside);
      items.push({ path, text: text.toLowerCase(), nodes: lit, lines: edge ? this.viewer.linesOf(edge, dashed) : [], folded: "" });
    }
    const order = new Map(nodes.map((node, index) => [node, index]));
    const first = (item) => order.get(item.nodes[0]) ?? Infinity;
    return items.sort((a, b) => first(a) - first(b) || b.nodes.length - a.nodes.length);
  }

  // The path that a word names behind an item, `layer3.4` in `layer3.1-5` or `layer3.4.bn2` at `layer3.4.conv2`, or null.
  within(item, word) {
    const named = word.match(/^([\w-]+)\.(\d+)(?:\.(.*))?$/);
    const span = (item.path === named?.[1] ? item.folded : item.path).match(/^([\w-]+)\.(\d+)(?:-(\d+))?(\.)?/);
    if (!named || !span || !item.folded) return null;
    const [, name, number, rest = ""] = named, [, stage, start, end = start, inside] = span;
    if (stage !== name || +number < +start || +number > +end || (inside && !rest)) return null;
    const names = item.folded.split("; ").map((words) => words.split(" ")[0]);
    if (names.includes(rest)) return `${name}.${number}.${rest}`;
    return names.some((inner) => inner.startsWith(rest)) ? `${name}.${number}` : null;
  }

  find() {
    const word = this.box.value.trim().toLowerCase();
    this.hits = [];
    for (const item of word ? this.items : []) {
      const inside = this.within(item, word);
      if (inside ?? item.text.includes(word)) this.hits.push({ ...item, path: inside || item.path });
    }
    this.hit = -1;
    const hits = new Set(this.hits.flatMap((item) => item.nodes)), lines = new Set(this.hits.flatMap((item) => item.lines));
    for (const node of this.picture.nodes) node.element.classList.toggle("hit", hits.has(node));
    for (const line of this.picture.svg.querySelectorAll(".edge")) line.classList.toggle("hit", lines.has(line));
    this.picture.layer.classList.toggle("searching", word !== "");
    this.found.textContent = !word ? "" : this.hits.length ? `${this.hits.length} found` : "nothing found";
    if (this.hits.length) this.view.reveal(this.hits[0].nodes[0]);
  }

  key(e) {
    if (e.key === "Escape") { this.box.value = ""; this.find(); }
    if (e.key !== "Enter" || !this.hits.length) return;
    e.preventDefault();
    this.hit = (this.hit + (e.shiftKey ? -1 : 1) + this.hits.length) % this.hits.length;
    this.found.textContent = `${this.hit + 1} of ${this.hits.length}`;
    const { path, nodes } = this.hits[this.hit];
    this.viewer.select(path, { tell: true });
    this.viewer.enter(nodes[0]);
    this.view.reveal(nodes[0]);
  }
}
