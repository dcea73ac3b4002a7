"""Saving answers: many at a time, each decided by itself, and never marked.

Gather what the requests are about, decide each by `decide`, store what was accepted.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.services.late_saves import keep_apart
from app.services.save_rules import Outcome, SaveReply, SaveRequest, Session, Sitting, decide, is_blank
from app.store.columns import among
from app.store.database import Store
from app.store.models import Attempt, ExamVersion, SignIn, User
from app.store.saved import Head, Key, NewSave

__all__ = ["Outcome", "SaveReply", "SaveRequest", "Saves", "decide", "is_blank"]

MOST_REMEMBERED = 50_000


class Saves:
    """Work for the writer: `store.writer.add(saves, request)`, or `run_all` with all the parts of a form."""

    only_saves = True

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = _Known(store)

    def __call__(self, connection: Connection, requests: list[SaveRequest]) -> list[SaveReply]:
        sessions, sittings = self._known.look_up(connection, requests)
        keys = {(sittings[one.attempt].id, one.part) for one in requests if one.attempt in sittings}
        batch = _Batch(self._store.saved.heads(connection, keys))
        for one in requests:
            batch.take(one, sessions.get(one.token_hash), sittings.get(one.attempt))
        if batch.late:
            batch.kept(keep_apart(connection, batch.late.values()))
        overtaken = self._store.saved.add(connection, batch.accepted)
        if overtaken:
            batch.overtake(self._store.saved.heads(connection, overtaken))
        return batch.replies


class _Batch:
    """The replies to a run of requests; each sees the ones before it."""

    def __init__(self, heads: dict[Key, Head]) -> None:
        self._heads = heads
        self._keys: list[Key | None] = []
        self.replies: list[SaveReply] = []
        self.accepted: list[NewSave] = []
        self.late: dict[int, NewSave] = {}
        """What came too late, by its place among the requests."""

    def take(self, one: SaveRequest, session: Session | None, sitting: Sitting | None) -> None:
        key = (sitting.id, one.part) if sitting else None
        head = self._heads.get(key) if key else None
        outcome = decide(one, session, sitting, head)
        if outcome is Outcome.SAVED and key:
            head = self._accept(_new_save(one, key))
        elif outcome is Outcome.CLOSED and key:
            self.late[len(self.replies)] = _new_save(one, key)
        self._keys.append(key)
        self.replies.append(_reply(outcome, session, sitting, head))

    def _accept(self, save: NewSave) -> Head:
        self.accepted.append(save)
        head = self._heads[save.key] = Head(save.counter, save.tab, save.blank, save.saved_at)
        return head

    def kept(self, kept: Iterable[bool]) -> None:
        """Say of every late save whether there was room for it."""
        for place, is_kept in zip(self.late, kept, strict=True):
            self.replies[place] = self.replies[place]._replace(kept=is_kept)

    def overtake(self, heads: dict[Key, Head]) -> None:
        """Another process stored something newer of these parts between our looking and our storing."""
        for place, (key, reply) in enumerate(zip(self._keys, self.replies, strict=True)):
            if key in heads and reply.outcome is Outcome.SAVED:
                head = heads[key]
                self.replies[place] = reply._replace(
                    outcome=Outcome.OLDER, counter=head.counter, saved_at=head.saved_at
                )


class _Known:
    """The sessions and attempts that saves are about, remembered while nothing else can have changed them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version: object = None
        self._sessions: dict[bytes, Session] = {}
        self._sittings: dict[str, Sitting] = {}
        self._parts: dict[int, frozenset[str]] = {}  # by version of an exam, which never changes

    def look_up(
        self, connection: Connection, requests: list[SaveRequest]
    ) -> tuple[dict[bytes, Session], dict[str, Sitting]]:
        """By token and by attempt; what is not there does not exist or has ended."""
        self._forget_if_changed(connection)
        # One by one: subtracting the keys of a dict from a set would look at every key of the dict.
        tokens = {one.token_hash for one in requests if one.token_hash not in self._sessions}
        if tokens:
            self._sessions.update(_sessions(connection, tokens))
        attempts = {one.attempt for one in requests if one.attempt not in self._sittings}
        if attempts:
            self._sittings.update(self._sittings_of(connection, attempts))
        return self._sessions, self._sittings

    def _forget_if_changed(self, connection: Connection) -> None:
        version = self._store.version(connection)
        if version is None or version != self._version or len(self._sittings) > MOST_REMEMBERED:
            self._sessions.clear()
            self._sittings.clear()
        self._version = version

    def _sittings_of(self, connection: Connection, attempts: Iterable[str]) -> dict[str, Sitting]:
        """The attempts, kept from being closed by another process until these saves are committed."""
        columns = (Attempt.public_id, Attempt.id, Attempt.user_id, Attempt.state, Attempt.deadline)
        rows = connection.execute(
            select(*columns, Attempt.version_id)
            .where(among(connection, Attempt.public_id, attempts))
            .order_by(Attempt.id)
            .with_for_update(read=True)
        ).all()
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


def _new_save(one: SaveRequest, key: Key) -> NewSave:
    return NewSave(*key, one.counter, one.tab, one.answer, one.blank, one.flagged, one.arrived)


def _reply(
    outcome: Outcome, session: Session | None, sitting: Sitting | None, head: Head | None
) -> SaveReply:
    if sitting is None or session is None or outcome in (Outcome.SIGNED_OUT, Outcome.UNKNOWN):
        return SaveReply(outcome, user_id=session.user_id if session and outcome is Outcome.UNKNOWN else 0)
    if head is None:
        return SaveReply(outcome, sitting.id, deadline=sitting.deadline)
    return SaveReply(outcome, sitting.id, head.counter, head.saved_at, sitting.deadline)
