// <resviz-comparison>: the panes of compare.js without the app, at each level of detail that its document has.

class ResvizComparison extends ResvizElement {
  static observedAttributes = ["src", "packed", "height", "tables", "detail"];

  get format() { return "resviz-comparison"; }

  get needs() { return ["name", "names", "shown", "choices", "signs", "pictures", "tables"]; }

  get parts() { return `<div class="outer" hidden><div class="first">${PANES}</div></div>`; }

  get more() { return MARKS; }

  begin(root) {
    this.panes = new Panes(root);
    this.choices = made("div", "", { className: "choices", role: "radiogroup", ariaLabel: "Detail" });
    this.find(".bar").prepend(this.choices);
    this.choices.addEventListener("change", (e) => this.setDetail(e.target.value));
    this.resized = () => { if (this.ready) this.show(); };
    window.addEventListener("resize", this.resized);
  }

  end() { this.panes.stop(); window.removeEventListener("resize", this.resized); }

  changed(name, value) { if (name === "detail") this.setDetail(value); else this.show(); }

  setDetail(value) {
    this.detail = this.possible("detail", value);
    this.show();
    this.tell("change", { detail: this.detail });
  }

  take() {
    this.detail = this.possible("detail", this.getAttribute("detail"));
    this.choices.replaceChildren(...this.data.choices.detail.map(([key, words]) => {
      const label = made("label"), radio = made("input", "", { type: "radio", name: "detail", value: key });
      label.append(radio, words);
      return label;
    }));
    this.panes.hash = null;
    this.show();
  }

  show() {
    const { data, detail } = this, top = this.getBoundingClientRect().top + document.scrollingElement.scrollTop;
    for (const radio of this.choices.querySelectorAll("input")) radio.checked = radio.value === detail;
    const height = this.height ?? Math.max(LEAST, Math.round(window.innerHeight - top - 58));
    this.panes.update({ height, fill: this.height === null, hash: `${this.opened} ${detail}`, view: `${data.names.length} ${detail}`, panes: data.pictures[detail] });
    this.find(".tables").hidden = !this.hasAttribute("tables");
  }
}

customElements.define("resviz-comparison", ResvizComparison);
