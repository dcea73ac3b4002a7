"""Powers, exponentials, logarithms and roots at a point of the field.

Exponents are values at the next level: `e^u` is g^u there, and `a^u` is g^(u·log a). Logarithms are sums over the
factors of their argument; even roots need a positive radicand, which then has a square root mod p or asks for
another point.
"""

from fractions import Fraction

from app.grading.mathematics.branches import require_positive, sign
from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.finite import (
    PRIMES,
    TURN,
    exponential,
    root_of_prime,
    rotation,
    square_root,
    turn,
)
from app.grading.mathematics.signs import Undefined
from app.grading.mathematics.splitting import (
    PI,
    constant,
    factors_of,
    joined,
    multiplied,
    shift_of,
    surely_positive,
    terms_of,
    turns_of,
)  # fmt: skip
from app.grading.mathematics.tree import Call, Expr, Mul, Num, Pow, Sym
from app.grading.mathematics.world import Retry, World

POWER_LIMIT = 10**15  # of all nested whole exponents together
WHOLE_EXPONENT_LIMIT = 10**9
SMALL_PRIME = 100
ROOTS = 60  # names are 60th powers, so that their square to 60th roots exist
E_SYMBOL = Sym("e")
IMAGINARY = Sym("𝑖")  # the imaginary unit, put in for i where that may be meant


def raised(world: World, node: Pow, level: int) -> int:
    """Any power."""
    exponent = constant(node.exponent)
    if node.base == E_SYMBOL and (exponent is None or exponent.denominator > 1):
        return exp(world, node.exponent, level)
    if exponent is None and (world.indices or world.bounds):
        exponent = constant(world.placed(node.exponent))
    if exponent is None:
        return _general_power(world, node.base, node.exponent, level)
    if exponent.denominator == 1:
        return whole_power(world, node.base, int(exponent), level)
    return root_power(world, node.base, exponent, level)


def whole_power(world: World, base: Expr, exponent: int, level: int) -> int:
    """A power with a whole exponent."""
    before = world.power
    world.power *= max(abs(exponent), 1)
    if abs(exponent) > WHOLE_EXPONENT_LIMIT or world.power > POWER_LIMIT:
        raise TooMuch("a power is too large to compare")
    value = world.value(base, level)
    world.power = before
    return _to_whole(world, value, exponent, level)


def _to_whole(world: World, value: int, power: int, level: int) -> int:
    return pow(value if power >= 0 else world.divided(value, level), abs(power), PRIMES[level])


def exp(world: World, exponent: Expr, level: int) -> int:
    """e^u: terms r·log(a) of u become a^r, multiples of iπ turns, the rest an exponential."""
    _check_level(level)
    product, rest = 1, 0
    for number, factors in terms_of(exponent):
        if len(factors) == 2 and set(factors) == {IMAGINARY, PI} and (number * ROOTS).denominator == 1:
            product *= pow(turn(level), int(number * ROOTS) % TURN, PRIMES[level])
        elif (power := _as_power(number, factors)) is not None:
            product *= raised(world, power, level)
        else:
            rest += _term(world, number, factors, level + 1)
    return product * exponential(rest % PRIMES[level + 1], level)


def _check_level(level: int) -> None:
    if level + 1 >= len(PRIMES):
        raise TooMuch("functions are nested too deep to compare")


def _as_power(number: Fraction, factors: tuple[Expr, ...], base: Expr = E_SYMBOL) -> Pow | None:
    """r·log(a) as a^r, for the logarithm to this base."""
    logs = [factor for factor in factors if isinstance(factor, Call) and factor.function == "log"]
    if len(logs) != 1 or (logs[0].args[1:] or (E_SYMBOL,)) != (base,):
        return None
    others: Expr = Num(number)
    for factor in factors:
        others = others if factor is logs[0] else multiplied(others, factor)
    return Pow(logs[0].args[0], others)


def _term(world: World, number: Fraction, factors: tuple[Expr, ...], level: int) -> int:
    value = world.value(Num(number), level)
    for factor in factors:
        value = value * world.value(factor, level) % PRIMES[level]
    return value


def rotated(world: World, angle: Expr, level: int) -> tuple[int, int]:
    """e^(iu) and e^(-iu); multiples of π in u are turns."""
    _check_level(level)
    turns, rest = turns_of(angle)
    if (turns * ROOTS).denominator != 1:
        turns, rest = Fraction(0), angle
    value = rotation(world.value(rest, level + 1), level) if rest is not None else 1
    value = value * pow(turn(level), int(turns * ROOTS) % TURN, PRIMES[level]) % PRIMES[level]
    return value, world.divided(value, level)


def _general_power(world: World, base: Expr, exponent: Expr, level: int) -> int:
    """a^u for a positive a: the number in u apart, so that 2^(x+1) = 2·2^x."""
    _check_level(level)
    require_positive(world, base)
    number, rest = shift_of(exponent)
    value = root_power(world, base, number, level) if number else 1
    if rest is None:
        return value
    terms = terms_of(rest)
    powers = [_as_power(part, factors, base) for part, factors in terms]
    if any(powers):  # 2^(3·log₂ x) is x³
        for (part, factors), power in zip(terms, powers, strict=True):
            value *= raised(world, power or Pow(base, joined(part, factors)), level)
        return value % PRIMES[level]
    inside = world.value(rest, level + 1) * log(world, base, level + 1)
    return value * exponential(inside % PRIMES[level + 1], level)


def log(world: World, of: Expr, level: int) -> int:
    """The logarithm of |of| as a sum over the factors; of a prime, a name or a sum it is an unknown."""
    total = 0
    for base, exponent in factors_of(of):
        if constant(base) != -1:
            total += world.value(exponent, level) * _log_of_factor(world, base, level)
    return total


def _log_of_factor(world: World, base: Expr, level: int) -> int:
    if constant(base) == 0:
        raise Undefined("the logarithm of zero")
    if base == E_SYMBOL:
        return 1
    inside = exponent_of(base)
    if inside is not None:
        return world.value(inside, level)
    value = world.value(base, level)
    return world.unknown(f"log {min(value, PRIMES[level] - value)}", level)


def exponent_of(node: Expr) -> Expr | None:
    """The u of e^u."""
    match node:
        case Pow(base, exponent) if base == E_SYMBOL:
            return exponent
        case Call("exp", (exponent,)):
            return exponent
    return None


def root_power(world: World, of: Expr, power: Fraction, level: int) -> int:
    """of^power for any number as power; roots need a positive radicand."""
    if power.denominator > 1:
        require_positive(world, of)
    product = 1
    for base, exponent in factors_of(of):
        total = constant(exponent)
        if total is None:
            product *= _general_power(world, base, multiplied(exponent, Num(power)), level)
        elif constant(base) != -1:
            product *= _factor_power(world, base, total * power, level)
        product %= PRIMES[level]
    negative = power.denominator == 1 and power % 2 and sign(world, of) < 0
    return -product if negative else product


def _factor_power(world: World, base: Expr, power: Fraction, level: int) -> int:
    """|base|^power of one factor."""
    if abs(power) > WHOLE_EXPONENT_LIMIT:
        raise TooMuch("a power is too large to compare")
    inside = Num(Fraction(1)) if base == E_SYMBOL else exponent_of(base)
    if inside is not None:
        return exp(world, Mul((Num(power), inside)), level)
    if isinstance(base, Sym) and (power * ROOTS).denominator == 1 and world.counted(world.name(base)) is None:
        if power.denominator > 1 or power % 2:
            sign(world, base)  # |x| and x are told apart by the side we are on
        return _to_whole(world, world.unknown(world.name(base), level), int(power * ROOTS), level)
    value = world.value(base, level)
    if power.denominator == 1 and power % 2 == 0:
        return _to_whole(world, value, int(power), level)
    value = value if surely_positive(base) or sign(world, base) >= 0 else -value
    if power.denominator > 1:
        value = _root(world, base, value % PRIMES[level], power.denominator, level)
    return _to_whole(world, value, power.numerator, level)


def _root(world: World, base: Expr, value: int, degree: int, level: int) -> int:
    """A root of this degree; square roots of primes fit the cosines, those of formulas may have either sign."""
    if degree != 2:
        return world.unknown(f"root {degree} {value}", level)
    number = constant(base)
    small = number is not None and number.denominator == 1 and number < SMALL_PRIME
    root = root_of_prime(int(number), level) if number is not None and small else square_root(value, level)
    if number is not None:
        return world.unknown(f"root 2 {value}", level) if root is None else root
    if root is None:
        raise Retry
    if value not in world.roots:
        world.roots.append(value)
    return -root if world.flipped >> world.roots.index(value) & 1 else root
