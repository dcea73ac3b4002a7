"""The value of a formula at a pseudo-random point of a finite field; see `finite` for what that proves.

Two formulas with the same value at two points are the same function, where the signs in `signs` hold. Nothing is
rounded: `x` and `x + 1e-9` differ. What has no counterpart in the field (floor, f(x)) becomes an unknown of its own
that depends on the values of its arguments only.
"""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from app.grading.mathematics.branches import pieces
from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.finite import PRIMES, chance, growth, imaginary
from app.grading.mathematics.functions import FUNCTION_VALUES
from app.grading.mathematics.powers import E_SYMBOL, IMAGINARY, ROOTS, raised
from app.grading.mathematics.signs import Signs
from app.grading.mathematics.splitting import symbols_in
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
)  # fmt: skip
from app.grading.mathematics.world import Handler, World
from app.grading.mathematics.writing import to_text

TERMS_LIMIT = 48  # of a sum that is written out


def world_at(
    seed: int, signs: Signs, size: int = 3, bounds: frozenset[str] = frozenset(), flipped: int = 0
) -> World:
    """A point with these signs; `size` is the number of terms where a sum has a name as its bound."""
    return World(HANDLERS, seed, signs, size, bounds, flipped)


def _number(world: World, node: Num, level: int) -> int:
    top, bottom = node.value.numerator, node.value.denominator
    return top if bottom == 1 else top * world.divided(bottom, level)


def _symbol(world: World, node: Sym, level: int) -> int:
    """An unknown that has a 60th root; negative where the sign says so."""
    name = world.name(node)
    if name in world.numbers:
        return _number(world, Num(world.numbers[name]), level)
    if (world.indices or world.bounds) and (counted := world.counted(name)) is not None:
        return counted
    if node.name == IMAGINARY.name and node == IMAGINARY:
        return imaginary(level)
    if node.name == E_SYMBOL.name and node == E_SYMBOL:
        return growth(level) if level + 1 < len(PRIMES) else world.unknown("e", level)
    value = value_of_name(world.seed, name, level)
    return -value if world.signs.names.get(name, 1) < 0 else value


@lru_cache(maxsize=16_384)
def value_of_name(seed: int, name: str, level: int) -> int:
    """The positive value of a name at a point: the power of an unknown, so that it has roots."""
    return pow(chance(seed, name, level), ROOTS, PRIMES[level])


def _sum(world: World, node: Add, level: int) -> int:
    total = 0
    for term in node.terms:
        total += world.value(term, level)
    return total


def _product(world: World, node: Mul, level: int) -> int:
    product = 1
    for factor in node.factors:
        product = product * world.value(factor, level) % PRIMES[level]
    return product


def _negative(world: World, node: Neg, level: int) -> int:
    return -world.value(node.of, level)


def _quotient(world: World, node: Div, level: int) -> int:
    return world.value(node.top, level) * world.divided(world.value(node.bottom, level), level)


def _call(world: World, node: Call, level: int) -> int:
    handler = FUNCTION_VALUES.get(node.function)
    return handler(world, node.args, level) if handler else world.opaque(node.function, node.args, level)


def _applied(world: World, node: Apply, level: int) -> int:
    args = ",".join(world.key(part, level) for part in node.args)
    given = "|" + ",".join(world.key(part, level) for part in node.given) if node.given is not None else ""
    return world.unknown(f"{world.name(node.head)}({args}{given})", level)


def _gradient(world: World, node: Grad, level: int) -> int:
    of = world.key(node.of, level) if node.of is not None else ""
    by = world.key(node.by, level) if node.by is not None else ""
    return world.unknown(f"∇{by} {of}", level)


def _series(world: World, node: BigSum, level: int) -> int:
    """The sum written out; one without bounds runs over as many terms as the world's size."""
    index = node.index or _guessed_index(node.body)
    if index is None:
        return world.unknown(f"{node.kind} {world.value(node.body, level)}", level)
    low, high = _bound(world, node.lower, 1), _bound(world, node.upper, world.size)
    if high - low >= TERMS_LIMIT:
        raise TooMuch("the sum is too long to compare")
    name, before, total = to_text(index), world.indices, 0 if node.kind == "sum" else 1
    for number in range(low, high + 1):
        world.indices = {**before, name: number}
        value = world.value(node.body, level)
        total = total + value if node.kind == "sum" else total * value % PRIMES[level]
    world.indices = before
    return total


def _guessed_index(body: Expr) -> Sym | None:
    """The one letter that serves as index inside a sum without bounds."""
    found = {name.sub for name in symbols_in(body) if isinstance(name.sub, Sym)}
    return next(iter(found)) if len(found) == 1 else None


def _bound(world: World, node: Expr | None, default: int) -> int:
    if node is None:
        return default
    try:
        return math.floor(evaluate(world.placed(node)).value)
    except NoValue:
        raise TooMuch("the bounds of the sum are not numbers") from None


_BY_KIND = {
    Num: _number, Sym: _symbol, Add: _sum, Mul: _product, Neg: _negative, Div: _quotient, Pow: raised, Call: _call,
    Apply: _applied, Grad: _gradient, BigSum: _series, Cases: pieces,
}  # fmt: skip
HANDLERS = cast("Mapping[type, Handler]", _BY_KIND)
