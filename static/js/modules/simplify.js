// Fewer points for a pen line that looks the same.

export const MOST_POINTS = 200;

/** The line within `tolerance` of the given one (Ramer, Douglas and Peucker), coarser until it has 200 points at most. */
export function simplified(points, tolerance) {
  let line = thinned(points, tolerance);
  while (line.length > MOST_POINTS) line = thinned(points, (tolerance *= 1.5));
  return line;
}

function thinned(points, tolerance) {
  const kept = new Set([0, points.length - 1]);
  const waiting = [[0, points.length - 1]];
  while (waiting.length) {
    const [first, last] = waiting.pop();
    const farthest = farthestFrom(points, first, last);
    if (farthest.distance <= tolerance) continue;
    kept.add(farthest.index);
    waiting.push([first, farthest.index], [farthest.index, last]);
  }
  return points.filter((_, index) => kept.has(index));
}

function farthestFrom(points, first, last) {
  let farthest = { index: first, distance: 0 };
  for (let index = first + 1; index < last; index += 1) {
    const distance = offLine(points[index], points[first], points[last]);
    if (distance > farthest.distance) farthest = { index, distance };
  }
  return farthest;
}

/** The distance of a point from the straight piece between two others. */
export function offLine([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) : 0;
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
