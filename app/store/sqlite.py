"""SQLite: which build this process uses, and how each connection is set up."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, event

from app.errors import NotReady

# Releases from 3.7.0 to 3.51.2 can lose committed rows of a file in WAL mode with several connections.
OLDEST = (3, 51, 3)
PAGE = 4096  # bytes


def check_library() -> None:
    """Stop the start rather than run on a release that can lose rows."""
    if sqlite3.sqlite_version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise NotReady(
            f"SQLite {sqlite3.sqlite_version} can lose saved answers; Endterm needs {oldest} or newer. "
            "Install the package pysqlite3, or use PostgreSQL (ENDTERM_DATABASE_URL)."
        )


def prepare_writer(engine: Engine) -> None:
    """The one connection that writes: durable at each commit, checkpoints only when it is told to."""
    _on_connect(
        engine, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 0"
    )
    _on_begin(engine, "BEGIN IMMEDIATE")


def prepare_reader(engine: Engine) -> None:
    """Connections that only read: a snapshot each, and no way to write by mistake."""
    _on_connect(engine, "query_only = ON", "wal_autocheckpoint = 0")
    _on_begin(engine, "BEGIN")


def _on_connect(engine: Engine, *pragmas: str) -> None:
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below counts, not the driver's own
        for pragma in ("busy_timeout = 10000", "cache_size = -32000", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connect)


def _on_begin(engine: Engine, statement: str) -> None:
    event.listen(engine, "begin", lambda connection: driver(connection).execute(statement))


def lengthen_log(connection: Connection, pages: int) -> None:
    """Let the log's file grow by so many pages, for transactions to come; nothing is stored.

    A transaction that is larger than the cache is written into the log before its end, and undone here. What is
    written over such pages later is synced in a tenth of the time of what is appended, since the file system need
    not note down that the file has grown.
    """
    run = driver(connection).execute
    (before,) = run("PRAGMA cache_size").fetchone()
    run("BEGIN IMMEDIATE")
    try:
        run("PRAGMA cache_size = 10")
        run("CREATE TABLE padding (zeros BLOB)")
        run("INSERT INTO padding VALUES (zeroblob(?))", [pages * PAGE])
    finally:
        run("ROLLBACK")
        run(f"PRAGMA cache_size = {before}")


@contextmanager
def quick(readers: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection of a reader, for the few questions of every page. Each statement sees a
    moment of its own. Errors are sqlite3's own."""
    connection = readers.raw_connection()
    try:
        yield cast(sqlite3.Connection, connection.driver_connection)
    finally:
        connection.close()


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for the few statements of every group of writes: five times as fast.

    Errors are sqlite3's own then.
    """
    found = connection.connection.driver_connection
    if found is None:
        raise NotReady("The connection to the database is gone.")
    return cast(sqlite3.Connection, found)
