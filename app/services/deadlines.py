"""Closing attempts when their time is over, and making sure that what is handed in gets its mark."""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.services import accounts, marks
from app.services.attempts import GRACE
from app.services.closing import Close, Closings
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt

AT_ONCE = 100  # attempts in one transaction

log = logging.getLogger(__name__)


def close_if_due(store: Store, exams: Exams, attempt_id: int, now: datetime) -> datetime | None:
    """Close and mark one attempt whose time is over; else the moment to look again. None: it is closed."""
    with store.read() as db:
        attempt = db.get(Attempt, attempt_id)
    if attempt is None or attempt.state == "graded":
        return None
    if attempt.state == "open" and now < attempt.deadline + GRACE:
        return attempt.deadline + GRACE
    _close_still_due(store, exams, [attempt_id], now)
    marks.grade(store, exams, attempt_id, now)
    return None


def sweep(store: Store, exams: Exams, now: datetime) -> int:
    """Close what is overdue, mark what is unmarked, forget what has ended. Gives the number of attempts."""
    closed = _close_overdue(store, exams, now)
    graded = _grade_waiting(store, exams, now)
    store.write(lambda db: _tidy(db, store, now))
    return closed + graded


def _close_overdue(store: Store, exams: Exams, now: datetime) -> int:
    closed = 0
    while True:
        with store.read() as db:
            due = queries.overdue(db, now - GRACE, AT_ONCE)
        if not due:
            return closed
        closed += _close_still_due(store, exams, due, now)


def _close_still_due(store: Store, exams: Exams, attempt_ids: Iterable[int], now: datetime) -> int:
    """The deadlines are read again in the transaction: an extension may have come in between."""
    closes = [Close(one, now, "deadline", wait=GRACE) for one in attempt_ids]
    return len(store.writer.run_all(Closings(store, exams), closes))


def _grade_waiting(store: Store, exams: Exams, now: datetime) -> int:
    """One exam that cannot be read must not keep the others from their marks, nor make this run for ever."""
    with store.read() as db:
        waiting = queries.ungraded(db, limit=10_000)
    graded = 0
    for start in range(0, len(waiting), AT_ONCE):
        graded += _grade_some(store, exams, list(waiting[start : start + AT_ONCE]), now)
    return graded


def _grade_some(store: Store, exams: Exams, attempt_ids: list[int], now: datetime) -> int:
    try:
        marks.grade_all(store, exams, attempt_ids, now)
    except Exception:
        if len(attempt_ids) == 1:
            log.exception("attempt %s could not be marked; the next sweep tries again", attempt_ids[0])
            return 0
        return sum(_grade_some(store, exams, [one], now) for one in attempt_ids)
    return len(attempt_ids)


def _tidy(db: Session, store: Store, now: datetime) -> None:
    accounts.forget_ended_sessions(db, now)
    store.saved.forget_closed(db.connection())
