"""Comparing formulas by shape: the same formula with other names, other ways to write steps, and marked options.

An exam author writes the formula as a student would, and says which names are free:

    4d  Shape("ν_{k+1} = β ν_k + d ∇L(θ_k)", names=("ν", "β", "θ"), numbers=("β",), reserved=("α",),
              options={"d": ("1", "1-β")})
        is met by `v_t = 0.9 v_{t-1} + grad L(w_{t-1})`, with the sides swapped or terms moved, and by `ν = β*ν + ∇`
        (then `Match.steps` is "missing" and `Match.gradient` is "bare"). α may not stand for β: it is reserved.
    4a  Shape("c (y log p + (1-y) log(1-p))", names=("y", "p"), options={"c": ("1", "-1")}, averaged=True)
        is met by `-1/N sum_i [t_i ln(o_i) + (1-t_i) ln(1-o_i)]`; any base of the logarithm counts, `L = …` in front
        does not matter, and algebra does not either: `-y log(p/(1-p)) - log(1-p)`.
    11b Shape("P(s_t | s_{t-1}) = P(s_t | s_{t-1}, …, s_1)", names=("s",))
        is met in either order of the past, shifted by a step, with s_0 as the first state, and as `s_1..s_t`.
        Ask for `Match.steps == "right"` here: a wrong past still has the shape.
    10b Shape("v (h_1 + u h_0)") has no free names: letters as in the question, algebra free. With
        `known={"v": "-1"}` a letter may also stand as its number: `-1*(h1 + u*h0)`.

Names that are not listed must stand as they are. Steps are read in every style (`_{k+1}`, `^{(k+1)}`, `(k+1)`,
`st+1`, `_new`, a prime); a formula without steps or with wrong ones still matches, and says so in `Match.steps`.
Surprising: `∇` is one symbol, whatever it is taken of; how it was written is in `Match.gradient`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import product

from app.grading.mathematics.averages import without_average
from app.grading.mathematics.binding import NAMES_LIMIT, Form, Rules, base_of, fitting, form_of
from app.grading.mathematics.equality import substituted
from app.grading.mathematics.finding import Found, read_math
from app.grading.mathematics.indices import (
    GRADIENT,
    STEP,
    Gradient,
    Timed,
    highest_step,
    shifted,
    step_of,
    timed,
)
from app.grading.mathematics.parsing import Unread, parse, told_by
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import (
    ONE,
    ZERO,
    Add,
    Apply,
    Call,
    Expr,
    Num,
    Rel,
    Sym,
    kinds_in,
    memory_of,
    walk,
)
from app.grading.mathematics.writing import to_text

OPTIONS_LIMIT = 24
NOTHING: Mapping[str, str] = {}
Rank = tuple[int, int]
_NABLA = frozenset({to_text(GRADIENT)})
_STEPS = ("", "right", "missing", "wrong")
_GRADIENTS = ("", "loss", "named", "bare")


class ShapeError(ValueError):
    """A shape that an exam author wrote cannot be used; says why."""


@dataclass(frozen=True)
class Shape:
    """A formula as an exam author writes it; names are written as in the formula ("ν", "y_hat").

    `names`: free names. `numbers`: those of them that may be a number. `reserved`: names that never stand for
    another. `options`: placeholders with the formulas they may be. `known`: values of names, put in on both sides.
    `averaged`: the formula of one sample, that may also be summed or averaged over samples.
    """

    formula: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    averaged: bool = False


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


class Ready:
    """A shape or an answer made ready to be matched, with and without its steps; `step` is its latest.

    `named` stands for the gradient in an answer without one. Most such answers have too few or too many names for
    a shape, which is seen from the answer as it was: with the gradient put in, they are made only where it is asked.
    """

    def __init__(self, answer: Timed, named: Sym | None = None) -> None:
        self.answer, self.named = answer, named

    @cached_property
    def timed(self) -> Timed:
        """The formula with its steps and gradients."""
        return self.answer if self.named is None else _with_gradient(self.answer, self.named)

    @cached_property
    def form(self) -> Form:
        """The formula as it stands."""
        return form_of(self.timed.expr)

    @cached_property
    def plain(self) -> Form:
        """The formula without its steps."""
        return form_of(self.timed.plain)

    @cached_property
    def step(self) -> int | None:
        """The latest step, None if there is none."""
        return highest_step(self.timed.expr)

    @cached_property
    def names(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """The names of `form` and `plain`, told from the answer as it was; None if nothing is put in, or in an index."""
        if self.named is None:
            return None
        whole, base = to_text(self.named), base_of(self.named)
        forms = form_of(self.answer.expr), form_of(self.answer.plain)
        if any(form.letters_of_indices & {self.named.name, base, whole} for form in forms):
            return None
        return forms[0].names_without({whole}) | _NABLA, forms[1].names_without({whole, base}) | _NABLA

    def may_have(self, variant: "Ready", rules: Rules) -> bool:
        """Whether the answer has as many names as the shape; true where that is not known yet."""
        if self.named is None or rules.known or (names := self.names) is None:
            return True
        numbers = form_of(self.answer.expr)
        return variant.form.has_room(names[0], numbers, rules) or variant.plain.has_room(
            names[1], numbers, rules
        )

    def moved(self, by: int) -> Form:
        """The form with all steps moved."""
        if not by:
            return self.form
        memory = memory_of(self.timed.expr)
        if (shifted, by) not in memory:
            memory[shifted, by] = form_of(shifted(self.timed.expr, by))
        form: Form = memory[shifted, by]
        return form


@dataclass(frozen=True)
class Pattern:
    """A shape made ready: one formula for each choice of options. `key` is the same for equal shapes."""

    shape: Shape
    key: str
    variants: tuple[tuple[Mapping[str, str], Ready], ...]
    rules: Rules
    stepped: bool
    equation: bool
    gradient: bool  # the shape has one
    symbols: frozenset[str]
    best: Rank  # no match can be better


def prepare_shape(shape: Shape) -> Pattern:
    """Read a shape; raises ShapeError where its formula or names cannot be used."""
    formula = _authored(shape.formula, shape)
    variants = []
    for choice in product(*([(name, text) for text in texts] for name, texts in shape.options.items())):
        where = {to_text(_authored(name, shape)): _authored(text, shape) for name, text in choice}
        variants.append((dict(choice), timed(_plain_logs(substituted(formula, where)))))
    if len(variants) > OPTIONS_LIMIT:
        raise ShapeError(f"there are more than {OPTIONS_LIMIT} choices of options")
    stepped = any(highest_step(variant.expr) is not None for _, variant in variants)
    if not stepped:
        variants = [(choice, timed(variant.expr, steps=False)) for choice, variant in variants]
    ready = tuple((choice, Ready(variant)) for choice, variant in variants)
    gradient = bool(ready[0][1].timed.gradients)
    return Pattern(
        shape,
        repr(shape),
        ready,
        _rules(shape),
        stepped,
        isinstance(formula, Rel),
        gradient,
        frozenset(name for _, variant in ready for name in variant.plain.names),
        min((int(one.step is not None), int(gradient and bool(one.timed.gradients))) for _, one in ready),
    )


def _rules(shape: Shape) -> Rules:
    free, numbers, reserved = (
        tuple(to_text(_authored(name, shape)) for name in names)
        for names in (shape.names, shape.numbers, shape.reserved)
    )
    if len(free) > NAMES_LIMIT:
        raise ShapeError(f"there are more than {NAMES_LIMIT} free names")
    if not set(numbers) <= set(free):
        raise ShapeError("a name that may be a number must be among the free names")
    known = {to_text(_authored(name, shape)): _authored(text, shape) for name, text in shape.known.items()}
    return Rules(free, frozenset(numbers), frozenset(reserved), {}, known)


def _authored(text: str, shape: Shape) -> Expr:
    parsed = parse(text, Options(symbols=frozenset({*shape.names, *shape.options, *shape.known})))
    if isinstance(parsed, Unread):
        raise ShapeError(f"“{text}” cannot be read: {parsed.reason}")
    return parsed.expr


def find_shape(pattern: Pattern, text: str, given: Mapping[str, str] = NOTHING) -> Match | None:
    """The best match among all formulas of a text, in every way the text can be read.

    `given` settles names that are known from another formula: {"ν": "v"}.
    """
    rules = replace(pattern.rules, given=given) if given else pattern.rules
    symbols = told_by(text, Options(symbols=pattern.symbols, loose=pattern.stepped)).symbols
    best: Match | None = None
    for found in _formulas(text, symbols, pattern.stepped, pattern.shape.averaged):
        match = _match(pattern, found.expr, rules)
        if match is not None and (best is None or match.rank < best.rank):
            odd = match.odd or _odd_logs(found.expr)
            best = replace(match, odd=odd, start=found.start, end=found.end, source=found.source)
            if best.rank == pattern.best:
                break
    return best


@lru_cache(maxsize=256)  # a text is looked at for several shapes
def _formulas(text: str, symbols: frozenset[str], stepped: bool, averaged: bool) -> tuple[Found, ...]:
    """The formulas of a text in every way it can be read, each once."""
    formulas: dict[Expr, Found] = {}
    for options in _readings(symbols, stepped, averaged):
        for found in read_math(text, options).found:
            formulas.setdefault(found.expr, found)
    return tuple(formulas.values())


def _readings(symbols: frozenset[str], stepped: bool, averaged: bool) -> Iterator[Options]:
    for known in dict.fromkeys((symbols, frozenset[str]())):
        if stepped:
            yield Options(symbols=known, loose=True)
        yield Options(symbols=known)
        if averaged:
            yield Options(symbols=known, wide=True)


def _match(pattern: Pattern, expr: Expr, rules: Rules) -> Match | None:
    """The best way in which one formula has the shape."""
    best: Match | None = None
    answers = _answers(expr, pattern.equation, pattern.shape.averaged, pattern.stepped, pattern.gradient)
    for answer in answers:
        for choice, variant in pattern.variants:
            if not answer.may_have(variant, rules):
                continue
            match = _match_variant(rules, choice, variant, answer)
            if match is not None and (best is None or match.rank < best.rank):
                best = match
                if best.rank == pattern.best:
                    return best
    return best


@lru_cache(maxsize=256)  # an answer is looked at for several shapes
def _answers(expr: Expr, equation: bool, averaged: bool, stepped: bool, gradient: bool) -> tuple[Ready, ...]:
    """What can have a shape in a formula; for one with a gradient each name in turn may be it, if there is none."""
    answers: list[Ready] = []
    for candidate in _candidates(expr, equation, averaged):
        answer = timed(_plain_logs(candidate), stepped)
        if gradient and not answer.gradients:
            answers += [Ready(answer, name) for name in sorted(symbols_in(answer.expr), key=to_text)]
        else:
            answers.append(Ready(answer))
    return tuple(answers)


def _candidates(expr: Expr, equation: bool, averaged: bool) -> Iterator[Expr]:
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


def _with_gradient(answer: Timed, name: Sym) -> Timed:
    at = replace(name, name="θ") if step_of(name) is not None else None
    where = {to_text(name): GRADIENT, base_of(name): GRADIENT}
    return replace(
        answer,
        expr=substituted(answer.expr, {to_text(name): GRADIENT}),
        plain=substituted(answer.plain, where),
        gradients=(Gradient("named", at),),
    )


def _match_variant(rules: Rules, choice: Mapping[str, str], variant: Ready, answer: Ready) -> Match | None:
    first, second = variant.step, answer.step
    if first is None or second is not None:
        moved = first - second if first is not None and second is not None else 0
        names = fitting(variant.form, answer.moved(moved), rules, True)
        if names is not None:
            return _described(choice, variant, answer, names, "right")
    if first is None:
        return None
    names = fitting(variant.plain, answer.plain, rules, False)
    return (
        None if names is None else _described(choice, variant, answer, names, _fault(variant, answer, names))
    )


def _fault(variant: Ready, answer: Ready, names: Mapping[str, Expr]) -> str:
    """Whether steps are only left out somewhere, or wrong."""
    bound = {to_text(names[name]) if name in names else name for name in variant.timed.stepped}
    return "missing" if answer.step is None or bound & answer.timed.unstepped else "wrong"


def _described(
    choice: Mapping[str, str], variant: Ready, answer: Ready, names: Mapping[str, Expr], steps: str
) -> Match:
    bound = {name: to_text(value) for name, value in names.items()}
    has_steps = variant.step is not None
    gradients = answer.timed.gradients
    odd = next((f"{bound[name]} stands for {name}" for name, value in names.items() if _is_odd(value)), "")
    if not variant.timed.gradients:
        return Match(bound, choice, steps if has_steps else "", odd=odd)
    if any(isinstance(gradient.at, Num) or gradient.at == STEP for gradient in gradients):
        odd = "the gradient is taken at a number"
    written = max((gradient.written for gradient in gradients), key=_GRADIENTS.index, default="")
    lookahead = any(isinstance(gradient.at, Add) for gradient in gradients)
    wrong = steps == "right" and _gradient_misplaced(variant, answer)
    return Match(bound, choice, "wrong" if wrong else steps if has_steps else "", written, lookahead, odd)


def _is_odd(value: Expr) -> bool:
    """Whether a number is nothing that one weighs with: those are between 0 and 1."""
    return isinstance(value, Num) and not 0 < value.value < 1


def rival_in(pattern: Pattern, text: str, match: Match) -> Found | None:
    """Another formula of the text that speaks of the same, or of nothing named, and has not the shape; or the same one, if
    it goes on with a side that has not: `L = right = wrong`.
    """
    if pattern.equation:
        return None
    symbols = told_by(text, Options(symbols=pattern.symbols, loose=pattern.stepped)).symbols
    found = _formulas(text, symbols, pattern.stepped, pattern.shape.averaged)
    own = [one for one in found if (one.start, one.end) == (match.start, match.end)]
    for one in own:
        sides = one.expr.sides if isinstance(one.expr, Rel) else ()
        written_out = [side for side in sides if not isinstance(side, Sym | Apply)]
        if len(written_out) > 1 and _match(pattern, written_out[-1], pattern.rules) is None:
            return one
    subjects = {None, *map(_subject, own)}
    for one in found:
        apart = one.end <= match.start or one.start >= match.end
        if apart and _subject(one) in subjects and _match(pattern, one.expr, pattern.rules) is None:
            return one
    return None


def _subject(found: Found) -> Expr | None:
    return found.expr.sides[0] if isinstance(found.expr, Rel) else None


def _gradient_misplaced(variant: Ready, answer: Ready) -> bool:
    """Whether the gradient is taken at another step than asked."""
    first, second = variant.step, answer.step
    asked = next(
        (step for gradient in variant.timed.gradients if (step := _step_at(gradient)) is not None), None
    )
    if first is None or second is None or asked is None:
        return False
    taken = [step for gradient in answer.timed.gradients if (step := _step_at(gradient)) is not None]
    return any(step + first - second != asked for step in taken)


def _step_at(gradient: Gradient) -> int | None:
    return step_of(gradient.at) if isinstance(gradient.at, Sym) else None


def _plain_logs(expr: Expr) -> Expr:
    """Logarithms without their base: a base is only a factor of the whole."""
    if "log" not in kinds_in(expr):
        return expr
    if isinstance(expr, Call) and expr.function == "log":
        return Call("log", (_plain_logs(expr.args[0]),))
    return rebuilt(expr, _plain_logs)


def _odd_logs(expr: Expr) -> str:
    """What is odd about the bases of logarithms, if all are not a factor of the whole: `log_2 p + ln q`, `log_1 p`."""
    if "log" not in kinds_in(expr):
        return ""
    bases = {part.args[1:] for part in walk(expr) if isinstance(part, Call) and part.function == "log"}
    odd = len(bases) > 1 or not bases.isdisjoint({(ONE,), (ZERO,)})
    return "its logarithms have odd bases" if odd else ""
