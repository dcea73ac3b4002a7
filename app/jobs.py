"""What runs later: closing each attempt at its deadline, and a sweep every minute that misses nothing.

A job is only a reminder. It looks at the database for what is due, so it may come twice, late or not at all:
the sweep finds what is left over. On SQLite the jobs have a file of their own, beside the exams' one.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.errors import TooBusy
from app.services import deadlines
from app.services.attempts import GRACE
from app.services.library import Exams
from app.settings import Settings
from app.store.database import Store
from app.store.models import Attempt

WORKERS = 2
RETRY = timedelta(seconds=5)
DATABASE_AWAY = (TooBusy, OperationalError)

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Jobs:
    """The queue, for everyone; and in the process that runs the jobs, the threads that do."""

    def __init__(
        self, settings: Settings, store: Store, exams: Exams, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._exams = exams
        self._now = now
        self._queue = _queue(settings)
        self._close = self._queue.task(name="close")(self._close_one)
        self._sweep = self._queue.task(name="sweep")(self.sweep)
        self._queue.periodic_task(crontab(), name="sweep-each-minute")(self.sweep)
        self._queue.on_shutdown(name="disconnect")(self._disconnect)  # in each thread that ran jobs
        self._leaving = Lock()
        self._sweeping = Lock()
        self._consumer: Consumer | None = None

    def start(self) -> None:
        """Run jobs in threads of this process, beginning with a sweep."""
        self._sweep()
        self._consumer = _QuietConsumer(self._queue, workers=WORKERS, initial_delay=0.05, max_delay=0.5)
        self._consumer.start()

    def stop(self) -> None:
        """Let running jobs end."""
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
        self._disconnect()

    def _disconnect(self) -> None:
        with self._leaving:  # threads share a connection, and closing it twice at once fails
            self._queue.storage.close()

    def close_later(self, attempt: Attempt) -> None:
        """Remind of an attempt's deadline. An extension needs no second one: the job comes again."""
        self._remind(attempt.id, attempt.deadline + GRACE)

    def sweep(self) -> None:
        """One at a time in this process: two that begin together would mark everything twice."""
        if self._sweeping.acquire(blocking=False):
            try:
                deadlines.sweep(self._store, self._exams, self._now())
            finally:
                self._sweeping.release()

    def _close_one(self, attempt_id: int) -> None:
        try:
            again = deadlines.close_if_due(self._store, self._exams, attempt_id, self._now())
        except DATABASE_AWAY:
            again = self._now() + RETRY
        if again is not None:
            self._remind(attempt_id, again)

    def _remind(self, attempt_id: int, at: datetime) -> None:
        try:
            self._close.schedule((attempt_id,), eta=at)
        except Exception:
            log.exception("no reminder for attempt %s; the sweep will find it", attempt_id)


class _QuietConsumer(Consumer):  # type: ignore[misc]
    """Signals belong to the web server."""

    def _set_signal_handlers(self) -> None:
        pass


class _JsonMessages(Serializer):  # type: ignore[misc]
    """Messages as JSON. The library's own pickle would run whatever stands in the queue's table."""

    def _serialize(self, message: Message) -> bytes:
        eta = message.eta and message.eta.isoformat()
        return json.dumps([message.id, message.name, eta, message.args]).encode()

    def _deserialize(self, stored: bytes) -> Message:
        id_, name, eta, arguments = json.loads(bytes(stored))
        at = eta and datetime.fromisoformat(eta)
        return Message(id=id_, name=name, eta=at, args=arguments, kwargs={})


def _queue(settings: Settings) -> Huey:
    url = make_url(settings.database)
    options = {"name": "endterm", "results": False, "utc": True, "serializer": _JsonMessages()}
    if url.get_backend_name() == "sqlite":
        return SqliteHuey(filename=f"{url.database}.jobs", **options)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return _on_postgres(dsn, options)


def _on_postgres(dsn: str, options: dict[str, Any]) -> Huey:
    """The queue makes its tables where they are missing. Of several processes that start at once, on one machine
    or several, one makes them; the others are refused, and find them then."""
    from psycopg import IntegrityError, ProgrammingError

    try:
        return PostgresHuey(dsn=dsn, **options)
    except (IntegrityError, ProgrammingError):
        return PostgresHuey(dsn=dsn, **options)
