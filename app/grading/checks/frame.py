"""What all checks share: the table's row, the setting a rule is prepared in, and the judging around a check.

A check is a rule (a frozen dataclass whose attributes are the keys in the exam file), a judge
`(prepared rule, View) -> Verdict`, and where it pays an own `prepare` that compiles the rule once.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.grading.language import Glossary, PhraseIndex
from app.grading.types import BLANK, Blank, Check, Unreadable, Value, Verdict, View, not_met, unsure

MOST_READINGS = 4


class RuleError(Exception):
    """A rule that cannot work, with the path to the faulty place inside the rule."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a rule stands: its part, the fields it can name, the exam's glossary, and what the rules of the part share.

    `phrases` is the index of their phrases, `sources` are the texts that they hear.
    """

    part_id: str
    fields: Mapping[str, Any]
    exam_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    terms: Glossary = field(default_factory=Glossary)
    prompt: str = ""
    phrases: PhraseIndex = field(default_factory=PhraseIndex, compare=False, repr=False)
    sources: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def spec(self, name: str) -> Any:
        """The specification of a field of this part ("mu") or another one ("3c.split"); None if there is none."""
        part, _, field_id = name.rpartition(".")
        fields = self.exam_fields.get(part, {}) if part else self.fields
        return fields.get(field_id)


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A row of the CHECKS table.

    `kinds` are the field kinds the check can look at. `short` names the attribute that a value stands for
    when the rule is written without keys (`ticked: [3]`). `reads` gives the fields that a rule names in keys
    of its own (`ratio: {of: relu, to: tanh}`). `words`: it looks for words in a text.
    """

    rule: type
    judge: Callable[[Any, View], Verdict]
    kinds: tuple[str, ...]
    short: str | None = None
    prepare: Callable[[Any, Setting], Any] | None = None
    reads: Callable[[Any], tuple[str, ...]] | None = None
    words: bool = False


def compile_check(name: str, kind: CheckKind, rule: Any, setting: Setting) -> Check:
    """A rule made ready for judging; raises RuleError where it cannot work."""
    placed, fields = _place(kind, rule, setting)
    prepared = kind.prepare(placed, setting) if kind.prepare else placed
    judge_values = kind.judge

    def judge(view: View) -> Verdict:
        verdict: Verdict | None = view.known.get(judge)
        if verdict is None:
            for field in fields:
                reading = view.own.get(field)
                if not isinstance(reading, Value) or reading.others:
                    verdict = _judge_readings(kind, prepared, fields, view)
                    break
            else:  # nearly always: values of this part that can be read in one way
                verdict = judge_values(prepared, view)
            view.known[judge] = verdict
        return verdict

    return Check(name, fields, judge, kind.words, remembers=True)


def _place(kind: CheckKind, rule: Any, setting: Setting) -> tuple[Any, tuple[str, ...]]:
    """The rule with its fields filled in, and the names of all fields it reads."""
    placed: Any = rule
    names: tuple[str, ...] = ()
    if hasattr(rule, "fields"):
        names = tuple(rule.fields) or _fitting(kind, setting)
        placed = replace(rule, fields=names)
    elif hasattr(rule, "field"):
        names = (rule.field,) if rule.field else _fitting(kind, setting)
        if len(names) > 1:
            raise RuleError(f"say which field this check looks at: one of {', '.join(names)}")
        placed = replace(rule, field=names[0] if names else None)
    names = tuple(dict.fromkeys((*names, *(kind.reads(rule) if kind.reads else ()))))
    if not names:
        raise RuleError(f"this part has no field of kind {' or '.join(kind.kinds)}")
    for index, name in enumerate(names):
        _refuse_wrong_kind(kind, name, index, setting)
    return placed, names


def _fitting(kind: CheckKind, setting: Setting) -> tuple[str, ...]:
    return tuple(name for name, spec in setting.fields.items() if spec.kind in kind.kinds)


def _refuse_wrong_kind(kind: CheckKind, name: str, index: int, setting: Setting) -> None:
    spec = setting.spec(name)
    if spec is None:
        known = ", ".join(setting.fields)
        raise RuleError(f"there is no field {name!r} here; this part has {known}", "field", index)
    if spec.kind not in kind.kinds:
        raise RuleError(f"field {name!r} is of kind {spec.kind}, this check reads {' or '.join(kind.kinds)}")


def _judge_readings(kind: CheckKind, prepared: Any, fields: tuple[str, ...], view: View) -> Verdict:
    """Blank is not met, unreadable is unsure; an ambiguous entry is judged by each of its readings."""
    readings = [view.reading(name) for name in fields]
    if all(isinstance(reading, Blank) for reading in readings):
        return not_met("Nothing was entered.")
    faulty = next((reading for reading in readings if isinstance(reading, Unreadable)), None)
    if any(isinstance(reading, Value) for reading in readings):
        verdict = _judge_every_reading(kind, prepared, fields, _without_unreadable(view, fields))
        if faulty is None or verdict.leans_met:
            return verdict
    return unsure(f"Could not be read: {faulty.reason if faulty else 'unknown'}")


def _without_unreadable(view: View, fields: tuple[str, ...]) -> View:
    """The view in which what cannot be read is blank, so that judges meet values and blanks only."""
    unreadable = [name for name in fields if isinstance(view.reading(name), Unreadable)]
    for name in unreadable:
        view = view.with_reading(name, BLANK)
    return view


def _judge_every_reading(kind: CheckKind, prepared: Any, fields: tuple[str, ...], view: View) -> Verdict:
    first = kind.judge(prepared, view)
    for name in fields:
        reading = view.reading(name)
        if not isinstance(reading, Value):
            continue
        for other in reading.others[:MOST_READINGS]:
            verdict = kind.judge(prepared, view.with_reading(name, Value(other)))
            if verdict.outcome is not first.outcome:
                return unsure(
                    f"Can be read in more than one way{reading.echo}.",
                    *first.evidence,
                    likely=first.leans_met,
                )
    return first
