"""Calculations in a working: found, evaluated exactly, told from bare numbers."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.grading.mathematics.working import Calculation, calculations_in
from tests.grading.mathematics.case_rows import cases

Case = Mapping[str, str]


def shown(calculation: Calculation) -> str:
    return " ".join(str(s.value) if s.bare else f"*{s.value}*" for s in calculation.steps)


@pytest.mark.parametrize("case", cases("calculations"))
def test_every_calculation_is_found_with_its_values(case: Case) -> None:
    found = calculations_in(case["text"])

    assert " | ".join(shown(one) for one in found) == case["values"].strip()


@pytest.mark.parametrize("case", cases("calculations"))
def test_a_step_stands_where_it_says(case: Case) -> None:
    for one in calculations_in(case["text"]):
        assert all(case["text"][s.start : s.end] == s.source for s in one.steps)


def test_sides_that_differ_do_not_agree() -> None:
    assert [one.agrees for one in calculations_in("2+2=5; 2+2=4; 1/3=0.333; 63.75 = 64")] == [
        False,
        True,
        True,
        False,
    ]


def test_a_calculation_that_comes_to_a_value_is_more_than_the_number() -> None:
    (chain,) = calculations_in("r2 = 11 + 8 = 19")
    (bare,) = calculations_in("r2 = 19")

    assert chain.worked_out(Fraction(19)) is not None
    assert bare.worked_out(Fraction(19)) is None
    assert (chain.bare, bare.bare) == (False, True)


def test_names_of_the_question_have_values() -> None:
    (found,) = calculations_in(
        "v*(h1 + u*h0)", {"v": Fraction(-1), "h_1": Fraction(11), "u": Fraction(3), "h_0": Fraction(3)}
    )

    assert (found.value, found.steps[0].letters, found.bare) == (Fraction(-20), True, False)
