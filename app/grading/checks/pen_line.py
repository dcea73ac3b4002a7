"""What a pen drew as a straight line: the line that fits best, in a plot whose axes are scaled to 1."""

from collections.abc import Mapping, Sequence
from math import atan2, cos, hypot, sin
from operator import itemgetter, mul, sub
from typing import NamedTuple

from app.grading.checks.pen import Drawing, distance

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
STRAIGHT, BENT = 0.045, 0.085  # distance from the line, and twice the height of an arc

OUTLIERS = 0.02  # share of the points that may be slips of the pen
DOT = 0.005  # what a single dot weighs beside a line, as a share of the plot


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
    return max(dots, key=lambda dot: distance(dot[1], dot[2], xs, ys))[3]


def farthest(line: Line) -> float:
    """The distance of the dot farthest from the line, a few slips of the pen apart."""
    offs = sorted([abs(off) for _, offs in line.beside for off in offs])
    return offs[-1 - int(len(offs) * OUTLIERS)]
