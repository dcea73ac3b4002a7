"""Which name of an answer stands for which free name of a shape: tried by values, proved by comparison.

A binding is tried at one point of a finite field, which takes microseconds and proves most that fit. What has no
values there without signs and divisions is compared in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product

from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.equality import Domain, same_function, substituted
from app.grading.mathematics.field_functions import has_values_between_0_and_1, residue
from app.grading.mathematics.finite import PRIMES
from app.grading.mathematics.forms import (
    NABLA,
    Form,
    Values,
    base_of,
    form_of,
    numbers_in,
    placed,
    stems_in,
)
from app.grading.mathematics.histories import HISTORY
from app.grading.mathematics.modular import world_at
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.signs import NeedSign, Signs, Undefined
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.steps import step_of
from app.grading.mathematics.tree import Call, Expr, Num, Rel, kept_in_tree, kinds_in
from app.grading.mathematics.world import Retry
from app.grading.mathematics.writing import to_text

TRIES_LIMIT = 1500

_LOOSELY = Domain(edges=False, partial=True)
_NONE_ABSENT: Sequence[tuple[str, ...]] = ((),)
_NO_NAMES = frozenset({NABLA, HISTORY})  # they stand for nothing but themselves

Names = Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Rules:
    """What may stand for a free name.

    `free`: the free names. `numbers`: those that may be a number. `reserved`: names that only stand for themselves.
    `given`: bindings that are settled already. `known`: values put in for names on both sides.
    """

    free: tuple[str, ...]
    numbers: frozenset[str]
    reserved: frozenset[str]
    given: Mapping[str, str]
    known: Mapping[str, Expr]


@dataclass(frozen=True, slots=True)
class Sought:
    """A formula of a shape with its names: the free ones, those of them that may be numbers, and the others."""

    form: Form
    free: tuple[str, ...]
    able: tuple[str, ...]
    fixed: frozenset[str]


def sought(form: Form, rules: Rules) -> Sought:
    """The formula of a shape, made ready when the exam is loaded."""
    if rules.known:
        form = form_of(substituted(form.write(), rules.known))
    free = tuple([name for name in rules.free if name in form.names])
    able = tuple([name for name in free if name in rules.numbers])
    return Sought(form, free, able, form.names - {*rules.free})


def fitting(ours: Sought, theirs: Form, rules: Rules, rearranged: bool) -> dict[str, Expr] | None:
    """The first binding under which the shape is the answer; `rearranged` allows terms to change sides."""
    if rules.known:
        theirs = form_of(substituted(theirs.write(), rules.known))
    others = theirs.names - ours.fixed
    count = len(ours.free) - len(others)
    if not 0 <= count <= len(ours.able) or not _NO_NAMES.isdisjoint(others):  # mostly
        return None
    absences = _absences(ours.able, count, theirs) if count else _NONE_ABSENT
    for names in _bindings(ours, theirs, others, rules, absences, rearranged):
        if _fits(ours.form, theirs, names, rearranged):
            return names
    return None


def _absences(able: tuple[str, ...], count: int, theirs: Form) -> Sequence[tuple[str, ...]]:
    """Which names may stand as numbers in the answer, if so many do."""
    if not numbers_in(theirs.tree):
        return ()
    if count == 1:
        return [(name,) for name in able]
    return [able] if count == len(able) else ()


def _bindings(
    ours: Sought,
    theirs: Form,
    others: frozenset[str],
    rules: Rules,
    absences: Sequence[tuple[str, ...]],
    rearranged: bool,
) -> Iterator[dict[str, Expr]]:
    """Bindings of all free names that occur; those that keep equal names first."""
    tries = 0
    for absent in absences:
        numbers = _numbers_that_may_fit(ours, theirs, absent, rearranged)
        if not numbers:
            continue
        bound, stems = [name for name in ours.free if name not in absent], stems_in(theirs.tree)
        for order in _orders(bound, sorted(others), rules):
            names: dict[str, Expr] = {name: stems[other] for name, other in zip(bound, order, strict=True)}
            for values in numbers:
                tries += 1
                if tries > TRIES_LIMIT:
                    return
                yield {**names, **dict(zip(absent, values, strict=True))} if absent else names


def _numbers_that_may_fit(
    ours: Sought, theirs: Form, absent: tuple[str, ...], rearranged: bool
) -> list[tuple[Num, ...]]:
    """What may stand for the absent names, so that some order of the other names can fit.

    It is tried where all other names have one value, so that their order is nothing.
    """
    alike = theirs.alike(ours.fixed)
    if not absent:
        return [()] if _agree(ours.form.alike(ours.fixed), alike, rearranged) else []
    choices = islice(product(numbers_in(theirs.tree), repeat=len(absent)), TRIES_LIMIT)
    return [
        choice
        for choice in choices
        if _agree(ours.form.alike_with(ours.fixed, _residues(absent, choice)), alike, rearranged)
    ]


def _residues(names: tuple[str, ...], numbers: tuple[Num, ...]) -> dict[str, int]:
    return {name: residue(number.value) for name, number in zip(names, numbers, strict=True)}


def _agree(ours: Values, theirs: Values, rearranged: bool) -> bool:
    """Whether the values of the sides may belong together; also true where no value could be had."""
    if ours is None or theirs is None or ours == theirs:
        return True
    if len(ours) != len(theirs) or len(ours) == 1:
        return False
    difference, other = ours[0] - ours[1], theirs[0] - theirs[1]
    moved = rearranged and (difference - other) * (difference + other) % PRIMES[0] == 0
    return moved or ours == theirs[::-1]


def _orders(bound: list[str], others: list[str], rules: Rules) -> Iterator[tuple[str, ...]]:
    """What may stand for the bound names, in their order."""
    kept = {name: name for name in bound if name in others}
    rest = [name for name in bound if name not in kept]
    free = [name for name in others if name not in kept]
    for order in permutations(free):
        names = {**kept, **dict(zip(rest, order, strict=True))}
        if _may_stand(names, rules):
            yield tuple([names[name] for name in bound])
    for order in permutations(others):
        names = dict(zip(bound, order, strict=True))
        tried = all(names[name] == name for name in kept)  # above
        if not tried and _may_stand(names, rules):
            yield order


def _may_stand(names: Mapping[str, str], rules: Rules) -> bool:
    """Whether the names agree with what is given, and nothing reserved stands for another name."""
    return all(
        other == rules.given[name] if name in rules.given else other == name or other not in rules.reserved
        for name, other in names.items()
    )


def _fits(ours: Form, theirs: Form, names: Names, rearranged: bool) -> bool:
    """Whether the shape under these names is the answer."""
    first, second = ours.values(names), theirs.alike(theirs.names)  # none of its names is changed
    by_values = first is not None and second is not None
    if not by_values:
        second = _own_values_in_world(theirs.write())
        first = _values_in_world(ours.write(), names) if second is not None else None
    if not _agree(first, second, rearranged):
        return False
    if by_values and _values_prove(ours.tree, theirs.tree, names):
        return True
    return _same(_put(ours.write(), names), theirs.write(), rearranged)


def _values_prove(ours: Expr, theirs: Expr, names: Names) -> bool:
    """Whether equal values in the field are as good as a comparison in full.

    It would look at no more than they do (see `finite` for what they prove), if it is no order and if there surely is
    a place where all logarithms have values: between 0 and 1.
    """
    signs = [tree.signs if isinstance(tree, Rel) else () for tree in (ours, theirs)]
    if signs not in ([(), ()], [("=",), ("=",)]):
        return False
    with_numbers = Call in kinds_in(ours) and any(isinstance(value, Num) for value in names.values())
    return not with_numbers and has_values_between_0_and_1(ours) and has_values_between_0_and_1(theirs)


def _values_in_world(tree: Expr, names: Names) -> Values:
    """The values of the sides at the point; None where they have none."""
    world = world_at(1, Signs())
    for symbol in symbols_in(tree):
        text, value = to_text(symbol), names.get(base_of(symbol))
        if isinstance(value, Num):
            world.numbers[text] = value.value
        elif value is not None:
            world.aliases[text] = to_text(placed(value, step_of(symbol)))
    try:
        return [world.value(side) for side in (tree.sides if isinstance(tree, Rel) else (tree,))]
    except (NeedSign, Undefined, TooMuch, Retry, OverflowError, RecursionError):
        return None


@kept_in_tree
def _own_values_in_world(tree: Expr) -> Values:
    return _values_in_world(tree, {})


def _put(tree: Expr, names: Names) -> Expr:
    """The formula with the answer's names; steps stay."""
    numbers = {name: value for name, value in names.items() if isinstance(value, Num)}
    where = {
        to_text(symbol): placed(value, step_of(symbol))
        for symbol in symbols_in(tree)
        if (value := names.get(base_of(symbol))) is not None
    }
    return substituted(tree, {**where, **numbers})


def _same(ours: Expr, theirs: Expr, rearranged: bool) -> bool:
    if isinstance(ours, Rel) and isinstance(theirs, Rel):
        if ours.signs != theirs.signs:
            return False
        for left, right in (theirs.sides, theirs.sides[::-1]):
            if _same_value(ours.sides[0], left) and _same_value(ours.sides[1], right):
                return True
        return rearranged and compare_expressions(ours, theirs).equal
    return not isinstance(ours, Rel) and not isinstance(theirs, Rel) and _same_value(ours, theirs)


def _same_value(ours: Expr, theirs: Expr) -> bool:
    return ours == theirs or same_function(ours, theirs, _LOOSELY).equal
