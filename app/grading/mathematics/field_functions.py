"""Formulas in the finite field as functions of the values of their names: what a shape is tried with, again and again.

`ν_(k+1) = β·ν_k + ∇` gives two functions, `y·log(p/2)` one. Surprising: `x/y` and `√x` give none, as they need the
signs and the divisions that `modular` takes care of; `x/2` is a polynomial.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.finite import PRIMES, chance, growth, inverse
from app.grading.mathematics.modular import value_of_name
from app.grading.mathematics.powers import E_SYMBOL, exponent_of
from app.grading.mathematics.splitting import PI, constant, factors_of
from app.grading.mathematics.tree import Add, Call, Div, Expr, Mul, Neg, Num, Pow, Rel, Sym
from app.grading.mathematics.writing import to_text

POWER_LIMIT = 64
PRIME = PRIMES[0]

FieldFunction = Callable[[Mapping[str, int]], int]


class _NotOne(Exception):
    """Something else than sums, products, whole powers and logarithms takes part."""


@lru_cache(maxsize=1024)
def field_functions(expr: Expr) -> tuple[FieldFunction, ...] | None:
    """The sides of an equation, or the one formula; None where there is more than polynomials and logarithms."""
    try:
        return tuple(_whole(side) for side in (expr.sides if isinstance(expr, Rel) else (expr,)))
    except _NotOne:
        return None


@lru_cache(maxsize=1024)
def residue(number: Fraction) -> int:
    """The number in the field."""
    return number.numerator * inverse(number.denominator, 0) % PRIME


def _whole(node: Expr) -> FieldFunction:
    value = _function(node)
    return lambda names: value(names) % PRIME


def _function(node: Expr) -> FieldFunction:
    match node:
        case Num(number):
            return _constant(residue(number))
        case Sym():
            return _name(node)
        case Neg(of):
            inner = _function(of)
            return lambda names: -inner(names)
        case Add(terms):
            parts = [_function(term) for term in terms]
            return lambda names: sum([part(names) for part in parts])
        case Mul(factors):
            parts = [_function(factor) for factor in factors]
            return lambda names: math.prod([part(names) for part in parts]) % PRIME
        case Div(top, bottom) if divisor := constant(bottom):
            above, times = _function(top), residue(1 / divisor)
            return lambda names: above(names) * times % PRIME
        case Pow(base, Num(power)) if power.denominator == 1 and 0 <= power <= POWER_LIMIT:
            inner, exponent = _function(base), int(power)
            return lambda names: pow(inner(names), exponent, PRIME)
        case Call("log", (of,)):
            return _logarithm(of)
    raise _NotOne


def _logarithm(of: Expr) -> FieldFunction:
    """The sum over the factors, as `powers.log` has it."""
    parts = [
        (_function(exponent), _log_of_factor(base))
        for base, exponent in factors_of(of)
        if constant(base) != -1
    ]
    return lambda names: sum([exponent(names) * log(names) for exponent, log in parts]) % PRIME


def _log_of_factor(base: Expr) -> FieldFunction:
    if constant(base) == 0:
        raise _NotOne
    if base == E_SYMBOL:
        return _constant(1)
    if (inside := exponent_of(base)) is not None:
        return _function(inside)
    value = _whole(base)

    def log(names: Mapping[str, int]) -> int:
        inside = value(names)
        return chance(1, f"log {min(inside, PRIME - inside)}", 0)

    return log


def _constant(value: int) -> FieldFunction:
    return lambda _names: value


def _name(node: Sym) -> FieldFunction:
    if node == E_SYMBOL:
        return _constant(growth(0))
    if node == PI:
        return _constant(value_of_name(1, to_text(PI), 0))
    name = to_text(node)
    return lambda names: names[name]
