// Draws the graph that the list form holds, and writes into the list what is changed on the canvas.

import { readField, writeField } from "./answer.js";
import { button, element } from "./dom.js";
import { GraphCanvas } from "./graph-canvas.js";
import { freeId, listOf, offerNodes, writePlaces } from "./graph-form.js";
import { freePlace, placed, tidied } from "./graph-layout.js";
import { History } from "./history.js";
import { dropBlankRows } from "./rows.js";
import { showReading } from "./status.js";

const PALETTE = ["x", "w", "y", "0", "1", "+", "−", "×", "/", "max", "min", "ReLU", "σ", "tanh", "exp", "log"];
const MOST_LETTERS = 60;

export class GraphEditor {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("[data-list]");
    this.selected = null;
    for (const kind of ["nodes", "edges"]) dropBlankRows(listOf(root, kind));
    this.buildPalette(root.querySelector("[data-palette]"));
    this.buildTools(root.querySelector("[data-tools]"));
    this.canvas = new GraphCanvas(root.querySelector("[data-canvas]"), this.gestures());
    this.load();
    this.history = new History(this.graph);
    this.list.open = false;
    this.listen();
    this.refresh();
    this.say("");
  }

  listen() {
    this.list.addEventListener("input", ({ target }) => this.takeFromList(target));
    this.root.addEventListener("field:written", ({ detail }) => detail !== "own" && this.reload());
    this.root.querySelector("[data-canvas-area]").addEventListener("keydown", (event) => this.press(event));
  }

  gestures() {
    return {
      select: (target) => this.select(target),
      move: (id, place) => this.show(this.withNode(id, place)),
      moved: () => this.apply(this.graph),
      connect: (from, to) => this.connect(from, to),
      linking: (from) => this.say(from ? `Now choose the node where the arrow from ${this.nameOf(from)} ends.` : ""),
      rename: () => this.rename.focus(),
    };
  }

  buildPalette(palette) {
    this.newLabel = element("input", { class: "control graph-new-label", "aria-label": "Label of a new node", placeholder: "other label", maxlength: MOST_LETTERS, autocapitalize: "off", autocomplete: "off", spellcheck: "false" });
    this.newLabel.addEventListener("keydown", (event) => event.key === "Enter" && this.addTyped(event));
    const chips = PALETTE.map((label) => button(label, () => this.add(label), { class: "chip", "aria-label": `Add node ${label}` }));
    const own = element("span", { class: "graph-own" }, this.newLabel, button("Add", (event) => this.addTyped(event)));
    palette.append(...chips, own);
  }

  buildTools(tools) {
    this.rename = element("input", { class: "control graph-rename", "aria-label": "Label of the selected node", maxlength: MOST_LETTERS, autocapitalize: "off", autocomplete: "off", spellcheck: "false" });
    this.rename.addEventListener("input", (event) => this.relabel(event));
    this.rename.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    this.undoButton = button("Undo", () => this.restore(this.history.undo(), "Undone."));
    this.redoButton = button("Redo", () => this.restore(this.history.redo(), "Done again."));
    this.tidyButton = button("Tidy up", () => this.apply(tidied(this.graph, this.canvas.isNarrow), "Tidied up."));
    this.linkButton = button("Arrow to …", () => this.canvas.startLinking(this.selected.node));
    this.reverseButton = button("Turn round", () => this.reverse());
    this.deleteButton = button("Delete", () => this.remove());
    tools.append(
      element("span", { class: "tool-set" }, this.undoButton, this.redoButton, this.tidyButton),
      element("span", { class: "tool-set" }, this.rename, this.linkButton, this.reverseButton, this.deleteButton),
    );
  }

  /** Take the graph out of the list; nodes without a place get one. */
  load() {
    offerNodes(this.root);
    this.graph = placed(readField(this.root) ?? { nodes: [], edges: [] }, this.canvas.isNarrow);
    writePlaces(this.root, this.graph.nodes);
  }

  reload() {
    this.load();
    this.history.push(this.graph);
    this.select(null);
  }

  takeFromList(target) {
    this.load();
    this.history.push(this.graph, target.name ?? "");
    this.refresh();
  }

  /** The new state of the graph: drawn, written into the list, remembered, and told as a change. */
  apply(graph, sentence = "", merging = "") {
    this.history.push(graph, merging);
    this.restore(graph, sentence);
  }

  restore(graph, sentence = "") {
    this.graph = graph;
    if (!this.isThere(this.selected)) this.selected = null;
    writeField(this.root, graph.nodes.length ? graph : null, "own");
    this.refresh();
    this.say(sentence);
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(graph) {
    this.graph = graph;
    this.canvas.draw(graph, this.selected);
  }

  select(target) {
    this.selected = target;
    this.refresh();
    this.say("");
  }

  refresh() {
    const { node, edge } = this.selected ?? {};
    this.canvas.draw(this.graph, this.selected);
    this.undoButton.disabled = !this.history.canUndo;
    this.redoButton.disabled = !this.history.canRedo;
    this.tidyButton.disabled = this.graph.nodes.length < 2;
    for (const control of [this.rename, this.linkButton]) control.hidden = !node;
    this.reverseButton.hidden = !edge;
    this.deleteButton.hidden = !node && !edge;
    if (node && document.activeElement !== this.rename) this.rename.value = this.labelOf(node);
    this.canvas.element.setAttribute("aria-label", this.described());
    showReading(this.root, { state: this.graph.nodes.length ? "read" : "blank" });
  }

  add(label) {
    const id = freeId(this.graph.nodes.map((node) => node.id));
    const node = { id, label, ...freePlace(this.graph.nodes, this.canvas.isNarrow) };
    this.selected = { node: id };
    this.apply({ ...this.graph, nodes: [...this.graph.nodes, node] }, `Added ${label}.`);
  }

  addTyped(event) {
    event.preventDefault(); // Enter would send the form
    const label = this.newLabel.value.trim();
    if (!label) return this.newLabel.focus();
    this.newLabel.value = "";
    this.add(label);
  }

  relabel(event) {
    event.stopPropagation(); // the box is no field of the form: `apply` tells the change
    const id = this.selected.node;
    this.apply(this.withNode(id, { label: this.rename.value.trim() }), "", `label of ${id}`);
  }

  connect(from, to) {
    if (this.graph.edges.some(([start, end]) => start === from && end === to)) return this.say("This arrow is there already.");
    const sentence = `Arrow from ${this.nameOf(from)} to ${this.nameOf(to)}.`;
    this.selected = { node: to };
    this.apply({ ...this.graph, edges: [...this.graph.edges, [from, to]] }, sentence);
  }

  reverse() {
    const [from, to] = this.selected.edge;
    const others = this.graph.edges.filter((edge) => !isSame(edge, [from, to]) && !isSame(edge, [to, from]));
    this.selected = { edge: [to, from] };
    this.apply({ ...this.graph, edges: [...others, [to, from]] }, "Arrow turned round.");
  }

  remove() {
    const { node, edge } = this.selected;
    const nodes = this.graph.nodes.filter(({ id }) => id !== node);
    const edges = this.graph.edges.filter((one) => (node ? !one.includes(node) : !isSame(one, edge)));
    this.selected = null;
    this.apply({ nodes, edges }, node ? "Node deleted." : "Arrow deleted.");
    this.canvas.element.focus();
  }

  press(event) {
    if (event.key === "Escape") return this.canvas.cancel();
    if (event.target.matches("input")) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (["Delete", "Backspace"].includes(event.key) && this.selected) this.remove();
    else if (isCommand && event.key.toLowerCase() === "z") this.restore(event.shiftKey ? this.history.redo() : this.history.undo());
    else return;
    event.preventDefault();
  }

  withNode(id, change) {
    return { ...this.graph, nodes: this.graph.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) };
  }

  isThere(target) {
    if (target?.node) return this.graph.nodes.some(({ id }) => id === target.node);
    return Boolean(target?.edge) && this.graph.edges.some((edge) => isSame(edge, target.edge));
  }

  labelOf(id) {
    return this.graph.nodes.find((node) => node.id === id)?.label ?? "";
  }

  nameOf(id) {
    return this.labelOf(id) || "a node without a label";
  }

  described() {
    const { nodes, edges } = this.graph;
    if (!nodes.length) return "Drawing of the graph: empty";
    const arrows = edges.map(([from, to]) => `${this.nameOf(from)} to ${this.nameOf(to)}`);
    return `Drawing of the graph: nodes ${nodes.map(({ id }) => this.nameOf(id)).join(", ")}; arrows ${arrows.join(", ") || "none"}`;
  }

  say(sentence) {
    this.root.querySelector("[data-says]").textContent = sentence || this.hint();
  }

  hint() {
    if (!this.graph?.nodes.length) return "Add a node to begin.";
    if (this.selected?.node) return "Drag from the round handle to another node to draw an arrow.";
    return "Choose a node to move, connect, rename or delete it.";
  }
}

function isSame([a, b], [c, d]) {
  return a === c && b === d;
}
