"""The marking tree: verdicts become certain, best and possible points.

One function serves the engine, a teaching assistant's override and a regrade: `earn(tree, verdicts)`.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

from msgspec import Struct

from app.grading.types import Criterion, Node, Outcome, Points, Sum, Verdict, halves_of, leaves

ZERO = Fraction(0)


class Earned(Struct, frozen=True, gc=False):
    """Points of a tree: `low` certain, `best` likely, `high` possible; `counted` names the criteria inside `best`."""

    low: Points
    best: Points
    high: Points
    counted: frozenset[str]


def earn(node: Node, verdicts: Mapping[str, Verdict]) -> Earned:
    """The points of a tree under the verdicts of its criteria (by id).

    A part of two halves with one met earns 1/2; with the other unsure it earns 1/2, possibly 1.
    A deduction can never take a sum below zero.
    """
    low, best, high, counted = _earned(node, verdicts)
    return Earned(_points(low), _points(best), _points(high), frozenset(counted))


# Inside the tree points are whole numbers of half credits: fractions are slow to add and to compare.
_Halves = tuple[int, int, int, Sequence[str]]  # as Earned
_NOTHING: _Halves = (0, 0, 0, ())


def _earned(node: Node, verdicts: Mapping[str, Verdict]) -> _Halves:
    if isinstance(node, Criterion):
        return _given(node, verdicts[node.id])
    if isinstance(node, Sum):
        return _added_up(node, verdicts)
    return _best_of([_earned(child, verdicts) for child in node.nodes])


def _given(node: Criterion, verdict: Verdict) -> _Halves:
    """What one criterion gives."""
    points = node.halves
    if verdict.outcome is Outcome.NOT_MET:
        return _NOTHING
    if verdict.outcome is Outcome.MET:
        return points, points, points, (node.id,)
    low, high = min(0, points), max(0, points)
    return (low, points, high, (node.id,)) if verdict.likely else (low, 0, high, ())


def _added_up(node: Sum, verdicts: Mapping[str, Verdict]) -> _Halves:
    low, best, high = 0, 0, 0
    counted: list[str] = []
    for child in node.nodes:
        if isinstance(child, Criterion) and verdicts[child.id].outcome is Outcome.NOT_MET:
            continue  # as often as not
        one = _earned(child, verdicts)
        low += one[0]
        best += one[1]
        high += one[2]
        counted += one[3]
    if node.at_most is not None:
        most = halves_of(node.at_most)
        low, best, high = min(low, most), min(best, most), min(high, most)
    return max(low, 0), max(best, 0), max(high, 0), counted


def _best_of(children: list[_Halves]) -> _Halves:
    """The first of the best alternatives is the one that counts."""
    low, best, high, counted = children[0]
    chosen_low = low
    for child in children[1:]:
        if (child[1], child[0]) > (best, chosen_low):
            chosen_low, best, counted = child[0], child[1], child[3]
        low, high = max(low, child[0]), max(high, child[2])
    return low, best, high, counted


@cache
def _points(halves: int) -> Points:
    return Fraction(halves, 2)


def reachable(node: Node) -> Points:
    """The most that a tree can give: what the part must be worth."""
    if isinstance(node, Criterion):
        return max(node.points, ZERO)
    parts = [reachable(child) for child in node.nodes]
    if isinstance(node, Sum):
        whole = max(sum(parts, ZERO), ZERO)
        return whole if node.at_most is None else min(whole, node.at_most)
    return max(parts, default=ZERO)


def matters(node: Node, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """The unsure criteria that can still change the points: those a person should look at."""
    whole = earn(node, verdicts)
    if whole.low == whole.high:
        return frozenset()
    return frozenset(leaf.id for leaf in leaves(node) if verdicts[leaf.id].outcome is Outcome.UNSURE)
