// Pictures next to each other that move and zoom as one. What differs is marked by resviz.diagram.differences;
// here a mark becomes a class and a sign.

const states = new WeakMap();
const NEAREST = 0.02, FARTHEST = 8;   // zoom
const FAR = 0.28;                     // below this zoom text cannot be read and is left out
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement: root }) {
  let it = states.get(root);
  if (!it) {
    it = new Panes(root);
    states.set(root, it);
  }
  it.update(data);
  return () => { it.stop(); states.delete(root); };
}

class Panes {
  constructor(root) {
    this.frame = root.querySelector(".frame"); this.row = root.querySelector(".panes"); this.tip = root.querySelector(".tip");
    this.k = 1; this.x = 0; this.y = 0;
    this.panes = []; this.hash = null;
    this.ending = new AbortController();
    const on = (target, type, act, more) => target.addEventListener(type, act, { signal: this.ending.signal, ...more });
    on(this.row, "wheel", (e) => this.wheel(e), { passive: false });
    on(this.row, "pointerdown", (e) => this.down(e));
    on(this.row, "pointermove", (e) => this.move(e));
    on(this.row, "pointerup", () => this.up());
    on(this.row, "pointercancel", () => this.up());
    on(this.row, "pointerleave", () => this.leave());
    on(this.row, "keydown", (e) => this.key(e));
    for (const button of this.frame.querySelectorAll("[data-act]")) on(button, "click", () => this.act(button.dataset.act));
    // Seen for the first time in a hidden tab, the panes have no size: fit once they have.
    this.sizes = new ResizeObserver(() => { if (this.unfitted) this.fit("width"); });
    this.sizes.observe(this.row);
  }

  stop() { this.ending.abort(); this.sizes.disconnect(); }

  update({ height, hash, view, panes }) {
    this.frame.style.height = `${height}px`;
    if (hash === this.hash) return;
    this.hash = hash;
    this.panes = panes.map((pane) => new Pane(pane));
    this.row.replaceChildren(...this.panes.map((pane) => pane.element));
    const refit = view !== this.fitted;
    this.fitted = view;
    if (refit) this.fit("width");
    else this.apply();
  }

  apply() { for (const pane of this.panes) pane.place(this.x, this.y, this.k); }

  // The same zoom for all: what the widest picture, for "fit" also the highest, allows.
  fit(how) {
    const { width, height } = this.panes[0].view.getBoundingClientRect();
    this.unfitted = !width || !height;
    if (this.unfitted) return;
    const wide = Math.max(...this.panes.map((pane) => pane.width)), high = Math.max(...this.panes.map((pane) => pane.height));
    const whole = Math.min(width / wide, height / high);
    this.k = how === "fit" ? Math.min(whole, 1.5) : Math.max(whole, Math.min(width / wide, 1));
    this.x = Math.max((width - wide * this.k) / 2, 0);
    this.y = how === "fit" ? Math.max((height - high * this.k) / 2, 0) : 0;
    this.apply();
  }

  zoom(factor, x, y) {
    const k = Math.min(Math.max(this.k * factor, NEAREST), FARTHEST), by = k / this.k;
    this.x = x - (x - this.x) * by; this.y = y - (y - this.y) * by; this.k = k;
    this.apply();
  }

  pan(dx, dy) { this.x += dx; this.y += dy; this.apply(); }

  act(what) {
    const { width, height } = this.panes[0].view.getBoundingClientRect();
    if (what === "in") this.zoom(1.3, width / 2, height / 2);
    else if (what === "out") this.zoom(1 / 1.3, width / 2, height / 2);
    else this.fit(what);
  }

  wheel(e) {
    const view = e.target.closest(".view");
    if (!view) return;
    e.preventDefault();
    this.leave();
    const { left, top } = view.getBoundingClientRect();
    if (e.shiftKey) this.pan(-e.deltaX, -e.deltaY);
    else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.pan(-e.deltaX, 0);
    else this.zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), e.clientX - left, e.clientY - top);
  }

  down(e) {
    if (e.button || !e.target.closest(".view")) return;
    this.last = { x: e.clientX, y: e.clientY };
    this.row.setPointerCapture(e.pointerId);
  }

  move(e) {
    if (!this.last) return this.hover(e);
    this.leave();
    this.pan(e.clientX - this.last.x, e.clientY - this.last.y);
    this.last = { x: e.clientX, y: e.clientY };
  }

  up() { this.last = null; }

  // The node under the pointer, and those of the same path in the other pictures.
  hover(e) {
    const node = e.target.closest(".node");
    if (!node) return this.leave();
    const path = node.dataset.path;
    if (path !== this.over) {
      this.leave();
      this.over = path;
      for (const pane of this.panes) pane.nodes.get(path)?.classList.add("twin");
      const [, ...rest] = node.getAttribute("aria-label").split(": ");
      const name = document.createElement("b");
      name.textContent = path;
      this.tip.replaceChildren(name, rest.join(": ").split("; ").join("\n"));
    }
    this.tip.hidden = false;
    const frame = this.frame.getBoundingClientRect(), tip = this.tip.getBoundingClientRect();
    const left = e.clientX - frame.left + 14, top = e.clientY - frame.top + 16;
    this.tip.style.left = `${Math.max(4, Math.min(left, frame.width - tip.width - 6))}px`;
    this.tip.style.top = `${top + tip.height > frame.height ? Math.max(4, top - tip.height - 28) : top}px`;
  }

  leave() {
    for (const node of this.row.querySelectorAll(".twin")) node.classList.remove("twin");
    this.tip.hidden = true;
    this.over = null;
  }

  key(e) {
    const ways = { ArrowDown: [0, -1], ArrowUp: [0, 1], ArrowRight: [-1, 0], ArrowLeft: [1, 0] };
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (ways[e.key]) this.pan(60 * ways[e.key][0], 60 * ways[e.key][1]);
    else if (e.key === "+" || e.key === "=") this.act("in");
    else if (e.key === "-") this.act("out");
    else if (e.key === "0") this.fit("fit");
    else if (e.key === "1") this.fit("width");
    else return;
    e.preventDefault();
  }
}

class Pane {
  constructor({ name, svg, marks }) {
    this.element = document.createElement("div");
    this.element.className = "pane";
    const title = document.createElement("h3");
    title.textContent = title.title = name;
    this.view = document.createElement("div");
    this.view.className = "view";
    this.view.tabIndex = 0;
    this.view.setAttribute("aria-label", `Diagram of ${name}; arrow keys move all diagrams, + and - zoom`);
    this.view.setAttribute("role", "group");
    this.view.innerHTML = svg;
    this.element.append(title, this.view);
    this.svg = this.view.firstElementChild;
    [, , this.width, this.height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    for (const each of ["viewBox", "width", "height"]) this.svg.removeAttribute(each);
    this.svg.querySelector("title")?.remove();   // the browser's own tooltip would cover ours
    this.layer = document.createElementNS(SVG, "g");
    this.layer.append(...this.svg.childNodes);
    this.svg.append(this.layer);
    this.nodes = new Map([...this.svg.querySelectorAll(".node")].map((node) => [node.dataset.path, node]));
    for (const [path, [mark, sign]] of Object.entries(marks)) this.mark(this.nodes.get(path), mark, sign);
  }

  mark(node, mark, sign) {
    node.classList.add("marked", mark);
    node.setAttribute("aria-label", `${node.getAttribute("aria-label")}; ${mark}`);
    const box = node.querySelector("rect:last-of-type"), badge = document.createElementNS(SVG, "g");
    badge.classList.add("badge");
    const [x, y] = box ? [box.getAttribute("x"), box.getAttribute("y")] : [-11, -9];   // of a circle: at its side
    badge.setAttribute("transform", `translate(${x} ${y})`);
    const circle = document.createElementNS(SVG, "circle"), text = document.createElementNS(SVG, "text");
    circle.setAttribute("r", "8");
    text.setAttribute("y", "4.5");
    text.setAttribute("font-size", "13");
    text.setAttribute("text-anchor", "middle");
    text.textContent = sign;
    badge.append(circle, text);
    node.append(badge);
  }

  place(x, y, k) {
    this.layer.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    this.layer.classList.toggle("far", k < FAR);
  }
}
