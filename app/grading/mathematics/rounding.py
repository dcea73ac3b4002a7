"""The real value of a formula in floating point, with a bound on its error.

Two values that differ by more than their errors show two different functions. The bounds follow the usual first
order rules and are taken generously; a point where a bound grows too large or a value is not real is left out.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import cast

from app.grading.mathematics.effort import Effort
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
    rebuilt,
)  # fmt: skip
from app.grading.mathematics.writing import to_text

EPSILON = 4 * 2.0**-53
STEPS_LIMIT = 20_000
Near = tuple[float, float]  # value and error


class NotReal(ValueError):
    """No real value at this point: out of the domain, too large, too close to an edge."""


def real_value(node: Expr, names: Mapping[str, float], size: int = 3, effort: Effort | None = None) -> Near:
    """Value and error; `names` gives the names as `to_text` writes them, others get fixed values."""
    try:
        value, error = _Rounded(names, size, effort or Effort(STEPS_LIMIT)).value(node)
    except (OverflowError, ZeroDivisionError, ValueError, RecursionError) as reason:
        raise NotReal(str(reason)) from None
    if not (math.isfinite(value) and math.isfinite(error)):
        raise NotReal("out of range")
    return value, error


@lru_cache(maxsize=16384)
def share(key: str) -> float:
    """A fixed pseudo-random number in (0, 1)."""
    return (int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big") + 1) / (2**48 + 2)


class _Rounded:
    def __init__(self, names: Mapping[str, float], size: int, effort: Effort) -> None:
        self.names, self.size, self.effort = names, size, effort
        self.indices: dict[str, int] = {}

    def value(self, node: Expr) -> Near:
        self.effort.spend()
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise NotReal(f"{type(node).__name__} has no value")
        return handler(self, node)

    def number(self, node: Num) -> Near:
        value = float(node.value)
        return value, 0.0 if node.value.denominator == 1 and abs(value) < 2**53 else abs(value) * EPSILON

    def symbol(self, node: Sym) -> Near:
        if self.indices:
            placed = self.placed(node)
            if isinstance(placed, Num):
                return self.number(placed)
            node = placed if isinstance(placed, Sym) else node
        name = to_text(node)
        if name in self.names:
            return self.names[name], 0.0
        if name in {"e", "π"}:
            value = math.e if name == "e" else math.pi
            return value, value * EPSILON
        base = self.names.get(to_text(Sym(node.name, node.accent)), 1.0)
        return base * (0.3 + 0.7 * share(name)), 0.0

    def placed(self, node: Expr) -> Expr:
        if isinstance(node, Sym) and node.sub is None:
            number = self.indices.get(to_text(node))
            return node if number is None else Num(Fraction(number))
        return rebuilt(node, self.placed)

    def add(self, node: Add) -> Near:
        total = error = 0.0
        for term in node.terms:
            value, off = self.value(term)
            total += value
            error += off + (abs(value) + abs(total)) * EPSILON
        return total, error

    def multiply(self, node: Mul) -> Near:
        product, error = 1.0, 0.0
        for factor in node.factors:
            value, off = self.value(factor)
            error = error * abs(value) + off * abs(product) + error * off
            product *= value
            error += abs(product) * EPSILON
        return product, error

    def negate(self, node: Neg) -> Near:
        value, error = self.value(node.of)
        return -value, error

    def divide(self, node: Div) -> Near:
        (top, above), (bottom, below) = self.value(node.top), self.value(node.bottom)
        if abs(bottom) <= 2 * below or bottom == 0:
            raise NotReal("division by something near zero")
        value = top / bottom
        return value, (above + abs(value) * below) / (abs(bottom) - below) + abs(value) * EPSILON

    def raised(self, node: Pow) -> Near:
        (base, below), (exponent, above) = self.value(node.base), self.value(node.exponent)
        if above == 0 and exponent == int(exponent) and abs(exponent) < 1e7:
            return _whole_power(base, below, int(exponent))
        if base <= below:
            raise NotReal("a root of something negative")
        value = base**exponent
        relative = (
            abs(exponent) * below / (base - below)
            + abs(math.log(base)) * above
            + EPSILON * (1 + abs(exponent))
        )
        return value, abs(value) * (math.expm1(min(relative, 1.0)) if relative < 1 else math.inf)

    def call(self, node: Call) -> Near:
        if node.function in {"max", "min"}:
            values = [self.value(arg) for arg in node.args]
            choose = max if node.function == "max" else min
            return choose(value for value, _ in values), max(error for _, error in values)
        args = [self.value(arg) for arg in node.args]
        if node.function in _STEPS:
            return self.stepped(node.function, *args[0])
        function = REAL_FUNCTIONS.get(node.function)
        if function is None:
            return self.opaque(node.function, args)
        return _propagated(function, args)

    def stepped(self, name: str, value: float, error: float) -> Near:
        """A function with jumps is left out near them."""
        low, high = _STEPS[name](value - error), _STEPS[name](value + error)
        if low != high or (error == 0 and value == 0 and name in {"sign", "step"}):
            raise NotReal("too close to a jump")
        return low, 0.0

    def opaque(self, name: str, args: list[Near]) -> Near:
        """A stand-in for an unknown function: smooth, and another one for every name."""
        total, error = share(name), 0.0
        for place, (value, off) in enumerate(args):
            speed, phase = 0.5 + share(f"{name} {place}"), 6 * share(f"{place} {name}")
            total += math.sin(speed * value + phase) + 0.3 * speed * value
            error += off * speed * 1.3 + EPSILON * (2 + abs(value))
        return total, error

    def applied(self, node: Apply) -> Near:
        args = [self.key(arg) for arg in node.args]
        given = [] if node.given is None else [self.key(arg) for arg in node.given]
        return self.opaque(f"{to_text(node.head)}/{len(args)}", args + given)

    def key(self, node: Expr) -> Near:
        return self.value(node) if type(node) in _HANDLERS else (share(to_text(node)), 0.0)

    def gradient(self, node: Grad) -> Near:
        return 1 + share(to_text(node)), 0.0

    def pieces(self, node: Cases) -> Near:
        for value, rule in node.pieces:
            if self.holds(rule):
                return self.value(value)
        if node.otherwise is None:
            raise NotReal("no piece applies")
        return self.value(node.otherwise)

    def holds(self, rule: Expr) -> bool:
        if isinstance(rule, And):
            return all(self.holds(item) for item in rule.items)
        if not isinstance(rule, Rel):
            raise NotReal("not a condition")
        for sign, left, right in zip(rule.signs, rule.sides, rule.sides[1:], strict=False):
            (a, a_off), (b, b_off) = self.value(left), self.value(right)
            if abs(a - b) <= a_off + b_off + EPSILON * (abs(a) + abs(b)):
                raise NotReal("too close to an edge")
            if sign not in _ABOVE:
                raise NotReal("not a condition")
            if (a > b) is not _ABOVE[sign] and sign != "≠":
                return False
            if sign == "=":
                return False
        return True

    def series(self, node: BigSum) -> Near:
        index = node.index
        if index is None or (node.lower is None) != (node.upper is None):
            body, error = self.value(node.body)
            return body * (1 + share(node.kind)), error * 2
        low = round(self.value(node.lower)[0]) if node.lower is not None else 1
        high = round(self.value(node.upper)[0]) if node.upper is not None else self.size
        if high - low > 100:
            raise NotReal("too many terms")
        before, name, total, error = self.indices, to_text(index), 0.0 if node.kind == "sum" else 1.0, 0.0
        for number in range(low, high + 1):
            self.indices = {**before, name: number}
            value, off = self.value(node.body)
            if node.kind == "sum":
                total, error = total + value, error + off + (abs(total) + abs(value)) * EPSILON
            else:
                error = error * abs(value) + off * abs(total) + abs(total * value) * EPSILON
                total *= value
        self.indices = before
        return total, error


_BY_KIND = {
    Num: _Rounded.number, Sym: _Rounded.symbol, Add: _Rounded.add, Mul: _Rounded.multiply, Neg: _Rounded.negate,
    Div: _Rounded.divide, Pow: _Rounded.raised, Call: _Rounded.call, Apply: _Rounded.applied,
    Grad: _Rounded.gradient, Cases: _Rounded.pieces, BigSum: _Rounded.series,
}  # fmt: skip
_HANDLERS = cast("Mapping[type, Callable[[_Rounded, Expr], Near]]", _BY_KIND)
_ABOVE = {">": True, "≥": True, "<": False, "≤": False, "=": True, "≠": True}


def _whole_power(base: float, error: float, exponent: int) -> Near:
    if base == 0 and exponent < 0:
        raise NotReal("division by zero")
    value = base**exponent
    if exponent == 0 or base == 0:
        return value, 0.0 if error == 0 else abs(error)
    relative = abs(exponent) * (error / abs(base) + EPSILON)
    return value, abs(value) * (math.expm1(relative) if relative < 1 else math.inf)


def _propagated(function: Callable[..., float], args: list[Near]) -> Near:
    """The error through a function, by values at the ends of each argument's interval."""
    values = [value for value, _ in args]
    result = function(*values)
    error = abs(result) * 8 * EPSILON + 2.0**-1000
    for place, (value, off) in enumerate(args):
        if off:
            ends = [
                function(*values[:place], value + sign * off, *values[place + 1 :]) for sign in (-1.0, 1.0)
            ]
            error += 2 * max(abs(end - result) for end in ends)
        error += 2 * EPSILON * abs(value) * _slope(function, values, place)
    return result, error


def _slope(function: Callable[..., float], values: list[float], place: int) -> float:
    """How much the function changes with one argument, roughly."""
    value = values[place]
    step = max(abs(value), 1.0) * 1e-6
    try:
        ends = [function(*values[:place], value + sign * step, *values[place + 1 :]) for sign in (-1.0, 1.0)]
    except (ValueError, ZeroDivisionError, OverflowError):
        return 1e6
    return abs(ends[1] - ends[0]) / (2 * step)


def _root(value: float, degree: float) -> float:
    if value < 0 and degree % 2 != 1:
        raise NotReal("a root of something negative")
    return math.copysign(abs(value) ** (1 / degree), value)


def _log(value: float, base: float = math.e) -> float:
    return math.log(value) / (1.0 if base == math.e else math.log(base))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


def _factorial(value: float) -> float:
    return math.gamma(value + 1)


REAL_FUNCTIONS: dict[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in "exp sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh gamma".split()},
    "log": _log, "sqrt": math.sqrt, "root": _root, "abs": abs, "relu": lambda x: max(x, 0.0), "sigmoid": _sigmoid,
    "softplus": lambda x: math.log1p(math.exp(x)), "factorial": _factorial,
    "binom": lambda n, k: _factorial(n) / (_factorial(k) * _factorial(n - k)),
    "cot": lambda x: 1 / math.tan(x), "sec": lambda x: 1 / math.cos(x), "csc": lambda x: 1 / math.sin(x),
    "coth": lambda x: 1 / math.tanh(x), "sech": lambda x: 1 / math.cosh(x), "csch": lambda x: 1 / math.sinh(x),
}  # fmt: skip
_STEPS: dict[str, Callable[[float], float]] = {
    "floor": lambda x: float(math.floor(x)), "ceil": lambda x: float(math.ceil(x)), "round": lambda x: float(round(x)),
    "sign": lambda x: float((x > 0) - (x < 0)), "step": lambda x: float(x > 0),
}  # fmt: skip
