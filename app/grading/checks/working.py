"""The check of a calculation: arithmetic that comes out at a value and is more than the bare number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.grading.checks.arithmetic import Formula, Written, formula, plain
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.mathematics import Options, Parsed, formulas_in, parse
from app.grading.mathematics.tree import Neg, Num, Sym
from app.grading.mathematics.working import Calculation, Step, calculations_in
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure


@dataclass(frozen=True, slots=True)
class Working:
    """A calculation in the field comes out at this value: `working: {field: r2_working, gives: 19}`.

    Without `gives` any calculation will do. `gives` may be arithmetic over number fields (`"-1 * h2"`).
    `known` are values of names, so that a calculation with letters comes out too: `known: {v: -1, h_2: h2}`
    (a number, or a number field of the part). The bare number, also as `r2 = 19`, is no calculation.
    """

    gives: Written | None = None
    known: Mapping[str, Written] = field(default_factory=dict)
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its arithmetic read."""

    field: str
    target: Formula | None
    known: Mapping[str, Formula]
    options: Options


def prepare(rule: Working, setting: Setting) -> Prepared:
    """Read what the author wrote; the numbers it names are in other fields."""
    if setting.spec(rule.field or "").kind != "math":
        raise RuleError("a calculation stands in a field of kind math", "field")
    known = {name: formula(written) for name, written in rule.known.items()}
    target = None if rule.gives is None else formula(rule.gives)
    options = Options(symbols=frozenset(name[0] for name in known))
    return Prepared(rule.field or "", target, known, options)


def working(rule: Prepared, view: View) -> Verdict:
    """A calculation that comes out right, wherever it stands.

    `r_2 = r_1 + (f-1)*s = 11 + 2*4` gives 19. Surprising: `11 + 2*4 = 18` gives 19 too, but says 18: unsure.
    """
    text = view.value(rule.field)
    if text is None:
        return not_met("Nothing was entered.")
    calculations = _calculations(rule, text, view)
    if rule.target is None:
        return _any_calculation(rule, calculations)
    target = rule.target.value_in(view)
    if target is None:
        return not_met(f"{rule.target.text} cannot be computed: another field is blank.")
    right = [one for one in calculations if _comes_out(rule, one, target)]
    if right:
        return _settle(rule, right, target)
    return _without_right(rule, text, calculations, target)


def _settle(rule: Prepared, right: Sequence[Calculation], target: Fraction) -> Verdict:
    """Right, unless the same line says another number."""
    agreeing = [one for one in right if one.agrees]
    if agreeing:
        sentence = f"The calculation gives {plain(target)}."
        return met(sentence, _evidence(rule, agreeing[0], sentence))
    sentence = f"The calculation gives {plain(target)}, but another number stands beside it."
    return unsure(sentence, _evidence(rule, right[0], sentence), likely=True)


def _without_right(
    rule: Prepared, text: str, calculations: Sequence[Calculation], target: Fraction
) -> Verdict:
    worked = [one for one in calculations if any(_is_worked(rule, step) for step in one.steps)]
    if worked:
        sentence = f"The calculation gives {plain(worked[-1].value)}; expected is {plain(target)}."
        return not_met(sentence, _evidence(rule, worked[-1], sentence))
    if _has_formula(text):
        return unsure("There is a formula with letters, and no calculation with numbers.")
    return not_met("This is the bare number, without a calculation.")


def _any_calculation(rule: Prepared, calculations: Sequence[Calculation]) -> Verdict:
    worked = [one for one in calculations if any(_is_worked(rule, step) for step in one.steps)]
    if not worked:
        return not_met("There is no calculation.")
    return met("There is a calculation.", _evidence(rule, worked[-1], "There is a calculation."))


def _comes_out(rule: Prepared, calculation: Calculation, target: Fraction) -> bool:
    return any(step.exact and step.value == target and _is_worked(rule, step) for step in calculation.steps)


def _is_worked(rule: Prepared, step: Step) -> bool:
    """More than a number or a name alone; `v h_2` is a product without a sign."""
    if not (step.bare and step.letters):
        return not step.bare
    parsed = parse(step.source, rule.options)
    return isinstance(parsed, Parsed) and not isinstance(parsed.expr, Sym)


def _has_formula(text: str) -> bool:
    """Whether there is more than numbers and names, each alone."""
    sides = [side for found in formulas_in(text) for side in getattr(found.expr, "sides", (found.expr,))]
    return any(not isinstance(side.of if isinstance(side, Neg) else side, Num | Sym) for side in sides)


def _calculations(rule: Prepared, text: str, view: View) -> tuple[Calculation, ...]:
    """The calculations of the text, found once for all rules that know the same of its names."""
    known = rule.known
    if text.isascii():  # so that names without their first letter in the text change nothing
        known = {name: one for name, one in known.items() if name[0] in text}
    key = (calculations_in, text, tuple([(name, one.text) for name, one in known.items()]))
    return view.once(key, lambda: calculations_in(text, _values(known, view)))


def _values(known: Mapping[str, Formula], view: View) -> dict[str, Fraction]:
    values = {name: one.value_in(view) for name, one in known.items()}
    return {name: value for name, value in values.items() if value is not None}


def _evidence(rule: Prepared, found: Calculation, sentence: str) -> Evidence:
    target = "" if rule.target is None else f" that gives {rule.target.text}"
    place = {"start": found.start, "end": found.end}
    return Evidence(rule.field, f"a calculation{target}", sentence, place)


def _reads(rule: Working) -> tuple[str, ...]:
    written = [*rule.known.values(), *([] if rule.gives is None else [rule.gives])]
    return tuple(dict.fromkeys(name for one in written for name in formula(one).names))


WORKING = CheckKind(Working, working, ("math", "number"), prepare=prepare, reads=_reads)
