"""The marking tree: verdicts become certain, best and possible points.

One function serves the engine, a teaching assistant's override and a regrade: `earn(tree, verdicts)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.grading.types import Criterion, Node, Outcome, Points, Sum, Verdict, leaves

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Earned:
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
    best = node.points if verdict.leans_met else ZERO
    settled_yes = node.points if verdict.outcome is Outcome.MET else ZERO
    settled_no = ZERO if verdict.outcome is Outcome.NOT_MET else node.points
    counted = frozenset({node.id}) if verdict.leans_met else frozenset()
    return Earned(min(settled_yes, settled_no), best, max(settled_yes, settled_no), counted)


def _add_up(node: Sum, children: list[Earned]) -> Earned:
    low, best, high = (
        _between(sum((getattr(child, side) for child in children), ZERO), node.at_most)
        for side in ("low", "best", "high")
    )
    return Earned(low, best, high, frozenset().union(*(child.counted for child in children)))


def _between(points: Points, at_most: Points | None) -> Points:
    capped = points if at_most is None else min(points, at_most)
    return max(capped, ZERO)


def _best_of(children: list[Earned]) -> Earned:
    """The first of the best alternatives is the one that counts."""
    chosen = max(children, key=lambda child: (child.best, child.low))
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
