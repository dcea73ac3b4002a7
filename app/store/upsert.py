"""Saved answers on PostgreSQL: the newest state of a part is a row, and several processes may save at once.

A group of saves is one statement, whatever its size: their columns travel as arrays.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from app.store.models import Answer
from app.store.saved import Head, Key, NewSave, SavedAnswer, saved_answer

_COLUMNS = "attempt_id, part, counter, tab, answer, blank, flagged, saved_at"
_ARRAYS = (
    "CAST(:attempt_id AS bigint[]), CAST(:part AS text[]), CAST(:counter AS bigint[]), CAST(:tab AS text[]), "
    "CAST(:answer AS text[]), CAST(:blank AS boolean[]), CAST(:flagged AS boolean[]), "
    "CAST(:saved_at AS timestamptz[])"
)
# Sorted, so that two processes with the same rows wait for each other instead of meeting head-on. The journal
# gets all saves, in their order, of the parts whose newest one was stored.
_ADD = text(
    f"""
    WITH save AS (SELECT * FROM unnest({_ARRAYS}) WITH ORDINALITY AS save ({_COLUMNS}, place)),
    newest AS (
        INSERT INTO answers ({_COLUMNS})
        SELECT DISTINCT ON (attempt_id, part) {_COLUMNS} FROM save ORDER BY attempt_id, part, place DESC
        ON CONFLICT (attempt_id, part) DO UPDATE SET
            counter = excluded.counter, tab = excluded.tab, answer = excluded.answer, blank = excluded.blank,
            flagged = excluded.flagged, saved_at = excluded.saved_at
        WHERE answers.counter < excluded.counter
        RETURNING attempt_id, part
    ),
    journal AS (
        INSERT INTO saves ({_COLUMNS})
        SELECT {_COLUMNS} FROM save JOIN newest USING (attempt_id, part) ORDER BY place
    )
    SELECT attempt_id, part FROM newest
    """  # noqa: S608  (all of it is written above)
)
# One text and one plan, however many parts are asked for.
_HEADS = text(
    "SELECT attempt_id, part, counter, tab, blank, saved_at FROM answers"
    " JOIN unnest(CAST(:attempts AS bigint[]), CAST(:parts AS text[])) AS wanted (attempt_id, part)"
    " USING (attempt_id, part)"
).columns(Answer.attempt_id, Answer.part, Answer.counter, Answer.tab, Answer.blank, Answer.saved_at)


class Upsert:
    """See `SavedAnswers`."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers

    def heads(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, Head]:
        wanted = list(keys)
        places = {"attempts": [attempt for attempt, _ in wanted], "parts": [part for _, part in wanted]}
        rows = connection.execute(_HEADS, places)
        return {
            (row.attempt_id, row.part): Head(row.counter, row.tab, row.blank, row.saved_at) for row in rows
        }

    def add(self, connection: Connection, saves: Sequence[NewSave]) -> set[Key]:
        if not saves:
            return set()
        stored = {(row.attempt_id, row.part) for row in connection.execute(_ADD, _arrays(saves))}
        return {save.key for save in saves} - stored

    def settle(self, connection: Connection, attempt_ids: Collection[int]) -> dict[int, dict[str, str]]:
        """The rows are up to date."""
        found: dict[int, dict[str, str]] = {one: {} for one in attempt_ids}
        columns = (Answer.attempt_id, Answer.part, Answer.answer)
        rows = connection.execute(select(*columns).where(Answer.attempt_id.in_(found))).all()
        for attempt_id, part, answer in rows:
            found[attempt_id][part] = answer
        return found

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
