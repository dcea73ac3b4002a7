"""The server dies while it marks attempts whose time is over; the next one must finish them, each once."""

import asyncio
import json
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import NullPool

from app.exams.loader import load_exam
from app.services import attempts, library
from app.services.attempts import GRACE
from app.services.saves import SaveRequest, Saves
from app.services.tokens import hash_of
from app.store.database import Store
from app.store.migrations import migrate
from app.store.models import Attempt
from tests import factories
from tests.faults.history import History
from tests.faults.scenarios import Outcome
from tests.faults.served import PLAIN, ROOT, WORKER, Served

EXAM = ROOT / "exams" / "idl-endterm-ws2021.yaml"
LONGEST = 60.0  # seconds


async def killed_while_marking(
    folder: Path, times: int, number: int = 60, url: str = "", seed: int = 1
) -> Outcome:
    """SIGKILL when some attempts are closed or marked and others are not yet: of the server on SQLite, of the
    worker, which has no pages, on PostgreSQL."""
    outcome = Outcome("worker killed while marking" if url else "killed while marking")
    server = Served(folder, url, command=WORKER if url else PLAIN)
    chance = random.Random(seed)
    await asyncio.to_thread(_class_whose_time_is_over, server.url, number, outcome.history)
    try:
        for _ in range(times):
            await server.start()
            await _until_some_are_closed(server.url)
            await asyncio.sleep(chance.uniform(0, 0.05))
            server.kill()
            outcome.injected += not _all_marked(server.url)
            outcome.look(server.url)
        await server.start()
        await _until_all_are_marked(server.url)
        await server.stop()
        outcome.look(server.url, all_marked=True)
    finally:
        server.kill()
    outcome.note = f"{number} attempts of 53 parts"
    return outcome


def _class_whose_time_is_over(url: str, number: int, history: History) -> None:
    """Attempts with the model answers, an hour after their deadline, and nobody has closed them."""
    migrate(url)
    store = Store(url)
    store.open()
    exam = load_exam(EXAM)
    store.write(lambda db: library.publish(db, exam, datetime.now(UTC)))
    begun = datetime.now(UTC) - timedelta(minutes=exam.document.minutes + 60) - GRACE
    requests = []
    for _ in range(number):
        student = factories.user(store)
        token = factories.token(store, student, begun)
        attempt = store.write(lambda db, who=student.id: attempts.start(db, who, exam.document.exam, begun))  # type: ignore[misc]
        history.started.add(attempt.public_id)
        for part in exam.document.parts:
            place = (attempt.public_id, part.id, 1)
            history.sent[place] = part.model_answer
            history.acknowledged.add(place)
            answer = json.dumps(part.model_answer)
            requests.append(
                SaveRequest(hash_of(token), *place, "first-tab", answer, False, False, False, begun)
            )
    replies = store.writer.run_all(Saves(store), requests)
    assert {reply.outcome.value for reply in replies} == {"saved"}
    store.close()


def states(url: str) -> Counter[str]:
    """How many attempts are in each state."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(select(Attempt.state, func.count().label("number")).group_by(Attempt.state))
        return Counter({row.state: row.number for row in rows})


def _all_marked(url: str) -> bool:
    return set(states(url)) == {"graded"}


async def _until_some_are_closed(url: str) -> None:
    before = states(url)
    until = time.monotonic() + LONGEST
    while states(url) == before and not _all_marked(url):
        assert time.monotonic() < until, "nothing is closed"
        await asyncio.sleep(0.002)


async def _until_all_are_marked(url: str) -> None:
    until = time.monotonic() + LONGEST
    while not _all_marked(url):
        assert time.monotonic() < until, f"attempts stay without a mark: {states(url)}"
        await asyncio.sleep(0.05)
