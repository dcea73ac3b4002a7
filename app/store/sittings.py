"""Whose open attempt it is: asked for every page of an attempt, for every hand-in, and for the first saves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, bindparam, select
from sqlalchemy.dialects import sqlite

from app.store.columns import among, from_stored_text, stored_text
from app.store.models import Attempt, SignIn, User
from app.store.sqlite import driver, quick


class OpenSitting(NamedTuple):
    """An open attempt of somebody who is signed in."""

    id: int
    user_id: int
    version_id: int
    deadline: datetime


def open_sitting(readers: Engine, public_id: str, token_hash: bytes, now: datetime) -> OpenSitting | None:
    """The attempt, if it is open and this session's user sits it. On SQLite without SQLAlchemy, which would
    take ten times as long as the question itself."""
    if readers.dialect.name == "sqlite":
        with quick(readers) as reader:
            row = reader.execute(_TEXT, _asked(public_id, token_hash, stored_text(now))).fetchone()
        return OpenSitting._make((*row[:-1], from_stored_text(row[-1]))) if row else None
    with readers.connect() as connection:
        found = connection.execute(_OPEN_SITTING, _asked(public_id, token_hash, now)).one_or_none()
    return OpenSitting(*found) if found else None


def _asked(public_id: str, token_hash: bytes, now: datetime | str) -> dict[str, Any]:
    return {"public_id": public_id, "token_hash": token_hash, "now": now, "state": "open"}


def open_sittings(
    connection: Connection, asked: Iterable[tuple[str, bytes]], now: datetime
) -> dict[tuple[str, bytes], int]:
    """The ids of those of these attempts (by public id) and sessions (by token) that belong together."""
    places, tokens = zip(*asked, strict=True)
    rows = connection.execute(
        select(Attempt.public_id, SignIn.token_hash, Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .join(SignIn, SignIn.user_id == Attempt.user_id)
        .where(among(connection, Attempt.public_id, places), among(connection, SignIn.token_hash, tokens))
        .where(Attempt.state == "open", User.active, SignIn.expires_at > now)
    ).all()
    return {(public_id, token): attempt_id for public_id, token, attempt_id in rows}


class SignedIn(NamedTuple):
    """A session of somebody who is active."""

    token_hash: bytes
    user_id: int
    expires_at: datetime


class AnyAttempt(NamedTuple):
    """What saves need to know of an attempt, open or not."""

    public_id: str
    id: int
    user_id: int
    state: str
    deadline: datetime
    version_id: int


def signed_in(connection: Connection, tokens: Iterable[bytes]) -> list[SignedIn]:
    """Those of these sessions that there are. On SQLite without SQLAlchemy, as above."""
    if connection.dialect.name == "sqlite":
        found = _rows(connection, _SIGNED_IN, [*tokens])
        return [SignedIn(token, user_id, from_stored_text(until)) for token, user_id, until in found]
    rows = connection.execute(
        select(SignIn.token_hash, SignIn.user_id, SignIn.expires_at)
        .join(User, User.id == SignIn.user_id)
        .where(among(connection, SignIn.token_hash, tokens), User.active)
    )
    return [SignedIn(*row) for row in rows]


def attempts_called(connection: Connection, public_ids: Iterable[str], *, lock: bool) -> list[AnyAttempt]:
    """Those of these attempts that there are; `lock`: kept on PostgreSQL from being closed by another process
    until this transaction has ended. On SQLite nobody else writes meanwhile."""
    if connection.dialect.name == "sqlite":
        found = _rows(connection, _ATTEMPTS, [*public_ids])
        return [
            AnyAttempt(public_id, id_, user_id, state, from_stored_text(deadline), version_id)
            for public_id, id_, user_id, state, deadline, version_id in found
        ]
    columns = (Attempt.public_id, Attempt.id, Attempt.user_id, Attempt.state, Attempt.deadline)
    wanted = (
        select(*columns, Attempt.version_id)
        .where(among(connection, Attempt.public_id, public_ids))
        .order_by(Attempt.id)
    )
    rows = connection.execute(wanted.with_for_update(read=True) if lock else wanted)
    return [AnyAttempt(*row) for row in rows]


def open_now(connection: Connection, most: int) -> tuple[list[SignedIn], list[AnyAttempt]]:
    """All open attempts, and the sessions of those who sit them; of each at most so many."""
    attempts = connection.execute(
        select(
            Attempt.public_id,
            Attempt.id,
            Attempt.user_id,
            Attempt.state,
            Attempt.deadline,
            Attempt.version_id,
        )
        .where(Attempt.state == "open")
        .limit(most)
    )
    sitting = select(Attempt.user_id).where(Attempt.state == "open")
    sessions = connection.execute(
        select(SignIn.token_hash, SignIn.user_id, SignIn.expires_at)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.user_id.in_(sitting), User.active)
        .limit(most)
    )
    return [SignedIn(*row) for row in sessions], [AnyAttempt(*row) for row in attempts]


def _rows(connection: Connection, question: str, values: list[Any]) -> list[Any]:
    found: list[Any] = (
        driver(connection).execute(question + f"({', '.join('?' * len(values))})", values).fetchall()
    )
    return found


_SIGNED_IN = (
    "SELECT token_hash, user_id, expires_at FROM sign_ins JOIN users ON users.id = user_id"
    " WHERE active AND token_hash IN "
)
_ATTEMPTS = "SELECT public_id, id, user_id, state, deadline, version_id FROM attempts WHERE public_id IN "


def _open_sitting() -> Select[*tuple[int, int, int, datetime]]:
    """Over plain tables: putting it together, and finding out what it is about, would take longer than the answer."""
    attempt, user, sign_in = Attempt.__table__.c, User.__table__.c, SignIn.__table__.c
    return (
        select(attempt.id, attempt.user_id, attempt.version_id, attempt.deadline)
        .where(attempt.public_id == bindparam("public_id"), attempt.state == bindparam("state"))
        .where(user.id == attempt.user_id, user.active)
        .where(sign_in.user_id == attempt.user_id, sign_in.token_hash == bindparam("token_hash"))
        .where(sign_in.expires_at > bindparam("now"))
    )


_OPEN_SITTING = _open_sitting()
_TEXT = str(_OPEN_SITTING.compile(dialect=sqlite.dialect(paramstyle="named")))
