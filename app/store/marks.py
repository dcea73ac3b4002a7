"""Storing marks, those of many attempts at a time."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, text

from app.store.columns import among, stored_text
from app.store.models import Mark, MarkDetail
from app.store.sqlite import driver


class MarkRow(NamedTuple):
    """A mark as the table `marks` holds it, whatever attempt it is of: points in half credits.

    `answered` and `review` are 0 or 1: SQLite's driver takes several times as long for a bool.
    """

    part: str
    max: int
    points: int
    low: int
    high: int
    answered: int
    review: int
    detail_hash: bytes


class NewMarks(NamedTuple):
    """The marks of one attempt."""

    attempt_id: int
    version_id: int
    grader_version: str
    rows: Sequence[MarkRow]


_SHARED = ("attempt_id", "version_id", "grader_version", "graded_at")
_COLUMNS = ", ".join([*_SHARED, *MarkRow._fields])
_KNOWN_DETAILS = "SELECT hash FROM mark_details WHERE hash IN "
_APPEND_DETAIL = "INSERT OR IGNORE INTO mark_details (hash, detail) VALUES (?, ?)"
_MOST = 10_000  # values in one statement; SQLite takes three times as many
_UNNEST = text(
    f"INSERT INTO marks ({_COLUMNS}) SELECT attempt_id, version_id, grader_version, :now, part, max, points,"  # noqa: S608
    " low, high, answered <> 0, review <> 0, detail_hash FROM unnest("
    "CAST(:attempt_id AS bigint[]), CAST(:version_id AS bigint[]), CAST(:grader_version AS text[]), "
    "CAST(:part AS text[]), CAST(:max AS int[]), CAST(:points AS int[]), CAST(:low AS int[]), "
    "CAST(:high AS int[]), CAST(:answered AS int[]), CAST(:review AS int[]), CAST(:detail_hash AS bytea[])"
    ") AS mark (attempt_id, version_id, grader_version, part, max, points, low, high, answered, review, detail_hash)"
)
_UNNEST_DETAILS = text(
    "INSERT INTO mark_details (hash, detail) SELECT hash, CAST(detail AS json)"
    " FROM unnest(CAST(:hashes AS bytea[]), CAST(:details AS text[])) AS one (hash, detail)"
    " ON CONFLICT DO NOTHING"
)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(5174296380)")  # a number for this alone


def replace_marks(
    connection: Connection, marks: Sequence[NewMarks], details: Mapping[bytes, str], now: datetime
) -> None:
    """Make these the marks of their attempts, given now (in UTC). `details` has the JSON of each hash."""
    attempts = sorted(one.attempt_id for one in marks)
    connection.execute(delete(Mark).where(Mark.attempt_id.in_(attempts)))
    add_marks(connection, marks, details, now)


def add_marks(
    connection: Connection, marks: Sequence[NewMarks], details: Mapping[bytes, str], now: datetime
) -> None:
    """The same for attempts that have no marks."""
    if connection.dialect.name == "sqlite":
        _append(driver(connection), marks, details, stored_text(now))
        return
    _add_new_details(connection, details)
    rows = [(*one[:-1], *row) for one in marks for row in one.rows]
    names = (*NewMarks._fields[:-1], *MarkRow._fields)
    arrays = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    connection.execute(_UNNEST, {**arrays, "now": now})


def _append(
    connection: sqlite3.Connection, marks: Sequence[NewMarks], details: Mapping[bytes, str], graded_at: str
) -> None:
    """One statement for each attempt."""
    hashes = list(details)
    known: set[bytes] = set()
    for start in range(0, len(hashes), _MOST):
        some = hashes[start : start + _MOST]
        known.update(one for (one,) in connection.execute(_KNOWN_DETAILS + _places(len(some)), some))
    connection.executemany(_APPEND_DETAIL, [one for one in details.items() if one[0] not in known])
    for one in marks:
        shared = (one.attempt_id, one.version_id, one.grader_version, graded_at)
        connection.execute(_append_statement(len(one.rows)), [*shared, *chain.from_iterable(one.rows)])


@cache
def _append_statement(rows: int) -> str:
    """What the marks of an attempt share is given once."""
    shared = ", ".join(f"?{number}" for number in range(1, len(_SHARED) + 1))
    row = f"({shared}, {', '.join('?' * len(MarkRow._fields))})"
    return f"INSERT INTO marks ({_COLUMNS}) VALUES {', '.join([row] * rows)}"  # noqa: S608


def _places(values: int) -> str:
    return f"({', '.join('?' * values)})"


def _add_new_details(connection: Connection, details: Mapping[bytes, str]) -> None:
    """On PostgreSQL only one process at a time adds any: two that add the same ones in another order would
    wait for each other."""
    known = connection.scalars(select(MarkDetail.hash).where(among(connection, MarkDetail.hash, details)))
    new = details.keys() - set(known)
    if new:
        connection.execute(_ONE_AT_A_TIME)
        texts = [details[one] for one in new]
        connection.execute(_UNNEST_DETAILS, {"hashes": list(new), "details": texts})
