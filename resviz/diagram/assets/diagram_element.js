// <resviz-diagram>: the viewer of diagram.js without the app. What the app asks Python for stands in the document, from
// which this file answers.

const START = { detail: "blocks", direction: "down", heat: "", node: "", numbers: "", edges: "", full: "" };
const SWITCHES = ["numbers", "edges"];   // on where they are there

class ResvizDiagram extends ResvizElement {
  static observedAttributes = ["src", "packed", "height", "tables", "detail", "direction", "heat", "numbers", "edges", "node"];

  get format() { return "resviz-diagram"; }

  get needs() { return ["name", "shown", "choices", "totals", "pictures", "strips", "heat", "details", "numbers", "tables"]; }

  get parts() { return `<div class="outer" hidden><div class="first">${FRAME}</div><div class="details"></div></div>`; }

  get more() { return ""; }

  begin(root) {
    const outer = this.find(".outer"), details = this.find(".details");
    this.bare = this.hasAttribute("bare");   // for as long as it stands here
    details.hidden = this.bare;
    this.viewer = new Viewer(root, { outer: this.bare ? this.find(".frame") : outer, details: () => (this.bare ? null : details), scrolled: () => document.scrollingElement.scrollTop, scroll: (down) => window.scrollBy(0, down) });
    this.viewer.say = (words) => this.said(words);
    this.requests = 0;
  }

  end() { this.viewer.stop(); this.viewer = null; }

  changed(name, value) {
    if (name === "node") this.select(value);
    else if (name in START) this.said({ act: "set", name, value: this.asked(name) });
    else this.show();
  }

  // What an attribute asks for.
  asked(name) { return SWITCHES.includes(name) ? (this.hasAttribute(name) ? "1" : "") : this.getAttribute(name) ?? ""; }

  take() {
    const { data } = this;
    const asked = Object.fromEntries(Object.keys(START).filter((name) => this.hasAttribute(name)).map((name) => [name, this.asked(name)]));
    this.state = { ...START, ...data.shown, ...asked };
    delete this.state.highlights;   // of the picture, not a choice
    for (const name of ["detail", "direction", "heat"]) this.state[name] = this.possible(name, this.state[name]);
    for (const name of SWITCHES) this.state[name] = this.state[name] ? "1" : "";
    const stages = data.strips?.down.stages ?? [];
    this.folding = new Folding(stages, data.shown.unfold, data.shown.fold);
    this.viewer.hash = null; this.viewer.kind = null; this.stacked = null;   // nothing of a document of before
    this.find(".outer").classList.toggle("whole", !data.strips);
    const path = this.bring(this.wanted === undefined ? this.state.node : this.wanted);
    this.wanted = undefined;
    this.state.node = path ?? "";
    return () => { if (path !== null) this.tellSelected(path); };
  }

  // Select what a path names and bring it into sight; nothing by null. What is selected before there is a document is
  // selected in the first one.
  select(path) { if (this.ready) this.selected(this.bring(path)); else this.wanted = path; }

  // Show what a path names, and return it: null for what the document knows nothing of.
  bring(path) {
    const known = path && this.known(path) ? path : null;
    this.explain(known);   // first: a sheet as high as its words is what the node moves from under
    this.request = { number: ++this.requests, path: known };
    this.show();
    return known;
  }

  // What a person asks of the viewer.
  said({ act, name, value, path, action, detail }) {
    if (!this.ready) return;
    if (act === "select") { this.explain(path); this.viewer.uncover(this.viewer.standingFor(path)); this.selected(path); }
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
    this.tellSelected(path);
  }

  tellSelected(path) { this.tell("select", { path, details: path === null ? null : this.known(path) }); }

  show() {
    const { data, state } = this, horizontal = state.direction === "right", shown = this.picture();
    this.viewer.detail = state.detail;
    this.viewer.update({
      svg: shown.svg, hash: shown.hash, view: "network", horizontal, search: shown.search, request: this.request, highlights: data.shown.highlights,
      numbers: state.numbers ? data.numbers : null, flow: state.edges ? shown.flow : null, heat: data.heat[state.heat] ?? null, height: this.height, toolbar: this.bare ? null : this.offered(),
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
    for (let at = path; at; at = at.includes(".") ? at.slice(0, at.lastIndexOf(".")) : "") if (Object.hasOwn(this.data.details, at)) return { path: at, ...this.data.details[at] };
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
}

customElements.define("resviz-diagram", ResvizDiagram);
