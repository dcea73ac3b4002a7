// Places for nodes, in thousandths of the canvas.

/** The graph with every node placed by layers, in the direction of the data: across, or down on a narrow canvas. */
export function tidied(graph, isNarrow) {
  const layers = layersOf(graph);
  const placed = new Map();
  layers.forEach((layer, depth) => layer.forEach((node, index) => {
    const [along, aside] = [share(depth, layers.length), share(index, layer.length)];
    placed.set(node.id, isNarrow ? { x: aside, y: along } : { x: along, y: aside });
  }));
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, ...placed.get(node.id) })) };
}

/** The graph with a free place for each node that has none; all tidied if none has one. */
export function placed(graph, isNarrow) {
  if (!graph.nodes.some(hasPlace)) return tidied(graph, isNarrow);
  const nodes = [];
  for (const node of graph.nodes) nodes.push(hasPlace(node) ? node : { ...node, ...freePlace([...nodes, ...graph.nodes], isNarrow) });
  return { ...graph, nodes };
}

/** The first place of a coarse grid where nothing stands, column by column (rows first on a narrow canvas). */
export function freePlace(nodes, isNarrow) {
  const taken = nodes.filter(hasPlace);
  const [columns, rows] = isNarrow ? [3, 7] : [6, 5];
  for (let step = 0; step < columns * rows; step += 1) {
    const [col, row] = isNarrow ? [step % columns, Math.floor(step / columns)] : [Math.floor(step / rows), step % rows];
    const place = { x: share(col, columns), y: share(row, rows) };
    if (!taken.some((node) => isNear(node, place, 1000 / columns, 1000 / rows))) return place;
  }
  return { x: 500, y: 500 };
}

function isNear(a, b, width, height) {
  return Math.abs(a.x - b.x) < width * 0.7 && Math.abs(a.y - b.y) < height * 0.7;
}

function hasPlace(node) {
  return Number.isFinite(node.x) && Number.isFinite(node.y);
}

function share(index, count) {
  return Math.round(((index + 0.5) / count) * 1000);
}

/** Nodes by the longest way from a node without an incoming arrow; a circle ends after as many steps as nodes. */
function layersOf({ nodes, edges }) {
  const depths = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    for (const [from, to] of edges) depths.set(to, Math.min(Math.max(depths.get(to), depths.get(from) + 1), nodes.length - 1));
  }
  const layers = [];
  for (const node of nodes) (layers[depths.get(node.id)] ??= []).push(node);
  return layers.filter(Boolean);
}
