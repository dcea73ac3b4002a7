// The list form of a sketch: each line as text, one point per row. app/web/forms.py reads the same notation.

import { setRowCount } from "./rows.js";

const COORDINATE = String.raw`([-+]?(?:[0-9]{1,9}(?:[.,][0-9]{0,12})?|[.,][0-9]{1,12}))`;
const APART = new RegExp(String.raw`^\(? ?${COORDINATE}(?:, | )\|? ?${COORDINATE} ?\)?$`);
const TOGETHER = /^\(? ?([-+]?[0-9]{1,9}(?:\.[0-9]{1,12})?),([-+]?[0-9]{1,9}(?:\.[0-9]{1,12})?) ?\)?$/;

/** The sketch as stored, or null without lines. A line that cannot be read stays the text it is. */
export function readSketch(root) {
  const strokes = strokeControls(root).map(({ value }) => value).filter((text) => text.trim()).map(readPoints);
  return strokes.length ? { strokes } : null;
}

export function writeSketch(root, sketch) {
  const strokes = sketch?.strokes ?? [];
  setRowCount(listOf(root), strokes.length);
  strokeControls(root).forEach((control, index) => {
    control.value = typeof strokes[index] === "string" ? strokes[index] : writePoints(strokes[index]);
  });
}

/** Points [x, y], or the text itself where one of them cannot be read. */
export function readPoints(text) {
  const entries = text.replaceAll("−", "-").split(/[\n;]/).map((line) => line.trim().split(/\s+/).join(" "));
  const found = entries.filter(Boolean).map((entry) => TOGETHER.exec(entry) ?? APART.exec(entry));
  return found.includes(null) ? text : found.map(([, x, y]) => [number(x), number(y)]);
}

export function writePoints(points) {
  return points.map(([x, y]) => `${x} ${y}`).join("\n");
}

/** The controls of lines that cannot be read. */
export function unreadableStrokes(root) {
  return strokeControls(root).filter(({ value }) => typeof readPoints(value) === "string");
}

export function strokeControls(root) {
  return [...listOf(root).querySelectorAll("textarea")];
}

export function listOf(root) {
  return root.querySelector("[data-rows]");
}

function number(text) {
  return Number(text.replace(",", "."));
}
