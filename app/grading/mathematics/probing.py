"""Looking for a point where two formulas plainly differ: fixed points of several sizes, then beside every threshold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.rounding import NotReal, real_value, share
from app.grading.mathematics.signs import Threshold
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Expr
from app.grading.mathematics.writing import to_text

# Smallest and largest size of the numbers, and whether they are positive (1), negative (-1) or of either sign (0).
SCALES = (
    (0.3, 0.95, 1), (1.05, 3.0, -1), (0.2, 3.0, 0), (0.2, 3.0, 0), (1.05, 3.0, 1), (0.05, 0.5, 0), (4.0, 40.0, 0),
    (100.0, 2000.0, 0), (0.3, 0.95, 1), (0.001, 0.01, 0), (1.2, 6.0, 1), (0.3, 0.9, -1),
)  # fmt: skip
GRID = (
    -1e7, -3e5, -17000.0, -2000.0, -200.0, -20.0, -5.0, -1.7, -0.6, -0.01, 0.013, 0.7, 1.9, 6.0, 23.0, 230.0, 2300.0,
    19000.0, 4e5, 2e7,
)  # fmt: skip
BESIDE = (-3.0, -0.5, -0.01, 0.01, 0.5, 3.0)
SAFETY = 8.0
THRESHOLDS_LIMIT = 6
NAMES_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """A point where the values differ by more than rounding can explain."""

    point: Mapping[str, float]
    a: float
    b: float

    def sentence(self) -> str:
        """`For x = 2 one is 4, the other 5.`"""
        where = ", ".join(f"{name} = {value:.4g}" for name, value in list(self.point.items())[:4])
        values = f"one is {self.a:.6g}, the other {self.b:.6g}"
        return f"For {where} {values}." if where else f"{values[:1].upper()}{values[1:]}."


@dataclass(slots=True)
class Search:
    """The outcome of a search: a difference, or how many points had values on both sides."""

    difference: Difference | None = None
    points: int = 0


def search(a: Expr, b: Expr, points: Iterable[Mapping[str, float]], enough: int, size: int = 3) -> Search:
    """Compare at the points until they differ or `enough` agreed."""
    found = Search()
    for point in points:
        try:
            (first, off), (second, other_off) = real_value(a, point, size), real_value(b, point, size)
        except NotReal:
            continue
        if abs(first - second) > SAFETY * (off + other_off):
            found.difference = Difference(point, first, second)
            return found
        if off + other_off < 1e-4 * (1 + abs(first)):
            found.points += 1
        if found.points >= enough:
            break
    return found


def names_of(*trees: Expr) -> tuple[str, ...]:
    """The names to choose values for, in a fixed order."""
    return tuple(sorted({to_text(name) for tree in trees for name in symbols_in(tree)}))


def fixed_points(
    names: tuple[str, ...], positive: frozenset[str], bounds: frozenset[str]
) -> Iterator[dict[str, float]]:
    """The same points every time; names in bounds of sums are small whole numbers."""
    for number in range(len(SCALES)):
        yield {name: _chosen(name, number, positive, bounds) for name in names}


def _chosen(name: str, number: int, positive: frozenset[str], bounds: frozenset[str]) -> float:
    if name in bounds:
        return float(2 + int(4 * share(f"size {name} {number}")))
    low, high, side = SCALES[number]
    size = low + (high - low) * share(f"{name} {number}")
    negative = side < 0 or (side == 0 and share(f"sign {name} {number}") < 0.5)
    return -size if negative and name not in positive else size


def points_beside(
    thresholds: Iterable[Threshold], names: tuple[str, ...], positive: frozenset[str], bounds: frozenset[str]
) -> Iterator[dict[str, float]]:
    """Points near the edges of the pieces, on both sides."""
    formulas = [threshold.formula for threshold in thresholds][:THRESHOLDS_LIMIT]
    inside = [name for name in names_of(*formulas) if name not in bounds][:NAMES_LIMIT]
    for base in list(fixed_points(names, positive, bounds))[1:4]:
        for name in inside:
            edges = sorted(edge for formula in formulas for edge in edges_along(formula, base, name))
            places = [(low + high) / 2 for low, high in pairwise(edges)]
            places += [edge + step for edge in edges for step in BESIDE]
            yield from ({**base, name: place} for place in places)


def edges_along(formula: Expr, base: Mapping[str, float], name: str) -> Iterator[float]:
    """Where the formula changes its sign along one name."""
    before: tuple[float, float] | None = None
    straight = _zero_of_line(formula, base, name)
    if straight is not None:
        yield straight
        return
    for value in GRID:
        try:
            height = real_value(formula, {**base, name: value})[0]
        except NotReal:
            before = None
            continue
        if before is not None and (before[1] > 0) != (height > 0):
            yield _bisected(formula, base, name, before[0], value)
        before = (value, height)


def _zero_of_line(formula: Expr, base: Mapping[str, float], name: str) -> float | None:
    """Where a formula that is linear in the name is zero."""
    try:
        zero, one, seven = (real_value(formula, {**base, name: at})[0] for at in (0.0, 1.0, 7.0))
    except NotReal:
        return None
    slope = one - zero
    if slope == 0 or abs(seven - zero - 7 * slope) > 1e-9 * (abs(seven) + abs(zero)):
        return None
    return -zero / slope


def _bisected(formula: Expr, base: Mapping[str, float], name: str, low: float, high: float) -> float:
    rising = _height(formula, {**base, name: high}) > 0
    for _ in range(40):
        middle = (low + high) / 2
        if (_height(formula, {**base, name: middle}) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _height(formula: Expr, point: Mapping[str, float]) -> float:
    try:
        return real_value(formula, point)[0]
    except NotReal:
        return 0.0


def edge_difference(a: Expr, b: Expr, thresholds: Iterable[Threshold], names: tuple[str, ...]) -> str:
    """Where the formulas differ exactly on an edge, such as 1(x>0) and 1(x≥0) at x = 0; "" if nowhere."""
    base = {name: Fraction(7 + number, 3 + 2 * number) for number, name in enumerate(names)}
    for threshold in list(thresholds)[:THRESHOLDS_LIMIT]:
        for name in names_of(threshold.formula)[:NAMES_LIMIT]:
            point = point_on_edge(threshold.formula, base, name)
            if point is None:
                continue
            try:
                first, second = evaluate(a, point).value, evaluate(b, point).value
            except NoValue:
                continue
            if abs(first - second) > Fraction(1, 10**6):
                return f"{to_text(threshold.formula)} = 0"
    return ""


def point_on_edge(formula: Expr, base: Mapping[str, Fraction], name: str) -> dict[str, Fraction] | None:
    """A point where a formula that is linear in the name is zero."""
    try:
        zero, one, two = (evaluate(formula, {**base, name: Fraction(value)}).value for value in (0, 1, 2))
    except NoValue:
        return None
    if one == zero or two - one != one - zero:
        return None
    return {**base, name: zero / (zero - one)}
