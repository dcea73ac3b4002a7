"""Marking one part: read its fields, judge its criteria, and let the marking tree compute the points."""

from collections.abc import Mapping
from fractions import Fraction

from app.grading.doubts import doubted_by_text
from app.grading.fields import read_part
from app.grading.judging import judge_safely, judged
from app.grading.marking import earn
from app.grading.second_thoughts import doubted_by_correction
from app.grading.types import (
    Answers,
    Blank,
    CriterionMark,
    FieldError,
    Outcome,
    Part,
    PartMark,
    Reading,
    Unreadable,
    Verdict,
    View,
    doubted,
    not_met,
    unsure,
)

GRADER_VERSION = "4"
"""Grows when answers may get other marks than before; each mark notes which one gave it."""

Parts = Mapping[str, Part]


def mark(part: Part, answers: Answers, parts: Parts | None = None) -> PartMark:
    """The mark of one part of an attempt.

    `parts` are all parts of the exam, needed where a part is judged by the student's answer to another one.
    An unanswered part earns 0 and no review; a field of the wrong shape makes every criterion unsure.
    """
    readings = _readings(part, answers, parts or {})
    own = readings[part.id]
    kinds = set(map(type, own.values()))
    errors = _errors(own) if Unreadable in kinds else ()
    if not errors and kinds <= _BLANK:
        return _unanswered(part, own)
    view = View(part.id, readings)
    verdicts = judged(part, view)
    if part.worded or part.formulas:
        verdicts = doubted_by_correction(part, view, doubted_by_text(part, view, verdicts))
    reasons: list[str] = []
    if errors:
        verdicts = {
            name: unsure(errors[0].reason, likely=verdict.leans_met) for name, verdict in verdicts.items()
        }
        reasons = [f"{error.field}: {error.reason}" for error in errors]
    return _settle(part, view, verdicts, reasons, errors)


_BLANK = {Blank}


def _readings(part: Part, answers: Answers, parts: Parts) -> dict[str, Mapping[str, Reading]]:
    """This part's readings, and those of the other parts that its checks look at."""
    readings: dict[str, Mapping[str, Reading]] = {part.id: read_part(part.fields, answers.get(part.id) or {})}
    for other in part.looks_at:
        if other in parts:
            readings[other] = read_part(parts[other].fields, answers.get(other) or {})
    return readings


def _errors(readings: Mapping[str, Reading]) -> tuple[FieldError, ...]:
    malformed = [
        FieldError(name, reading.reason)
        for name, reading in readings.items()
        if isinstance(reading, Unreadable) and reading.malformed
    ]
    return tuple(malformed)


def _unanswered(part: Part, readings: Mapping[str, Reading]) -> PartMark:
    verdicts = {criterion.id: not_met("Nothing was entered.") for criterion in part.criteria}
    zero = Fraction(0)
    marks = _criterion_marks(part, verdicts, frozenset())
    return PartMark(part.id, part.points, zero, zero, zero, False, False, (), marks, readings)


def _settle(
    part: Part, view: View, verdicts: dict[str, Verdict], reasons: list[str], errors: tuple[FieldError, ...]
) -> PartMark:
    """Review rules turn what they name into unsure verdicts, which then give the interval."""
    for rule in part.reviews:
        if judge_safely(rule.check.judge, view).outcome is Outcome.NOT_MET:
            continue
        reasons.append(rule.because)
        for name in rule.criteria or tuple(verdicts):
            if verdicts[name].outcome is not Outcome.UNSURE:
                verdicts[name] = doubted(verdicts[name], verdicts[name].sentence or rule.because)
    return _finish(part, verdicts, view.own, tuple(reasons), errors)


def _finish(
    part: Part,
    verdicts: Mapping[str, Verdict],
    readings: Mapping[str, Reading],
    reasons: tuple[str, ...],
    errors: tuple[FieldError, ...],
) -> PartMark:
    earned = earn(part.marking, verdicts)
    review = bool(reasons) or (earned.low is not earned.high and earned.low != earned.high)
    marks = _criterion_marks(part, verdicts, earned.counted)
    if review and not reasons:
        unsure_ones = [one.verdict.sentence for one in marks if one.verdict.outcome is Outcome.UNSURE]
        reasons = tuple(dict.fromkeys(sentence for sentence in unsure_ones if sentence))
    return PartMark(
        part.id,
        part.points,
        earned.best,
        earned.low,
        earned.high,
        True,
        review,
        reasons,
        marks,
        readings,
        errors,
    )


def _criterion_marks(
    part: Part, verdicts: Mapping[str, Verdict], counted: frozenset[str]
) -> tuple[CriterionMark, ...]:
    return tuple(
        [
            CriterionMark(one.id, one.points, one.sentence, verdicts[one.id], one.id in counted)
            for one in part.criteria
        ]
    )
