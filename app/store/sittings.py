"""Whose open attempt it is: asked for every page of an attempt, and for every hand-in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, bindparam, select
from sqlalchemy.dialects import sqlite

from app.store.columns import among, from_stored_text, stored_text
from app.store.models import Attempt, SignIn, User
from app.store.sqlite import quick


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
