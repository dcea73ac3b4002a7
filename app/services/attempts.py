"""The life of an attempt: started, extended, handed in. The clock is the server's, and comes in as `now`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import AnswersMissing, AttemptClosed, Conflict, InvalidInput, NotFound
from app.services import marks
from app.services.closing import Close, Closing, Closings, close_all
from app.services.library import Exams
from app.services.remembered import RememberedMarks
from app.services.tokens import new_public_id
from app.store import queries
from app.store.database import Store
from app.store.models import Answer, Attempt, ClosedBy, Extension
from app.store.saved import SavedAnswer, SavedAnswers

SPREAD = timedelta(seconds=3)
"""Over so long after the deadline the browsers of a room spread their last saves, each by chance."""

GRACE = SPREAD + timedelta(seconds=10)
"""How long after the deadline a save still counts: it may be sent late, and then it was in flight."""

LONGEST_EXTENSION = 24 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """What a running page asks for every few seconds; `counters` tells a tab what another one has saved."""

    now: datetime
    deadline: datetime
    open: bool
    counters: Mapping[str, int]


def start(db: Session, user_id: int, slug: str, now: datetime) -> Attempt:
    """Start the newest version of an exam; pressing Start again gives the attempt that is open already."""
    version = queries.newest_version(db, slug)
    if version is None:
        raise NotFound("There is no such exam.")
    running = queries.open_attempt(db, user_id, version.exam_id)
    if running is not None:
        return running
    attempt = Attempt(
        public_id=new_public_id(),
        user_id=user_id,
        exam_id=version.exam_id,
        version_id=version.id,
        state="open",
        started_at=now,
        deadline=now + timedelta(minutes=version.minutes),
        extra_minutes=0,
        first_save=queries.last_save(db),
    )
    try:
        with db.begin_nested():
            db.add(attempt)
    except IntegrityError:  # another process was asked at the same moment
        return queries.open_attempt(db, user_id, version.exam_id) or _gone()
    return attempt


def extend(db: Session, public_id: str, minutes: int, now: datetime, given_by: int | None = None) -> Attempt:
    """More time for one attempt, after its deadline. A running page learns of it by its next save or look."""
    if not 1 <= minutes <= LONGEST_EXTENSION:
        raise InvalidInput(f"Extra time is 1 to {LONGEST_EXTENSION} minutes.", "minutes")
    attempt = _locked(db, Attempt.public_id == public_id)
    if attempt.state != "open":
        raise AttemptClosed("This attempt has been handed in; its time cannot be extended.")
    attempt.extra_minutes += minutes
    attempt.deadline += timedelta(minutes=minutes)
    db.add(Extension(attempt_id=attempt.id, minutes=minutes, given_at=now, given_by=given_by))
    return attempt


def running(db: Session, who: str) -> Attempt:
    """An open attempt by its id, or by the e-mail address of a student who has just one."""
    if "@" not in who:
        found = queries.attempt(db, who)
        return found if found is not None else _gone()
    open_ones = queries.open_attempts_of(db, who.strip().lower())
    if not open_ones:
        raise NotFound(f"{who} has no attempt that is running.")
    if len(open_ones) > 1:
        names = ", ".join(f"{one.public_id} ({one.version.title})" for one in open_ones)
        raise Conflict(f"{who} has several attempts that are running; name one of them: {names}.")
    return open_ones[0]


def saved_answers(store: Store, attempt: Attempt) -> dict[str, SavedAnswer]:
    """What an attempt holds, by part: the newest saves while it is open, else what was handed in."""
    if attempt.state == "open":
        return store.saved.of_open(attempt.id)
    with store.read() as db:
        return {one.part: _as_saved(one) for one in queries.answers_of(db, attempt.id)}


def clock(store: Store, user_id: int, public_id: str, now: datetime) -> Clock:
    """The time that is left and what is saved, for a running page. Raises NotFound."""
    with store.read() as db:
        attempt = _own(db, user_id, public_id)
    counters = {part: one.counter for part, one in saved_answers(store, attempt).items()}
    return Clock(now, attempt.deadline, attempt.state == "open", counters)


def hand_in(
    store: Store,
    exams: Exams,
    user_id: int,
    public_id: str,
    now: datetime,
    *,
    believed: Mapping[str, int] | None = None,
    because_time_is_up: bool = False,
) -> Attempt:
    """Hand in what is saved, and mark it. A second time changes nothing and gives the same attempt.

    `believed` are the counters that the page takes for saved: AnswersMissing names what is not. A page that
    hands in because its own clock has run out says so: Conflict if by the server's clock there is time left.
    """

    with store.read() as db:
        attempt = _own(db, user_id, public_id)
    if attempt.state == "open":
        wait = timedelta(0) if because_time_is_up else None
        close = Close(attempt.id, now, "student", believed or {}, wait)
        (closing,) = store.writer.run_all(Closings(store, exams), [close])
        _refuse_if_open(closing)
    return marks.grade(store, exams, attempt.id, now)


def close(db: Session, saved: SavedAnswers, attempt_id: int, now: datetime, closed_by: ClosedBy) -> Attempt:
    """Close one attempt and leave its marks to the next sweep; of a closed attempt nothing changes."""
    close_all(db.connection(), saved, RememberedMarks(), [Close(attempt_id, now, closed_by)])
    return db.get_one(Attempt, attempt_id, populate_existing=True)


def _refuse_if_open(closing: Closing) -> None:
    if closing.early:
        raise Conflict("There is time left: this attempt has been extended. Reload the page.")
    if closing.missing:
        raise AnswersMissing(closing.missing)


def _locked(db: Session, which: ColumnElement[bool]) -> Attempt:
    """An attempt that nobody else changes until this transaction ends."""
    found = db.scalar(select(Attempt).where(which).with_for_update())
    return found or _gone()


def _own(db: Session, user_id: int, public_id: str) -> Attempt:
    return queries.own_attempt(db, public_id, user_id) or _gone()


def _gone() -> NoReturn:
    raise NotFound("There is no such attempt.")


def _as_saved(one: Answer) -> SavedAnswer:
    return SavedAnswer(one.part, one.answer, one.counter, one.blank, one.flagged, one.saved_at)
