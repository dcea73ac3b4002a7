"""Writing down that attempts are handed in, many at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.store.columns import stored_text
from app.store.models import ClosedBy, State
from app.store.sqlite import driver


class ClosedAttempt(NamedTuple):
    """What changes in the row of an attempt that is handed in. Points in half credits and `graded_at`: if it is marked as well."""

    id: int
    state: State
    submitted_at: datetime
    closed_by: ClosedBy
    receipt: str
    points: int | None = None
    low: int | None = None
    high: int | None = None
    graded_at: datetime | None = None


_CHANGES = ", ".join(f"{name} = :{name}" for name in ClosedAttempt._fields[1:])
_UPDATE = f"UPDATE attempts SET {_CHANGES} WHERE id = :id"  # noqa: S608  (all of it is written above)
_UPDATE_TEXT = text(_UPDATE)


def store_closed(connection: Connection, closed: Sequence[ClosedAttempt]) -> None:
    """Their attempts are open, and nobody else changes them meanwhile."""
    rows = [one._asdict() for one in closed]
    if connection.dialect.name != "sqlite":
        connection.execute(_UPDATE_TEXT, rows)
        return
    for row in rows:
        row["submitted_at"] = stored_text(row["submitted_at"])
        row["graded_at"] = row["graded_at"] and stored_text(row["graded_at"])
    driver(connection).executemany(_UPDATE, rows)
