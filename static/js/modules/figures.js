// Opens a figure large, over the page.

import { button, element } from "./dom.js";

export class Figure {
  constructor(root) {
    this.root = root;
    this.picture = root.querySelector("img, svg");
    const link = this.picture.closest("a");
    if (link) this.takeOver(link);
    else root.append(button("Enlarge", () => this.open(), { "aria-label": `Enlarge: ${this.name()}` }));
  }

  /** Without scripts the link shows the picture alone. */
  takeOver(link) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open();
    });
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
