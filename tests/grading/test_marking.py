"""The marking tree: what checks found becomes certain, best and possible points."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.grading.marking import Earned, earn, matters, reachable
from app.grading.types import Best, Check, Criterion, Node, Sum, Verdict, View, leaves, met, not_met, unsure

HALF, ONE, TWO = Fraction(1, 2), Fraction(1), Fraction(2)
YES, NO, PERHAPS, PROBABLY = met(), not_met(), unsure(), unsure(likely=True)


def criterion(name: str, points: Fraction = HALF) -> Criterion:
    return Criterion(name, points, "", Check("any", (), _never))


def _never(_view: View) -> Verdict:
    raise AssertionError("the tree looks at verdicts only")


def points(node: Node, **verdicts: Verdict) -> tuple[Fraction, Fraction, Fraction]:
    """Certain, best and possible points."""
    earned = earn(node, verdicts)
    return earned.low, earned.best, earned.high


def test_criteria_add_up() -> None:
    tree = Sum((criterion("shares"), criterion("day_night")))

    assert points(tree, shares=YES, day_night=NO) == (HALF, HALF, HALF)
    assert points(tree, shares=YES, day_night=YES) == (ONE, ONE, ONE)


def test_an_unsure_criterion_opens_an_interval_and_leans_to_its_side() -> None:
    tree = Sum((criterion("shares"), criterion("day_night")))

    assert points(tree, shares=YES, day_night=PERHAPS) == (HALF, HALF, ONE)
    assert points(tree, shares=YES, day_night=PROBABLY) == (HALF, ONE, ONE)


def test_a_sum_stops_at_its_cap() -> None:
    tree = Sum(tuple(criterion(name) for name in ("a", "b", "c")), at_most=ONE)

    assert points(tree, a=YES, b=YES, c=YES) == (ONE, ONE, ONE)
    assert points(tree, a=YES, b=YES, c=PERHAPS) == (ONE, ONE, ONE)


def test_only_the_best_tier_counts() -> None:
    tree = Best((criterion("capacity", ONE), criterion("other_remedy", HALF)))

    assert points(tree, capacity=YES, other_remedy=YES) == (ONE, ONE, ONE)
    assert points(tree, capacity=NO, other_remedy=YES) == (HALF, HALF, HALF)
    assert points(tree, capacity=PERHAPS, other_remedy=YES) == (HALF, HALF, ONE)


def test_alternative_solutions_do_not_mix() -> None:
    figure = Sum((criterion("figure_h2"), criterion("figure_y2")))
    formula = Sum((criterion("formula_h2"), criterion("formula_y2")))

    mixed = points(Best((figure, formula)), figure_h2=YES, figure_y2=NO, formula_h2=NO, formula_y2=YES)

    assert mixed == (HALF, HALF, HALF)


def test_a_deduction_never_takes_a_sum_below_zero() -> None:
    tree = Sum((criterion("velocity", ONE), criterion("index_missing", -HALF)))

    assert points(tree, velocity=YES, index_missing=YES) == (HALF, HALF, HALF)
    assert points(tree, velocity=NO, index_missing=YES) == (0, 0, 0)


def test_an_unsure_deduction_lowers_what_is_certain() -> None:
    tree = Sum((criterion("velocity", ONE), criterion("index_missing", -HALF)))

    assert points(tree, velocity=YES, index_missing=PERHAPS) == (HALF, ONE, ONE)
    assert points(tree, velocity=YES, index_missing=PROBABLY) == (HALF, HALF, ONE)


def test_the_highest_right_rung_of_a_ladder_counts_whatever_the_rungs_below() -> None:
    ladder = Best((criterion("z_norm", TWO), criterion("sigma", ONE), criterion("mu", HALF)))

    assert points(ladder, z_norm=YES, sigma=NO, mu=NO) == (TWO, TWO, TWO)
    assert points(ladder, z_norm=NO, sigma=NO, mu=YES) == (HALF, HALF, HALF)


def test_only_what_counts_is_named() -> None:
    tree = Best((criterion("full", ONE), criterion("part", HALF)))

    assert earn(tree, {"full": YES, "part": YES}).counted == {"full"}
    assert earn(tree, {"full": NO, "part": YES}).counted == {"part"}


def test_points_are_half_credits() -> None:
    assert criterion("a", Fraction(3, 2)).halves == 3
    with pytest.raises(ValueError, match="half credits"):
        criterion("a", Fraction(1, 3))


def test_a_doubt_that_cannot_change_the_points_is_nothing_to_look_at() -> None:
    tree = Best((criterion("full", ONE), criterion("part", HALF)))

    assert matters(tree, {"full": YES, "part": PERHAPS}) == frozenset()
    assert matters(tree, {"full": PERHAPS, "part": YES}) == {"full"}


@pytest.mark.parametrize(
    ("tree", "most"),
    [
        (Sum((criterion("a", ONE), criterion("b", -HALF))), ONE),
        (Sum((criterion("a", ONE), criterion("b", ONE)), at_most=Fraction(3, 2)), Fraction(3, 2)),
        (Best((criterion("a", ONE), Sum((criterion("b", ONE), criterion("c"))))), Fraction(3, 2)),
        (Best(()), Fraction(0)),
    ],
)
def test_the_most_that_a_tree_can_give(tree: Node, most: Fraction) -> None:
    assert reachable(tree) == most


half_credits = st.integers(-4, 6).map(lambda number: Fraction(number, 2))
outcomes = st.sampled_from([YES, NO, PERHAPS, PROBABLY])


@st.composite
def trees(draw: st.DrawFn) -> Node:
    """Sums, as every part is one, of sums, caps and tiers, with criteria of distinct names."""
    names = count()
    leaf = st.builds(lambda value: criterion(f"c{next(names)}", value), half_credits)
    caps = st.none() | st.integers(0, 8).map(lambda number: Fraction(number, 2))

    def above(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return st.builds(Sum, several, caps) | st.builds(Best, several)

    inner = st.lists(st.recursive(leaf, above, max_leaves=8), min_size=1, max_size=3).map(tuple)
    return draw(st.builds(Sum, inner, caps))


@given(trees(), st.data())
def test_certain_best_and_possible_points_stand_in_order_on_the_grid(tree: Node, data: st.DataObject) -> None:
    earned = earn(tree, _verdicts(tree, data))

    assert 0 <= earned.low <= earned.best <= earned.high <= reachable(tree)
    assert all((2 * value).denominator == 1 for value in (earned.low, earned.best, earned.high))


@given(trees(), st.data())
def test_the_order_of_criteria_changes_no_points(tree: Node, data: st.DataObject) -> None:
    verdicts = _verdicts(tree, data)

    turned, straight = earn(_turned(tree), verdicts), earn(tree, verdicts)

    assert _interval(turned) == _interval(straight)


@given(trees(), st.data())
def test_settling_every_doubt_ends_within_the_interval(tree: Node, data: st.DataObject) -> None:
    verdicts = _verdicts(tree, data)
    before = earn(tree, verdicts)
    settled = {
        name: data.draw(st.sampled_from([YES, NO])) if verdict in (PERHAPS, PROBABLY) else verdict
        for name, verdict in verdicts.items()
    }

    after = earn(tree, settled)

    assert before.low <= after.best <= before.high
    assert after.low == after.best == after.high


def _verdicts(tree: Node, data: st.DataObject) -> Mapping[str, Verdict]:
    return {leaf.id: data.draw(outcomes, label=leaf.id) for leaf in leaves(tree)}


def _turned(node: Node) -> Node:
    if isinstance(node, Criterion):
        return node
    nodes = tuple(_turned(child) for child in reversed(node.nodes))
    return Sum(nodes, node.at_most) if isinstance(node, Sum) else Best(nodes)


def _interval(earned: Earned) -> tuple[Fraction, Fraction, Fraction]:
    return earned.low, earned.best, earned.high
