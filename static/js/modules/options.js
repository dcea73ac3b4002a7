// Boxes of which any number may be right. "None of these" is an answer of its own: it and the options exclude
// each other. Only it says that no option is right; no tick at all is no answer.

export class Options {
  constructor(root) {
    this.none = root.querySelector("[data-none]");
    this.options = [...root.querySelectorAll("input[type=checkbox]")].filter((box) => box !== this.none);
    root.addEventListener("change", ({ target }) => this.untickOthers(target));
  }

  untickOthers(box) {
    if (!box.checked) return;
    if (box !== this.none) this.none.checked = false;
    else for (const option of this.options) option.checked = false;
  }
}
