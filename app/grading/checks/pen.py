"""Measuring what a pen drew, in a plot whose axes are scaled to 1. Plain arithmetic, linear in the points.

Places are kept as lists of numbers, not as objects: a line has hundreds of them, and each is looked at many times.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import hypot
from typing import NamedTuple, TypeVar

from app.grading.fields.sketch import Sketch

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
SINGLE, DOUBLE = 0.015, 0.03  # how far the pen goes back

MOST_STROKES, MOST_COMPARED = 12, 20
MOST_MEASURED = 1000
OUTSIDE = 0.5  # how far outside the plot a pen line is followed


class Stroke(NamedTuple):
    """A pen line: where its dots are, the number of the stroke, and those of its dots as they were drawn."""

    xs: list[float]
    ys: list[float]
    number: int
    dots: Sequence[int]

    def place(self, first: int, last: int) -> Mapping[str, int]:
        """The place between two dots, as evidence names it."""
        return {"stroke": self.number, "from": self.dots[first], "to": self.dots[last]}


class Spot(NamedTuple):
    """A place in a drawing and how far off it is."""

    off: float
    place: Mapping[str, int]


Found = TypeVar("Found")
Drawing = tuple[Stroke, ...]


def scaled(sketch: Sketch, x: tuple[float, float], y: tuple[float, float]) -> Drawing:
    """The strokes that have points, with both axes from 0 to 1, thinned out if there are very many dots."""
    total = sum(map(len, sketch.strokes))
    step = max(1, -(-total // MOST_MEASURED))
    drawing = []
    for number, stroke in enumerate(sketch.strokes):
        if stroke:
            dots = _thinned(len(stroke), step)
            xs = _scaled([stroke[dot][0] for dot in dots], x)
            ys = _scaled([stroke[dot][1] for dot in dots], y)
            drawing.append(Stroke(xs, ys, number, dots))
    return tuple(drawing)


def _thinned(count: int, step: int) -> Sequence[int]:
    """Every dot so many dots apart, and the last."""
    dots = range(0, count, step)
    return dots if dots[-1] == count - 1 else (*dots, count - 1)


def _scaled(places: list[float], axis: tuple[float, float]) -> list[float]:
    low, length = axis[0], axis[1] - axis[0]
    shares = [(place - low) / length for place in places]
    if min(shares) >= -OUTSIDE and max(shares) <= 1 + OUTSIDE:  # nearly always
        return shares
    return [min(1 + OUTSIDE, max(-OUTSIDE, share)) for share in shares]


def width(drawing: Drawing) -> float:
    """How much of the plot's width the drawing covers."""
    return max([max(stroke.xs) for stroke in drawing]) - min([min(stroke.xs) for stroke in drawing])


def double_value(drawing: Drawing) -> Spot | None:
    """Where the pen goes back over itself at another height, by more than SINGLE, and how far off it is there, if anywhere.

    A line that is retraced is no second one, and neither is the wobble of a steep line.
    """
    worst = Spot(SINGLE, {})
    for stroke in drawing:
        worst = _goes_back(stroke, worst)
    widest = sorted(drawing, key=lambda stroke: width((stroke,)), reverse=True)[:MOST_STROKES]
    for one, other in combinations(widest, 2):
        worst = _lies_over(one, other, worst)
    return worst if worst.off > SINGLE else None


def _goes_back(stroke: Stroke, worst: Spot) -> Spot:
    """The worst spot so far, or a worse dot that goes against the stroke's own direction, away from its way so far."""
    xs, ys = stroke.xs, stroke.ys
    direction = 1 if xs[-1] >= xs[0] else -1
    front, behind = 0, []
    for at, x in enumerate(xs):
        back = (xs[front] - x) * direction
        if back <= 0:
            front = at
        elif back > SINGLE:
            behind.append((at, front, back))
    for at, turn, back in _some(behind):
        if back > worst.off:
            off = min(back, distance(xs[at], ys[at], xs[: turn + 1], ys[: turn + 1], worst.off))
            worst = Spot(off, stroke.place(turn, at)) if off > worst.off else worst
    return worst


def _lies_over(one: Stroke, other: Stroke, worst: Spot) -> Spot:
    """The worst spot so far, or a worse dot of one stroke above or below another, away from it and from its ends."""
    left, right = min(one.xs), max(one.xs)
    for at in _some([at for at, x in enumerate(other.xs) if left < x < right]):
        x = other.xs[at]
        inside = min(x - left, right - x)
        if inside > worst.off:
            off = min(inside, distance(x, other.ys[at], one.xs, one.ys, worst.off))
            worst = Spot(off, other.place(at, at)) if off > worst.off else worst
    return worst


def _some(found: Sequence[Found]) -> Sequence[Found]:
    """Enough of them, evenly: the work stays bounded."""
    return found[:: max(1, -(-len(found) // MOST_COMPARED))]


def distance(x: float, y: float, xs: Sequence[float], ys: Sequence[float], least: float = 0.0) -> float:
    """From a place to the nearest of a pen line; anything up to `least` where it is no farther than that."""
    nearest = hypot(x - xs[0], y - ys[0])
    for (x1, x2), (y1, y2) in zip(pairwise(xs), pairwise(ys), strict=True):
        if nearest <= least:
            break
        dx, dy = x2 - x1, y2 - y1
        squared = dx * dx + dy * dy
        t = ((x - x1) * dx + (y - y1) * dy) / squared if squared else 0.0
        t = min(1.0, max(0.0, t))
        nearest = min(nearest, hypot(x - x1 - t * dx, y - y1 - t * dy))
    return nearest
