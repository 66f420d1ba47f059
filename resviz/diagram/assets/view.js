// Pictures that a person moves and zooms: one view for all of them, with wheel, drag, fingers and keys, that fits
// by itself until it is moved; and the tip beside what is pointed at. diagram.js and compare.js stand on this file.

const SVG = "http://www.w3.org/2000/svg";
const NEAREST = 0.02, FARTHEST = 8;   // zoom
const LARGEST = 1.5;                  // zoom that fitting stops at
const FAR = 0.28;                     // below this zoom text cannot be read and is left out
const READABLE = 0.55;                // above this zoom a person reads it
const LOW = 420;                      // pixels below which a room is low
const STEP = 1.3;                     // of the zoom buttons
const DRAG = 4;                       // pixels that make a press a drag
const GAP = 10;                       // pixels from a thing to its tip
const BETWEEN = /; (?![^[]*\])/;       // the facts of a label, those in brackets apart
const BUTTONS = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "start" };

// One picture in its element, and its nodes by path.
class Picture {
  constructor(element, text) {
    this.element = element;
    element.innerHTML = text;
    this.svg = element.firstElementChild;
    [, , this.width, this.height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    for (const name of ["viewBox", "width", "height"]) this.svg.removeAttribute(name);
    this.svg.querySelector("title")?.remove();   // the browser's own tooltip would cover ours
    this.layer = document.createElementNS(SVG, "g");
    this.layer.append(...this.svg.childNodes);
    this.svg.append(this.layer);
    this.nodes = [...this.svg.querySelectorAll(".node")].map((node) => {
      const { e: x, f: y } = node.transform.baseVal[0].matrix;
      return { element: node, path: node.dataset.path, label: node.getAttribute("aria-label"), x, y };
    });
    this.byPath = new Map(this.nodes.map((node) => [node.path, node]));
    for (const node of this.nodes) this.name(node);
  }

  // A node's name is its path, what stands on it, so that whoever says what he sees is understood, and the facts of its
  // label that say more.
  name({ element, label }) {
    const texts = [...element.querySelectorAll("text")], words = texts.map((text) => text.textContent).join("; ");
    for (const text of texts.slice(0, -1)) if (text.nextSibling?.nodeType !== Node.TEXT_NODE) text.after(" ");   // else lines run together
    const [path, ...rest] = label.split(": ");
    const facts = rest.join(": ").split(BETWEEN).map((fact) => fact.replace(/ ?\[[^\]]*\]$/, "")).filter((fact) => fact && !words.includes(fact));
    element.setAttribute("aria-label", `${path}: ${[words, ...facts].filter(Boolean).join("; ")}`);
  }

  place({ x, y, k }) {
    this.x = x; this.y = y; this.k = k;
    if (this.onPaper) return;
    this.layer.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    this.layer.style.setProperty("--zoom", k);
    this.layer.classList.toggle("far", k < FAR);
  }

  // On paper nobody can move a picture: all of it is shown, as large as its place there; pictures of one row at one scale.
  print(on, { width, height } = this) {
    this.onPaper = on;
    if (!on) { this.svg.removeAttribute("viewBox"); this.place(this); return; }
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.layer.removeAttribute("transform");
    this.layer.style.setProperty("--zoom", 1);
    this.layer.classList.remove("far");
  }

  // Where a node is on the screen.
  boxOf(node, { left, top } = this.element.getBoundingClientRect()) {
    node.box ??= node.element.getBBox();
    const x = left + this.x + (node.x + node.box.x) * this.k, y = top + this.y + (node.y + node.box.y) * this.k;
    return { left: x, top: y, right: x + node.box.width * this.k, bottom: y + node.box.height * this.k };
  }

  // Where the nodes are that can be seen.
  boxesInSight() {
    const frame = this.element.getBoundingClientRect(), room = 200 * this.k;
    const seen = (at, size) => at > -room && at < size + room;
    const near = ({ x, y }) => seen(this.x + x * this.k, frame.width) && seen(this.y + y * this.k, frame.height);
    return this.nodes.filter(near).map((node) => this.boxOf(node, frame)).filter((box) => shared(box, frame) > 0);
  }
}

// How much of the screen two boxes share.
function shared(a, b) {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

// Where pictures of the same size stand. `mode` is what it fits to: "fit" shows everything, "start" is as large as
// the short side allows, from the beginning; "auto" shows everything where that can be read, else starts.
// The fit is kept through every change of size until a person moves or zooms, which `moved` tells.
class View {
  constructor(host, on, { hover, leave }) {
    this.host = host; this.hover = hover; this.leave = leave;
    this.k = 1; this.x = 0; this.y = 0;
    this.mode = "auto"; this.moved = false; this.pictures = []; this.horizontal = false;
    this.fingers = new Map();
    this.alone = false;   // on a full screen there is no page to scroll
    this.past = false;    // a picture higher than the window: the wheel scrolls the page past it
    on(host, "wheel", (e) => this.wheel(e), { passive: false });
    on(host, "pointerdown", (e) => this.down(e));
    on(host, "pointermove", (e) => this.move(e));
    on(host, "pointerup", (e) => this.up(e));
    on(host, "pointercancel", (e) => this.up(e));
    on(host, "pointerleave", leave);
    // One finger is the page's; two are ours.
    for (const type of ["touchstart", "touchmove"]) {
      on(host, type, (e) => { if (e.touches.length > 1 && e.cancelable) e.preventDefault(); }, { passive: false });
    }
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(host);
  }

  stop() { this.sizes.disconnect(); }

  get size() { return this.pictures[0].element.getBoundingClientRect(); }

  apply() { for (const picture of this.pictures) picture.place(this); }

  // The zoom that shows everything, and the one that fills the short side.
  zooms({ width, height }) {
    const wide = width / Math.max(...this.pictures.map((one) => one.width));
    const high = height / Math.max(...this.pictures.map((one) => one.height));
    const whole = Math.min(wide, high, LARGEST);
    return { whole, start: Math.max(whole, Math.min(this.horizontal ? high : wide, 1)) };
  }

  // Whether fitting shows everything, not the start alone.
  get fitsAll() { return this.mode === "fit" || (this.mode === "auto" && this.zooms(this.size).whole >= READABLE); }

  fit(mode = this.mode) {
    this.mode = mode; this.moved = false;
    const { width, height } = this.size;
    if (!width || !height) return;   // in a hidden tab: once it is seen, it has a size
    this.seen = { width, height };
    const { whole, start } = this.zooms(this.size);
    this.k = this.fitsAll ? whole : start;
    const beside = (size, name) => Math.max((size - Math.max(...this.pictures.map((one) => one[name])) * this.k) / 2, 0);
    this.x = beside(width, "width"); this.y = beside(height, "height");
    // In a low room a start shows the net, not the picture's title.
    if (!this.fitsAll && !this.horizontal && height < LOW) this.y = Math.min(0, 20 - this.pictures[0].nodes[0].y * this.k);
    this.apply();
    this.leave();
    this.fitted?.();
  }

  // What a person has moved stays in the middle; what fits, fits again.
  resized() {
    if (!this.pictures.length) return;
    const { width, height } = this.size;
    if (!width || !height) return;
    if (!this.moved || !this.seen) { this.fit(); return; }
    this.x += (width - this.seen.width) / 2; this.y += (height - this.seen.height) / 2;
    this.seen = { width, height };
    this.apply();
    this.leave();
  }

  zoom(factor, x, y) {
    const k = Math.min(Math.max(this.k * factor, NEAREST), FARTHEST), by = k / this.k;
    this.x = x - (x - this.x) * by; this.y = y - (y - this.y) * by; this.k = k;
    this.moved = true;
    this.apply();
  }

  pan(dx, dy) {
    if (!dx && !dy) return;
    this.x += dx; this.y += dy;
    this.moved = true;
    this.apply();
  }

  // Out of the way of something that lies over the picture for a while; it is no move of a person's.
  aside(dx, dy) { this.x += dx; this.y += dy; this.apply(); }

  refit() { if (!this.moved && this.pictures.length) this.fit(); }

  act(what) {
    const { width, height } = this.size;
    if (what === "in" || what === "out") this.zoom(what === "in" ? STEP : 1 / STEP, width / 2, height / 2);
    else this.fit(what);
  }

  // Do what a key stands for; tell whether it stands for anything here.
  key({ key }) {
    if (!(key in BUTTONS)) return false;
    this.act(BUTTONS[key]);
    return true;
  }

  // Move as little as brings a place of the picture into sight.
  reveal({ x, y }) {
    const { width, height } = this.size, edge = Math.min(60, width / 4, height / 4);
    if (this.k < FAR) { this.k = 1; this.pan(width / 2 - x - this.x, height / 2 - y - this.y); return; }
    if (this.fitsAll && !this.moved) return;   // everything is in sight
    const into = (at, size) => (at < edge ? edge - at : at > size - edge ? size - edge - at : 0);
    this.pan(into(this.x + x * this.k, width), into(this.y + y * this.k, height));
  }

  wheel(e) {
    const { left, top } = e.target.closest(".view")?.getBoundingClientRect() ?? {};
    if (left === undefined || (this.past && !e.ctrlKey)) return;
    e.preventDefault();
    this.leave();
    if (e.shiftKey) this.pan(-e.deltaX, -e.deltaY);
    else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.pan(-e.deltaX, 0);
    else this.zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), e.clientX - left, e.clientY - top);
  }

  down(e) {
    const view = e.target.closest(".view");
    if (e.button || !view) return;
    if (!this.fingers.size) this.dragged = false;
    this.grabbed = view;
    this.fingers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    this.start = { x: e.clientX, y: e.clientY };
  }

  move(e) {
    const finger = this.fingers.get(e.pointerId), touch = e.pointerType === "touch";
    if (!finger) { if (!touch) this.hover(e); return; }
    if (!this.dragged && Math.hypot(e.clientX - this.start.x, e.clientY - this.start.y) <= DRAG) return;
    const before = this.spread();
    finger.x = e.clientX; finger.y = e.clientY;
    if (touch && this.fingers.size < 2 && !this.alone && !document.fullscreenElement) return;
    if (!this.dragged) {
      this.dragged = true;
      this.leave();
      this.host.classList.add("drag");
      this.host.setPointerCapture(e.pointerId);
    }
    const after = this.spread();
    this.pan(after.x - before.x, after.y - before.y);
    if (this.fingers.size < 2) return;
    const { left, top } = this.grabbed.getBoundingClientRect();
    this.zoom(after.apart / before.apart, after.x - left, after.y - top);
  }

  // The middle of the fingers and how far apart the first two are.
  spread() {
    const [a, b = a] = [...this.fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  }

  up(e) {
    this.fingers.delete(e.pointerId);
    if (!this.fingers.size) this.host.classList.remove("drag");
  }
}

// A few words beside a thing, where they cover no node, or as little as there is room for.
class Tip {
  constructor(element, frame, host) { this.element = element; this.frame = frame; this.host = host; this.of = null; }

  // `label` is a name, a colon, and facts between semicolons, those in brackets apart; `box` is where the thing is on the screen, `sheet` what lies over the pictures, if anything does.
  show(of, label, box, pictures, sheet = null) {
    if (this.of === of) return;
    this.of = of;
    const [title, ...rest] = label.split(": "), name = document.createElement("b");
    name.textContent = title;
    this.element.replaceChildren(name, rest.join(": ").split(BETWEEN).join("\n"));
    this.element.hidden = false;
    const { left, top } = this.frame.getBoundingClientRect();
    const place = this.place(box, pictures.flatMap((picture) => picture.boxesInSight()), sheet);
    this.element.style.left = `${place.left - left}px`;
    this.element.style.top = `${place.top - top}px`;
  }

  // Of the places beside, above, below and in the corners: the one that covers least, then the nearest.
  place(box, others, sheet) {
    const room = this.host.getBoundingClientRect(), { width, height } = this.element.getBoundingClientRect();
    const within = (at, low, high) => Math.max(low + 4, Math.min(at, high - 4));
    const lefts = [box.right + GAP, box.left - GAP - width, (box.left + box.right - width) / 2, room.left, room.right];
    const tops = [box.top, (box.top + box.bottom - height) / 2, box.bottom + GAP, box.top - GAP - height, room.top, room.bottom];
    let best = null, least = Infinity;
    for (const x of lefts) {
      for (const y of tops) {
        const left = within(x, room.left, room.right - width), top = within(y, room.top, room.bottom - height);
        const here = { left, top, right: left + width, bottom: top + height };
        const covered = others.reduce((sum, other) => sum + shared(here, other), 4 * shared(here, box)) + (sheet ? 100 * shared(here, sheet) : 0);
        const away = Math.max(box.left - here.right, here.left - box.right, 0) + Math.max(box.top - here.bottom, here.top - box.bottom, 0);
        const cost = covered * 1e3 + away;
        if (cost < least) { least = cost; best = here; }
      }
    }
    return best;
  }

  hide() { this.element.hidden = true; this.of = null; }
}

// The button of the full screen says how it is left: a link opens it without anybody having pressed a key.
function sayFull(frame, full) {
  const button = frame.querySelector("[data-act=full]"), words = button.querySelector(".leave");
  words.hidden = !full;
  button.setAttribute("aria-label", full ? words.textContent : "Full screen");
  button.title = full ? "Leave full screen (Esc or f)" : "Full screen (f)";
}

// Listen until the signal is given.
function until(signal) {
  return (target, type, act, more) => target.addEventListener(type, act, { signal, ...more });
}

// The viewer of an element, made once however often Streamlit runs the script again.
function viewerOf(viewers, root, Kind) {
  if (!viewers.has(root)) viewers.set(root, new Kind(root));
  return viewers.get(root);
}
