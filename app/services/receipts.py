"""The receipt of a hand-in: a small text that a student keeps, and that proves what was handed in, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.store import queries
from app.store.models import Attempt

LARGEST = 10_000  # characters of a receipt

_EXPLANATION = """\
The hash is SHA-256 over these lines in UTF-8, with a line feed between them: the attempt, the exam's version,
the time, and for each answer, ordered by part, the part, a space and the answer as it is stored.
`endterm receipt FILE` compares it with what is stored."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`handed_in` is ISO 8601 in UTC, `hash` 64 hex digits."""

    attempt: str
    exam: str
    version: str
    handed_in: str
    answers: int
    hash: str

    def as_text(self) -> str:
        """The file that a student downloads."""
        return (
            f"Endterm receipt\n\nExam:      {self.exam}\nVersion:   {self.version}\n"
            f"Attempt:   {self.attempt}\nHanded in: {self.handed_in}\nAnswers:   {self.answers}\n"
            f"SHA-256:   {self.hash}\n\n{_EXPLANATION}\n"
        )


class Finding(NamedTuple):
    """Whether a receipt agrees with what is stored, and a sentence that says so."""

    agrees: bool
    sentence: str


def hash_of_answers(
    public_id: str, version_hash: str, submitted_at: datetime | None, answers: Mapping[str, str]
) -> str:
    """SHA-256 (hex) over attempt, version, time and every answer (JSON, by part), a line each."""
    lines = [public_id, version_hash, _time(submitted_at)]
    lines += [f"{part} {answer}" for part, answer in sorted(answers.items())]
    return sha256("\n".join(lines).encode()).hexdigest()


def receipt_of(db: Session, attempt: Attempt) -> Receipt:
    """The receipt of an attempt with its version. Raises NotFound as long as it is not handed in."""
    if attempt.receipt is None:
        raise NotFound("There is a receipt once the attempt is handed in.")
    return Receipt(
        attempt.public_id,
        attempt.version.title,
        attempt.version.hash,
        _time(attempt.submitted_at),
        len(handed_in(db, attempt.id)),
        attempt.receipt,
    )


def handed_in(db: Session, attempt_id: int) -> dict[str, str]:
    """The answers (JSON) by part as they were handed in, without the late ones that count since."""
    answers: dict[str, str | None] = {one.part: one.answer for one in queries.answers_of(db, attempt_id)}
    for one in reversed(queries.acceptances_of(db, attempt_id)):
        answers[one.part] = one.replaced
    return {part: answer for part, answer in answers.items() if answer is not None}


def verify(db: Session, text: str) -> Finding:
    """Compare a receipt with what is stored. Raises InvalidInput for a text that is none, NotFound for no attempt."""
    name, moment, written = (_line(text, head) for head in ("Attempt", "Handed in", "SHA-256"))
    attempt = queries.attempt(db, name)
    if attempt is None or attempt.receipt is None:
        raise NotFound(f"Nothing was handed in under the attempt {name}.")
    stored = handed_in(db, attempt.id)
    if written != attempt.receipt or moment != _time(attempt.submitted_at):
        return Finding(False, f"This is not the receipt that was given for attempt {name}.")
    if hash_of_answers(name, attempt.version.hash, attempt.submitted_at, stored) != written:
        return Finding(False, f"The stored answers of attempt {name} are not those that were handed in.")
    return Finding(True, f"Attempt {name}: handed in {moment}, {len(stored)} answers, {_since(db, attempt)}.")


def _since(db: Session, attempt: Attempt) -> str:
    decided = {one.part: one.late_save_id for one in queries.acceptances_of(db, attempt.id)}
    parts = ", ".join(part for part, late in sorted(decided.items()) if late is not None)
    return f"unchanged since; late answers were accepted for {parts}" if parts else "unchanged since"


def _time(submitted_at: datetime | None) -> str:
    return submitted_at.isoformat() if submitted_at else ""


def _line(text: str, head: str) -> str:
    found = re.search(rf"(?m)^{head}:[ \t]*(\S{{1,100}})[ \t]*\r?$", text[:LARGEST])
    if found is None:
        raise InvalidInput(f"This is not a receipt: it has no line “{head}: …”.", "receipt")
    return found[1]
