"""The real value of a formula in floating point, with a bound on its error.

Two values that differ by more than their errors show two different functions. The bounds follow the usual first
order rules and are taken generously; a point where a bound grows too large or a value is not real is left out.
A formula is made into functions once, one for each of its nodes, and these are called at every point.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import cast

from app.grading.mathematics.effort import Effort
from app.grading.mathematics.real_functions import (
    EPSILON,
    REAL_FUNCTIONS,
    STEPS,
    Near,
    NotReal,
    propagated,
    propagated_once,
)
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.tree import (
    Add,
    And,
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
    Rel,
    Sym,
    memory_of,
    walk,
)  # fmt: skip
from app.grading.mathematics.writing import to_text

STEPS_LIMIT = 20_000
Indices = tuple[tuple[str, int], ...]  # running indices of the sums around, inner ones last


class Point:
    """Where formulas are evaluated: values of names as `to_text` writes them, and the size of sums without bounds."""

    __slots__ = ("effort", "indices", "names", "size")

    def __init__(self, names: Mapping[str, float], size: int, effort: Effort) -> None:
        self.names, self.size, self.effort = names, size, effort
        self.indices: Indices = ()


ValueAt = Callable[[Point], Near]


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


@lru_cache(maxsize=16384)
def share(key: str) -> float:
    """A fixed pseudo-random number in (0, 1)."""
    return (int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big") + 1) / (2**48 + 2)


def _ready(node: Expr) -> tuple[int, ValueAt]:
    """How many nodes the formula has, and its value as a function of the point."""
    memory = memory_of(node)
    found: tuple[int, ValueAt] | None = memory.get(_ready)
    if found is None:
        found = memory[_ready] = len(walk(node)), _function(node)
    return found


def _function(node: Expr) -> ValueAt:
    make = _MAKERS.get(type(node))
    return make(node) if make else _without_value(f"{type(node).__name__} has no value")


def _without_value(reason: str) -> ValueAt:
    def value_at(_point: Point) -> Near:
        raise NotReal(reason)

    return value_at


def _fixed(value: float, error: float) -> ValueAt:
    near = value, error
    return lambda _point: near


def _number(node: Num) -> ValueAt:
    try:
        return _fixed(*_near(node.value))
    except OverflowError:
        return _without_value("the number is too large")


def _near(number: Fraction) -> Near:
    value = float(number)
    return value, 0.0 if number.denominator == 1 and abs(value) < 2**53 else abs(value) * EPSILON


def _symbol(node: Sym) -> ValueAt:
    name = to_text(node)

    def value_at(point: Point) -> Near:
        if point.indices:
            placed = _placed(node, point.indices)
            if isinstance(placed, Num):
                return _near(placed.value)
            if placed is not node:
                return _symbol(placed)(Point(point.names, point.size, point.effort))
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


def _sum(node: Add) -> ValueAt:
    terms = [_function(term) for term in node.terms]

    def value_at(point: Point) -> Near:
        total = error = 0.0
        for term in terms:
            value, off = term(point)
            total += value
            error += off + (abs(value) + abs(total)) * EPSILON
        return total, error

    return value_at


def _product(node: Mul) -> ValueAt:
    factors = [_function(factor) for factor in node.factors]

    def value_at(point: Point) -> Near:
        product, error = 1.0, 0.0
        for factor in factors:
            value, off = factor(point)
            error = error * abs(value) + off * abs(product) + error * off
            product *= value
            error += abs(product) * EPSILON
        return product, error

    return value_at


def _negative(node: Neg) -> ValueAt:
    of = _function(node.of)

    def value_at(point: Point) -> Near:
        value, error = of(point)
        return -value, error

    return value_at


def _quotient(node: Div) -> ValueAt:
    top_at, bottom_at = _function(node.top), _function(node.bottom)

    def value_at(point: Point) -> Near:
        (top, above), (bottom, below) = top_at(point), bottom_at(point)
        if abs(bottom) <= 2 * below or bottom == 0:
            raise NotReal("division by something near zero")
        value = top / bottom
        return value, (above + abs(value) * below) / (abs(bottom) - below) + abs(value) * EPSILON

    return value_at


def _power(node: Pow) -> ValueAt:
    base_at, exponent_at = _function(node.base), _function(node.exponent)

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


def _call(node: Call) -> ValueAt:
    args = [_function(arg) for arg in node.args]
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


def _applied(node: Apply) -> ValueAt:
    args = [_key(arg) for arg in (*node.args, *(node.given or ()))]
    return _opaque(f"{to_text(node.head)}/{len(node.args)}", args)


def _key(node: Expr) -> ValueAt:
    return _function(node) if type(node) in _MAKERS else _fixed(share(to_text(node)), 0.0)


def _gradient(node: Grad) -> ValueAt:
    return _fixed(1 + share(to_text(node)), 0.0)


def _pieces(node: Cases) -> ValueAt:
    pieces = [(_condition(rule), _function(value)) for value, rule in node.pieces]
    otherwise = _without_value("no piece applies") if node.otherwise is None else _function(node.otherwise)

    def value_at(point: Point) -> Near:
        for holds, value in pieces:
            if holds(point):
                return value(point)
        return otherwise(point)

    return value_at


def _condition(rule: Expr) -> Callable[[Point], bool]:
    if isinstance(rule, And):
        items = [_condition(item) for item in rule.items]
        return lambda point: all(item(point) for item in items)
    if not isinstance(rule, Rel):
        return _no_condition
    sides = [_function(side) for side in rule.sides]
    pairs = list(zip(rule.signs, sides, sides[1:], strict=False))
    return lambda point: all(_holds(sign, left(point), right(point)) for sign, left, right in pairs)


def _no_condition(_point: Point) -> bool:
    raise NotReal("not a condition")


def _holds(sign: str, left: Near, right: Near) -> bool:
    (a, a_off), (b, b_off) = left, right
    if abs(a - b) <= a_off + b_off + EPSILON * (abs(a) + abs(b)):
        raise NotReal("too close to an edge")
    if sign not in _ABOVE:
        raise NotReal("not a condition")
    return sign != "=" and (sign == "≠" or (a > b) is _ABOVE[sign])


_ABOVE = {">": True, "≥": True, "<": False, "≤": False, "=": True, "≠": True}


def _series(node: BigSum) -> ValueAt:
    body, kind, index = _function(node.body), node.kind, node.index
    if index is None or (node.lower is None) != (node.upper is None):
        return _without_bounds(body, kind)
    low_at = _fixed(1.0, 0.0) if node.lower is None else _function(node.lower)
    high_at = _size if node.upper is None else _function(node.upper)
    name, steps = to_text(index), len(walk(node.body))

    def value_at(point: Point) -> Near:
        low, high = round(low_at(point)[0]), round(high_at(point)[0])
        if high - low > 100:
            raise NotReal("too many terms")
        around, total, error = point.indices, 0.0 if kind == "sum" else 1.0, 0.0
        for number in range(low, high + 1):
            point.effort.spend(steps)
            point.indices = (*around, (name, number))
            value, off = body(point)
            if kind == "sum":
                total, error = total + value, error + off + (abs(total) + abs(value)) * EPSILON
            else:
                error = error * abs(value) + off * abs(total) + abs(total * value) * EPSILON
                total *= value
        point.indices = around
        return total, error

    return value_at


def _size(point: Point) -> Near:
    return float(point.size), 0.0


def _without_bounds(body: ValueAt, kind: str) -> ValueAt:
    """A sum over nobody knows what: its body times a number."""
    times = 1 + share(kind)

    def value_at(point: Point) -> Near:
        value, error = body(point)
        return value * times, error * 2

    return value_at


_BY_KIND = {
    Num: _number, Sym: _symbol, Add: _sum, Mul: _product, Neg: _negative, Div: _quotient, Pow: _power, Call: _call,
    Apply: _applied, Grad: _gradient, Cases: _pieces, BigSum: _series,
}  # fmt: skip
_MAKERS = cast("Mapping[type, Callable[[Expr], ValueAt]]", _BY_KIND)
