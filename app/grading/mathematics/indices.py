"""Formulas over time steps in one form, however the steps are written.

`v_{k+1} = β v_k + ∇L(θ_k)`, `v^{t} = b v^{t-1} + grad L(w^{t-1})` and `v_new = β*v_old + dL/dw` all come out with
steps 1 and 0, the gradient as one symbol. Surprising: a letter that is no index stays a name, so that β_1 keeps its
index, and `P(s_t | s_{t-1}, …, s_1)` becomes a probability given the history up to step t-1.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.grading.mathematics.histories import event_of, events_in, ordered
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import shift_of, symbols_in
from app.grading.mathematics.steps import STEP, at_step
from app.grading.mathematics.tree import (
    Add,
    Apply,
    Div,
    Dots,
    Expr,
    Grad,
    Mul,
    Num,
    Pow,
    Sym,
    children,
    kinds_in,
    walk,
)  # fmt: skip
from app.grading.mathematics.writing import to_text

GRADIENT = Sym("∇")
PROBABILITIES = frozenset({"P", "p", "Pr", "ℙ", "Prob", "π"})
INDEX_LETTERS = frozenset("ijklmnstτ")
_NEW = frozenset({"new", "next", "neu"})
_CHANGED_ANYWAY = frozenset({Grad, Div, Apply})
_MAY_HAVE_INDEX = frozenset({Sym, Pow, Apply})
_NO_SHIFT = Fraction(0)
_WORDS = {
    "new": 1,
    "next": 1,
    "neu": 1,
    "old": 0,
    "alt": 0,
    "now": 0,
    "cur": 0,
    "current": 0,
    "prev": 0,
    "last": 0,
}


@dataclass(frozen=True, slots=True)
class Gradient:
    """How a gradient was written: with the loss ("loss"), only ∇ ("bare"); `at` is where it is taken, if said."""

    written: str
    at: Expr | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A formula with steps: `expr` holds `v_(k + 1)` as names with a step."""

    expr: Expr
    gradients: tuple[Gradient, ...]
    stepped: frozenset[str]  # names that carry a step
    unstepped: frozenset[str]  # names that never do


def timed(expr: Expr, steps: bool = True) -> Timed:
    """Bring gradients, conditional probabilities and, where `steps` are meant, steps to one form."""
    indexed, marked = (_indexed(expr), _marked(expr)) if steps else ([], frozenset[str]())
    if not indexed and not marked and kinds_in(expr).isdisjoint(_CHANGED_ANYWAY):
        return Timed(expr, (), frozenset(), frozenset(map(to_text, symbols_in(expr))))
    return _Timing(_letter_of(indexed), marked if steps else None).read(expr)


def _marked(expr: Expr) -> frozenset[str]:
    """The names that are marked as new by a word or a prime; without a mark they are old then."""
    return frozenset([
        to_text(Sym(node.name))
        for node in symbols_in(expr)
        if node.accent == "prime" or (isinstance(node.sub, Sym) and node.sub.name in _NEW)
    ])  # fmt: skip


def _indexed(expr: Expr) -> list[Expr]:
    """What may have an index: names with one, powers and functions."""
    return [
        node
        for node in walk(expr)
        if type(node) in _MAY_HAVE_INDEX
        and not (isinstance(node, Sym) and node.sub is None and node.sup is None)
    ]  # fmt: skip


def _letter_of(indexed: list[Expr]) -> str:
    """The letter that counts steps: the index letter found most often, that is not a name of its own."""
    counts: Counter[str] = Counter()
    bases = {node.name for node in indexed if isinstance(node, Sym)}
    for index in [index for node in indexed for index in _indices(node)]:
        shift, rest = _shift_of(index)
        if type(rest) is Sym and rest.name in INDEX_LETTERS and rest.sub is None and rest.name not in bases:
            counts[rest.name] += 1 + (shift != 0)
    return counts.most_common(1)[0][0] if counts else ""


def _indices(node: Expr) -> tuple[Expr, ...]:
    if isinstance(node, Pow):
        return (node.exponent,) if type(node.base) is Sym else ()
    if isinstance(node, Apply):
        return node.args if len(node.args) == 1 and node.given is None else ()
    return children(node)


def _shift_of(index: Expr) -> tuple[Fraction, Expr | None]:
    """The number in an index and the rest; most are `k` and `k + 1`."""
    if type(index) is Sym:
        return _NO_SHIFT, index
    if type(index) is Add and len(index.terms) == 2 and type(index.terms[0]) is Sym:
        letter, number = index.terms
        if type(number) is Num:
            return number.value, letter
    return shift_of(index)


@dataclass(slots=True)
class _Timing:
    letter: str
    marked: frozenset[str] | None
    gradients: list[Gradient] = field(default_factory=list)
    stepped: set[str] = field(default_factory=set)
    unstepped: set[str] = field(default_factory=set)

    def read(self, expr: Expr) -> Timed:
        form = self.form(expr)
        stepped, unstepped = frozenset(self.stepped), frozenset(self.unstepped - self.stepped)
        return Timed(form, tuple(self.gradients), stepped, unstepped)

    def form(self, node: Expr) -> Expr:
        kind = type(node)
        if kind is Num:
            return node
        if isinstance(node, Sym):
            return self.name(node)
        if kind is Grad or kind is Div:
            gradient = self.gradient(node)
            if gradient is not None:
                self.gradients.append(gradient)
                return GRADIENT
        if kind is Pow or kind is Apply:
            return self.power_or_function(node)
        return rebuilt(node, self.form)

    def power_or_function(self, node: Expr) -> Expr:
        """What may be a name with its step: `v^(k)`, `v(k)`."""
        match node:
            case Pow(Sym() as base, exponent) if base.sup is None and self.number(exponent) is not None:
                return self.name(replace(base, sup=exponent))
            case Apply(head, (arg,), None) if self.letter and self.number(arg) is not None:
                return self.name(replace(head, sub=arg))
            case Apply(head, args, given) if given is not None and head.name in PROBABILITIES:
                return self.probability(args, given)
            case Apply(head, args, given):
                return Apply(
                    head, tuple(map(self.form, args)), None if given is None else tuple(map(self.form, given))
                )
        return rebuilt(node, self.form)

    def name(self, node: Sym) -> Sym:
        if node.sub is not None and (number := self.number(node.sub)) is not None:
            return self.at_step(Sym(node.name, node.accent, None, node.sup), number)
        if node.sup is not None and (number := self.number(node.sup)) is not None:
            return self.at_step(Sym(node.name, node.accent, node.sub), number)
        if node.accent == "prime" and self.marked:
            return self.at_step(replace(node, accent=""), 1)
        if self.marked and to_text(node) in self.marked:
            return self.at_step(node, 0)
        self.unstepped.add(to_text(node))
        return node

    def at_step(self, bare: Sym, number: int) -> Sym:
        self.stepped.add(to_text(bare))
        return at_step(bare, number)

    def number(self, index: Expr) -> int | None:
        """The step an index says: `k+1` is 1, `old` is 0; None for an index that counts no steps."""
        if self.marked is None:
            return None
        if isinstance(index, Sym) and index.name in _WORDS:
            return _WORDS[index.name]
        if not self.letter:
            return None
        shift, rest = _shift_of(index)
        return int(shift) if shift.denominator == 1 and rest == Sym(self.letter) else None

    def gradient(self, node: Expr) -> Gradient | None:
        match node:
            case Grad(None, by):
                return Gradient("bare", self.at(by))
            case Grad(Apply(_, args, _), _):
                return Gradient("loss", self.at(args[0]))
            case Grad(Sym(name, "", None, None), None) if self.letter and name == self.letter:
                return Gradient("bare", STEP)  # `∇(k)` says of nothing but the step
            case Grad(Sym() as of, by):
                return Gradient("loss" if of.name.isascii() or of.name == "ℓ" else "bare", self.at(by))
            case Grad(of, by):
                return Gradient("loss", self.at(by) if by is not None else None)
            case Div(top, bottom) if (of := differential(top)) and (by := differential(bottom)):
                inside = of.args[0] if isinstance(of, Apply) else by
                return Gradient("loss", self.at(inside))
        return None

    def at(self, node: Expr | None) -> Expr | None:
        return None if node is None else self.form(node)

    def probability(self, args: tuple[Expr, ...], given: tuple[Expr, ...]) -> Apply:
        """P with what it is given in a fixed order."""
        seen = tuple([self.form(event_of(arg)) for arg in args])
        names = [item if isinstance(item, Dots) else self.form(item) for item in events_in(given)]
        return Apply(Sym("P"), seen, ordered(names))


def differential(node: Expr) -> Expr | None:
    """The y of dy or ∂y, the f(x) of df(x)."""
    match node:
        case Apply(Sym("∂"), (of,), None):
            return of
        case Apply(Sym(name), args, None) if len(name) == 2 and name[0] == "d":
            return Apply(Sym(name[1]), args)
        case Sym(name) if len(name) == 2 and name[0] == "d":
            return replace(node, name=name[1])
        case Mul((Sym("d" | "∂"), of)):
            return of
    return None
