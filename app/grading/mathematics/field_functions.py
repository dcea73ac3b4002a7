"""Formulas in the finite field as functions of the values of their names: what a shape is tried with, again and again.

`ν_(k+1) = β·ν_k + ∇` gives two functions, `y·log(p/2)` one. Surprising: `x/y` and `√x` give none, as they need the
signs and the divisions that `modular` takes care of; `x/2` is a polynomial, and so is P(x | y) in its own unknown.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import cast

from app.grading.mathematics.finite import PRIMES, chance, growth, inverse
from app.grading.mathematics.modular import value_of_name
from app.grading.mathematics.powers import E_SYMBOL, exponent_of
from app.grading.mathematics.splitting import PI, constant, factors_of
from app.grading.mathematics.tree import (
    Add,
    Apply,
    Call,
    Div,
    Dots,
    Expr,
    Mul,
    Neg,
    Num,
    Pow,
    Rel,
    Sym,
    kept_in_tree,
    walk,
)
from app.grading.mathematics.writing import to_text

POWER_LIMIT = 64
PRIME = PRIMES[0]
_CONSTANTS = E_SYMBOL.name, PI.name

FieldFunction = Callable[[Mapping[str, int]], int]


class _NotOne(Exception):
    """Something else than sums, products, whole powers, logarithms and unknown functions takes part."""


@kept_in_tree
def field_functions(expr: Expr) -> tuple[FieldFunction, ...] | None:
    """The sides of an equation, or the one formula; None where there is more than polynomials, logarithms and f(x)."""
    try:
        return tuple([_whole(side) for side in (expr.sides if isinstance(expr, Rel) else (expr,))])
    except _NotOne:
        return None


@kept_in_tree
def has_values_between_0_and_1(expr: Expr) -> bool:
    """Whether the formula surely has a value where all names are between 0 and 1, as far as its logarithms go."""
    return all(_is_log_above_zero(part) for part in walk(expr) if type(part) is Call)


def _is_log_above_zero(node: Call) -> bool:
    return node.function == "log" and all(_is_above_zero(base) for base, _ in factors_of(node.args[0]))


def _is_above_zero(base: Expr) -> bool:
    match base:
        case Sym() | Add((Num(Fraction(numerator=1, denominator=1)), Neg(Sym()))):
            return True
        case Num(number):
            return number > 0
    return False


@lru_cache(maxsize=1024)
def residue(number: Fraction) -> int:
    """The number in the field."""
    return number.numerator * inverse(number.denominator, 0) % PRIME


def _whole(node: Expr) -> FieldFunction:
    value = _function(node)
    return lambda names: value(names) % PRIME


def _function(node: Expr) -> FieldFunction:
    make = _MAKERS.get(type(node))
    if make is None:
        raise _NotOne
    return make(node)


def _number(node: Num) -> FieldFunction:
    return _constant(residue(node.value))


def _constant(value: int) -> FieldFunction:
    return lambda _names: value


def _name(node: Sym) -> FieldFunction:
    if node.name in _CONSTANTS:
        if node == E_SYMBOL:
            return _constant(growth(0))
        if node == PI:
            return _constant(value_of_name(1, to_text(PI), 0))
    return itemgetter(to_text(node))


def _negative(node: Neg) -> FieldFunction:
    inner = _function(node.of)
    return lambda names: -inner(names)


def _sum(node: Add) -> FieldFunction:
    parts = [*map(_function, node.terms)]
    if len(parts) == 2:  # mostly; a list takes longer
        first, second = parts
        return lambda names: first(names) + second(names)
    return lambda names: sum([part(names) for part in parts])


def _product(node: Mul) -> FieldFunction:
    parts = [*map(_function, node.factors)]
    if len(parts) == 2:
        first, second = parts
        return lambda names: first(names) * second(names) % PRIME
    return lambda names: math.prod([part(names) for part in parts]) % PRIME


def _quotient(node: Div) -> FieldFunction:
    divisor = constant(node.bottom)
    if not divisor:
        raise _NotOne
    above, times = _function(node.top), residue(1 / divisor)
    return lambda names: above(names) * times % PRIME


def _power(node: Pow) -> FieldFunction:
    power = node.exponent.value if isinstance(node.exponent, Num) else None
    if power is None or power.denominator != 1 or not 0 <= power <= POWER_LIMIT:
        raise _NotOne
    inner, exponent = _function(node.base), int(power)
    return lambda names: pow(inner(names), exponent, PRIME)


def _logarithm(node: Call) -> FieldFunction:
    """The sum over the factors, as `powers.log` has it."""
    if node.function != "log" or len(node.args) != 1:
        raise _NotOne
    parts = [
        (_function(exponent), _log_of_factor(base))
        for base, exponent in factors_of(node.args[0])
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


def _applied(node: Apply) -> FieldFunction:
    """An unknown of its own for each value of the name in front, of what is in brackets and of what is given."""
    head = _name(node.head)
    args, given = [*map(_argument, node.args)], [*map(_argument, node.given or ())]

    def value(names: Mapping[str, int]) -> int:
        inside = [[arg(names) for arg in part] for part in (args, given)]
        return chance(1, f"{head(names)} of {inside}", 0)

    return value


def _argument(node: Expr) -> Callable[[Mapping[str, int]], int | None]:
    return (lambda _names: None) if type(node) is Dots else _whole(node)


_BY_KIND = {
    Num: _number, Sym: _name, Neg: _negative, Add: _sum, Mul: _product, Div: _quotient, Pow: _power, Call: _logarithm,
    Apply: _applied,
}  # fmt: skip
_MAKERS = cast("Mapping[type, Callable[[Expr], FieldFunction]]", _BY_KIND)
