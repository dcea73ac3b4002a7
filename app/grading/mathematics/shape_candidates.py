"""What in a formula can have a shape: an equation or its sides, the formula of one sample, and, for a shape with a
gradient, each name in turn as the gradient.
"""

from collections.abc import Iterator
from dataclasses import replace

from app.grading.mathematics.averages import without_average
from app.grading.mathematics.finding import SAYS_WHAT_IT_IS
from app.grading.mathematics.forms import Form, form_of
from app.grading.mathematics.indices import Gradient, timed
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.steps import step_of
from app.grading.mathematics.tree import (
    Add,
    BigSum,
    Call,
    Expr,
    Rel,
    Sym,
    kept_in_tree,
    kinds_in,
    memory_of,
    walk,
)
from app.grading.mathematics.writing import to_text

MOST_NAMES = 8  # that a sum is tried as the value of


class Candidate:
    """A formula made ready to be matched, with its steps and without; `step` is its latest."""

    def __init__(
        self, form: Form, plain: Form, gradients: tuple[Gradient, ...], unstepped: frozenset[str]
    ) -> None:
        self.form, self.plain, self.step = form, plain, form.step
        self.gradients, self.unstepped = gradients, unstepped
        self._moved = {0: form}

    def moved(self, by: int) -> Form:
        """The form with all steps moved."""
        if by not in self._moved:
            self._moved[by] = self.form.moved(by)
        return self._moved[by]

    def with_gradients(self) -> "list[Candidate]":
        """The formula with each of its names in turn as the gradient; itself if there is one."""
        if self.gradients:
            return [self]
        found = []
        for name in sorted(symbols_in(self.form.tree), key=to_text):
            at = replace(name, name="θ") if step_of(name) is not None else None
            written = (Gradient("named", at),)
            form, plain = self.form.with_gradient(name), self.plain.with_gradient(name)
            found.append(Candidate(form, plain, written, self.unstepped))
        return found


def candidates_in(
    expr: Expr, equation: bool, averaged: bool, stepped: bool, gradient: bool
) -> list[Candidate]:
    """What can have a shape of this kind; kept, as an answer is looked at for several shapes."""
    memory, key = memory_of(expr), (equation, averaged, stepped, gradient)
    if key not in memory:
        if gradient:
            whole = candidates_in(expr, equation, averaged, stepped, False)
            memory[key] = [candidate for one in whole for candidate in one.with_gradients()]
        else:
            memory[key] = [_candidate(part, stepped) for part in _parts(expr, equation, averaged)]
    found: list[Candidate] = memory[key]
    return found


def _candidate(part: Expr, stepped: bool) -> Candidate:
    answer = timed(plain_logs(part), stepped)
    form = form_of(answer.expr)
    return Candidate(form, form.without_steps(), answer.gradients, answer.unstepped)


def _parts(expr: Expr, equation: bool, averaged: bool) -> Iterator[Expr]:
    """The formula itself; for a shape without equals sign the sides of an equation, last first."""
    if equation:
        yield from _equations(expr)
        return
    named = isinstance(expr, Rel) and SAYS_WHAT_IT_IS.issuperset(expr.signs)
    sides = expr.sides[::-1] if isinstance(expr, Rel) and named else (expr,)
    for side in sides:
        inner = without_average(side) if averaged else None
        if inner is None or BigSum not in kinds_in(side):  # as a sum it is no formula of one sample
            yield side
        if inner is not None:
            yield inner


def _equations(expr: Expr) -> Iterator[Expr]:
    """An equation, and the pairs of sides of a longer chain; of a sum alone what it may be equal to."""
    if isinstance(expr, Rel) and len(expr.sides) == 2:
        yield expr
    elif isinstance(expr, Rel):
        for sign, left, right in zip(expr.signs, expr.sides, expr.sides[1:], strict=False):
            yield Rel((sign,), (left, right))
        if set(expr.signs) == {"="}:
            yield Rel(("=",), (expr.sides[0], expr.sides[-1]))
    elif isinstance(expr, Add) and BigSum not in kinds_in(
        expr
    ):  # `β ν - α ∇L(θ)` alone is what one of its names becomes
        for name in sorted(
            dict.fromkeys([Sym(one.name, one.accent) for one in symbols_in(expr)]), key=to_text
        )[:MOST_NAMES]:
            yield Rel(("=",), (name, expr))


def plain_logs(expr: Expr) -> Expr:
    """Logarithms without their base: a base is only a factor of the whole."""
    return _without_bases(expr) if any(map(len, bases_of_logs(expr))) else expr


def _without_bases(expr: Expr) -> Expr:
    if isinstance(expr, Call) and expr.function == "log":
        return Call("log", (_without_bases(expr.args[0]),))
    return rebuilt(expr, _without_bases)


@kept_in_tree
def bases_of_logs(expr: Expr) -> frozenset[tuple[Expr, ...]]:
    """The bases of the logarithms in a formula, () for one without."""
    calls = [part for part in walk(expr) if type(part) is Call]
    return frozenset([call.args[1:] for call in calls if call.function == "log"])
