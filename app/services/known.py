"""Who is signed in and which attempts there are, as saves need to know it: remembered, since few change."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.services.save_rules import SaveRequest, Session, Sitting
from app.store.columns import among
from app.store.database import Store
from app.store.models import Attempt, ExamVersion, SignIn, User

MOST_REMEMBERED = 50_000

Found = tuple[dict[bytes, Session], dict[str, Sitting]]
"""By token and by attempt; what is not there does not exist or has ended."""


class Known:
    """The sessions and attempts that saves are about. For the writer's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: object = None
        self._sessions: dict[bytes, Session] = {}
        self._sittings: dict[str, Sitting] = {}
        self._parts: dict[int, frozenset[str]] = {}  # by version of an exam, which never changes

    def look_up(self, connection: Connection, requests: list[SaveRequest]) -> Found:
        """As it is now, and as it stays until these saves are committed."""
        version = self._store.version(connection)
        if version is None:
            self._forget(requests)
        elif version != self._version:
            self._sessions.clear()
            self._sittings.clear()
        self._version = version
        return self._filled(connection, requests, lock=True)

    def believed(self, connection: Connection, requests: list[SaveRequest]) -> Found:
        """As it was when it was last looked at; another process may have changed it since."""
        return self._filled(connection, requests, lock=False)

    def _forget(self, requests: list[SaveRequest]) -> None:
        for one in requests:
            self._sessions.pop(one.token_hash, None)
            self._sittings.pop(one.attempt, None)

    def _filled(self, connection: Connection, requests: list[SaveRequest], *, lock: bool) -> Found:
        if len(self._sittings) > MOST_REMEMBERED or len(self._sessions) > MOST_REMEMBERED:
            self._sessions.clear()
            self._sittings.clear()
        # One by one: subtracting the keys of a dict from a set would look at every key of the dict.
        tokens = {one.token_hash for one in requests if one.token_hash not in self._sessions}
        if tokens:
            self._sessions.update(_sessions(connection, tokens))
        attempts = {one.attempt for one in requests if one.attempt not in self._sittings}
        if attempts:
            self._sittings.update(self._sittings_of(connection, attempts, lock))
        return self._sessions, self._sittings

    def _sittings_of(self, connection: Connection, attempts: Iterable[str], lock: bool) -> dict[str, Sitting]:
        """The attempts; `lock`: kept from being closed by another process until these saves are committed."""
        columns = (Attempt.public_id, Attempt.id, Attempt.user_id, Attempt.state, Attempt.deadline)
        wanted = (
            select(*columns, Attempt.version_id)
            .where(among(connection, Attempt.public_id, attempts))
            .order_by(Attempt.id)
        )
        rows = connection.execute(wanted.with_for_update(read=True) if lock else wanted).all()
        self._learn_parts(connection, {row.version_id for row in rows})
        return {
            row.public_id: Sitting(row.id, row.user_id, row.state, row.deadline, self._parts[row.version_id])
            for row in rows
        }

    def _learn_parts(self, connection: Connection, versions: set[int]) -> None:
        unknown = versions - self._parts.keys()
        if unknown:
            found = connection.execute(
                select(ExamVersion.id, ExamVersion.parts).where(ExamVersion.id.in_(unknown))
            )
            self._parts.update({row.id: frozenset(row.parts) for row in found})


def _sessions(connection: Connection, tokens: Iterable[bytes]) -> dict[bytes, Session]:
    rows = connection.execute(
        select(SignIn.token_hash, SignIn.user_id, SignIn.expires_at)
        .join(User, User.id == SignIn.user_id)
        .where(among(connection, SignIn.token_hash, tokens), User.active)
    )
    return {row.token_hash: Session(row.user_id, row.expires_at) for row in rows}
