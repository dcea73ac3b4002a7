"""The known functions in floating point, and how far an error in their arguments carries."""

import math
from collections.abc import Callable, Sequence

EPSILON = 4 * 2.0**-53
Near = tuple[float, float]  # value and error


class NotReal(ValueError):
    """No real value at this point: out of the domain, too large, too close to an edge."""


def propagated(function: Callable[..., float], args: Sequence[Near]) -> Near:
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


def propagated_once(function: Callable[..., float], value: float, off: float) -> Near:
    """The same for a function of one argument, as most are, in half the time."""
    result = function(value)
    error = abs(result) * 8 * EPSILON + 2.0**-1000
    if off:
        error += 2 * max(abs(function(value - off) - result), abs(function(value + off) - result))
    step = max(abs(value), 1.0) * 1e-6
    try:
        slope = abs(function(value + step) - function(value - step)) / (2 * step)
    except (ValueError, ZeroDivisionError, OverflowError):
        slope = 1e6
    return result, error + 2 * EPSILON * abs(value) * slope


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
STEPS: dict[str, Callable[[float], float]] = {
    "floor": lambda x: float(math.floor(x)), "ceil": lambda x: float(math.ceil(x)), "round": lambda x: float(round(x)),
    "sign": lambda x: float((x > 0) - (x < 0)), "step": lambda x: float(x > 0),
}  # fmt: skip
