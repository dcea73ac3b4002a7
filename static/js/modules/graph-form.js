// The list form of a graph: rows of nodes and rows of arrows, read and written as one value.
// Places of nodes are whole thousandths of the canvas, so a graph fits every screen.

import { setRowCount } from "./rows.js";

/** The graph as stored, or null if there is nothing in it. */
export function readGraph(root) {
  const edges = rowsOf(root, "edges").map((row) => [valueIn(row, "from"), valueIn(row, "to")]);
  const ends = new Set(edges.filter(([from, to]) => from && to).flat());
  const nodes = rowsOf(root, "nodes").map(readNode).filter((node) => node.label || "x" in node || ends.has(node.id));
  const known = new Set(nodes.map((node) => node.id));
  const joined = edges.filter((edge) => edge.every((end) => known.has(end)));
  return nodes.length ? { nodes, edges: joined } : null;
}

function readNode(row, index) {
  const node = { id: valueIn(row, "id") || `n${index + 1}`, label: valueIn(row, "label").trim() };
  const [x, y] = [valueIn(row, "x"), valueIn(row, "y")];
  return x && y ? { ...node, x: Number(x), y: Number(y) } : node;
}

/** Fill the list with a graph. */
export function writeGraph(root, graph) {
  const { nodes = [], edges = [] } = graph ?? {};
  fillRows(root, "nodes", nodes, (row, node) => {
    for (const key of ["id", "label", "x", "y"]) controlIn(row, key).value = String(node[key] ?? "");
  });
  setRowCount(listOf(root, "edges"), edges.length);
  offerNodes(root);
  fillRows(root, "edges", edges, (row, [from, to]) => {
    controlIn(row, "from").value = from;
    controlIn(row, "to").value = to;
  });
}

/** Give every node row an id, and bring both ends of each arrow up to date; arrows at a lost node go. */
export function offerNodes(root) {
  nameNodes(root);
  const offers = rowsOf(root, "nodes").map((row, index) => {
    const label = valueIn(row, "label").trim();
    return [valueIn(row, "id"), label ? `${index + 1}: ${label}` : `${index + 1}`];
  });
  const lost = rowsOf(root, "edges").filter((row) => !["from", "to"].every((end) => offer(controlIn(row, end), offers)));
  for (const row of lost) row.remove();
  if (lost.length) setRowCount(listOf(root, "edges"), rowsOf(root, "edges").length);
}

/** Put the nodes into a choice; false if the one that was chosen is no longer there. */
function offer(select, offers) {
  const chosen = select.value;
  select.replaceChildren(new Option("–", ""), ...offers.map(([id, text]) => new Option(text, id)));
  select.value = offers.some(([id]) => id === chosen) ? chosen : "";
  return select.value === chosen;
}

function nameNodes(root) {
  const controls = rowsOf(root, "nodes").map((row) => controlIn(row, "id"));
  for (const control of controls) control.value ||= freeId(controls.map(({ value }) => value));
}

/** The first of n1, n2, … that is not taken. */
export function freeId(taken) {
  let number = 1;
  while (taken.includes(`n${number}`)) number += 1;
  return `n${number}`;
}

/** Remember where the nodes stand, and leave the rest of the list alone. */
export function writePlaces(root, nodes) {
  const places = new Map(nodes.map((node) => [node.id, node]));
  for (const row of rowsOf(root, "nodes")) {
    const place = places.get(valueIn(row, "id"));
    if (!place) continue;
    controlIn(row, "x").value = place.x;
    controlIn(row, "y").value = place.y;
  }
}

function fillRows(root, kind, items, write) {
  setRowCount(listOf(root, kind), items.length);
  rowsOf(root, kind).forEach((row, index) => write(row, items[index]));
}

export function listOf(root, kind) {
  return root.querySelector(`[data-rows="${root.dataset.field}.${kind}"]`);
}

function rowsOf(root, kind) {
  return [...listOf(root, kind).querySelectorAll("[data-row]")];
}

function controlIn(row, key) {
  return row.querySelector(`[name$=".${key}"]`);
}

function valueIn(row, key) {
  return controlIn(row, key).value;
}
