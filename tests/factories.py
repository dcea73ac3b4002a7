"""What tests find in the database when they begin, and the moment at which they begin."""

from datetime import UTC, datetime, timedelta
from itertools import count

from app.services import accounts, attempts, library
from app.services.saves import SaveRequest
from app.services.tokens import hash_of
from app.store.database import Store
from app.store.models import Attempt, ExamVersion, Role, User
from tests.sample_exam import sample_exam

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NO_PASSWORD = "$argon2id$nobody-signs-in-with-this"

_numbers = count(1)


def after(**time: float) -> datetime:
    """A moment so long after NOW: after(minutes=5)."""
    return NOW + timedelta(**time)


def user(store: Store, role: Role = "student") -> User:
    """A user without a password that could be entered; hashing one would take its time."""
    number = next(_numbers)
    row = User(
        email=f"user{number}@example.org",
        name=f"User {number}",
        role=role,
        password_hash=NO_PASSWORD,
        active=True,
        demo=False,
        created_at=NOW,
    )
    store.write(lambda db: db.add(row))
    return row


def published(store: Store, title: str = "A small exam") -> ExamVersion:
    return store.write(lambda db: library.publish(db, sample_exam(title), NOW)).version


def started(store: Store, student: User, now: datetime = NOW) -> Attempt:
    """An open attempt of the sample exam: 90 minutes, parts 1a and 1b."""
    return store.write(lambda db: attempts.start(db, student.id, "small", now))


def token(store: Store, student: User, now: datetime = NOW) -> str:
    """The token of a new session that lasts a day."""
    return store.write(lambda db: accounts.start_session(db, student.id, now, timedelta(days=1))).token


def save(
    attempt: Attempt, session: str, answer: str = '{"count":"120"}', *, part: str = "1b", counter: int = 1,
    tab: str = "tab-one", blank: bool = False, cleared: bool = False, flagged: bool = False, at: datetime = NOW,
) -> SaveRequest:  # fmt: skip
    return SaveRequest(
        hash_of(session), attempt.public_id, part, counter, tab, answer, blank, cleared, flagged, at
    )
