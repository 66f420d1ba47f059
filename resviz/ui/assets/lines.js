// Parallel coordinates: a line for each network, an axis for each field that varies and each quantity, and on each axis
// a range of two ends that people drag or move with the arrow keys. Where there is no room for the axes side by side they
// lie one below the other. What is drawn comes with `data`; only the ranges are this side's, and they are told once a
// drag ends. A click on a point of the chart above is told too: where a drag draws a box, Streamlit tells of none.

const charts = new WeakMap();

export default function ({ data, parentElement: root, setStateValue, setTriggerValue }) {
  if (!charts.has(root)) charts.set(root, new Lines(root));
  const it = charts.get(root);
  it.tell = (ranges) => setStateValue("told", { ranges, at: Date.now() });   // the same ranges again are told again
  it.click = (row) => setTriggerValue("clicked", row);
  it.update(data);
  return () => { it.stop(); charts.delete(root); };
}

const HEIGHT = 380, ROW = 64, ROOM = 92, TOP = 56, BOTTOM = 22, SIDE = 30, EDGE = 14, STEPS = 40, WAIT = 500;
const RAMP = [[61, 111, 212], [31, 161, 135], [230, 159, 0]];

function ramp(share) {
  const at = share * (RAMP.length - 1), from = Math.min(Math.floor(at), RAMP.length - 2), part = at - from;
  return `rgb(${RAMP[from].map((c, n) => Math.round(c + part * (RAMP[from + 1][n] - c)))})`;
}

// An axis as numbers: where a place stands between its ends, 0 to 1, and back.
class Scale {
  constructor({ low, high, log }) { Object.assign(this, { low, high, turn: log ? Math.log : (x) => x, back: log ? Math.exp : (x) => x }); }
  share(place) { const a = this.turn(this.low), b = this.turn(this.high); return b > a ? (this.turn(place) - a) / (b - a) : 0.5; }
  place(share) {
    if (share <= 0) return this.low;
    if (share >= 1) return this.high;
    const a = this.turn(this.low), b = this.turn(this.high);
    return this.back(a + share * (b - a));
  }
}

class Lines {
  constructor(root) {
    this.box = root.querySelector(".lines"); this.canvas = root.querySelector("canvas"); this.axes = root.querySelector(".axes");
    this.ranges = {}; this.parts = []; this.timer = 0;
    this.ending = new AbortController();
    const on = (type, act) => this.axes.addEventListener(type, act, { signal: this.ending.signal });
    on("pointerdown", (e) => this.press(e));
    on("keydown", (e) => this.key(e));
    on("dblclick", (e) => { const part = this.part(e.target); if (part) { this.set(part, 0, 1); this.say(); } });
    this.heard = new WeakSet();
    document.addEventListener("pointerdown", (e) => this.hear(e.target.closest?.(`.st-key-${this.data.chart} .js-plotly-plot`)), { signal: this.ending.signal, capture: true });
    this.watch = new ResizeObserver(() => this.lay());
    this.watch.observe(this.box);
  }

  // Charts come and go as they are drawn anew; one that is pressed is listened to from then on.
  hear(chart) {
    if (!chart?.on || this.heard.has(chart)) return;
    this.heard.add(chart);
    chart.on("plotly_click", ({ points }) => { const row = points.find((point) => point.customdata)?.customdata[0]; if (row !== undefined) this.click(row); });
  }

  stop() { this.ending.abort(); this.watch.disconnect(); clearTimeout(this.timer); }

  update(data) {
    this.data = data;
    if (!this.busy) this.ranges = { ...data.ranges };
    this.scales = data.axes.map((axis) => new Scale(axis));
    const drawn = JSON.stringify(data.axes.map(({ name, label, low, high, words }) => [name, label, low, high, words]));
    if (drawn !== this.drawn) { this.drawn = drawn; this.build(); }
    for (const part of this.parts) part.axis = data.axes[part.number];
    this.lay();
  }

  build() {
    this.parts = this.data.axes.map((axis, number) => {
      const make = (kind) => { const one = document.createElement("div"); one.className = kind; return one; };
      const box = make("axis"), title = make("title"), range = make("range"), ends = [make("thumb"), make("thumb")];
      title.textContent = axis.label;
      box.dataset.number = number;
      ends.forEach((end, n) => {
        end.tabIndex = 0; end.dataset.end = n;
        end.setAttribute("role", "slider");
        end.setAttribute("aria-label", `${axis.label}, ${n ? "at most" : "at least"}`);
      });
      const ticks = this.ticks(axis).map(([place, text]) => { const tick = make("tick"); tick.textContent = text; return [this.scales[number].share(place), tick]; });
      box.append(title, range, ...ticks.map(([, tick]) => tick), ...ends);
      return { number, axis, box, range, ends, ticks };
    });
    this.parts[0]?.box.classList.add("first"); this.parts.at(-1)?.box.classList.add("last");
    this.axes.replaceChildren(...this.parts.map((part) => part.box));
  }

  // Words at most eight of them; numbers at the ends and between.
  ticks(axis) {
    const { words, low, high } = axis;
    if (words.length) { const every = Math.ceil(words.length / 8); return words.map((word, n) => [n, word]).filter(([n]) => n % every === 0); }
    const scale = new Scale(axis), shares = high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
    return shares.map((share) => { const place = scale.place(share); return [place, this.text(axis, place)]; });
  }

  text({ words, digits }, place) {
    if (words.length) return words[Math.round(place)];
    return place >= 100 || !digits ? Math.round(place).toLocaleString("en") : place.toPrecision(3);
  }

  get across() { return this.box.clientWidth >= ROOM * this.parts.length; }

  lay() {
    const { parts, box, canvas } = this, wide = box.clientWidth;
    if (!wide || !parts.length) return;
    const across = this.across, height = across ? HEIGHT : ROW * parts.length + 8;
    box.className = `lines ${across ? "across" : "down"}`;
    box.style.height = `${height}px`;
    const gap = across ? (wide - 2 * SIDE) / Math.max(parts.length - 1, 1) : ROW;
    box.style.setProperty("--room", `${Math.max(gap - 8, 60)}px`);
    for (const part of parts) {
      part.at = across ? SIDE + part.number * gap : ROW * part.number + 30;
      part.from = across ? TOP : EDGE; part.length = across ? height - TOP - BOTTOM : wide - 2 * EDGE;
      part.box.style.left = across ? `${part.at}px` : ""; part.box.style.top = across ? "" : `${part.at}px`;
      let last = -Infinity;
      for (const [share, tick] of part.ticks) {
        const at = share * part.length, room = across ? 13 : tick.textContent.length * 6.5 + 10, fits = Math.abs(at - last) >= room && (across || share === 0 || share >= 1 || part.length - at >= room);
        tick.hidden = !fits;
        if (fits) last = at;
        tick.classList.toggle("start", share <= 0); tick.classList.toggle("end", share >= 1);
        tick.style.top = across ? `${100 * (1 - share)}%` : ""; tick.style.left = across ? "" : `${100 * share}%`;
      }
      this.place(part);
    }
    const dense = window.devicePixelRatio || 1;
    canvas.width = Math.round(wide * dense); canvas.height = Math.round(height * dense);
    this.draw();
  }

  // The ends of an axis's range, 0 to 1.
  shares({ axis, number }) {
    const range = this.ranges[axis.name], scale = this.scales[number];
    return range ? range.map((place) => Math.min(Math.max(scale.share(place), 0), 1)) : [0, 1];
  }

  place(part) {
    const shares = this.shares(part), across = this.across, { axis, ends, range, box, number } = part;
    box.classList.toggle("held", axis.name in this.ranges);
    range.hidden = !(axis.name in this.ranges);
    const [low, high] = shares.map((share) => share * 100);
    Object.assign(range.style, across ? { top: `${100 - high}%`, height: `${high - low}%`, left: "", width: "" } : { left: `${low}%`, width: `${high - low}%`, top: "", height: "" });
    ends.forEach((end, n) => {
      end.style.top = across ? `${100 - 100 * shares[n]}%` : ""; end.style.left = across ? "" : `${100 * shares[n]}%`;
      const place = this.scales[number].place(shares[n]);
      end.setAttribute("aria-orientation", across ? "vertical" : "horizontal");
      end.setAttribute("aria-valuemin", String(n ? this.scales[number].place(shares[0]) : axis.low)); end.setAttribute("aria-valuemax", String(n ? axis.high : this.scales[number].place(shares[1])));
      end.setAttribute("aria-valuenow", String(place)); end.setAttribute("aria-valuetext", this.text(axis, place));
    });
  }

  // Hold a range of shares; words stand whole within it, and one that holds the whole axis is none.
  set(part, from, to) {
    const { axis, number } = part, scale = this.scales[number];
    let [low, high] = [Math.min(from, to), Math.max(from, to)];
    if (axis.words.length) {
      const last = Math.max(axis.words.length - 1, 1), first = Math.ceil(low * last - 0.5), end = Math.floor(high * last + 0.5);
      [low, high] = first <= end ? [first / last, end / last] : [Math.round(low * last) / last, Math.round(low * last) / last];
    }
    if (low <= 0 && high >= 1) delete this.ranges[axis.name];
    else this.ranges[axis.name] = [scale.place(low), scale.place(high)];
    this.place(part);
    this.draw();
  }

  say() { clearTimeout(this.timer); this.timer = 0; this.busy = false; this.tell({ ...this.ranges }); }

  part(target) { const box = target.closest(".axis"); return box && this.parts[Number(box.dataset.number)]; }

  press(e) {
    const part = this.part(e.target);
    if (!part || e.button) return;
    const share = (x) => {
      const rect = part.box.getBoundingClientRect();
      return Math.min(Math.max(this.across ? 1 - (x.clientY - rect.top) / rect.height : (x.clientX - rect.left) / rect.width, 0), 1);
    };
    const begin = share(e), [low, high] = this.shares(part), end = e.target.dataset.end, moves = e.target.classList.contains("range");
    this.busy = true;
    let moved = false;
    const move = (x) => {
      const now = share(x);
      if (!moved && Math.abs(now - begin) * part.length < 4) return;
      moved = true;
      if (end !== undefined) this.set(part, end === "0" ? Math.min(now, high) : low, end === "0" ? high : Math.max(now, low));
      else if (moves) { const by = Math.min(Math.max(now - begin, -low), 1 - high); this.set(part, low + by, high + by); }
      else this.set(part, begin, now);
    };
    const over = new AbortController(), on = (type, act) => window.addEventListener(type, act, { signal: over.signal });
    on("pointermove", move);
    for (const type of ["pointerup", "pointercancel"]) on(type, () => { over.abort(); this.busy = false; if (moved) this.say(); });
    if (e.target.classList.contains("thumb")) e.target.focus({ preventScroll: true });
    e.preventDefault();
  }

  key(e) {
    const part = this.part(e.target), end = e.target.dataset.end;
    if (!part || end === undefined) return;
    const last = part.axis.words.length - 1, step = last > 0 ? 1 / last : 1 / STEPS, shares = this.shares(part), n = Number(end);
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity }[e.key];
    if (e.key === "Escape" || e.key === "Delete") this.set(part, 0, 1);
    else if (by !== undefined) {
      shares[n] = Math.min(Math.max(shares[n] + by * step, n ? shares[0] : 0), n ? 1 : shares[1]);
      this.set(part, ...shares);
    } else return;
    e.preventDefault(); e.stopPropagation();
    this.busy = true;   // told once the keys rest
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(), WAIT);
  }

  draw() {
    const { data, canvas, parts } = this, dense = window.devicePixelRatio || 1, pen = canvas.getContext("2d"), across = this.across;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const held = parts.filter((part) => part.axis.name in this.ranges).map((part) => [part.axis.places, ...this.ranges[part.axis.name]]);
    const within = (line) => held.every(([places, low, high]) => places[line] >= low * (1 - 1e-4) && places[line] <= high * (1 + 1e-4));
    const on = data.on.map((chosen, line) => chosen && within(line)), many = on.filter(Boolean).length;
    const grey = getComputedStyle(canvas).color;
    const trace = (line) => {
      for (const [n, { at, from, length, axis, number }] of parts.entries()) {
        const share = this.scales[number].share(axis.places[line]), along = across ? from + (1 - share) * length : from + share * length;
        pen[n ? "lineTo" : "moveTo"](across ? at : along, across ? along : at);
      }
    };
    // Those that are not chosen do not grow darker where they meet.
    pen.lineJoin = "round"; pen.lineWidth = 1; pen.globalAlpha = 1; pen.strokeStyle = grey;
    pen.beginPath();
    on.forEach((chosen, line) => { if (!chosen) trace(line); });
    pen.stroke();
    pen.globalAlpha = Math.min(0.9, Math.max(0.22, 5 / Math.sqrt(many || 1))); pen.lineWidth = many < 40 ? 2 : 1.2;
    on.forEach((chosen, line) => { if (chosen) { pen.strokeStyle = ramp(data.colours[line]); pen.beginPath(); trace(line); pen.stroke(); } });
  }
}
