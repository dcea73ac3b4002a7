"""Signs, conditions and pieces at a point of the field: which branch of a formula is looked at."""

from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.finite import PRIMES
from app.grading.mathematics.real_functions import NotReal
from app.grading.mathematics.rounding import real_value
from app.grading.mathematics.signs import (
    NeedSign,
    Signature,
    Threshold,
    Undefined,
    Unsaid,
    monomial,
    simplified,
)
from app.grading.mathematics.splitting import constant, surely_positive, symbols_in
from app.grading.mathematics.tree import (
    Add,
    And,
    Cases,
    Div,
    Expr,
    Mul,
    Neg,
    Num,
    Rel,
    Sym,
    is_number,
    kept_in_tree,
    kinds_in,
    memory_of,
)
from app.grading.mathematics.world import World
from app.grading.mathematics.writing import to_text

SIGNATURE_SEEDS = (101, 102)
_NO_SIGNATURE = (0, 0)
_WITHOUT_SIGNS = frozenset({Num, Sym, Add, Mul, Neg, Div})  # kinds whose values need none
_HOLDS = {
    "<": (-1,), "≤": (-1, 0), ">": (1,), "≥": (0, 1), "=": (0,), "≠": (-1, 1),
}  # fmt: skip


def sign(world: World, node: Expr) -> int:
    """-1, 0 or 1; raises NeedSign where it is not decided yet."""
    if world.indices or world.bounds:
        node = world.placed(node)
    product = monomial(node)
    if product is not None:
        turned, names = product
        known = world.signs.of_names(names)
        if known is not None:  # mostly; all else takes longer
            return turned * known
    elif (number := constant(node)) is not None:
        return (number > 0) - (number < 0)
    elif surely_positive(node):
        return 1
    elif not symbols_in(node):
        return _sign_of_number(node)
    turned, threshold = _threshold(world, node)
    if threshold is None:
        return turned
    known = world.signs.known(threshold)
    if known is None:
        raise NeedSign(threshold, node, turned)
    return turned * known


def _sign_of_number(node: Expr) -> int:
    try:
        value, error = real_value(node, {})
    except NotReal:
        raise Undefined("a number is not real") from None
    if abs(value) <= error:
        raise TooMuch("the sign of a number is not clear")
    return 1 if value > 0 else -1


def _threshold(world: World, node: Expr) -> tuple[int, Threshold | None]:
    """A sign and the threshold it is to be multiplied with; None if the sign alone is the answer."""
    turned, names = monomial(node) or (1, frozenset())
    if len(names) == 1:  # whose sign is all that will be asked for
        return turned, Threshold(simplified(node), _NO_SIGNATURE, names)
    first, second = _signature(world, node)
    if first == second == 0:
        return 0, None
    shown = simplified(node)
    if turned < 0 and len(names) > 1:
        return -1, Threshold(Neg(shown), (PRIMES[0] - first, PRIMES[0] - second), names)
    return turned, Threshold(shown, (first, second), names)


def _signature(world: World, node: Expr) -> Signature:
    """The values at two fixed points; they are kept where no sign changes them, for the other sides and answers.

    What they cost is paid every time, so that it is the same whoever asks first.
    """
    if world.signs.names or world.bounds or not kinds_in(node) <= _WITHOUT_SIGNS:
        return _values(world, node)
    memory = memory_of(node)
    if _signature in memory:
        found, steps = memory[_signature]
        world.effort.spend(steps)
    else:
        left = world.effort.left
        found = _values(world, node)
        memory[_signature] = found, left - world.effort.left
    signature: Signature = found
    return signature


def _values(world: World, node: Expr) -> Signature:
    first, second = [world.elsewhere(seed).value(node) for seed in SIGNATURE_SEEDS]
    return first, second


def require_positive(world: World, node: Expr) -> None:
    """Where a logarithm or root needs something positive, only that side is looked at."""
    try:
        found = sign(world, node)
    except NeedSign as need:
        turned = need.turned if need.asked is node else _threshold(world, node)[0]
        world.signs.decide(need.threshold, turned)
        return
    if found <= 0:
        raise Undefined(f"{to_text(node)} is not positive")


def pieces(world: World, node: Cases, level: int) -> int:
    """The value of the first piece whose condition holds."""
    for value, rule in node.pieces:
        if _holds(world, rule):
            return world.value(value, level)
    if node.otherwise is None:
        raise Unsaid("no piece applies")
    return world.value(node.otherwise, level)


def _holds(world: World, rule: Expr) -> bool:
    """Whether a condition holds away from its edge: `>` and `≥` are the same there."""
    return all(sign(world, difference) in signs for difference, signs in _asked(rule))


@kept_in_tree
def _asked(rule: Expr) -> list[tuple[Expr, tuple[int, ...]]]:
    """The formulas of a condition and the signs that they must have; it is asked for on every side of every threshold."""
    if isinstance(rule, And):
        return [asked for item in rule.items for asked in _asked(item)]
    if not isinstance(rule, Rel) or not _HOLDS.keys() >= {*rule.signs}:
        raise TooMuch(f"{to_text(rule)} is not a condition")
    pairs = zip(rule.signs, rule.sides, rule.sides[1:], strict=False)
    return [
        (left if is_number(right, 0) else Add((left, Neg(right))), _HOLDS[relation])
        for relation, left, right in pairs
    ]
