"""How one formula fits a shape: the names that stand for its free ones, its steps, its gradient."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.grading.mathematics.binding import Rules, fitting
from app.grading.mathematics.indices import Gradient
from app.grading.mathematics.shape_candidates import Candidate, candidates_in
from app.grading.mathematics.shape_patterns import Pattern, Rank, Variant
from app.grading.mathematics.steps import STEP, step_of
from app.grading.mathematics.tree import Add, Expr, Num, Sym
from app.grading.mathematics.writing import to_text

_STEPS = ("", "right", "missing", "wrong")
_GRADIENTS = ("", "loss", "named", "bare")


@dataclass(frozen=True, slots=True)
class Match:
    """How a formula fits a shape.

    `names`: what stands for each free name. `options`: what was chosen. `steps`: "right", "missing" or "wrong";
    "" if the shape has none. `gradient`: "loss", "bare", "named" (a name such as g_k) or "" if the shape has none.
    `lookahead`: the gradient is taken at a computed point. `odd`: what a person should look at. `start`, `end`: the place of the formula in the text.
    """

    names: Mapping[str, str]
    options: Mapping[str, str]
    steps: str = ""
    gradient: str = ""
    lookahead: bool = False
    odd: str = ""
    start: int = 0
    end: int = 0
    source: str = ""

    @property
    def rank(self) -> Rank:
        """How good the match is; smaller is better."""
        return _STEPS.index(self.steps), _GRADIENTS.index(self.gradient)


def match(pattern: Pattern, expr: Expr, rules: Rules) -> Match | None:
    """The best way in which one formula has the shape."""
    best: Match | None = None
    candidates = candidates_in(
        expr, pattern.equation, pattern.shape.averaged, pattern.stepped, pattern.gradient
    )
    for candidate in candidates:
        for variant in pattern.variants:
            found = _match_variant(rules, variant, candidate)
            if found is not None and (best is None or found.rank < best.rank):
                best = found
                if best.rank == pattern.best:
                    return best
    return best


def _match_variant(rules: Rules, variant: Variant, candidate: Candidate) -> Match | None:
    first, second = variant.step, candidate.step
    if first is None or second is not None:
        moved = first - second if first is not None and second is not None else 0
        names = fitting(variant.form, candidate.moved(moved), rules, True)
        if names is not None:
            return _described(variant, candidate, names, "right")
    if first is None:
        return None
    names = fitting(variant.plain, candidate.plain, rules, False)
    return None if names is None else _described(variant, candidate, names, _fault(variant, candidate, names))


def _fault(variant: Variant, candidate: Candidate, names: Mapping[str, Expr]) -> str:
    """Whether steps are only left out somewhere, or wrong."""
    bound = {to_text(names[name]) if name in names else name for name in variant.stepped}
    return "missing" if candidate.step is None or bound & candidate.unstepped else "wrong"


def _described(variant: Variant, candidate: Candidate, names: Mapping[str, Expr], steps: str) -> Match:
    bound = {name: to_text(value) for name, value in names.items()}
    has_steps = variant.step is not None
    gradients = candidate.gradients
    odd = next((f"{bound[name]} stands for {name}" for name, value in names.items() if _is_odd(value)), "")
    if not variant.gradients:
        return Match(bound, variant.choice, steps if has_steps else "", odd=odd)
    if any(isinstance(gradient.at, Num) or gradient.at == STEP for gradient in gradients):
        odd = "the gradient is taken at a number"
    written = max((gradient.written for gradient in gradients), key=_GRADIENTS.index, default="")
    lookahead = any(isinstance(gradient.at, Add) for gradient in gradients)
    wrong = steps == "right" and _gradient_misplaced(variant, candidate)
    return Match(
        bound, variant.choice, "wrong" if wrong else steps if has_steps else "", written, lookahead, odd
    )


def _is_odd(value: Expr) -> bool:
    """Whether a number is nothing that one weighs with: those are between 0 and 1."""
    return isinstance(value, Num) and not 0 < value.value < 1


def _gradient_misplaced(variant: Variant, candidate: Candidate) -> bool:
    """Whether the gradient is taken at another step than asked."""
    first, second = variant.step, candidate.step
    asked = next((step for gradient in variant.gradients if (step := _step_at(gradient)) is not None), None)
    if first is None or second is None or asked is None:
        return False
    taken = [step for gradient in candidate.gradients if (step := _step_at(gradient)) is not None]
    return any(step + first - second != asked for step in taken)


def _step_at(gradient: Gradient) -> int | None:
    return step_of(gradient.at) if isinstance(gradient.at, Sym) else None
