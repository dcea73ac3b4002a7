"""Backups of SQLite: a copy page by page of one moment, by the database itself."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from app.errors import Conflict, InvalidInput, NotFound, NotReady
from app.store import migrations, sqlite

AT_ONCE = 2_000  # pages; between two runs the copy could be interrupted
FIRST_BYTES = b"SQLite format 3\x00"


def dump(url: str, file: Path) -> None:
    """Copy the database to a file that holds all of it and needs no log beside it."""
    sqlite.check_library()
    source = _path(url)
    if not source.is_file():
        raise NotFound(f"There is no database {source.absolute()}.")
    copy(source, file)
    _check(file)


def copy(source: Path, target: Path) -> None:
    """One moment of `source`, whoever writes to it meanwhile."""
    with closing(_open(source)) as live, closing(sqlite3.connect(target, isolation_level=None)) as written:
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment
        live.backup(written, pages=AT_ONCE, sleep=0)
        written.execute("PRAGMA journal_mode = DELETE")


def checked(url: str, file: Path) -> str:
    """The step of the tables of a backup that is whole. Raises InvalidInput."""
    with file.open("rb") as opened:
        if opened.read(len(FIRST_BYTES)) != FIRST_BYTES:
            raise InvalidInput(f"{file} is no backup of an SQLite database.", "file")
    return _check(file)


def refuse_running(url: str) -> None:
    """Only who is alone can take a database out of the mode in which several connections write and read it."""
    source = _path(url)
    if not source.exists():
        return
    with closing(sqlite3.connect(source, timeout=1, isolation_level=None)) as alone:
        try:
            (mode,) = alone.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
    if mode != "delete":
        raise Conflict("The database is in use. Stop Endterm, then restore.")


def load(url: str, file: Path) -> None:
    """Put a copy of the file in the place of the database. What was there before is kept beside it."""
    target = _path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.restoring")
    partial.unlink(missing_ok=True)
    copy(file, partial)
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    if target.exists():
        os.link(target, target.with_name(f"{target.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"))
    partial.replace(target)


def _check(file: Path) -> str:
    try:
        with closing(_open(file)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{file} cannot be read: {error}.", "file") from error
    if found != "ok":
        raise InvalidInput(f"{file} is damaged: {' '.join(found.split())}", "file")
    if len(rows) != 1 or rows[0][0] not in migrations.revisions():
        raise NotReady(f"{file} was made by another release of Endterm than this one.")
    return str(rows[0][0])


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=10, isolation_level=None
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")
