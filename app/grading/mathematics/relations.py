"""Comparing what is more than a value: equations, inequalities, lists, sets, matrices.

Two equations are the same if one is a number times the other: `y = 2x`, `2x = y` and `2y - 4x = 0`. Surprising:
`xy = 1` and `y = 1/x` are left to a person, and an equation is never equal to the formula on one of its sides.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import chain, permutations

from app.grading.mathematics.edges import edges_along, point_on_edge, points_beside
from app.grading.mathematics.effort import Effort, TooMuch
from app.grading.mathematics.equality import EVERYWHERE, Comparison, Domain, same_function
from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.finite import PRIMES, inverse, small_fraction
from app.grading.mathematics.modular import world_at
from app.grading.mathematics.probing import EFFORT, fixed_points, names_of
from app.grading.mathematics.real_functions import NotReal
from app.grading.mathematics.rounding import real_value
from app.grading.mathematics.sides import bounds_in
from app.grading.mathematics.signs import NeedSign, Signs, Undefined
from app.grading.mathematics.tree import (
    Add,
    And,
    Apply,
    Div,
    Expr,
    Mul,
    Neg,
    Num,
    Rel,
    Seq,
    Sym,
    is_number,
    walk,
)
from app.grading.mathematics.world import Retry

MOST_PARTS = 4
_CLEARLY = 1e-5
_TURNED = {"<": ">", "≤": "≥"}
_ORDERS = frozenset({">", "≥"})
_RELATIONS = Rel, And

Part = tuple[str, Expr, Expr]  # a sign with its two sides


def compare_expressions(a: Expr, b: Expr, domain: Domain = EVERYWHERE) -> Comparison:
    """Compare two trees of any kind."""
    if isinstance(a, _RELATIONS) and isinstance(b, _RELATIONS):
        return _compare_relations(a, b, domain)
    if isinstance(a, _RELATIONS) or isinstance(b, _RELATIONS):
        return _relation_and_value(a, b)
    if isinstance(a, Seq) and isinstance(b, Seq):
        return _compare_lists(a, b, domain)
    if isinstance(a, Seq) or isinstance(b, Seq):
        return Comparison("different", "One is a list, the other is not.")
    return same_function(a, b, domain)


def _relation_and_value(a: Expr, b: Expr) -> Comparison:
    relation = a if isinstance(a, Rel | And) else b
    if (
        isinstance(relation, Rel)
        and relation.signs == ("=",)
        and any(_is_name(side) for side in relation.sides)
    ):
        return Comparison("unsure", "One is an equation that names a value, the other a value.")
    return Comparison("different", "One is an equation or condition, the other a value.")


def _is_name(node: Expr) -> bool:
    if isinstance(node, Div):
        return _is_name(node.top) and _is_name(node.bottom)
    return isinstance(node, Sym | Apply)


def _parts(node: Rel | And) -> Iterator[Part]:
    if isinstance(node, And):
        for item in node.items:
            if isinstance(item, Rel | And):
                yield from _parts(item)
        return
    for sign, left, right in zip(node.signs, node.sides, node.sides[1:], strict=False):
        yield (_TURNED[sign], right, left) if sign in _TURNED else (sign, left, right)


def _compare_relations(a: Rel | And, b: Rel | And, domain: Domain) -> Comparison:
    ours, theirs = list(_parts(a)), list(_parts(b))
    if len(ours) != len(theirs) or len(ours) > MOST_PARTS:
        return Comparison("unsure", "They have different numbers of relations.")
    if len(ours) == 1:
        return _compare_parts(ours[0], theirs[0], domain)
    for order in permutations(theirs):
        if all(_compare_parts(x, y, domain).equal for x, y in zip(ours, order, strict=True)):
            return Comparison("equal", "Both say the same.")
    return Comparison("unsure", "They could not be shown to say the same, nor to differ.")


def _compare_parts(a: Part, b: Part, domain: Domain) -> Comparison:
    (sign, left, right), (other_sign, other_left, other_right) = a, b
    if sign != other_sign and "→" in {sign, other_sign}:  # `x => 1`
        return Comparison("unsure", "What the arrow says is not known.")
    if sign != other_sign:
        return Comparison("different", f"One has the sign {sign}, the other {other_sign}.")
    if sign not in {"=", "≠", *_ORDERS}:
        return _same_sides(a, b, domain)
    if sign == "=" and (solved := _compare_solved(a, b, domain)) is not None:
        return solved
    ours, theirs = _difference(left, right), _difference(other_left, other_right)
    factor = _factor(ours, theirs)
    if factor and (factor > 0 or sign not in _ORDERS):
        found = same_function(ours, Mul((Num(factor), theirs)), replace(domain, partial=False))
        if found.equal:
            return Comparison("equal", "Both are the same relation.")
    if any(isinstance(side, Seq) for side in (left, right, other_left, other_right)):
        return _same_sides(a, b, domain)
    return _shown_different(ours, theirs, sign, domain)


def _compare_solved(a: Part, b: Part, domain: Domain) -> Comparison | None:
    """`y = f` and `y = g` for a name that is in neither formula: they differ where f and g do."""
    for name, right in (a[1:], a[:0:-1]):
        for other, other_right in (b[1:], b[:0:-1]):
            if name == other and isinstance(name, Sym) and not {name} & {*walk(right), *walk(other_right)}:
                found = compare_expressions(right, other_right, domain)
                return found if found.verdict != "unsure" else None
    return None


def _same_sides(a: Part, b: Part, domain: Domain) -> Comparison:
    found = [compare_expressions(x, y, domain) for x, y in zip(a[1:], b[1:], strict=True)]
    if all(side.equal for side in found):
        return Comparison("equal", "Both sides are the same.")
    return Comparison("unsure", "They could not be shown to say the same, nor to differ.")


def _difference(left: Expr, right: Expr) -> Expr:
    return left if is_number(right, 0) else Add((left, Neg(right)))


def _factor(ours: Expr, theirs: Expr) -> Fraction | None:
    """The number that one difference is of the other, if there is one."""
    for seed in range(1, 12):
        try:
            world = world_at(seed, Signs(), bounds=bounds_in(ours) | bounds_in(theirs))
            a, b = world.value(ours), world.value(theirs)
            if a == b:
                return Fraction(1)
            found = small_fraction(a * inverse(b, 0) % PRIMES[0], 0)
            return Fraction(*found) if found else None
        except Retry:
            continue
        except NeedSign:
            return Fraction(1)
        except (TooMuch, Undefined, ZeroDivisionError, OverflowError, RecursionError):
            return None
    return None


def _shown_different(ours: Expr, theirs: Expr, sign: str, domain: Domain) -> Comparison:
    names = names_of(ours, theirs)
    if sign in _ORDERS:
        found = _other_truth(ours, theirs, names, domain)
    else:
        found = _other_solution(ours, theirs, names) or _other_solution(theirs, ours, names)
    if found:
        return Comparison("different", found)
    return Comparison("unsure", "They could not be shown to say the same, nor to differ.")


def _other_truth(ours: Expr, theirs: Expr, names: tuple[str, ...], domain: Domain) -> str:
    """A point where one inequality holds and the other does not."""
    nothing: frozenset[str] = frozenset()
    effort = Effort(EFFORT)
    beside = points_beside([ours, theirs], names, domain.positive, nothing, effort)
    with suppress(TooMuch):
        for point in chain(fixed_points(names, domain.positive, nothing), beside):
            if _clear_sign(ours, point, effort) * _clear_sign(theirs, point, effort) < 0:
                shown = ", ".join(f"{name} = {value:.4g}" for name, value in point.items())
                return f"For {shown} only one of them holds."
    return ""


def _clear_sign(formula: Expr, point: Mapping[str, float], effort: Effort) -> int:
    """-1 or 1; 0 where the sign is not clear."""
    try:
        value, error = real_value(formula, point, effort=effort)
    except NotReal:
        return 0
    return 0 if abs(value) <= error else 1 if value > 0 else -1


def _other_solution(ours: Expr, theirs: Expr, names: tuple[str, ...]) -> str:
    """A point that solves one equation and not the other: exactly on a line, else near."""
    base = {name: Fraction(7 + number, 3 + 2 * number) for number, name in enumerate(names)}
    near = {name: float(value) for name, value in base.items()}
    effort = Effort(EFFORT)
    for name in names:
        if (point := point_on_edge(ours, base, name)) is not None and _off_exactly(ours, theirs, point):
            return "One has a solution that the other does not have."
        with suppress(TooMuch):
            for edge in edges_along(ours, near, name, effort):
                if _is_crossed(ours, near, name, edge) and _off_clearly(ours, theirs, {**near, name: edge}):
                    return f"{name} = {edge:.6g} solves only one of them."
    return ""


def _off_exactly(ours: Expr, theirs: Expr, point: Mapping[str, Fraction]) -> bool:
    try:
        first, second = evaluate(ours, point), evaluate(theirs, point)
    except NoValue:
        return False
    return first.value == 0 and second.value != 0 and (second.exact or abs(second.value) > _CLEARLY)


def _is_crossed(formula: Expr, point: Mapping[str, float], name: str, edge: float) -> bool:
    """Whether a formula is much larger beside its zero; e^x only comes near to zero, far out."""
    try:
        at, *beside = (
            abs(real_value(formula, {**point, name: edge * step})[0]) for step in (1, 1 - 1e-3, 1 + 1e-3)
        )
    except NotReal:
        return False
    return edge == 0 or min(beside) > 100 * at


def _off_clearly(ours: Expr, theirs: Expr, point: Mapping[str, float]) -> bool:
    try:
        first, second = (real_value(tree, point)[0] for tree in (ours, theirs))
    except NotReal:
        return False
    return abs(first) < _CLEARLY / 100 and abs(second) > _CLEARLY


def _compare_lists(a: Seq, b: Seq, domain: Domain) -> Comparison:
    if a.kind != b.kind:
        return Comparison("unsure", "They have different kinds of brackets.")
    if a.kind == "{":
        return _compare_sets(a, b, domain)
    if len(a.items) != len(b.items):
        return Comparison("different", f"One has {len(a.items)} entries, the other {len(b.items)}.")
    found = [compare_expressions(x, y, domain) for x, y in zip(a.items, b.items, strict=True)]
    for place, entry in enumerate(found, start=1):
        if entry.verdict == "different":
            return Comparison("different", f"Entry {place}: {entry.reason}")
    unsure = next((entry for entry in found if not entry.equal), None)
    return unsure or Comparison("equal", "All entries are the same.")


def _compare_sets(a: Seq, b: Seq, domain: Domain) -> Comparison:
    if max(len(a.items), len(b.items)) > 20:
        return Comparison("unsure", "The sets are too large to compare.")
    unsure = False
    for ours, theirs in ((a.items, b.items), (b.items, a.items)):
        for item in ours:
            verdicts = {compare_expressions(item, other, domain).verdict for other in theirs}
            if "equal" in verdicts:
                continue
            if "unsure" not in verdicts:
                return Comparison("different", "One set has an element that the other does not have.")
            unsure = True
    return (
        Comparison("unsure", "An element was not recognised.")
        if unsure
        else Comparison("equal", "The same set.")
    )
