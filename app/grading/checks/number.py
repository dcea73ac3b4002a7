"""Checks of numbers: exact unless a tolerance is given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.grading.checks.arithmetic import Formula, Written, exact, formula, plain
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.types import Evidence, Verdict, View, met, not_met


@dataclass(frozen=True, slots=True)
class Number:
    """The number is this one: `number: {field: r2, is: 19}`, `number: {is: "(11*11*3 + 1)*96"}`.

    `is` can be arithmetic over other number fields, so that an earlier answer is followed: `is: "-1 * h2"`.
    `tolerance` is how far off it may be, `relative` the same as a share of it (0.01 for one percent).
    """

    is_: Written
    field: str | None = None
    tolerance: Written | None = None
    relative: Written | None = None


@dataclass(frozen=True, slots=True)
class PreparedNumber:
    """The rule with its arithmetic read."""

    field: str
    target: Formula
    tolerance: Fraction
    relative: Fraction
    lenient: bool  # whether there is any tolerance: fractions are slow to subtract
    right: Verdict | None  # of the very number, where it follows no other field


def prepare_number(rule: Number, _setting: Setting) -> PreparedNumber:
    """Read what the author wrote."""
    tolerance, relative = exact(rule.tolerance or 0), exact(rule.relative or 0)
    if tolerance < 0 or relative < 0:
        raise RuleError("a tolerance cannot be negative", "tolerance")
    name, target = rule.field or "", formula(rule.is_)
    right = None if target.fixed is None else _right(name, target, target.fixed)
    return PreparedNumber(name, target, tolerance, relative, bool(tolerance or relative), right)


def number(rule: PreparedNumber, view: View) -> Verdict:
    """The number is the one asked for, exactly or within the tolerance.

    "0.0004" and "1/50^2" both meet `is: "1/2500"`; surprising: "0.00040001" does not.
    """
    value = view.value(rule.field)
    if value is None:
        return not_met("Nothing was entered.")
    if rule.right is not None and value == rule.target.fixed:
        return rule.right
    target = rule.target.value_in(view)
    if target is None:
        return not_met(f"{rule.target.text} cannot be computed: another field is blank.")
    if value == target or (rule.lenient and _is_near(rule, value, target)):
        return _right(rule.field, rule.target, value)
    sentence = f"You entered {plain(value)}; expected is {plain(target)}."
    return not_met(sentence, Evidence(rule.field, f"is {rule.target.text}", sentence))


def _right(field: str, target: Formula, value: Fraction) -> Verdict:
    sentence = f"You entered {plain(value)}."
    return met(sentence, Evidence(field, f"is {target.text}", sentence))


def _is_near(rule: PreparedNumber, value: Fraction, target: Fraction) -> bool:
    return abs(value - target) <= max(rule.tolerance, rule.relative * abs(target))


@dataclass(frozen=True, slots=True)
class Ratio:
    """One number is so many times another, whatever they are: `ratio: {of: relu, to: tanh, is: 2}`."""

    of: str
    to: str
    is_: Written


@dataclass(frozen=True, slots=True)
class PreparedRatio:
    """The rule with its number read."""

    of: str
    to: str
    target: Fraction


def prepare_ratio(rule: Ratio, _setting: Setting) -> PreparedRatio:
    """Read what the author wrote."""
    return PreparedRatio(rule.of, rule.to, exact(rule.is_))


def ratio(rule: PreparedRatio, view: View) -> Verdict:
    """2/1024 to 1/1024 is 2. With one of the two blank, or both 0, there is no ratio: not met."""
    first, second = view.value(rule.of), view.value(rule.to)
    if first is None or second is None:
        return not_met("One of the two numbers is blank.")
    right = second != 0 and first == rule.target * second
    sentence = f"{plain(first)} is {'' if right else 'not '}{plain(rule.target)} times {plain(second)}."
    evidence = Evidence(rule.of, f"{plain(rule.target)} times {rule.to}", sentence)
    return met(sentence, evidence) if right else not_met(sentence, evidence)


@dataclass(frozen=True, slots=True)
class Numbers:
    """These numbers and no others (`are`), or at least these (`holds`).

    `numbers: {are: [64, 64, 96], any_order: true}`; `numbers: {holds: [64, 64]}` asks for two cells with 64,
    wherever they stand.
    """

    are: tuple[Written, ...] = ()
    holds: tuple[Written, ...] = ()
    any_order: bool = False
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedNumbers:
    """The rule with its numbers read."""

    field: str
    targets: tuple[Fraction, ...]
    listed: str
    exactly: bool
    any_order: bool
    right: Verdict  # of these very numbers in order


def prepare_numbers(rule: Numbers, _setting: Setting) -> PreparedNumbers:
    """Read the numbers; one of the two lists must be given."""
    if bool(rule.are) == bool(rule.holds):
        raise RuleError("say either which numbers these are (are) or which must be among them (holds)")
    targets = tuple(exact(written) for written in rule.are or rule.holds)
    name, listed = rule.field or "", _list(targets)
    sentence = f"You entered {listed}."
    right = met(sentence, Evidence(name, f"are {listed}", sentence))
    return PreparedNumbers(name, targets, listed, bool(rule.are), rule.any_order, right)


def numbers(rule: PreparedNumbers, view: View) -> Verdict:
    """The list of numbers against the one asked for.

    96, 64, 64 meets `are: [64, 64, 96], any_order: true`. Surprising: 64, 64 and a blank cell meet
    `are: [64, 64]` only with `any_order`, as the blank cell is no number but has a place.
    """
    given = view.value(rule.field)
    if rule.exactly and given == rule.targets:
        return rule.right
    entered = [value for value in given if value is not None]
    if not rule.exactly:
        return _judge_held(rule, entered)
    if rule.any_order:
        right = Counter(entered) == Counter(rule.targets)
        sentence = f"You entered {_list(entered)}{'' if right else f'; expected are {rule.listed}'}."
        evidence = Evidence(rule.field, f"are {rule.listed}", sentence)
        return met(sentence, evidence) if right else not_met(sentence, evidence)
    return _judge_in_order(rule, given)


def _judge_held(rule: PreparedNumbers, entered: Sequence[Fraction]) -> Verdict:
    missing = list((Counter(rule.targets) - Counter(entered)).elements())
    sentence = f"{_list(missing)} is missing." if missing else f"{rule.listed} is there."
    evidence = Evidence(rule.field, f"holds {rule.listed}", sentence)
    return not_met(sentence, evidence) if missing else met(sentence, evidence)


def _judge_in_order(rule: PreparedNumbers, given: Sequence[Fraction | None]) -> Verdict:
    if len(given) != len(rule.targets):
        return not_met(f"Asked are {len(rule.targets)} numbers, entered are {len(given)}.")
    faults = [
        Evidence(rule.field, f"is {plain(target)}", _fault(index, value, target), {"index": index})
        for index, (value, target) in enumerate(zip(given, rule.targets, strict=True))
        if value != target
    ]
    return not_met(" ".join([fault.sentence for fault in faults]), *faults)


def _fault(index: int, value: Fraction | None, target: Fraction) -> str:
    wrote = "it was left blank" if value is None else f"you entered {plain(value)}"
    return f"Number {index + 1} should be {plain(target)}, {wrote}."


def _list(values: Sequence[Fraction]) -> str:
    return ", ".join(plain(value) for value in values)


NUMBER_CHECKS = {
    "number": CheckKind(
        Number,
        number,
        ("number",),
        short="is_",
        prepare=prepare_number,
        reads=lambda rule: formula(rule.is_).names,
    ),
    "ratio": CheckKind(
        Ratio, ratio, ("number",), prepare=prepare_ratio, reads=lambda rule: (rule.of, rule.to)
    ),
    "numbers": CheckKind(Numbers, numbers, ("numbers",), short="are", prepare=prepare_numbers),
}
