"""Functions of real numbers, known and unknown ones, with bounds on their errors."""

import math
from collections.abc import Callable

from app.grading.mathematics.real_functions import (
    EPSILON,
    REAL_FUNCTIONS,
    STEPS,
    Near,
    NotReal,
    propagated,
    propagated_once,
)
from app.grading.mathematics.real_points import Make, Point, ValueAt, fixed, share
from app.grading.mathematics.tree import And, Apply, Call, Dots, Expr, Grad, Rel, Seq
from app.grading.mathematics.writing import to_text

_WITHOUT_VALUE = frozenset({Rel, And, Seq, Dots})  # in brackets they are told apart by how they are written


def call_at(node: Call, make: Make) -> ValueAt:
    args = [make(arg) for arg in node.args]
    if node.function in {"max", "min"}:
        return _extreme(args, max if node.function == "max" else min)
    if node.function in STEPS:
        return _stepped(node.function, args[0])
    function = REAL_FUNCTIONS.get(node.function)
    if function is None:
        return _opaque(node.function, args)
    if len(args) == 1:
        only = args[0]
        return lambda point: propagated_once(function, *only(point))
    return lambda point: propagated(function, [arg(point) for arg in args])


def _extreme(args: list[ValueAt], choose: Callable[..., float]) -> ValueAt:
    def value_at(point: Point) -> Near:
        values, errors = zip(*(arg(point) for arg in args), strict=True)
        return choose(values), max(errors)

    return value_at


def _stepped(name: str, arg: ValueAt) -> ValueAt:
    """A function with jumps is left out near them."""
    function = STEPS[name]

    def value_at(point: Point) -> Near:
        value, error = arg(point)
        low, high = function(value - error), function(value + error)
        if low != high or (error == 0 and value == 0 and name in {"sign", "step"}):
            raise NotReal("too close to a jump")
        return low, 0.0

    return value_at


def _opaque(name: str, args: list[ValueAt]) -> ValueAt:
    """A stand-in for an unknown function: smooth, and another one for every name."""
    start = share(name)
    places = [
        (arg, 0.5 + share(f"{name} {place}"), 6 * share(f"{place} {name}")) for place, arg in enumerate(args)
    ]

    def value_at(point: Point) -> Near:
        total, error = start, 0.0
        for arg, speed, phase in places:
            value, off = arg(point)
            total += math.sin(speed * value + phase) + 0.3 * speed * value
            error += off * speed * 1.3 + EPSILON * (2 + abs(value))
        return total, error

    return value_at


def applied_at(node: Apply, make: Make) -> ValueAt:
    args = [_key(arg, make) for arg in (*node.args, *(node.given or ()))]
    return _opaque(f"{to_text(node.head)}/{len(node.args)}", args)


def _key(node: Expr, make: Make) -> ValueAt:
    return make(node) if type(node) not in _WITHOUT_VALUE else fixed(share(to_text(node)), 0.0)


def gradient_at(node: Grad, _make: Make) -> ValueAt:
    return fixed(1 + share(to_text(node)), 0.0)
