"""Storing marks, those of many attempts at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, text

from app.store.columns import among, stored_text
from app.store.models import Mark, MarkDetail
from app.store.sqlite import driver


class NewMark(NamedTuple):
    """A row of `marks` as the database holds it: points in half credits."""

    attempt_id: int
    part: str
    version_id: int
    grader_version: str
    max: int
    points: int
    low: int
    high: int
    answered: bool
    review: bool
    detail_hash: bytes


_COLUMNS = ", ".join(NewMark._fields)
_PLACES = ", ".join("?" * len(NewMark._fields))
_APPEND = f"INSERT INTO marks ({_COLUMNS}, graded_at) VALUES ({_PLACES}, ?)"  # noqa: S608
_APPEND_DETAIL = "INSERT OR IGNORE INTO mark_details (hash, detail) VALUES (?, ?)"
_TYPES = {
    "attempt_id": "bigint", "part": "text", "version_id": "bigint", "grader_version": "text", "max": "int",
    "points": "int", "low": "int", "high": "int", "answered": "boolean", "review": "boolean",
    "detail_hash": "bytea",
}  # fmt: skip
_ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _TYPES.items())
_UNNEST = text(
    f"INSERT INTO marks ({_COLUMNS}, graded_at) SELECT {_COLUMNS}, :now"  # noqa: S608
    f" FROM unnest({_ARRAYS}) AS mark ({_COLUMNS})"
)
_UNNEST_DETAILS = text(
    "INSERT INTO mark_details (hash, detail) SELECT hash, CAST(detail AS json)"
    " FROM unnest(CAST(:hashes AS bytea[]), CAST(:details AS text[])) AS one (hash, detail)"
    " ON CONFLICT DO NOTHING"
)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(5174296380)")  # a number for this alone


def replace_marks(
    connection: Connection, marks: Sequence[NewMark], details: Mapping[bytes, str], now: datetime
) -> None:
    """Make these the marks of their attempts, given now (in UTC). `details` has the JSON of each hash."""
    attempts = sorted({one.attempt_id for one in marks})
    connection.execute(delete(Mark).where(Mark.attempt_id.in_(attempts)))
    if connection.dialect.name == "sqlite":
        graded_at = stored_text(now)
        rows = [(*one, graded_at) for one in marks]
        driver(connection).executemany(_APPEND_DETAIL, details.items())
        driver(connection).executemany(_APPEND, rows)
    else:
        _add_new_details(connection, details)
        columns = zip(*marks, strict=True)
        arrays = dict(zip(NewMark._fields, map(list, columns), strict=True))
        connection.execute(_UNNEST, {**arrays, "now": now})


def _add_new_details(connection: Connection, details: Mapping[bytes, str]) -> None:
    """On PostgreSQL only one process at a time adds any: two that add the same ones in another order would
    wait for each other."""
    known = connection.scalars(select(MarkDetail.hash).where(among(connection, MarkDetail.hash, details)))
    new = details.keys() - set(known)
    if new:
        connection.execute(_ONE_AT_A_TIME)
        texts = [details[one] for one in new]
        connection.execute(_UNNEST_DETAILS, {"hashes": list(new), "details": texts})
