"""Measuring what a pen drew, in a plot whose axes are scaled to 1. Plain arithmetic, linear in the points."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, sin
from typing import TypeVar

from app.grading.fields.sketch import Sketch

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
STRAIGHT, BENT = 0.045, 0.085  # distance from the line, and twice the height of an arc
SINGLE, DOUBLE = 0.015, 0.03  # how far the pen goes back
LEVEL, FALLING = 0.06, 0.12  # how far a rising curve goes down
FLAT, NOT_FLAT = 0.15, 0.19  # share of the rise in the first and in the last fifth of the width
STEEP, NOT_STEEP = 0.32, 0.26  # share of the rise in the steepest fifth
TOO_SHORT = 0.1  # missing at the ends

NARROWEST = 0.1
JUMP_WIDTH, JUMP_HEIGHT = 0.02, 0.6
MOST_STROKES, MOST_COMPARED = 12, 20
OUTLIERS = 0.02  # share of the points that may be slips of the pen
COLUMNS = 200
MOST_MEASURED = 1000
OUTSIDE = 0.5  # how far outside the plot a pen line is followed


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the pen: where it is, and its stroke and number within it."""

    x: float
    y: float
    stroke: int
    number: int

    @property
    def place(self) -> dict[str, int]:
        """The place as evidence names it."""
        return {"stroke": self.stroke, "from": self.number, "to": self.number}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a drawing and how far off it is."""

    off: float
    place: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line: a point on it, its direction as an angle, and how long the pen followed it.

    `arc` is the height of the bow that the dots make over it (0 without curvature), `rise` goes with x.
    """

    x: float
    y: float
    angle: float
    length: float
    arc: float
    rise: float


Found = TypeVar("Found")
Drawing = tuple[tuple[Dot, ...], ...]  # strokes
Graph = tuple[Dot, ...]  # one dot for each x, from left to right


def scaled(sketch: Sketch, x: tuple[float, float], y: tuple[float, float]) -> Drawing:
    """The strokes that have points, with both axes from 0 to 1, thinned out if there are very many dots."""
    width, height = x[1] - x[0], y[1] - y[0]
    total = sum(len(stroke) for stroke in sketch.strokes)
    step = max(1, -(-total // MOST_MEASURED))
    return tuple(
        tuple(
            Dot(_near((px - x[0]) / width), _near((py - y[0]) / height), number, index)
            for index, (px, py) in enumerate(stroke)
            if index % step == 0 or index == len(stroke) - 1
        )
        for number, stroke in enumerate(sketch.strokes)
        if stroke
    )


def _near(coordinate: float) -> float:
    return min(1 + OUTSIDE, max(-OUTSIDE, coordinate))


def width(drawing: Drawing) -> float:
    """How much of the plot's width the drawing covers."""
    xs = [dot.x for stroke in drawing for dot in stroke]
    return max(xs) - min(xs)


# Straightness.


def fit_line(drawing: Drawing) -> Line | None:
    """The line with the least squared distance from the dots (total least squares); None for one place."""
    dots = _evenly(drawing)
    count = len(dots)
    mean_x, mean_y = sum(x for x, _ in dots) / count, sum(y for _, y in dots) / count
    xx = sum((x - mean_x) ** 2 for x, _ in dots)
    yy = sum((y - mean_y) ** 2 for _, y in dots)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in dots)
    if xx + yy < 1e-9:
        return None
    angle = atan2(2 * xy, xx - yy) / 2
    turned = [_turned(x - mean_x, y - mean_y, angle) for x, y in dots]
    along = [one for one, _ in turned]
    length = max(along) - min(along)
    return Line(mean_x, mean_y, angle, length, _arc(turned, length), length * sin(angle))


def _evenly(drawing: Drawing) -> list[tuple[float, float]]:
    """Places at even distances along the strokes, so that a slow pen does not weigh more."""
    places = [(stroke[0].x, stroke[0].y) for stroke in drawing]
    gap = max(0.005, sum(_length(stroke) for stroke in drawing) / MOST_MEASURED)
    for stroke in drawing:
        for one, other in pairwise(stroke):
            count = int(hypot(other.x - one.x, other.y - one.y) / gap) + 1
            steps = ((number + 1) / count for number in range(count))
            places += [(one.x + (other.x - one.x) * t, one.y + (other.y - one.y) * t) for t in steps]
    return places


def _length(stroke: Sequence[Dot]) -> float:
    return sum(hypot(other.x - one.x, other.y - one.y) for one, other in pairwise(stroke))


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    """Along the direction, and away from it."""
    return x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)


def _arc(turned: Sequence[tuple[float, float]], length: float) -> float:
    """The height of the parabola that fits best, over the length: what wobble cannot make."""
    if length < 1e-9:
        return 0.0
    squares = [(2 * along / length) ** 2 for along, _ in turned]
    mean = sum(squares) / len(squares)
    spread = sum((square - mean) ** 2 for square in squares)
    if spread < 1e-12:
        return 0.0
    return abs(sum((square - mean) * off for square, (_, off) in zip(squares, turned, strict=True)) / spread)


def bend(drawing: Drawing, line: Line) -> Mapping[str, int]:
    """The place farthest from the straight way between the two ends of the line."""
    dots = sorted(
        (dot for stroke in drawing for dot in stroke),
        key=lambda dot: _turned(dot.x - line.x, dot.y - line.y, line.angle)[0],
    )
    first, last = dots[0], dots[-1]
    return max(dots, key=lambda dot: _distance_to_segment(dot, first, last)).place


def farthest(drawing: Drawing, line: Line) -> float:
    """The distance of the dot farthest from the line, a few slips of the pen apart."""
    offs = sorted(
        abs(_turned(dot.x - line.x, dot.y - line.y, line.angle)[1]) for stroke in drawing for dot in stroke
    )
    return offs[-1 - int(len(offs) * OUTLIERS)]


# One y for each x.


def double_value(drawing: Drawing) -> Spot | None:
    """Where the pen goes back over itself at another height, and how far off it is there, if anywhere.

    A line that is retraced is no second one, and neither is the wobble of a steep line.
    """
    widest = sorted(drawing, key=lambda stroke: width((stroke,)), reverse=True)[:MOST_STROKES]
    spots = [spot for stroke in drawing for spot in _goes_back(stroke)]
    spots += [
        spot for at, one in enumerate(widest) for other in widest[at + 1 :] for spot in _lies_over(one, other)
    ]
    return max(spots, key=lambda spot: spot.off, default=None)


def _goes_back(stroke: Sequence[Dot]) -> Iterator[Spot]:
    """Dots against the stroke's own direction, away from its way so far."""
    direction = 1 if stroke[-1].x >= stroke[0].x else -1
    front, behind = 0, []
    for at, dot in enumerate(stroke):
        back = (stroke[front].x - dot.x) * direction
        if back <= 0:
            front = at
        elif back > SINGLE:
            behind.append((at, front, back))
    for at, turn, back in _some(behind):
        dot = stroke[at]
        place = {"stroke": dot.stroke, "from": stroke[turn].number, "to": dot.number}
        yield Spot(min(back, _distance(dot, stroke[: turn + 1])), place)


def _lies_over(one: Sequence[Dot], other: Sequence[Dot]) -> Iterator[Spot]:
    """Dots of one stroke above or below another, away from it and from its ends."""
    left, right = min(dot.x for dot in one), max(dot.x for dot in one)
    for dot in _some([dot for dot in other if left < dot.x < right]):
        yield Spot(min(_distance(dot, one), dot.x - left, right - dot.x), dot.place)


def _some(found: Sequence[Found]) -> Sequence[Found]:
    """Enough of them, evenly: the work stays bounded."""
    return found[:: max(1, -(-len(found) // MOST_COMPARED))]


def _distance(dot: Dot, way: Sequence[Dot]) -> float:
    """From a dot to the nearest place of a pen line."""
    if len(way) == 1:
        return hypot(dot.x - way[0].x, dot.y - way[0].y)
    return min(_distance_to_segment(dot, one, other) for one, other in pairwise(way))


def _distance_to_segment(dot: Dot, one: Dot, other: Dot) -> float:
    dx, dy = other.x - one.x, other.y - one.y
    squared = dx * dx + dy * dy
    t = ((dot.x - one.x) * dx + (dot.y - one.y) * dy) / squared if squared else 0.0
    t = min(1.0, max(0.0, t))
    return hypot(dot.x - one.x - t * dx, dot.y - one.y - t * dy)


# The curve as a function of x.


def as_graph(drawing: Drawing) -> Graph:
    """One dot for each column of the plot that the pen passed, left to right, at the mean height there."""
    columns: dict[int, list[Dot]] = {}
    for stroke in drawing:
        for dot in _dense(stroke):
            columns.setdefault(round(dot.x * COLUMNS), []).append(dot)
    return tuple(
        Dot(column / COLUMNS, sum(dot.y for dot in dots) / len(dots), dots[0].stroke, dots[0].number)
        for column, dots in sorted(columns.items())
    )


def _dense(stroke: Sequence[Dot]) -> Iterator[Dot]:
    """Dots in every column that the stroke passes."""
    yield stroke[0]
    for one, other in pairwise(stroke):
        count = min(2 * COLUMNS, int(abs(other.x - one.x) * COLUMNS * 2) + 1)
        for number in range(1, count + 1):
            t = number / count
            yield Dot(one.x + (other.x - one.x) * t, one.y + (other.y - one.y) * t, one.stroke, other.number)


def deepest_fall(graph: Graph) -> Spot:
    """The largest way down from a height reached before."""
    top, deepest = graph[0], Spot(0.0, {})
    for dot in graph:
        top = dot if dot.y > top.y else top
        if top.y - dot.y > deepest.off:
            start = top.number if top.stroke == dot.stroke else dot.number
            place = {"stroke": dot.stroke, "from": min(start, dot.number), "to": max(start, dot.number)}
            deepest = Spot(top.y - dot.y, place)
    return deepest


def shares_of_rise(graph: Graph) -> tuple[float, float, float]:
    """The share of the whole rise in the first, the steepest and the last fifth of the width.

    A straight line has a fifth in each; a curve that does not rise has everything at its ends.
    """
    left, right = graph[0].x, graph[-1].x
    rise = graph[-1].y - graph[0].y
    if rise < NARROWEST:
        return 1.0, 0.0, 1.0
    fifth = (right - left) / 5
    windows = [left + number * fifth / 5 for number in range(21)]
    shares = [(_height(graph, start + fifth) - _height(graph, start)) / rise for start in windows]
    return shares[0], max(shares), shares[-1]


def is_jump(graph: Graph) -> bool:
    """Whether most of the rise is in a place where no x could be told from the next."""
    rise = abs(graph[-1].y - graph[0].y)
    return any(
        abs(_height(graph, dot.x + JUMP_WIDTH) - dot.y) > JUMP_HEIGHT * max(rise, NARROWEST) for dot in graph
    )


def _height(graph: Graph, x: float) -> float:
    """The height at x, between the two nearest dots."""
    at = bisect_right(graph, x, key=lambda dot: dot.x)
    if at == 0 or at == len(graph):
        return graph[min(at, len(graph) - 1)].y
    one, other = graph[at - 1], graph[at]
    return one.y + (other.y - one.y) * (x - one.x) / (other.x - one.x)
