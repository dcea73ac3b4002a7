"""The one writer: results after the commit, groups, and what an error takes with it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from time import sleep

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.errors import NotFound, TooBusy
from app.store.database import Store
from app.store.models import Exam
from app.store.writer import BUSY, Batch


def add_exam(db: Session, slug: str) -> int:
    row = Exam(slug=slug)
    db.add(row)
    db.flush()
    return row.id


def slugs(store: Store) -> list[str]:
    with store.read() as db:
        return list(db.execute(text("SELECT slug FROM exams ORDER BY id")).scalars())


def test_a_write_is_there_for_everyone_when_it_returns(store: Store) -> None:
    store.write(lambda db: add_exam(db, "one"))

    assert slugs(store) == ["one"]


def test_a_write_gives_back_its_result(store: Store) -> None:
    first = store.write(lambda db: add_exam(db, "one"))

    assert store.write(lambda db: add_exam(db, "two")) == first + 1


def test_an_error_undoes_its_own_write_and_reaches_the_one_who_asked(store: Store) -> None:
    def add_and_fail(db: Session) -> None:
        add_exam(db, "never")
        raise NotFound("no such thing")

    with pytest.raises(NotFound, match="no such thing"):
        store.write(add_and_fail)

    assert slugs(store) == []


def test_an_error_leaves_the_others_of_its_group_alone(store: Store) -> None:
    with ThreadPoolExecutor(8) as people:
        gate = _hold_the_writer(store, people)
        waiting = [people.submit(store.write, lambda db: add_exam(db, "same")) for _ in range(3)]
        waiting.append(people.submit(store.write, lambda db: add_exam(db, "other")))
        _until_waiting(store, 4)
        gate.set()
        faults = [one.exception() for one in waiting]

    assert [type(fault) for fault in faults if fault] == [IntegrityError, IntegrityError]
    assert sorted(slugs(store)) == ["other", "same"]


def test_many_threads_write_at_once_and_nothing_is_missing(store: Store) -> None:
    with ThreadPoolExecutor(16) as people:
        list(people.map(lambda n: store.write(partial(add_exam, slug=f"exam-{n}")), range(200)))

    assert len(slugs(store)) == 200


def test_entries_that_wait_together_are_one_batch_in_their_order(store: Store) -> None:
    sizes: list[int] = []

    def double(_connection: Connection, entries: list[int]) -> Sequence[int]:
        sizes.append(len(entries))
        return [2 * one for one in entries]

    results = _sent_together(store, double, 50)

    assert results == [2 * n for n in range(50)]
    assert sizes == [50]


class _Halves:
    """Does even numbers at once, odd ones in the usual way."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, list[int], bool]] = []

    def at_once(self, connection: Connection, entries: list[int]) -> list[int | None]:
        self.seen.append(("at once", entries, _commits_itself(connection)))
        return [None if one % 2 else one for one in entries]

    def __call__(self, connection: Connection, entries: list[int]) -> list[int]:
        self.seen.append(("usual", entries, _commits_itself(connection)))
        return [10 * one for one in entries]


def test_a_batch_can_do_part_of_a_group_at_once(store: Store) -> None:
    halves = _Halves()

    results = _sent_together(store, halves, 4)

    assert results == [0, 10, 2, 30]
    assert halves.seen == [("at once", [0, 1, 2, 3], True), ("usual", [1, 3], False)]


class _Slow(_Halves):
    """Does its first group when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = Event(), Event()

    def at_once(self, connection: Connection, entries: list[int]) -> list[int | None]:
        self.begun.set()
        assert self.go.wait(10)
        return super().at_once(connection, entries)


@pytest.mark.parametrize(("crowd", "groups"), [(BUSY, [BUSY, 3]), (BUSY - 1, [BUSY - 1, 2, 1])])
def test_some_who_wait_after_a_large_group_wait_for_company(
    store: Store, monkeypatch: pytest.MonkeyPatch, crowd: int, groups: list[int]
) -> None:
    monkeypatch.setattr("app.store.writer.GATHER", 5)
    monkeypatch.setattr("app.store.writer.STEP", 0.3)
    slow = _Slow()

    async def send_three() -> None:
        assert await asyncio.to_thread(slow.begun.wait, 5)
        waiting = [store.writer.add(slow, 0), store.writer.add(slow, 2)]
        slow.go.set()
        await asyncio.sleep(0.15)
        await asyncio.gather(*waiting, store.writer.add(slow, 4))

    with ThreadPoolExecutor(1) as people:
        crowded = people.submit(_sent_together, store, slow, crowd)
        asyncio.run(send_three())
        crowded.result()

    assert [len(entries) for how, entries, _ in slow.seen if how == "at once"] == groups


def _commits_itself(connection: Connection) -> bool:
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def test_an_error_of_what_is_done_at_once_reaches_everyone_and_the_next_group_works(store: Store) -> None:
    def usual(_connection: Connection, entries: list[int]) -> list[int]:
        return entries

    def refuse(_connection: Connection, _entries: list[int]) -> list[int | None]:
        raise OperationalError("INSERT", {}, Exception("gone"))

    usual.at_once = refuse  # type: ignore[attr-defined]

    with pytest.raises(TooBusy):
        store.writer.run_all(usual, [1])
    assert store.writer.failing
    assert store.write(lambda db: add_exam(db, "next")) > 0


def test_a_batch_that_fails_tells_every_entry(store: Store) -> None:
    def fail(_connection: Connection, _entries: list[int]) -> Sequence[int]:
        raise ValueError("broken")

    async def send_all() -> list[object]:
        return await asyncio.gather(*(store.writer.add(fail, n) for n in range(3)), return_exceptions=True)

    assert [str(one) for one in asyncio.run(send_all())] == ["broken"] * 3


def test_a_broken_database_fails_the_whole_group_and_the_next_one_works(store: Store) -> None:
    def break_it(db: Session) -> None:
        add_exam(db, "never")
        db.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises((TooBusy, ProgrammingError)):
        store.write(break_it)

    store.write(lambda db: add_exam(db, "next"))
    assert slugs(store) == ["next"]


def test_one_entry_that_the_database_refuses_does_not_spoil_the_others(store: Store) -> None:
    def add_all(connection: Connection, entries: list[str]) -> Sequence[str]:
        for slug in entries:
            connection.execute(text("INSERT INTO exams (slug) VALUES (:slug)"), {"slug": slug})
        return entries

    async def send_all() -> list[object]:
        waiting = [store.writer.add(add_all, slug) for slug in ("one", "taken", "two")]
        gate.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    store.write(lambda db: add_exam(db, "taken"))
    with ThreadPoolExecutor(1) as people:
        gate = _hold_the_writer(store, people)
        replies = asyncio.run(send_all())

    assert [replies[0], type(replies[1]), replies[2]] == ["one", TooBusy, "two"]
    assert slugs(store) == ["taken", "one", "two"]


def test_a_database_that_keeps_failing_is_told_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def break_it(_connection: Connection, _entries: list[int]) -> Sequence[int]:
        raise OperationalError("INSERT", None, Exception("disk full"))

    for _ in range(5):
        with pytest.raises(TooBusy):
            store.writer.run_all(break_it, [1])

    assert [one.message for one in caplog.records] == ["a group of writes could not be stored"]


def test_what_waits_is_committed_before_the_writer_stops(store: Store) -> None:
    with ThreadPoolExecutor(8) as people:
        gate = _hold_the_writer(store, people)
        waiting = [people.submit(store.write, partial(add_exam, slug=f"exam-{n}")) for n in range(5)]
        _until_waiting(store, 5)
        gate.set()
        store.writer.stop()
        for one in waiting:
            one.result(timeout=5)

    assert len(slugs(store)) == 5


def test_a_stopped_writer_takes_nothing(store: Store) -> None:
    store.writer.stop()

    with pytest.raises(TooBusy):
        store.write(lambda db: add_exam(db, "late"))


def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_itself(store: Store) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        store.write(lambda _db: store.write(lambda db: add_exam(db, "inner")))


def test_a_reading_session_cannot_write(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.open()

    with store.read() as db, pytest.raises(Exception, match="readonly"):
        add_exam(db, "never")
    store.close()


def _sent_together(store: Store, batch: Batch, entries: int) -> list[int]:
    """The results of 0, 1, 2 … when all of them waited for the writer together."""

    async def send_all() -> list[int]:
        waiting = [store.writer.add(batch, n) for n in range(entries)]
        gate.set()
        return await asyncio.gather(*waiting)

    with ThreadPoolExecutor(1) as people:
        gate = _hold_the_writer(store, people)
        return asyncio.run(send_all())


def _hold_the_writer(store: Store, people: ThreadPoolExecutor) -> Event:
    """Keep the writer busy until the event is set, so that the writes behind it become one group."""
    gate, busy = Event(), Event()

    def wait(_db: Session) -> None:
        busy.set()
        gate.wait(10)

    people.submit(store.write, wait)
    assert busy.wait(5)
    return gate


def _until_waiting(store: Store, number: int) -> None:
    while store.writer.waiting < number:
        sleep(0.001)
