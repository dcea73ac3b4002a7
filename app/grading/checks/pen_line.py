"""What a pen drew as a straight line: the line that fits best, in a plot whose axes are scaled to 1.

Places are complex numbers, x + iy: to turn the plot is to multiply by a number.
"""

from cmath import phase, rect
from collections.abc import Mapping
from operator import itemgetter, mul, sub
from typing import NamedTuple

from app.grading.checks.pen import Drawing, distance

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
STRAIGHT, BENT = 0.045, 0.085  # distance from the line, and twice the height of an arc

OUTLIERS = 0.02  # share of the points that may be slips of the pen
DOT = 0.005  # what a single dot weighs beside a line, as a share of the plot


class Line(NamedTuple):
    """A fitted line: how far it goes up, how long the pen followed it, and the dots of each stroke along it and (i) beside it.

    `arc` is the height of the bow that the pen makes over it, 0 without curvature.
    """

    rise: float
    length: float
    arc: float
    dots: list[list[complex]]


class Ways(NamedTuple):
    """The straight ways from dot to dot: the middle of each, where it goes from there to, and how much it weighs."""

    middles: list[complex]
    steps: list[complex]
    weights: list[float]


def fit_line(drawing: Drawing) -> Line:
    """The line with the least squared distance from the pen lines (total least squares).

    A way counts by its length, so that a slow pen does not weigh more. Sums over its places are integrals, which the
    middle and the extent of a straight way give exactly.
    """
    ways = _ways(drawing)
    centre = sum(map(mul, ways.weights, ways.middles)) / sum(ways.weights)
    middles = [middle - centre for middle in ways.middles]
    squares = [middle * middle + step * step / 12 for middle, step in zip(middles, ways.steps, strict=True)]
    direction = rect(1, phase(sum(map(mul, ways.weights, squares))) / 2)
    turn = direction.conjugate()
    dots = [
        [(complex(x, y) - centre) * turn for x, y in zip(stroke.xs, stroke.ys, strict=True)]
        for stroke in drawing
    ]
    alongs = [dot.real for stroke in dots for dot in stroke]
    length = max(alongs) - min(alongs)
    turned = Ways([one * turn for one in middles], [one * turn for one in ways.steps], ways.weights)
    return Line(length * direction.imag, length, _arc(turned, length), dots)


def _ways(drawing: Drawing) -> Ways:
    """All ways. Each stroke begins with one that goes nowhere and weighs a little, so that single dots count too."""
    ways = Ways([], [], [])
    for stroke in drawing:
        dots = list(map(complex, stroke.xs, stroke.ys))
        steps = [0j, *map(sub, dots[1:], dots)]
        ways.middles.extend([dot - step / 2 for dot, step in zip(dots, steps, strict=True)])
        ways.steps.extend(steps)
        ways.weights.extend([DOT, *map(abs, steps[1:])])
    return ways


def _arc(ways: Ways, length: float) -> float:
    """The height of the parabola that fits best, over the length: what wobble cannot make.

    With u along the line and v beside it: the integrals of u² less its mean, squared, and of u²v over each way.
    """
    if length < 1e-9:
        return 0.0
    us, vs = [one.real for one in ways.middles], [one.imag for one in ways.middles]
    along = [step.real for step in ways.steps]
    squares = [u * u + d * d / 12 for u, d in zip(us, along, strict=True)]
    mean = sum(map(mul, ways.weights, squares)) / sum(ways.weights)
    spreads = [
        (square - mean) ** 2 + d * d * (u * u / 3 + d * d / 180)
        for square, u, d in zip(squares, us, along, strict=True)
    ]
    crossed = [
        square * v + u * step.real * step.imag / 6
        for square, u, v, step in zip(squares, us, vs, ways.steps, strict=True)
    ]
    to_square = 4 / (length * length)
    spread = sum(map(mul, ways.weights, spreads)) * to_square
    return abs(sum(map(mul, ways.weights, crossed)) / spread) if spread * to_square >= 1e-12 else 0.0


def bend(drawing: Drawing, line: Line) -> Mapping[str, int]:
    """The place farthest from the straight way between the two ends of the line."""
    dots = [
        (dot.real, x, y, stroke.place(at, at))
        for stroke, turned in zip(drawing, line.dots, strict=True)
        for at, (dot, x, y) in enumerate(zip(turned, stroke.xs, stroke.ys, strict=True))
    ]
    dots.sort(key=itemgetter(0))
    xs, ys = (dots[0][1], dots[-1][1]), (dots[0][2], dots[-1][2])
    return max(dots, key=lambda dot: distance(dot[1], dot[2], xs, ys))[3]


def farthest(line: Line) -> float:
    """The distance of the dot farthest from the line, a few slips of the pen apart."""
    offs = sorted([abs(dot.imag) for stroke in line.dots for dot in stroke])
    return offs[-1 - int(len(offs) * OUTLIERS)]
