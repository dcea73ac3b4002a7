"""Saved answers on PostgreSQL: the newest state of a part is a row, and several processes may save at once.

A group of saves is two statements, whatever its size: their columns travel as arrays.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from app.store.models import Answer
from app.store.saved import Head, Key, NewSave, SavedAnswer, saved_answer, settled_heads

_COLUMNS = "attempt_id, part, counter, tab, answer, blank, flagged, saved_at"
_ARRAYS = (
    "CAST(:attempt_id AS bigint[]), CAST(:part AS text[]), CAST(:counter AS bigint[]), CAST(:tab AS text[]), "
    "CAST(:answer AS text[]), CAST(:blank AS boolean[]), CAST(:flagged AS boolean[]), "
    "CAST(:saved_at AS timestamptz[])"
)
# Sorted, so that two processes with the same rows wait for each other instead of meeting head-on.
_NEWEST = text(
    f"""
    INSERT INTO answers ({_COLUMNS})
    SELECT * FROM unnest({_ARRAYS}) AS save ({_COLUMNS}) ORDER BY attempt_id, part
    ON CONFLICT (attempt_id, part) DO UPDATE SET
        counter = excluded.counter, tab = excluded.tab, answer = excluded.answer, blank = excluded.blank,
        flagged = excluded.flagged, saved_at = excluded.saved_at
    WHERE answers.counter < excluded.counter
    RETURNING attempt_id, part
    """  # noqa: S608  (all of it is written above)
)
_JOURNAL = text(f"INSERT INTO saves ({_COLUMNS}) SELECT * FROM unnest({_ARRAYS})")  # noqa: S608


class Upsert:
    """See `SavedAnswers`."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers

    def heads(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, Head]:
        return settled_heads(connection, list(keys))

    def add(self, connection: Connection, saves: Sequence[NewSave]) -> set[Key]:
        newest = {save.key: save for save in saves}
        if not newest:
            return set()
        stored = {(row.attempt_id, row.part) for row in connection.execute(_NEWEST, _arrays(newest.values()))}
        kept = [save for save in saves if save.key in stored]
        if kept:
            connection.execute(_JOURNAL, _arrays(kept))
        return set(newest) - stored

    def settle(self, connection: Connection, attempt_ids: Collection[int]) -> None:
        """Nothing to do: the rows are up to date."""

    def of_open(self, attempt_id: int) -> dict[str, SavedAnswer]:
        with self._readers.connect() as connection:
            rows = connection.execute(
                select(*Answer.__table__.columns).where(Answer.attempt_id == attempt_id)
            )
            return {row.part: saved_answer(row) for row in rows}

    def committed(self) -> None:
        """Nothing is remembered outside of the database."""

    def rolled_back(self) -> None:
        """Nothing is remembered outside of the database."""

    def forget_closed(self, connection: Connection) -> None:
        """Nothing is remembered outside of the database."""


def _arrays(saves: Iterable[NewSave]) -> dict[str, list[Any]]:
    columns = zip(*saves, strict=True)
    return dict(zip(NewSave._fields, map(list, columns), strict=True))
