// Shows a text with its formulas once there is a $ in it.

import { Previewer, showPreview } from "./previews.js";

export class TextPreview {
  constructor(root) {
    this.text = root.querySelector("textarea");
    this.preview = root.querySelector("[data-preview]");
    this.previewer = new Previewer("/previews/text", ({ html }) => showPreview(this.preview, html));
    root.addEventListener("input", () => this.refresh());
    root.addEventListener("field:written", () => this.refresh());
    this.refresh();
  }

  refresh() {
    if (this.text.value.includes("$")) return this.previewer.ask({ text: this.text.value });
    this.previewer.drop();
    showPreview(this.preview, "");
  }
}
