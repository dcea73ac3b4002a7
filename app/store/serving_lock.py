"""One process at a time serves an SQLite database; other commands may work beside it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from app.errors import NotReady

if sys.platform != "win32":
    import fcntl


@contextmanager
def served_by_one(url: str) -> Iterator[None]:
    """Hold the right to serve a database of SQLite. Raises NotReady where another process holds it.

    The system takes the lock from a process that ends, however it ends; the file may stay. Any number of
    processes may serve PostgreSQL.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        yield
        return
    file = Path(f"{address.database}.serving")
    with _opened(file) as held:
        _lock(held, file)
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield


def _opened(file: Path) -> IO[str]:
    try:
        return file.open("a+", encoding="utf-8")
    except OSError as error:
        raise NotReady(f"{file} cannot be written: {error.strerror}.") from error


def _lock(held: IO[str], file: Path) -> None:
    if sys.platform == "win32":  # has no such lock
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        process = held.read().strip() or "unknown"
        raise NotReady(
            f"Another process ({process}) serves {file.with_suffix('').absolute()} already. On SQLite one process "
            "does everything: stop it first, or use PostgreSQL (ENDTERM_DATABASE_URL)."
        ) from None
