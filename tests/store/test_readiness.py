"""Ready is who can read, write and has the tables of this release; who is not says why."""

import shutil
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.errors import TooBusy
from app.store import readiness
from app.store.database import Store
from app.store.readiness import Readiness


class Usage(NamedTuple):
    free: int


@pytest.fixture
def ready(store: Store) -> Iterator[Readiness]:
    one = Readiness(store)
    yield one
    one.close()


def test_all_is_well(ready: Readiness) -> None:
    assert ready.reasons() == []


def test_tables_of_another_release(ready: Readiness, store: Store) -> None:
    store.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = 'old'")))

    assert ready.reasons() == ["The database is not up to date: run `endterm migrate`."]


def test_a_writer_that_has_stopped(ready: Readiness, store: Store) -> None:
    store.writer.stop()

    assert ready.reasons() == ["The writer has stopped."]


def test_a_failed_commit_is_forgotten_when_writing_works_again(ready: Readiness, store: Store) -> None:
    def fail(_db: Session) -> None:
        raise OperationalError("COMMIT", {}, OSError())

    with pytest.raises(TooBusy):
        store.write(fail)

    assert store.writer.failing
    assert ready.reasons() == []
    assert not store.writer.failing


def test_a_database_that_hangs_is_told_in_time(
    ready: Readiness, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "WAIT", 0.2)
    monkeypatch.setattr(store, "read", lambda: time.sleep(1))
    begun = time.monotonic()

    assert ready.reasons() == ["The database has not answered within 0.2 seconds."]
    assert ready.reasons() == ["The database has not answered within 0.2 seconds."]
    assert time.monotonic() - begun < 0.9


def test_a_full_disk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(sqlite_url)
    store.open()
    one = Readiness(store)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(free=1_000_000))

    assert one.reasons() == ["The disk is nearly full."]
    one.close()
    store.close()
