"""Storing marks, those of many attempts at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, text

from app.store.columns import stored_text
from app.store.models import Mark
from app.store.sqlite import driver


class NewMark(NamedTuple):
    """A row of `marks` as the database holds it: points in half credits, the detail as JSON."""

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
    detail: str


_COLUMNS = ", ".join(NewMark._fields)
_PLACES = ", ".join("?" * len(NewMark._fields))
_APPEND = f"INSERT INTO marks ({_COLUMNS}, graded_at) VALUES ({_PLACES}, ?)"  # noqa: S608
_TYPES = {
    "attempt_id": "bigint", "part": "text", "version_id": "bigint", "grader_version": "text", "max": "int",
    "points": "int", "low": "int", "high": "int", "answered": "boolean", "review": "boolean",
    "detail": "text",
}  # fmt: skip
_ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _TYPES.items())
_UNNEST = text(
    f"INSERT INTO marks ({_COLUMNS}, graded_at) SELECT {_COLUMNS.replace('detail', 'CAST(detail AS json)')}, :now"  # noqa: S608
    f" FROM unnest({_ARRAYS}) AS mark ({_COLUMNS})"
)


def replace_marks(connection: Connection, marks: Sequence[NewMark], now: datetime) -> None:
    """Make these the marks of their attempts, given now (in UTC)."""
    if not marks:
        return
    attempts = sorted({one.attempt_id for one in marks})
    connection.execute(delete(Mark).where(Mark.attempt_id.in_(attempts)))
    if connection.dialect.name == "sqlite":
        graded_at = stored_text(now)
        rows = [(*one, graded_at) for one in marks]
        driver(connection).executemany(_APPEND, rows)
    else:
        columns = zip(*marks, strict=True)
        arrays = dict(zip(NewMark._fields, map(list, columns), strict=True))
        connection.execute(_UNNEST, {**arrays, "now": now})
