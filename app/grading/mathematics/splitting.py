"""Taking formulas apart without changing them: terms of a sum, factors of a product, whole shifts, multiples of π."""

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.tree import BELOW, Add, Call, Div, Expr, Mul, Neg, Num, Pow, Sym, kept_in_tree

TERMS_LIMIT = 200
PRIME_LIMIT = 1000

Term = tuple[Fraction, tuple[Expr, ...]]  # a number times factors
Factor = tuple[Expr, Expr]  # base and exponent


@lru_cache(maxsize=4096)
def terms_of(node: Expr) -> tuple[Term, ...]:
    """The terms of a sum, each a number times other factors; numbers are multiplied into brackets.

    `2(x + 1/2)` gives 2·x and 1.
    """
    return tuple(term for term in _terms(node, Fraction(1)) if term[0])


def _terms(node: Expr, times: Fraction) -> Iterator[Term]:
    match node:
        case Num(value):
            yield times * value, ()
        case Neg(of):
            yield from _terms(of, -times)
        case Add(terms):
            for term in terms:
                yield from _terms(term, times)
        case Mul(factors):
            yield from _product_terms(factors, times)
        case Div(top, Num(value)) if value:
            yield from _terms(top, times / value)
        case Div(top, bottom):
            for number, factors in _terms(top, times):
                yield number, (*factors, Pow(bottom, Num(Fraction(-1))))
        case _:
            yield times, (node,)


def _product_terms(factors: tuple[Expr, ...], times: Fraction) -> Iterator[Term]:
    others: list[Expr] = []
    for factor in factors:
        number = constant(factor)
        if number is not None:
            times *= number
        else:
            others.append(factor)
    if len(others) == 1:
        yield from _terms(others[0], times)
        return
    flat: list[Expr] = []
    for factor in others:
        inner = list(_terms(factor, Fraction(1)))
        if len(inner) == 1:
            times *= inner[0][0]
            flat += inner[0][1]
        else:
            flat.append(factor)
    yield times, tuple(flat)


def constant(node: Expr) -> Fraction | None:
    """The value of a node made of numbers alone by + - · / and small powers."""
    match node:
        case Num(value):
            return value
        case Neg(of):
            inner = constant(of)
            return None if inner is None else -inner
        case Div(top, bottom):
            above, below = constant(top), constant(bottom)
            return above / below if above is not None and below else None
        case Mul(factors):
            values = [constant(factor) for factor in factors]
            return math.prod(v for v in values if v is not None) if None not in values else None  # type: ignore[return-value]
        case Add(terms):
            values = [constant(term) for term in terms]
            return sum(v for v in values if v is not None) if None not in values else None  # type: ignore[return-value]
        case Pow(base, exponent):
            low, high = constant(base), constant(exponent)
            if (
                low is None
                or high is None
                or high.denominator != 1
                or abs(high) > 64
                or (low == 0 and high < 0)
            ):
                return None
            return low ** int(high) if abs(low.numerator) < 10**12 and low.denominator < 10**12 else None
    return None


@lru_cache(maxsize=4096)
def shift_of(node: Expr) -> tuple[Fraction, Expr | None]:
    """The number in a sum and the rest, None if there is no rest: `n + 1` is 1 and n."""
    number = constant(node)
    if number is not None:
        return number, None
    total, rest = Fraction(0), []
    for value, factors in terms_of(node):
        if factors:
            rest.append(joined(value, factors))
        else:
            total += value
    return total, (rest[0] if len(rest) == 1 else Add(tuple(rest))) if rest else None


@lru_cache(maxsize=4096)
def turns_of(node: Expr) -> tuple[Fraction, Expr | None]:
    """The multiple of π in a sum and the rest: `x + π/2` is 1/2 and x."""
    total, rest = Fraction(0), []
    for value, factors in terms_of(node):
        if factors == (PI,):
            total += value
        else:
            rest.append(joined(value, factors))
    return total, (rest[0] if len(rest) == 1 else Add(tuple(rest))) if rest else None


PI = Sym("π")


def joined(value: Fraction, factors: tuple[Expr, ...]) -> Expr:
    """A number times factors as one node."""
    if not factors:
        return Num(value)
    product = factors[0] if len(factors) == 1 else Mul(factors)
    return product if value == 1 else Mul((Num(value), product))


@lru_cache(maxsize=4096)
def factors_of(node: Expr) -> tuple[Factor, ...]:
    """Bases with exponents: `4x²/√y` is 2², x², y^(-1/2). A number common to all terms of a sum comes out."""
    return tuple(_factors(node, Num(Fraction(1))))


def _factors(node: Expr, times: Expr) -> Iterator[Factor]:
    match node:
        case Num() | Add() if (number := constant(node)) is not None:
            yield from _number_factors(number, times)
        case Neg(of):
            yield Num(Fraction(-1)), times
            yield from _factors(of, times)
        case Mul(factors):
            for factor in factors:
                yield from _factors(factor, times)
        case Div(top, bottom):
            yield from _factors(top, times)
            yield from _factors(bottom, multiplied(times, Num(Fraction(-1))))
        case Pow(base, exponent) if base != Sym("e"):
            yield from _factors(base, multiplied(times, exponent))
        case Call("sqrt", (of,)):
            yield from _factors(of, multiplied(times, Num(Fraction(1, 2))))
        case Call("abs", (of,)):
            yield from _factors(of, times)
        case Add(terms):
            content = _content(terms)
            yield from _number_factors(content, times)
            divided = Add(tuple(joined(value / content, factors) for value, factors in terms_of(node)))
            yield (divided if content != 1 else node), times
        case _:
            yield node, times


def multiplied(a: Expr, b: Expr) -> Expr:
    """The product of two exponents, as a number where both are."""
    first, second = constant(a), constant(b)
    if first is not None and second is not None:
        return Num(first * second)
    return b if first == 1 else a if second == 1 else Mul((a, b))


def _content(terms: tuple[Expr, ...]) -> Fraction:
    """The greatest number that divides every term's number."""
    numbers = [value for value, _ in terms_of(Add(terms)) if value]
    top = math.gcd(*(abs(value.numerator) for value in numbers)) if numbers else 1
    bottom = math.lcm(*(value.denominator for value in numbers)) if numbers else 1
    return Fraction(top or 1, bottom)


def _number_factors(value: Fraction, times: Expr) -> Iterator[Factor]:
    if value < 0:
        yield Num(Fraction(-1)), times
    if value == 0:
        yield Num(Fraction(0)), times
    for prime, power in _primes(abs(value.numerator)):
        yield Num(Fraction(prime)), multiplied(times, Num(Fraction(power)))
    for prime, power in _primes(value.denominator):
        yield Num(Fraction(prime)), multiplied(times, Num(Fraction(-power)))


@lru_cache(maxsize=1024)
def _primes(number: int) -> tuple[tuple[int, int], ...]:
    """The prime factors below a limit with their powers; what is left counts as one prime."""
    found: list[tuple[int, int]] = []
    prime = 2
    while prime * prime <= number and prime < PRIME_LIMIT:
        power = 0
        while number % prime == 0:
            number, power = number // prime, power + 1
        if power:
            found.append((prime, power))
        prime += 1
    return tuple([*found, (number, 1)] if number > 1 else found)


@lru_cache(maxsize=4096)
def surely_positive(node: Expr) -> bool:
    """Whether a formula is above zero everywhere, as far as its form shows: `x² + 1`, `e^x`."""
    match node:
        case Num(value):
            return value > 0
        case Add(terms):
            return all(never_negative(term) for term in terms) and any(
                surely_positive(term) for term in terms
            )
        case Mul(factors):
            return all(surely_positive(factor) for factor in factors)
        case Div(top, bottom):
            return surely_positive(top) and surely_positive(bottom)
        case Pow(Sym("e", "", None, None), _) | Sym("e" | "π", "", None, None):
            return True
        case Call("exp" | "cosh" | "sigmoid" | "softplus", _):
            return True
        case Pow(base, _) | Call("sqrt", (base,)):
            return surely_positive(base)
    return False


def never_negative(node: Expr) -> bool:
    """Whether a formula is at least zero everywhere, as far as its form shows."""
    match node:
        case Num(value):
            return value >= 0
        case Pow(_, Num(value)) if value.denominator == 1 and value.numerator % 2 == 0:
            return True
        case Call("abs" | "sqrt" | "relu", _):
            return True
        case Mul(factors):
            return all(never_negative(factor) for factor in factors)
    return surely_positive(node)


@kept_in_tree
def symbols_in(node: Expr) -> frozenset[Sym]:
    """The names in a formula, without the letters of their indices and without the constants e and π."""
    found: set[Sym] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if type(part) is Sym:
            found.add(part)
        elif below := BELOW.get(type(part)):
            stack += below(part)
    return frozenset(found - {PI, Sym("e")})
