"""Checks of what was ticked or chosen."""

from dataclasses import dataclass

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.types import Evidence, Verdict, View, met, not_met


@dataclass(frozen=True, slots=True)
class Ticked:
    """Exactly these options are ticked and no others; `[]` means that no option is right.

    `ticked: [2, 4]`
    """

    options: tuple[int, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedTicked:
    """The rule with its options as a set."""

    field: str
    right: frozenset[int]


def prepare_ticked(rule: Ticked, setting: Setting) -> PreparedTicked:
    """Refuse options that the field does not have."""
    spec = setting.spec(rule.field or "")
    for index, number in enumerate(rule.options):
        if not 1 <= number <= len(spec.options):
            raise RuleError(
                f"option {number} is not there: they are 1 to {len(spec.options)}", "options", index
            )
    return PreparedTicked(rule.field or "", frozenset(rule.options))


def ticked(rule: PreparedTicked, view: View) -> Verdict:
    """All boxes right or nothing.

    Options 2 and 4 against `ticked: [2, 4]` are met; surprising: all four ticked are not met.
    """
    field, right = rule.field, rule.right
    chosen = view.value(field)
    if chosen == right:
        return met(*_said(field, f"You ticked {_list(chosen)}: all boxes are right."))
    missing, wrong = right - chosen, chosen - right
    faults = [f"{_list(missing)} should be ticked"] if missing else []
    faults += [f"{_list(wrong)} should not be ticked"] if wrong else []
    return not_met(*_said(field, f"{' and '.join(faults)}.".capitalize()))


def _said(field: str, sentence: str) -> tuple[str, Evidence]:
    return sentence, Evidence(field, "ticked", sentence)


def _list(numbers: frozenset[int]) -> str:
    if not numbers:
        return "no option"
    words = [str(number) for number in sorted(numbers)]
    head = "option" if len(words) == 1 else "options"
    return f"{head} {' and '.join([', '.join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """This word is chosen. Several choices at once: `all: [{chosen: …}, {chosen: …}]`.

    `chosen: {field: g1, is: output}`
    """

    is_: str
    field: str | None = None


def prepare_chosen(rule: Chosen, setting: Setting) -> Chosen:
    """Refuse a word that is not on offer."""
    options = setting.spec(rule.field or "").options
    if rule.is_ not in options:
        raise RuleError(f"{rule.is_!r} is not one of {', '.join(options)}", "is")
    return rule


def chosen(rule: Chosen, view: View) -> Verdict:
    """The chosen word is the one asked for."""
    field = rule.field or ""
    word = view.value(field)
    right = word == rule.is_
    sentence = f"You chose {word}." if right else f"You chose {word}; it should be {rule.is_}."
    evidence = Evidence(field, f"is {rule.is_}", sentence)
    return met(sentence, evidence) if right else not_met(sentence, evidence)


CHOICE_CHECKS = {
    "ticked": CheckKind(Ticked, ticked, ("choices",), short="options", prepare=prepare_ticked),
    "chosen": CheckKind(Chosen, chosen, ("choice",), short="is_", prepare=prepare_chosen),
}
