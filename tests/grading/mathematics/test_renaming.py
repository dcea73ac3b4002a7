"""Formulas with other names: that they differ is seen at a point, and never where they are the same."""

from itertools import permutations

import pytest

from app.grading.mathematics import Parsed, parse, renamed, same_function
from app.grading.mathematics.probing import differ_when_renamed, names_of
from app.grading.mathematics.tree import Expr

TEXTS = [
    "-(y*log(p) + (1-y)*log(1-p))", "-t*ln(o) - (1-t)*ln(1-o)", "y*log(p)", "x - y", "a/b", "x^y", "b^a",
    "-1/N * sum_(i=1)^N y", "-(sum_(k=1)^n z)/n", "1/M * sum_(j=1)^M u", "f(x) + y", "g(a) + b", "max(x, y) - y",
    "relu(u - v)", "w*1(w*x > 0)", "x*1(w*x > 0)", "sqrt(x) + y", "|a|*b", "u + v", "x*y + x", "∇_θ L", "∇_w E",
]  # fmt: skip


def tree(text: str) -> Expr:
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    return parsed.expr


@pytest.mark.parametrize("text", TEXTS)
def test_what_differs_when_renamed_is_different_once_written_anew(text: str) -> None:
    ours = tree(text)

    for other in map(tree, TEXTS):
        for order in permutations(names_of(other), len(names_of(ours))):
            names = dict(zip(names_of(ours), order, strict=True))
            if len(names_of(ours)) == len(names_of(other)) and differ_when_renamed(ours, other, names):
                assert same_function(renamed(ours, names), other).verdict == "different"


def test_names_in_the_other_order_are_told_apart() -> None:
    assert differ_when_renamed(tree("a - b"), tree("x - y"), {"a": "y", "b": "x"})
    assert not differ_when_renamed(tree("a - b"), tree("x - y"), {"a": "x", "b": "y"})


def test_what_depends_on_the_spelling_is_left_to_be_written_anew() -> None:
    assert not differ_when_renamed(tree("f(x)"), tree("g(x)"), {"f": "g", "x": "x"})
