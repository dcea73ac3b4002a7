// Says how numbers are read (`1/2500 = 0.0004`) and which cannot be, in fields with one or more boxes.

import { Previewer } from "./previews.js";
import { markUnreadable, showReading } from "./status.js";

export class NumberEcho {
  constructor(root) {
    this.root = root;
    this.previewer = new Previewer("/previews/numbers", ({ readings }) => this.show(readings));
    root.addEventListener("input", () => this.refresh());
    root.addEventListener("field:written", () => this.refresh());
    root.addEventListener("rows:changed", () => this.refresh(), true);
    if (this.entered().length) this.refresh();
  }

  /** The boxes for numbers that hold something. */
  entered() {
    const boxes = this.root.dataset.kind === "table" ? "input[data-number]" : "input:not([type=radio])";
    return [...this.root.querySelectorAll(boxes)].filter((box) => box.value.trim());
  }

  refresh() {
    this.asked = this.entered();
    if (this.asked.length) return this.previewer.ask({ entries: this.asked.map(question) });
    this.previewer.drop();
    this.show([]);
  }

  show(readings) {
    const unreadable = this.asked.filter((_, index) => readings[index].state === "unreadable");
    markUnreadable(this.root.querySelectorAll("input"), (box) => unreadable.includes(box));
    const state = unreadable.length ? "unreadable" : readings.length ? "read" : "blank";
    showReading(this.root, { state, sentence: this.sentence(readings) });
  }

  /** One box: its reading. Several: those that need a word, with the name of their box. */
  sentence(readings) {
    const alone = this.root.dataset.kind === "number";
    const told = readings.map(({ state, sentence }, index) => ({ state, sentence, box: this.asked[index] }));
    return told
      .filter(({ sentence }) => sentence)
      .sort((a, b) => (b.state === "unreadable") - (a.state === "unreadable"))
      .map(({ sentence, box }) => (alone ? sentence : `${nameOf(box)}${sentence.startsWith("=") ? "" : ":"} ${sentence}`))
      .slice(0, 3)
      .join(" · ");
  }
}

function question(box) {
  return { text: box.value, integer: "integer" in box.dataset };
}

function nameOf(box) {
  const label = box.getAttribute("aria-label") ?? box.labels[0].textContent.trim();
  return label.split(/\s+/).join(" ");
}
