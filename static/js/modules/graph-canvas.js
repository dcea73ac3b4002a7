// Draws a graph and tells what the pointer does to it. Nodes keep their size in pixels on every screen;
// their places are thousandths of the canvas.

import { HEIGHT, arrow, boxOf, distance, handleOf, loop, shortened, within } from "./graph-shapes.js";
import { drawByTouch, placeIn, svg } from "./svg.js";

const REACH = 10; // pixels around a node that still hit it
const SLACK = 5; // pixels a finger may move and still tap

export class GraphCanvas {
  /** `on` has select(target), move(id, place), moved(), connect(from, to), linking(from) and rename(id). */
  constructor(element, on) {
    this.element = element;
    this.on = on;
    this.gesture = null;
    this.linkFrom = null;
    element.addEventListener("pointerdown", (event) => this.start(event));
    element.addEventListener("pointermove", (event) => this.follow(event));
    element.addEventListener("pointerup", (event) => this.end(event));
    element.addEventListener("pointercancel", () => this.cancel());
    drawByTouch(element, "[data-node], [data-handle]");
    element.addEventListener("dblclick", (event) => this.rename(event));
    new ResizeObserver(() => this.redraw()).observe(element);
  }

  get isNarrow() {
    return (this.element.clientWidth || window.innerWidth) < 480; // no width while its problem is put away
  }

  draw(graph, selected) {
    this.graph = graph;
    this.selected = selected;
    this.redraw();
  }

  redraw() {
    if (!this.graph || !this.element.clientWidth) return;
    const { clientWidth: width, clientHeight: height } = this.element;
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.boxes = new Map(this.graph.nodes.map((node) => [node.id, boxOf(node, width, height)]));
    this.element.replaceChildren(
      ...this.graph.edges.map((edge) => this.drawEdge(edge)),
      ...this.graph.nodes.map((node) => this.drawNode(node)),
      ...this.drawHandle(),
      ...this.drawLink(),
    );
  }

  drawNode({ id, label }) {
    const { x, y, width } = this.boxes.get(id);
    const isSelected = this.selected?.node === id;
    const frame = svg("rect", { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT, rx: 12 });
    const name = svg("text", { x, y: y + 5, "text-anchor": "middle" }, shortened(label) || "?");
    return svg("g", { class: `graph-node${isSelected ? " is-selected" : ""}`, "data-node": id }, frame, name);
  }

  drawEdge([from, to]) {
    const path = this.edgePath(from, to);
    const isSelected = this.selected?.edge?.[0] === from && this.selected.edge[1] === to;
    const line = svg("path", { class: "graph-line", d: path.line });
    const head = svg("path", { class: "graph-head", d: path.head });
    const target = svg("path", { class: "graph-grip", d: path.line });
    return svg("g", { class: `graph-edge${isSelected ? " is-selected" : ""}`, "data-edge": JSON.stringify([from, to]) }, target, line, head);
  }

  edgePath(from, to) {
    if (from === to) return loop(this.boxes.get(from));
    const isPair = this.graph.edges.some(([start, end]) => start === to && end === from);
    return arrow(this.boxes.get(from), this.boxes.get(to), isPair ? 18 : 0);
  }

  /** The handle of the selected node, from which an arrow is drawn. */
  drawHandle() {
    const box = this.boxes.get(this.selected?.node);
    if (!box || this.gesture?.moved) return [];
    const { x, y } = handleOf(box, this.element.clientWidth);
    const arrowSign = svg("path", { d: `M${x - 5} ${y}h10m-4 -4l4 4l-4 4` });
    const handle = svg("g", { class: `graph-handle${this.linkFrom ? " is-linking" : ""}`, "data-handle": this.selected.node },
      svg("circle", { class: "graph-handle-reach", cx: x, cy: y, r: 22 }), svg("circle", { class: "graph-handle-disc", cx: x, cy: y, r: 13 }), arrowSign);
    return [handle];
  }

  /** The arrow that is being drawn; it follows the pointer without drawing all the rest again. */
  drawLink() {
    this.link = this.linkFrom ? svg("path", { class: "graph-link" }) : null;
    return this.link ? [this.link] : [];
  }

  leadLink([x, y]) {
    this.link?.setAttribute("d", arrow(this.boxes.get(this.linkFrom), { x, y, width: 0, height: 0 }, 0).line);
  }

  start(event) {
    if (event.button !== 0 || this.gesture) return;
    const [handle, node, edge] = ["handle", "node", "edge"].map((kind) => event.target.closest(`[data-${kind}]`)?.dataset[kind]);
    const at = placeIn(this.element, event);
    const nodeHere = node ?? (handle ? undefined : this.nodeAt(at));
    if (handle) this.beginLink(handle, event, at);
    else if (nodeHere && this.linkFrom) this.finishLink(nodeHere);
    else if (nodeHere) this.beginMove(nodeHere, event, at);
    else this.pick(edge);
  }

  beginLink(from, event, at) {
    this.capture(event, { kind: "link", start: at, moved: false });
    this.startLinking(from);
  }

  beginMove(id, event, at) {
    const { x, y } = this.boxes.get(id);
    this.capture(event, { kind: "move", id, start: at, grip: [at[0] - x, at[1] - y], moved: false });
    this.on.select({ node: id });
  }

  pick(edge) {
    this.stopLinking();
    this.on.select(edge ? { edge: JSON.parse(edge) } : null);
  }

  capture(event, gesture) {
    this.gesture = { ...gesture, pointer: event.pointerId };
    this.element.setPointerCapture(event.pointerId);
  }

  follow(event) {
    const at = placeIn(this.element, event);
    const gesture = this.gesture;
    if (gesture?.pointer === event.pointerId) {
      gesture.moved ||= distance(gesture.start, at) > SLACK;
      if (gesture.kind === "move" && gesture.moved) this.on.move(gesture.id, this.placeFor(gesture, at));
    }
    this.leadLink(at);
  }

  end(event) {
    const gesture = this.gesture;
    if (gesture?.pointer !== event.pointerId) return;
    this.gesture = null;
    const target = this.nodeAt(placeIn(this.element, event));
    if (gesture.kind === "move" && gesture.moved) this.on.moved();
    if (gesture.kind === "link" && gesture.moved) this.finishLink(target);
    this.redraw();
  }

  cancel() {
    this.gesture = null;
    this.stopLinking();
    this.redraw();
  }

  /** Wait for the node at which an arrow from `id` ends. */
  startLinking(id) {
    this.linkFrom = id;
    this.on.linking(id);
    this.redraw();
  }

  finishLink(to) {
    const from = this.linkFrom;
    this.stopLinking();
    if (to && to !== from) this.on.connect(from, to);
    else this.redraw();
  }

  stopLinking() {
    if (!this.linkFrom) return;
    this.linkFrom = null;
    this.on.linking(null);
  }

  rename(event) {
    const id = event.target.closest("[data-node]")?.dataset.node;
    if (id) this.on.rename(id);
  }

  nodeAt([x, y]) {
    const hits = this.graph.nodes.filter(({ id }) => {
      const box = this.boxes.get(id);
      return Math.abs(x - box.x) <= box.width / 2 + REACH && Math.abs(y - box.y) <= HEIGHT / 2 + REACH;
    });
    return hits.at(-1)?.id;
  }

  placeFor({ id, grip }, [x, y]) {
    const { clientWidth: width, clientHeight: height } = this.element;
    const half = this.boxes.get(id).width / 2;
    const left = within(x - grip[0], half, width - half);
    const top = within(y - grip[1], HEIGHT / 2, height - HEIGHT / 2);
    return { x: Math.round((left / width) * 1000), y: Math.round((top / height) * 1000) };
  }
}
