"""Two texts compared as mathematics: nothing false is called equal, and little is left undecided."""

from collections.abc import Mapping

import pytest

from app.grading.mathematics import Domain, compare_math, parse, renamed, same_function, substituted
from app.grading.mathematics.parsing import Parsed
from tests.grading.mathematics.case_rows import cases

Case = Mapping[str, str]


@pytest.mark.parametrize("case", cases("equal"))
def test_the_same_mathematics_is_equal(case: Case) -> None:
    found = compare_math(case["a"], case["b"])

    assert found.verdict == "equal", found.reason


@pytest.mark.parametrize("case", cases("different"))
def test_other_mathematics_is_different(case: Case) -> None:
    found = compare_math(case["a"], case["b"])

    assert found.verdict == "different", found.reason


@pytest.mark.parametrize("case", cases("unsure"))
def test_what_cannot_be_settled_is_left_to_a_person(case: Case) -> None:
    found = compare_math(case["a"], case["b"])

    assert (found.verdict, bool(found.reason)) == (case["verdict"], True)


@pytest.mark.parametrize("case", [*cases("equal"), *cases("different"), *cases("unsure")])
def test_the_order_of_the_two_does_not_matter(case: Case) -> None:
    assert compare_math(case["a"], case["b"]).verdict == compare_math(case["b"], case["a"]).verdict


def test_a_difference_is_shown_at_a_point() -> None:
    assert compare_math("x^2", "x^3").reason.startswith("For x = ")


def test_single_points_count_only_where_asked() -> None:
    indicators = ("1(x>0)", "1(x>=0)")

    assert compare_math(*indicators).verdict == "different"
    assert compare_math(*indicators, Domain(edges=False)).verdict == "equal"


def test_names_can_be_said_to_be_positive() -> None:
    assert compare_math("sqrt(x^2)", "x").verdict == "different"
    assert compare_math("sqrt(x^2)", "x", Domain(positive=frozenset({"x"}))).verdict == "equal"


def tree(text: str) -> object:
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    return parsed.expr


def test_a_name_can_stand_for_a_formula() -> None:
    answer, solution = tree("w*1(y>0)"), tree("w*1(w*x>0)")
    where = {"y": tree("max(w*x, 0)")}

    assert same_function(answer, solution).verdict == "different"
    assert same_function(substituted(answer, where), substituted(solution, where)).verdict == "equal"


def test_names_can_be_exchanged() -> None:
    assert same_function(renamed(tree("a + 2b"), {"a": "x", "b": "y"}), tree("x + 2y")).verdict == "equal"


def test_an_open_case_can_be_allowed() -> None:
    answer, solution = tree("w if x>0"), tree("w*1(x>0)")

    assert same_function(answer, solution).verdict == "unsure"
    assert same_function(answer, solution, Domain(partial=True)).verdict == "equal"
