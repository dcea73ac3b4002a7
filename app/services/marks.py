"""Marking what was handed in, and storing each mark with all that it was made from."""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from app.exams.loader import Exam
from app.grading import GRADER_VERSION, mark
from app.grading.types import Answers, CriterionMark, Part, PartMark, Reading, Unreadable, Value, unsure
from app.services.library import Exams
from app.services.remembered import MadeMark, RememberedMarks, Texts
from app.store import queries
from app.store.columns import in_halves
from app.store.database import Store
from app.store.marks import MarkRow, NewMarks, replace_marks
from app.store.models import Attempt

LONGEST = 20.0
"""Seconds for a whole attempt. Every check counts its steps, so this is never met but by a fault."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking an attempt gave."""

    attempt_id: int
    version_id: int
    marks: Sequence[MadeMark]

    @property
    def totals(self) -> tuple[int, int, int]:
        """Points, and between which they lie, in half credits."""
        rows = [made.row for made in self.marks]
        return sum(one.points for one in rows), sum(one.low for one in rows), sum(one.high for one in rows)


def grade(store: Store, exams: Exams, attempt_id: int, now: datetime) -> Attempt:
    """Mark an attempt that is handed in and store the marks; of a graded one nothing changes."""
    grade_all(store, exams, [attempt_id], now)
    with store.read() as db:
        return db.get_one(Attempt, attempt_id)


def grade_all(store: Store, exams: Exams, attempt_ids: Iterable[int], now: datetime) -> None:
    """Mark several attempts, and store their marks in one transaction."""
    found = [one for attempt_id in attempt_ids if (one := _mark(store, exams, attempt_id))]
    if found:
        store.write(lambda db: store_marks(db.connection(), found, now))


def mark_answers(exam: Exam, version_id: int, answers: Texts, remembered: RememberedMarks) -> list[MadeMark]:
    """The marks of all parts, ready to be stored; only what is not remembered is worked out."""
    remembered.learn(version_id, exam)
    until = time.monotonic() + LONGEST
    values: dict[str, Any] = {}
    marks = []
    for name, part in exam.parts.items():
        made = remembered.of(version_id, name, answers)
        if made is None:
            values = values or {other: json.loads(answer) for other, answer in answers.items()}
            result, is_sound = _mark_part(part, values, exam.parts, until)
            made = made_mark(result)
            if is_sound:
                remembered.keep(version_id, answers, made)
        marks.append(made)
    return marks


def made_mark(one: PartMark) -> MadeMark:
    """A mark as it is stored."""
    detail = json.dumps(detail_of(one), separators=(",", ":"))
    most, points, low, high = map(in_halves, (one.max, one.points, one.low, one.high))
    proof = sha256(detail.encode()).digest()
    row = MarkRow(one.part_id, most, points, low, high, int(one.answered), int(one.review), proof)
    return MadeMark(row, detail)


def mark_exam(exam: Exam, answers: Answers, seconds: float = LONGEST) -> dict[str, PartMark]:
    """The marks of all parts. What cannot be marked, or not in time, is for a person to look at."""
    until = time.monotonic() + seconds
    return {name: _mark_part(part, answers, exam.parts, until)[0] for name, part in exam.parts.items()}


def _mark(store: Store, exams: Exams, attempt_id: int) -> Marked | None:
    """None if there is nothing to mark: it is not handed in, or marked already."""
    with store.read() as db:
        attempt = db.get_one(Attempt, attempt_id)
        if attempt.state != "submitted":
            return None
        answers = {row.part: row.answer for row in queries.answers_of(db, attempt_id)}
        exam = exams.of(db, attempt.version_id)
    begun = time.monotonic()
    made = mark_answers(exam, attempt.version_id, answers, exams.marks)
    store.metrics.grading_seconds.add(time.monotonic() - begun)
    return Marked(attempt_id, attempt.version_id, made)


def _mark_part(
    part: Part, answers: Answers, parts: Mapping[str, Part], until: float
) -> tuple[PartMark, bool]:
    """The mark, and whether it would be the same at another time: neither clock nor fault had a say in it."""
    if time.monotonic() > until:
        return _for_a_person(part, "Marking took too long; a person will look at this part."), False
    try:
        return mark(part, answers, parts), True
    except Exception:
        log.exception("part %s could not be marked", part.id)
        return _for_a_person(part, "This part could not be marked; a person will look at it."), False


def _for_a_person(part: Part, reason: str) -> PartMark:
    verdict = unsure(reason)
    criteria = tuple(CriterionMark(one.id, one.points, one.sentence, verdict, False) for one in part.criteria)
    zero = Fraction(0)
    return PartMark(part.id, part.points, zero, zero, part.points, True, True, (reason,), criteria, {})


def store_marks(connection: Connection, found: Sequence[Marked], now: datetime) -> None:
    """Store the marks of attempts that wait for them; whoever has been graded in the meantime stays as is."""
    waiting = set(
        connection.scalars(
            select(Attempt.id)
            .where(Attempt.id.in_([one.attempt_id for one in found]), Attempt.state == "submitted")
            .order_by(Attempt.id)
            .with_for_update()
        )
    )
    graded = [one for one in found if one.attempt_id in waiting and one.marks]
    if graded:
        replace_marks(connection, list(map(new_marks, graded)), details_of(graded), now)
        connection.execute(_GRADED, [_totals(one, now) for one in graded])


_GRADED = (
    update(Attempt)
    .where(Attempt.id == bindparam("attempt"))
    .values(state="graded", points=bindparam("sum"), low=bindparam("least"), high=bindparam("most"))
    .values(graded_at=bindparam("now"))
)


def new_marks(one: Marked) -> NewMarks:
    """As they are stored."""
    return NewMarks(one.attempt_id, one.version_id, GRADER_VERSION, [made.row for made in one.marks])


def details_of(marked: Iterable[Marked]) -> dict[bytes, str]:
    """What all these marks were made from, by its hash."""
    return {made.row.detail_hash: made.detail for one in marked for made in one.marks}


def _totals(one: Marked, now: datetime) -> dict[str, Any]:
    points, low, high = one.totals
    return {
        "attempt": one.attempt_id,
        "sum": Fraction(points, 2),
        "least": Fraction(low, 2),
        "most": Fraction(high, 2),
        "now": now,
    }


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
