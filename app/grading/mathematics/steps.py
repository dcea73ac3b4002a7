"""Names at a step, in the one form that all ways to write steps are brought to: `v_(k + 1)`, `v_(k + 0)`."""

from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.tree import Add, Expr, Num, Sym, kept_in_tree, walk

STEP = Sym("k")


def at_step(name: Sym, number: int) -> Sym:
    """A name at a step, in the one form that all steps are brought to."""
    return _named(name.name, name.accent, number)


def without_step(name: Sym) -> Sym:
    """The name alone."""
    return _named(name.name, name.accent, None)


@lru_cache(maxsize=1024)
def _named(letters: str, accent: str, number: int | None) -> Sym:
    """One node for all places of a name, which so is written and hashed once."""
    return Sym(letters, accent, None if number is None else Add((STEP, Num(Fraction(number)))))


def step_of(node: Expr) -> int | None:
    """The step of a name in that form."""
    if type(node) is not Sym or type(node.sub) is not Add or node.sup is not None:
        return None
    letter, number = node.sub.terms[:2]
    counts = type(letter) is Sym and letter.name == STEP.name and len(node.sub.terms) == 2
    return int(number.value) if counts and type(number) is Num else None


def shifted(expr: Expr, by: int) -> Expr:
    """All steps moved."""
    if type(expr) is Sym and (number := step_of(expr)) is not None:
        return at_step(expr, number + by)
    return rebuilt(expr, lambda part: shifted(part, by))


def without_steps(expr: Expr) -> Expr:
    """The formula with the steps left out."""
    if type(expr) is Sym and step_of(expr) is not None:
        return without_step(expr)
    return rebuilt(expr, without_steps)


@kept_in_tree
def highest_step(expr: Expr) -> int | None:
    """The latest step in a formula; None if it has no steps."""
    steps = [
        number
        for node in walk(expr)
        if type(node) is Sym and node.sub is not None and (number := step_of(node)) is not None
    ]
    return max(steps) if steps else None
