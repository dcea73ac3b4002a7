"""Looking for a point where two formulas plainly differ: fixed points of several sizes, and those given."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from app.grading.mathematics.effort import Effort, TooMuch
from app.grading.mathematics.rounding import NotReal, real_value, share
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Expr
from app.grading.mathematics.writing import to_text

# Smallest and largest size of the numbers, and whether they are positive (1), negative (-1) or of either sign (0).
SCALES = (
    (0.3, 0.95, 1), (1.05, 3.0, -1), (0.2, 3.0, 0), (0.2, 3.0, 0), (1.05, 3.0, 1), (0.05, 0.5, 0), (4.0, 40.0, 0),
    (100.0, 2000.0, 0), (0.3, 0.95, 1), (0.001, 0.01, 0), (1.2, 6.0, 1), (0.3, 0.9, -1),
)  # fmt: skip
SAFETY = 8.0
EFFORT = 20_000  # steps of one search


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


def search(
    a: Expr, b: Expr, points: Iterable[Mapping[str, float]], enough: int, effort: Effort | None = None
) -> Search:
    """Compare at the points until they differ, `enough` agreed, or the effort is spent."""
    found, effort = Search(), effort or Effort(EFFORT)
    with suppress(TooMuch):
        _search(a, b, points, enough, effort, found)
    return found


def _search(
    a: Expr, b: Expr, points: Iterable[Mapping[str, float]], enough: int, effort: Effort, found: Search
) -> None:
    for point in points:
        try:
            (first, off), (second, other_off) = (real_value(tree, point, effort=effort) for tree in (a, b))
        except NotReal:
            continue
        if abs(first - second) > SAFETY * (off + other_off):
            found.difference = Difference(point, first, second)
            return
        if off + other_off < 1e-4 * (1 + abs(first)):
            found.points += 1
        if found.points >= enough:
            return


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
