"""Closing attempts when their time is over, and making sure that what is handed in gets its mark."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from app.services import accounts, marks
from app.services.attempts import GRACE, close
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt

AT_ONCE = 20  # attempts in one transaction

log = logging.getLogger(__name__)


def close_if_due(store: Store, exams: Exams, attempt_id: int, now: datetime) -> datetime | None:
    """Close and mark one attempt whose time is over; else the moment to look again. None: it is closed."""
    with store.read() as db:
        attempt = db.get(Attempt, attempt_id)
    if attempt is None or attempt.state == "graded":
        return None
    if attempt.state == "open" and now < attempt.deadline + GRACE:
        return attempt.deadline + GRACE
    store.write(lambda db: _close_still_due(db, store, [attempt_id], now))
    marks.grade(store, exams, attempt_id, now)
    return None


def sweep(store: Store, exams: Exams, now: datetime) -> int:
    """Close what is overdue, mark what is unmarked, forget what has ended. Gives the number of attempts."""
    closed = _close_overdue(store, now)
    graded = _grade_waiting(store, exams, now)
    store.write(lambda db: _tidy(db, store, now))
    return closed + graded


def _close_overdue(store: Store, now: datetime) -> int:
    closed = 0
    while True:
        with store.read() as db:
            due = queries.overdue(db, now - GRACE, AT_ONCE)
        if not due:
            return closed
        store.write(partial(_close_still_due, store=store, attempt_ids=due, now=now))
        closed += len(due)


def _close_still_due(db: Session, store: Store, attempt_ids: Iterable[int], now: datetime) -> None:
    """The deadlines are read again here: an extension may have come in between."""
    for attempt_id in attempt_ids:
        attempt = db.get(Attempt, attempt_id, with_for_update=True)
        if attempt is not None and now >= attempt.deadline + GRACE:
            close(db, store.saved, attempt_id, now, "deadline")


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
