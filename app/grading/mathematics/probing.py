"""Looking for a point where two formulas plainly differ: fixed points of several sizes, and those given."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.grading.mathematics.effort import Effort, TooMuch
from app.grading.mathematics.real_functions import Near, NotReal
from app.grading.mathematics.real_points import share
from app.grading.mathematics.rounding import real_value
from app.grading.mathematics.sides import bounds_in
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Apply, BigSum, Expr, Grad, kept_in_tree, kinds_in, memory_of
from app.grading.mathematics.writing import to_text

# Smallest and largest size of the numbers, and whether they are positive (1), negative (-1) or of either sign (0).
SCALES = (
    (0.3, 0.95, 1), (1.05, 3.0, -1), (0.2, 3.0, 0), (0.2, 3.0, 0), (1.05, 3.0, 1), (0.05, 0.5, 0), (4.0, 40.0, 0),
    (100.0, 2000.0, 0), (0.3, 0.95, 1), (0.001, 0.01, 0), (1.2, 6.0, 1), (0.3, 0.9, -1),
)  # fmt: skip
SAFETY = 8.0
EFFORT = 20_000  # steps of one search
_SPELLED = frozenset({Apply, Grad})  # their values here depend on how names are spelled


Kept = dict[Any, tuple[Near | None, int]]  # values of a tree at points, and what they cost


@dataclass(frozen=True, slots=True)
class Difference:
    """A point where the values differ by more than rounding can explain."""

    point: Mapping[str, float]
    a: float
    b: float

    def sentence(self) -> str:
        """`For x = 2 one is 4, the other 5.`"""
        where = ", ".join([f"{name} = {value:.4g}" for name, value in list(self.point.items())[:4]])
        values = f"one is {self.a:.6g}, the other {self.b:.6g}"
        return f"For {where} {values}." if where else f"{values[:1].upper()}{values[1:]}."


@dataclass(slots=True)
class Search:
    """The outcome of a search: a difference, or how many points had values on both sides."""

    difference: Difference | None = None
    points: int = 0


class Probe:
    """Two formulas at the same points; what was found at the fixed ones is kept for the next search.

    The trees remember their values there: an answer is compared with several formulas, an author's with all answers.
    """

    def __init__(self, a: Expr, b: Expr, positive: frozenset[str], bounds: frozenset[str]) -> None:
        self.a, self.b, self.bounds, self.positive = a, b, bounds, positive
        self.names = names_of(a, b)
        self._values = self._kept_values(a), self._kept_values(b)
        self._seen: list[_Outcome] = []

    def search(self, enough: int, among: int = len(SCALES)) -> Search:
        """Look at the first fixed points until the formulas differ, `enough` agreed, or the effort is spent."""
        effort = Effort(EFFORT)
        return _searched((self._at_fixed(number, effort) for number in range(among)), enough)

    def search_at(self, points: Iterable[Mapping[str, float]], enough: int, effort: Effort) -> Search:
        """The same at other points."""
        return _searched((self._look(point, effort) for point in points), enough)

    def _at_fixed(self, number: int, effort: Effort) -> "_Outcome":
        if number == len(self._seen):
            self._seen.append(self._look_at_fixed(number, effort))
        return self._seen[number]

    def _look_at_fixed(self, number: int, effort: Effort) -> "_Outcome":
        point, (ours, theirs) = fixed_point(number, self.names, self.positive, self.bounds), self._values
        first = _value(self.a, ours, number, point, effort)
        second = _value(self.b, theirs, number, point, effort) if first else None
        if first and second and _differ(first, second):
            return Difference(point, first[0], second[0])
        return _agreed(first, second)

    def _kept_values(self, node: Expr) -> Kept:
        """Where a tree keeps its values; those of a sum over x_i may depend on there being an x in the other formula."""
        key: Hashable = self.names, self.positive, self.bounds
        if BigSum not in kinds_in(node):
            own = self.bounds.intersection(names_of(node)) if self.bounds else self.bounds
            key = self.positive, own
        kept: Kept = memory_of(node).setdefault(key, {})
        return kept

    def _look(self, point: Mapping[str, float], effort: Effort) -> "_Outcome":
        try:
            first = real_value(self.a, point, effort=effort)
            second = real_value(self.b, point, effort=effort)
        except NotReal:
            return None
        return Difference(point, first[0], second[0]) if _differ(first, second) else _agreed(first, second)


def _differ(first: Near, second: Near) -> bool:
    (a, off), (b, other_off) = first, second
    return abs(a - b) > SAFETY * (off + other_off)


def _agreed(first: Near | None, second: Near | None) -> bool | None:
    """Whether values that do not differ are good enough to count; None where there are not two."""
    return (first[1] + second[1] < 1e-4 * (1 + abs(first[0]))) if first and second else None


def _value(node: Expr, kept: Kept, key: Hashable, point: Mapping[str, float], effort: Effort) -> Near | None:
    """The value at the point that the key stands for, None if there is none; what it cost is paid every time."""
    known = kept.get(key)
    if known is not None:
        value, steps = known
        effort.spend(steps)
        return value
    left = effort.left
    try:
        value = real_value(node, point, effort=effort)
    except NotReal:
        value = None
    kept[key] = value, left - effort.left
    return value


def differ_when_renamed(a: Expr, b: Expr, names: Mapping[str, str]) -> bool:
    """Whether `a` with other names plainly differs from `b` at the first point, seen without writing it anew.

    `names` has all names of `a`. What depends on how a name is spelled, as f(x) does, is left to be written anew.
    """
    if not _SPELLED.isdisjoint(kinds_in(a) | kinds_in(b)):
        return False
    bounds = bounds_in(b) | {names[name] for name in bounds_in(a)}
    point = fixed_point(0, names_of(b), frozenset(), bounds)
    renamed = {name: point[new] for name, new in names.items()}
    try:
        first = _value(a, memory_of(a), (*renamed.items(),), renamed, Effort(EFFORT))
        second = _value(b, memory_of(b), (*point.items(),), point, Effort(EFFORT))
    except TooMuch:
        return False
    return first is not None and second is not None and _differ(first, second)


_Outcome = (
    Difference | bool | None
)  # they differ; they agree, well enough to count or not; not both have a value


def _searched(outcomes: Iterator[_Outcome], enough: int) -> Search:
    found = Search()
    try:
        for outcome in outcomes:
            if isinstance(outcome, Difference):
                found.difference = outcome
                break
            found.points += bool(outcome)
            if found.points >= enough:
                break
    except TooMuch:
        pass
    return found


def names_of(*trees: Expr) -> tuple[str, ...]:
    """The names to choose values for, in a fixed order."""
    return tuple(sorted(frozenset().union(*map(_names_in, trees))))


@kept_in_tree
def _names_in(tree: Expr) -> frozenset[str]:
    return frozenset(map(to_text, symbols_in(tree)))


def fixed_points(
    names: tuple[str, ...], positive: frozenset[str], bounds: frozenset[str]
) -> Iterator[dict[str, float]]:
    """The same points every time."""
    for number in range(len(SCALES)):
        yield fixed_point(number, names, positive, bounds)


def fixed_point(
    number: int, names: tuple[str, ...], positive: frozenset[str], bounds: frozenset[str]
) -> dict[str, float]:
    """One of them: the value of a name does not depend on the others; in bounds of sums it is a small whole number."""
    return {
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
