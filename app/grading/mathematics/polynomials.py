"""Polynomials in the finite field as functions of the values of their names: what a shape is tried with, again and again.

`ν_(k+1) = β·ν_k + ∇` gives two functions. Surprising: `x/y` and `log(x)` give none, as they need the signs and the
divisions that `modular` takes care of; `x/2` is a polynomial.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.finite import PRIMES, growth, inverse
from app.grading.mathematics.modular import value_of_name
from app.grading.mathematics.powers import E_SYMBOL
from app.grading.mathematics.splitting import PI, constant
from app.grading.mathematics.tree import Add, Div, Expr, Mul, Neg, Num, Pow, Rel, Sym
from app.grading.mathematics.writing import to_text

POWER_LIMIT = 64
PRIME = PRIMES[0]

Polynomial = Callable[[Mapping[str, int]], int]


class _NoPolynomial(Exception):
    """Something else than sums, products and whole powers takes part."""


@lru_cache(maxsize=1024)
def polynomials(expr: Expr) -> tuple[Polynomial, ...] | None:
    """The sides of an equation, or the one formula; None if they are no polynomials."""
    try:
        return tuple(_whole(side) for side in (expr.sides if isinstance(expr, Rel) else (expr,)))
    except _NoPolynomial:
        return None


@lru_cache(maxsize=1024)
def residue(number: Fraction) -> int:
    """The number in the field."""
    return number.numerator * inverse(number.denominator, 0) % PRIME


def _whole(node: Expr) -> Polynomial:
    value = _polynomial(node)
    return lambda names: value(names) % PRIME


def _polynomial(node: Expr) -> Polynomial:
    match node:
        case Num(number):
            return _constant(residue(number))
        case Sym():
            return _name(node)
        case Neg(of):
            inner = _polynomial(of)
            return lambda names: -inner(names)
        case Add(terms):
            parts = [_polynomial(term) for term in terms]
            return lambda names: sum([part(names) for part in parts])
        case Mul(factors):
            parts = [_polynomial(factor) for factor in factors]
            return lambda names: math.prod([part(names) for part in parts]) % PRIME
        case Div(top, bottom) if divisor := constant(bottom):
            above, times = _polynomial(top), residue(1 / divisor)
            return lambda names: above(names) * times % PRIME
        case Pow(base, Num(power)) if power.denominator == 1 and 0 <= power <= POWER_LIMIT:
            inner, exponent = _polynomial(base), int(power)
            return lambda names: pow(inner(names), exponent, PRIME)
    raise _NoPolynomial


def _constant(value: int) -> Polynomial:
    return lambda _names: value


def _name(node: Sym) -> Polynomial:
    if node == E_SYMBOL:
        return _constant(growth(0))
    if node == PI:
        return _constant(value_of_name(1, to_text(PI), 0))
    name = to_text(node)
    return lambda names: names[name]
