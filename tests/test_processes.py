"""Several processes on PostgreSQL: web processes on one port, the jobs beside them; on SQLite one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.services.attempts import GRACE
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt
from tests import factories
from tests.browser.conftest import free_port
from tests.test_cli import ROOT, endterm

LONGEST = 60  # seconds for what takes three on a machine that is not busy


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LONGEST
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@contextmanager
def running(*words: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command until the test is over; SIGTERM ends it, well-behaved."""
    code = "from app.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        process.wait()


def overdue(store: Store) -> Attempt:
    """An attempt whose time has been over for an hour, and nobody has closed it."""
    begun = datetime.now(UTC) - timedelta(minutes=150) - GRACE
    return factories.started(store, factories.user(store), begun)


def is_graded(store: Store, attempt: Attempt) -> bool:
    with store.read() as db:
        found = queries.attempt(db, attempt.public_id)
    return found is not None and found.state == "graded"


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def number(url: str, series: str) -> float:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(series))


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    opened = Store(postgres_url)
    opened.open()
    factories.published(opened)
    yield opened
    opened.close()


@pytest.mark.postgres
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_web_processes_share_a_port_and_their_numbers_and_the_jobs_run_beside_them(
    store: Store, postgres_url: str, tmp_path: Path
) -> None:
    first, port = overdue(store), free_port()
    url = f"http://127.0.0.1:{port}"
    where = {
        "ENDTERM_DATABASE_URL": postgres_url,
        "ENDTERM_DIRECTORY": str(tmp_path),
        "ENDTERM_PORT": str(port),
    }
    with running("serve", "--workers", "2", **where) as server:
        until(lambda: answers(url), "the web processes do not answer")
        until(lambda: is_graded(store, first), "the jobs do not run")
        asked = {_process_that_answers(url) for _ in range(40)}
        until(lambda: number(url, "endterm_grading_seconds_count") >= 1, "the jobs' numbers are missing")
        until(lambda: number(url, 'endterm_requests_total{method="GET",route="/sign-in"') >= 40, "not summed")
        jobs = next(one for one in children(server.pid) if one not in asked and _is_python(one))
        os.kill(jobs, signal.SIGKILL)
        second = overdue(store)
        until(lambda: is_graded(store, second), "the jobs were not begun again")
        family = [server.pid, *children(server.pid)]

    assert len(asked) == 2
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "a process was left behind")


def _process_that_answers(url: str) -> int:
    """One new connection to the sign-in page, and one to the numbers of whichever process takes it."""
    httpx.get(f"{url}/sign-in")
    line = next(
        one for one in httpx.get(f"{url}/metrics").text.splitlines() if one.startswith("endterm_process{")
    )
    return int(line.split('"')[1])


def _is_python(pid: int) -> bool:
    """The tracker of multiprocessing's resources is a child too."""
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.postgres
def test_a_worker_closes_what_is_due_without_any_web_process(
    store: Store, postgres_url: str, tmp_path: Path
) -> None:
    attempt = overdue(store)
    with running("worker", ENDTERM_DATABASE_URL=postgres_url, ENDTERM_DIRECTORY=str(tmp_path)):
        until(lambda: is_graded(store, attempt), "the worker does nothing")


@pytest.mark.parametrize("words", [["serve", "--workers", "2"], ["worker"]])
def test_on_sqlite_there_is_one_process(sqlite_url: str, tmp_path: Path, words: list[str]) -> None:
    done = endterm(*words, ENDTERM_DATABASE_URL=sqlite_url, ENDTERM_DIRECTORY=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.startswith("On SQLite one process does everything")


def test_a_second_server_on_one_sqlite_database_is_refused_and_other_commands_are_not(
    sqlite_url: str, tmp_path: Path
) -> None:
    ports = free_port(), free_port()
    first, second = (
        {"ENDTERM_DATABASE_URL": sqlite_url, "ENDTERM_DIRECTORY": str(tmp_path), "ENDTERM_PORT": str(port)}
        for port in ports
    )
    with running("serve", **first) as server:
        until(lambda: answers(f"http://127.0.0.1:{ports[0]}"), "the server does not answer")

        refused = endterm("serve", **second)
        made = endterm(
            "user", "add", "ada@example.org", "--role", "ta", "--password", "a few words in a row", **first
        )
        saved = endterm("backup", str(tmp_path / "saved"), **first)

        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith(f"Another process ({server.pid}) serves ")
        assert (made.returncode, saved.returncode) == (0, 0)
        server.kill()
        server.wait()
        with running("serve", **second):
            until(lambda: answers(f"http://127.0.0.1:{ports[1]}"), "the lock outlived its process")
        server.returncode = 0


def test_a_used_port_is_told_before_anything_else(sqlite_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = endterm(
            "serve", ENDTERM_DATABASE_URL=sqlite_url, ENDTERM_DIRECTORY=str(tmp_path), ENDTERM_PORT=port
        )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Endterm cannot serve at http://127.0.0.1:{port}: address already in use. "
        "Choose another one with ENDTERM_HOST and ENDTERM_PORT.\n"
    )
