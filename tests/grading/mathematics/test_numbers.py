"""Reading a number box: exact in every notation, or unreadable with a reason."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.grading.mathematics import read_number
from app.grading.mathematics.numbers import NUMBER_LIMIT
from app.grading.types import BLANK, Blank, Unreadable, Value
from tests.grading.mathematics.case_rows import cases

Case = Mapping[str, str]


@pytest.mark.parametrize("case", cases("numbers"))
def test_a_number_has_its_exact_value(case: Case) -> None:
    reading = read_number(case["text"])

    assert isinstance(reading, Value), reading
    assert (reading.value, reading.others) == (Fraction(case["value"]), ())


@pytest.mark.parametrize("case", cases("counts"))
def test_a_count_groups_thousands(case: Case) -> None:
    reading = read_number(case["text"], integer=True)

    assert isinstance(reading, Value), reading
    assert reading.value == Fraction(case["value"])


@pytest.mark.parametrize("case", cases("unreadable_numbers"))
def test_what_is_no_single_number_says_why(case: Case) -> None:
    reading = read_number(case["text"])

    assert isinstance(reading, Unreadable), reading
    assert reading.reason.endswith(".")
    assert not reading.malformed


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_blank(text: str) -> None:
    assert read_number(text) == BLANK


def test_an_ambiguous_entry_lists_its_readings() -> None:
    reading = read_number("6/2(1+2)")

    assert isinstance(reading, Value)
    assert (reading.value, reading.others, reading.echo) == (Fraction(9), (Fraction(1),), "= 9 or 1")


def test_the_echo_shows_what_is_not_obvious() -> None:
    assert [getattr(read_number(text), "echo", None) for text in ("19", "1/2500", "64 px", "sqrt(2)")] == [
        "",
        "= 0.0004",
        "= 64 (unit: px)",
        "≈ 1.41421356237",
    ]


def test_a_rounded_root_is_near_and_says_so() -> None:
    reading = read_number("sqrt(2)")

    assert isinstance(reading, Value)
    assert abs(reading.value**2 - 2) < Fraction(1, 10**29)


def test_a_rounded_value_too_large_for_a_float_is_shown() -> None:
    reading = read_number("10^400 * pi")

    assert isinstance(reading, Value)
    assert reading.echo == "≈ 3.14159265359e+400"


def test_a_long_entry_is_refused() -> None:
    assert isinstance(read_number("1" * (NUMBER_LIMIT + 1)), Unreadable)


@pytest.mark.parametrize("piece", ["((1+", "(-(1", "-1*", "- (-1 - ", "1.5*-(2)-"])
def test_long_arithmetic_that_breaks_off_is_refused_without_trying_every_way(piece: str) -> None:
    assert isinstance(read_number(piece * 50 + "?"), Unreadable)


@given(st.integers(-(10**30), 10**30))
def test_every_whole_number_reads_as_itself(number: int) -> None:
    assert read_number(str(number)) == Value(Fraction(number))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_every_fraction_reads_as_itself(top: int, bottom: int) -> None:
    reading = read_number(f"{top}/{bottom}")

    assert isinstance(reading, Value)
    assert reading.value == Fraction(top, bottom)


@given(st.integers(0, 10**15), st.sampled_from([" ", "'", "’", "\u2009", "\u202f"]))
def test_grouping_does_not_change_a_number(number: int, separator: str) -> None:
    reading = read_number(f"{number:,}".replace(",", separator))

    assert isinstance(reading, Value)
    assert reading.value == number


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=3), st.sampled_from(",."))
def test_a_decimal_sign_is_a_comma_or_a_dot(number: object, sign: str) -> None:
    reading = read_number(str(number).replace(".", sign))

    assert isinstance(reading, Value)
    assert reading.value == Fraction(str(number))


@given(st.text(max_size=60), st.booleans())
def test_any_text_has_a_reading(text: str, integer: bool) -> None:
    assert isinstance(read_number(text, integer=integer), Blank | Unreadable | Value)


@given(st.text(alphabet="0123456789.,eE+-*/^()% kx=!√²½ ", max_size=40))
def test_any_arithmetic_has_a_reading(text: str) -> None:
    assert isinstance(read_number(text), Blank | Unreadable | Value)
