"""Where pieces of formulas meet: the edges of thresholds, and points beside and on them."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from app.grading.mathematics.effort import Effort
from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.probing import fixed_points, names_of
from app.grading.mathematics.real_functions import NotReal
from app.grading.mathematics.rounding import real_value
from app.grading.mathematics.tree import Expr
from app.grading.mathematics.writing import to_text

GRID = (
    -1e7, -3e5, -17000.0, -2000.0, -200.0, -20.0, -5.0, -1.7, -0.6, -0.01, 0.013, 0.7, 1.9, 6.0, 23.0, 230.0, 2300.0,
    19000.0, 4e5, 2e7,
)  # fmt: skip
BESIDE = (-3.0, -0.5, -0.01, 0.01, 0.5, 3.0)
THRESHOLDS_LIMIT = 6
NAMES_LIMIT = 6


def points_beside(
    formulas: Sequence[Expr],
    names: tuple[str, ...],
    positive: frozenset[str],
    bounds: frozenset[str],
    effort: Effort,
) -> Iterator[dict[str, float]]:
    """Points near the edges of the pieces, on both sides."""
    formulas = formulas[:THRESHOLDS_LIMIT]
    inside = [name for name in names_of(*formulas) if name not in bounds][:NAMES_LIMIT]
    for base in list(fixed_points(names, positive, bounds))[1:4]:
        for name in inside:
            edges = sorted(edge for formula in formulas for edge in edges_along(formula, base, name, effort))
            places = [(low + high) / 2 for low, high in pairwise(edges)]
            places += [edge + step for edge in edges for step in BESIDE]
            yield from ({**base, name: place} for place in places)


def edges_along(formula: Expr, base: Mapping[str, float], name: str, effort: Effort) -> Iterator[float]:
    """Where the formula changes its sign along one name."""
    before: tuple[float, float] | None = None
    straight = _zero_of_line(formula, base, name, effort)
    if straight is not None:
        yield straight
        return
    for value in GRID:
        try:
            height = real_value(formula, {**base, name: value}, effort=effort)[0]
        except NotReal:
            before = None
            continue
        if before is not None and (before[1] > 0) != (height > 0):
            yield _bisected(formula, base, name, (before[0], value), effort)
        before = (value, height)


def _zero_of_line(formula: Expr, base: Mapping[str, float], name: str, effort: Effort) -> float | None:
    """Where a formula that is linear in the name is zero."""
    try:
        zero, one, seven = (
            real_value(formula, {**base, name: at}, effort=effort)[0] for at in (0.0, 1.0, 7.0)
        )
    except NotReal:
        return None
    slope = one - zero
    if slope == 0 or abs(seven - zero - 7 * slope) > 1e-9 * (abs(seven) + abs(zero)):
        return None
    return -zero / slope


def _bisected(
    formula: Expr, base: Mapping[str, float], name: str, ends: tuple[float, float], effort: Effort
) -> float:
    low, high = ends
    rising = _height(formula, {**base, name: high}, effort) > 0
    for _ in range(40):
        middle = (low + high) / 2
        if (_height(formula, {**base, name: middle}, effort) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _height(formula: Expr, point: Mapping[str, float], effort: Effort) -> float:
    try:
        return real_value(formula, point, effort=effort)[0]
    except NotReal:
        return 0.0


def edge_difference(a: Expr, b: Expr, formulas: Sequence[Expr], names: tuple[str, ...]) -> str:
    """Where the formulas differ exactly on an edge, such as 1(x>0) and 1(x≥0) at x = 0; "" if nowhere."""
    base = {name: Fraction(7 + number, 3 + 2 * number) for number, name in enumerate(names)}
    for formula in formulas[:THRESHOLDS_LIMIT]:
        for name in names_of(formula)[:NAMES_LIMIT]:
            point = point_on_edge(formula, base, name)
            if point is None:
                continue
            try:
                first, second = evaluate(a, point).value, evaluate(b, point).value
            except NoValue:
                continue
            if abs(first - second) > Fraction(1, 10**6):
                return f"{to_text(formula)} = 0"
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
