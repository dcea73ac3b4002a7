// Sizes and outlines of nodes and arrows, in pixels.

export const HEIGHT = 44; // of a node: large enough for a finger
const LETTER = 9;
const HANDLE = 30; // from a node's side to the middle of its handle
const MOST_LETTERS = 18;

export function boxOf({ x, y, label }, canvasWidth, canvasHeight) {
  const width = Math.max(HEIGHT, shortened(label).length * LETTER + 24);
  const [halfWidth, halfHeight] = [width / 2 + 1, HEIGHT / 2 + 1];
  return {
    x: within((x / 1000) * canvasWidth, halfWidth, canvasWidth - halfWidth),
    y: within((y / 1000) * canvasHeight, halfHeight, canvasHeight - halfHeight),
    width,
    height: HEIGHT,
  };
}

export function handleOf({ x, y, width }, canvasWidth) {
  const right = x + width / 2 + HANDLE;
  return right + 14 < canvasWidth ? { x: right, y } : { x: x - width / 2 - HANDLE, y };
}

/** A line between the borders of two boxes, bent aside by `bend` pixels, and the arrow's head. */
export function arrow(from, to, bend) {
  const length = distance([from.x, from.y], [to.x, to.y]) || 1;
  const [along, across] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const middle = [(from.x + to.x) / 2 - across * bend * 2, (from.y + to.y) / 2 + along * bend * 2];
  const start = border(from, middle);
  const end = border(to, middle);
  return { line: `M${start}Q${middle} ${end}`, head: head(end, middle) };
}

export function loop({ x, y, width }) {
  const [start, end] = [[x - 10, y - HEIGHT / 2], [x + 10, y - HEIGHT / 2]];
  return { line: `M${start}C${[x - width / 2 - 8, y - HEIGHT - 8]} ${[x + width / 2 + 8, y - HEIGHT - 8]} ${end}`, head: head(end, [x + 14, y - HEIGHT]) };
}

/** Where the way from the middle of a box to a place leaves the box. */
function border({ x, y, width, height }, [toX, toY]) {
  const [dx, dy] = [toX - x, toY - y];
  const scale = Math.min(width / 2 / (Math.abs(dx) || 1e-9), height / 2 / (Math.abs(dy) || 1e-9), 1);
  return [x + dx * scale, y + dy * scale];
}

function head([x, y], [fromX, fromY]) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const corner = (turn) => [x - 11 * Math.cos(angle + turn), y - 11 * Math.sin(angle + turn)];
  return `M${[x, y]}L${corner(0.42)}L${corner(-0.42)}Z`;
}

export function shortened(label) {
  return label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS - 1)}…` : label;
}

export function distance([ax, ay], [bx, by]) {
  return Math.hypot(ax - bx, ay - by);
}

export function within(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(high, low));
}
