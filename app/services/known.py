"""Who is signed in and which attempts there are, as saves need to know it: remembered, since few change."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.services.save_rules import SaveRequest, Session, Sitting
from app.store.database import Store
from app.store.models import ExamVersion
from app.store.sittings import AnyAttempt, SignedIn, attempts_called, open_now, signed_in

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
        self._has_begun = False

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
        """As it was when it was last looked at; another process may have changed it since.

        Begins with all that are open: after a start in the middle of an exam nearly every group would have to
        wait for an answer about somebody who is new here.
        """
        if not self._has_begun:
            sessions, attempts = open_now(connection, MOST_REMEMBERED // 2)
            self._remember(connection, sessions, attempts)
            self._has_begun = True
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
        attempts = {one.attempt for one in requests if one.attempt not in self._sittings}
        if tokens or attempts:
            self._remember(
                connection,
                signed_in(connection, tokens) if tokens else (),
                attempts_called(connection, attempts, lock=lock) if attempts else (),
            )
        return self._sessions, self._sittings

    def _remember(
        self, connection: Connection, sessions: Iterable[SignedIn], attempts: Sequence[AnyAttempt]
    ) -> None:
        for one in sessions:
            self._sessions[one.token_hash] = Session(one.user_id, one.expires_at)
        self._learn_parts(connection, {one.version_id for one in attempts})
        for two in attempts:
            parts = self._parts[two.version_id]
            self._sittings[two.public_id] = Sitting(two.id, two.user_id, two.state, two.deadline, parts)

    def _learn_parts(self, connection: Connection, versions: set[int]) -> None:
        unknown = versions - self._parts.keys()
        if unknown:
            found = connection.execute(
                select(ExamVersion.id, ExamVersion.parts).where(ExamVersion.id.in_(unknown))
            )
            self._parts.update({row.id: frozenset(row.parts) for row in found})
