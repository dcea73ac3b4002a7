"""The page for Prometheus: what the processes counted, and what the database holds.

A process alone shows its own numbers. Where several serve together, each leaves its numbers in a folder every
few seconds, and whichever is asked shows the sum.
"""

import logging
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread

from app.metrics import family, histogram
from app.store import queries
from app.store.database import Store

KEEP = 10.0
"""Seconds for which the counts of the database are kept: many may ask, the database is asked seldom."""

SHARE_EVERY = 5.0  # seconds

_STARTED = time.time()

log = logging.getLogger(__name__)


class Measurements:
    """One per process. `folder` is where processes that work together leave their numbers, if there are several."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder
        self._lock = Lock()
        self._counted: tuple[str, ...] = ()
        self._until = 0.0
        self._ended = Event()
        self._file = f"{os.getpid()}-{token_hex(4)}.txt"

    def start(self) -> None:
        """Begin to leave the numbers in the folder."""
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            Thread(target=self._leave_numbers, name="measurements", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def text(self) -> str:
        lines = [*merged([self._own(), *self._others()]), *self._database(), *_process()]
        return "\n".join(lines) + "\n"

    def _own(self) -> str:
        return "\n".join([*self._saves(), *self._writer(), *self._requests()])

    def _others(self) -> Iterator[str]:
        """Those that have ended count too: a sum must not go back."""
        for file in sorted(self._folder.glob("*.txt")) if self._folder else ():
            if file.name != self._file:
                yield file.read_text(encoding="utf-8")

    def _leave_numbers(self) -> None:
        while not self._ended.wait(SHARE_EVERY):
            self._leave()
        self._leave()

    def _leave(self) -> None:
        if not self._folder:
            return
        try:
            whole = self._folder / f"{self._file}.new"
            whole.write_text(self._own(), encoding="utf-8")
            whole.replace(self._folder / self._file)
        except OSError as error:
            log.warning("the numbers could not be shared", exc_info=error)

    def _saves(self) -> Iterator[str]:
        metrics = self._store.metrics
        saves = {(outcome,): count for outcome, count in list(metrics.saves.items())}
        saves.setdefault(("saved",), 0)
        yield from family(
            "endterm_saves_total",
            "counter",
            "Saves: saved is acknowledged, all others refused.",
            saves,
            "outcome",
        )
        yield from histogram(
            "endterm_save_seconds", "From a save's arrival to its answer.", {(): metrics.save_seconds}
        )
        yield from histogram(
            "endterm_grading_seconds",
            "Marking one attempt that was handed in.",
            {(): metrics.grading_seconds},
        )

    def _writer(self) -> Iterator[str]:
        metrics, writer = self._store.metrics, self._store.writer
        yield from histogram("endterm_commit_group_size", "Writes in one commit.", {(): metrics.group_sizes})
        yield from histogram(
            "endterm_commit_group_seconds",
            "A group from its begin to its commit.",
            {(): metrics.group_seconds},
        )
        failed = {(): metrics.failed_groups}
        yield from family("endterm_commit_groups_failed_total", "counter", "Groups not committed.", failed)
        yield from family("endterm_writer_queue", "gauge", "Writes that wait.", {(): writer.waiting})
        yield from family(
            "endterm_writer_lag_seconds",
            "gauge",
            "How long the group being written has taken.",
            {(): writer.lag},
        )

    def _requests(self) -> Iterator[str]:
        metrics = self._store.metrics
        counted = {
            (method, route, str(status)): n for (method, route, status), n in list(metrics.requests.items())
        }
        timed = {(route,): one for route, one in list(metrics.request_seconds.items())}
        labels = ("method", "route", "status")
        yield from family("endterm_requests_total", "counter", "Requests but saves.", counted, *labels)
        yield from histogram("endterm_request_seconds", "Requests but saves.", timed, "route")

    def _database(self) -> Iterator[str]:
        """The same in whichever process one asks. Missing while the database does not answer."""
        with self._lock:
            if time.monotonic() > self._until:
                self._counted = self._now_in_database()
                self._until = time.monotonic() + KEEP
            yield from self._counted

    def _now_in_database(self) -> tuple[str, ...]:
        try:
            return tuple(self._count())
        except Exception as error:
            log.warning("the database could not be counted", exc_info=error)
            return ()

    def _count(self) -> Iterator[str]:
        with self._store.read() as db:
            found = queries.counts(db)
        states: dict[tuple[str, ...], float] = {("open",): 0, ("submitted",): 0, ("graded",): 0}
        closed: dict[tuple[str, ...], float] = {("student",): 0, ("deadline",): 0}
        for (state, closed_by), number in found.items():
            states[state,] += number
            if closed_by:
                closed[closed_by,] = closed.get((closed_by,), 0) + number
        yield from family("endterm_attempts", "gauge", "Attempts in the database.", states, "state")
        yield from family("endterm_hand_ins_total", "counter", "Attempts handed in, by whom.", closed, "by")


def merged(texts: Iterable[str]) -> Iterator[str]:
    """Sums, series by series, under the heads of their families."""
    heads: dict[str, list[str]] = {}
    sums: dict[str, dict[str, float]] = {}
    for text in texts:
        name = ""
        for line in text.splitlines():
            if line.startswith("# HELP "):
                name = line.split(" ", 3)[2]
                is_new = name not in heads
            if not line.startswith("#"):
                series, _, value = line.rpartition(" ")
                family_sums = sums.setdefault(name, {})
                family_sums[series] = family_sums.get(series, 0.0) + float(value)
            elif is_new:
                heads.setdefault(name, []).append(line)
    for name, head in heads.items():
        yield from head
        yield from (f"{series} {value:.17g}" for series, value in sums.get(name, {}).items())


def forget(folder: Path) -> None:
    """Begin at zero: what is in the folder belongs to an earlier run."""
    for file in folder.glob("*.txt*"):
        file.unlink(missing_ok=True)


def _process() -> Iterator[str]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    largest = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    seconds = used.ru_utime + used.ru_stime
    yield from family("process_cpu_seconds_total", "counter", "Processor time.", {(): seconds})
    yield from family("endterm_process_largest_bytes", "gauge", "The most memory it has had.", {(): largest})
    yield from family("process_start_time_seconds", "gauge", "Start, in Unix time.", {(): _STARTED})
    yield from family("endterm_process", "gauge", "Which process this is.", {(str(os.getpid()),): 1}, "pid")
