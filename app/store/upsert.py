"""Saved answers on PostgreSQL: the newest state of a part is a row, and several processes may save at once.

A group of saves is one statement with one parameter, whatever its size: they travel as JSON, which takes a
fifth of the time of arrays.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, select, text

from app.store.models import Answer
from app.store.saved import Head, Key, NewSave, SavedAnswer, saved_answer

_COLUMNS = "attempt_id, part, counter, tab, answer, blank, flagged, saved_at"
_TYPES = (
    "attempt_id bigint, part text, counter bigint, tab text, answer text, blank boolean, flagged boolean,"
    " saved_at timestamptz"
)
# Sorted, so that two processes with the same rows wait for each other instead of meeting head-on. The journal
# gets all saves, in their order, of the parts whose newest one was stored.
_STORED = "((attempt_id, part) IN (SELECT attempt_id, part FROM newest)) IS TRUE"
_STORE = f"""
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
        SELECT {_COLUMNS} FROM save WHERE {_STORED} ORDER BY place
    )
"""  # noqa: S608  (all of it is written above)
_ADD = f"""
    WITH save AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(%(saves)s AS json)) AS save (place int, {_TYPES})
    ), {_STORE}
    SELECT attempt_id, part FROM newest
"""  # noqa: S608
# Row by row what is remembered is compared with what is there. The locks keep the attempts from being closed by
# another process before this is committed. Arrays, and IS TRUE behind each IN, keep the planner to lookups by
# primary key and to hashing, whatever it believes about the sizes of tables.
_ADD_CLAIMED = f"""
    WITH claim AS MATERIALIZED (
        SELECT *, decode(token, 'base64') AS token_hash FROM json_to_recordset(CAST(%(saves)s AS json)) AS claim
            (place int, token text, user_id bigint, expires_at timestamptz, deadline timestamptz, {_TYPES})
    ),
    sitting AS MATERIALIZED (
        SELECT id, user_id, deadline, state FROM attempts
        WHERE id = ANY (ARRAY(SELECT attempt_id FROM claim)) ORDER BY id FOR SHARE
    ),
    session AS MATERIALIZED (
        SELECT token_hash, user_id, expires_at FROM sign_ins
        WHERE token_hash = ANY (ARRAY(SELECT token_hash FROM claim))
        AND (SELECT active FROM users WHERE users.id = user_id)
    ),
    save AS MATERIALIZED (
        SELECT * FROM claim
        WHERE ((attempt_id, user_id, deadline) IN
            (SELECT id, user_id, deadline FROM sitting WHERE state = 'open')) IS TRUE
        AND ((token_hash, user_id, expires_at) IN (SELECT token_hash, user_id, expires_at FROM session)) IS TRUE
    ), {_STORE}
    SELECT place FROM save WHERE {_STORED}
"""  # noqa: S608
# One text and one plan, however many parts are asked for.
_HEADS = text(
    "SELECT attempt_id, part, counter, tab, blank, saved_at FROM answers"
    " JOIN unnest(CAST(:attempts AS bigint[]), CAST(:parts AS text[])) AS wanted (attempt_id, part)"
    " USING (attempt_id, part)"
).columns(Answer.attempt_id, Answer.part, Answer.counter, Answer.tab, Answer.blank, Answer.saved_at)


class Claim(NamedTuple):
    """A save among others that counts only if the session and the attempt are still as they are remembered.

    The session: of this token and this user, who is active, until `expires_at`. The attempt: of this user, open
    until this deadline.
    """

    place: int
    token_hash: bytes
    user_id: int
    expires_at: datetime
    deadline: datetime
    save: NewSave


class _Row(msgspec.Struct, gc=False):
    """What the statements read of a save. Its columns are those of `NewSave`."""

    place: int
    attempt_id: int
    part: str
    counter: int
    tab: str
    answer: str
    blank: bool
    flagged: bool
    saved_at: datetime


class _ClaimRow(_Row, gc=False):
    token: bytes
    user_id: int
    expires_at: datetime
    deadline: datetime


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
        rows = _json([_Row(place, *save) for place, save in enumerate(saves)])
        stored = {tuple(row) for row in connection.exec_driver_sql(_ADD, {"saves": rows})}
        return {save.key for save in saves if save.key not in stored}

    def add_claimed(self, connection: Connection, claims: Sequence[Claim]) -> set[int]:
        """Store saves in their order, by one statement; gives back the places of those that were stored.

        The others were not: what is remembered holds no more, or something newer is stored of their parts.
        """
        if not claims:
            return set()
        rows = _json([
            _ClaimRow(one.place, *one.save, one.token_hash, one.user_id, one.expires_at, one.deadline)
            for one in claims
        ])  # fmt: skip
        return set(connection.exec_driver_sql(_ADD_CLAIMED, {"saves": rows}).scalars())

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


def _json(rows: Sequence[_Row]) -> str:
    """Bytes become base64, and times ISO 8601."""
    return msgspec.json.encode(rows).decode()
