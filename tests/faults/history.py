"""What clients were told, and whether the database agrees with it after a fault.

A save that was answered with "saved" must be found again, as it was sent. One that got no answer may be there
or not, but once at most. Of every part the newest change counts, whatever arrived when.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Row, create_engine, func, make_url, select
from sqlalchemy.pool import NullPool

from app.store.models import Answer, Attempt, ExamVersion, LateSave, Mark, Save

Place = tuple[str, str, int]
"""The attempt's public id, the part, and the counter: together they name one save."""


@dataclass
class History:
    """Everything that clients sent, and what they were promised."""

    sent: dict[Place, Any] = field(default_factory=dict)
    acknowledged: set[Place] = field(default_factory=set)
    started: set[str] = field(default_factory=set)
    handed_in: set[str] = field(default_factory=set)
    receipts: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    """How often each kind of answer came, for the report: "200", "503", "no answer"."""


@dataclass
class Findings:
    """What is wrong in the database, a sentence each. All lists are empty if nothing is."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    older_over_newer: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return self.lost + self.duplicated + self.older_over_newer + self.marks

    def add(self, others: "Findings") -> None:
        self.lost += others.lost
        self.duplicated += others.duplicated
        self.older_over_newer += others.older_over_newer
        self.marks += others.marks


def examine(history: History, url: str, *, all_marked: bool = False) -> Findings:
    """Compare a history with the database. `all_marked`: every attempt must be handed in and have its mark."""
    with _connection(url) as connection:
        findings = Findings()
        names = {row.id: row.public_id for row in connection.execute(select(Attempt.id, Attempt.public_id))}
        saves = connection.execute(select(Save.__table__).order_by(Save.id)).all()
        _compare_saves(history, saves, names, findings)
        _compare_states(history, connection, saves, names, findings)
        _compare_marks(history, connection, all_marked, findings)
    return findings


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """Of SQLite a copy is read, so that looking neither disturbs nor mends what the server will find."""
    with TemporaryDirectory() as folder:
        found = make_url(url)
        if found.get_backend_name() == "sqlite":
            found = found.set(database=str(copied(Path(found.database or ""), Path(folder))))
        engine = create_engine(found, poolclass=NullPool)
        with engine.connect() as connection:
            if found.get_backend_name() == "sqlite":
                (verdict,) = connection.exec_driver_sql("PRAGMA integrity_check").one()
                assert verdict == "ok", verdict
            yield connection


def copied(file: Path, folder: Path) -> Path:
    """The database and its log, as a machine would find them that starts again."""
    for end in ("", "-wal"):
        part = file.with_name(file.name + end)
        if part.exists():
            shutil.copy(part, folder / part.name)
    return folder / file.name


def _compare_saves(
    history: History, saves: Sequence[Row[Any]], names: dict[int, str], findings: Findings
) -> None:
    stored: dict[Place, Any] = {}
    greatest: dict[tuple[int, str], int] = {}
    for row in saves:
        place = (names.get(row.attempt_id, "nobody's"), row.part, row.counter)
        if place in stored:
            findings.duplicated.append(f"save {place} is in the journal twice")
        if row.counter < greatest.get((row.attempt_id, row.part), 0):
            findings.older_over_newer.append(f"save {place} was stored after a newer one")
        greatest[row.attempt_id, row.part] = max(row.counter, greatest.get((row.attempt_id, row.part), 0))
        stored[place] = json.loads(row.answer)
    for place in history.acknowledged:
        if place not in stored:
            findings.lost.append(f"save {place} was acknowledged and is not there")
        elif stored[place] != history.sent[place]:
            findings.lost.append(f"save {place} holds {stored[place]} and not {history.sent[place]}")
    if history.acknowledged <= stored.keys() and not stored.keys() <= history.sent.keys():
        findings.duplicated.append(
            f"saves that nobody sent: {sorted(stored.keys() - history.sent.keys())[:3]}"
        )


def _compare_states(
    history: History,
    connection: Connection,
    saves: Sequence[Row[Any]],
    names: dict[int, str],
    findings: Findings,
) -> None:
    """The table of answers holds the newest save of each part: of closed attempts, and on PostgreSQL of all."""
    newest = {(row.attempt_id, row.part): row for row in sorted(saves, key=lambda row: row.counter)}
    settled = {row.id for row in connection.execute(select(Attempt.id).where(Attempt.state != "open"))}
    seen = set()
    for row in connection.execute(select(Answer.__table__)):
        key = (row.attempt_id, row.part)
        seen.add(key)
        if key not in newest or (row.counter, row.answer) != (newest[key].counter, newest[key].answer):
            findings.older_over_newer.append(
                f"answer {names[row.attempt_id]} {row.part} is not the newest save"
            )
    for key in newest:
        if key[0] in settled and key not in seen:
            findings.lost.append(f"answer {names[key[0]]} {key[1]} was not handed in")


def _compare_marks(history: History, connection: Connection, all_marked: bool, findings: Findings) -> None:
    marks: dict[int, list[Row[Any]]] = {}
    for mark in connection.execute(select(Mark.__table__)):
        marks.setdefault(mark.attempt_id, []).append(mark)
    answered = {
        (row.attempt_id, row.part)
        for row in connection.execute(select(Answer.__table__).where(~Answer.blank))
    }
    for row in connection.execute(select(Attempt.__table__, ExamVersion.parts).join(ExamVersion)):
        findings.marks += [
            f"{row.public_id} {told}" for told in _faults_of(row, marks.get(row.id, []), answered)
        ]
        if row.public_id in history.handed_in and row.state == "open":
            findings.marks.append(f"{row.public_id} was handed in and is open again")
        if row.receipt and history.receipts.setdefault(row.public_id, row.receipt) != row.receipt:
            findings.marks.append(f"{row.public_id} was handed in twice: its receipt has changed")
        if all_marked and row.public_id not in history.started:
            findings.marks.append(f"{row.public_id} was started, and nobody has been told")
        if all_marked and row.state != "graded":
            findings.marks.append(f"{row.public_id} has no mark: it is {row.state}")


def _faults_of(attempt: Row[Any], marks: list[Row[Any]], answered: set[tuple[int, str]]) -> Iterator[str]:
    """An attempt has a mark for each part of its version, or none; and what is shown is their sum."""
    if attempt.state != "graded":
        if marks:
            yield f"is {attempt.state} and has marks"
        return
    if sorted(one.part for one in marks) != sorted(attempt.parts):
        yield f"has {len(marks)} marks for {len(attempt.parts)} parts"
    if sum((one.points for one in marks), Fraction(0)) != attempt.points:
        yield "shows another sum than its marks have"
    for one in marks:
        if one.answered != ((attempt.id, one.part) in answered):
            yield f"has a mark for {one.part} that does not go with its answer"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is in the database."""

    attempts: int
    graded: int
    saves: int
    answers: int
    marks: int
    answered_marks: int
    late: int


def count(url: str) -> Counts:
    with _connection(url) as connection:

        def number(table: Any, *where: Any) -> int:
            return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

        return Counts(
            number(Attempt),
            number(Attempt, Attempt.state == "graded"),
            number(Save),
            number(Answer, ~Answer.blank),
            number(Mark),
            number(Mark, Mark.answered),
            number(LateSave),
        )
