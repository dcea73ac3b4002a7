"""Jobs on the real queue of each database: an attempt ends at its deadline with nobody asking for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import TooBusy
from app.jobs import Jobs
from app.services import attempts, deadlines
from app.services.attempts import GRACE
from app.services.library import Exams
from app.settings import Settings
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt
from tests.factories import published, started, user


@pytest.fixture
def jobs(store: Store, database_url: str) -> Iterator[Jobs]:
    queue = Jobs(Settings(database_url=database_url), store, Exams())
    yield queue
    queue.stop()


def ending_in(store: Store, seconds: float) -> Attempt:
    """An attempt whose deadline and grace are over so many seconds from now."""
    published(store)
    begun = datetime.now(UTC) - timedelta(minutes=90) - GRACE + timedelta(seconds=seconds)
    return started(store, user(store), begun)


def state_within(store: Store, attempt: Attempt, state: str, seconds: float) -> str:
    """The attempt's state, as soon as it is this one or the time is over."""
    until = monotonic() + seconds
    while monotonic() < until and _state(store, attempt) != state:
        sleep(0.05)
    return _state(store, attempt)


def test_an_attempt_is_closed_and_marked_at_its_deadline(store: Store, jobs: Jobs) -> None:
    attempt = ending_in(store, seconds=1.5)
    jobs.start()
    jobs.close_later(attempt)

    assert _state(store, attempt) == "open"
    assert state_within(store, attempt, "graded", seconds=8) == "graded"


def test_what_became_due_while_nothing_ran_is_closed_at_the_start(store: Store, jobs: Jobs) -> None:
    attempt = ending_in(store, seconds=-3600)

    jobs.start()

    assert state_within(store, attempt, "graded", seconds=8) == "graded"


@pytest.mark.postgres
def test_several_processes_can_start_at_once_on_a_new_database(postgres_url: str) -> None:
    together = Barrier(6)

    def start(_number: int) -> Jobs:
        together.wait(10)
        return Jobs(Settings(database_url=postgres_url), Store(postgres_url), Exams())

    with ThreadPoolExecutor(6) as processes:
        queues = list(processes.map(start, range(6)))
    for one in queues:
        one.stop()

    assert len(queues) == 6


def test_a_job_that_finds_the_database_failing_comes_again(
    store: Store, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.RETRY", timedelta(seconds=1))
    attempt = ending_in(store, seconds=1)
    jobs.start()
    sleep(0.5)  # the sweep at the start is over
    write, refused = store.write, [TooBusy("full"), TooBusy("still full")]

    def fail_at_first(work: Callable[[Session], Any]) -> Any:
        if work.__qualname__.startswith("grade_all") and refused:
            raise refused.pop()
        return write(work)

    monkeypatch.setattr(store, "write", fail_at_first)
    jobs.close_later(attempt)

    assert state_within(store, attempt, "graded", seconds=10) == "graded"
    assert refused == []


def test_an_extension_moves_the_job(store: Store, jobs: Jobs) -> None:
    attempt = ending_in(store, seconds=1)
    jobs.start()
    jobs.close_later(attempt)
    store.write(lambda db: attempts.extend(db, attempt.public_id, 5, datetime.now(UTC)))
    sleep(2.5)

    assert _state(store, attempt) == "open"


def test_two_sweeps_at_once_do_the_work_once(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, done = Event(), Event(), []

    def slow_sweep(*_arguments: object) -> None:
        done.append(1)
        begun.set()
        assert go_on.wait(10)

    monkeypatch.setattr(deadlines, "sweep", slow_sweep)
    first = Thread(target=jobs.sweep)
    first.start()
    assert begun.wait(10)
    jobs.sweep()
    go_on.set()
    first.join()
    jobs.sweep()

    assert len(done) == 2


def _state(store: Store, attempt: Attempt) -> str:
    with store.read() as db:
        found = queries.attempt(db, attempt.public_id)
    assert found is not None
    return found.state
