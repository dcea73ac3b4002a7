"""Which name of an answer stands for which free name of a shape: tried by values, proved by comparison.

A binding is first tried at one point of a finite field, which takes microseconds; only one that fits there is
compared in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, permutations, product

from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.equality import Domain, same_function, substituted
from app.grading.mathematics.field_functions import field_functions, residue
from app.grading.mathematics.finite import PRIMES
from app.grading.mathematics.indices import step_of
from app.grading.mathematics.modular import value_of_name, world_at
from app.grading.mathematics.parsing import Unread, parse
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.signs import NeedSign, Signs, Undefined
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import Expr, Num, Rel, Sym, children
from app.grading.mathematics.world import Retry
from app.grading.mathematics.writing import to_text

NAMES_LIMIT = 6
TRIES_LIMIT = 1500

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


def fitting(ours: Expr, theirs: Expr, rules: Rules, rearranged: bool) -> dict[str, Expr] | None:
    """The first binding under which the shape is the answer; `rearranged` allows terms to change sides."""
    if rules.known:
        ours, theirs = substituted(ours, rules.known), substituted(theirs, rules.known)
    trial = _Trial(ours, theirs, rearranged)
    for names in _bindings(trial, rules):
        if trial.fits(names) and _same(_put(ours, names), theirs, rearranged):
            return names
    return None


def _bindings(trial: "_Trial", rules: Rules) -> Iterator[dict[str, Expr]]:
    """Bindings of all free names that occur; those that keep equal names first."""
    free, fixed = _free_and_fixed(trial.ours, rules.free)
    unfixed = names_in(trial.theirs) - fixed
    if len(unfixed) > len(free) or len(free) > NAMES_LIMIT:
        return
    others, tries = sorted(unfixed), 0
    for absent in _absent(free, rules.numbers, len(free) - len(others)):
        bound = [name for name in free if name not in absent]
        numbers = [
            values
            for values in islice(product(_numbers(trial.theirs), repeat=len(absent)), TRIES_LIMIT)
            if trial.may_fit(bound, others, dict(zip(absent, values, strict=True)))
        ]
        for order in _orders(bound, others, rules) if numbers else ():
            names = {name: name_of(other) for name, other in zip(bound, order, strict=True)}
            for values in numbers:
                tries += 1
                if tries > TRIES_LIMIT:
                    return
                yield {**names, **dict(zip(absent, values, strict=True))} if absent else names


@lru_cache(maxsize=1024)
def _free_and_fixed(ours: Expr, free: tuple[str, ...]) -> tuple[list[str], frozenset[str]]:
    """The free names that occur in a shape, and its other names."""
    present = names_in(ours)
    return [name for name in free if name in present], present - set(free)


def _absent(free: list[str], numbers: frozenset[str], count: int) -> Iterator[tuple[str, ...]]:
    """The free names that stand as numbers in the answer."""
    able = [name for name in free if name in numbers]
    if count == 0:
        yield ()
    elif count == 1:
        yield from ((name,) for name in able)
    elif count == len(able):
        yield tuple(able)


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


class _Trial:
    """The values of an answer at one point, and of the shape under a binding at the same point."""

    def __init__(self, ours: Expr, theirs: Expr, rearranged: bool) -> None:
        self.ours, self.theirs, self.rearranged = ours, theirs, rearranged

    def may_fit(self, bound: Sequence[str], others: Sequence[str], numbers: Names) -> bool:
        """Whether some order of the other names can fit: where they all have one value, their order is nothing.

        Said only of what has no roots or pieces, as those need a point where the names differ.
        """
        if field_functions(self.ours) is None or field_functions(self.theirs) is None:
            return True
        ours = _values(self.ours, (*((name, _ANY) for name in bound), *numbers.items()))
        return self._agree(ours, _values(self.theirs, tuple((name, _ANY) for name in others)))

    def fits(self, names: Names) -> bool:
        """Whether the binding fits there; also true where no value could be had."""
        return self._agree(_values(self.ours, tuple(names.items())), _values(self.theirs, ()))

    def _agree(self, ours: list[int] | None, theirs: list[int] | None) -> bool:
        if ours is None or theirs is None:
            return True
        if ours == theirs or len(ours) != len(theirs):
            return ours == theirs
        if len(ours) == 1:
            return False
        difference, other = ours[0] - ours[1], theirs[0] - theirs[1]
        moved = self.rearranged and (difference - other) * (difference + other) % PRIMES[0] == 0
        return ours == theirs[::-1] or moved


@lru_cache(maxsize=4096)
def _symbols(expr: Expr) -> tuple[tuple[Sym, str, str], ...]:
    """The names in a formula, each with its text and its name without a step."""
    return tuple((symbol, to_text(symbol), base_of(symbol)) for symbol in symbols_in(expr))


@lru_cache(maxsize=4096)
def _values(expr: Expr, bound: tuple[tuple[str, Expr], ...]) -> list[int] | None:
    """The values of the sides at the point where bindings are tried; None where they have none.

    Many shapes are tried with an answer, and many answers with a shape, often under the same names.
    """
    names = dict(bound)
    if (sides := field_functions(expr)) is not None:
        values = {text: _value_placed(symbol, names.get(base)) for symbol, text, base in _symbols(expr)}
        return [side(values) for side in sides]
    world = world_at(1, Signs())
    for symbol, text, base in _symbols(expr):
        value = names.get(base)
        if isinstance(value, Num):
            world.numbers[text] = value.value
        elif value is not None:
            world.aliases[text] = to_text(_placed(symbol, value))
    try:
        return [world.value(side) for side in (expr.sides if isinstance(expr, Rel) else (expr,))]
    except (NeedSign, Undefined, TooMuch, Retry, OverflowError, RecursionError):
        return None


def _placed(symbol: Sym, value: Expr) -> Expr:
    """The other name with the index of this one, if that is a step."""
    if isinstance(value, Sym) and step_of(symbol) is not None:
        return Sym(value.name, value.accent, symbol.sub, symbol.sup)
    return value


@lru_cache(maxsize=4096)
def _value_placed(symbol: Sym, value: Expr | None) -> int:
    """The value of a name of the shape at the point, where `value` stands for it."""
    if isinstance(value, Num):
        return residue(value.value)
    return value_of_name(1, to_text(symbol if value is None else _placed(symbol, value)), 0)


def _put(expr: Expr, names: Names) -> Expr:
    """The formula with the answer's names; steps stay."""
    numbers = {name: value for name, value in names.items() if isinstance(value, Num)}
    where = {
        text: _placed(symbol, value)
        for symbol, text, base in _symbols(expr)
        if (value := names.get(base)) is not None
    }
    return substituted(expr, {**where, **numbers})


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
    return to_text(Sym(symbol.name, symbol.accent)) if step_of(symbol) is not None else to_text(symbol)


@lru_cache(maxsize=4096)
def names_in(expr: Expr) -> frozenset[str]:
    """The names in a formula, without steps."""
    return frozenset(base_of(symbol) for symbol in symbols_in(expr))


@lru_cache(maxsize=4096)
def _numbers(expr: Expr) -> tuple[Num, ...]:
    """The numbers in a formula that could stand for a name: not those in steps, and not 1."""
    found: set[Num] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Num) and node.value != 1:
            found.add(node)
        if not isinstance(node, Sym):
            stack.extend(children(node))
    return tuple(sorted(found, key=to_text))


@lru_cache(maxsize=4096)
def name_of(text: str) -> Expr:
    """The name that is written so."""
    parsed = parse(text, Options(symbols=frozenset({text})))
    return Sym(text) if isinstance(parsed, Unread) else parsed.expr
