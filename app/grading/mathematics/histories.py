"""What a probability is given: a list of names, or a run of them with dots.

`s_t, s_{t-1}, …, s_1` is a history up to step t, in either order, and so are `s_1..s_t` and `s_{1:t}`.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from app.grading.mathematics.steps import step_of
from app.grading.mathematics.tree import Apply, Dots, Expr, Mul, Num, Pow, Rel, Seq, Sym
from app.grading.mathematics.writing import to_text

HISTORY = "…"


def events_in(given: tuple[Expr, ...]) -> list[Expr]:
    """What is given one by one, dots as they stand; of `S_t = s` the name."""
    return [event_of(part) for item in given for part in _run(item)]


def event_of(node: Expr) -> Expr:
    """The state of `S_t = s`."""
    return node.sides[0] if isinstance(node, Rel) and node.signs == ("=",) else node


def _run(node: Expr) -> Iterator[Expr]:
    """`s_1..s_t` and `s_{1:t}` as separate items with dots between."""
    if isinstance(node, Mul) and any(isinstance(factor, Dots) for factor in node.factors):
        yield from node.factors
    elif (
        isinstance(node, Sym)
        and isinstance(node.sub, Mul)
        and any(isinstance(f, Dots) for f in node.sub.factors)
    ):
        first, *_, last = node.sub.factors
        yield from (replace(node, sub=first), Dots(), replace(node, sub=last))
    elif isinstance(node, Seq):
        for item in node.items:
            yield from _run(item)
    else:
        yield node


def ordered(names: list[Expr]) -> tuple[Expr, ...]:
    """What is given in a fixed order; a run with dots becomes a history up to its latest step, if it is one."""
    places = [place for place, name in enumerate(names) if isinstance(name, Dots)]
    if not places:
        return tuple(sorted(names, key=to_text))
    before, after = names[: places[0]], names[places[0] + 1 :]
    falling = bool(before) and step_of(before[0]) is not None
    late, early = (before, after[::-1]) if falling else (after[::-1], before)
    same_name = len({to_text(_bare(name)) for name in late + early}) == 1
    if same_name and _falls(late) and _starts_at_first(early):
        return (Apply(Sym(HISTORY), (late[0],)),)
    return tuple(names)


def _bare(name: Expr) -> Expr:
    name = name.base if isinstance(name, Pow) else name
    return replace(name, sub=None, sup=None) if isinstance(name, Sym) else name


def _falls(names: list[Expr]) -> bool:
    """Whether the steps go back one by one."""
    steps = [step_of(name) for name in names]
    return (
        bool(steps)
        and None not in steps
        and all(b == a - 1 for a, b in pairwise(s for s in steps if s is not None))
    )


def _starts_at_first(names: list[Expr]) -> bool:
    """Whether the fixed indices count up from 0 or 1; nothing is fine too."""
    numbers = [_fixed_index(name) for name in names]
    if None in numbers:
        return False
    return not numbers or (
        numbers[0] in {0, 1} and all(b == a + 1 for a, b in pairwise(n for n in numbers if n is not None))
    )


def _fixed_index(name: Expr) -> Fraction | None:
    """The number of `s_1` or `s^1`."""
    match name:
        case Sym(_, _, Num(number), None) | Sym(_, _, None, Num(number)) | Pow(Sym(), Num(number)):
            return number
    return None
