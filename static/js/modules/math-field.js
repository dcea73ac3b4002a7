// A formula as text, with a preview of how it is read, and on wish an editor in which it is built by sight.
// Both keep the same text: the editor starts from it and writes back only what is changed.

import { formulaEditorPlace, makeFormulaEditor } from "./formula-editor.js";
import { Previewer, showPreview } from "./previews.js";
import { showReading } from "./status.js";

const NOT_ONE_FORMULA = "The editor can open a single formula without words around it.";
const NOT_LOADED = "The formula editor cannot be loaded now. Please type the formula.";

export class MathField {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("textarea");
    this.preview = root.querySelector("[data-preview]");
    this.toggle = root.querySelector("[data-editor-toggle]");
    this.previewer = new Previewer("/previews/math", (answer) => this.show(answer));
    this.text.addEventListener("input", () => this.refresh());
    root.addEventListener("field:written", () => this.rewritten());
    this.offerEditor();
    this.whenSeen(() => this.refresh());
  }

  refresh() {
    this.answer = null;
    if (this.text.value.trim()) return this.previewer.ask({ text: this.text.value });
    this.previewer.drop();
    this.show({ state: "blank", sentence: "", html: "", tex: "" });
  }

  show(answer) {
    this.answer = answer;
    showPreview(this.preview, answer.html);
    showReading(this.root, answer);
    if (answer.state === "unreadable") this.text.setAttribute("aria-invalid", "true");
    else this.text.removeAttribute("aria-invalid");
  }

  rewritten() {
    if (this.editor) this.closeEditor();
    this.refresh();
  }

  /** Formulas that are stored already are asked for when they come into view. */
  whenSeen(act) {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      act();
    });
    seen.observe(this.root);
  }

  offerEditor() {
    this.library = formulaEditorPlace();
    this.toggle.hidden = !this.library;
    this.toggle.addEventListener("click", () => (this.editor ? this.closeEditor() : this.openEditor()));
  }

  async openEditor() {
    const tex = this.text.value.trim() ? this.answer?.tex : "";
    if (!tex && tex !== "") return this.say(NOT_ONE_FORMULA);
    this.editor = await makeFormulaEditor(this.library, this.editorName(), tex);
    if (!this.editor) return this.say(NOT_LOADED);
    this.editor.addEventListener("input", () => this.takeFromEditor());
    this.editor.addEventListener("keydown", (event) => this.leaveByEscape(event), { capture: true });
    this.root.querySelector("[data-editor]").replaceChildren(this.editor);
    this.swap(true);
    this.editor.focus();
    this.opened = this.editor.value;
  }

  editorName() {
    const hint = this.root.querySelector("[data-editor-hint]").textContent;
    return `${this.root.querySelector("label").textContent.trim()}. ${hint}`;
  }

  /** Escape goes back to the text; the editor's own meaning of it would keep Tab inside. */
  leaveByEscape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.closeEditor();
  }

  closeEditor() {
    if (this.editor.value !== this.opened) this.takeFromEditor(); // it tells of the last key a little late
    this.editor.remove();
    this.editor = null;
    this.swap(false);
    this.text.focus();
  }

  swap(isEditing) {
    for (const one of this.root.querySelectorAll("[data-editor], [data-editor-hint]")) one.hidden = !isEditing;
    this.text.hidden = isEditing;
    this.toggle.setAttribute("aria-pressed", String(isEditing));
  }

  takeFromEditor() {
    this.opened = this.editor.value;
    this.text.value = this.editor.value;
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say(sentence) {
    this.root.querySelector(":scope > [data-status]").textContent = sentence;
  }
}
