"""The faults: each lets students work, breaks something, and compares what they were told with what is there."""

import asyncio
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.store.database import Store
from app.store.migrations import migrate
from tests import factories
from tests.faults.deadlines import Ending, next_is_met, prepared_endings
from tests.faults.history import Findings, History, examine
from tests.faults.served import Served
from tests.faults.students import Student, at_work

STUDENTS = 24
BEGINNING = 64 * 1024  # bytes
BROKEN_FOR = 1.5  # seconds


@dataclass
class Outcome:
    """A row of the table."""

    fault: str
    injected: int = 0
    history: History = field(default_factory=History)
    findings: Findings = field(default_factory=Findings)
    note: str = ""

    def look(self, url: str, *, all_marked: bool = False) -> None:
        self.findings.add(examine(self.history, url, all_marked=all_marked))

    @property
    def refused(self) -> int:
        """Saves that the server answered with "not stored, try again"."""
        return self.history.answers["503"]


@asynccontextmanager
async def class_of(outcome: Outcome, server: Served, seed: int = 1) -> AsyncIterator[None]:
    """A class at work on a running server. After the block an attempt must still be closed at its deadline;
    then all hand in, and everything is compared once more."""
    chance = random.Random(seed)
    cookies, endings = await asyncio.to_thread(prepared, server.url)
    await server.start()
    group = [_student(outcome, server, one, chance) for one in cookies]
    ending = [_student(outcome, server, one.cookie, chance, one.attempt) for one in endings]
    try:
        async with at_work(group):
            yield
            await next_is_met(ending, endings)
        for one in group + ending:
            await one.finish()
        await server.stop()
        outcome.look(server.url, all_marked=True)
    finally:
        server.kill()


def prepared(url: str) -> tuple[list[str], list[Ending]]:
    """A database with the small exam: the cookies of students who are signed in, and attempts that will end."""
    migrate(url)
    store = Store(url)
    store.open()
    try:
        factories.published(store)
        now = datetime.now(UTC)
        tokens = [factories.token(store, factories.user(store), now) for _ in range(STUDENTS)]
        return [f"endterm={token}" for token in tokens], prepared_endings(store, url)
    finally:
        store.close()


def _student(
    outcome: Outcome, server: Served, cookie: str, chance: random.Random, attempt: str = ""
) -> Student:
    if attempt:
        outcome.history.started.add(attempt)
    return Student(server.port, cookie, outcome.history, random.Random(chance.random()), attempt=attempt)


async def killed(folder: Path, times: int, url: str = "", seed: int = 1) -> Outcome:
    """SIGKILL at random moments under load, and a new start each time."""
    outcome = Outcome("SIGKILL" + (" (PostgreSQL)" if url else ""), times)
    server = Served(folder, url)
    chance = random.Random(seed)
    async with class_of(outcome, server, seed):
        for _ in range(times):
            await some_saves(outcome)
            await asyncio.sleep(chance.uniform(0, 0.5))
            server.kill()
            outcome.look(server.url)
            await server.start()
        await some_saves(outcome)
    return outcome


async def restarted(folder: Path, times: int = 2, seed: int = 1) -> Outcome:
    """SIGTERM in the middle of the exam: what was under way is answered, or sent again to the next server."""
    outcome = Outcome("restart (SIGTERM)", times)
    server = Served(folder)
    async with class_of(outcome, server, seed):
        for _ in range(times):
            await some_saves(outcome)
            begun = time.monotonic()
            code = await server.stop()
            outcome.note = f"ended in {time.monotonic() - begun:.1f} s with {code}"
            outcome.look(server.url)
            await server.start()
        await some_saves(outcome)
    return outcome


def on_faulty_disk(folder: Path, *options: str) -> Served:
    """A server on the simulated disk, whose faults are files in the folder `controls`."""
    controls = folder / "controls"
    controls.mkdir()
    command = (sys.executable, "-m", "tests.faults.serve_on_disk", str(controls), *options)
    return Served(folder, command=command)


async def lost_power(folder: Path, times: int, seed: int = 1) -> Outcome:
    """All that was not synced is gone, but for sectors that the disk had written early."""
    outcome = Outcome("power loss", times)
    server = on_faulty_disk(folder, "--early", "0.3", "--seed", str(seed))
    chance = random.Random(seed)
    async with class_of(outcome, server, seed):
        for _ in range(times):
            await some_saves(outcome)
            await asyncio.sleep(chance.uniform(0, 0.5))
            _cut_power(server)
            outcome.look(server.url)
            await server.start()
        await some_saves(outcome)
    return outcome


async def lost_power_without_syncs(folder: Path, seed: int = 1) -> Outcome:
    """The control: a server that acknowledges before the sync. If nothing is lost, the experiment is worthless."""
    outcome = Outcome("power loss, NORMAL", 1, note="the control: must lose some")
    server = on_faulty_disk(folder, "--normal")
    cookies, _ = await asyncio.to_thread(prepared, server.url)
    await server.start()
    group = [_student(outcome, server, one, random.Random(seed)) for one in cookies]
    async with at_work(group):
        await some_saves(outcome, 300)
        _cut_power(server)
    outcome.look(server.url)
    return outcome


def _cut_power(server: Served) -> None:
    """The memory shared by connections to SQLite's log does not outlive the machine either."""
    server.kill()
    for file in server.folder.glob("*-shm"):
        file.unlink()


async def with_control(folder: Path, fault: str, name: str, options: tuple[str, ...] = ()) -> Outcome:
    """A fault of the simulated disk that comes under load and goes again."""
    outcome = Outcome(fault, 1)
    server = on_faulty_disk(folder, *options)
    switch = folder / "controls" / name
    async with class_of(outcome, server):
        await some_saves(outcome)
        switch.touch()
        await asyncio.sleep(BROKEN_FOR)
        switch.unlink()
        await some_saves(outcome)
    outcome.note = f"{outcome.refused} saves told to try again"
    return outcome


async def full_disk(folder: Path) -> Outcome:
    """A real file system without space. Needs root, to mount a small one."""
    outcome = Outcome("disk full (tmpfs)", 1)
    with small_disk(folder) as disk:
        server = Served(disk)
        async with class_of(outcome, server):
            await some_saves(outcome)
            ballast = disk / "ballast"
            _fill(ballast)
            await until(lambda: outcome.refused >= STUDENTS)
            await asyncio.sleep(BROKEN_FOR)
            ballast.unlink()
            await some_saves(outcome)
    outcome.note = f"{outcome.refused} saves told to try again"
    return outcome


def can_mount() -> bool:
    return (
        os.geteuid() == 0
        and subprocess.run(["mount", "--version"], capture_output=True, check=False).returncode == 0
    )


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "endterm-test", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


async def refused_writes(folder: Path) -> Outcome:
    """The system lets the server write to the beginning of each file only: commits fail in the real SQLite, as
    soon as they come further in its log."""
    outcome = Outcome("commit error (no writes)", 1)
    server = Served(folder)
    async with class_of(outcome, server):
        await some_saves(outcome)
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (BEGINNING, hard))
        await until(lambda: outcome.refused >= STUDENTS)
        await asyncio.sleep(BROKEN_FOR)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        await some_saves(outcome)
    outcome.note = f"{outcome.refused} saves told to try again"
    return outcome


async def some_saves(outcome: Outcome, number: int = 100) -> None:
    """Wait until so many more are acknowledged: the server works again, and there is something to lose."""
    wanted = len(outcome.history.acknowledged) + number
    await until(lambda: len(outcome.history.acknowledged) >= wanted)


async def until(is_so: Callable[[], bool], patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "the students do not get on"
        await asyncio.sleep(0.01)
