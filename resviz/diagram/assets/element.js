// What <resviz-diagram> and <resviz-comparison> share: they show a document (docs/viewer.md), which stands in the page,
// at an address, or is given to them; its form has a version. Tables stand below what they show.

const READS = 1;      // the version of the document
const HEIGHT = 560;   // pixels of an element that asks for none

function made(name, text = "", more = {}) { return Object.assign(document.createElement(name), { textContent: text }, more); }

class ResvizElement extends HTMLElement {
  // A kind of element has `format`, the document's; `needs`, what stands in it beside format and version; `parts`, its HTML;
  // `more`, its style; `begin(root)`, `take()`, which shows a document and may return what tells more of it, `show()` and `end()`.
  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${STYLE}${this.more}</style>${this.parts}<div class="tables" hidden><div class="tabs" role="tablist" aria-label="Tables"></div></div><p class="failed" role="alert" hidden></p>`;
    this.setAttribute("data-lm-suppress-shortcuts", "true");   // JupyterLab's keys: `b` is another cell, `0` twice another kernel
    this.find = (name) => root.querySelector(name);
    this.setAttribute("data-theme", this.getAttribute("theme") ?? themeAround() ?? "auto");
    this.find(".tabs").addEventListener("keydown", (e) => this.along(e));
    this.begin(root);
    this.there = true;
    if (this.data) this.open(this.data); else this.load();
  }

  disconnectedCallback() { this.there = false; this.ready = false; this.end(); }

  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    const source = name === "src" || name === "packed";
    if (!this.there) { if (source && value !== null) this.data = undefined; }   // back in a page it is loaded
    else if (source) this.load();
    else if (this.ready) this.changed(name, value);
  }

  // The document: what is given to the element itself counts before its attributes.
  get document() { return this.data ?? null; }
  set document(data) { this.turn = (this.turn ?? 0) + 1; this.data = data; if (this.there) this.open(data); }

  async load() {
    const turn = this.turn = (this.turn ?? 0) + 1, packed = this.getAttribute("packed"), source = this.getAttribute("src");
    if (!packed && !source) return;
    try {
      const data = packed ? await unpacked(packed) : await fetched(source);
      if (turn === this.turn && this.there) this.document = data;
    } catch (error) {
      if (turn === this.turn && this.there) this.fail(error.message);
    }
  }

  fail(words) {
    this.ready = false;
    this.find(".failed").textContent = words; this.find(".failed").hidden = false;
    this.find(".outer").hidden = true; this.find(".tables").hidden = true;
  }

  open(data) {
    const refused = this.refused(data);
    if (refused) { this.fail(refused); return; }
    this.ready = false;
    this.find(".failed").hidden = true; this.find(".outer").hidden = false; this.find(".tables").hidden = !this.hasAttribute("tables");
    this.opened = (this.opened ?? 0) + 1;
    let tellMore;
    try { this.tables(); tellMore = this.take(); } catch (error) {
      console.warn(error);
      this.fail("This document cannot be read.");
      return;
    }
    this.ready = true;
    tellMore?.();
    this.tell("ready", { name: data.name });
  }

  // Why a document cannot be shown, or null.
  refused(data) {
    if (data?.format !== this.format) return `This is no document of ${this.localName}: its format is not “${this.format}”.`;
    if (data.version !== READS) return `The diagram's form is version ${data.version}; this viewer reads version ${READS}.`;
    const lacks = this.needs.find((name) => !(name in data));
    return lacks ? `This document cannot be read: it has no “${lacks}”.` : null;
  }

  // A choice that the document has, else the one it begins with.
  possible(name, value) {
    const values = this.data.choices[name].map(([key]) => key);
    return [value, this.data.shown[name]].find((one) => values.includes(one)) ?? values[0];
  }

  tell(what, detail) { this.dispatchEvent(new CustomEvent(`resviz-${what}`, { detail, bubbles: true, composed: true })); }

  // In pixels; null for what the window leaves.
  get height() { const height = this.getAttribute("height"); return height === "fill" ? null : Number(height) || HEIGHT; }

  // A tab for each table; a table is made when it is first opened.
  tables() {
    const home = this.find(".tables"), tabs = this.find(".tabs");
    home.replaceChildren(tabs);
    tabs.replaceChildren(...this.data.tables.map((table) => {
      const tab = made("button", table.name, { type: "button", role: "tab", ariaSelected: "false" });
      tab.addEventListener("click", () => this.turnTo(tab, table));
      return tab;
    }));
    tabs.firstElementChild?.click();
  }

  // Arrow keys go from tab to tab.
  along({ key, target }) {
    const all = [...this.find(".tabs").children], step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) all[(all.indexOf(target) + step + all.length) % all.length].focus();
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
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  } catch { throw new Error("What “packed” holds cannot be unpacked: it takes a document as gzip in base64."); }
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
