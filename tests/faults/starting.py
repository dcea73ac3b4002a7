"""How long it takes until answers are saved again: after a kill, against a clean start, with many answers stored."""

import asyncio
import json
import random
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.services import attempts
from app.store.database import Store
from app.store.migrations import migrate
from tests import factories
from tests.faults.history import History
from tests.faults.served import Served
from tests.faults.students import Student, at_work

OPEN = 300  # attempts that are being sat
SAVES = 100  # entries in the journal for each attempt
REPEATS = 3

# Closed attempts, each with a hundred saves that have settled to one answer per part.
_FILL = (
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :attempts)
    INSERT INTO attempts (public_id, user_id, exam_id, version_id, state, started_at, deadline, extra_minutes,
        first_save, submitted_at, closed_by, receipt, graded_at, points, low, high)
    SELECT 'old' || i, :user, :exam, :version, 'graded', :past, :past, 0, 0, :past, 'student', '', :past, 0, 0, 0
    FROM n
    """,
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :saves)
    INSERT INTO saves (attempt_id, part, counter, tab, answer, blank, flagged, saved_at)
    SELECT attempts.id, iif(i % 2, '1a', '1b'), i, 'first-tab', :answer, 0, 0, :past
    FROM attempts, n WHERE attempts.state = 'graded'
    """,
    """
    INSERT INTO answers SELECT attempt_id, part, max(counter), tab, answer, blank, flagged, saved_at
    FROM saves GROUP BY attempt_id, part
    """,
)


@dataclass
class Starts:
    """Seconds from the start of the process to the first acknowledged save."""

    stored: int
    clean: list[float] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.killed) / statistics.median(self.clean)


async def measured(folder: Path, answers: int = 1_000_000) -> Starts:
    """Clean starts and starts after a kill under load, in turns."""
    server = Served(folder)
    history = History()
    cookies = await asyncio.to_thread(_filled, server.url, answers)
    group = [Student(server.port, one, history, random.Random(one), hands_in=0) for one in cookies]
    starts = Starts(answers)
    try:
        await server.start()
        async with at_work(group):
            await asyncio.sleep(2)
        for _ in range(REPEATS):
            await server.stop()
            starts.clean.append(await _until_saved(server, group[0]))
            async with at_work(group[1:]):
                await asyncio.sleep(2)
                server.kill()
            starts.killed.append(await _until_saved(server, group[0]))
    finally:
        server.kill()
    return starts


async def _until_saved(server: Served, student: Student) -> float:
    clock = asyncio.get_running_loop().time
    begun = clock()
    await server.start()
    await student.save_once()
    student.close()
    return clock() - begun


def _filled(url: str, answers: int) -> list[str]:
    migrate(url)
    store = Store(url)
    store.open()
    version = factories.published(store)
    user = factories.user(store)
    values = {
        "attempts": answers // SAVES, "saves": SAVES, "user": user.id, "exam": version.exam_id,
        "version": version.id, "past": "2026-01-01 09:00:00.000000", "answer": json.dumps({"count": "7" * 150}),
    }  # fmt: skip
    for statement in _FILL:
        store.write(lambda db, one=statement: db.execute(text(one), values))  # type: ignore[misc]
    now = datetime.now(UTC) - timedelta(minutes=1)
    cookies = []
    for _ in range(OPEN):
        student = factories.user(store)
        store.write(lambda db, who=student.id: attempts.start(db, who, "small", now))  # type: ignore[misc]
        cookies.append(f"endterm={factories.token(store, student, now)}")
    store.close()
    return cookies
