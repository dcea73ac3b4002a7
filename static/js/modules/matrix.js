// A grid of numbers: arrow keys move between cells, and a whole matrix can be pasted into any cell.

import { NumberEcho } from "./number-echo.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };

export class Matrix extends NumberEcho {
  constructor(root) {
    super(root);
    this.grid = [...root.querySelectorAll(".matrix-row")].map((row) => [...row.querySelectorAll("input")]);
    root.addEventListener("keydown", (event) => this.move(event));
    root.addEventListener("paste", (event) => this.paste(event));
  }

  move(event) {
    const step = STEPS[event.key];
    const place = this.placeOf(event.target);
    if (!step || !place || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (staysInCell(event)) return;
    event.preventDefault(); // also Enter, which would send the form
    const next = this.grid[place[0] + step[0]]?.[place[1] + step[1]];
    next?.focus();
    next?.select();
  }

  paste(event) {
    const rows = readMatrix(event.clipboardData.getData("text/plain"));
    const place = this.placeOf(event.target);
    if (!place || rows.flat().length < 2) return;
    event.preventDefault();
    this.fill(rows, this.fits(rows, place) ? place : [0, 0]);
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  fits(rows, [row, col]) {
    return row + rows.length <= this.grid.length && col + Math.max(...rows.map((cells) => cells.length)) <= this.grid[0].length;
  }

  fill(rows, [top, left]) {
    const turned = this.isLineAcross(rows) ? transposed(rows) : rows;
    turned.forEach((cells, row) => cells.forEach((cell, col) => {
      const box = this.grid[top + row]?.[left + col];
      if (box) box.value = cell;
    }));
  }

  /** A column pasted into a single row, or the other way round. */
  isLineAcross(rows) {
    const [height, width] = [this.grid.length, this.grid[0].length];
    const isColumn = rows.every((cells) => cells.length === 1);
    return (height === 1 && width > 1 && rows.length > 1 && isColumn) || (width === 1 && height > 1 && rows.length === 1);
  }

  placeOf(box) {
    const row = this.grid.findIndex((cells) => cells.includes(box));
    return row < 0 ? null : [row, this.grid[row].indexOf(box)];
  }
}

/** Left and right leave a cell only from its ends, so that its text can be edited. */
function staysInCell({ key, target }) {
  const { selectionStart: start, selectionEnd: end, value } = target;
  const isWhole = start === 0 && end === value.length;
  if (isWhole) return false;
  return (key === "ArrowLeft" && start > 0) || (key === "ArrowRight" && end < value.length);
}

/** Rows of cells from a spreadsheet (tabs), `[[1, 2], [3, 4]]`, LaTeX rows (`1 & 2 \\ 3 & 4`) or `1 2; 3 4`. */
export function readMatrix(text) {
  const body = text.replace(/\\(?:begin|end)\{[a-z]*\}/g, "").replace(/[\r\n]+$/, "");
  const lines = body.split(/\r?\n|;|\\\\|\]\s*,?\s*\[/).filter((line) => line.trim());
  const rows = lines.map(readCells);
  const isEven = rows.every(({ length }) => length === rows[0].length);
  return isEven ? rows : lines.map(readSpacedCells); // in a column such as 1,5 / -2 / 3 the comma is decimal
}

/** Commas stand between cells, or are decimal where white space stands between cells. */
function readCells(line) {
  if (line.includes("\t")) return line.split("\t").map((cell) => cell.trim());
  const bare = line.replace(/[[\]{}]/g, "").trim();
  if (bare.includes("&")) return bare.split("&").map((cell) => cell.trim());
  const isByComma = /,\s/.test(bare) || !/\s/.test(bare);
  return isByComma ? bare.split(/\s*,\s*/) : readSpacedCells(bare);
}

function readSpacedCells(line) {
  return line.replace(/[[\]{}]/g, "").trim().split(/\s+/);
}

function transposed(rows) {
  return rows[0].map((_, col) => rows.map((cells) => cells[col]));
}
