"""Comparing by shape: other names, steps in every style, marked options."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.grading.mathematics.shapes import Match, Pattern, Shape, ShapeError, find_shape, prepare_shape
from tests.grading.mathematics.case_rows import cases

CASE_OPTIONS = {"d": ("1", "1-β")}
SHAPES = {
    "velocity": Shape(
        "ν_{k+1} = β ν_k + d ∇L(θ_k)", ("ν", "β", "θ"), numbers=("β",), reserved=("α",), options=CASE_OPTIONS
    ),
    "velocity with rate": Shape(
        "ν_{k+1} = β ν_k - d α ∇L(θ_k)", ("ν", "β", "θ", "α"), numbers=("β", "α"), options=CASE_OPTIONS
    ),
    "parameters": Shape("θ_{k+1} = θ_k - α ν_{k+1}", ("ν", "θ", "α"), numbers=("α",)),
    "cross-entropy": Shape(
        "c (y log p + (1-y) log(1-p))", ("y", "p"), options={"c": ("1", "-1")}, averaged=True
    ),
    "two cases": Shape("-log(p) if y=1 else -log(1-p)", ("y", "p")),
    "markov": Shape("P(s_t | s_{t-1}) = P(s_t | s_{t-1}, …, s_1)", ("s",)),
    "derivative": Shape("v (h_1 + u h_0)", known={"v": "-1"}),
}
PATTERNS: Mapping[str, Pattern] = {name: prepare_shape(shape) for name, shape in SHAPES.items()}


def told(match: Match | None) -> str:
    """What a check can ask of a match, in words."""
    if match is None:
        return "no"
    names = [f"{name}={text}" for name, text in sorted(match.names.items()) if name != text]
    facts = [match.steps, match.gradient, "lookahead" if match.lookahead else "", *names]
    return " ".join(fact for fact in facts if fact) or "yes"


@pytest.mark.parametrize("case", cases("shapes"))
def test_a_shape_is_found_and_described(case: Mapping[str, Any]) -> None:
    assert told(find_shape(PATTERNS[case["shape"]], case["text"])) == case["match"]


@pytest.mark.parametrize("case", cases("shapes"))
def test_a_match_stands_where_it_says(case: Mapping[str, Any]) -> None:
    match = find_shape(PATTERNS[case["shape"]], case["text"])

    assert match is None or case["text"][match.start : match.end] == match.source


def test_names_known_from_another_formula_can_be_given() -> None:
    text = "theta = theta - lr*v"

    match = find_shape(PATTERNS["parameters"], text, {"ν": "v"})

    assert match is not None
    assert (match.names["ν"], match.names["α"]) == ("v", "lr")
    assert find_shape(PATTERNS["parameters"], text, {"ν": "m"}) is None


@pytest.mark.parametrize(
    ("shape", "word"),
    [
        (Shape("x +"), "breaks off"),
        (Shape("a b c d e f g h", names=tuple("abcdfgh")), "free names"),
        (Shape("x", numbers=("y",)), "among the free names"),
        (Shape("c d x", options={"c": ("1",) * 9, "d": ("1",) * 9}), "choices"),
    ],
)
def test_a_faulty_shape_is_refused_with_a_reason(shape: Shape, word: str) -> None:
    with pytest.raises(ShapeError, match=word):
        prepare_shape(shape)
