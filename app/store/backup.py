"""One file that holds all of a database: taken while the exam runs, and brought back.

The file is an SQLite database, or an archive of pg_dump; each goes back only to where it came from.
"""

import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, inspect, make_url, text

from app.errors import Conflict, NotFound
from app.store import backup_postgres, backup_sqlite

CONTENT = ("users", "exams", "attempts")


def backup(url: str, file: Path) -> int:
    """Write all that is committed now to a new file, synced to the disk; gives its size in bytes."""
    if file.exists():
        raise Conflict(f"{file} exists already; a backup never overwrites one.")
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _kind(url).dump(url, partial)
        put_in_place(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, replace: bool = False) -> str:
    """Check a backup, then make it the database. Gives the step of the tables that it has.

    Refused while Endterm runs, and over a database that has something in it unless `replace` is given.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    kind = _kind(url)
    revision = kind.checked(url, file)
    kind.refuse_running(url)
    if not replace and _has_content(url):
        raise Conflict("The database is not empty. With --replace the backup takes its place.")
    kind.load(url, file)
    return revision


def put_in_place(partial: Path, file: Path) -> None:
    """Give a finished file its name, in a way that survives a power cut."""
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    partial.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _has_content(url: str) -> bool:
    if _is_sqlite(url) and not Path(make_url(url).database or "").exists():
        return False
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return any(_has_rows(connection, table) for table in CONTENT)
    finally:
        engine.dispose()


def _has_rows(connection: Connection, table: str) -> bool:
    if not inspect(connection).has_table(table):
        return False
    return connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first() is not None  # noqa: S608


class _Kind(Protocol):
    """What each database does in its own way."""

    def dump(self, url: str, file: Path) -> None: ...
    def checked(self, url: str, file: Path) -> str: ...
    def refuse_running(self, url: str) -> None: ...
    def load(self, url: str, file: Path) -> None: ...


def _kind(url: str) -> _Kind:
    return backup_sqlite if _is_sqlite(url) else backup_postgres


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"
