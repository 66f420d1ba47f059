// The toolbar of diagram.js: choices that the page's side knows, menus, the link, files. A choice is said to the
// page's side, which draws another picture; nothing here decides what is possible.

class Toolbar {
  constructor(frame, on, viewer) {
    this.frame = frame; this.viewer = viewer;
    this.choices = frame.querySelector(".choices"); this.note = frame.querySelector(".note"); this.files = this.menu("files");
    this.selects = new Map([...frame.querySelectorAll("select[data-set]")].map((select) => [select.dataset.set, select]));
    on(frame, "change", (e) => { const { set } = e.target.dataset; if (set) viewer.say({ act: "set", name: set, value: this.valueOf(e.target) }); });
    on(frame, "click", (e) => this.click(e));
    on(frame, "keydown", (e) => this.key(e));
    on(document, "pointerdown", (e) => { if (!e.composedPath().some((one) => one.matches?.(".menu, [data-menu]"))) this.close(); });
    // Streamlit has keys of its own, `r` and `c`, and does not see that these take letters.
    for (const select of this.selects.values()) on(select, "keydown", (e) => { if (e.key !== "Escape") e.stopPropagation(); });
  }

  valueOf(input) { return input.type === "checkbox" ? (input.checked ? (input.getAttribute("value") ?? "1") : "") : input.value; }

  menu(name) { return this.frame.querySelector(`.menu[data-of="${name}"]`); }

  // `known`: for each choice its values with their names, the one that holds, and whether it changes anything; and
  // `without`, the buttons that would do nothing here.
  update(known) {
    if (!known) return;
    for (const element of this.frame.querySelectorAll("[data-own]")) element.hidden = known.without?.includes(element.dataset.own) ?? false;
    this.radios(known.choices.detail);
    for (const [name, select] of this.selects) this.fill(select, known.choices[name]);
    for (const box of this.frame.querySelectorAll("input[type=checkbox][data-set]")) {
      const { value, enabled } = known.choices[box.dataset.set];
      box.checked = value === "1"; box.disabled = !enabled;
    }
    const files = JSON.stringify(known.files);
    if (this.offered !== files) this.files.replaceChildren(...known.files.map(([kind, words]) => this.button(words, "file", kind)));
    this.offered = files;
    this.note.textContent = known.note; this.note.hidden = !known.note;
    this.viewer.room.fill(known.full);
  }

  button(words, say, kind) {
    const button = document.createElement("button");
    button.type = "button"; button.textContent = words; button.dataset.say = say; button.dataset.kind = kind;
    return button;
  }

  radios({ values, value, enabled, hidden = false }) {
    this.choices.hidden = hidden;
    if (!this.choices.childElementCount) {
      for (const [key, words] of values) {
        const label = document.createElement("label"), radio = document.createElement("input");
        Object.assign(radio, { type: "radio", name: "detail", value: key });
        radio.dataset.set = "detail";
        label.append(radio, words);
        this.choices.append(label);
      }
    }
    for (const radio of this.choices.querySelectorAll("input")) { radio.checked = radio.value === value; radio.disabled = !enabled; }
  }

  fill(select, { values, value, enabled, hidden = false }) {
    const words = JSON.stringify(values);
    if (select.words !== words) {
      select.words = words;
      select.replaceChildren(...values.map(([key, name]) => new Option(name, key)));
    }
    select.value = value; select.disabled = !enabled; select.hidden = hidden;
  }

  click(e) {
    const opener = e.target.closest("[data-menu]"), said = e.target.closest("[data-say]");
    if (opener) this.toggle(opener);
    if (e.target.closest(".menu [data-act]")) this.close(true);
    if (!said) return;
    this.viewer.say({ act: said.dataset.say, kind: said.dataset.kind });
    this.close(true);
  }

  // A menu that another one offers opens in its place.
  toggle(chosen) {
    const menu = this.menu(chosen.dataset.menu), open = menu.hidden, opener = chosen.closest(".menu")?.opener ?? chosen;
    this.close();
    if (!open) return;
    menu.hidden = false;
    menu.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    const frame = this.frame.getBoundingClientRect(), { left, bottom } = opener.getBoundingClientRect();
    menu.style.top = `${bottom - frame.top + 4}px`;
    menu.style.maxHeight = `${frame.bottom - bottom - 10}px`;   // the frame clips what is longer
    menu.style.left = `${Math.max(4, Math.min(left - frame.left, frame.width - menu.offsetWidth - 6))}px`;
    menu.querySelector("select:enabled, button, input:enabled")?.focus();
  }

  close(back = false) {
    for (const menu of this.frame.querySelectorAll(".menu:not([hidden])")) {
      menu.hidden = true;
      menu.opener.setAttribute("aria-expanded", "false");
      if (back) menu.opener.focus();
    }
  }

  key(e) {
    if (e.key !== "Escape" || !this.frame.querySelector(".menu:not([hidden])")) return;
    this.close(true);
    e.stopPropagation();
  }

  async copyLink() {
    const found = this.frame.querySelector(".found");
    try {
      await navigator.clipboard.writeText(location.href);
      found.textContent = this.viewer.room.full ? "Link copied. It fills the window; F11 fills the screen." : "Link copied.";
    } catch {   // an address without https has no clipboard
      const box = document.createElement("textarea");
      box.value = location.href;
      this.frame.append(box);
      box.select();
      found.textContent = document.execCommand("copy") ? "Link copied." : "Copy the address of this page from the browser.";
      box.remove();
    }
  }
}
