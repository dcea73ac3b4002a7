"""Marking what was handed in, and storing each mark with all that it was made from."""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.exams.loader import Exam
from app.grading import GRADER_VERSION, mark
from app.grading.types import Answers, CriterionMark, Part, PartMark, Reading, Unreadable, Value, unsure
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from app.store.models import Answer, Attempt, Mark

LONGEST = 20.0
"""Seconds for a whole attempt. Every check counts its steps, so this is never met but by a fault."""

log = logging.getLogger(__name__)


def grade(store: Store, exams: Exams, attempt_id: int, now: datetime) -> Attempt:
    """Mark an attempt that is handed in and store the marks; of a graded one nothing changes."""
    grade_all(store, exams, [attempt_id], now)
    with store.read() as db:
        return db.get_one(Attempt, attempt_id)


def grade_all(store: Store, exams: Exams, attempt_ids: Iterable[int], now: datetime) -> None:
    """Mark several attempts, and store their marks in one transaction."""
    found = [(one, *_mark(store, exams, one)) for one in attempt_ids]
    store.write(lambda db: _store_all(db, found, now))


def mark_exam(exam: Exam, answers: Answers, seconds: float = LONGEST) -> dict[str, PartMark]:
    """The marks of all parts. What cannot be marked, or not in time, is for a person to look at."""
    until = time.monotonic() + seconds
    return {name: _mark_part(part, answers, exam.parts, until) for name, part in exam.parts.items()}


def _mark(store: Store, exams: Exams, attempt_id: int) -> tuple[int, list[PartMark]]:
    with store.read() as db:
        attempt = db.get_one(Attempt, attempt_id)
        if attempt.state != "submitted":
            return attempt.version_id, []
        answers = _answers(queries.answers_of(db, attempt_id))
        exam = exams.of(db, attempt.version_id)
    begun = time.monotonic()
    marks = list(mark_exam(exam, answers).values())
    store.metrics.grading_seconds.add(time.monotonic() - begun)
    return attempt.version_id, marks


def _answers(rows: Iterable[Answer]) -> dict[str, Any]:
    return {row.part: json.loads(row.answer) for row in rows}


def _mark_part(part: Part, answers: Answers, parts: Mapping[str, Part], until: float) -> PartMark:
    if time.monotonic() > until:
        return _for_a_person(part, "Marking took too long; a person will look at this part.")
    try:
        return mark(part, answers, parts)
    except Exception:
        log.exception("part %s could not be marked", part.id)
        return _for_a_person(part, "This part could not be marked; a person will look at it.")


def _for_a_person(part: Part, reason: str) -> PartMark:
    verdict = unsure(reason)
    criteria = tuple(CriterionMark(one.id, one.points, one.sentence, verdict, False) for one in part.criteria)
    zero = Fraction(0)
    return PartMark(part.id, part.points, zero, zero, part.points, True, True, (reason,), criteria, {})


def _store_all(db: Session, found: Iterable[tuple[int, int, list[PartMark]]], now: datetime) -> None:
    for attempt_id, version_id, marks in found:
        _store(db, attempt_id, version_id, marks, now)


def _store(db: Session, attempt_id: int, version_id: int, marks: list[PartMark], now: datetime) -> None:
    attempt = db.scalars(select(Attempt).where(Attempt.id == attempt_id).with_for_update()).one()
    if attempt.state != "submitted" or not marks:
        return
    db.execute(delete(Mark).where(Mark.attempt_id == attempt_id))
    db.add_all(_row(attempt_id, version_id, one, now) for one in marks)
    attempt.points = sum((one.points for one in marks), Fraction(0))
    attempt.low = sum((one.low for one in marks), Fraction(0))
    attempt.high = sum((one.high for one in marks), Fraction(0))
    attempt.graded_at = now
    attempt.state = "graded"


def _row(attempt_id: int, version_id: int, one: PartMark, now: datetime) -> Mark:
    return Mark(
        attempt_id=attempt_id,
        part=one.part_id,
        version_id=version_id,
        grader_version=GRADER_VERSION,
        max=one.max,
        points=one.points,
        low=one.low,
        high=one.high,
        answered=one.answered,
        review=one.review,
        detail=detail_of(one),
        graded_at=now,
    )


def detail_of(one: PartMark) -> dict[str, Any]:
    """What a mark was made from, as the result page shows it:

    `reasons` (for a review), `criteria` (id, points as text, for, verdict, likely, counts, sentence,
    evidence), `readings` (field -> state, echo, reason), `errors` (field, reason).
    """
    return {
        "reasons": list(one.reasons),
        "criteria": [_criterion(criterion) for criterion in one.criteria],
        "readings": {field: _reading(reading) for field, reading in one.readings.items()},
        "errors": [{"field": error.field, "reason": error.reason} for error in one.errors],
    }


def _criterion(one: CriterionMark) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "id": one.id,
        "points": str(one.points),
        "for": one.sentence,
        "verdict": verdict.outcome.value,
        "likely": verdict.likely,
        "counts": one.counts,
        "sentence": verdict.sentence,
        "evidence": [evidence.as_json() for evidence in verdict.evidence],
    }


def _reading(reading: Reading) -> dict[str, str]:
    if isinstance(reading, Value):
        return {"state": "value", "echo": reading.echo}
    if isinstance(reading, Unreadable):
        return {"state": "unreadable", "reason": reading.reason, "echo": reading.so_far}
    return {"state": "blank"}
