"""What is wrong is found, with what to do about it; secrets are not shown."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text

from app import doctor
from app.doctor import Finding, examine, is_well
from app.services import demo
from app.services.attempts import GRACE
from app.services.passwords import Passwords
from app.services.saves import Saves
from app.settings import Settings
from app.store.database import Store
from tests import factories
from tests.test_cli import endterm


class Usage(NamedTuple):
    free: int


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, directory=tmp_path)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of mapped files; the one of this process has whatever the tests need."""
    file = tmp_path / "maps"
    file.write_text("7f00-7f01 r-xp 0 08:01 1 /site-packages/pysqlite3/_sqlite3.so\n")
    monkeypatch.setattr(doctor, "MAPS", file)
    return file


def found(settings: Settings, name: str) -> Finding:
    """The finding of this name; the worst, if there are several."""
    states = ("ok", "note", "wrong")
    return max(
        (one for one in examine(settings) if one.name == name), key=lambda one: states.index(one.state)
    )


def test_a_sound_installation_is_well(settings: Settings, store: Store) -> None:
    factories.published(store)
    findings = list(examine(settings))

    assert is_well(findings), findings
    assert {one.name for one in findings} >= {
        "versions",
        "settings",
        "disk",
        "tables",
        "clock",
        "exams",
        "jobs",
    }
    assert found(settings, "exams").text == "1 published: A small exam"


def test_what_is_wrong_has_an_advice(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(free=1_000_000))
    store.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = 'newer'")))

    findings = list(examine(settings))

    assert not is_well(findings)
    assert {one.name for one in findings if one.state == "wrong"} == {"disk", "tables"}
    assert all(one.advice for one in findings if one.state != "ok")


def test_a_clock_that_was_set_back_is_found(settings: Settings, store: Store) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    factories.published(store)
    student = factories.user(store)
    attempt = factories.started(store, student, later)
    save = factories.save(attempt, factories.token(store, student, later), at=later)
    store.writer.run_all(Saves(store), [save])

    clock = found(settings, "clock")
    assert clock.state == "wrong"
    assert "is 3600 s ahead of this clock" in clock.text or "is 3599 s" in clock.text


def test_two_clocks_that_differ_are_found(store: Store) -> None:
    with store.read() as db:
        (one,) = doctor._clock(db, datetime.now(UTC), lambda: datetime.now(UTC) - timedelta(seconds=90))

    assert (one.state, "differs by +90" in one.text) == ("wrong", True)


def test_demo_accounts_and_a_missing_administrator_are_told(settings: Settings, store: Store) -> None:
    assert "no administrator" in found(settings, "accounts").text
    passwords = Passwords()
    demo.add_demo_accounts(store, passwords, datetime.now(UTC))
    passwords.close()

    assert "4 demo accounts" in next(one.text for one in examine(settings) if one.name == "accounts")


def test_an_exam_that_this_release_cannot_read_is_wrong(settings: Settings, store: Store) -> None:
    factories.published(store)
    store.write(lambda db: db.execute(text("UPDATE exam_versions SET text = 'format: 99'")))

    assert found(settings, "exams").state == "wrong"


def test_jobs_that_do_not_run_are_noticed(settings: Settings, store: Store) -> None:
    factories.published(store)
    factories.started(store, factories.user(store), datetime.now(UTC) - timedelta(minutes=100) - GRACE)

    jobs = found(settings, "jobs")
    assert (jobs.state, jobs.text.startswith("1 attempts are over")) == ("note", True)


def test_two_sqlite_builds_in_one_process_are_wrong(maps: Path) -> None:
    maps.write_text(
        "7f00-7f01 r-xp 0 08:01 1 /lib/libsqlite3.so.0\n7f02-7f03 r-xp 0 08:01 2 /x/_sqlite3.so\n"
    )

    (one,) = doctor._builds()
    assert (one.state, one.text.startswith("2 builds")) == ("wrong", True)


def test_an_sqlite_that_loses_rows_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    assert next(doctor._builds()).state == "wrong"


def test_the_command_hides_secrets_and_ends_with_one(tmp_path: Path) -> None:
    gone = "postgresql+psycopg://endterm:secret-word@127.0.0.1:9/none"
    done = endterm(
        "doctor",
        ENDTERM_DATABASE_URL=gone,
        ENDTERM_DIRECTORY=str(tmp_path),
        ENDTERM_METRICS_TOKEN="another-secret-word",
    )

    assert done.returncode == 1
    assert "secret-word" not in done.stdout + done.stderr
    assert "wrong  database    does not answer" in done.stdout
    assert done.stderr == ""
