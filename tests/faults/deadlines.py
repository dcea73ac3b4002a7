"""Attempts that end one after the other while other things go wrong: is each closed in time?"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.jobs import Jobs
from app.services import attempts
from app.services.attempts import GRACE
from app.services.library import Exams
from app.settings import Settings
from app.store.database import Store
from tests import factories
from tests.faults.students import Student

EVERY = 2.0  # seconds
MANY = 45
LATEST = 25.0  # seconds after its time that an attempt may still be open, on a busy machine; one that was forgotten waits a minute


@dataclass(frozen=True)
class Ending:
    """An attempt that nobody will hand in, and the moment when it must be closed."""

    cookie: str
    attempt: str
    due: float  # as time.time() counts


def prepared_endings(store: Store, url: str) -> list[Ending]:
    """The first is due at once, the last after a minute and a half; a reminder of each waits in the queue."""
    jobs = Jobs(Settings(database_url=url), store, Exams())
    first = datetime.now(UTC)
    try:
        return [_ending(store, jobs, first + timedelta(seconds=EVERY * number)) for number in range(MANY)]
    finally:
        jobs.stop()


def _ending(store: Store, jobs: Jobs, due: datetime) -> Ending:
    student = factories.user(store)
    begun = due - GRACE - timedelta(minutes=90)
    attempt = store.write(lambda db: attempts.start(db, student.id, "small", begun))
    jobs.close_later(attempt)
    token = factories.token(store, student, datetime.now(UTC))
    return Ending(f"endterm={token}", attempt.public_id, due.timestamp())


async def next_is_met(students: list[Student], endings: list[Ending]) -> None:
    """Wait for the next ending, or for the last one if all are past. `students` are theirs, in this order."""
    now = time.time()
    number = next((n for n, one in enumerate(endings) if one.due > now), len(endings) - 1)
    due = max(endings[number].due, now)
    while not await students[number].is_over():
        late = time.time() - due
        assert late < LATEST, f"an attempt is still open {late:.1f} s after its time"
        await asyncio.sleep(0.1)
