"""The value of a formula at a pseudo-random point of a finite field; see `finite` for what that proves.

Two formulas with the same value at two points are the same function, where the signs in `signs` hold. Nothing is
rounded: `x` and `x + 1e-9` differ. What has no counterpart in the field (floor, atan, f(x)) becomes an unknown of
its own that depends on the values of its arguments only.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.finite import (
    PRIMES, TURN, chance, exponential, growth, imaginary, inverse, root_of_prime, rotation, square_root, turn,
)  # fmt: skip
from app.grading.mathematics.rounding import NotReal, real_value
from app.grading.mathematics.signs import NeedSign, Signs, Threshold, Undefined, Unsaid, monomial, simplified
from app.grading.mathematics.splitting import (
    PI, constant, factors_of, multiplied, shift_of, surely_positive, symbols_in, terms_of, turns_of,
)  # fmt: skip
from app.grading.mathematics.tree import (
    ONE, Add, And, Apply, BigSum, Call, Cases, Div, Dots, Expr, Grad, Mul, Neg, Num, Pow, Rel, Seq, Sym, rebuilt,
)  # fmt: skip
from app.grading.mathematics.writing import to_text

STEPS_LIMIT = 20_000
POWER_LIMIT = 10**15  # of all nested whole exponents together
WHOLE_EXPONENT_LIMIT = 10**9
SHIFT_LIMIT = 40
TERMS_LIMIT = 12
ROOTS = 60  # names are 60th powers, so that their square to 60th roots exist
SIGNATURE_SEEDS = (101, 102)
E_SYMBOL = Sym("e")
IMAGINARY = Sym("𝑖")  # the imaginary unit, put in for i where that may be meant


class TooMuch(ValueError):
    """The formula is too large, too deep or of a kind that is not compared."""


class Retry(ValueError):
    """At this point a root does not exist in the field; another point is needed."""


class World:
    """One point: fixed values of all names, the signs that hold, the size of sums without numbers as bounds."""

    def __init__(
        self, seed: int, signs: Signs, size: int = 3, bounds: frozenset[str] = frozenset(), flipped: int = 0
    ) -> None:
        self.seed, self.signs, self.size, self.bounds, self.flipped = seed, signs, size, bounds, flipped
        self.indices: dict[str, int] = {}
        self.aliases: dict[str, str] = {}  # names that stand for others
        self.numbers: dict[str, Fraction] = {}  # names that stand for numbers
        self.roots: list[int] = []
        self.steps, self.power = 0, 1

    def value(self, node: Expr, level: int = 0) -> int:
        """The value mod PRIMES[level]; exponents are taken at the next level."""
        self.steps += 1
        if self.steps > STEPS_LIMIT or level >= len(PRIMES):
            raise TooMuch("the formula is too large to compare")
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise TooMuch(f"{to_text(node)} is not compared")
        return handler(self, node, level) % PRIMES[level]

    def unknown(self, key: str, level: int) -> int:
        """A number that stands for something unknown."""
        return chance(self.seed, key, level)

    # Names and plain arithmetic.

    def number(self, node: Num, level: int) -> int:
        value = node.value
        return value.numerator if value.denominator == 1 else value.numerator * self.divided(value.denominator, level)

    def divided(self, value: int, level: int) -> int:
        try:
            return inverse(value, level)
        except ZeroDivisionError:
            raise Undefined("a division by zero") from None

    def symbol(self, node: Sym, level: int) -> int:
        name = self.name(node)
        if name in self.numbers:
            return self.number(Num(self.numbers[name]), level)
        if name in self.indices or name in self.bounds:
            return self.indices.get(name) or self.size_of(name) or 0
        if node == IMAGINARY:
            return imaginary(level)
        if node == E_SYMBOL:
            return growth(level) if level + 1 < len(PRIMES) else self.unknown("e", level)
        root = pow(self.unknown(name, level), ROOTS, PRIMES[level])
        return -root if self.signs.names.get(name, 1) < 0 else root

    def size_of(self, name: str) -> int | None:
        """The value of a name in the bounds of sums: small, whole, and another one for each name."""
        return self.size + 2 * sorted(self.bounds).index(name) if name in self.bounds else None

    def name(self, node: Sym) -> str:
        name = to_text(self.placed(node)) if self.indices and node.sub is not None else to_text(node)
        return self.aliases.get(name, name)

    def placed(self, node: Expr) -> Expr:
        """The node with the running indices of sums put in, and computed where that is possible."""
        if isinstance(node, Sym) and node.sub is None:
            number = self.indices.get(to_text(node), self.size_of(to_text(node)))
            return node if number is None else Num(Fraction(number))
        inner = rebuilt(node, self.placed)
        number_inside = constant(inner) if not isinstance(inner, Sym) else None
        return inner if number_inside is None else Num(number_inside)

    def add(self, node: Add, level: int) -> int:
        return sum(self.value(term, level) for term in node.terms)

    def multiply(self, node: Mul, level: int) -> int:
        product = 1
        for factor in node.factors:
            product = product * self.value(factor, level) % PRIMES[level]
        return product

    def negate(self, node: Neg, level: int) -> int:
        return -self.value(node.of, level)

    def divide(self, node: Div, level: int) -> int:
        return self.value(node.top, level) * self.divided(self.value(node.bottom, level), level)

    def raised(self, node: Pow, level: int) -> int:
        exponent = constant(node.exponent)
        if node.base == E_SYMBOL and (exponent is None or exponent.denominator > 1):
            return self.exp(node.exponent, level)
        if exponent is None:
            exponent = self.whole(node.exponent)
        if exponent is None:
            return self.general_power(node.base, node.exponent, level)
        if exponent.denominator == 1:
            return self.whole_power(node.base, int(exponent), level)
        return self.root_power(node.base, exponent, level)

    def whole(self, node: Expr) -> Fraction | None:
        """An exponent that is a number once running indices are put in."""
        return constant(self.placed(node)) if self.indices or self.bounds else None

    def whole_power(self, base: Expr, exponent: int, level: int) -> int:
        before = self.power
        self.power *= max(abs(exponent), 1)
        if abs(exponent) > WHOLE_EXPONENT_LIMIT or self.power > POWER_LIMIT:
            raise TooMuch("a power is too large to compare")
        value = self.value(base, level)
        self.power = before
        return pow(value if exponent >= 0 else self.divided(value, level), abs(exponent), PRIMES[level])

    # Signs and pieces.

    def sign(self, node: Expr) -> int:
        """-1, 0 or 1; raises NeedSign where it is not decided yet."""
        number = constant(node)
        if number is not None:
            return (number > 0) - (number < 0)
        if surely_positive(node):
            return 1
        if self.indices or self.bounds:
            node = self.placed(node)
        if not symbols_in(node):
            return self.sign_of_number(node)
        turned, threshold = self.threshold(node)
        if threshold is None:
            return turned
        known = self.signs.known(threshold)
        if known is None:
            raise NeedSign(threshold)
        return turned * known

    def sign_of_number(self, node: Expr) -> int:
        try:
            value, error = real_value(node, {})
        except NotReal:
            raise Undefined("a number is not real") from None
        if abs(value) <= error:
            raise TooMuch("the sign of a number is not clear")
        return 1 if value > 0 else -1

    def threshold(self, node: Expr) -> tuple[int, Threshold | None]:
        """A sign and the threshold it is to be multiplied with; None if the sign alone is the answer."""
        turned, names = monomial(node) or (1, frozenset())
        if monomial(node) is not None and not names:
            return turned, None
        shown = simplified(node)
        first, second = (World(seed, self.signs, self.size, self.bounds).value(node) for seed in SIGNATURE_SEEDS)
        if first == second == 0:
            return 0, None
        if names:
            turned_value = Threshold(shown, (first, second), names)
            return (turned, turned_value) if len(names) == 1 else (1, turned_value) if turned > 0 else (
                -1, Threshold(Neg(shown), (PRIMES[0] - first, PRIMES[0] - second), names))  # fmt: skip
        return 1, Threshold(shown, (first, second), frozenset())

    def require_positive(self, node: Expr) -> None:
        """Where a logarithm or root needs something positive, only that side is looked at."""
        try:
            sign = self.sign(node)
        except NeedSign as need:
            turned, _ = self.threshold(node)
            self.signs.decide(need.threshold, turned)
            return
        if sign <= 0:
            raise Undefined(f"{to_text(node)} is not positive")

    def pieces(self, node: Cases, level: int) -> int:
        for value, rule in node.pieces:
            if self.holds(rule):
                return self.value(value, level)
        if node.otherwise is None:
            raise Unsaid("no piece applies")
        return self.value(node.otherwise, level)

    def holds(self, rule: Expr) -> bool:
        """Whether a condition holds away from its edge: `>` and `≥` are the same here."""
        if isinstance(rule, And):
            return all(self.holds(item) for item in rule.items)
        if not isinstance(rule, Rel):
            raise TooMuch(f"{to_text(rule)} is not a condition")
        for sign, left, right in zip(rule.signs, rule.sides, rule.sides[1:], strict=False):
            if sign not in "<>≤≥=≠":
                raise TooMuch(f"{to_text(rule)} is not a condition")
            side = self.sign(Add((left, Neg(right))))
            if not {"<": side < 0, "≤": side <= 0, ">": side > 0, "≥": side >= 0, "=": side == 0, "≠": side != 0}[sign]:
                return False
        return True

    # Exponentials, logarithms, roots.

    def exp(self, exponent: Expr, level: int) -> int:
        """e^u: terms r·log(a) of u become a^r, the rest an exponential."""
        if level + 1 >= len(PRIMES):
            raise TooMuch("exponentials are nested too deep")
        product, rest = 1, 0
        for number, factors in terms_of(exponent):
            if {*factors} == {IMAGINARY, PI} and len(factors) == 2 and (number * ROOTS).denominator == 1:
                product = product * pow(turn(level), int(number * ROOTS) % TURN, PRIMES[level])
                continue
            logs = [at for at, factor in enumerate(factors) if isinstance(factor, Call) and factor.function == "log"]
            if len(logs) == 1 and len(factors[logs[0]].args) == 1:  # type: ignore[union-attr]
                others: Expr = Num(number)
                for at, factor in enumerate(factors):
                    others = others if at == logs[0] else multiplied(others, factor)
                product = product * self.raised(Pow(factors[logs[0]].args[0], others), level)  # type: ignore[union-attr]
            else:
                term = self.value(Num(number), level + 1)
                for factor in factors:
                    term = term * self.value(factor, level + 1)
                rest += term
        return product * exponential(rest % PRIMES[level + 1], level)

    def general_power(self, base: Expr, exponent: Expr, level: int) -> int:
        """a^u for a positive a: the number in u apart, so that 2^(x+1) = 2·2^x."""
        if level + 1 >= len(PRIMES):
            raise TooMuch("powers are nested too deep")
        self.require_positive(base)
        number, rest = shift_of(exponent)
        value = self.root_power(base, number, level) if number else 1
        if rest is None:
            return value
        return value * exponential(self.value(rest, level + 1) * self.log(base, level + 1) % PRIMES[level + 1], level)

    def log(self, of: Expr, level: int) -> int:
        """The logarithm as a sum over the factors; of a prime, a name or a sum it is an unknown."""
        total = 0
        for base, exponent in factors_of(of):
            if constant(base) == -1:
                continue
            total += self.value(exponent, level) * self.log_of_factor(base, level)
        return total

    def log_of_factor(self, base: Expr, level: int) -> int:
        if constant(base) == 0:
            raise Undefined("the logarithm of zero")
        if base == E_SYMBOL:
            return 1
        if isinstance(base, Pow) and base.base == E_SYMBOL:
            return self.value(base.exponent, level)
        if isinstance(base, Call) and base.function == "exp":
            return self.value(base.args[0], level)
        value = self.value(base, level)
        return self.unknown(f"log {min(value, PRIMES[level] - value)}", level)

    def root_power(self, of: Expr, power: Fraction, level: int) -> int:
        """|of|^power, where even roots need a positive radicand."""
        if power.denominator > 1:
            self.require_positive(of)
        product = 1
        for base, exponent in factors_of(of):
            total = constant(exponent)
            if total is None:
                product *= self.general_power(base, multiplied(exponent, Num(power)), level)
            elif constant(base) != -1:
                product *= self.factor_power(base, total * power, level)
            product %= PRIMES[level]
        return product if power.denominator > 1 or self.sign(of) > 0 or power % 2 == 0 else -product

    def factor_power(self, base: Expr, power: Fraction, level: int) -> int:
        """|base|^power of one factor."""
        if abs(power) > WHOLE_EXPONENT_LIMIT:
            raise TooMuch("a power is too large to compare")
        if isinstance(base, Pow | Call) and surely_positive(base) and self.is_exponential(base):
            inside = base.exponent if isinstance(base, Pow) else base.args[0]
            return self.exp(Mul((Num(power), inside)), level)
        if base == E_SYMBOL:
            return self.exp(Num(power), level)
        if isinstance(base, Sym) and (power * ROOTS).denominator == 1 and not self.is_index(base):
            if power.denominator > 1 or power % 2:
                self.sign(base)  # |x| and x are told apart by the side we are on
            return self.to_whole(self.unknown(self.name(base), level), int(power * ROOTS), level)
        whole = self.value(base, level)
        if power.denominator == 1 and power % 2 == 0:
            return self.to_whole(whole, int(power), level)
        whole = whole if self.sign(base) >= 0 else -whole
        if power.denominator == 1:
            return self.to_whole(whole, int(power), level)
        return self.to_whole(self.root(base, whole, power.denominator, level), power.numerator, level)

    def is_exponential(self, base: Pow | Call) -> bool:
        return base.base == E_SYMBOL if isinstance(base, Pow) else base.function == "exp"

    def is_index(self, node: Sym) -> bool:
        return self.name(node) in self.indices or self.name(node) in self.bounds

    def to_whole(self, value: int, power: int, level: int) -> int:
        return pow(value if power >= 0 else self.divided(value, level), abs(power), PRIMES[level])

    def root(self, base: Expr, value: int, degree: int, level: int) -> int:
        number = constant(base)
        if degree == 2 and number is not None and number.denominator == 1 and number < 100:
            root = root_of_prime(int(number), level)
            if root is not None:
                return root
        if degree != 2:
            return self.unknown(f"root {degree} {value % PRIMES[level]}", level)
        root = square_root(value, level)
        if root is None and number is not None:
            return self.unknown(f"root {degree} {value % PRIMES[level]}", level)
        if root is None:
            raise Retry
        if value % PRIMES[level] not in self.roots:
            self.roots.append(value % PRIMES[level])
        flip = self.flipped >> self.roots.index(value % PRIMES[level]) & 1
        return -root if flip else root

    # Functions.

    def call(self, node: Call, level: int) -> int:
        from app.grading.mathematics.functions import FUNCTION_VALUES  # noqa: PLC0415

        handler = FUNCTION_VALUES.get(node.function)
        return handler(self, node.args, level) if handler else self.opaque(node.function, node.args, level)

    def opaque(self, name: str, args: tuple[Expr, ...], level: int) -> int:
        """An unknown that depends on the values of the arguments only."""
        values = ",".join(str(self.value(arg, level)) for arg in args)
        return self.unknown(f"{name}({values})", level)

    def rotated(self, angle: Expr, level: int) -> tuple[int, int]:
        """e^(iu) and e^(-iu); multiples of π in u are turns."""
        if level + 1 >= len(PRIMES):
            raise TooMuch("functions are nested too deep")
        turns, rest = turns_of(angle)
        if (turns * ROOTS).denominator != 1:
            turns, rest = Fraction(0), angle
        value = rotation(self.value(rest, level + 1), level) if rest is not None else 1
        value = value * pow(turn(level), int(turns * ROOTS) % TURN, PRIMES[level]) % PRIMES[level]
        return value, self.divided(value, level)

    def applied(self, node: Apply, level: int) -> int:
        parts = (*node.args, Seq("|", ()), *node.given) if node.given is not None else node.args
        values = ",".join(self.key(part, level) for part in parts)
        return self.unknown(f"{self.name(node.head)}({values})", level)

    def key(self, node: Expr, level: int) -> str:
        """What tells one argument from another: its value, or its form where it has none."""
        if isinstance(node, Seq | Rel | And | Dots):
            return type(node).__name__ + str(getattr(node, "signs", "")) + "[" + ",".join(
                self.key(part, level) for part in getattr(node, "sides", getattr(node, "items", ()))
            ) + "]"  # fmt: skip
        return str(self.value(node, level))

    def gradient(self, node: Grad, level: int) -> int:
        of = self.key(node.of, level) if node.of is not None else ""
        by = self.key(node.by, level) if node.by is not None else ""
        return self.unknown(f"∇{by} {of}", level)

    def series(self, node: BigSum, level: int) -> int:
        """The sum written out; one without bounds runs over as many terms as the world's size."""
        index = node.index or self.guessed_index(node.body)
        if index is None:
            return self.unknown(f"{node.kind} {self.value(node.body, level)}", level)
        low, high = self.bound(node.lower, 1), self.bound(node.upper, self.size)
        if not -TERMS_LIMIT <= low or high - low >= TERMS_LIMIT * 4:
            raise TooMuch("the sum is too long to compare")
        name, before, total = to_text(index), self.indices, 0 if node.kind == "sum" else 1
        for number in range(low, high + 1):
            self.indices = {**before, name: number}
            value = self.value(node.body, level)
            total = total + value if node.kind == "sum" else total * value % PRIMES[level]
        self.indices = before
        return total

    def guessed_index(self, body: Expr) -> Sym | None:
        """The one letter that serves as index inside a sum without bounds."""
        found = {name.sub for name in symbols_in(body) if isinstance(name.sub, Sym)}
        return next(iter(found)) if len(found) == 1 else None

    def bound(self, node: Expr | None, default: int) -> int:
        if node is None:
            return default
        try:
            value = evaluate(self.placed(node)).value
        except NoValue:
            raise TooMuch("the bounds of the sum are not numbers") from None
        return math.floor(value)


_HANDLERS: dict[type, Callable[[World, "Expr", int], int]] = {
    Num: World.number, Sym: World.symbol, Add: World.add, Mul: World.multiply, Neg: World.negate, Div: World.divide,
    Pow: World.raised, Call: World.call, Apply: World.applied, Grad: World.gradient, BigSum: World.series,
    Cases: World.pieces,
}  # type: ignore[dict-item]  # fmt: skip

__all__ = ["ONE", "Retry", "TooMuch", "World", "imaginary"]
