"""Saving answers: many at a time, each decided by itself.

Gather what the requests are about in a few questions, decide each by `decide`, which sees no database, and
store what was accepted. A save never marks anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from app.services.attempts import GRACE
from app.store.models import Attempt, ExamVersion, LateSave, SignIn, User
from app.store.saved import Head, Key, NewSave, SavedAnswers

DEEPEST = 8  # levels below which nobody looks whether an answer is blank


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """A part's whole state as a browser tab holds it.

    `tab` names the page load. `counter` grows with each change of the part, over all tabs: one more than the
    greatest that the tab knows, or the server's time in milliseconds if that is more. So the newer change has
    the greater counter, whenever it arrives. `answer` is JSON; `blank`: nothing is entered in it; `cleared`:
    the student emptied it on purpose. `arrived` is when the server received it, so that waiting for the
    writer costs nobody an answer.
    """

    token_hash: bytes
    attempt: str
    part: str
    counter: int
    tab: str
    answer: str
    blank: bool
    cleared: bool
    flagged: bool
    arrived: datetime


class Outcome(Enum):
    """What becomes of a save."""

    SAVED = "saved"
    REPEATED = "repeated"  # this save or a later one of the same tab is stored already
    SIGNED_OUT = "signed-out"
    UNKNOWN = "unknown"  # no such attempt, or somebody else's, or no such part
    CLOSED = "closed"  # handed in, or the time is over; kept apart for the staff
    OLDER = "older"  # another tab has saved a newer change of the part
    EMPTY = "empty"  # nothing would replace something, and nobody said that it is meant


@dataclass(frozen=True, slots=True)
class SaveReply:
    """`counter` and `saved_at` are those of the newest save of the part, whoever made it."""

    outcome: Outcome
    attempt_id: int = 0
    counter: int = 0
    saved_at: datetime | None = None
    deadline: datetime | None = None


class Sitting(NamedTuple):
    """What a save needs to know of an attempt."""

    id: int
    user_id: int
    state: str
    deadline: datetime
    parts: frozenset[str]


def decide(one: SaveRequest, user_id: int | None, sitting: Sitting | None, head: Head | None) -> Outcome:
    """What becomes of a save, by who is signed in, the attempt it is for, and the newest save of its part.

    A repeat counts as saved even after the end: the browser only missed the first answer.
    """
    if user_id is None:
        return Outcome.SIGNED_OUT
    if sitting is None or sitting.user_id != user_id or one.part not in sitting.parts:
        return Outcome.UNKNOWN
    if head is not None and head.tab == one.tab and one.counter <= head.counter:
        return Outcome.REPEATED
    if sitting.state != "open" or one.arrived > sitting.deadline + GRACE:
        return Outcome.CLOSED
    if head is not None and one.counter <= head.counter:
        return Outcome.OLDER
    if one.blank and not one.cleared and head is not None and not head.blank:
        return Outcome.EMPTY
    return Outcome.SAVED


def is_blank(answer: Mapping[str, Any]) -> bool:
    """Whether no field holds anything. The list [] of a field is an answer: "none of these"."""
    return all(value != [] and _is_nothing(value, DEEPEST) for value in answer.values())


def _is_nothing(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict | list) and depth:
        inner = value.values() if isinstance(value, dict) else value
        return all(_is_nothing(one, depth - 1) for one in inner)
    return value is None


class Saves:
    """Work for the writer: `store.writer.add(saves, request)`, or called in a write with all of a form."""

    def __init__(self, saved: SavedAnswers) -> None:
        self._saved = saved
        self._parts: dict[int, frozenset[str]] = {}  # by version; versions never change

    def __call__(self, connection: Connection, requests: list[SaveRequest]) -> list[SaveReply]:
        users = _signed_in(connection, requests)
        sittings = self._sittings(connection, requests)
        heads = self._saved.heads(connection, _keys(requests, sittings))
        batch = _Batch(heads)
        for one in requests:
            batch.take(one, users.get(one.token_hash), sittings.get(one.attempt))
        _keep_apart(connection, batch.late)
        overtaken = self._saved.add(connection, batch.accepted)
        if overtaken:
            batch.overtaken(overtaken, self._saved.heads(connection, overtaken))
        return batch.replies

    def _sittings(self, connection: Connection, requests: Iterable[SaveRequest]) -> dict[str, Sitting]:
        """The attempts, kept from being closed by another process until these saves are committed."""
        columns = (Attempt.public_id, Attempt.id, Attempt.user_id, Attempt.state, Attempt.deadline)
        rows = connection.execute(
            select(*columns, Attempt.version_id)
            .where(Attempt.public_id.in_({one.attempt for one in requests}))
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


class _Batch:
    """The replies to a run of requests; each sees the ones before it."""

    def __init__(self, heads: dict[Key, Head]) -> None:
        self._heads = heads
        self._keys: list[Key | None] = []
        self.replies: list[SaveReply] = []
        self.accepted: list[NewSave] = []
        self.late: list[dict[str, Any]] = []

    def take(self, one: SaveRequest, user_id: int | None, sitting: Sitting | None) -> None:
        key = (sitting.id, one.part) if sitting else None
        outcome = decide(one, user_id, sitting, self._heads.get(key) if key else None)
        if key is not None and outcome is Outcome.SAVED:
            self.accepted.append(_new_save(one, key))
            self._heads[key] = Head(one.counter, one.tab, one.blank, one.arrived)
        if key is not None and outcome is Outcome.CLOSED:
            self.late.append(_late_save(one, key))
        self._keys.append(key)
        self.replies.append(self._reply(outcome, key, sitting))

    def overtaken(self, keys: set[Key], heads: dict[Key, Head]) -> None:
        """Another process stored something newer between our looking and our storing."""
        self._heads.update(heads)
        for place, (key, reply) in enumerate(zip(self._keys, self.replies, strict=True)):
            if key in keys and reply.outcome is Outcome.SAVED:
                head = self._heads[key]
                self.replies[place] = replace(
                    reply, outcome=Outcome.OLDER, counter=head.counter, saved_at=head.saved_at
                )

    def _reply(self, outcome: Outcome, key: Key | None, sitting: Sitting | None) -> SaveReply:
        if key is None or sitting is None or outcome in (Outcome.SIGNED_OUT, Outcome.UNKNOWN):
            return SaveReply(outcome)
        head = self._heads.get(key)
        if head is None:
            return SaveReply(outcome, sitting.id, deadline=sitting.deadline)
        return SaveReply(outcome, sitting.id, head.counter, head.saved_at, sitting.deadline)


def _signed_in(connection: Connection, requests: Iterable[SaveRequest]) -> dict[bytes, int]:
    """Who each token belongs to; tokens that have ended are not there."""
    tokens = {one.token_hash: one.arrived for one in requests}
    rows = connection.execute(
        select(SignIn.token_hash, SignIn.user_id, SignIn.expires_at)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.token_hash.in_(tokens), User.active)
    )
    return {row.token_hash: row.user_id for row in rows if row.expires_at > tokens[row.token_hash]}


def _keys(requests: Iterable[SaveRequest], sittings: Mapping[str, Sitting]) -> set[Key]:
    return {(sittings[one.attempt].id, one.part) for one in requests if one.attempt in sittings}


def _keep_apart(connection: Connection, late: Sequence[dict[str, Any]]) -> None:
    """A browser tries a late save several times; it is kept once."""
    if late:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(LateSave).on_conflict_do_nothing(), late)


def _new_save(one: SaveRequest, key: Key) -> NewSave:
    return NewSave(*key, one.counter, one.tab, one.answer, one.blank, one.flagged, one.arrived)


def _late_save(one: SaveRequest, key: Key) -> dict[str, Any]:
    return {
        "attempt_id": key[0],
        "part": key[1],
        "counter": one.counter,
        "tab": one.tab,
        "answer": one.answer,
        "arrived_at": one.arrived,
    }
