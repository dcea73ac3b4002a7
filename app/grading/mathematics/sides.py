"""Exact comparison of two formulas on every side of their thresholds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from app.grading.mathematics.branches import require_positive
from app.grading.mathematics.effort import Effort, TooMuch
from app.grading.mathematics.finite import PRIMES
from app.grading.mathematics.modular import world_at
from app.grading.mathematics.powers import whole_power
from app.grading.mathematics.signs import STEPS_LIMIT, NeedSign, Signs, Threshold, Undefined, Unsaid
from app.grading.mathematics.splitting import constant, joined, symbols_in, terms_of
from app.grading.mathematics.tree import (
    Add,
    BigSum,
    Call,
    Div,
    Expr,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    children,
    kept_in_tree,
    kinds_in,
    memory_of,
    walk,
)
from app.grading.mathematics.world import Retry, World
from app.grading.mathematics.writing import to_text

SIDES_LIMIT = 64
TRIES = 40  # of points until all roots exist in the field
POINTS = 2  # where roots were taken, of which each point may have another sign; elsewhere one point decides
FLIPS_LIMIT = 4
SIZES_LIMIT = 10


@dataclass(slots=True)
class Finding:
    """What the exact comparison found.

    `equal`: on every side where both have values. `compared`: there is such a side. `unsaid`: one formula says
    nothing about a side. `rooted`: equal up to the signs of roots. `unclear`: why it could not be decided.
    """

    equal: bool = True
    compared: bool = False
    unsaid: bool = False
    rooted: bool = False
    unclear: str = ""
    thresholds: list[Threshold] = field(default_factory=list)


def compare_exactly(a: Expr, b: Expr, positive: Iterable[str] = (), effort: Effort | None = None) -> Finding:
    """Compare on all combinations of signs that the two formulas ask for; `effort` may be shared with others."""
    finding = Finding()
    waiting = [Signs(dict.fromkeys(positive, 1), effort=effort or Effort(STEPS_LIMIT))]
    bounds = bounds_in(a) | bounds_in(b)
    sums = BigSum in kinds_in(a) or BigSum in kinds_in(b)
    sizes = range(1, terms_needed(a, b) or 4) if sums else (3,)
    for _ in range(SIDES_LIMIT * 3):
        if not waiting:
            break
        signs = waiting.pop()
        try:
            _compare_side(a, b, signs, bounds, sizes, finding)
        except NeedSign as need:
            if all(need.threshold.formula != known.formula for known in finding.thresholds):
                finding.thresholds.append(need.threshold)
            waiting += [signs.with_sign(need.threshold, sign) for sign in (-1, 1)]
        except (TooMuch, OverflowError, RecursionError) as reason:
            finding.unclear = str(reason) or "the formula is too large to compare"
            break
    if len(waiting) > 0 and not finding.unclear:
        finding.unclear = "there are too many pieces to compare"
    return finding


def _compare_side(
    a: Expr, b: Expr, signs: Signs, bounds: frozenset[str], sizes: Iterable[int], finding: Finding
) -> None:
    for size in sizes:
        side = _Side(a, b, signs, bounds, size)
        try:
            same = side.same()
        except Unsaid:
            finding.unsaid = True
            return
        except Undefined:
            return
        if signs.contradict():
            return
        finding.compared = True
        finding.rooted = finding.rooted or side.rooted
        if not same:
            finding.equal = False
            return


@dataclass(slots=True)
class _Side:
    a: Expr
    b: Expr
    signs: Signs
    bounds: frozenset[str]
    size: int
    rooted: bool = False

    def same(self) -> bool:
        """Whether the formulas agree at enough points; points without the needed roots are skipped.

        How likely it is that different formulas agree at a point by chance depends on their degree (see `finite`):
        less than 2^-80 for any that people write, about 2^-34 with whole powers near 10^15 two levels deep.
        """
        agreed = 0
        for seed in range(1, TRIES):
            world = world_at(seed, self.signs, self.size, self.bounds)
            try:
                if not self.same_at(world):
                    return False
            except Retry:
                continue
            agreed += 1
            if agreed == POINTS or not world.roots:
                return True
        raise TooMuch("roots of this kind are not compared")

    def same_at(self, world: World) -> bool:
        if _value_at(world, self.a) == _value_at(world, self.b) or _logarithms_cancel(world, self.a, self.b):
            return True
        if not 0 < len(world.roots) <= FLIPS_LIMIT:
            return False
        for flipped in range(1, 1 << len(world.roots)):
            other = world_at(world.seed, self.signs, self.size, self.bounds, flipped)
            if other.value(self.a) == other.value(self.b):
                self.rooted = True
                return True
        return False


def _value_at(world: World, node: Expr) -> int:
    """The value at the point, remembered by the tree where it asks for no signs: an author's formula meets many answers."""
    signs = world.signs
    if signs.others or signs.names or world.bounds:
        return world.value(node)
    memory, key = memory_of(node), (_value_at, world.seed, world.size)
    if key in memory:
        value, roots, steps = memory[key]
        world.effort.spend(steps)
        world.roots += [root for root in roots if root not in world.roots]
        return int(value)
    known, left = world.roots, world.effort.left
    world.roots = []
    value = world.value(node)
    if not (signs.others or signs.names):
        memory[key] = value, tuple(world.roots), left - world.effort.left
    world.roots = known + [root for root in world.roots if root not in known]
    return value


def _logarithms_cancel(world: World, a: Expr, b: Expr) -> bool:
    """Whether a - b is a sum of logarithms of factors that multiply to one: log(x²-1) = log(x-1) + log(x+1)."""
    logs: list[tuple[Fraction, Expr]] = []
    rest = 0
    for number, factors in terms_of(Add((a, Neg(b)))):
        only = factors[0] if len(factors) == 1 else None
        if isinstance(only, Call) and only.function == "log" and len(only.args) == 1:
            logs.append((number, only.args[0]))
        else:
            rest += world.value(joined(number, factors))
    if rest % PRIMES[0] or not logs:
        return False
    whole, product = math.lcm(*(number.denominator for number, _ in logs)), 1
    for number, inside in logs:
        require_positive(world, inside)
        product = product * whole_power(world, inside, int(number * whole), 0) % PRIMES[0]
    return product == 1


def terms_needed(a: Expr, b: Expr) -> int:
    """For how many sizes sums must agree before they agree for all: one more than the degree; 0 if not known."""
    degrees = [_degree(tree) for tree in (a, b)]
    return max(degrees) + 2 if min(degrees) >= 0 and max(degrees) <= SIZES_LIMIT else 0


def _degree(node: Expr) -> int:
    """The degree of a polynomial in all its names, sums over a number of terms included; -1 if it is none."""
    inner = [_degree(child) for child in children(node)] if not isinstance(node, Sym | BigSum) else []
    if min(inner, default=0) < 0:
        return -1
    match node:
        case Num():
            return 0
        case Sym(sub=None, sup=None):
            return 1
        case Neg() | Add():
            return max(inner)
        case Mul():
            return sum(inner)
        case Div(_, bottom) if constant(bottom):
            return inner[0]
        case Pow(_, Num(power)) if power.denominator == 1 and 0 <= power <= SIZES_LIMIT:
            return inner[0] * int(power)
        case BigSum("sum", body, index, lower, upper) if index and lower and upper:
            parts = [_degree(part) for part in (body, lower, upper)]
            return (parts[0] + 1) * max(*parts[1:], 1) if min(parts) >= 0 else -1
    return -1


@kept_in_tree
def bounds_in(node: Expr) -> frozenset[str]:
    """The names that stand in the bounds of sums: whole numbers."""
    names: set[str] = set()
    for part in walk(node) if BigSum in kinds_in(node) else ():
        if isinstance(part, BigSum):
            for bound in (part.lower, part.upper):
                names |= {to_text(name) for name in symbols_in(bound)} if bound is not None else set()
            if part.index is not None:
                names.discard(to_text(part.index))
    return frozenset(names)


@kept_in_tree
def is_rational(node: Expr) -> bool:
    """Whether the formula is a quotient of polynomials: then the exact comparison decides alone.

    One of e and π may take part: no polynomial with rational numbers has them as a root.
    """
    nodes = walk(node)
    names = {part.name for part in nodes if isinstance(part, Sym)}
    if "∞" in names or ({"e", "π"} <= names and {Sym("e"), Sym("π")} <= set(nodes)):
        return False
    for part in nodes:
        if isinstance(part, Pow):
            exponent = constant(part.exponent)
            if exponent is None or exponent.denominator != 1:
                return False
        elif not isinstance(part, Num | Sym | Add | Mul | Neg | Div):
            return False
    return True
