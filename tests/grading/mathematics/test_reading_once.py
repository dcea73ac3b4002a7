"""Known names that a text does not ask for change nothing, so that it is read once for many formulas."""

import pytest

from app.grading.mathematics.finding import read_math
from app.grading.mathematics.parsing import parse, told_by
from app.grading.mathematics.tokens import Options

NAMES = Options(symbols=frozenset({"w", "x", "wx", "θ", "ν", "k", "grad"}))


@pytest.mark.parametrize(
    "text",
    [
        "2wx + 1",
        "theta_k - a*\\nu",
        "𝑤𝑥 + θᵏ",
        "yz = grad(x)",
        "θ(k) + w",
        "st+1",
        "theta(x)",
        "theta_k(x) + x",
        "theta\\left(x\\right)",
        "x（x + 1）",
        "w(x + 1) + w",
        "xlnx",
        "expwx",
        "pix",
        "x[w]",
        "θ + θ(x)",
    ],
)
def test_a_text_is_read_as_with_all_known_names(text: str) -> None:
    assert parse(text, told_by(text, NAMES)) == parse(text, NAMES)


def test_names_that_the_text_does_not_ask_for_are_left_out() -> None:
    assert told_by("2wx + theta", NAMES).symbols == {"w", "x", "wx"}
    assert told_by("2wx + theta(k + 1)", NAMES).symbols == {"w", "x", "wx", "θ"}
    assert told_by("𝑤 + ℙ(k | ν) + ∇", NAMES).symbols == frozenset()
    assert told_by("𝑤(k + 1)", NAMES).symbols == {"w"}


def test_letters_that_stand_alone_are_known_anyway() -> None:
    assert told_by("2wx + w*theta", NAMES).symbols == {"x", "wx"}


def test_two_formulas_with_other_names_share_a_reading() -> None:
    assert read_math("2a + b", Options(symbols=frozenset("ax"))) is read_math(
        "2a + b", Options(symbols=frozenset("ay"))
    )
