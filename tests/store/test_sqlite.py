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


def test_the_log_in_use_gets_a_long_file_that_is_written_over(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.open()
    sizes = [_log_after(store, sqlite_url, f"first-{n}") for n in range(database.IN_USE)]

    later = {_log_after(store, sqlite_url, f"later-{n}") for n in range(100)}

    assert sizes[0] < 20 * sqlite.PAGE
    assert later == {sizes[-1]}
    assert sizes[-1] > database.TIDY_AFTER * sqlite.PAGE
    assert len(store.write(lambda db: db.execute(text("SELECT id FROM exams")).all())) == len(sizes) + 100
    assert store.write(lambda db: db.scalar(text("PRAGMA integrity_check"))) == "ok"
    store.close()


def test_the_log_stays_short_where_the_disk_has_little_room(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "ROOM", 1 << 62)
    store = Store(sqlite_url)
    store.open()

    sizes = [_log_after(store, sqlite_url, f"exam-{n}") for n in range(database.IN_USE)]

    assert sizes[-1] < database.TIDY_AFTER * sqlite.PAGE
    store.close()


def _log_after(store: Store, url: str, slug: str) -> int:
    """Bytes of the log's file when one more exam is stored and the writer has time for the log."""
    store.write(lambda db: add_exam(db, slug))
    store.write(lambda db: db.execute(text("SELECT 1")))
    return _log(url).stat().st_size


def test_the_log_is_emptied_at_the_end(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.open()
    store.write(lambda db: add_exam(db, "one"))
    store.close()

    assert not _log(sqlite_url).exists()


def _log(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///") + "-wal")
