"""Which side of each threshold we are on: formulas with pieces are compared side by side.

`max(x, 0)` asks for the sign of x; the comparison is then made once for x > 0 and once for x < 0.
Surprising: `2wx > 0` and `0 < xw` are one threshold, found by their values, not by their form.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations

from app.grading.mathematics.effort import Effort
from app.grading.mathematics.finite import PRIMES, inverse, small_fraction
from app.grading.mathematics.splitting import PI, constant, joined, terms_of
from app.grading.mathematics.tree import Call, Expr, Pow, Sym, kept_in_tree
from app.grading.mathematics.writing import to_text

STEPS_LIMIT = 20_000
_POSITIVE = (PI, Sym("e"))
MOST_FACTORS = 6  # thresholds that are tried as factors of another
Signature = tuple[int, int]  # the values of a threshold at two fixed points


class Undefined(ValueError):
    """A formula has no real value on this side: a logarithm of something negative, a piece nothing was said about."""


class Unsaid(Undefined):
    """No piece applies: the answer says nothing about this side."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A formula whose sign matters; `names` if it is a product of these names."""

    formula: Expr
    signature: Signature
    names: frozenset[str]


class NeedSign(Exception):
    """The sign of a threshold was asked for and is not known yet; that of `asked` is `turned` times it."""

    def __init__(self, threshold: Threshold, asked: Expr, turned: int) -> None:
        super().__init__("a sign is not known")
        self.threshold, self.asked, self.turned = threshold, asked, turned


@dataclass(slots=True)
class Signs:
    """The signs decided so far on one side of all thresholds."""

    names: dict[str, int] = field(default_factory=dict)
    others: list[tuple[Threshold, int]] = field(default_factory=list)
    effort: Effort = field(default_factory=lambda: Effort(STEPS_LIMIT))

    def with_sign(self, threshold: Threshold, sign: int) -> "Signs":
        """A copy with one more decision."""
        signs = Signs(dict(self.names), list(self.others), self.effort)
        signs.decide(threshold, sign)
        return signs

    def decide(self, threshold: Threshold, sign: int) -> None:
        """Add a decision."""
        if len(threshold.names) == 1:
            self.names[next(iter(threshold.names))] = sign
        else:
            self.others.append((threshold, sign))

    def of_names(self, names: frozenset[str]) -> int | None:
        """The sign of a product of these names, if it is decided."""
        if names <= self.names.keys():
            return math.prod([self.names[name] for name in names])
        return next((sign for threshold, sign in self.others if threshold.names == names), None)

    def known(self, threshold: Threshold) -> int | None:
        """The decided sign of a threshold that is a number times this one, or has to do with two others."""
        for other, sign in self.others:
            ratio = _ratio(threshold.signature, other.signature)
            if ratio:
                return sign * ratio
        return self._of_product(threshold)

    def _of_product(self, threshold: Threshold) -> int | None:
        """The sign by two others: of x² - 4 where those of x - 2 and x + 2 are known, and of x + 2 by the other two."""
        signed = [(other.signature, sign) for other, sign in self.others[:MOST_FACTORS]]
        for (first, sign), (second, other_sign) in permutations(signed, 2):
            own = threshold.signature
            ratio = _ratio(own, _times(first, second)) or _ratio(first, _times(own, second))
            if ratio:
                return ratio * sign * other_sign
        return None

    def contradict(self) -> bool:
        """Whether the decisions cannot hold together: w > 0, x > 0 and wx < 0."""
        for threshold, sign in self.others:
            if threshold.names and all(name in self.names for name in threshold.names):
                product = 1
                for name in threshold.names:
                    product *= self.names[name]
                if product != sign:
                    return True
        return False


def _times(a: Signature, b: Signature) -> Signature:
    return a[0] * b[0] % PRIMES[0], a[1] * b[1] % PRIMES[0]


def _ratio(a: Signature, b: Signature) -> int:
    """The sign of the number c with a = c·b at both points; 0 if there is none."""
    if a == b:
        return 1 if b[0] else 0
    prime = PRIMES[0]
    if a[0] * b[1] % prime != a[1] * b[0] % prime or b[0] == 0:
        return 0
    fraction = small_fraction(a[0] * inverse(b[0], 0), 0)
    return 0 if fraction is None or fraction[0] == 0 else 1 if fraction[0] > 0 else -1


@kept_in_tree
def monomial(node: Expr) -> tuple[int, frozenset[str]] | None:
    """The sign of the number and the names with odd powers, if the node is a product of numbers and names."""
    terms = terms_of(node)
    number = sum((value for value, _ in terms), Fraction(0))
    if not terms or not number or any(factors != terms[0][1] for _, factors in terms):
        return None
    odd: set[str] = set()
    for factor in terms[0][1]:
        base, power = (
            (factor.base, constant(factor.exponent)) if isinstance(factor, Pow) else (factor, Fraction(1))
        )
        if base in _POSITIVE or (isinstance(base, Call) and base.function == "abs"):
            continue
        if not isinstance(base, Sym) or power is None or power.denominator != 1:
            return None
        if power.numerator % 2:
            odd ^= {to_text(base)}
    return (1 if number > 0 else -1), frozenset(odd)


def simplified(node: Expr) -> Expr:
    """The formula of a threshold as it is shown: numbers multiplied out."""
    terms = terms_of(node)
    return joined(*terms[0]) if len(terms) == 1 and terms[0][1] else node
