"""Known functions in the finite field: what each is made of there."""

from collections.abc import Callable
from fractions import Fraction

from app.grading.mathematics.branches import require_positive, sign
from app.grading.mathematics.exact import FACTORIAL_LIMIT
from app.grading.mathematics.finite import PRIMES, imaginary
from app.grading.mathematics.powers import exp, log, raised, root_power, rotated
from app.grading.mathematics.signs import Undefined
from app.grading.mathematics.splitting import PI, constant, shift_of
from app.grading.mathematics.tree import ONE, ZERO, Add, Call, Div, Expr, Mul, Neg, Num, Pow
from app.grading.mathematics.world import World
from app.grading.mathematics.writing import to_text

SHIFT_LIMIT = 40
_HALF, _TWO = Num(Fraction(1, 2)), Num(Fraction(2))
Args = tuple[Expr, ...]


def _exp(world: World, args: Args, level: int) -> int:
    return exp(world, args[0], level)


def _log(world: World, args: Args, level: int) -> int:
    require_positive(world, args[0])
    value = log(world, args[0], level)
    if len(args) == 1:
        return value
    require_positive(world, args[1])
    return value * world.divided(log(world, args[1], level), level)


def _sqrt(world: World, args: Args, level: int) -> int:
    return root_power(world, args[0], Fraction(1, 2), level)


def _root(world: World, args: Args, level: int) -> int:
    degree = constant(args[1])
    if degree is None or degree.denominator != 1 or degree == 0:
        return raised(world, Pow(args[0], Div(ONE, args[1])), level)
    if degree % 2 and sign(world, args[0]) < 0:
        return -root_power(world, Neg(args[0]), 1 / degree, level)
    return root_power(world, args[0], 1 / degree, level)


def _abs(world: World, args: Args, level: int) -> int:
    value = world.value(args[0], level)
    return value if sign(world, args[0]) >= 0 else -value


def _max(world: World, args: Args, level: int) -> int:
    return world.value(_extreme(world, args, 1), level)


def _min(world: World, args: Args, level: int) -> int:
    return world.value(_extreme(world, args, -1), level)


def _extreme(world: World, args: Args, direction: int) -> Expr:
    """The largest or smallest; in a fixed order, so that fewer differences need a sign."""
    best, *others = sorted(args, key=to_text)
    for other in others:
        difference = best if other == ZERO else other if best == ZERO else Add((best, Neg(other)))
        ahead = sign(world, difference) * (-1 if best == ZERO and other != ZERO else 1)
        best = best if ahead * direction >= 0 else other
    return best


def _relu(world: World, args: Args, level: int) -> int:
    return world.value(args[0], level) if sign(world, args[0]) > 0 else 0


def _step(world: World, args: Args, level: int) -> int:
    return int(sign(world, args[0]) > 0)


def _sign(world: World, args: Args, level: int) -> int:
    return sign(world, args[0])


def _sigmoid(world: World, args: Args, level: int) -> int:
    return world.divided(1 + exp(world, Neg(args[0]), level), level)


def _softplus(world: World, args: Args, level: int) -> int:
    return log(world, Add((ONE, Call("exp", args))), level)


def _inside(args: Args, inverse: str) -> Expr | None:
    """The x of cos(arccos x)."""
    inner = args[0]
    return inner.args[0] if isinstance(inner, Call) and inner.function == inverse else None


def _side(world: World, args: Args, inverse: str, level: int) -> int | None:
    """√(1 - x²): the cosine of arcsin x, the sine of arccos x."""
    inside = _inside(args, inverse)
    if inside is None:
        return None
    return root_power(world, Add((ONE, Neg(Pow(inside, _TWO)))), Fraction(1, 2), level)


def _cos(world: World, args: Args, level: int) -> int:
    if inside := _inside(args, "acos"):
        return world.value(inside, level)
    if (side := _side(world, args, "asin", level)) is not None:
        return side
    if inside := _inside(args, "atan"):
        return root_power(world, Add((ONE, Pow(inside, _TWO))), Fraction(-1, 2), level)
    forth, back = rotated(world, args[0], level)
    return (forth + back) * world.divided(2, level)


def _sin(world: World, args: Args, level: int) -> int:
    if inside := _inside(args, "asin"):
        return world.value(inside, level)
    if (side := _side(world, args, "acos", level)) is not None:
        return side
    if inside := _inside(args, "atan"):
        return world.value(inside, level) * _cos(world, args, level)
    forth, back = rotated(world, args[0], level)
    return (forth - back) * world.divided(2 * imaginary(level), level)


def _tan(world: World, args: Args, level: int) -> int:
    if inside := _inside(args, "atan"):
        return world.value(inside, level)
    return _quotient(_sin, _cos)(world, args, level)


def _cosh(world: World, args: Args, level: int) -> int:
    value = exp(world, args[0], level)
    return (value + world.divided(value, level)) * world.divided(2, level)


def _sinh(world: World, args: Args, level: int) -> int:
    value = exp(world, args[0], level)
    return (value - world.divided(value, level)) * world.divided(2, level)


Value = Callable[[World, Args, int], int]


def _quotient(top: Value | None, bottom: Value) -> Value:
    def value(world: World, args: Args, level: int) -> int:
        above = top(world, args, level) if top else 1
        return above * world.divided(bottom(world, args, level), level)

    return value


def _factorial(world: World, args: Args, level: int) -> int:
    """(n + 2)! is n!·(n + 1)·(n + 2)."""
    shift, rest = shift_of(args[0])
    if (
        shift.denominator != 1
        or (rest is None and not 0 <= shift <= FACTORIAL_LIMIT)
        or abs(shift) > FACTORIAL_LIMIT
    ):
        raise Undefined("the factorial of this has no value")
    base = world.value(rest, level) if rest is not None else 0
    steps = range(1, int(shift) + 1) if shift > 0 else range(int(shift) + 1, 1)
    if rest is not None and len(steps) > SHIFT_LIMIT:
        return world.opaque("factorial", args, level)
    product = 1
    for step in steps:
        product = product * (base + step) % PRIMES[level]
    start = world.unknown(f"factorial {base}", level) if rest is not None else 1
    return start * (product if shift >= 0 else world.divided(product, level))


def _binomial(world: World, args: Args, level: int) -> int:
    top, bottom = args
    number = constant(bottom)
    if number is not None and number.denominator == 1 and 0 <= number <= SHIFT_LIMIT:
        value, product = world.value(top, level), 1
        for step in range(int(number)):
            product = product * (value - step) * world.divided(step + 1, level) % PRIMES[level]
        return product
    rest = Call("factorial", (Add((top, Neg(bottom))),))
    return world.value(Div(Call("factorial", (top,)), Mul((Call("factorial", (bottom,)), rest))), level)


def _inverse_hyperbolic(name: str) -> Value:
    """asinh, acosh and atanh are logarithms."""

    def value(world: World, args: Args, level: int) -> int:
        x = args[0]
        square, one = Pow(x, Num(Fraction(2))), Num(Fraction(-1 if name == "acosh" else 1))
        if name == "atanh":
            inside: Expr = Div(Add((ONE, x)), Add((ONE, Neg(x))))
            return world.value(Mul((_HALF, Call("log", (inside,)))), level)
        return world.value(Call("log", (Add((x, Call("sqrt", (Add((square, one)),)))),)), level)

    return value


# Angles as parts of π.
_ANGLES = {
    ("asin", Fraction(1, 2)): Fraction(1, 6), ("asin", Fraction(1)): Fraction(1, 2), ("atan", Fraction(1)): Fraction(1, 4),
}  # fmt: skip


def _odd(name: str) -> Value:
    """An unknown function with f(-x) = -f(x)."""

    def value(world: World, args: Args, level: int) -> int:
        number = constant(args[0])
        if number is not None and (turn := _ANGLES.get((name, abs(number)))) is not None:
            return world.value(Mul((Num(turn if number > 0 else -turn), PI)), level)
        inside = world.value(args[0], level)
        smaller = min(inside, PRIMES[level] - inside)
        return world.unknown(f"{name} {smaller}", level) * (1 if smaller == inside else -1) if inside else 0

    return value


def _acos(world: World, args: Args, level: int) -> int:
    """A quarter turn less the arc sine."""
    return world.value(Div(PI, Num(Fraction(2))), level) - FUNCTION_VALUES["asin"](world, args, level)


FUNCTION_VALUES: dict[str, Value] = {
    "exp": _exp, "log": _log, "sqrt": _sqrt, "root": _root, "abs": _abs, "max": _max, "min": _min, "relu": _relu,
    "step": _step, "sign": _sign, "sigmoid": _sigmoid, "softplus": _softplus, "sin": _sin, "cos": _cos,
    "tan": _tan, "cot": _quotient(_cos, _sin), "sec": _quotient(None, _cos),
    "csc": _quotient(None, _sin), "sinh": _sinh, "cosh": _cosh, "tanh": _quotient(_sinh, _cosh),
    "coth": _quotient(_cosh, _sinh), "sech": _quotient(None, _cosh), "csch": _quotient(None, _sinh),
    "asin": _odd("asin"), "atan": _odd("atan"), "acos": _acos,
    "factorial": _factorial, "binom": _binomial,
    **{name: _inverse_hyperbolic(name) for name in ("asinh", "acosh", "atanh")},
}  # fmt: skip
