"""A whole class: everyone starts in the same ten seconds, saves every few seconds and stays to the end.

One in twenty loses the network for a while and sends again what was not acknowledged; one in fifty goes on at
another machine. In the end answers acknowledged, stored and marked must be as many.
"""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from app.exams.loader import Exam, load_exam
from app.services import attempts, library
from app.services.passwords import Passwords
from app.store.database import Store
from app.store.migrations import migrate
from app.store.models import User
from tests import factories
from tests.faults.grading import EXAM, states
from tests.faults.history import Counts, History, count, examine
from tests.faults.served import Served
from tests.faults.wire import Browser, Offline, Reply

PASSWORD = "correct horse battery staple"
START_WITHIN = 10.0  # seconds, or a fifth of the lesson if that is less
CHANGE_EVERY = 4.0  # seconds, in the mean
LOOK_EVERY = 8.0  # seconds, at the clock
LAST_SAVES_WITHIN = 3.0  # seconds after the deadline
LOSES_THE_NETWORK = 20  # every 20th student
SWITCHES_MACHINE = 50
MARKED_WITHIN = 300.0  # seconds after the deadline


class Times:
    """How long each kind of request took, in seconds."""

    def __init__(self) -> None:
        self.kinds: dict[str, list[float]] = {}

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.kinds.setdefault(kind, []).append(time.perf_counter() - begun)

    def lines(self) -> Iterator[str]:
        yield f"{'request':<18} {'number':>7} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}"
        for kind, found in self.kinds.items():
            found.sort()
            p50, p99 = (found[min(len(found) - 1, int(len(found) * part))] for part in (0.5, 0.99))
            yield f"{kind:<18} {len(found):>7} {p50 * 1e3:>8.1f} {p99 * 1e3:>8.1f} {found[-1] * 1e3:>8.1f}"


@dataclass
class Change:
    """A part's newest value in the browser."""

    counter: int
    value: Any


@dataclass
class Sitter:
    """One student with a browser that keeps what is not acknowledged."""

    number: int
    port: int
    email: str
    cookie: str
    exam: Exam
    history: History
    times: Times
    chance: random.Random
    lesson: float  # seconds
    attempt: str = ""
    tab: str = "tab-1"
    deadline: float = 0.0  # as time.time() counts
    has_network: bool = True
    unsaved: dict[str, Change] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    _browser: Browser = field(init=False)
    _form_token: str = ""

    def __post_init__(self) -> None:
        self._browser = Browser(self.port, self.cookie)

    async def sit(self) -> None:
        """From the start page to the result."""
        await asyncio.sleep(self.chance.uniform(0, min(START_WITHIN, self.lesson / 5)))
        await self._open_start_page()
        await self._start()
        accidents = asyncio.create_task(self._accidents())
        clock = asyncio.create_task(self._look_at_the_clock())
        try:
            while (left := self.deadline - time.time()) > 0:
                await asyncio.sleep(min(left, self.chance.expovariate(1 / CHANGE_EVERY)))
                self._change()
                await self._send_all()
            self.has_network = True
            await asyncio.sleep(self.chance.uniform(0, LAST_SAVES_WITHIN))
            self._change()
            while self.unsaved:
                await self._send_all()
        finally:
            accidents.cancel()
            clock.cancel()
            ended = await asyncio.gather(accidents, clock, return_exceptions=True)
        for fault in ended:
            if isinstance(fault, Exception):
                raise fault
        await self._see_the_result()
        self._browser.close()

    async def _open_start_page(self) -> None:
        page = await self._asked(
            "start page", 200, lambda: self._browser.get(f"/exams/{self.exam.document.exam}")
        )
        self._form_token = _form_token(page)

    async def _start(self) -> None:
        path = f"/exams/{self.exam.document.exam}/attempts"
        reply = await self._asked(
            "start", 303, lambda: self._browser.post_form(path, {"form_token": self._form_token})
        )
        self.attempt = reply.headers["location"].rpartition("/")[2]
        self.history.started.add(self.attempt)
        await self._asked("attempt page", 200, lambda: self._browser.get(f"/attempts/{self.attempt}"))
        await self._look()

    async def _asked(self, kind: str, status: int, request: Callable[[], Awaitable[Reply]]) -> Reply:
        """A page, or what a button does; whoever gets no answer tries again, and the time runs on."""
        with self.times.of(kind):
            while True:
                try:
                    reply = await request()
                    break
                except Offline:
                    self.history.answers[f"{kind} no answer"] += 1
        self.history.answers[f"{kind} {reply.status}"] += 1
        assert reply.status == status, f"{kind}: {reply.status} {reply.text[:500]}"
        return reply

    def _change(self) -> None:
        """Something is entered or typed on, as the page counts it: the time, or one more than is known."""
        part = self.chance.choice(self.exam.document.parts)
        counter = max(int(time.time() * 1000), self.counters.get(part.id, 0) + 1)
        value = {name: self._typed(one) for name, one in part.model_answer.items()}
        self.counters[part.id] = counter
        self.unsaved[part.id] = Change(counter, value)
        self.history.sent[self.attempt, part.id, counter] = value

    def _typed(self, value: Any) -> Any:
        """A text as far as it has been typed; other things at once."""
        if not isinstance(value, str) or len(value) < 20 or self.chance.random() < 0.5:
            return value
        return value[: self.chance.randint(10, len(value))]

    async def _send_all(self) -> None:
        for part in list(self.unsaved):
            await self._send(part)

    async def _send(self, part: str) -> None:
        change = self.unsaved[part]
        body = {"counter": change.counter, "tab": self.tab, "value": change.value}
        path = f"/attempts/{self.attempt}/answers/{part}"
        if not self.has_network:
            if self.chance.random() < 0.3:  # it gets there, and the answer does not come back
                with suppress(Offline):
                    await Browser(self.port, self.cookie).vanish(path, body)
            return
        with self.times.of("save"):
            try:
                reply = await self._browser.post_json(path, body)
            except Offline:
                self.history.answers["save no answer"] += 1
                return
        self.history.answers[f"save {reply.status}"] += 1
        if reply.status == 503:
            await asyncio.sleep(1)
            return
        assert reply.status == 200, reply.text
        if reply.json["counter"] == change.counter:
            self.history.acknowledged.add((self.attempt, part, change.counter))
        if self.unsaved.get(part) is change:
            del self.unsaved[part]

    async def _accidents(self) -> None:
        """At most one of each, in the middle of the lesson."""
        await asyncio.sleep(self.lesson * self.chance.uniform(0.2, 0.5))
        if self.number % LOSES_THE_NETWORK == 0:
            self.events.append("lost the network")
            self.has_network = False
            await asyncio.sleep(self.lesson * self.chance.uniform(0.05, 0.2))
            self.has_network = True
        if self.number % SWITCHES_MACHINE == 1:
            self.events.append("switched machine")
            await self._switch_machine()

    async def _switch_machine(self) -> None:
        """Sign in anew: what was acknowledged must be there."""
        fresh = Browser(self.port)
        form = _form_token(await self._asked("sign-in page", 200, lambda: fresh.get("/sign-in")))
        fields = {"form_token": form, "email": self.email, "password": PASSWORD}
        await self._asked("sign-in", 303, lambda: fresh.post_form("/sign-in", fields))
        left, self._browser = self._browser, fresh
        self.cookie, self.tab = fresh.cookie, "tab-2"
        await self._asked("attempt page", 200, lambda: fresh.get(f"/attempts/{self.attempt}"))
        promised = {
            part: counter for attempt, part, counter in sorted(self.history.acknowledged, key=lambda one: one[2])
            if attempt == self.attempt
        }  # fmt: skip
        shown = await self._look()
        assert all(shown.get(part, 0) >= counter for part, counter in promised.items()), (promised, shown)
        left.close()

    async def _look_at_the_clock(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.8, 1.2) * LOOK_EVERY)
            if self.has_network:
                await self._look()

    async def _look(self) -> dict[str, int]:
        reply = await self._asked("clock", 200, lambda: self._browser.get(f"/attempts/{self.attempt}/state"))
        self.deadline = datetime.fromisoformat(reply.json["deadline"]).timestamp()
        counters: dict[str, int] = reply.json["counters"]
        return counters

    async def _see_the_result(self) -> None:
        """The server hands in; the page looks until it has, and goes to the result."""
        while True:
            reply = await self._asked(
                "clock", 200, lambda: self._browser.get(f"/attempts/{self.attempt}/state")
            )
            if reply.json["state"] == "handed-in":
                break
            assert time.time() < self.deadline + MARKED_WITHIN, "it is still open"
            await asyncio.sleep(self.chance.uniform(1, 3))
        self.history.handed_in.add(self.attempt)
        await self._asked("result page", 200, lambda: self._browser.get(f"/attempts/{self.attempt}/result"))


def _form_token(page: Reply) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page.text)
    assert found, page.text[:500]
    return found[1]


@dataclass
class Lesson:
    """What came of it."""

    history: History
    times: Times
    counts: Counts
    faults: list[str]
    answers: int
    """Parts with an acknowledged answer."""
    marked_after: float
    """Seconds from the deadline to the last mark."""
    events: list[str]

    @property
    def is_good(self) -> bool:
        same = self.answers == self.counts.answers == self.counts.answered_marks
        return same and not self.faults and not self.counts.late

    def lines(self) -> Iterator[str]:
        yield from self.times.lines()
        yield f"accidents: {', '.join(f'{self.events.count(one)} {one}' for one in sorted(set(self.events)))}"
        yield f"replies: {dict(self.history.answers)}"
        yield f"saves sent {len(self.history.sent)}, acknowledged {len(self.history.acknowledged)}, stored {self.counts.saves}"
        yield (
            f"answers acknowledged {self.answers}, stored {self.counts.answers}, marked {self.counts.answered_marks}; "
            f"attempts {self.counts.attempts}, marked {self.counts.graded}; too late {self.counts.late}"
        )
        yield f"the last mark came {self.marked_after:.1f} s after the deadline"
        yield from self.faults[:10]


def run(folder: Path, students: int, minutes: int) -> bool:
    """Print the figures of a lesson; whether nothing was lost."""
    lesson = asyncio.run(held(folder, students, minutes, minutes * 60))
    print(*lesson.lines(), sep="\n")
    return lesson.is_good


async def held(folder: Path, students: int, minutes: int, seconds: float) -> Lesson:
    """A lesson of an exam that takes so many minutes, of which so many seconds are left when it begins."""
    server = Served(folder, environment={})
    exam, logins = await asyncio.to_thread(_prepared, server.url, folder, students, minutes)
    history, times = History(), Times()
    group = [
        Sitter(number, server.port, email, cookie, exam, history, times, random.Random(email), seconds)
        for number, (email, cookie) in enumerate(logins)
    ]
    await server.start()
    if seconds < minutes * 60:
        await asyncio.to_thread(_begun_before, server.url, exam, minutes * 60 - seconds)
    try:
        watch = asyncio.create_task(_when_all_are_marked(server.url, students))
        await asyncio.gather(*(one.sit() for one in group))
        marked = await asyncio.wait_for(watch, MARKED_WITHIN)
        await server.stop()
    finally:
        server.kill()
    last = max(one.deadline for one in group)
    findings = examine(history, server.url, all_marked=True)
    answers = len({place[:2] for place in history.acknowledged})
    events = [event for one in group for event in one.events]
    return Lesson(history, times, count(server.url), findings.all, answers, marked - last, events)


def _begun_before(url: str, exam: Exam, seconds: float) -> None:
    """Everyone has started already; who presses Start goes on."""
    begun = datetime.now(UTC) - timedelta(seconds=seconds)
    store = Store(url)
    store.open()
    with store.read() as db:
        people = db.scalars(select(User.id)).all()
    for one in people:
        store.write(lambda db, who=one: attempts.start(db, who, exam.document.exam, begun))  # type: ignore[misc]
    store.close()


async def _when_all_are_marked(url: str, students: int) -> float:
    while (await asyncio.to_thread(states, url))["graded"] < students:
        await asyncio.sleep(0.5)
    return time.time()


def _prepared(url: str, folder: Path, students: int, minutes: int) -> tuple[Exam, list[tuple[str, str]]]:
    """The exam with less time, and students who are signed in, by their e-mail addresses and cookies."""
    file = folder / EXAM.name
    file.write_text(EXAM.read_text().replace("minutes: 90", f"minutes: {minutes}", 1))
    exam = load_exam(file)
    migrate(url)
    store, passwords = Store(url), Passwords()
    store.open()
    now = datetime.now(UTC)
    figures = {one.name: one.read_bytes() for one in sorted(EXAM.with_suffix("").glob("*.svg"))}
    store.write(lambda db: library.publish(db, exam, now, figures))
    people = [factories.user(store) for _ in range(students)]
    same = passwords.hash(PASSWORD)
    store.write(lambda db: db.execute(update(User).values(password_hash=same)))
    logins = [(one.email, f"endterm={factories.token(store, one, now)}") for one in people]
    passwords.close()
    store.close()
    return exam, logins
