// Opens a figure large, over the page.

import { button, element } from "./dom.js";

export class Figure {
  constructor(root) {
    this.root = root;
    this.picture = root.querySelector("img, svg");
    this.opener = button("Enlarge", () => this.open(), { class: "button-quiet figure-enlarge" });
    this.opener.setAttribute("aria-label", `Enlarge: ${this.name()}`);
    root.append(this.opener);
    this.picture.addEventListener("click", () => this.open());
  }

  open() {
    this.dialog ??= this.build();
    this.dialog.showModal();
  }

  build() {
    const copy = this.picture.cloneNode(true);
    for (const named of [copy, ...copy.querySelectorAll("[id]")]) if (!isReferenced(copy, named.id)) named.removeAttribute("id");
    const close = button("Close", () => dialog.close());
    const dialog = element("dialog", { class: "figure-dialog", "aria-label": this.name() }, copy, close);
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    document.body.append(dialog);
    return dialog;
  }

  name() {
    const caption = this.root.querySelector("figcaption")?.textContent.trim();
    return caption || this.picture.getAttribute("alt") || this.picture.getAttribute("aria-label") || "Figure";
  }
}

/** Markers and gradients of a drawing keep the names by which it refers to them. */
function isReferenced(drawing, id) {
  return Boolean(id) && drawing.outerHTML?.includes(`#${id}`);
}
