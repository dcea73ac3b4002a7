"""The tree of a formula: nodes that never change, made by the grammar, read by everything else.

`2x + y_1` is `Add((Mul((Num(2), Sym("x"))), Sym("y", sub=Num(1))))`.
Surprising: `ŷ`, `\\hat{y}`, `yhat` and `y_hat` are all `Sym("y", accent="hat")`, and `w*[y>0]` holds a `Cases`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

DEPTH_LIMIT = 100
N = TypeVar("N")
T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def _node(kind: type[N]) -> type[N]:
    """A dataclass that remembers its hash, unless it has its own. The type checker keeps it frozen; at run time that
    would double its cost.
    """
    if "__hash__" in vars(kind):
        return dataclass(slots=True)(kind)
    made = dataclass(slots=True, unsafe_hash=True)(kind)
    computed: Callable[[Any], int] = made.__hash__

    def remembered(self: Any) -> int:
        found: int | None = self._hash
        if found is None:
            found = self._hash = computed(self)
        return found

    made.__hash__ = remembered  # type: ignore[method-assign]
    return made


@_node
class Node:
    """What every node has: its hash and its text, worked out once, because trees are looked up all the time, and a memory.

    What is found out about an author's formula so lives as long as the exam, about an answer's only a moment.
    """

    _hash: int | None = field(default=None, init=False, repr=False, compare=False)
    _memory: dict[Any, Any] | None = field(default=None, init=False, repr=False, compare=False)
    _text: str | None = field(default=None, init=False, repr=False, compare=False)


def memory_of(node: Any) -> dict[Any, Any]:
    """Where functions of a tree keep what they found, each under keys of its own."""
    memory: dict[Any, Any] | None = node._memory
    if memory is None:
        memory = node._memory = {}
    return memory


@_node
class Num(Node):
    """An exact number as typed; compared and hashed by its two whole numbers, a fraction takes far longer."""

    value: Fraction

    def __eq__(self, other: object) -> bool:
        return type(other) is Num and self.value.as_integer_ratio() == other.value.as_integer_ratio()

    def __hash__(self) -> int:
        return hash(self.value.as_integer_ratio())


@_node
class Sym(Node):
    """A name: its letters, an accent such as "hat", "bar" or "prime", a lower and a bracketed upper index."""

    name: str
    accent: str = ""
    sub: "Expr | None" = None
    sup: "Expr | None" = None

    def __hash__(self) -> int:
        """That of its letters, which they remember; names that differ in their index seldom meet others."""
        return hash(self.name if self.sub is None else (self.name, self.sub))


@_node
class Add(Node):
    """A sum of two or more terms."""

    terms: "tuple[Expr, ...]"


@_node
class Mul(Node):
    """A product of two or more factors. `tight`: it began as `a/b c`, which some read as a/(b c)."""

    factors: "tuple[Expr, ...]"
    tight: bool = field(default=False, compare=False)


@_node
class Neg(Node):
    """Minus something."""

    of: "Expr"


@_node
class Div(Node):
    """A quotient. `bare`: written with a slash and no brackets around it."""

    top: "Expr"
    bottom: "Expr"
    bare: bool = field(default=False, compare=False)


@_node
class Pow(Node):
    """A power."""

    base: "Expr"
    exponent: "Expr"


@_node
class Call(Node):
    """A known function; `log` has its base as second argument if one was written. `bare`: without brackets."""

    function: str
    args: "tuple[Expr, ...]"
    bare: bool = field(default=False, compare=False)


@_node
class Apply(Node):
    """An unknown function or a probability: `L(θ)`, `P(a | b, c)`; `given` stands behind the bar."""

    head: Sym
    args: "tuple[Expr, ...]"
    given: "tuple[Expr, ...] | None" = None


@_node
class Grad(Node):
    """A nabla: `by` is its index, `of` what it is taken of; either may be missing."""

    of: "Expr | None" = None
    by: "Expr | None" = None


@_node
class BigSum(Node):
    """A sum ("sum") or product ("prod") sign with what was written around it."""

    kind: str
    body: "Expr"
    index: Sym | None = None
    lower: "Expr | None" = None
    upper: "Expr | None" = None


@_node
class Cases(Node):
    """Pieces (value, condition), the first that holds counts; None as `otherwise`: nothing was said."""

    pieces: "tuple[tuple[Expr, Expr], ...]"
    otherwise: "Expr | None" = None


@_node
class Rel(Node):
    """A chain of relations: `a = b`, `0 < x <= 1`. One sign fewer than sides."""

    signs: tuple[str, ...]
    sides: "tuple[Expr, ...]"


@_node
class And(Node):
    """Conditions that hold together."""

    items: "tuple[Expr, ...]"


@_node
class Seq(Node):
    """Several things in brackets: "(" tuple, "[" list (a matrix is a list of lists), "{" set."""

    kind: str
    items: "tuple[Expr, ...]"


@_node
class Dots(Node):
    """An ellipsis."""


Expr = (
    Num | Sym | Add | Mul | Neg | Div | Pow | Call | Apply | Grad | BigSum | Cases | Rel | And | Seq | Dots
)  # fmt: skip

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


def children(node: Expr) -> tuple[Expr, ...]:
    """The nodes directly below, left to right."""
    below = BELOW.get(type(node))
    return below(node) if below else ()


def walk(node: Expr) -> list[Expr]:
    """The node and everything below it."""
    found, waiting = list[Expr](), [node]
    while waiting:
        top = waiting.pop()
        found.append(top)
        if type(top) is Sym and top.sub is None and top.sup is None:
            continue
        if below := BELOW.get(type(top)):
            waiting += below(top)
    return found


def kept_in_tree(find: Callable[["Expr"], T]) -> Callable[["Expr"], T]:
    """A function of a tree that each tree remembers, for as long as it is there."""

    def kept(node: Any) -> T:
        memory: dict[Any, T] | None = node._memory
        if memory is None:
            memory = node._memory = {}
        if find not in memory:
            memory[find] = find(node)
        return memory[find]

    return kept


@kept_in_tree
def kinds_in(node: Expr) -> frozenset[type | str]:
    """The kinds of nodes in a formula, and the names of its functions."""
    nodes = walk(node)
    found: set[type | str] = set(map(type, nodes))
    if Call in found:
        found.update([part.function for part in nodes if isinstance(part, Call)])
    return frozenset(found)


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


def _there(*nodes: Expr | None) -> tuple[Expr, ...]:
    return tuple([node for node in nodes if node is not None])


def _children_of_cases(node: Cases) -> tuple[Expr, ...]:
    return (*(part for piece in node.pieces for part in piece), *_there(node.otherwise))


_BY_KIND = {  # nothing is below numbers and dots
    Sym: lambda node: (
        (node.sub,) if node.sup is None and node.sub is not None else _there(node.sub, node.sup)
    ),
    Add: attrgetter("terms"),
    Mul: attrgetter("factors"),
    Neg: lambda node: (node.of,),
    Div: attrgetter("top", "bottom"),
    Pow: attrgetter("base", "exponent"),
    Call: attrgetter("args"),
    Apply: lambda node: (node.head, *node.args, *(node.given or ())),
    Grad: lambda node: _there(node.of, node.by),
    BigSum: lambda node: _there(node.body, node.index, node.lower, node.upper),
    Cases: _children_of_cases,
    Rel: attrgetter("sides"),
    And: attrgetter("items"),
    Seq: attrgetter("items"),
}
BELOW = cast("Mapping[type, Callable[[Expr], tuple[Expr, ...]]]", _BY_KIND)
