// Rows that can be added and removed: of a table, nodes and arrows of a graph, lines of a sketch.
// Names and labels of a row's controls follow its place, so they are numbered again after every change.

export class Rows {
  constructor(root) {
    this.root = root;
    this.adder = [...root.querySelectorAll("[data-add-row]")].at(-1);
    this.adder.addEventListener("click", () => this.add());
    listOf(root).addEventListener("click", (event) => this.remove(event.target.closest("[data-remove-row]")));
    root.addEventListener("rows:changed", () => this.refresh());
    this.refresh();
  }

  add() {
    setRowCount(this.root, rowCount(this.root) + 1);
    tellChange(this.root);
    listOf(this.root).lastElementChild.querySelector("select, textarea, input:not([type=hidden])").focus();
  }

  remove(button) {
    if (!button) return;
    const row = button.closest("[data-row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    setRowCount(this.root, Math.max(rowCount(this.root), fewest(this.root)));
    tellChange(this.root);
    (next?.querySelector("[data-remove-row]") ?? this.adder).focus();
  }

  refresh() {
    this.adder.disabled = rowCount(this.root) >= Number(this.root.dataset.most);
  }
}

export function rowCount(root) {
  return listOf(root).children.length;
}

/** Add blank rows at the end, or take rows from there, until there are `count`. */
export function setRowCount(root, count) {
  const list = listOf(root);
  while (list.children.length > count) list.lastElementChild.remove();
  while (list.children.length < count) list.append(blankRow(root));
  [...list.children].forEach((row, index) => number(root.dataset.rows, row, index));
  root.dispatchEvent(new CustomEvent("rows:changed"));
}

/** Take away rows in which nothing was entered: the spare ones of a page without scripts. */
export function dropBlankRows(root) {
  for (const row of [...listOf(root).children]) {
    const entered = [...row.querySelectorAll("select, textarea, input:not([type=hidden])")];
    if (!entered.some((control) => control.value.trim())) row.remove();
  }
  setRowCount(root, rowCount(root));
}

function listOf(root) {
  return root.querySelector("[data-row-list]");
}

function fewest(root) {
  return Number(root.dataset.fewest ?? 0);
}

function blankRow(root) {
  return root.querySelector("template[data-row-template]").content.querySelector("[data-row]").cloneNode(true);
}

function number(prefix, row, index) {
  for (const control of row.querySelectorAll("[name]")) {
    const tail = control.name.slice(prefix.length + 1).replace(/^[^.]+/, index);
    control.name = `${prefix}.${tail}`;
  }
  for (const labelled of row.querySelectorAll("[data-row-label]")) {
    labelled.setAttribute("aria-label", `${labelled.dataset.rowLabel} ${index + 1}`);
  }
}

function tellChange(root) {
  root.dispatchEvent(new Event("input", { bubbles: true }));
}
