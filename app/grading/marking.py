"""The marking tree: verdicts become certain, best and possible points.

One function serves the engine, a teaching assistant's override and a regrade: `earn(tree, verdicts)`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from app.grading.types import Criterion, Node, Outcome, Points, Sum, Verdict, leaves

ZERO = Fraction(0)


class Earned(NamedTuple):
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
    if isinstance(node, Criterion):
        return _earn_criterion(node, verdicts[node.id])
    children = [earn(child, verdicts) for child in node.nodes]
    return _add_up(node, children) if isinstance(node, Sum) else _best_of(children)


def _earn_criterion(node: Criterion, verdict: Verdict) -> Earned:
    counted = frozenset({node.id}) if verdict.leans_met else frozenset()
    if verdict.outcome is Outcome.MET:
        return Earned(node.points, node.points, node.points, counted)
    if verdict.outcome is Outcome.NOT_MET:
        return Earned(ZERO, ZERO, ZERO, counted)
    best = node.points if verdict.likely else ZERO
    return Earned(min(ZERO, node.points), best, max(ZERO, node.points), counted)


def _add_up(node: Sum, children: list[Earned]) -> Earned:
    counted = frozenset().union(*[child.counted for child in children])
    low = _total([child.low for child in children], node.at_most)
    if all(map(_is_settled, children)):  # nearly always; fractions are slow to add
        return Earned(low, low, low, counted)
    best = _total([child.best for child in children], node.at_most)
    high = _total([child.high for child in children], node.at_most)
    return Earned(low, best, high, counted)


def _is_settled(earned: Earned) -> bool:
    """Whether all three are one and the same object: that is seen without comparing fractions."""
    return earned.low is earned.best is earned.high


def _total(points: list[Points], at_most: Points | None) -> Points:
    some = [one for one in points if one is not ZERO]
    return _between(sum(some[1:], some[0]), at_most) if some else ZERO


def _between(points: Points, at_most: Points | None) -> Points:
    capped = points if at_most is None else min(points, at_most)
    return ZERO if capped.numerator < 0 else capped


def _best_of(children: list[Earned]) -> Earned:
    """The first of the best alternatives is the one that counts."""
    if all(child.best is ZERO and _is_settled(child) for child in children):
        return children[0]
    chosen = max(children, key=lambda child: (child.best, child.low))
    if all(map(_is_settled, children)):
        return chosen
    return Earned(
        max(child.low for child in children),
        chosen.best,
        max(child.high for child in children),
        chosen.counted,
    )


def reachable(node: Node) -> Points:
    """The most that a tree can give: what the part must be worth."""
    if isinstance(node, Criterion):
        return max(node.points, ZERO)
    parts = [reachable(child) for child in node.nodes]
    return _between(sum(parts, ZERO), node.at_most) if isinstance(node, Sum) else max(parts, default=ZERO)


def matters(node: Node, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """The unsure criteria that can still change the points: those a person should look at."""
    whole = earn(node, verdicts)
    if whole.low == whole.high:
        return frozenset()
    return frozenset(leaf.id for leaf in leaves(node) if verdicts[leaf.id].outcome is Outcome.UNSURE)
