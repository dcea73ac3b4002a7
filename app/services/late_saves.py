"""Saves that came too late: kept apart for the staff, once each, and never without bounds."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from app.store.models import LateSave
from app.store.saved import NewSave

MOST_SAVES = 400  # per attempt: all parts of a long exam several times over
MOST_BYTES = 2 * 1024 * 1024  # per attempt, of answers as JSON


class _Room(NamedTuple):
    """What an attempt's late saves take up."""

    saves: int = 0
    size: int = 0  # bytes


def keep_apart(
    connection: Connection, late: Collection[NewSave], uploaded_by: int | None = None
) -> list[bool]:
    """Store late saves; says of each whether it is kept. A browser tries the same one again: it is kept once.

    `uploaded_by` is who took them in from a file.
    """
    there = _kept_already(connection, late)
    used = _used(connection, {one.attempt_id for one in late})
    rows: list[dict[str, Any]] = []
    kept: list[bool] = []
    for one in late:
        if _name(one) not in there:
            before = used.get(one.attempt_id, _Room())
            after = _Room(before.saves + 1, before.size + len(one.answer.encode()))
            if after.saves > MOST_SAVES or after.size > MOST_BYTES:
                kept.append(False)
                continue
            used[one.attempt_id] = after
            there.add(_name(one))
            rows.append(_row(one, uploaded_by))
        kept.append(True)
    if rows:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(LateSave).on_conflict_do_nothing(), rows)
    return kept


_NAME = (LateSave.attempt_id, LateSave.part, LateSave.counter, LateSave.tab)


def _name(one: NewSave) -> tuple[int, str, int, str]:
    return one.attempt_id, one.part, one.counter, one.tab


def _kept_already(connection: Connection, late: Iterable[NewSave]) -> set[tuple[int, str, int, str]]:
    names = [_name(one) for one in late]
    rows = connection.execute(select(*_NAME).where(tuple_(*_NAME).in_(names)))
    return {(row.attempt_id, row.part, row.counter, row.tab) for row in rows}


def _used(connection: Connection, attempts: Iterable[int]) -> dict[int, _Room]:
    rows = connection.execute(
        select(LateSave.attempt_id, func.count(), func.sum(func.octet_length(LateSave.answer)))
        .where(LateSave.attempt_id.in_(attempts))
        .group_by(LateSave.attempt_id)
    )
    return {attempt_id: _Room(saves, size) for attempt_id, saves, size in rows}


def _row(one: NewSave, uploaded_by: int | None) -> dict[str, Any]:
    return {
        "attempt_id": one.attempt_id,
        "part": one.part,
        "counter": one.counter,
        "tab": one.tab,
        "answer": one.answer,
        "arrived_at": one.saved_at,
        "uploaded_by": uploaded_by,
    }
