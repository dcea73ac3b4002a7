"""Points of real numbers, and what a formula is there: a value with a bound on its error (see `rounding`)."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b

from app.grading.mathematics.effort import Effort
from app.grading.mathematics.real_functions import EPSILON, Near, NotReal
from app.grading.mathematics.tree import Expr

Indices = tuple[tuple[str, int], ...]  # running indices of the sums around, inner ones last


class Point:
    """Where formulas are evaluated: values of names as `to_text` writes them, and the size of sums without bounds."""

    __slots__ = ("effort", "indices", "names", "size")

    def __init__(self, names: Mapping[str, float], size: int, effort: Effort) -> None:
        self.names, self.size, self.effort = names, size, effort
        self.indices: Indices = ()


ValueAt = Callable[[Point], Near]
Make = Callable[[Expr], ValueAt]  # makes a formula into its value as a function of the point


def without_value(reason: str) -> ValueAt:
    """No value at any point."""

    def value_at(_point: Point) -> Near:
        raise NotReal(reason)

    return value_at


def fixed(value: float, error: float) -> ValueAt:
    """The same value at every point."""
    constant = value, error
    return lambda _point: constant


def near(number: Fraction) -> Near:
    """The number as it can be rounded."""
    value = float(number)
    return value, 0.0 if number.denominator == 1 and abs(value) < 2**53 else abs(value) * EPSILON


@lru_cache(maxsize=16384)
def share(key: str) -> float:
    """A fixed pseudo-random number in (0, 1)."""
    return (int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big") + 1) / (2**48 + 2)
