"""Exact arithmetic: the value of a formula without unknowns, as a fraction.

`(11*11*3+1)*96` is 34944. Surprising: `sqrt(25)` is exactly 5, while `sqrt(2)` comes as a fraction near it
and is marked as not exact. Sizes, exponents and terms of sums are limited; beyond them `NoValue` is raised.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from app.grading.mathematics.tree import (
    Add,
    And,
    BigSum,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Neg,
    Num,
    Pow,
    Rel,
    Sym,
)  # fmt: skip
from app.grading.mathematics.writing import to_text

BITS_LIMIT = 4096
FACTORIAL_LIMIT = 300
TERMS_LIMIT = 1000
DIGITS = 30  # of roots that are not exact
CONSTANTS = {"π": Fraction(math.pi), "e": Fraction(math.e)}


class NoValue(ValueError):
    """Why the formula has no value: an unknown name, a division by zero, a number out of range."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A value; `exact` is False where it was rounded on the way."""

    value: Fraction
    exact: bool = True


def evaluate(expr: Expr, known: Mapping[str, Fraction] | None = None) -> Exact:
    """The value of a formula; `known` gives values of names as `to_text` writes them ("h_1")."""
    evaluation = _Evaluation(known or {})
    try:
        value = evaluation.value(expr)
    except (OverflowError, RecursionError):
        raise NoValue("a number is out of range") from None
    return Exact(value, evaluation.exact)


class _Evaluation:
    def __init__(self, known: Mapping[str, Fraction]) -> None:
        self.known, self.exact = known, True
        self.terms = 0

    def value(self, node: Expr) -> Fraction:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise NoValue(f"“{to_text(node)}” is not a number")
        return handler(self, node)

    def number(self, node: Num) -> Fraction:
        return node.value

    def negative(self, node: Neg) -> Fraction:
        return -self.value(node.of)

    def sum(self, node: Add) -> Fraction:
        total = self.value(node.terms[0])
        for term in node.terms[1:]:
            total += self.value(term)
        return _sized(total)

    def product(self, node: Mul) -> Fraction:
        product = _sized(self.value(node.factors[0]))
        for factor in node.factors[1:]:
            product = _sized(product * self.value(factor))
        return product

    def quotient(self, node: Div) -> Fraction:
        return _sized(self.value(node.top) / self._divisor(node.bottom))

    def raised(self, node: Pow) -> Fraction:
        return self.power(self.value(node.base), self.value(node.exponent))

    def called(self, node: Call) -> Fraction:
        return self.call(node.function, [self.value(arg) for arg in node.args])

    def _divisor(self, node: Expr) -> Fraction:
        value = self.value(node)
        if value == 0:
            raise NoValue("division by zero")
        return value

    def symbol(self, node: Sym) -> Fraction:
        name = to_text(node)
        if name in self.known:
            return self.known[name]
        if name in CONSTANTS:
            return self.rounded(CONSTANTS[name])
        raise NoValue(f"“{name}” is not a number")

    def rounded(self, value: Fraction | float) -> Fraction:
        if isinstance(value, float) and not math.isfinite(value):
            raise NoValue("a number is out of range")
        self.exact = False
        return Fraction(value)

    def power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if base == 0 and exponent < 0:
            raise NoValue("division by zero")
        if exponent.denominator != 1:
            return self.root(base, exponent.denominator) ** _small(exponent.numerator)
        bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
        if abs(base) not in {0, 1} and bits * abs(exponent) > BITS_LIMIT:
            raise NoValue("a power is too large")
        return base ** _small(exponent.numerator % 2 if abs(base) == 1 else exponent.numerator)

    def root(self, value: Fraction, degree: int) -> Fraction:
        """The real root, exact where it is rational."""
        if value < 0 and degree % 2 == 0:
            raise NoValue("the root of a negative number")
        top, bottom = _whole_root(abs(value.numerator), degree), _whole_root(value.denominator, degree)
        if top is not None and bottom is not None:
            return Fraction(top, bottom) * (1 if value >= 0 else -1)
        if degree == 2:
            scale = 10 ** (2 * DIGITS)
            return self.rounded(
                Fraction(math.isqrt(value.numerator * scale // value.denominator), 10**DIGITS)
            )
        return self.rounded(math.copysign(abs(float(value)) ** (1 / degree), value))

    def call(self, name: str, args: list[Fraction]) -> Fraction:
        if name in _EXACT:
            return _EXACT[name](args)
        first = args[0]
        if name in {"sqrt", "root"}:
            degree = args[1] if name == "root" else Fraction(2)
            return self.root(first, _degree(degree))
        if name == "log":
            return self.logarithm(first, args[1] if len(args) > 1 else None)
        if name in _ROUNDED:
            exact = {("exp", 0): 1, ("sin", 0): 0, ("cos", 0): 1, ("tan", 0): 0, ("tanh", 0): 0}.get(
                (name, int(first))
            )
            if first == 0 and exact is not None:
                return Fraction(exact)
            try:
                return self.rounded(_ROUNDED[name](float(first)))
            except ValueError:
                raise NoValue(f"{name} has no value there") from None
        raise NoValue(f"{name} is not read as a number")

    def logarithm(self, value: Fraction, base: Fraction | None) -> Fraction:
        if value <= 0 or (base is not None and (base <= 0 or base == 1)):
            raise NoValue("the logarithm has no value there")
        if value == 1:
            return Fraction(0)
        guess = round(_log(value) / _log(base)) if base is not None else 0
        if base is not None and abs(guess) < TERMS_LIMIT and self.power(base, Fraction(guess)) == value:
            return Fraction(guess)
        return self.rounded(_log(value) / (_log(base) if base is not None else 1.0))

    def pieces(self, node: Cases) -> Fraction:
        for value, rule in node.pieces:
            if self.holds(rule):
                return self.value(value)
        if node.otherwise is None:
            raise NoValue("no piece applies")
        return self.value(node.otherwise)

    def holds(self, rule: Expr) -> bool:
        if isinstance(rule, And):
            return all(self.holds(item) for item in rule.items)
        if not isinstance(rule, Rel) or not set(rule.signs) <= set(COMPARE):
            raise NoValue("a condition cannot be decided")
        values = [self.value(side) for side in rule.sides]
        return all(COMPARE[sign](a, b) for sign, a, b in zip(rule.signs, values, values[1:], strict=False))

    def series(self, node: BigSum) -> Fraction:
        if node.index is None or node.lower is None or node.upper is None:
            raise NoValue("the sum has no bounds")
        low, high = self.value(node.lower), self.value(node.upper)
        count = high - low + 1
        self.terms += max(int(count), 0) if count < TERMS_LIMIT else TERMS_LIMIT
        if self.terms >= TERMS_LIMIT or low.denominator != 1:
            raise NoValue("the sum is too long")
        name, before = to_text(node.index), dict(self.known)
        total = Fraction(0 if node.kind == "sum" else 1)
        for at in range(max(int(count), 0)):
            self.known = {**before, name: low + at}
            value = self.value(node.body)
            total = _sized(total + value if node.kind == "sum" else total * value)
        self.known = before
        return total


_BY_KIND = {
    Num: _Evaluation.number, Neg: _Evaluation.negative, Add: _Evaluation.sum, Mul: _Evaluation.product,
    Div: _Evaluation.quotient, Pow: _Evaluation.raised, Call: _Evaluation.called, Sym: _Evaluation.symbol,
    Cases: _Evaluation.pieces, BigSum: _Evaluation.series,
}  # fmt: skip
_HANDLERS = cast("Mapping[type, Callable[[_Evaluation, Expr], Fraction]]", _BY_KIND)

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda a, b: a == b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "≤": lambda a, b: a <= b, "≥": lambda a, b: a >= b, "≠": lambda a, b: a != b,
}  # fmt: skip


def _sized(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS_LIMIT:
        raise NoValue("a number is out of range")
    return value


def _small(exponent: int) -> int:
    if abs(exponent) > BITS_LIMIT:
        raise NoValue("a power is too large")
    return exponent


def _degree(value: Fraction) -> int:
    if value.denominator != 1 or not 0 < value <= 64:
        raise NoValue("a root of this degree is not read")
    return int(value)


def _whole_root(value: int, degree: int) -> int | None:
    """The exact whole root, if there is one."""
    if degree == 2:
        root = math.isqrt(value)
        return root if root * root == value else None
    if value.bit_length() > 1000 or degree > 64:
        return None
    guess = round(value ** (1 / degree))
    return next((root for root in (guess - 1, guess, guess + 1) if root >= 0 and root**degree == value), None)


def _log(value: Fraction) -> float:
    return math.log(value.numerator) - math.log(value.denominator)


def _factorial(args: list[Fraction]) -> Fraction:
    if args[0].denominator != 1 or not 0 <= args[0] <= FACTORIAL_LIMIT:
        raise NoValue("the factorial has no value there")
    return Fraction(math.factorial(int(args[0])))


def _binomial(args: list[Fraction]) -> Fraction:
    if any(arg.denominator != 1 or not 0 <= arg <= BITS_LIMIT for arg in args):
        raise NoValue("the binomial has no value there")
    return _sized(Fraction(math.comb(int(args[0]), int(args[1]))))


def _modulo(args: list[Fraction]) -> Fraction:
    if args[1] == 0:
        raise NoValue("division by zero")
    return args[0] % args[1]


def _gcd(args: list[Fraction]) -> Fraction:
    return Fraction(math.gcd(*(int(arg) for arg in args)))


_EXACT: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "abs": lambda args: abs(args[0]),
    "floor": lambda args: Fraction(math.floor(args[0])),
    "ceil": lambda args: Fraction(math.ceil(args[0])),
    "round": lambda args: Fraction(math.floor(args[0] + Fraction(1, 2))),
    "max": max,
    "min": min,
    "relu": lambda args: max(args[0], Fraction(0)),
    "sign": lambda args: Fraction((args[0] > 0) - (args[0] < 0)),
    "step": lambda args: Fraction(int(args[0] > 0)),
    "factorial": _factorial,
    "binom": _binomial,
    "mod": _modulo,
    "gcd": _gcd,
}
_ROUNDED: dict[str, Callable[[float], float]] = {
    **{
        name: getattr(math, name)
        for name in "exp sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split()
    },
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
}
