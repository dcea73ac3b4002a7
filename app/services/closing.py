"""Closing attempts: the step of handing in that is done once, for many attempts at a time.

An attempt whose parts all have answers that were marked before is marked in the same transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from app.services.library import Exams
from app.services.marks import Marked, details_of, new_marks
from app.services.receipts import hash_of_answers
from app.services.remembered import RememberedMarks, Texts
from app.store.closing import ClosedAttempt, store_closed
from app.store.database import Store
from app.store.marks import add_marks
from app.store.models import Attempt, ClosedBy, ExamVersion, State
from app.store.saved import SavedAnswers
from app.store.sittings import open_sittings

NOTHING: Mapping[str, int] = {}


class Close(NamedTuple):
    """An attempt to be closed, if it is open.

    `believed`: the counters that a page takes for saved. `wait`: only if so much time has passed since the
    deadline, which is read again here.
    """

    attempt_id: int
    now: datetime
    closed_by: ClosedBy
    believed: Mapping[str, int] = NOTHING
    wait: timedelta | None = None


class Closing(NamedTuple):
    """The state of an attempt afterwards. It stays open if saves are missing, or if it is too early."""

    state: State
    missing: tuple[str, ...] = ()
    early: bool = False


@dataclass(frozen=True)
class Closings:
    """Work for the writer: `store.writer.add(Closings(store, exams), close)`."""

    store: Store
    exams: Exams

    def __call__(self, connection: Connection, requests: Sequence[Close]) -> list[Closing]:
        return close_all(connection, self.store.saved, self.exams.marks, requests)


class HandIn(NamedTuple):
    """An attempt that a browser hands in: named by its public id, and by the session's token."""

    public_id: str
    token_hash: bytes
    now: datetime


class HandedIn(NamedTuple):
    """What became of it. Nothing (0), if it was not open or not this session's."""

    attempt_id: int
    state: State | None


@dataclass(frozen=True)
class HandIns:
    """Work for the writer: `store.writer.add(HandIns(store, exams), hand_in)`.

    Looking up here whose attempts these are costs one question for all of a group.
    """

    store: Store
    exams: Exams

    def __call__(self, connection: Connection, requests: Sequence[HandIn]) -> list[HandedIn]:
        now = max(one.now for one in requests)
        found = open_sittings(connection, [one[:2] for one in requests], now)
        ids = [found.get(one[:2], 0) for one in requests]
        closes = [
            Close(attempt_id, one.now, "student")
            for attempt_id, one in zip(ids, requests, strict=True)
            if attempt_id
        ]
        closings = iter(close_all(connection, self.store.saved, self.exams.marks, closes) if closes else ())
        return [HandedIn(one, next(closings).state if one else None) for one in ids]


def close_all(
    connection: Connection, saved: SavedAnswers, remembered: RememberedMarks, requests: Sequence[Close]
) -> list[Closing]:
    """What became of each. An attempt that is not there counts as graded: nothing is left to do."""
    attempts = _locked(connection, {one.attempt_id for one in requests})
    heads = saved.heads(connection, {(one.attempt_id, part) for one in requests for part in one.believed})
    counters = {key: head.counter for key, head in heads.items()}
    to_close: dict[int, Close] = {}
    closings = []
    for one in requests:
        attempt = attempts.get(one.attempt_id)
        closing = _decide(one, attempt, counters, one.attempt_id in to_close)
        if closing is None:
            to_close.setdefault(one.attempt_id, one)
        closings.append(closing)
    graded = _close(connection, saved, remembered, attempts, to_close) if to_close else frozenset[int]()
    return [
        closing or Closing("graded" if one.attempt_id in graded else "submitted")
        for one, closing in zip(requests, closings, strict=True)
    ]


def _locked(connection: Connection, ids: Iterable[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The attempts, which nobody else changes until this transaction ends."""
    rows = connection.execute(
        select(Attempt.id, Attempt.public_id, Attempt.version_id, Attempt.state, Attempt.deadline)
        .add_columns(ExamVersion.hash)
        .join(ExamVersion, ExamVersion.id == Attempt.version_id)
        .where(Attempt.id.in_(ids))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    )
    return {row.id: row for row in rows}


def _decide(
    one: Close, attempt: Row[*tuple[Any, ...]] | None, counters: Mapping[tuple[int, str], int], twice: bool
) -> Closing | None:
    """What becomes of an attempt that is not to be closed; None if it is, now or by a request before."""
    if attempt is None:
        return Closing("graded")
    if attempt.state != "open":
        return Closing(attempt.state)
    if twice:
        return None
    if one.wait is not None and one.now < attempt.deadline + one.wait:
        return Closing("open", early=True)
    missing = tuple(
        part for part, counter in one.believed.items() if counters.get((one.attempt_id, part), 0) < counter
    )
    return Closing("open", missing) if missing else None


def _close(
    connection: Connection,
    saved: SavedAnswers,
    remembered: RememberedMarks,
    attempts: Mapping[int, Row[*tuple[Any, ...]]],
    to_close: Mapping[int, Close],
) -> frozenset[int]:
    """Close them; gives back those that are marked as well."""
    answers = saved.settle(connection, to_close)
    marked = {
        one: Marked(one, attempts[one].version_id, made)
        for one in to_close
        if (made := remembered.of_all(attempts[one].version_id, answers[one]))
    }
    store_closed(
        connection,
        [_closed(attempts[one], close, answers[one], marked.get(one)) for one, close in to_close.items()],
    )
    if marked:
        now = max(one.now for one in to_close.values())
        add_marks(connection, list(map(new_marks, marked.values())), details_of(marked.values()), now)
    return frozenset(marked)


def _closed(
    attempt: Row[*tuple[Any, ...]], one: Close, answers: Texts, marked: Marked | None
) -> ClosedAttempt:
    is_over = one.now >= attempt.deadline
    at = attempt.deadline if is_over else one.now
    by: ClosedBy = "deadline" if is_over else one.closed_by
    proof = hash_of_answers(attempt.public_id, attempt.hash, at, answers)
    if marked is None:
        return ClosedAttempt(attempt.id, "submitted", at, by, proof)
    return ClosedAttempt(attempt.id, "graded", at, by, proof, *marked.totals, one.now)
