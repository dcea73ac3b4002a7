"""The store of this process: reading connections, the one writer, and the saved answers of open attempts."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import disk_usage
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from app.metrics import Metrics
from app.store import sqlite
from app.store.journal import Journal
from app.store.saved import SavedAnswers
from app.store.sittings import OpenSitting, open_sitting
from app.store.upsert import Upsert
from app.store.writer import Writer

T = TypeVar("T")

READERS = 8

log = logging.getLogger(__name__)

# Pages of 4 KiB in SQLite's log: when there is time, and whether or not there is.
TIDY_AFTER = 1_000
TIDY_AT_LATEST = 16_000
LOOK_EVERY = 64  # groups
IN_USE = 64
"""Pages in the log of a process that stores more than its start: from then on the log's file is kept long."""
ROOM = 256 * 1024 * 1024
"""Bytes that a disk must have free for that."""


class Store:
    """Open it once per process. Reads and writes are apart: only the writer's connection changes things."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.file = Path(make_url(url).database or "") if self.is_sqlite else None
        self._readers = _reading_engine(url, self.is_sqlite)
        self._engine = _writing_engine(url, self.is_sqlite)
        self.saved: SavedAnswers = Journal(self._readers) if self.is_sqlite else Upsert(self._readers)
        self.metrics = Metrics()
        self.writer = Writer(self._engine, self, self.metrics)
        self._groups = 0
        self._is_long = False  # the file of SQLite's log

    def open(self) -> None:
        """Start the writer; the first write finds out whether the database can be used."""
        if self.is_sqlite:
            sqlite.check_library()
        self.writer.start()
        self.write(lambda db: db.execute(text("SELECT 1")))

    def close(self) -> None:
        """Commit what waits; the writer is the last to leave, so that SQLite's log is emptied."""
        self.writer.stop()
        self._readers.dispose()
        if self.is_sqlite and self._groups:
            self._checkpoint("TRUNCATE")
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and cannot write."""
        with Session(self._readers, expire_on_commit=False) as db:
            yield db

    def open_sitting(self, public_id: str, token_hash: bytes, now: datetime) -> OpenSitting | None:
        """An attempt, if it is open and the user of this session sits it."""
        return open_sitting(self._readers, public_id, token_hash, now)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction, wait until it is committed, and give back its result."""
        return self.writer.run(work)

    def version(self, connection: Connection) -> tuple[int, int] | None:
        """Something that changes whenever anything but saves may have changed; None if that cannot be known.

        On SQLite all changes of this process are calls of the writer, and the pragma counts those of others.
        """
        if not self.is_sqlite:
            return None
        (others,) = sqlite.driver(connection).execute("PRAGMA data_version").fetchone()
        return self.writer.calls, others

    def committed(self) -> None:
        self._groups += 1
        self.saved.committed()

    def rolled_back(self) -> None:
        self.saved.rolled_back()

    def after_group(self, idle: bool) -> None:
        """Move SQLite's log into its file: when nobody waits, or when it has grown too long."""
        if self.is_sqlite and (idle or self._groups % LOOK_EVERY == 0):
            try:
                ahead = self._checkpoint("NOOP")
                if ahead >= IN_USE and not self._is_long:
                    self._lengthen_log()
                elif ahead >= (TIDY_AFTER if idle else TIDY_AT_LATEST):
                    self._checkpoint("PASSIVE")
            except Exception:  # the log stays; the next group tries again
                log.exception("SQLite's log could not be moved into its file")

    def _lengthen_log(self) -> None:
        """Once, and before the log begins anew: then it is written over until it is moved into the file again."""
        self._is_long = True
        if self.file and disk_usage(self.file.parent).free >= ROOM:
            with self._engine.connect() as connection:
                sqlite.lengthen_log(connection, TIDY_AFTER)
            self._checkpoint("PASSIVE")

    def _checkpoint(self, mode: str) -> int:
        """The pages that the log is ahead of the file."""
        with self._engine.connect() as connection:
            _, in_log, moved = sqlite.driver(connection).execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return int(in_log - moved)


# Parameters stay hidden because they hold answers, and errors are written to the log.


def _writing_engine(url: str, is_sqlite: bool) -> Engine:
    engine = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    if is_sqlite:
        sqlite.prepare_writer(engine)
    return engine


def _reading_engine(url: str, is_sqlite: bool) -> Engine:
    engine = create_engine(url, pool_size=READERS, max_overflow=READERS, hide_parameters=True)
    if is_sqlite:
        sqlite.prepare_reader(engine)
    return engine
