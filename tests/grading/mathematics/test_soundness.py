"""Whatever is typed: nothing raises or hangs, and "equal" is never said of two different functions."""

import cmath
import math
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.grading.mathematics import (
    Options,
    compare_math,
    formulas_in,
    parse,
    read_math,
    read_number,
    to_latex,
    to_text,
)
from app.grading.mathematics.shapes import Shape, find_shape, prepare_shape
from app.grading.mathematics.working import calculations_in

SYMBOLS = "xyzwβθνLP0123456789+-*/^=<>()[]{}|_,.;:!'& \n\\½²ₖ√Σ∇∂∞…≤·×−%"
PIECES = st.sampled_from(
    ["\\frac{", "\\sum_{i=1}^{n}", "\\left(", "\\right)", "sin", "log", "if ", " else ", "1(", "sum", "grad", "max(",
     "P(", "\\begin{cases}", "\\end{cases}", "&", "\\\\", "e^", "sqrt", "x_", "hat", "s_t+1", "9^9^9", "!"]
)  # fmt: skip
MESS = st.lists(st.one_of(PIECES, st.text(alphabet=SYMBOLS, max_size=6)), max_size=14).map("".join)
SHAPE = prepare_shape(Shape("v_{k+1} = b v_k + ∇L(θ_k)", ("v", "b", "θ"), numbers=("b",)))

ENTRIES: list[Callable[[str], object]] = [
    parse,
    read_math,
    read_number,
    calculations_in,
    lambda text: parse(text, Options(loose=True, wide=True)),
    lambda text: parse(text, Options(split=True)),
    lambda text: compare_math(text, "x + 1"),
    lambda text: compare_math(text, text + " + 0"),
    lambda text: find_shape(SHAPE, text),
]


@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=60, deadline=20_000)
@given(text=MESS)
def test_no_mess_of_signs_raises_or_hangs(entry: Callable[[str], object], text: str) -> None:
    entry(text)


@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=40, deadline=20_000)
@given(text=st.text(max_size=80))
def test_no_text_raises_or_hangs(entry: Callable[[str], object], text: str) -> None:
    entry(text)


LONG = [
    "x+" * 900 + "x",
    "(x+1)*" * 300 + "1",
    "sin(" * 49 + "x" + ")" * 49,
    "x^" * 40 + "x",
    "x^(10^9)" * 50,
    "max(x," * 30 + "0" + ")" * 30,
    "|x|+" * 200 + "1",
    "\\frac{1}{" * 40 + "x" + "}" * 40,
    "sum_{i=1}^{n} " * 30 + "x_i",
    "w if x>0 else " * 40 + "0",
    "sqrt(x+1)+" * 100 + "1",
    "f(" * 40 + "x" + ")" * 40,
    "e^" * 30 + "x",
    "word " * 390,
    "a b " * 400,
    "x_" * 600 + "1",
    "1 " * 900,
    "n!" * 200,
    "(((x+1)^99+1)^99+1)^99",
    "x1+x2+x3+x4+x5+x6+x7+x8+|x9|+|x10|+|x11|+|x12|+|x13|+|x14|+|x15|+|x16|",
]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("entry", ENTRIES)
def test_long_and_deep_texts_take_no_time(entry: Callable[[str], object], text: str) -> None:
    start = time.process_time()

    entry(text[:2000])

    assert time.process_time() - start < 2


@settings(max_examples=200)
@given(MESS)
def test_what_is_read_can_be_shown(text: str) -> None:
    for found in formulas_in(text):
        assert to_text(found.expr)
        assert to_latex(found.expr)


# Random formulas, each with a function that computes it in another way.

Point = dict[str, float]
Made = tuple[str, Callable[[Point], complex]]

BINARY: dict[str, Callable[[complex, complex], complex]] = {
    "({} + {})": lambda a, b: a + b,
    "({} - {})": lambda a, b: a - b,
    "({})*({})": lambda a, b: a * b,
    "({})/({})": lambda a, b: a / b,
    "max({}, {})": lambda a, b: complex(max(a.real, b.real)),
}
UNARY: dict[str, Callable[[complex], complex]] = {
    "sin({})": cmath.sin,
    "cos({})": cmath.cos,
    "exp({})": cmath.exp,
    "sqrt({})": lambda a: _real(math.sqrt, a),
    "log({})": lambda a: _real(math.log, a),
    "abs({})": lambda a: complex(abs(a.real)),
    "({})^2": lambda a: a * a,
    "({})^3": lambda a: a * a * a,
    "-({})": lambda a: -a,
}


def _real(function: Callable[[float], float], value: complex) -> complex:
    return complex(function(value.real))


def _leaf(text: str) -> Made:
    return text, lambda point: complex(point[text]) if text in point else complex(float(text))


def _pair(template: str, a: Made, b: Made) -> Made:
    return template.format(a[0], b[0]), lambda point: BINARY[template](a[1](point), b[1](point))


def _single(template: str, a: Made) -> Made:
    return template.format(a[0]), lambda point: UNARY[template](a[1](point))


MADE: st.SearchStrategy[Made] = st.recursive(
    st.sampled_from(["x", "y", "1", "2", "3"]).map(_leaf),
    lambda inner: st.one_of(
        st.builds(_pair, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(_single, st.sampled_from(sorted(UNARY)), inner),
    ),
    max_leaves=6,
)


def values(made: Made) -> list[complex | None]:
    """Values at points of several sizes; None where there is none."""
    chance, found = Random(7), []
    for size in (0.5, 1, 3, 3, 10, 1, 0.5, 3):
        point = {"x": chance.uniform(-size, size), "y": chance.uniform(-size, size)}
        try:
            value = made[1](point)
            found.append(value if cmath.isfinite(value) else None)
        except (ValueError, OverflowError, ZeroDivisionError):
            found.append(None)
    return found


@settings(max_examples=400, deadline=20_000)
@given(MADE, MADE)
def test_equal_is_never_said_of_different_functions(a: Made, b: Made) -> None:
    verdict = compare_math(a[0], b[0]).verdict

    for first, second in zip(values(a), values(b), strict=True):
        if first is None or second is None:
            continue
        far = abs(first - second) > 1e-6 * (1 + abs(first) + abs(second))
        assert not (verdict == "equal" and far)


@settings(max_examples=200, deadline=20_000)
@given(MADE, st.sampled_from(["1", "x", "0.001", "y^2", "1/1000000"]))
def test_something_added_is_never_equal(a: Made, more: str) -> None:
    assert compare_math(a[0], f"{a[0]} + {more}").verdict != "equal"


REWRITES: list[Callable[[str], str]] = [
    lambda text: f"({text}) + 0",
    lambda text: f"1*({text})",
    lambda text: f"2*({text})/2",
    lambda text: f"({text}) + x - x",
    lambda text: f"-(-({text}))",
    lambda text: f"({text})*(x^2+1)/(1+x^2)",
    lambda text: f"({text}) + sin(y)^2 + cos(y)^2 - 1",
    lambda text: f"log(exp({text}))",
]


@settings(max_examples=200, deadline=20_000)
@given(MADE, st.sampled_from(REWRITES))
def test_the_same_in_other_words_is_never_different(a: Made, rewrite: Callable[[str], str]) -> None:
    assume(any(value is not None and abs(value) < 100 for value in values(a)))

    assert compare_math(a[0], rewrite(a[0])).verdict != "different"
