// The form fields of a part as the JSON value that is stored, and back. app/web/forms.py reads the same form
// the same way. The form is the truth: editors draw what it holds and write what they change into it.

import { readGraph, writeGraph } from "./graph-form.js";
import { readSketch, writeSketch } from "./sketch-form.js";
import { setRowCount } from "./rows.js";

const READERS = {
  choices: readChoices,
  choice: readSingle,
  text: readSingle,
  math: readSingle,
  number: readSingle,
  numbers: readNumbers,
  matrix: readMatrix,
  table: readTable,
  graph: readGraph,
  sketch: readSketch,
};

const WRITERS = {
  choices: (root, raw) => tick(root, raw === null ? [] : raw.length ? raw.map(String) : ["none"]),
  choice: (root, raw) => tick(root, [raw ?? ""]),
  text: writeSingle,
  math: writeSingle,
  number: writeSingle,
  numbers: (root, raw) => fill(root, (tail) => raw?.[tail]),
  matrix: (root, raw) => fill(root, (tail) => atPlace(raw, tail)),
  table: writeTable,
  graph: writeGraph,
  sketch: writeSketch,
};

/** The fields of a part, as elements. */
export function fieldsOf(part) {
  return [...part.querySelectorAll("[data-field]")];
}

/** The value of a field, null where nothing was entered. */
export function readField(root) {
  return READERS[root.dataset.kind](root);
}

/** The answer of a part: blank fields are left out. */
export function readPart(part) {
  const values = fieldsOf(part).map((root) => [fieldId(root), readField(root)]);
  return Object.fromEntries(values.filter(([, raw]) => raw !== null));
}

/** Put a value into a field's form. Its editor hears of it, and who did it; it does not count as a change. */
export function writeField(root, raw, by = "") {
  WRITERS[root.dataset.kind](root, raw ?? null);
  root.dispatchEvent(new CustomEvent("field:written", { bubbles: true, detail: by }));
}

/** Put a stored answer into a part's form. */
export function writePart(part, answer) {
  for (const root of fieldsOf(part)) writeField(root, answer[fieldId(root)] ?? null);
}

function fieldId(root) {
  return root.dataset.field.slice(root.dataset.field.indexOf(".") + 1);
}

/** Controls of a field with the rest of their names: "" for `2a.text`, "0.1" for `5b.mu.0.1`. */
export function controlsOf(root) {
  const field = root.dataset.field;
  const named = [...root.querySelectorAll("[name]")].filter(({ name }) => name === field || name.startsWith(`${field}.`));
  return named.map((control) => [control.name.slice(field.length + 1), control]);
}

/** What a control holds; white space alone is nothing. */
export function textOf(control) {
  return control.value.trim() ? control.value : "";
}

function readChoices(root) {
  const boxes = controlsOf(root).filter(([, box]) => box.checked).map(([, box]) => box.value);
  const ticked = boxes.filter((value) => value !== "none").map(Number);
  return ticked.length ? ticked : boxes.length ? [] : null;
}

function readSingle(root) {
  const held = controlsOf(root).find(([, control]) => control.type !== "radio" || control.checked);
  return (held && textOf(held[1])) || null;
}

function readNumbers(root) {
  const cells = controlsOf(root).map(([, control]) => textOf(control));
  return cells.some(Boolean) ? cells : null;
}

function readMatrix(root) {
  const rows = [];
  for (const [tail, control] of controlsOf(root)) {
    const [row, col] = tail.split(".").map(Number);
    (rows[row] ??= [])[col] = textOf(control);
  }
  return rows.flat().some(Boolean) ? rows : null;
}

function readTable(root) {
  const list = root.querySelector("[data-rows]");
  return list ? readFreeRows(root) : readFixedRows(root);
}

function readFixedRows(root) {
  const words = {};
  for (const [row, radio] of controlsOf(root)) if (radio.checked || !(row in words)) words[row] = radio.checked ? radio.value : "";
  return Object.values(words).some(Boolean) ? words : null;
}

function readFreeRows(root) {
  const rows = [];
  for (const [tail, control] of controlsOf(root)) {
    const dot = tail.indexOf(".");
    (rows[tail.slice(0, dot)] ??= {})[tail.slice(dot + 1)] = textOf(control);
  }
  return rows.some((row) => Object.values(row).some(Boolean)) ? rows : null;
}

function writeTable(root, raw) {
  const list = root.querySelector("[data-rows]");
  if (!list) return tickRows(root, raw ?? {});
  setRowCount(list, Math.max(raw?.length ?? 0, Number(list.dataset.fewest)));
  fill(root, (tail) => atPlace(raw, tail));
}

function tickRows(root, words) {
  for (const [row, radio] of controlsOf(root)) radio.checked = radio.value === (words[row] ?? "");
}

function writeSingle(root, raw) {
  fill(root, () => raw);
}

function tick(root, values) {
  for (const [, box] of controlsOf(root)) box.checked = values.includes(box.value);
}

function fill(root, valueAt) {
  for (const [tail, control] of controlsOf(root)) control.value = text(valueAt(tail));
}

function atPlace(raw, tail) {
  const dot = tail.indexOf(".");
  return raw?.[tail.slice(0, dot)]?.[tail.slice(dot + 1)];
}

function text(raw) {
  return typeof raw === "string" ? raw : "";
}
