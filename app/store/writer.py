"""The one writer: a thread with one connection that commits what has gathered while the last commit ran.

A lone write is committed at once; under load the groups grow by themselves, and one sync to the disk serves them
all. Only where a commit is dear does a group wait for company, and only under load: see `GATHER`. A result is handed
over only after its commit.
"""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from time import perf_counter, sleep
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from app.errors import TooBusy
from app.metrics import Metrics

LARGEST_GROUP = 512
LONGEST_QUEUE = 20_000
GATHER = 0.003
"""Seconds that a group with `at_once` gathers at most, if the one before it had `BUSY` entries and two wait: until
`ENOUGH` do, or nothing has come within a `STEP`.

On PostgreSQL the commit of a group costs two processes together as much time as fifteen of its saves: they wait for
the disk, are woken, and find their caches cold.
"""
BUSY = 8
ENOUGH = 16
STEP = 0.0005  # seconds
DATABASE_FAULTS = (OperationalError, sqlite3.OperationalError)
DATABASE_ERRORS = (DBAPIError, sqlite3.Error)
"""All that a database says: its own faults, and what it has against a row or at the commit."""

log = logging.getLogger(__name__)

T = TypeVar("T")
Batch = Callable[[Connection, list[Any]], Sequence[Any]]
"""Work that is done many at a time: one result for each entry, in their order.

A batch that has `only_saves` changes nothing but saved answers; see `Writer.calls`. One may have `at_once`, which
does what it can of a group without a transaction around it, and gives None for the rest, which is then done as usual.
"""


class Keeper(Protocol):
    """What wants to know how a group ended, and whether there is time to tidy up."""

    def committed(self) -> None: ...
    def rolled_back(self) -> None: ...
    def after_group(self, idle: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class _Item:
    """A call of its own (`batch` is None, `what` a function of a session), or an entry of a batch."""

    batch: Batch | None
    what: Any
    waiting: "Future[Any] | asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class _Fault:
    error: Exception


class Writer:
    """Runs every write of this process, in the order in which they were asked for."""

    def __init__(self, engine: Engine, keeper: Keeper, metrics: Metrics) -> None:
        self._engine = engine
        self._keeper = keeper
        self._metrics = metrics
        self._begun: float | None = None  # when the group that is being written was begun
        self.failing = False
        """Whether the last group could not be committed."""
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._gate = threading.Lock()  # nothing may be put behind the mark to stop
        self._open = False
        self._calls = 0

    def start(self) -> None:
        self._open = True
        self._thread.start()

    @property
    def calls(self) -> int:
        """Grows with everything that was begun and is no save, and with every group that was undone."""
        return self._calls

    @property
    def waiting(self) -> int:
        """How many writes have not been begun."""
        return self._queue.qsize()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def lag(self) -> float:
        """Seconds for which the group that is being written has been at it: all that waits, waits for it."""
        begun = self._begun
        return 0.0 if begun is None else perf_counter() - begun

    def stop(self) -> None:
        """Commit what is waiting, then end."""
        with self._gate:
            was_open, self._open = self._open, False
            if was_open:
                self._queue.put(None)
        if was_open:
            self._thread.join()

    def run(self, work: Callable[[Session], T]) -> T:
        """Run `work` in the writer's transaction, wait for the commit. An error of `work` undoes only it."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself")
        waiting: Future[T] = Future()
        self._put(_Item(None, work, waiting))
        return waiting.result()

    def run_all(self, batch: Batch, entries: Iterable[Any]) -> list[Any]:
        """Add entries to the next batch and wait for their commit. For threads."""
        waiting: list[Future[Any]] = []
        for entry in entries:
            waiting.append(Future())
            self._put(_Item(batch, entry, waiting[-1]))
        return [one.result() for one in waiting]

    def add(self, batch: Batch, entry: Any) -> "asyncio.Future[Any]":
        """Add an entry to the next batch; the future is done after its commit. For the event loop."""
        waiting = asyncio.get_running_loop().create_future()
        self._put(_Item(batch, entry, waiting))
        return waiting

    def _put(self, item: _Item) -> None:
        if self._queue.qsize() >= LONGEST_QUEUE:
            raise TooBusy("Too much is waiting to be stored. Try again in a moment.")
        with self._gate:
            if not self._open:
                raise TooBusy("Endterm is starting or stopping. Try again in a moment.")
            self._queue.put(item)

    def _work(self) -> None:
        group: list[_Item | None] = []
        while (first := self._queue.get()) is not None:
            if len(group) >= BUSY and _at_once(first.batch):
                self._gather()
            group = [first, *self._gathered()]
            last = group[-1] is None
            self._write(self._left_over([item for item in group if item is not None]))
            self._keeper.after_group(idle=self._queue.empty())
            if last:
                return

    def _gather(self) -> None:
        """Wait for company as long as more of it comes; a write that waits alone goes at once."""
        waiting, until = 0, perf_counter() + GATHER
        while waiting < self._queue.qsize() < ENOUGH and perf_counter() < until:
            waiting = self._queue.qsize()
            sleep(STEP)

    def _gathered(self) -> Iterator[_Item | None]:
        """What came while the last group was written; ends after the mark to stop."""
        for _ in range(LARGEST_GROUP):
            try:
                item = self._queue.get_nowait()
            except Empty:
                return
            yield item
            if item is None:
                return

    def _left_over(self, group: list[_Item]) -> list[_Item]:
        """What of a group remains to be written after its batch has done what it can at once."""
        at_once = _at_once(group[0].batch) if group else None
        if at_once is None or any(item.batch is not group[0].batch for item in group):
            return group
        self._begun = begun = perf_counter()
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                results = at_once(connection, [item.what for item in group])
        except Exception as error:  # noqa: BLE001  (whatever it was: nothing of this group is stored)
            self._failed(group, begun, error)
            return []
        done = [pair for pair in zip(group, results, strict=True) if pair[1] is not None]
        if done:
            self._count(len(done), begun, failed=False)
            self._keeper.committed()
            _hand_over([item for item, _ in done], [result for _, result in done])
        return [item for item, result in zip(group, results, strict=True) if result is None]

    def _write(self, group: list[_Item]) -> None:
        if not group:
            return
        runs = [(batch, [item.what for item in items]) for batch, items in groupby(group, key=_batch_of)]
        results: list[Any] = []
        self._begun = begun = perf_counter()
        try:
            with self._engine.begin() as connection:
                for batch, entries in runs:
                    results += self._do(connection, batch, entries, alone=len(runs) == 1)
        except Exception as error:  # noqa: BLE001  (whatever it was: nothing of this group is stored)
            self._failed(group, begun, error)
        else:
            self._count(len(group), begun, failed=False)
            self._keeper.committed()
            _hand_over(group, results)

    def _failed(self, group: list[_Item], begun: float, error: Exception) -> None:
        self._calls += 1
        self._tell_once(error)
        self._count(len(group), begun, failed=True)
        self._keeper.rolled_back()
        self._give_up(group, error)

    def _tell_once(self, error: Exception) -> None:
        """However many groups fail in a row: a full disk must not be filled by its own log."""
        if isinstance(error, DATABASE_ERRORS) and not self.failing:
            log.error("a group of writes could not be stored", exc_info=error)

    def _give_up(self, group: list[_Item], error: Exception) -> None:
        """Tell those who wait. Entries of a batch are first tried one by one, if the database refused
        something in the group rather than failed: that may be one among them. A call is not tried again,
        because what it did to its own objects has happened."""
        refused = isinstance(error, DATABASE_ERRORS) and not isinstance(error, DATABASE_FAULTS)
        again = [item for item in group if item.batch is not None] if refused and len(group) > 1 else []
        told = [item for item in group if item.batch is None] if again else group
        _hand_over(told, [_Fault(_plain(error))] * len(told))
        for item in again:
            self._write([item])

    def _count(self, size: int, begun: float, *, failed: bool) -> None:
        self._begun = None
        self.failing = failed
        self._metrics.failed_groups += failed
        self._metrics.group_sizes.add(size)
        self._metrics.group_seconds.add(perf_counter() - begun)

    def _do(self, connection: Connection, batch: Batch | None, entries: list[Any], alone: bool) -> list[Any]:
        """The results of a run of calls or of one batch, in their order."""
        if not getattr(batch, "only_saves", False):
            self._calls += len(entries)
        if batch is None:
            return [_attempt(_call, connection, work) for work in entries]
        if alone:  # its error is the group's: no need for a savepoint
            return _checked(batch, connection, entries)
        outcome = _attempt(_run_batch, connection, batch, entries)
        return [outcome] * len(entries) if isinstance(outcome, _Fault) else list(outcome)


def _batch_of(item: _Item) -> Batch | None:
    return item.batch


def _at_once(batch: Batch | None) -> Callable[[Connection, list[Any]], Sequence[Any]] | None:
    return getattr(batch, "at_once", None)


def _attempt(work: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return work(*arguments)
    except DATABASE_FAULTS:  # the database itself: nothing in this group can be relied on
        raise
    except Exception as error:  # noqa: BLE001  (it belongs to the one who asked, not to the group)
        return _Fault(error)


def _call(connection: Connection, work: Callable[[Session], Any]) -> Any:
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as db:
        result = work(db)
        db.commit()
        return result


def _run_batch(connection: Connection, batch: Batch, entries: list[Any]) -> list[Any]:
    with connection.begin_nested():
        return _checked(batch, connection, entries)


def _checked(batch: Batch, connection: Connection, entries: list[Any]) -> list[Any]:
    results = list(batch(connection, entries))
    if len(results) != len(entries):
        raise RuntimeError(f"{len(results)} results for {len(entries)} entries")
    return results


def _plain(error: Exception) -> Exception:
    """What the database said is for the log; people are told what it means for them."""
    if not isinstance(error, DATABASE_ERRORS):
        return error
    told = TooBusy("This could not be stored, and nothing was changed. Try again in a moment.")
    told.__cause__ = error
    return told


def _hand_over(group: list[_Item], results: list[Any]) -> None:
    """Calls wait in threads. Entries wait in an event loop, which is woken once for all of them."""
    waiting_in_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for item, result in zip(group, results, strict=True):
        if isinstance(item.waiting, Future):
            _settle(item.waiting, result)
        else:
            waiting_in_loop.setdefault(item.waiting.get_loop(), []).append((item.waiting, result))
    for loop, pairs in waiting_in_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, pairs)


def _settle_all(pairs: list[tuple["asyncio.Future[Any]", Any]]) -> None:
    for waiting, result in pairs:
        if not waiting.done():  # the browser may have gone
            _settle(waiting, result)


def _settle(waiting: "Future[Any] | asyncio.Future[Any]", result: Any) -> None:
    if isinstance(result, _Fault):
        waiting.set_exception(result.error)
    else:
        waiting.set_result(result)
