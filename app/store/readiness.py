"""Whether this process can take requests: asked every few seconds by what stands before it."""

import logging
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

from sqlalchemy import text

from app.errors import AppError
from app.store import migrations
from app.store.database import Store

WAIT = 2.0  # seconds for the database
LONGEST_GROUP = 5.0  # seconds
LEAST_SPACE = 64 * 1024 * 1024  # bytes on the disk of SQLite's file

log = logging.getLogger(__name__)


class Readiness:
    """Looks in a thread of its own, so that a database that hangs holds up nobody."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self._looking: Future[list[str]] | None = None

    def reasons(self) -> list[str]:
        """What is wrong, a sentence each; empty if all is well. Comes back within WAIT."""
        if self._looking is None or self._looking.done():
            self._looking = self._thread.submit(_look, self._store)
        try:
            return self._looking.result(WAIT)
        except TooLate:
            return [f"The database has not answered within {WAIT:g} seconds."]

    def close(self) -> None:
        self._thread.shutdown(wait=False)


def _look(store: Store) -> list[str]:
    try:
        return [*_of_database(store), *_of_writer(store), *_of_disk(store)]
    except Exception as error:
        log.warning("the database does not answer", exc_info=error)
        return ["The database does not answer."]


def _of_database(store: Store) -> Iterator[str]:
    with store.read() as db:
        db.execute(text("SELECT 1"))
        if migrations.revision(db.connection()) != migrations.head():
            yield "The database is not up to date: run `endterm migrate`."


def _of_writer(store: Store) -> Iterator[str]:
    if not store.writer.is_alive:
        yield "The writer has stopped."
    elif store.writer.lag > LONGEST_GROUP:
        yield "The writer has been busy with one group for too long."
    elif store.writer.failing and not _can_write(store):
        yield "The last change could not be stored."


def _can_write(store: Store) -> bool:
    """Only asked after a failure; success is noted by the writer itself."""
    try:
        store.write(lambda db: db.execute(text("SELECT 1")))
    except AppError:
        return False
    return True


def _of_disk(store: Store) -> Iterator[str]:
    if store.file and shutil.disk_usage(store.file.parent).free < LEAST_SPACE:
        yield "The disk is nearly full."
