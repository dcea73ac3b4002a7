"""Answers that came too late: taken in from a student's file, and accepted part by part, never merged silently.

What stood before is kept with each decision, so that everything can be put back and a receipt stays true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.services import marks
from app.services.late_saves import keep_apart
from app.services.library import Exams
from app.services.save_rules import is_blank
from app.store import queries
from app.store.database import Store
from app.store.models import Acceptance, Answer, Attempt, LateSave
from app.store.saved import NewSave

LARGEST_FILE = 2 * 1024 * 1024  # bytes
LARGEST_ANSWER = 256 * 1024  # bytes of one part, as for a save
GREATEST_COUNTER = 2**53

NO_FILE = 'This is not a file of answers: {"id": attempt, "answers": {part: {field: value}}} is expected.'


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the parts of a file."""

    attempt: str
    kept: tuple[str, ...]
    same: tuple[str, ...]
    """Just what is stored, or nothing."""
    refused: tuple[str, ...]
    """No part of this exam, no answer, or no room."""


def take_in(store: Store, user_id: int, content: bytes, now: datetime) -> TakenIn:
    """Keep the answers of a file apart for the attempt that it names. Raises InvalidInput, NotFound.

    The attempt may still run: a file that was turned away could be lost. It changes nothing, and nothing of
    it can count before the end.
    """
    file = _read(content)
    with store.read() as db:
        attempt = queries.attempt(db, file["id"])
    if attempt is None:
        raise NotFound(f"There is no attempt {file['id']}, which this file names.")
    stored = _stored(store, attempt)
    tab = f"file-{sha256(content).hexdigest()[:16]}"
    found = {part: _answer(value) for part, value in file["answers"].items()}
    usable = {
        part: text for part, text in found.items() if text is not None and part in attempt.version.parts
    }
    new = [
        NewSave(attempt.id, part, counter, tab, text, False, False, now)
        for part, counter, text in _changes(usable, stored, file.get("counters"))
    ]
    kept = store.write(lambda db: keep_apart(db.connection(), new, user_id)) if new else []
    names = [one.part for one, is_kept in zip(new, kept, strict=True) if is_kept]
    changed = {one.part for one in new}
    return TakenIn(
        attempt.public_id,
        tuple(names),
        tuple(part for part in usable if part not in changed),
        tuple(part for part in found if part not in usable or (part in changed and part not in names)),
    )


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise InvalidInput("This file is too large to be one of answers.", "file")
    try:
        file = msgspec.json.decode(content)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise InvalidInput(NO_FILE, "file") from error
    if not isinstance(file, dict) or not isinstance(file.get("answers"), dict):
        raise InvalidInput(NO_FILE, "file")
    name = file.get("id")
    if not isinstance(name, str) or not 1 <= len(name) <= 64 or not name.isprintable():
        raise InvalidInput(NO_FILE, "file")
    return file


def _answer(value: Any) -> str | None:
    """A part's answer as it is stored; None if it is none."""
    if not isinstance(value, dict):
        return None
    text = msgspec.json.encode(value)
    return text.decode() if len(text) <= LARGEST_ANSWER else None


def _stored(store: Store, attempt: Attempt) -> dict[str, str]:
    if attempt.state == "open":
        return {part: one.answer for part, one in store.saved.of_open(attempt.id).items()}
    with store.read() as db:
        return {one.part: one.answer for one in queries.answers_of(db, attempt.id)}


def _changes(
    usable: Mapping[str, str], stored: Mapping[str, str], counters: Any
) -> Iterator[tuple[str, int, str]]:
    """Part, counter and answer of what the server has not got. An empty part replaces nothing."""
    for part, text in usable.items():
        value = msgspec.json.decode(text)
        if is_blank(value) or (part in stored and msgspec.json.decode(stored[part]) == value):
            continue
        counter = counters.get(part) if isinstance(counters, dict) else None
        yield part, counter if type(counter) is int and 1 <= counter <= GREATEST_COUNTER else 1, text


def accept(
    store: Store, exams: Exams, public_id: str, late_save_id: int, user_id: int, now: datetime
) -> Attempt:
    """Let a late answer count in the place of the stored one, and mark the attempt again."""

    def change(db: Session) -> Attempt:
        attempt = _closed(db, public_id)
        late = _late_answer(db, attempt, late_save_id)
        there = db.get(Answer, (attempt.id, late.part))
        if there is not None and there.answer == late.answer:
            raise Conflict("This answer counts already.")
        _decide(db, attempt, late.part, late.id, user_id, now)
        _replace(db, attempt, late.part, late.answer, late.arrived_at)
        return _mark_again(db, exams, attempt, now)

    with store.read() as db:
        late = _late_answer(db, _closed(db, public_id), late_save_id)
    _warm_up(store, exams, public_id, {late.part: late.answer})
    return store.write(change)


def put_back(store: Store, exams: Exams, public_id: str, part: str, user_id: int, now: datetime) -> Attempt:
    """Let the answer count again that was handed in, and mark the attempt again."""

    def change(db: Session) -> Attempt:
        attempt = _closed(db, public_id)
        decisions = [one for one in queries.acceptances_of(db, attempt.id) if one.part == part]
        if not decisions or decisions[-1].late_save_id is None:
            raise Conflict("What was handed in counts already.")
        _decide(db, attempt, part, None, user_id, now)
        _replace(db, attempt, part, decisions[0].replaced, decisions[0].replaced_at)
        return _mark_again(db, exams, attempt, now)

    _warm_up(store, exams, public_id, {})
    return store.write(change)


def _late_answer(db: Session, attempt: Attempt, late_save_id: int) -> LateSave:
    late = db.get(LateSave, late_save_id)
    if late is None or late.attempt_id != attempt.id:
        raise NotFound("There is no such late answer of this attempt.")
    return late


def _warm_up(store: Store, exams: Exams, public_id: str, change: Mapping[str, str]) -> None:
    """Mark once before it counts: what is remembered of it then costs the writer no time."""
    with store.read() as db:
        attempt = queries.attempt(db, public_id)
        if attempt is None:
            return
        exam = exams.of(db, attempt.version_id)
        answers = {one.part: one.answer for one in queries.answers_of(db, attempt.id)}
    marks.mark_answers(exam, attempt.version_id, {**answers, **change}, exams.marks)


def _mark_again(db: Session, exams: Exams, attempt: Attempt, now: datetime) -> Attempt:
    """In the transaction that changes the answer, so that nobody sees the one without the other."""
    attempt.state = "submitted"
    db.flush()
    exam = exams.of(db, attempt.version_id)
    answers = {one.part: one.answer for one in queries.answers_of(db, attempt.id)}
    made = marks.mark_answers(exam, attempt.version_id, answers, exams.marks)
    marks.store_marks(db.connection(), [marks.Marked(attempt.id, attempt.version_id, made)], now)
    db.refresh(attempt)
    return attempt


def _closed(db: Session, public_id: str) -> Attempt:
    """A closed attempt that nobody else changes until this transaction ends."""
    attempt = db.scalar(select(Attempt).where(Attempt.public_id == public_id).with_for_update())
    if attempt is None:
        raise NotFound("There is no such attempt.")
    if attempt.state == "open":
        raise Conflict("This attempt is still running; a late answer can count only once it is handed in.")
    return attempt


def _decide(
    db: Session, attempt: Attempt, part: str, late_save_id: int | None, user_id: int, now: datetime
) -> None:
    """Write down who decided what, and what stood there before."""
    before = db.get(Answer, (attempt.id, part))
    db.add(
        Acceptance(
            attempt_id=attempt.id,
            part=part,
            late_save_id=late_save_id,
            replaced=before.answer if before else None,
            replaced_at=before.saved_at if before else None,
            accepted_by=user_id,
            accepted_at=now,
        )
    )


def _replace(db: Session, attempt: Attempt, part: str, answer: str | None, saved_at: datetime | None) -> None:
    """Change a stored answer; None takes it away."""
    row = db.get(Answer, (attempt.id, part))
    if row is not None and (answer is None or saved_at is None):
        db.delete(row)
    elif row is not None and answer is not None and saved_at is not None:
        row.answer, row.saved_at, row.blank = answer, saved_at, is_blank(msgspec.json.decode(answer))
    elif answer is not None and saved_at is not None:
        blank = is_blank(msgspec.json.decode(answer))
        db.add(
            Answer(
                attempt_id=attempt.id,
                part=part,
                counter=1,
                tab="staff",
                answer=answer,
                blank=blank,
                flagged=False,
                saved_at=saved_at,
            )
        )
