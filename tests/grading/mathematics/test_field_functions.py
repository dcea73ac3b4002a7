"""Functions of the finite field: the same values as by the slow way, and none where there is more to look at."""

import pytest

from app.grading.mathematics import Parsed, parse
from app.grading.mathematics.field_functions import field_functions, has_values_between_0_and_1
from app.grading.mathematics.modular import value_of_name, world_at
from app.grading.mathematics.signs import Signs
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Expr, Rel
from app.grading.mathematics.writing import to_text


def tree(text: str) -> Expr:
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    return parsed.expr


@pytest.mark.parametrize(
    "text",
    [
        "x", "7", "-x", "x + y - 3", "2x*y", "(x + 1)^5", "x/2", "(x - y)/(3/4)", "0.25x", "x_1 + x_2", "e*x + π",
        "e^2", "x^0", "-y*log(p) - (1-y)*log(1-p)", "log(p/(1-p))", "log(12*x^2*y)", "log(e^x)", "y*log(e)", "v_(k+1) = b*v_k + 0.9*g", "a = b = c",
    ],
)  # fmt: skip
def test_a_field_function_has_the_values_of_the_point(text: str) -> None:
    expr = tree(text)
    world = world_at(1, Signs())
    names = {to_text(name): value_of_name(1, to_text(name), 0) for name in symbols_in(expr)}

    found = field_functions(expr)

    sides = expr.sides if isinstance(expr, Rel) else (expr,)
    assert found is not None
    assert [side(names) for side in found] == [world.value(side) for side in sides]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("P(x + y | z)", True), ("P(x + y | 2z)", False), ("P(z | x + y)", False), ("P(y + x, z)", False),
        ("Q(y + x | z)", False), ("P(y + x | z, …)", False),
    ],
)  # fmt: skip
def test_an_unknown_function_is_known_by_its_name_and_the_values_in_it(text: str, same: bool) -> None:
    trees = tree("P(y + x | z)"), tree(text)
    names = {name: value_of_name(1, name, 0) for name in "PQxyz"}

    (first,), (second,) = (field_functions(one) or () for one in trees)

    assert (first(names) == second(names)) is same


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("x*y", True), ("log(x)", True), ("log(2*x*(1-y))", True), ("log(x/(1-x))", True), ("log(-x)", False),
        ("log(x-1)", False), ("log(1+x)", False), ("log(2-x)", False), ("√x", False),
    ],
)  # fmt: skip
def test_logarithms_have_values_between_0_and_1_where_that_is_seen(text: str, sure: bool) -> None:
    assert has_values_between_0_and_1(tree(text)) is sure


@pytest.mark.parametrize(
    "text",
    [
        "x/y",
        "x^-1",
        "x^y",
        "log(x, 2)",
        "log(0)",
        "log(√x)/y",
        "x^0.5",
        "|x|",
        "1(x>0)",
        "x/0",
        "sum_(i=1)^n x_i",
    ],
)
def test_what_needs_signs_or_divisions_has_none(text: str) -> None:
    assert field_functions(tree(text)) is None
