"""The real value of a formula in floating point, with a bound on its error.

Two values that differ by more than their errors show two different functions. The bounds follow the usual first
order rules and are taken generously; a point where a bound grows too large or a value is not real is left out.
A formula is made into functions once, one for each of its nodes, and these are called at every point.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.grading.mathematics.effort import Effort
from app.grading.mathematics.real_arithmetic import (
    negative_at,
    number_at,
    power_at,
    product_at,
    quotient_at,
    sum_at,
    symbol_at,
)
from app.grading.mathematics.real_calls import applied_at, call_at, gradient_at
from app.grading.mathematics.real_functions import Near, NotReal
from app.grading.mathematics.real_pieces import pieces_at, series_at
from app.grading.mathematics.real_points import Make, Point, ValueAt, without_value
from app.grading.mathematics.tree import (
    Add,
    Apply,
    BigSum,
    Call,
    Cases,
    Div,
    Expr,
    Grad,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    kept_in_tree,
    walk,
)

STEPS_LIMIT = 20_000


def real_value(node: Expr, names: Mapping[str, float], size: int = 3, effort: Effort | None = None) -> Near:
    """Value and error at a point; names that are not given get fixed values. Raises NotReal and TooMuch."""
    point = Point(names, size, effort or Effort(STEPS_LIMIT))
    try:
        steps, value_at = _ready(node)
        point.effort.spend(steps)
        value, error = value_at(point)
    except (OverflowError, ZeroDivisionError, ValueError, RecursionError) as reason:
        raise NotReal(str(reason)) from None
    if not (math.isfinite(value) and math.isfinite(error)):
        raise NotReal("out of range")
    return value, error


@kept_in_tree
def _ready(node: Expr) -> tuple[int, ValueAt]:
    """How many nodes the formula has, and its value as a function of the point."""
    return len(walk(node)), _function(node)


def _function(node: Expr) -> ValueAt:
    make = _MAKERS.get(type(node))
    return make(node, _function) if make else without_value(f"{type(node).__name__} has no value")


_MAKERS: Mapping[type, Callable[[Any, Make], ValueAt]] = {
    Num: number_at, Sym: symbol_at, Add: sum_at, Mul: product_at, Neg: negative_at, Div: quotient_at, Pow: power_at,
    Call: call_at, Apply: applied_at, Grad: gradient_at, Cases: pieces_at, BigSum: series_at,
}  # fmt: skip
