// The preset, searched as people type it, the net's name, and what was changed. The rows come once, when the list is
// first opened, and are kept for the page; which networks there are and what they cost the page's side knows.

const pickers = new WeakMap();
let rows = null;

export default function ({ data, parentElement: root, setTriggerValue }) {
  if (!pickers.has(root)) pickers.set(root, new Picker(root));
  const it = pickers.get(root);
  it.say = (words) => setTriggerValue("said", words);
  it.update(data);
  return () => { it.stop(); pickers.delete(root); };
}

// What stands between networks that are to be compared: resnet50 vs resnet34.
const VERSUS = /\s+(?:vs\.?|versus|against)(?:\s+|$)/i;
const bare = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

// How well a row answers what was typed: the smaller the better, or Infinity where it does not.
function distance({ name, words }, typed) {
  const whole = bare(typed), tokens = typed.trim().split(/\s+/).map(bare).filter(Boolean), own = bare(name);
  if (!whole || own === whole) return 0;
  const said = words.map(bare);
  const holds = (token) => own.includes(token) || said.some((word) => word.startsWith(token));
  if (!own.includes(whole) && !said.some((word) => word.startsWith(whole)) && !tokens.every(holds)) return Infinity;
  if (own.startsWith(whole)) return 1;
  const exact = tokens.filter((token) => said.includes(token)).length;
  return own.includes(whole) ? 3 - exact / 10 : 2 + (tokens.length - exact) / tokens.length;
}

class Picker {
  constructor(root) {
    const find = (name) => root.querySelector(name);
    this.ending = new AbortController();
    const on = (target, type, act, more) => target.addEventListener(type, act, { signal: this.ending.signal, ...more });
    this.input = find("#preset"); this.list = find("#list"); this.name = find("#name");
    this.refused = find(".refused"); this.source = find(".source"); this.changes = find(".changes"); this.kept = find(".kept");
    this.active = null; this.data = {}; this.before = [];
    on(this.input, "focus", () => { this.input.select(); });
    on(this.input, "click", () => this.open());
    on(this.input, "input", () => { this.open(); this.show(); });
    on(this.input, "keydown", (e) => this.key(e));
    on(this.input, "blur", () => this.close());
    on(this.list, "pointerdown", (e) => e.preventDefault());   // the box keeps the focus
    on(this.list, "click", (e) => { const option = e.target.closest("[role=option]"); if (option) this.pick(option.dataset.name); });
    on(this.name, "change", () => this.say({ act: "name", name: this.name.value }));
    on(find(".reset"), "click", () => this.say({ act: "pick", name: this.data.preset }));
    on(this.changes, "click", (e) => { const { field } = e.target.dataset; if (field) this.say({ act: "undo", field }); });
    on(window, "resize", () => this.close());
    // Streamlit has keys of its own, `r` and `c`, and does not see that these are boxes to type in.
    for (const box of [this.input, this.name]) for (const type of ["keydown", "keypress", "keyup"]) on(box, type, (e) => e.stopPropagation());
  }

  stop() { this.ending.abort(); }

  update(data) {
    this.data = data;
    if (data.rows) { rows = data.rows; if (this.isOpen) this.show(); }
    if (!this.isOpen) this.input.value = data.preset;
    if (this.name.getRootNode().activeElement !== this.name || this.shown !== data.name) this.name.value = data.name;
    this.shown = data.name;
    this.refused.textContent = data.refused; this.refused.hidden = !data.refused;
    this.source.textContent = data.source;
    this.kept.hidden = data.name === data.preset && !data.changes.length;
    this.changes.hidden = !data.changes.length;
    this.changes.querySelector("h3").textContent = `Changed from ${data.preset}`;
    this.changes.querySelector("ul").replaceChildren(...data.changes.map(({ field, label, before, after }) => {
      const line = document.createElement("li"), words = document.createElement("span"), undo = document.createElement("button");
      words.textContent = `${label}: ${before} → ${after}`;
      undo.type = "button"; undo.textContent = "Undo"; undo.dataset.field = field;
      undo.setAttribute("aria-label", `Undo: ${label}`);
      line.append(words, undo);
      return line;
    }));
  }

  get isOpen() { return this.list.matches(":popover-open"); }

  open() {
    if (this.isOpen) return;
    if (!rows) this.say({ act: "open" });
    this.list.showPopover();
    this.input.setAttribute("aria-expanded", "true");
    const { left, bottom, width } = this.input.getBoundingClientRect(), wide = Math.min(Math.max(width, 400), innerWidth - 16);
    Object.assign(this.list.style, { left: `${Math.min(left, innerWidth - wide - 8)}px`, top: `${bottom + 4}px`, width: `${wide}px`, maxHeight: `${Math.max(160, innerHeight - bottom - 16)}px` });
    this.show();
  }

  close() {
    if (!this.isOpen) return;
    this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.before = [];
    this.input.removeAttribute("aria-activedescendant");
    this.input.value = this.data.preset;
  }

  // The rows that answer what is typed, by family, the best first; all of them while nothing was typed.
  show() {
    const parts = (this.input.value === this.data.preset ? "" : this.input.value.trimStart()).split(VERSUS), typed = parts.pop(), groups = new Map();
    const found = this.found(typed);
    this.before = parts.map((part) => this.found(part)[0]?.[1].name ?? part.trim());
    for (const [, row] of found) groups.set(row.family, [...(groups.get(row.family) ?? []), row]);
    this.list.replaceChildren(...[...groups].map(([family, members]) => this.group(family, members)));
    if (parts.length) this.list.prepend(this.line("none", `Compare ${this.before.join(" and ")} with`));
    this.list.setAttribute("aria-busy", String(!found.length));
    if (!found.length) this.list.append(this.line("none", rows ? "No preset matches; press Enter to try it as a member of a family." : "…"));
    const held = parts.length ? undefined : this.options.find((one) => one.dataset.name === this.data.preset);
    this.mark(typed && found.length ? this.options[0] : held);
  }

  // The rows that answer what was typed, each after how far it is from that.
  found(typed) {
    const near = (rows ?? []).map((row) => [distance(row, typed), row]).filter(([far]) => far < Infinity);
    return near.sort((a, b) => a[0] - b[0]);
  }

  group(family, members) {
    const group = document.createElement("div");
    group.setAttribute("role", "group"); group.setAttribute("aria-label", family);
    const heading = this.line("family", family);
    heading.setAttribute("aria-hidden", "true");
    group.append(heading, ...members.map((row) => this.option(row)));
    return group;
  }

  option({ name, params, macs }) {
    const option = document.createElement("div"), title = document.createElement("b");
    option.id = `preset-${name}`; option.dataset.name = name;
    option.setAttribute("role", "option"); option.setAttribute("aria-label", name);
    option.setAttribute("aria-description", `${params} parameters, ${macs} MACs`);
    option.setAttribute("aria-selected", String(name === this.data.preset));
    title.textContent = name;
    option.append(title, this.cell(`${params} params`), this.cell(`${macs} MACs`));
    return option;
  }

  // What the description says stands beside the name for the eye alone: it is no part of the name that is spoken.
  cell(text) { const cell = document.createElement("span"); cell.dataset.text = text; return cell; }

  line(kind, text) { const line = document.createElement("div"); line.className = kind; line.textContent = text; return line; }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  mark(option) {
    this.active?.classList.remove("active");
    this.active = option ?? null;
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.classList.add("active");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(e) {
    const { options } = this, at = options.indexOf(this.active);
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      if (!this.isOpen) this.open();
      else this.mark(options[Math.max(0, Math.min(options.length - 1, at + (e.key === "ArrowDown" ? 1 : -1)))]);
    } else if (e.key === "Enter") this.pick((this.isOpen && this.active?.dataset.name) || this.input.value.split(VERSUS).pop().trim());
    else if (e.key === "Escape") this.close();
    else return;
    e.preventDefault();
  }

  pick(name) {
    const { before } = this;
    if (before.length && !name) return;   // the other network is still to be typed
    this.before = [];
    this.close();
    if (!name) return;
    if (before.length) this.say({ act: "compare", names: [...before, name] });
    else if (name !== this.data.preset || this.data.changes.length) this.say({ act: "pick", name });
  }
}
