"""Looking for a point where two formulas plainly differ: fixed points of several sizes, and those given."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from app.grading.mathematics.effort import Effort, TooMuch
from app.grading.mathematics.real_functions import NotReal
from app.grading.mathematics.rounding import real_value, share
from app.grading.mathematics.sides import bounds_in
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Apply, Expr, Grad, kinds_in
from app.grading.mathematics.writing import to_text

# Smallest and largest size of the numbers, and whether they are positive (1), negative (-1) or of either sign (0).
SCALES = (
    (0.3, 0.95, 1), (1.05, 3.0, -1), (0.2, 3.0, 0), (0.2, 3.0, 0), (1.05, 3.0, 1), (0.05, 0.5, 0), (4.0, 40.0, 0),
    (100.0, 2000.0, 0), (0.3, 0.95, 1), (0.001, 0.01, 0), (1.2, 6.0, 1), (0.3, 0.9, -1),
)  # fmt: skip
SAFETY = 8.0
EFFORT = 20_000  # steps of one search
_SPELLED = frozenset({Apply, Grad})  # their values here depend on how names are spelled


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


class Probe:
    """Two formulas at the same points; what was found at the fixed ones is kept for the next search."""

    def __init__(self, a: Expr, b: Expr, positive: frozenset[str], bounds: frozenset[str]) -> None:
        self.a, self.b, self.bounds = a, b, bounds
        self.names = names_of(a, b)
        self._points = fixed_points(self.names, positive, bounds)
        self._seen: list[_Outcome] = []

    def search(self, enough: int, among: int = len(SCALES)) -> Search:
        """Look at the first fixed points until the formulas differ, `enough` agreed, or the effort is spent."""
        return _searched(islice(self._outcomes(Effort(EFFORT)), among), enough)

    def search_at(self, points: Iterable[Mapping[str, float]], enough: int, effort: Effort) -> Search:
        """The same at other points."""
        return _searched((self._look(point, effort) for point in points), enough)

    def _outcomes(self, effort: Effort) -> Iterator["_Outcome"]:
        yield from self._seen
        for point in self._points:
            self._seen.append(self._look(point, effort))
            yield self._seen[-1]

    def _look(self, point: Mapping[str, float], effort: Effort) -> "_Outcome":
        try:
            first, off = real_value(self.a, point, effort=effort)
            second, other_off = real_value(self.b, point, effort=effort)
        except NotReal:
            return None
        if abs(first - second) > SAFETY * (off + other_off):
            return Difference(point, first, second)
        return off + other_off < 1e-4 * (1 + abs(first))


def differ_when_renamed(a: Expr, b: Expr, names: Mapping[str, str]) -> bool:
    """Whether `a` with other names plainly differs from `b` at the first point, seen without writing it anew.

    `names` has all names of `a`. What depends on how a name is spelled, as f(x) does, is left to be written anew.
    """
    if not _SPELLED.isdisjoint(kinds_in(a) | kinds_in(b)):
        return False
    bounds = bounds_in(b) | {names[name] for name in bounds_in(a)}
    point = next(fixed_points(names_of(b), frozenset(), bounds))
    try:
        first, off = real_value(a, {name: point[new] for name, new in names.items()})
        second, other_off = real_value(b, point)
    except (NotReal, TooMuch):
        return False
    return abs(first - second) > SAFETY * (off + other_off)


_Outcome = (
    Difference | bool | None
)  # they differ; they agree, well enough to count or not; not both have a value


def _searched(outcomes: Iterator[_Outcome], enough: int) -> Search:
    found = Search()
    with suppress(TooMuch):
        for outcome in outcomes:
            if isinstance(outcome, Difference):
                found.difference = outcome
                break
            found.points += bool(outcome)
            if found.points >= enough:
                break
    return found


def names_of(*trees: Expr) -> tuple[str, ...]:
    """The names to choose values for, in a fixed order."""
    symbols = frozenset().union(*map(symbols_in, trees))
    return tuple(sorted({to_text(symbol) for symbol in symbols}))


def fixed_points(
    names: tuple[str, ...], positive: frozenset[str], bounds: frozenset[str]
) -> Iterator[dict[str, float]]:
    """The same points every time; names in bounds of sums are small whole numbers."""
    for number in range(len(SCALES)):
        yield {
            name: _whole(name, number) if name in bounds else _chosen(name, number, name in positive)
            for name in names
        }


@lru_cache(maxsize=4096)
def _whole(name: str, number: int) -> float:
    return float(2 + int(4 * share(f"size {name} {number}")))


@lru_cache(maxsize=4096)
def _chosen(name: str, number: int, positive: bool) -> float:
    low, high, side = SCALES[number]
    size = low + (high - low) * share(f"{name} {number}")
    negative = side < 0 or (side == 0 and share(f"sign {name} {number}") < 0.5)
    return -size if negative and not positive else size
