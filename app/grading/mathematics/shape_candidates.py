"""What in a formula can have a shape: an equation or its sides, the formula of one sample, and, for a shape with a
gradient, each name in turn as the gradient.
"""

from collections.abc import Iterator
from dataclasses import replace

from app.grading.mathematics.averages import without_average
from app.grading.mathematics.forms import Form, form_of
from app.grading.mathematics.indices import Gradient, Timed, step_of, timed
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Call, Expr, Rel, kept_in_tree, memory_of, walk
from app.grading.mathematics.writing import to_text


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


def candidates_in(
    expr: Expr, equation: bool, averaged: bool, stepped: bool, gradient: bool
) -> list[Candidate]:
    """What can have a shape of this kind; kept, as an answer is looked at for several shapes."""
    memory, key = memory_of(expr), (equation, averaged, stepped, gradient)
    if key not in memory:
        memory[key] = [
            candidate
            for part in _parts(expr, equation, averaged)
            for candidate in _candidates(timed(plain_logs(part), stepped), gradient)
        ]
    found: list[Candidate] = memory[key]
    return found


def _candidates(answer: Timed, gradient: bool) -> Iterator[Candidate]:
    """The formula; for a shape with a gradient each of its names in turn may be it, if there is none."""
    form = form_of(answer.expr)
    plain = form.without_steps()
    if not gradient or answer.gradients:
        yield Candidate(form, plain, answer.gradients, answer.unstepped)
        return
    for name in sorted(symbols_in(answer.expr), key=to_text):
        at = replace(name, name="θ") if step_of(name) is not None else None
        written = (Gradient("named", at),)
        yield Candidate(form.with_gradient(name), plain.with_gradient(name), written, answer.unstepped)


def _parts(expr: Expr, equation: bool, averaged: bool) -> Iterator[Expr]:
    """The formula itself; for a shape without equals sign the sides of an equation, last first."""
    if equation:
        yield from _equations(expr)
        return
    sides = expr.sides[::-1] if isinstance(expr, Rel) and set(expr.signs) == {"="} else (expr,)
    for side in sides:
        yield side
        if averaged and (inner := without_average(side)) is not None:
            yield inner


def _equations(expr: Expr) -> Iterator[Expr]:
    """An equation, and the pairs of sides of a longer chain."""
    if isinstance(expr, Rel):
        for sign, left, right in zip(expr.signs, expr.sides, expr.sides[1:], strict=False):
            yield Rel((sign,), (left, right))
        if len(expr.sides) > 2 and set(expr.signs) == {"="}:
            yield Rel(("=",), (expr.sides[0], expr.sides[-1]))


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
