// A picture that can be moved, searched and asked. The picture itself is drawn by resviz.diagram; nothing
// here knows what a residual network is. view.js moves it, search.js searches it, room.js gives it its place and
// toolbar.js what a person may ask of the page's side.
//
// Whoever holds it, a page of the app or the element of element.js, makes it with a `place` (see room.js), gives it
// what to show by `update` and hears by `say` what a person asks: to select, to fold, to choose, to download.

const STEPS = 8;   // of the heat scale above zero
const EDGE = 30;   // pixels that something in sight is from the edge

class Viewer {
  constructor(root, place) {
    const find = (name) => root.querySelector(name);
    this.ending = new AbortController();
    const on = until(this.ending.signal);
    this.frame = find(".frame"); this.host = find(".view");
    this.tip = new Tip(find(".tip"), this.frame, this.host);
    this.view = new View(this.host, on, { hover: (e) => this.hover(e), leave: () => this.leave() });
    this.view.fitted = () => { this.bringLit(); this.uncover(this.standingFor(this.selected)); };
    this.room = new Room(this.frame, on, this, place);
    this.toolbar = new Toolbar(this.frame, on, this);
    this.search = new Search(find(".search"), find(".found"), on, this);
    this.hash = null; this.selected = null; this.request = 0; this.current = null; this.over = null;
    this.widths = new ResizeObserver(() => { if (this.data?.others.length) this.update(this.data); });
    this.widths.observe(this.host);
    on(this.host, "click", (e) => this.click(e));
    on(this.host, "keydown", (e) => this.key(e));
    on(this.host, "focusin", (e) => this.focused(e));
    on(this.host, "focusout", () => this.leave());
    on(window, "beforeprint", () => this.picture?.print(true));
    on(window, "afterprint", () => this.picture?.print(false));
    for (const button of this.frame.querySelectorAll("[data-act]")) on(button, "click", () => this.act(button.dataset.act));
  }

  stop() { this.ending.abort(); this.view.stop(); this.room.stop(); this.widths.disconnect(); }

  tell(path) { this.say({ act: "select", path, request: this.request }); }

  fold(path, action) { this.say({ act: "fold", detail: this.detail, path, action }); }

  update(data) {
    const begins = this.hash === null;
    this.toolbar.update(data.toolbar);
    this.data = { others: [], ...data };
    this.room.update(data.height);
    const { svg, hash } = this.arranged(this.data);
    if (hash !== this.hash) this.show({ ...data, svg, hash });
    this.count(data.numbers);
    this.widen(data.flow);
    if (data.heat !== undefined) this.warm(data.heat);
    this.light(data.highlights ?? []);
    if (data.request && (begins || data.request.number !== this.request)) {
      this.request = data.request.number;
      this.select(data.request.path, { reveal: true });
    }
  }

  // Of a picture's arrangements, in shorter and shorter rows, the one that shows everything largest, if that can be
  // read; else the longest rows that can be read in the room's width, and the room grows as high as they need.
  arranged({ svg, hash, others }) {
    this.room.needs = 0;
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!others.length || !width) return { svg, hash };
    const around = this.frame.offsetHeight - height, usual = this.room.usual - around;
    const all = [svg, ...others].map((text, index) => {
      const [w, h] = /viewBox="0 0 (\S+) (\S+)"/.exec(text).slice(1).map(Number), across = Math.min(width / w, 1);
      return { svg: text, hash: `${hash} ${index}`, across, whole: Math.min(across, usual / h), high: h * across };
    });
    const best = all.reduce((one, other) => (other.whole > one.whole ? other : one));
    const one = best.whole >= READABLE ? best : all.find(({ across }) => across >= READABLE) ?? all.at(-1);
    if (one.whole < READABLE) this.room.needs = Math.ceil(one.high + around);
    this.room.fit();
    return one;
  }

  // Bands under the lines, as wide as what they carry: a width for each line, in the order of the picture.
  widen(flow) {
    const key = flow && `${this.hash} ${flow.length}`;
    if (key === this.flowing) return;
    this.flowing = key;
    this.picture.svg.querySelector(".flow")?.remove();
    if (!flow) return;
    const group = document.createElementNS(SVG, "g");
    group.classList.add("flow");
    this.drawnLines().forEach((line, index) => {
      if (!flow[index]) return;
      const band = document.createElementNS(SVG, "path");
      band.setAttribute("d", line);
      band.setAttribute("stroke-width", flow[index]);
      group.append(band);
    });
    this.picture.svg.querySelector(".edge").before(group);
  }

  // Each line's path data: those of the main path stand in one element.
  drawnLines() {
    const data = (kind) => [...this.picture.svg.querySelectorAll(`.edge${kind} .rz-line`)].map((line) => line.getAttribute("d"));
    return [...data(".trunk").flatMap((lines) => lines.split(/(?=M)/)), ...data(":not(.trunk)")].filter(Boolean);
  }

  // Colours of the nodes: `paths` has for each a place on `scale`, of values with the words of a scale that ends there.
  // A step is a share of the largest value that is shown, as in resviz.diagram.heat.
  warm(heat) {
    const key = heat && `${this.hash} ${heat.label}`;
    if (key === this.warmed) return;
    this.warmed = key;
    const placed = heat ? this.picture.nodes.map(({ path }) => heat.paths[path]).filter((place) => place !== undefined) : [];
    const [top, words] = heat ? heat.scale[Math.max(0, ...placed)] : [0, ""];
    for (const { element, path } of this.picture.nodes) {
      const place = heat?.paths[path], old = [...element.classList].filter((name) => /^(heat|h\d)$/.test(name));
      element.classList.remove(...old);
      if (place !== undefined) element.classList.add("heat", `h${top ? Math.ceil(heat.scale[place][0] / top * STEPS) : 0}`);
    }
    const scale = this.frame.querySelector(".scale");
    scale.hidden = !heat;
    scale.lastElementChild.textContent = words;
  }

  // The numbers of the weighted layers at the corners of their nodes.
  count(numbers) {
    const key = numbers && `${this.hash} ${JSON.stringify(numbers)}`;
    if (key === this.counted) return;
    this.counted = key;
    for (const old of this.picture.svg.querySelectorAll(".count")) { const node = this.at({ target: old }); old.remove(); this.picture.name(node); }
    for (const node of numbers ? this.picture.nodes : []) {
      const { path, element } = node, span = numbers[path], box = element.querySelector("rect:last-of-type");
      if (!span || !box) continue;
      const text = span[0] === span[1] ? `${span[0]}` : `${span[0]}–${span[1]}`, wide = 8 + 6.2 * text.length;
      const right = Math.max(...[...element.querySelectorAll("rect")].map((one) => +one.getAttribute("x") + +one.getAttribute("width")));
      element.insertAdjacentHTML("beforeend", `<g class="count" transform="translate(${right - wide / 2 + 4} ${box.getAttribute("y")})"><path d="M${-wide / 2} -7.5h${wide}v15h${-wide}z"/><text y="3.8" text-anchor="middle" font-size="11"></text></g>`);
      element.lastElementChild.lastElementChild.textContent = text;
      this.picture.name(node);
    }
  }

  show(data) {
    const kind = `${data.view} ${data.horizontal}`, another = kind !== this.kind;
    const before = !another && this.picture && this.held(), focus = this.focusWithin();
    this.hash = data.hash; this.kind = kind;
    this.picture = new Picture(this.host, data.svg);
    const wide = this.picture.width > 1.5 * this.picture.height;   // then its height is what a start fills
    this.view.pictures = [this.picture]; this.view.horizontal = data.horizontal || wide;
    this.shortcuts = data.search.places.filter((place) => place.edge).map((place) => this.shortcut(place));
    this.handles = [...this.picture.svg.querySelectorAll(".handle")].map((element) => {
      const { e: x, f: y } = element.transform.baseVal[0].matrix;
      element.setAttribute("tabindex", "-1");   // the diagram is one stop of the Tab key; arrows go on from there
      return { element, path: element.dataset.fold, x, y };
    });
    this.stops = [...this.picture.nodes, ...this.shortcuts, ...this.handles];
    this.byElement = new Map(this.stops.map((stop) => [stop.element, stop]));
    for (const shortcut of this.shortcuts) for (const line of shortcut.lines) this.byElement.set(line, shortcut);
    this.search.take(data.search, this);
    this.current = null; this.over = null;
    this.enter(this.standingFor(this.selected) ?? this.picture.nodes[0]);
    this.mark(this.selected);
    this.settle(before);
    this.pressed = null;
    if (focus) this.focusAgain(focus);
  }

  // A shortcut is a stop as a node is, where the line that arrives is farthest from the main path.
  shortcut({ edge, dashed, label }) {
    const lines = this.linesOf(edge, dashed), element = lines.at(-1), line = element.querySelector("path");
    const places = [...Array(19).keys()].map((step) => line.getPointAtLength(line.getTotalLength() * (step + 1) / 20));
    const out = ({ x, y }) => Math.round(this.view.horizontal ? -y : x), farthest = Math.max(...places.map(out));
    const outer = places.filter((place) => out(place) === farthest), { x, y } = outer[outer.length >> 1];
    element.setAttribute("role", "option");
    element.setAttribute("aria-label", label);
    element.setAttribute("aria-selected", "false");
    return { element, lines, path: edge, label, x, y };
  }

  // Another picture: fitted as the one before was; or, where a person had moved or folded that, with the same thing in
  // the same place, after folding along the main path only, so that it still fits across.
  settle(before) {
    const { view } = this, { moved } = view;
    const stop = before && (moved || this.pressed !== null) && this.stopAt(before.path);
    if (!stop || !moved) view.fit();
    if (!stop || (!moved && view.fitsAll)) return;
    if (moved || view.horizontal) view.x = before.x - stop.x * view.k;
    if (moved || !view.horizontal) view.y = before.y - stop.y * view.k;
    view.apply();
  }

  // What stays where it is: what was pressed, else what is focused or selected and in sight, else what is in the middle.
  held() {
    const { x, y, k, size } = this.view;
    const at = (stop) => ({ path: stop.path, x: x + stop.x * k, y: y + stop.y * k });
    if (this.pressed !== null) { const stop = this.stopAt(this.pressed); return stop && { ...at(stop), path: this.pressed }; }
    const seen = (place) => place.x > 0 && place.y > 0 && place.x < size.width && place.y < size.height;
    const current = this.selected !== null && this.picture.byPath.get(this.selected);
    if (current && seen(at(current))) return at(current);
    const aside = (stop) => Math.hypot(x + stop.x * k - size.width / 2, y + stop.y * k - size.height / 2);
    return at(this.picture.nodes.reduce((best, stop) => (aside(stop) < aside(best) ? stop : best)));
  }

  // The handle of a path, its node, or what stands for it.
  stopAt(path) {
    const handle = this.handle(path);
    if (handle && path === this.pressed) { const { e: x, f: y } = handle.transform.baseVal[0].matrix; return { path, x, y }; }
    return this.standingFor(path) ?? this.firstOf(path);
  }

  // What has the focus in the picture, before another picture takes its place.
  focusWithin() {
    const element = this.host.getRootNode().activeElement;
    if (!element || !this.host.contains(element)) return null;
    return element.matches(".handle") ? { fold: element.dataset.fold } : { path: this.byElement.get(element)?.path ?? null };
  }

  focusAgain({ fold, path = fold }) {
    const handle = fold && this.handle(fold);
    if (!handle) this.enter(this.standingFor(path) ?? this.firstOf(path));
    (handle ?? this.current.element).focus({ preventScroll: true });
  }

  handle(path) { return this.picture.svg.querySelector(`[data-fold="${CSS.escape(path)}"]`); }

  // The first node of a run, block or stage that is taken apart.
  firstOf(path) {
    const start = path.replace(/-\d+$/, "");
    return this.picture.nodes.find((node) => node.path.startsWith(`${start}.`));
  }

  // The node or shortcut of a path, or the folded block, run or stage that holds it.
  standingFor(path) {
    const { nodes, byPath } = this.picture;
    if (path === null) return undefined;
    const found = byPath.get(path) ?? this.shortcuts.find((one) => one.path === path);
    if (found) return found;
    const [stage, block] = path.split(".");
    const holds = (span) => { const [first, last = first] = span.split("-").map(Number); return first <= block && block <= last; };
    const run = nodes.find((node) => { const [name, span, more] = node.path.split("."); return name === stage && span && !more && holds(span); });
    return run ?? byPath.get(stage);
  }

  linesOf(path, dashed) {
    const kind = dashed === undefined ? "" : dashed ? ".dashed" : ".solid";
    return [...this.picture.svg.querySelectorAll(`.edge${kind}[data-edge="${CSS.escape(path)}"]`)];
  }

  act(what) {
    if (what === "full") this.room.toggle();
    else if (what === "details") this.room.sheet();
    else if (what === "link") this.toolbar.copyLink();
    else this.view.act(what);
  }

  // Pointer

  // What an event is at: a node or a shortcut.
  at(e) { return this.byElement?.get(e.target.closest(".node, .edge")); }

  // Of handles whose areas overlap, the one whose middle is nearest; a click from no pointer is at its own.
  handleAt(e) {
    const hit = e.target.closest(".handle");
    if (!hit || !e.detail) return hit;
    const away = (handle) => {
      const { left, right, top, bottom } = handle.getBoundingClientRect();
      return Math.hypot(e.clientX - (left + right) / 2, e.clientY - (top + bottom) / 2);
    };
    const handles = [...this.picture.svg.querySelectorAll(".handle")];
    return handles.reduce((best, handle) => (away(handle) < away(best) ? handle : best));
  }

  click(e) {
    if (this.view.dragged) return;
    const handle = this.handleAt(e), stop = this.at(e);
    if (handle) this.press(handle);
    else if (stop) { this.select(stop.path, { tell: true }); this.enter(stop); stop.element.focus({ preventScroll: true }); }
    else if (this.selected !== null) this.select(null, { tell: true });
  }

  press(handle) {
    this.pressed = handle.dataset.fold;
    this.fold(handle.dataset.fold, handle.dataset.action);
  }

  hover(e) {
    const stop = this.at(e);
    if (!stop) { this.leave(); return; }
    this.point(stop, stop.lines ? around(e.clientX, e.clientY) : this.picture.boxOf(stop));
  }

  // Light what is pointed at, and say what it is.
  point(stop, box) {
    if (this.over !== stop) { this.leave(); for (const line of stop.lines ?? []) line.classList.add("over"); }
    this.over = stop;
    this.tip.show(stop, stop.label, box, [this.picture], this.room.covered);
  }

  leave() {
    for (const line of this.over?.lines ?? []) line.classList.remove("over");
    this.over = null;
    this.tip.hide();
  }

  // What the page points out stands out until it points out something else.
  light(paths) {
    for (const one of this.picture.svg.querySelectorAll(".lit")) one.classList.remove("lit");
    this.lit = paths.map((path) => this.standingFor(path)).filter(Boolean);
    for (const stop of this.lit) for (const one of stop.lines ?? [stop.element]) one.classList.add("lit");
    this.bringLit();
  }

  // A start that leaves out of sight what is pointed out goes on as far as that; a person's own view stays.
  bringLit() {
    const { view } = this, { height } = view.size;
    if (!this.lit?.length || !this.picture || view.moved || view.mode !== "auto" || view.fitsAll || view.horizontal) return;
    const places = this.lit.map((stop) => view.y + stop.y * view.k), first = Math.min(...places), last = Math.max(...places);
    const fit = last - first < height - 4 * EDGE, seen = (at) => at > EDGE && at < height - 2 * EDGE;
    if (seen(first) && (seen(last) || !fit)) return;
    const down = fit ? (first + last - height) / 2 : first - 2 * EDGE;
    const left = view.y + this.picture.height * view.k - height;
    view.aside(0, -Math.max(Math.min(down, left), 0));
  }

  // Selection and keyboard

  mark(path) {
    const old = this.picture.svg.querySelector("[aria-selected=true]");
    if (old) old.setAttribute("aria-selected", "false");
    for (const one of this.picture.svg.querySelectorAll(".sel")) one.classList.remove("sel");
    const stop = this.standingFor(path);
    for (const one of stop?.lines ? this.linesOf(path) : stop ? [stop.element] : []) one.classList.add("sel");
    stop?.element.setAttribute("aria-selected", "true");
    this.marked = stop;
    return stop;
  }

  select(path, { tell = false, reveal = false }) {
    this.selected = path;
    const stop = this.mark(path);
    if (stop) { this.enter(stop); if (reveal) this.bring(stop); }
    if (!this.room.beside) { this.room.sheet(path !== null); this.uncover(stop); }
    this.leave();
    if (tell) this.tell(path);
  }

  // Bring a stop into sight; where the page scrolls past the picture, the page does.
  bring(stop) {
    if (this.view.past) stop.element.scrollIntoView({ block: "center" });
    else this.view.reveal(stop);
  }

  // Move what is selected from under the sheet of its details.
  uncover(stop) {
    const sheet = stop && this.room.covered;
    if (!sheet) return;
    const { left, top, width, height } = this.view.size, { x, y, k } = this.view;
    const over = { x: left + x + stop.x * k, y: top + y + stop.y * k };
    if (over.x < sheet.left - 60 || over.y < sheet.top - 24) return;
    const below = sheet.width > 0.7 * width;   // a sheet along the lower edge, else along the right one
    if (below && this.view.past) { this.room.place.scroll(over.y - sheet.top / 2); return; }
    this.view.aside(below ? 0 : (sheet.left - left) / 2 - (over.x - left), below ? (sheet.top - top) / 2 - (over.y - top) : 0);
  }

  // One node or shortcut at a time is in the tab order; the arrow keys move on from there.
  enter(stop) {
    if (!stop) return;
    this.current?.element.setAttribute("tabindex", "-1");
    stop.element.setAttribute("tabindex", "0");
    this.current = stop;
  }

  focused(e) {
    const handle = this.byElement.get(e.target.closest(".handle")), stop = handle ?? this.at(e);
    if (!stop) return;
    this.enter(stop);
    if (!stop.element.matches(":focus-visible")) return;
    this.bring(stop);
    if (handle || stop.path === this.selected) { this.leave(); return; }   // the details say more of what is selected
    const { left, top } = this.view.size, { x, y, k } = this.view;
    this.point(stop, stop.lines ? around(left + x + stop.x * k, top + y + stop.y * k) : this.picture.boxOf(stop));
  }

  key(e) {
    const ways = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
    const handle = e.target.closest(".handle"), { nodes } = this.picture;
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Enter" || e.key === " ") {
      if (handle) this.press(handle);
      else if (this.current) this.select(this.current.path, { tell: true });
    } else if (ways[e.key]) this.go(this.next(...ways[e.key]));
    else if (e.key === "Home") this.go(nodes[0]);
    else if (e.key === "End") this.go(nodes.at(-1));
    else if (e.key === "Escape" && this.selected !== null) this.select(null, { tell: true });
    else if (e.key === "f") this.room.toggle();
    else if (!this.view.key(e)) return;
    e.preventDefault();
  }

  // The nearest stop in a direction; straight ahead counts more than aside.
  next(right, down) {
    let best = null, least = Infinity;
    for (const stop of this.stops) {
      const dx = stop.x - this.current.x, dy = stop.y - this.current.y;
      const ahead = dx * right + dy * down, aside = Math.abs(dx * down + dy * right);
      if (ahead < 1 || aside > 4 * ahead + 1) continue;
      if (ahead + 4 * aside < least) { least = ahead + 4 * aside; best = stop; }
    }
    return best;
  }

  go(stop) {
    if (!stop) return;
    this.enter(stop);
    stop.element.focus({ preventScroll: true });
    this.bring(stop);
  }
}

// A box around a place on the screen, for what has no box of its own.
function around(x, y) { return { left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 }; }
