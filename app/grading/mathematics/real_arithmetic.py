"""Names, numbers, sums, products, quotients and powers of real numbers, with bounds on their errors."""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import cast

from app.grading.mathematics.real_functions import EPSILON, Near, NotReal
from app.grading.mathematics.real_points import (
    Indices,
    Make,
    Point,
    ValueAt,
    fixed,
    near,
    share,
    without_value,
)
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.tree import Add, Div, Expr, Mul, Neg, Num, Pow, Sym
from app.grading.mathematics.writing import to_text


def number_at(node: Num, _make: Make) -> ValueAt:
    try:
        return fixed(*near(node.value))
    except OverflowError:
        return without_value("the number is too large")


def symbol_at(node: Sym, _make: Make) -> ValueAt:
    name = to_text(node)

    def value_at(point: Point) -> Near:
        if point.indices:
            placed = _placed(node, point.indices)
            if isinstance(placed, Num):
                return near(placed.value)
            if placed is not node:
                return symbol_at(placed, _make)(Point(point.names, point.size, point.effort))
        found = point.names.get(name)
        return (found, 0.0) if found is not None else _unnamed(node, name, point.names)

    return value_at


def _unnamed(node: Sym, name: str, names: Mapping[str, float]) -> Near:
    """The value of a name that was not given one: a constant, or a share of the value of its base."""
    if name in {"e", "π"}:
        value = math.e if name == "e" else math.pi
        return value, value * EPSILON
    base = names.get(to_text(Sym(node.name, node.accent)), 1.0)
    return base * (0.3 + 0.7 * share(name)), 0.0


@lru_cache(maxsize=4096)
def _placed(node: Sym, indices: Indices) -> Sym | Num:
    """The name with running indices put in: the number of an index, `x_2` for `x_i`."""
    numbers = dict(indices)

    def place(part: Expr) -> Expr:
        if isinstance(part, Sym) and part.sub is None:
            number = numbers.get(to_text(part))
            return part if number is None else Num(Fraction(number))
        return rebuilt(part, place)

    return cast("Sym | Num", place(node))


def sum_at(node: Add, make: Make) -> ValueAt:
    terms = [make(term) for term in node.terms]

    def value_at(point: Point) -> Near:
        total = error = 0.0
        for term in terms:
            value, off = term(point)
            total += value
            error += off + (abs(value) + abs(total)) * EPSILON
        return total, error

    return value_at


def product_at(node: Mul, make: Make) -> ValueAt:
    factors = [make(factor) for factor in node.factors]

    def value_at(point: Point) -> Near:
        product, error = 1.0, 0.0
        for factor in factors:
            value, off = factor(point)
            error = error * abs(value) + off * abs(product) + error * off
            product *= value
            error += abs(product) * EPSILON
        return product, error

    return value_at


def negative_at(node: Neg, make: Make) -> ValueAt:
    of = make(node.of)

    def value_at(point: Point) -> Near:
        value, error = of(point)
        return -value, error

    return value_at


def quotient_at(node: Div, make: Make) -> ValueAt:
    top_at, bottom_at = make(node.top), make(node.bottom)

    def value_at(point: Point) -> Near:
        (top, above), (bottom, below) = top_at(point), bottom_at(point)
        if abs(bottom) <= 2 * below or bottom == 0:
            raise NotReal("division by something near zero")
        value = top / bottom
        return value, (above + abs(value) * below) / (abs(bottom) - below) + abs(value) * EPSILON

    return value_at


def power_at(node: Pow, make: Make) -> ValueAt:
    base_at, exponent_at = make(node.base), make(node.exponent)

    def value_at(point: Point) -> Near:
        (base, below), (exponent, above) = base_at(point), exponent_at(point)
        if above == 0 and exponent == int(exponent) and abs(exponent) < 1e7:
            return _whole_power(base, below, int(exponent))
        return _real_power(base, below, exponent, above)

    return value_at


def _whole_power(base: float, error: float, exponent: int) -> Near:
    if base == 0 and exponent < 0:
        raise NotReal("division by zero")
    value = base**exponent
    if exponent == 0 or base == 0:
        return value, 0.0 if error == 0 else abs(error)
    relative = abs(exponent) * (error / abs(base) + EPSILON)
    return value, abs(value) * (math.expm1(relative) if relative < 1 else math.inf)


def _real_power(base: float, below: float, exponent: float, above: float) -> Near:
    if base <= below:
        raise NotReal("a root of something negative")
    value = base**exponent
    relative = (
        abs(exponent) * below / (base - below) + abs(math.log(base)) * above + EPSILON * (1 + abs(exponent))
    )
    return value, abs(value) * (math.expm1(min(relative, 1.0)) if relative < 1 else math.inf)
