"""Measuring what a pen drew, in a plot whose axes are scaled to 1. Plain arithmetic, linear in the points.

Places are kept as lists of numbers, not as objects: a line has hundreds of them, and each is looked at many times.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import atan2, cos, hypot, sin
from operator import itemgetter, mul, sub
from typing import NamedTuple, TypeVar

from app.grading.fields.sketch import Sketch

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
STRAIGHT, BENT = 0.045, 0.085  # distance from the line, and twice the height of an arc
SINGLE, DOUBLE = 0.015, 0.03  # how far the pen goes back

MOST_STROKES, MOST_COMPARED = 12, 20
OUTLIERS = 0.02  # share of the points that may be slips of the pen
MOST_MEASURED = 1000
DOT = 0.005  # what a single dot weighs beside a line, as a share of the plot
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


class Line(NamedTuple):
    """A fitted line: its direction (cosine, sine), how long the pen followed it, and where the dots of each stroke are beside it.

    `arc` is the height of the bow that the pen makes over it (0 without curvature), `rise` goes with x.
    """

    direction: tuple[float, float]
    length: float
    arc: float
    beside: list["Beside"]

    @property
    def rise(self) -> float:
        """How far it goes up from its left end to its right one."""
        return self.length * self.direction[1]


Beside = tuple[list[float], list[float]]  # along a line, and away from it
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


# Straightness.


class Ways(NamedTuple):
    """The straight ways from dot to dot: the middle of each, how far it goes in x and y, and how much it weighs."""

    xs: list[float]
    ys: list[float]
    rights: list[float]
    ups: list[float]
    weights: list[float]


def fit_line(drawing: Drawing) -> Line | None:
    """The line with the least squared distance from the pen lines (total least squares); None for one place.

    A way counts by its length, so that a slow pen does not weigh more. Sums over its places are integrals, which the
    middle and the extent of a straight way give exactly.
    """
    ways = _ways(drawing)
    total = sum(ways.weights)
    x, y = sum(map(mul, ways.weights, ways.xs)) / total, sum(map(mul, ways.weights, ways.ys)) / total
    ways = ways._replace(xs=[one - x for one in ways.xs], ys=[one - y for one in ways.ys])
    xx, yy, xy = _moments(ways)
    if xx + yy < 1e-9 * total:
        return None
    angle = atan2(2 * xy, xx - yy) / 2
    direction = cos(angle), sin(angle)
    beside = [
        _turned([one - x for one in stroke.xs], [one - y for one in stroke.ys], direction)
        for stroke in drawing
    ]
    length = max([max(along) for along, _ in beside]) - min([min(along) for along, _ in beside])
    return Line(direction, length, _arc(ways, direction, length), beside)


def _ways(drawing: Drawing) -> Ways:
    """All ways. Each stroke begins with one that goes nowhere and weighs a little, so that single dots count too."""
    ways = Ways([], [], [], [], [])
    for xs, ys, *_ in drawing:
        rights, ups = [0.0, *map(sub, xs[1:], xs)], [0.0, *map(sub, ys[1:], ys)]
        ways.xs.extend([x - right / 2 for x, right in zip(xs, rights, strict=True)])
        ways.ys.extend([y - up / 2 for y, up in zip(ys, ups, strict=True)])
        ways.rights.extend(rights)
        ways.ups.extend(ups)
        ways.weights.append(DOT)
        ways.weights.extend(map(hypot, rights[1:], ups[1:]))
    return ways


def _moments(ways: Ways) -> tuple[float, float, float]:
    """The integrals of x², y² and xy along the ways."""
    xs, ys, rights, ups, weights = ways
    xx = [x * x + right * right / 12 for x, right in zip(xs, rights, strict=True)]
    yy = [y * y + up * up / 12 for y, up in zip(ys, ups, strict=True)]
    xy = [x * y + right * up / 12 for x, y, right, up in zip(xs, ys, rights, ups, strict=True)]
    return sum(map(mul, weights, xx)), sum(map(mul, weights, yy)), sum(map(mul, weights, xy))


def _turned(xs: Sequence[float], ys: Sequence[float], direction: tuple[float, float]) -> Beside:
    """Along the direction, and away from it."""
    cosine, sine = direction
    along = [x * cosine + y * sine for x, y in zip(xs, ys, strict=True)]
    return along, [y * cosine - x * sine for x, y in zip(xs, ys, strict=True)]


def _arc(ways: Ways, direction: tuple[float, float], length: float) -> float:
    """The height of the parabola that fits best, over the length: what wobble cannot make.

    With u along the line and v away from it, integrals of (u² - mean)² and u²v over each way.
    """
    if length < 1e-9:
        return 0.0
    us, vs = _turned(ways.xs, ways.ys, direction)
    along, off = _turned(ways.rights, ways.ups, direction)
    squares = [u * u + d * d / 12 for u, d in zip(us, along, strict=True)]
    mean = sum(map(mul, ways.weights, squares)) / sum(ways.weights)
    spreads = [
        (square - mean) ** 2 + d * d * (u * u / 3 + d * d / 180)
        for square, u, d in zip(squares, us, along, strict=True)
    ]
    crossed = [
        square * v + u * d * e / 6 for square, u, v, d, e in zip(squares, us, vs, along, off, strict=True)
    ]
    to_square = 4 / (length * length)
    spread = sum(map(mul, ways.weights, spreads)) * to_square
    return abs(sum(map(mul, ways.weights, crossed)) / spread) if spread * to_square >= 1e-12 else 0.0


def bend(drawing: Drawing, line: Line) -> Mapping[str, int]:
    """The place farthest from the straight way between the two ends of the line."""
    dots = [
        (along, x, y, stroke.place(dot, dot))
        for stroke, (alongs, _) in zip(drawing, line.beside, strict=True)
        for dot, (along, x, y) in enumerate(zip(alongs, stroke.xs, stroke.ys, strict=True))
    ]
    dots.sort(key=itemgetter(0))
    xs, ys = (dots[0][1], dots[-1][1]), (dots[0][2], dots[-1][2])
    return max(dots, key=lambda dot: _distance(dot[1], dot[2], xs, ys))[3]


def farthest(line: Line) -> float:
    """The distance of the dot farthest from the line, a few slips of the pen apart."""
    offs = sorted([abs(off) for _, offs in line.beside for off in offs])
    return offs[-1 - int(len(offs) * OUTLIERS)]


# One y for each x.


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
            off = min(back, _distance(xs[at], ys[at], xs[: turn + 1], ys[: turn + 1], worst.off))
            worst = Spot(off, stroke.place(turn, at)) if off > worst.off else worst
    return worst


def _lies_over(one: Stroke, other: Stroke, worst: Spot) -> Spot:
    """The worst spot so far, or a worse dot of one stroke above or below another, away from it and from its ends."""
    left, right = min(one.xs), max(one.xs)
    for at in _some([at for at, x in enumerate(other.xs) if left < x < right]):
        x = other.xs[at]
        inside = min(x - left, right - x)
        if inside > worst.off:
            off = min(inside, _distance(x, other.ys[at], one.xs, one.ys, worst.off))
            worst = Spot(off, other.place(at, at)) if off > worst.off else worst
    return worst


def _some(found: Sequence[Found]) -> Sequence[Found]:
    """Enough of them, evenly: the work stays bounded."""
    return found[:: max(1, -(-len(found) // MOST_COMPARED))]


def _distance(x: float, y: float, xs: Sequence[float], ys: Sequence[float], least: float = 0.0) -> float:
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
