"""The tree of a formula: frozen nodes, made by the grammar, read by everything else.

`2x + y_1` is `Add((Mul((Num(2), Sym("x"))), Sym("y", sub=Num(1))))`.
Surprising: `ŷ`, `\\hat{y}`, `yhat` and `y_hat` are all `Sym("y", accent="hat")`, and `w*[y>0]` holds a `Cases`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, get_args

DEPTH_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Num:
    """An exact number as typed."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Sym:
    """A name: its letters, an accent such as "hat", "bar" or "prime", a lower and a bracketed upper index."""

    name: str
    accent: str = ""
    sub: "Expr | None" = None
    sup: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class Add:
    """A sum of two or more terms."""

    terms: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Mul:
    """A product of two or more factors. `tight`: it began as `a/b c`, which some read as a/(b c)."""

    factors: "tuple[Expr, ...]"
    tight: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Neg:
    """Minus something."""

    of: "Expr"


@dataclass(frozen=True, slots=True)
class Div:
    """A quotient. `bare`: written with a slash and no brackets around it."""

    top: "Expr"
    bottom: "Expr"
    bare: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pow:
    """A power."""

    base: "Expr"
    exponent: "Expr"


@dataclass(frozen=True, slots=True)
class Call:
    """A known function; `log` has its base as second argument if one was written."""

    function: str
    args: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Apply:
    """An unknown function or a probability: `L(θ)`, `P(a | b, c)`; `given` stands behind the bar."""

    head: Sym
    args: "tuple[Expr, ...]"
    given: "tuple[Expr, ...] | None" = None


@dataclass(frozen=True, slots=True)
class Grad:
    """A nabla: `by` is its index, `of` what it is taken of; either may be missing."""

    of: "Expr | None" = None
    by: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class BigSum:
    """A sum ("sum") or product ("prod") sign with what was written around it."""

    kind: str
    body: "Expr"
    index: Sym | None = None
    lower: "Expr | None" = None
    upper: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class Cases:
    """Pieces (value, condition), the first that holds counts; None as `otherwise`: nothing was said."""

    pieces: "tuple[tuple[Expr, Expr], ...]"
    otherwise: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class Rel:
    """A chain of relations: `a = b`, `0 < x <= 1`. One sign fewer than sides."""

    signs: tuple[str, ...]
    sides: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class And:
    """Conditions that hold together."""

    items: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Seq:
    """Several things in brackets: "(" tuple, "[" list (a matrix is a list of lists), "{" set."""

    kind: str
    items: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Dots:
    """An ellipsis."""


Expr = (
    Num | Sym | Add | Mul | Neg | Div | Pow | Call | Apply | Grad | BigSum | Cases | Rel | And | Seq | Dots
)  # fmt: skip

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


def children(node: Expr) -> Iterator[Expr]:
    """The nodes directly below, left to right."""
    for name in _FIELDS[type(node)]:
        yield from _nodes_in(getattr(node, name))


def walk(node: Expr) -> Iterator[Expr]:
    """The node and everything below it."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(children(top))


def rebuilt(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same node with `change` applied to each node directly below."""
    names = _FIELDS[type(node)]
    return replace(node, **{name: _changed(getattr(node, name), change) for name in names}) if names else node


def depth(node: Expr) -> int:
    """How many levels the tree has; found without recursion."""
    level, deepest = [node], 0
    while level:
        deepest += 1
        level = [child for parent in level for child in children(parent)]
    return deepest


def is_number(node: Expr, value: int) -> bool:
    """Whether the node is this very number."""
    return isinstance(node, Num) and node.value == value


def _nodes_in(part: Any) -> Iterator[Expr]:
    if part is None:
        return
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes_in(item)
        return
    yield part


def _changed(part: Any, change: Callable[[Expr], Expr]) -> Any:
    if part is None:
        return None
    if isinstance(part, tuple):
        return tuple(_changed(item, change) for item in part)
    return change(part)


_NOT_NODES = frozenset({"value", "name", "accent", "function", "kind", "signs", "tight", "bare"})
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(part.name for part in fields(kind) if part.name not in _NOT_NODES) for kind in get_args(Expr)
}
