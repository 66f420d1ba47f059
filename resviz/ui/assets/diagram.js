// A picture that can be moved, searched and asked. The picture itself is drawn by resviz.diagram; nothing
// here knows what a residual network is.
//
// What a person has done (view, selection, search) lives in `states`, by the element Streamlit gives us,
// so that a rerun changes nothing unless the picture itself is another one.

const states = new WeakMap();
const NEAREST = 0.02, FARTHEST = 8;   // zoom
const FAR = 0.28;                     // below this zoom text cannot be read and is left out
const SMALLEST = 0.55;                // text that a person still reads
const DRAG = 4;                       // pixels that make a press a drag

export default function ({ data, parentElement: root, setStateValue, setTriggerValue }) {
  let it = states.get(root);
  if (!it) {
    it = new Viewer(root);
    states.set(root, it);
  }
  it.tell = (path) => setStateValue("selected", path);
  it.fold = (path, action) => setTriggerValue("folded", { detail: data.detail, path, action });
  it.update(data);
  return () => { it.stop(); states.delete(root); };
}

class Viewer {
  constructor(root) {
    const find = (name) => root.querySelector(name);
    this.frame = find(".frame"); this.view = find(".view"); this.tip = find(".tip");
    this.search = find(".search"); this.found = find(".found");
    this.k = 1; this.x = 0; this.y = 0;
    this.hash = null; this.selected = null; this.request = 0; this.current = null; this.hits = []; this.hit = -1;
    this.fingers = new Map();
    this.ending = new AbortController();
    const on = (target, type, act, more) => target.addEventListener(type, act, { signal: this.ending.signal, ...more });
    on(this.view, "wheel", (e) => this.wheel(e), { passive: false });
    on(this.view, "pointerdown", (e) => this.down(e));
    on(this.view, "pointermove", (e) => this.move(e));
    on(this.view, "pointerup", (e) => this.up(e));
    on(this.view, "pointercancel", (e) => this.up(e));
    on(this.view, "pointerleave", () => this.hideTip());
    on(this.view, "click", (e) => this.click(e));
    on(this.view, "keydown", (e) => this.key(e));
    on(this.view, "focusin", (e) => this.focused(e));
    on(this.view, "focusout", () => this.hideTip());
    on(this.search, "input", () => this.find(this.search.value));
    on(this.search, "keydown", (e) => this.searchKey(e));
    for (const button of this.frame.querySelectorAll("[data-act]")) on(button, "click", () => this.act(button.dataset.act));
    // Seen for the first time in a hidden tab, the view has no size: fit once it has.
    this.sizes = new ResizeObserver(() => { if (this.unfitted) this.fit("start"); });
    this.sizes.observe(this.view);
  }

  stop() { this.ending.abort(); this.sizes.disconnect(); }

  update(data) {
    this.frame.style.height = `${data.height}px`;
    if (data.hash !== this.hash) this.show(data);
    if (data.request && data.request.number !== this.request) {
      this.request = data.request.number;
      this.select(data.request.path, { tell: true, reveal: true });
    }
  }

  show(data) {
    const before = this.anchor && this.placeOf(this.anchor), focus = this.focusWithin();
    const fit = `${data.detail} ${data.horizontal}`, refit = this.hash === null || fit !== this.fitted;
    this.hash = data.hash; this.fitted = fit; this.horizontal = data.horizontal;
    this.view.innerHTML = data.svg;
    this.svg = this.view.firstElementChild;
    const [, , width, height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.size = { width, height };
    for (const name of ["viewBox", "width", "height"]) this.svg.removeAttribute(name);
    this.svg.querySelector("title")?.remove();   // the browser's own tooltip would cover ours
    this.layer = document.createElementNS("http://www.w3.org/2000/svg", "g");
    this.layer.append(...this.svg.childNodes);
    this.svg.append(this.layer);
    this.nodes = [...this.svg.querySelectorAll(".node")].map((element) => {
      const { e: x, f: y } = element.transform.baseVal[0].matrix;
      return { element, path: element.dataset.path, label: element.getAttribute("aria-label"), x, y };
    });
    this.byPath = new Map(this.nodes.map((node) => [node.path, node]));
    this.items = this.findable(data.search);
    this.current = null;
    this.enter(this.standingFor(this.selected) ?? this.nodes[0]);
    this.mark(this.selected);
    if (this.search.value) this.find(this.search.value);
    if (refit) this.fit("start");
    else if (before) this.keep(before);
    else this.apply();
    this.anchor = null;
    if (focus) this.focusAgain(focus);
  }

  // What has the focus in the picture, before another picture takes its place.
  focusWithin() {
    const element = this.view.getRootNode().activeElement;
    return element?.matches(".node, .handle") && this.view.contains(element) ? { ...element.dataset } : null;
  }

  focusAgain({ fold, path = fold }) {
    const handle = fold && this.handle(fold);
    if (!handle) this.enter(this.standingFor(path) ?? this.firstOf(path));
    (handle ?? this.current.element).focus({ preventScroll: true });
  }

  // The first node of a run, block or stage that is taken apart.
  firstOf(path) {
    const start = path.replace(/-\d+$/, "");
    return this.nodes.find((node) => node.path.startsWith(`${start}.`));
  }

  // The view

  apply() {
    this.layer.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.k})`);
    this.layer.classList.toggle("far", this.k < FAR);
  }

  fit(how) {
    const { width, height } = this.view.getBoundingClientRect();
    this.unfitted = !width || !height;
    if (this.unfitted) return;
    const wide = width / this.size.width, high = height / this.size.height, whole = Math.min(wide, high, 1.5);
    // To read: as large as the short side allows, from the beginning.
    this.k = how === "fit" ? whole : Math.max(whole, Math.min(this.horizontal ? high : wide, 1), SMALLEST);
    this.x = Math.max((width - this.size.width * this.k) / 2, 0);
    this.y = how === "fit" || this.horizontal ? Math.max((height - this.size.height * this.k) / 2, 0) : 0;
    this.apply();
  }

  zoom(factor, x, y) {
    const k = Math.min(Math.max(this.k * factor, NEAREST), FARTHEST), by = k / this.k;
    this.x = x - (x - this.x) * by; this.y = y - (y - this.y) * by; this.k = k;
    this.apply();
  }

  zoomMiddle(factor) {
    const { width, height } = this.view.getBoundingClientRect();
    this.zoom(factor, width / 2, height / 2);
  }

  pan(dx, dy) { this.x += dx; this.y += dy; this.apply(); }

  // Move as little as brings a node into sight.
  reveal(node) {
    const { width, height } = this.view.getBoundingClientRect(), edge = 60;
    if (this.k < FAR) { this.k = 1; this.x = width / 2 - node.x; this.y = height / 2 - node.y; this.apply(); return; }
    const x = this.x + node.x * this.k, y = this.y + node.y * this.k;
    const into = (at, size) => (at < edge ? edge - at : at > size - edge ? size - edge - at : 0);
    this.pan(into(x, width), into(y, height));
  }

  act(what) {
    if (what === "in") this.zoomMiddle(1.3);
    else if (what === "out") this.zoomMiddle(1 / 1.3);
    else if (what === "full") this.fullScreen();
    else this.fit(what);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.frame.requestFullscreen().catch(() => { this.found.textContent = "This browser allows no full screen here."; });
  }

  // After folding, what was pressed stays where it was on the screen.
  placeOf(path) {
    const handle = this.handle(path) ?? this.byPath.get(path)?.element;
    return handle && { path, box: handle.getBoundingClientRect() };
  }

  handle(path) { return this.svg.querySelector(`[data-fold="${CSS.escape(path)}"]`); }

  keep({ path, box }) {
    this.apply();
    const near = this.handle(path) ?? (this.byPath.get(path) ?? this.firstOf(path))?.element;
    if (near) { const now = near.getBoundingClientRect(); this.pan(box.x - now.x, box.y - now.y); }
  }

  // Pointer

  wheel(e) {
    e.preventDefault();
    this.hideTip();
    const { left, top } = this.view.getBoundingClientRect();
    if (e.shiftKey) this.pan(-e.deltaX, -e.deltaY);
    else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.pan(-e.deltaX, 0);
    else this.zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), e.clientX - left, e.clientY - top);
  }

  down(e) {
    if (e.button) return;
    if (!this.fingers.size) this.dragged = false;
    this.fingers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    this.start = { x: e.clientX, y: e.clientY };
  }

  move(e) {
    const finger = this.fingers.get(e.pointerId);
    if (!finger) return this.hover(e);
    if (!this.dragged && Math.hypot(e.clientX - this.start.x, e.clientY - this.start.y) <= DRAG) return;
    if (!this.dragged) {
      this.dragged = true;
      this.hideTip();
      this.view.classList.add("drag");
      this.view.setPointerCapture(e.pointerId);
    }
    const before = this.spread();
    finger.x = e.clientX; finger.y = e.clientY;
    const after = this.spread();
    this.pan(after.x - before.x, after.y - before.y);
    if (this.fingers.size < 2) return;
    const { left, top } = this.view.getBoundingClientRect();
    this.zoom(after.apart / before.apart, after.x - left, after.y - top);
  }

  // The middle of the fingers and how far apart the first two are.
  spread() {
    const [a, b = a] = [...this.fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  }

  up(e) {
    this.fingers.delete(e.pointerId);
    if (!this.fingers.size) this.view.classList.remove("drag");
  }

  click(e) {
    if (this.dragged) return;
    const handle = e.target.closest(".handle"), node = e.target.closest(".node");
    if (handle) this.press(handle);
    else if (node) { this.select(node.dataset.path, { tell: true }); node.focus({ preventScroll: true }); }
    else if (this.selected !== null) this.select(null, { tell: true });
  }

  press(handle) {
    this.anchor = handle.dataset.fold;
    this.fold(handle.dataset.fold, handle.dataset.action);
  }

  hover(e) {
    const node = e.target.closest(".node");
    if (node) this.showTip(node, e.clientX, e.clientY);
    else this.hideTip();
  }

  showTip(element, x, y) {
    const [path, ...rest] = element.getAttribute("aria-label").split(": ");
    if (this.tipped !== element) {
      this.tipped = element;
      const name = document.createElement("b");
      name.textContent = path;
      this.tip.replaceChildren(name, rest.join(": ").split("; ").join("\n"));
    }
    this.tip.hidden = false;
    const frame = this.frame.getBoundingClientRect(), tip = this.tip.getBoundingClientRect();
    const left = x - frame.left + 14, top = y - frame.top + 16;
    this.tip.style.left = `${Math.max(4, Math.min(left, frame.width - tip.width - 6))}px`;
    this.tip.style.top = `${top + tip.height > frame.height ? Math.max(4, top - tip.height - 28) : top}px`;
  }

  hideTip() { this.tip.hidden = true; this.tipped = null; }

  // Selection and keyboard

  // The node of a path, or the folded block, run or stage that holds it.
  standingFor(path) {
    if (path === null || this.byPath.has(path)) return this.byPath.get(path);
    const [stage, block] = path.split(".");
    const holds = (span) => { const [first, last = first] = span.split("-").map(Number); return first <= block && block <= last; };
    const run = this.nodes.find((node) => { const [name, span, more] = node.path.split("."); return name === stage && span && !more && holds(span); });
    return run ?? this.byPath.get(stage);
  }

  mark(path) {
    const old = this.svg.querySelector(".node.sel");
    if (old) { old.classList.remove("sel"); old.setAttribute("aria-selected", "false"); }
    for (const line of this.svg.querySelectorAll(".edge.sel")) line.classList.remove("sel");
    const lines = path === null ? [] : this.linesOf(path);
    for (const line of lines) line.classList.add("sel");
    const node = lines.length ? undefined : this.standingFor(path);
    if (node) { node.element.classList.add("sel"); node.element.setAttribute("aria-selected", "true"); }
    return node;
  }

  select(path, { tell, reveal = false }) {
    this.selected = path;
    const node = this.mark(path);
    if (node) { this.enter(node); if (reveal) this.reveal(node); }
    if (tell) this.tell(path);
  }

  // One node at a time is in the tab order; the arrow keys move on from there.
  enter(node) {
    if (!node) return;
    this.current?.element.setAttribute("tabindex", "-1");
    node.element.setAttribute("tabindex", "0");
    this.current = node;
  }

  focused(e) {
    const element = e.target.closest(".node");
    if (!element) return;
    const node = this.byPath.get(element.dataset.path);
    this.enter(node);
    if (!element.matches(":focus-visible")) return;
    this.reveal(node);
    const box = element.getBoundingClientRect();
    this.showTip(element, box.right, box.top);
  }

  key(e) {
    const ways = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
    const handle = e.target.closest(".handle");
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Enter" || e.key === " ") {
      if (handle) this.press(handle);
      else if (this.current) this.select(this.current.path, { tell: true });
    } else if (ways[e.key] && !handle) this.go(this.next(...ways[e.key]));
    else if (e.key === "Home") this.go(this.nodes[0]);
    else if (e.key === "End") this.go(this.nodes.at(-1));
    else if (e.key === "Escape" && this.selected !== null) this.select(null, { tell: true });
    else if (e.key === "+" || e.key === "=") this.zoomMiddle(1.3);
    else if (e.key === "-") this.zoomMiddle(1 / 1.3);
    else if (e.key === "0") this.fit("fit");
    else if (e.key === "1") this.fit("start");
    else if (e.key === "f") this.fullScreen();
    else return;
    e.preventDefault();
  }

  // The nearest node in a direction; straight ahead counts more than aside.
  next(right, down) {
    let best = null, least = Infinity;
    for (const node of this.nodes) {
      const dx = node.x - this.current.x, dy = node.y - this.current.y;
      const ahead = dx * right + dy * down, aside = Math.abs(dx * down + dy * right);
      if (ahead < 1 || aside > 4 * ahead + 1) continue;
      if (ahead + 4 * aside < least) { least = ahead + 4 * aside; best = node; }
    }
    return best;
  }

  go(node) {
    if (!node) return;
    this.enter(node);
    node.element.focus({ preventScroll: true });
    this.reveal(node);
  }

  // Search

  // What can be found: each node by its own words and those of what it stands for, then stages and shortcuts.
  findable({ words, places }) {
    const items = this.nodes.map((node) => ({
      path: node.path, text: [node.path, node.label, words[node.path] ?? ""].join("; ").toLowerCase(), nodes: [node], lines: [], folded: words[node.path] ?? "",
    }));
    for (const { path, words: text, nodes, edge, dashed } of places) {
      const inside = (node) => node.path.replace(/^plain\./, "").startsWith(`${path}.`);
      const lit = edge ? nodes.map((name) => this.byPath.get(name)).filter(Boolean) : this.nodes.filter(inside);
      items.push({ path, text: text.toLowerCase(), nodes: lit, lines: edge ? this.linesOf(edge, dashed) : [], folded: "" });
    }
    const order = new Map(this.nodes.map((node, index) => [node, index]));
    const first = (item) => order.get(item.nodes[0]) ?? Infinity;
    return items.sort((a, b) => first(a) - first(b) || b.nodes.length - a.nodes.length);
  }

  linesOf(path, dashed) {
    const kind = dashed === undefined ? "" : dashed ? ".dashed" : ".solid";
    return [...this.svg.querySelectorAll(`.edge${kind}[data-edge="${CSS.escape(path)}"]`)];
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

  find(text) {
    const word = text.trim().toLowerCase();
    this.hits = [];
    for (const item of word ? this.items : []) {
      const inside = this.within(item, word);
      if (inside ?? item.text.includes(word)) this.hits.push({ ...item, path: inside || item.path });
    }
    this.hit = -1;
    const hits = new Set(this.hits.flatMap((item) => item.nodes)), lines = new Set(this.hits.flatMap((item) => item.lines));
    for (const node of this.nodes) node.element.classList.toggle("hit", hits.has(node));
    for (const line of this.svg.querySelectorAll(".edge")) line.classList.toggle("hit", lines.has(line));
    this.layer.classList.toggle("searching", word !== "");
    this.found.textContent = !word ? "" : this.hits.length ? `${this.hits.length} found` : "nothing found";
    if (this.hits.length) this.reveal(this.hits[0].nodes[0]);
  }

  searchKey(e) {
    if (e.key === "Escape") { this.search.value = ""; this.find(""); }
    if (e.key !== "Enter" || !this.hits.length) return;
    e.preventDefault();
    this.hit = (this.hit + (e.shiftKey ? -1 : 1) + this.hits.length) % this.hits.length;
    this.found.textContent = `${this.hit + 1} of ${this.hits.length}`;
    const { path, nodes } = this.hits[this.hit];
    this.select(path, { tell: true });
    this.enter(nodes[0]);
    this.reveal(nodes[0]);
  }
}
