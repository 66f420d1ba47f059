// Pictures next to each other that move and zoom as one, by view.js. What differs is marked by
// resviz.diagram.differences; here a mark becomes a class and a sign.

class Panes {
  constructor(root) {
    this.ending = new AbortController();
    const on = until(this.ending.signal);
    this.frame = root.querySelector(".frame"); this.row = root.querySelector(".panes");
    this.told = root.querySelector("[role=status]");
    this.tip = new Tip(root.querySelector(".tip"), this.frame, this.row);
    this.view = new View(this.row, on, { hover: (e) => this.hover(e), leave: () => this.leave() });
    this.hash = null; this.over = null;
    this.outer = (root.getRootNode().host ?? root).closest(".st-key-compare-panes") ?? root.querySelector(".outer") ?? this.frame;
    on(document, "fullscreenchange", () => { if (!document.fullscreenElement && this.full) this.fill(false); });
    on(document, "keydown", (e) => { if (e.key === "Escape" && this.full && !document.fullscreenElement) this.fill(false); });
    on(this.row, "keydown", (e) => this.key(e));
    on(this.row, "scroll", () => this.leave());
    on(window, "beforeprint", () => this.print(true));
    on(window, "afterprint", () => this.print(false));
    for (const button of this.frame.querySelectorAll("[data-act]")) on(button, "click", () => this.act(button.dataset.act));
  }

  print(on) {
    const { pictures } = this.view, most = (name) => Math.max(...pictures.map((one) => one[name]));
    for (const picture of pictures) picture.print(on, { width: most("width"), height: most("height") });
  }

  act(what) {
    if (what === "next") this.next();
    else if (what === "full") this.toggle();
    else this.view.act(what);
  }

  // The whole window, and the whole screen where the browser allows it.
  toggle() {
    if (this.full) { this.fill(false); if (document.fullscreenElement) document.exitFullscreen(); return; }
    this.fill(true);
    this.outer.requestFullscreen?.().catch(() => {});
  }

  fill(full) {
    this.full = full;
    this.outer.toggleAttribute("data-full", full);
    this.frame.toggleAttribute("data-full", full);
    sayFull(this.frame, full);
    this.view.alone = full;
    this.leave();
  }

  // The marked nodes of all pictures from top to bottom, one after the other, each with what is said of it.
  next() {
    const found = new Map();
    for (const picture of this.view.pictures) {
      for (const node of picture.nodes) if (node.element.classList.contains("marked") && !found.has(node.path)) found.set(node.path, { node, picture });
    }
    const marked = [...found.values()].sort((a, b) => a.node.y - b.node.y || a.node.x - b.node.x);
    if (!marked.length) { this.told.textContent = "Nothing differs here."; this.told.classList.add("seen"); return; }
    this.at = ((this.at ?? -1) + 1) % marked.length;
    const { node, picture } = marked[this.at];
    if (this.view.k < READABLE) { const { width, height } = this.view.size; this.view.zoom(1 / this.view.k, width / 2, height / 2); }
    this.view.reveal(node);
    this.frame.scrollIntoView({ block: "nearest" });   // of a frame below the window's edge the difference would be missed
    this.leave();
    for (const one of this.view.pictures) one.byPath.get(node.path)?.element.classList.add("twin");
    this.tip.show(node, node.label, picture.boxOf(node), this.view.pictures);
    this.told.textContent = `${this.at + 1} of ${marked.length}: ${node.label}`;
  }

  stop() { this.ending.abort(); this.view.stop(); this.outer.removeAttribute("data-full"); }

  // `fill`: the height is what the window leaves, else a page may set that of all its diagrams, as in room.js.
  update({ height, fill = false, hash, view, panes }) {
    this.frame.style.height = fill ? `${height}px` : `var(--resviz-height, ${height}px)`;
    if (hash === this.hash) return;
    this.hash = hash; this.at = undefined; this.told.textContent = "";
    const made = panes.map((pane) => new Pane(pane));
    this.row.replaceChildren(...made.map((pane) => pane.element));
    this.view.pictures = made.map((pane) => pane.picture);
    if (view !== this.kind || !this.view.moved) this.view.fit();
    else this.view.apply();
    this.kind = view;
  }

  // The node under the pointer, and those of the same path in the other pictures.
  hover(e) {
    const element = e.target.closest(".node"), pictures = this.view.pictures;
    const picture = element && pictures.find((one) => one.element.contains(element));
    const node = picture?.byPath.get(element.dataset.path);
    if (!node) { this.leave(); return; }
    if (node !== this.over) {
      this.leave();
      this.over = node;
      for (const one of pictures) one.byPath.get(node.path)?.element.classList.add("twin");
    }
    this.tip.show(node, node.label, picture.boxOf(node), pictures);
  }

  leave() {
    for (const node of this.row.querySelectorAll(".twin")) node.classList.remove("twin");
    this.told.classList.remove("seen");
    this.tip.hide();
    this.over = null;
  }

  key(e) {
    const ways = { ArrowDown: [0, -60], ArrowUp: [0, 60], ArrowRight: [-60, 0], ArrowLeft: [60, 0] };
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "n") this.next();
    else if (ways[e.key]) { this.leave(); this.view.pan(...ways[e.key]); }
    else if (e.key === "f") this.toggle();
    else if (!this.view.key(e)) return;
    e.preventDefault();
  }
}

class Pane {
  constructor({ name, svg, marks }) {
    this.element = document.createElement("div");
    this.element.className = "pane";
    const title = document.createElement("h2"), view = document.createElement("div");
    title.textContent = title.title = name;
    view.className = "view";
    view.tabIndex = 0;
    view.setAttribute("aria-label", `Diagram of ${name}; arrow keys move all diagrams, + and - zoom`);
    view.setAttribute("role", "group");
    this.element.append(title, view);
    this.picture = new Picture(view, svg);
    for (const [path, [mark, sign, said]] of Object.entries(marks)) this.mark(this.picture.byPath.get(path), mark, sign, said);
  }

  mark(node, mark, sign, said) {
    const { element } = node;
    element.classList.add("marked", mark);
    node.label = `${node.label}; ${sign} ${said}`;
    const box = element.querySelector("rect:last-of-type"), badge = document.createElementNS(SVG, "g");
    badge.classList.add("badge");
    const [x, y] = box ? [+box.getAttribute("x"), +box.getAttribute("y") + +box.getAttribute("height")] : [-11, 9];   // of a circle: at its side
    badge.setAttribute("transform", `translate(${x} ${y})`);
    const circle = document.createElementNS(SVG, "circle"), text = document.createElementNS(SVG, "text");
    circle.setAttribute("r", "8");
    text.setAttribute("y", "4.5");
    text.setAttribute("font-size", "13");
    text.setAttribute("text-anchor", "middle");
    text.textContent = sign;
    badge.append(circle, text);
    element.append(badge);
    this.picture.name(node);
  }
}
