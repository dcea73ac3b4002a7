"""Which name of an answer stands for which free name of a shape: tried by values, proved by comparison.

A binding is first tried at one point of a finite field, which takes microseconds; only one that fits there is
compared in full.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, permutations, product
from string import ascii_letters
from typing import NamedTuple

from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.equality import Domain, same_function, substituted
from app.grading.mathematics.field_functions import FieldFunction, field_functions, residue
from app.grading.mathematics.finite import PRIMES
from app.grading.mathematics.indices import step_of
from app.grading.mathematics.modular import value_of_name, world_at
from app.grading.mathematics.parsing import Unread, parse
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.signs import NeedSign, Signs, Undefined
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import Expr, Num, Rel, Sym, children, memory_of, walk
from app.grading.mathematics.world import Retry
from app.grading.mathematics.writing import to_text

NAMES_LIMIT = 6
TRIES_LIMIT = 1500

_LETTERS = frozenset(ascii_letters + "αβγδεζηθικλμνξοπρστυφχψω")
_LOOSELY = Domain(edges=False, partial=True)
_ANY = Sym("⟨any⟩")

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


class Parted(NamedTuple):
    """The free names that occur in a shape, those of them that may be numbers, and its other names."""

    free: list[str]
    able: list[str]
    fixed: frozenset[str]


class Form:
    """A formula made ready to be matched; what is found out about it serves for every shape or answer it is tried with."""

    def __init__(self, expr: Expr) -> None:
        self.expr = expr
        self.symbols = [(symbol, to_text(symbol), base_of(symbol)) for symbol in symbols_in(expr)]
        self.names = frozenset([base for _, _, base in self.symbols])  # without their steps
        self._parted: dict[tuple[str, ...], Parted] = {}

    def parted(self, rules: Rules) -> "Parted":
        """Its names as the rules of a shape have them."""
        key = (*rules.free, "", *rules.numbers)
        if key not in self._parted:
            free = [name for name in rules.free if name in self.names]
            able = [name for name in free if name in rules.numbers]
            self._parted[key] = Parted(free, able, self.names - set(rules.free))
        return self._parted[key]

    @cached_property
    def letters_of_indices(self) -> frozenset[str]:
        """The names inside the indices of its names."""
        inner = [part for symbol, _, _ in self.symbols for part in walk(symbol)[1:]]
        return frozenset([part.name for part in inner if type(part) is Sym])

    def names_without(self, texts: Set[str]) -> frozenset[str]:
        """Its names, but for those that are written so, with their steps."""
        return frozenset([base for _, text, base in self.symbols if text not in texts])

    def has_room(self, names: frozenset[str], theirs: "Form", rules: Rules) -> bool:
        """Whether its free names can stand for those names and for numbers of the other formula."""
        free, able, fixed = self.parted(rules)
        return len(free) <= NAMES_LIMIT and bool(_absences(able, len(free) - len(names - fixed), theirs))

    @cached_property
    def functions(self) -> tuple[FieldFunction, ...] | None:
        """Its sides as functions in the finite field, if they are simple enough."""
        return field_functions(self.expr)

    @cached_property
    def values(self) -> list[int] | None:
        """The values of its sides at the point where bindings are tried."""
        return _values(self, ())

    @cached_property
    def numbers(self) -> list[tuple[Num, int]]:
        """The numbers in it that could stand for a name, and their values in the field."""
        return [(number, residue(number.value)) for number in _numbers(self.expr)]

    @cached_property
    def at_point(self) -> list[tuple[str, str, int, int]]:
        """The names, their own values at the point, and those that they have there in common."""
        return [
            (text, base, value_of_name(1, text, 0), value_of_name(1, to_text(_placed(symbol, _ANY)), 0))
            for symbol, text, base in self.symbols
        ]


def form_of(expr: Expr) -> Form:
    """The formula made ready, once for a tree."""
    memory = memory_of(expr)
    if Form not in memory:
        memory[Form] = Form(expr)
    form: Form = memory[Form]
    return form


def fitting(ours: Form, theirs: Form, rules: Rules, rearranged: bool) -> dict[str, Expr] | None:
    """The first binding under which the shape is the answer; `rearranged` allows terms to change sides."""
    if rules.known:
        ours, theirs = (form_of(substituted(form.expr, rules.known)) for form in (ours, theirs))
    free, able, fixed = ours.parted(rules)
    absences = _absences(able, len(free) - len(theirs.names - fixed), theirs)
    if not absences or len(free) > NAMES_LIMIT:  # mostly
        return None
    for names in _bindings(ours, theirs, rules, absences, rearranged):
        fits = _agree(_values(ours, tuple(names.items())), theirs.values, rearranged)
        if fits and _same(_put(ours, names), theirs.expr, rearranged):
            return names
    return None


def _bindings(
    ours: Form, theirs: Form, rules: Rules, absences: Sequence[tuple[str, ...]], rearranged: bool
) -> Iterator[dict[str, Expr]]:
    """Bindings of all free names that occur; those that keep equal names first."""
    free, _, fixed = ours.parted(rules)
    tries = 0
    for absent in absences:
        numbers = _numbers_that_may_fit(ours, theirs, fixed, absent, rearranged)
        if not numbers:
            continue
        bound = [name for name in free if name not in absent]
        for order in _orders(bound, sorted(theirs.names - fixed), rules):
            names = {name: name_of(other) for name, other in zip(bound, order, strict=True)}
            for values in numbers:
                tries += 1
                if tries > TRIES_LIMIT:
                    return
                yield {**names, **dict(zip(absent, values, strict=True))} if absent else names


def _numbers_that_may_fit(
    ours: Form, theirs: Form, fixed: frozenset[str], absent: tuple[str, ...], rearranged: bool
) -> list[tuple[Num, ...]]:
    """What may stand for the absent names, so that some order of the other names can fit.

    It is tried where all other names have one value, so that their order is nothing. Only for what has no roots or
    pieces, as those need a point where the names differ.
    """
    choices: Iterator[tuple[tuple[Num, int], ...]] = islice(
        product(theirs.numbers, repeat=len(absent)), TRIES_LIMIT
    )
    if ours.functions is not None and theirs.functions is not None:
        alike = _alike(theirs, fixed, ())
        choices = (
            choice
            for choice in choices
            if _agree(_alike(ours, fixed, _as_values(absent, choice)), alike, rearranged)
        )
    return [tuple([number for number, _ in choice]) for choice in choices]


def _as_values(names: tuple[str, ...], numbers: tuple[tuple[Num, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple([(name, value) for name, (_, value) in zip(names, numbers, strict=True)])


def _agree(ours: list[int] | None, theirs: list[int] | None, rearranged: bool) -> bool:
    """Whether the values of the sides may belong together; also true where no value could be had."""
    if ours is None or theirs is None or ours == theirs:
        return True
    if len(ours) != len(theirs) or len(ours) == 1:
        return False
    difference, other = ours[0] - ours[1], theirs[0] - theirs[1]
    moved = rearranged and (difference - other) * (difference + other) % PRIMES[0] == 0
    return ours == theirs[::-1] or moved


def _absences(able: list[str], count: int, theirs: Form) -> Sequence[tuple[str, ...]]:
    """Which names may stand as numbers in the answer, if so many do."""
    if count == 0:
        return ((),)
    if not theirs.numbers:
        return ()
    if count == 1:
        return [(name,) for name in able]
    return [tuple(able)] if 0 < count == len(able) else ()


def _orders(bound: list[str], others: list[str], rules: Rules) -> Iterator[tuple[str, ...]]:
    """What may stand for the bound names, in their order."""
    kept = {name: name for name in bound if name in others}
    rest = [name for name in bound if name not in kept]
    free = [name for name in others if name not in kept]
    for order in permutations(free):
        names = {**kept, **dict(zip(rest, order, strict=True))}
        if _may_stand(names, rules):
            yield tuple(names[name] for name in bound)
    for order in permutations(others):
        if _may_stand(dict(zip(bound, order, strict=True)), rules):
            yield order


def _may_stand(names: Mapping[str, str], rules: Rules) -> bool:
    """Whether the names agree with what is given, and nothing reserved stands for another name."""
    return all(
        other == rules.given[name] if name in rules.given else other == name or other not in rules.reserved
        for name, other in names.items()
    )


@lru_cache(maxsize=4096)
def _alike(form: Form, fixed: frozenset[str], numbers: tuple[tuple[str, int], ...]) -> list[int]:
    """The values of the sides where all names but the fixed ones have one value, or are these numbers."""
    known = dict(numbers)
    values = {
        text: own if base in fixed else known.get(base, common) for text, base, own, common in form.at_point
    }
    return [side(values) for side in form.functions or ()]


@lru_cache(maxsize=4096)
def _values(form: Form, bound: tuple[tuple[str, Expr], ...]) -> list[int] | None:
    """The values of the sides at the point where bindings are tried; None where they have none.

    Many shapes are tried with an answer, and many answers with a shape, often under the same names.
    """
    names = dict(bound)
    if (sides := form.functions) is not None:
        values = {text: _value_placed(symbol, names.get(base)) for symbol, text, base in form.symbols}
        return [side(values) for side in sides]
    world = world_at(1, Signs())
    for symbol, text, base in form.symbols:
        value = names.get(base)
        if isinstance(value, Num):
            world.numbers[text] = value.value
        elif value is not None:
            world.aliases[text] = to_text(_placed(symbol, value))
    expr = form.expr
    try:
        return [world.value(side) for side in (expr.sides if isinstance(expr, Rel) else (expr,))]
    except (NeedSign, Undefined, TooMuch, Retry, OverflowError, RecursionError):
        return None


def _placed(symbol: Sym, value: Expr) -> Expr:
    """The other name with the index of this one, if that is a step."""
    if symbol.sub is not None and isinstance(value, Sym) and step_of(symbol) is not None:
        return Sym(value.name, value.accent, symbol.sub, symbol.sup)
    return value


@lru_cache(maxsize=4096)
def _value_placed(symbol: Sym, value: Expr | None) -> int:
    """The value of a name of the shape at the point, where `value` stands for it."""
    if isinstance(value, Num):
        return residue(value.value)
    return value_of_name(1, to_text(symbol if value is None else _placed(symbol, value)), 0)


def _put(form: Form, names: Names) -> Expr:
    """The formula with the answer's names; steps stay."""
    numbers = {name: value for name, value in names.items() if isinstance(value, Num)}
    where = {
        text: _placed(symbol, value)
        for symbol, text, base in form.symbols
        if (value := names.get(base)) is not None
    }
    return substituted(form.expr, {**where, **numbers})


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


def base_of(symbol: Sym) -> str:
    """The name without its step; any other index belongs to the name."""
    stepped = symbol.sub is not None and step_of(symbol) is not None
    return to_text(Sym(symbol.name, symbol.accent) if stepped else symbol)


def _numbers(expr: Expr) -> tuple[Num, ...]:
    """The numbers in a formula that could stand for a name: not those in steps, and not 1."""
    found: set[Num] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Num) and node.value != 1:
            found.add(node)
        elif not isinstance(node, Sym):
            stack += children(node)
    return tuple(sorted(found, key=to_text))


@lru_cache(maxsize=4096)
def name_of(text: str) -> Expr:
    """The name that is written so; mostly it is a letter."""
    if text in _LETTERS:
        return Sym(text)
    parsed = parse(text, Options(symbols=frozenset({text})))
    return Sym(text) if isinstance(parsed, Unread) else parsed.expr
