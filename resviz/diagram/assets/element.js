// <resviz-diagram>: the viewer of diagram.js without the app. What the app asks Python for stands in a document
// (docs/viewer.md, viewer.schema.json): this file answers from it.

const READS = 1;          // the version of the document
const HEIGHT = 560;       // pixels of an element that asks for none
const START = { detail: "blocks", direction: "down", heat: "", node: "", numbers: "", edges: "", full: "" };
const PARTS = `<div class="outer"><div class="first">${FRAME}</div><div class="details"></div></div>
<div class="tables" hidden><div class="tabs" role="tablist" aria-label="Tables"></div></div><p class="failed" role="alert" hidden></p>`;

function made(name, text = "", more = {}) { return Object.assign(document.createElement(name), { textContent: text }, more); }

class ResvizDiagram extends HTMLElement {
  static observedAttributes = ["src", "packed", "height", "tables", "detail", "direction", "heat", "numbers", "edges", "node"];

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${STYLE}</style>${PARTS}`;
    this.find = (name) => root.querySelector(name);
    const outer = this.find(".outer"), details = this.find(".details");
    this.viewer = new Viewer(root, { outer, details: () => details, scrolled: () => document.scrollingElement.scrollTop });
    this.viewer.say = (words) => this.said(words);
    this.requests = 0;
    this.setAttribute("data-theme", this.getAttribute("theme") ?? themeAround() ?? "auto");
    if (this.data) this.open(this.data); else this.load();
  }

  disconnectedCallback() { this.viewer.stop(); this.viewer = null; }

  attributeChangedCallback(name, before, value) {
    if (!this.viewer || before === value) return;
    if (name === "src" || name === "packed") this.load();
    else if (this.state && name === "node") this.select(value);
    else if (this.state && name in START) this.said({ act: "set", name, value: value ?? "" });
    else if (this.state) this.show();
  }

  // The document: what is given to the element itself counts before its attributes.
  get document() { return this.data ?? null; }
  set document(data) { this.turn = (this.turn ?? 0) + 1; this.data = data; if (this.viewer) this.open(data); }

  async load() {
    const turn = this.turn = (this.turn ?? 0) + 1, packed = this.getAttribute("packed"), source = this.getAttribute("src");
    if (!packed && !source) return;
    try {
      const data = packed ? await unpacked(packed) : await fetched(source);
      if (turn === this.turn && this.viewer) this.document = data;
    } catch (error) {
      if (turn === this.turn && this.viewer) this.fail(error.message);
    }
  }

  fail(words) {
    this.find(".failed").textContent = words; this.find(".failed").hidden = false;
    this.find(".outer").hidden = true; this.find(".tables").hidden = true;
  }

  open(data) {
    if (data?.format !== "resviz-diagram") { this.fail("This is no diagram of resviz: its format is not “resviz-diagram”."); return; }
    if (data.version !== READS) { this.fail(`The diagram's form is version ${data.version}; this viewer reads version ${READS}.`); return; }
    this.find(".failed").hidden = true; this.find(".outer").hidden = false;
    const asked = Object.fromEntries(Object.keys(START).filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]));
    this.state = { ...START, ...data.shown, ...asked };
    for (const name of ["detail", "direction", "heat"]) this.state[name] = this.possible(name, this.state[name]);
    const stages = data.strips?.down.stages ?? [];
    this.folding = new Folding(stages, data.shown.unfold, data.shown.fold);
    this.viewer.hash = null; this.stacked = null; this.opened = (this.opened ?? 0) + 1;
    this.find(".outer").classList.toggle("whole", !data.strips);
    this.tables();
    this.show();
    if (this.state.node) this.select(this.state.node); else this.explain(null);
    this.tell("ready", { name: data.name });
  }

  // A choice that the document has, else the one it begins with.
  possible(name, value) {
    const values = this.data.choices[name].map(([key]) => key);
    return [value, this.data.shown[name]].find((one) => values.includes(one)) ?? values[0];
  }

  tell(what, detail) { this.dispatchEvent(new CustomEvent(`resviz-${what}`, { detail, bubbles: true, composed: true })); }

  // Select what a path names and bring it into sight; nothing by null.
  select(path) {
    this.request = { number: ++this.requests, path: path || null };
    this.show();
    this.selected(path || null);
  }

  // What a person asks of the viewer.
  said({ act, name, value, path, action, detail }) {
    if (act === "select") this.selected(path);
    else if (act === "fold") { this.folding.press(detail, path, action); this.show(); }
    else if (act === "fold all" || act === "unfold all") { this.folding.all(this.state.detail, act.split(" ")[0]); this.show(); }
    else if (act === "set") {
      this.state[name] = name in this.data.choices ? this.possible(name, value) : value;
      if (name === "detail") this.folding = new Folding(this.folding.stages);
      this.show();
      if (name !== "full") this.tell("change", { ...this.state });
    }
  }

  selected(path) {
    this.state.node = path ?? "";
    this.explain(path);
    this.tell("select", { path, details: path === null ? null : this.known(path) });
  }

  show() {
    const { data, state } = this, horizontal = state.direction === "right", height = this.getAttribute("height"), shown = this.picture();
    this.viewer.detail = state.detail;
    this.viewer.update({
      svg: shown.svg, hash: shown.hash, view: "network", horizontal, search: shown.search, request: this.request,
      numbers: state.numbers ? data.numbers : null, flow: state.edges ? shown.flow : null, heat: data.heat[state.heat] ?? null, height: height === "fill" ? null : Number(height) || HEIGHT, toolbar: this.offered(),
    });
    this.find(".tables").hidden = !this.hasAttribute("tables");
  }

  // The picture of the level of detail; where something was folded by hand, the one that is stacked for it.
  picture() {
    const { data, state: { detail, direction }, folding } = this, level = data.pictures[detail];
    const hash = [this.opened, detail, direction, [...folding.unfold].sort(), [...folding.fold].sort()].join(" ");
    if (!folding.touched || !data.strips) return { svg: level[direction], search: level.search, flow: level.flow, hash };
    if (this.stacked?.hash !== hash) this.stacked = { ...new Stack(data.strips[direction], direction === "right").drawn(data.name, folding, detail), hash };
    return this.stacked;
  }

  // What the toolbar offers, in the words of resviz.ui.toolbar.
  offered() {
    const { data, state } = this, choices = { view: { values: [], hidden: true }, block: { values: [], hidden: true } };
    for (const name of ["detail", "direction", "heat"]) choices[name] = { values: data.choices[name], value: state[name], enabled: true };
    choices.edges = { value: state.edges ? "1" : "", enabled: true };
    choices.numbers = { value: state.numbers ? "1" : "", enabled: Boolean(data.numbers) };
    return { choices, files: [], note: "", full: Boolean(state.full), without: ["files", "link"] };
  }

  // What is known of a path, or of what holds it.
  known(path) {
    for (let at = path; at; at = at.includes(".") ? at.slice(0, at.lastIndexOf(".")) : "") if (this.data.details[at]) return { path: at, ...this.data.details[at] };
    return null;
  }

  // The details of a path; without one, of the whole network.
  explain(path) {
    const known = path ? this.known(path) : null, { name, totals } = this.data;
    const title = known?.title ?? name, rows = known?.rows ?? totals.map(([label, , words]) => [label, words]);
    const head = made("div", "", { className: "title" }), list = made("dl"), close = made("button", "×", { type: "button" });
    close.dataset.close = ""; close.setAttribute("aria-label", "Close the details");
    head.append(close, made("h2", title), ...(known ? [made("code", known.path)] : []));
    list.append(...rows.flatMap(([label, value]) => [made("dt", label), made("dd", value)]));
    const end = known ? (known.torch ? made("pre", known.torch) : "") : made("p", "Select a node or a shortcut of the diagram to see what it costs and why.");
    this.find(".details").replaceChildren(head, list, end);
    this.find(".details").scrollTop = 0;
  }

  // A tab for each table; a table is made when it is first opened.
  tables() {
    const home = this.find(".tables"), tabs = this.find(".tabs");
    home.replaceChildren(tabs);
    tabs.replaceChildren(...this.data.tables.map((table) => {
      const tab = made("button", table.name, { type: "button", role: "tab", ariaSelected: "false" });
      tab.addEventListener("click", () => this.turnTo(tab, table));
      return tab;
    }));
    tabs.addEventListener("keydown", (e) => {
      const all = [...tabs.children], step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
      if (step) all[(all.indexOf(e.target) + step + all.length) % all.length].focus();
    });
    tabs.firstElementChild?.click();
  }

  turnTo(tab, table) {
    for (const one of this.find(".tabs").children) one.ariaSelected = String(one === tab);
    for (const one of this.find(".tables").querySelectorAll(".table")) one.hidden = one !== tab.panel;
    if (tab.panel) return;
    tab.panel = this.drawn(table);
    this.find(".tables").append(tab.panel);
  }

  drawn({ name, headers, right, rows, paths }) {
    const panel = made("div", "", { className: "table", role: "tabpanel", ariaLabel: name, tabIndex: 0 }), table = made("table"), head = table.createTHead().insertRow();
    const side = (cell, index) => { cell.classList.toggle("number", right[index]); return cell; };
    head.append(...headers.map((header, index) => side(made("th", header, { scope: "col" }), index)));
    const body = table.createTBody();
    rows.forEach((row, at) => {
      const line = body.insertRow(), path = paths[at];
      line.append(...row.map((text, index) => side(made("td", index || !path ? text : ""), index)));
      if (!path) return;
      const button = made("button", row[0], { type: "button", title: "Show it in the diagram" });
      button.addEventListener("click", () => this.select(path));
      line.firstElementChild.append(button);
    });
    panel.append(table);
    return panel;
  }
}

// A document that stands in the page: gzip, as base64.
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

async function fetched(source) {
  let answer = null;
  try { answer = await fetch(source); } catch { throw new Error(`${source} cannot be read from this page. A page opened as a file reads no other file: serve its folder, or make one HTML file.`); }
  if (!answer.ok) throw new Error(`${source} cannot be read: ${answer.status}.`);
  try { return await answer.json(); } catch { throw new Error(`${source} is not JSON.`); }
}

// The theme of a notebook around, where it says so: Jupyter, Colab, VS Code.
function themeAround() {
  const { jpThemeLight, vscodeThemeKind } = document.body?.dataset ?? {};
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  if (vscodeThemeKind) return vscodeThemeKind.includes("light") ? "light" : "dark";
  return { dark: "dark", light: "light" }[document.documentElement.getAttribute("theme")] ?? null;
}

customElements.define("resviz-diagram", ResvizDiagram);
