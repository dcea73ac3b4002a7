"""SQLite as we need it: one sound build in the process, durable commits, a log that stays small."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.errors import NotReady
from app.store import database, sqlite
from app.store.database import Store
from tests.store.test_writer import add_exam

BUILDS_IN_PROCESS = """
import sys
from pathlib import Path
from app.jobs import Jobs
from app.services.library import Exams
from app.settings import Settings
from app.store.database import Store
store = Store(sys.argv[1])
store.open()
jobs = Jobs(Settings(database_url=sys.argv[1]), store, Exams())
jobs.start()
lines = Path("/proc/self/maps").read_text().splitlines()
print(*sorted({line.split()[-1] for line in lines if "sqlite" in line and ".so" in line}), sep="\\n")
jobs.stop()
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_writer_readers_and_jobs_use_one_sqlite_build(sqlite_url: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", BUILDS_IN_PROCESS, sqlite_url]
    builds = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    assert len(builds) == 1, builds
    assert "pysqlite3" in builds[0]


def test_the_build_is_one_that_keeps_committed_rows() -> None:
    assert sqlite3.sqlite_version_info >= sqlite.OLDEST


def test_a_build_that_may_lose_rows_stops_the_start(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    with pytest.raises(NotReady, match="can lose saved answers"):
        Store(sqlite_url).open()


def test_commits_are_synced_and_the_file_is_in_wal_mode(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.open()

    mode = store.write(lambda db: db.scalar(text("PRAGMA journal_mode")))
    level = store.write(lambda db: db.scalar(text("PRAGMA synchronous")))

    assert (mode, level) == ("wal", 2)  # 2 is FULL
    store.close()


def test_the_log_is_moved_into_the_file_when_there_is_time(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TIDY_AFTER", 10)
    store = Store(sqlite_url)
    store.open()

    for number in range(100):
        store.write(lambda db, n=number: add_exam(db, f"exam-{n}"))  # type: ignore[misc]

    assert _log(sqlite_url).stat().st_size < 60 * 4096
    store.close()


def test_the_log_is_emptied_at_the_end(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.open()
    store.write(lambda db: add_exam(db, "one"))
    store.close()

    assert not _log(sqlite_url).exists()


def _log(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///") + "-wal")
