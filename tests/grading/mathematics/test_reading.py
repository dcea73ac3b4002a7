"""Reading formulas: plain text, Unicode and LaTeX, alone or among words."""

from collections.abc import Mapping

import pytest

from app.grading.mathematics import Options, formulas_in, parse, read_math, to_latex, to_text
from app.grading.mathematics.parsing import Parsed, Unread
from app.grading.mathematics.tokens import LENGTH_LIMIT
from tests.grading.mathematics.case_rows import cases

Case = Mapping[str, str]


@pytest.mark.parametrize("case", cases("readings"))
def test_formulas_are_found_and_read_as_meant(case: Case) -> None:
    found = formulas_in(case["text"])

    assert " | ".join(to_text(one.expr) for one in found) == case["read"].strip()


@pytest.mark.parametrize("case", [*cases("readings"), *cases("equal")])
def test_what_was_found_stands_where_it_says(case: Case) -> None:
    text = case.get("text") or case["a"]
    found = formulas_in(text)

    assert all(text[one.start : one.end] == one.source for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize("case", cases("breaks"))
def test_what_is_no_formula_says_where_and_why(case: Case) -> None:
    parsed = parse(case["text"])

    assert isinstance(parsed, Unread)
    assert parsed.position == int(case["position"])
    assert case["reason"] in parsed.reason
    assert parsed.so_far == case["text"][: parsed.position].strip()


@pytest.mark.parametrize("case", cases("readings"))
def test_what_is_shown_is_read_the_same(case: Case) -> None:
    """The preview can be typed back in, as plain text and as LaTeX."""
    for one in formulas_in(case["text"]):
        plain, latex = parse(to_text(one.expr)), parse(to_latex(one.expr))

        assert isinstance(latex, Parsed), latex
        assert isinstance(plain, Parsed), plain
        assert to_text(latex.expr) == to_text(one.expr)


def test_the_words_around_are_left_over() -> None:
    reading = read_math("we get: y = 2x, so that x = 3")

    assert [piece.source for piece in reading.leftovers] == ["we get", "so that"]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("v = b v - a g (b = 0.9)", "v = b v - a g"),  # tells the value of a letter
        ("w (y = 1)", "w (y = 1)"),  # may be meant as a case
        ("f(x = 3)", "f(x = 3)"),
    ],
)
def test_an_aside_that_tells_a_value_is_no_factor(text: str, formula: str) -> None:
    assert [found.source for found in read_math(text).found] == [formula]


def test_no_formula_at_all_gives_a_reason() -> None:
    reading = read_math("gradient descent with momentum")

    assert reading.found == ()
    assert reading.unread is not None
    assert "descent" in reading.unread.reason


def test_known_names_part_letters() -> None:
    apart, whole = parse("wx", Options(symbols=frozenset("wx"))), parse("wx")

    assert isinstance(apart, Parsed)
    assert isinstance(whole, Parsed)
    assert (to_text(apart.expr), to_text(whole.expr)) == ("w·x", "wx")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("v_k+1 = b v_k", "v_(k + 1) = b·v_k"),
        ("v^k+1 = b v^k", "v^(k + 1) = b·v^k"),
        ("v(k+1) = b v(k)", "v_(k + 1) = b·v_k"),
        ("P(st+1 | st)", "P(s_(t + 1) | s_t)"),
    ],
)
def test_loose_reading_takes_shifts_into_the_index(text: str, read: str) -> None:
    parsed = parse(text, Options(loose=True))

    assert isinstance(parsed, Parsed)
    assert to_text(parsed.expr) == read


def test_a_long_text_is_refused() -> None:
    assert isinstance(parse("x" * (LENGTH_LIMIT + 1)), Unread)


@pytest.mark.parametrize(
    "text", ["(" * 1000, "-" * 1900 + "x", "x/" * 900 + "x", "{" * 60, "sin " * 400 + "x"]
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert isinstance(parse(text), Unread)
