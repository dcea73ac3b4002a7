// A pen over a plot: lines by pointer, finger or pen, kept in the list form in the units of the axes.

import { readField, writeField } from "./answer.js";
import { button, element } from "./dom.js";
import { History } from "./history.js";
import { dropBlankRows } from "./rows.js";
import { offLine, simplified } from "./simplify.js";
import { listOf, strokeControls, unreadableStrokes } from "./sketch-form.js";
import { markUnreadable, showReading } from "./status.js";
import { drawByTouch, placeIn, svg } from "./svg.js";

const TOLERANCE = 0.3; // in the plot's pixels: not to be seen
const REACH = 14; // how near the eraser must come
const TOOLS = { pen: "Pen", ruler: "Straight line", eraser: "Eraser" };
const HINTS = {
  pen: "Draw over the plot.",
  ruler: "Drag from one end of the line to the other.",
  eraser: "Tap a line, or drag over it, to take it away.",
};

export class SketchPad {
  constructor(root) {
    this.root = root;
    this.plot = root.querySelector("[data-plot]");
    this.sheet = root.querySelector("[data-sheet]");
    this.list = root.querySelector("[data-list]");
    dropBlankRows(listOf(root));
    this.scale = scaleOf(this.plot, root.querySelector("[data-pad]"));
    this.buildTools(root.querySelector("[data-tools]"));
    this.history = new History(this.held());
    this.list.open = false;
    this.listen();
    this.choose("pen");
    this.refresh();
  }

  listen() {
    this.sheet.addEventListener("pointerdown", (event) => this.start(event));
    this.sheet.addEventListener("pointermove", (event) => this.follow(event));
    this.sheet.addEventListener("pointerup", (event) => this.end(event));
    this.sheet.addEventListener("pointercancel", () => this.cancel());
    drawByTouch(this.plot, "[data-sheet]");
    this.list.addEventListener("input", ({ target }) => this.takeFromList(target));
    this.root.addEventListener("field:written", ({ detail }) => detail !== "own" && this.takeFromList(this.list));
    this.root.querySelector("[data-pad]").addEventListener("keydown", (event) => this.press(event));
  }

  buildTools(tools) {
    this.toolButtons = Object.entries(TOOLS).map(([tool, name]) => [tool, button(name, () => this.choose(tool), { "aria-pressed": "false" })]);
    this.undoButton = button("Undo", () => this.apply(this.history.undo(), "Undone."));
    this.redoButton = button("Redo", () => this.apply(this.history.redo(), "Done again."));
    this.clearButton = button("Clear", () => this.change([], "All lines are gone. Undo brings them back."));
    tools.append(
      element("span", { class: "tool-set", role: "group", "aria-label": "Tool" }, ...this.toolButtons.map(([, made]) => made)),
      element("span", { class: "tool-set" }, this.undoButton, this.redoButton, this.clearButton),
    );
  }

  choose(tool) {
    this.tool = tool;
    this.root.dataset.tool = tool;
    for (const [name, made] of this.toolButtons) made.setAttribute("aria-pressed", String(name === tool));
    this.say("");
  }

  start(event) {
    if (event.button !== 0 || this.line) return;
    this.sheet.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.line = [this.placeOf(event)];
    this.before = this.held();
    if (this.tool === "eraser") this.erase();
  }

  follow(event) {
    if (!this.line || event.pointerId !== this.pointer) return;
    const places = (event.getCoalescedEvents?.() ?? []).map((one) => this.placeOf(one));
    this.line.push(...(places.length ? places : [this.placeOf(event)]));
    if (this.tool === "ruler") this.line = [this.line[0], this.line.at(-1)];
    if (this.tool === "eraser") this.erase();
    else this.draw();
  }

  end(event) {
    if (!this.line || event.pointerId !== this.pointer) return;
    const line = this.line;
    this.line = null;
    if (this.tool === "eraser") return this.change(this.held(), "");
    if (line.length < 2) return this.draw();
    const stroke = simplified(line, TOLERANCE).map((place) => this.scale.toUnits(place));
    this.change([...this.held(), stroke], `Line ${this.held().length + 1} drawn.`);
  }

  cancel() {
    if (this.line && this.tool === "eraser") this.write(this.before);
    this.line = null;
    this.draw();
  }

  erase() {
    const kept = this.held().filter((stroke) => !this.isHit(stroke));
    if (kept.length < this.held().length) this.write(kept);
  }

  isHit(stroke) {
    if (typeof stroke === "string") return false;
    const places = stroke.map((point) => this.scale.toPlace(point));
    return this.line.slice(-8).some((place) => places.some((at, index) => offLine(place, at, places[index + 1] ?? at) < REACH));
  }

  held() {
    return readField(this.root)?.strokes ?? [];
  }

  change(strokes, sentence) {
    this.history.push(strokes);
    this.apply(strokes, sentence);
  }

  apply(strokes, sentence) {
    this.write(strokes);
    this.say(sentence);
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  write(strokes) {
    writeField(this.root, strokes.length ? { strokes } : null, "own");
    this.refresh();
  }

  takeFromList(target) {
    this.history.push(this.held(), target.name ?? "");
    this.refresh();
  }

  refresh() {
    this.draw();
    this.undoButton.disabled = !this.history.canUndo;
    this.redoButton.disabled = !this.history.canRedo;
    this.clearButton.disabled = !this.held().length;
    this.tellReading();
  }

  draw() {
    const strokes = this.held().filter((stroke) => typeof stroke !== "string" && stroke.length);
    const lines = strokes.map((stroke) => stroke.map((point) => this.scale.toPlace(point)));
    if (this.line && this.tool !== "eraser") lines.push(this.line);
    this.plot.querySelector("[data-strokes]").replaceChildren(...lines.map(drawn));
  }

  tellReading() {
    const unreadable = unreadableStrokes(this.root);
    markUnreadable(strokeControls(this.root), (control) => unreadable.includes(control));
    const state = unreadable.length ? "unreadable" : this.held().length ? "read" : "blank";
    const sentence = unreadable.length ? `${unreadable[0].getAttribute("aria-label")} cannot be read: write x and y in each row, such as 2 0.5` : "";
    showReading(this.root, { state, sentence });
  }

  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    this.apply(event.shiftKey ? this.history.redo() : this.history.undo(), "");
  }

  placeOf(event) {
    const [x, y] = placeIn(this.plot, event);
    return [within(x, this.scale.left, this.scale.right), within(y, this.scale.top, this.scale.bottom)];
  }

  say(sentence) {
    this.root.querySelector("[data-says]").textContent = sentence || HINTS[this.tool];
  }
}

/** Between places in the plot's pixels and points in the units of its axes (three decimals of a thousandth of an axis). */
function scaleOf(plot, { dataset }) {
  const [left, right, top, bottom] = ["left", "right", "top", "bottom"].map((side) => Number(plot.dataset[side]));
  const [x0, x1, y0, y1] = [dataset.xFrom, dataset.xTo, dataset.yFrom, dataset.yTo].map(Number);
  return {
    left, right, top, bottom,
    toUnits: ([x, y]) => [rounded(x0 + ((x - left) / (right - left)) * (x1 - x0), x1 - x0), rounded(y0 + ((bottom - y) / (bottom - top)) * (y1 - y0), y1 - y0)],
    toPlace: ([x, y]) => [left + ((x - x0) / (x1 - x0)) * (right - left), bottom - ((y - y0) / (y1 - y0)) * (bottom - top)],
  };
}

function rounded(value, range) {
  const decimals = Math.max(0, 4 - Math.ceil(Math.log10(range)));
  return Number(value.toFixed(decimals)) + 0; // no −0
}

function drawn(places) {
  return places.length > 1
    ? svg("polyline", { points: places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") })
    : svg("circle", { cx: places[0][0], cy: places[0][1], r: 2.5 });
}

function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
