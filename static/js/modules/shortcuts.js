// Keys for the whole attempt page. Keys without Alt count only outside of boxes that take text.

import { button, element } from "./dom.js";

const KEYS = {
  j: ["Next problem", (page) => page.step(1)],
  k: ["Previous problem", (page) => page.step(-1)],
  f: ["Flag the part, or take the flag away", (page) => page.flag()],
  o: ["Go to the overview", (page) => page.overview()],
  s: ["Save now", (page) => page.save()],
  "?": ["Show these keys", (page) => page.help()],
};

export class Shortcuts {
  constructor(root) {
    this.form = root.matches("form") ? root : document.getElementById(root.dataset.for ?? "attempt");
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("focusin", ({ target }) => (this.part = target.closest("[data-part]") ?? this.part));
    for (const opener of document.querySelectorAll("[data-shortcuts-help]")) opener.addEventListener("click", () => this.help());
  }

  press(event) {
    const key = keyOf(event);
    if (!KEYS[key] || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    KEYS[key][1](this);
  }

  step(by) {
    this.form.dispatchEvent(new CustomEvent("attempt:step", { detail: by }));
  }

  /** The part in which one works: that of the focus, else the first that is on the screen. */
  flag() {
    const part = isShown(this.part) ? this.part : [...this.form.querySelectorAll("[data-part]")].find(isShown);
    part?.querySelector("[data-flag]")?.click();
  }

  /** On a narrow screen the overview is a panel that has to be opened first. */
  overview() {
    const overview = document.querySelector("[data-module~=overview]");
    const panel = overview?.closest("[popover]");
    if (panel && !overview.checkVisibility()) panel.showPopover();
    overview?.querySelector("a")?.focus();
  }

  save() {
    this.form.requestSubmit();
  }

  help() {
    this.dialog ??= helpDialog();
    this.dialog.showModal();
  }
}

function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing) return "";
  if (event.altKey) return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  const takesText = event.target.closest("textarea, select, math-field, [contenteditable], input:not([type=checkbox], [type=radio])");
  return takesText ? "" : event.key.toLowerCase();
}

function isShown(part) {
  if (!part?.checkVisibility()) return false;
  const { top, bottom } = part.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

function helpDialog() {
  const rows = Object.entries(KEYS).map(([key, [what]]) => element("div", {}, element("dt", {}, element("kbd", {}, key.toUpperCase())), element("dd", {}, what)));
  const dialog = element("dialog", { class: "shortcuts", "aria-labelledby": "shortcuts-title" },
    element("h2", { id: "shortcuts-title" }, "Keys"),
    element("dl", {}, ...rows),
    element("p", {}, "Inside a text box, hold Alt as well."),
    button("Close", () => dialog.close()));
  document.body.append(dialog);
  return dialog;
}
