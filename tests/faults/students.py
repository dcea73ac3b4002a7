"""Students who save, hand in and start again without a pause, and note what they were promised.

They do what the page does: an unanswered save is sent again, the newest value first; and what networks do to
it: saves that come twice, at once or late, and a second tab with an old counter.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.faults.history import History
from tests.faults.wire import Browser, Offline, Reply

PARTS = ("1a", "1b")
AGAIN_AFTER = 0.1  # seconds; the page waits longer, but tests are short
LONGEST_WAIT = 90.0  # seconds, whatever the fault


@dataclass
class Student:
    """One who is signed in. `pause` is the mean time between two changes, in seconds."""

    port: int
    cookie: str
    history: History
    chance: random.Random
    pause: float = 0.0
    hands_in: float = 0.005
    """How likely the next step is to hand in rather than to save."""

    attempt: str = ""
    _browsers: tuple[Browser, Browser] = field(init=False)
    _counters: dict[str, int] = field(default_factory=dict)
    _form_token: str = ""

    def __post_init__(self) -> None:
        self._browsers = Browser(self.port, self.cookie), Browser(self.port, self.cookie)

    async def work(self) -> None:
        """Until cancelled."""
        try:
            while True:
                if not self.attempt:
                    await self._start()
                if self.chance.random() < self.hands_in:
                    await self.hand_in()
                else:
                    await self._change(self.chance.choice(PARTS))
                if self.pause:
                    await asyncio.sleep(self.chance.expovariate(1 / self.pause))
        finally:
            self.close()

    async def save_once(self) -> None:
        """One change, until it is saved."""
        if not self.attempt:
            await self._start()
        await self._change(PARTS[0])

    async def finish(self) -> None:
        """Hand in the last attempt; Start gives the one that is open, if its first answer was lost."""
        if not self.attempt:
            await self._start()
        await self.hand_in()
        self.close()

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()

    async def hand_in(self) -> None:
        """Press the button twice."""
        if not self._form_token:
            await self._open_start_page()
        path = f"/attempts/{self.attempt}/submission"

        async def press(browser: Browser) -> Reply:
            return await browser.post_form(path, {"form_token": self._form_token})

        replies = await asyncio.gather(*(self._until_answered(press, one) for one in self._browsers))
        assert [reply.status for reply in replies] == [303, 303], [reply.text[:300] for reply in replies]
        self.history.handed_in.add(self.attempt)
        self.attempt, self._counters = "", {}

    async def is_over(self) -> bool:
        """Whether the server says that the attempt is handed in."""
        reply = await self._until_answered(lambda browser: browser.get(f"/attempts/{self.attempt}/state"))
        assert reply.status == 200, reply.text[:300]
        return bool(reply.json["state"] == "handed-in")

    async def _open_start_page(self) -> None:
        page = await self._until_answered(lambda browser: browser.get("/exams/small"))
        found = re.search(r'name="form_token" value="(\w+)"', page.text)
        assert found, page.text[:300]
        self._form_token = found[1]

    async def _start(self) -> None:
        await self._open_start_page()

        async def press(browser: Browser) -> Reply:
            return await browser.post_form("/exams/small/attempts", {"form_token": self._form_token})

        reply = await self._until_answered(press)
        assert reply.status == 303, reply.text[:300]
        self.attempt = reply.headers["location"].rpartition("/")[2]
        self.history.started.add(self.attempt)

    async def _change(self, part: str) -> None:
        """Enter something new, and send it until the server says that it, or something newer, is saved."""
        while True:
            counter = self._counters[part] = self._counters.get(part, 0) + 1
            value = _value(part, counter)
            self.history.sent[self.attempt, part, counter] = value
            if self.chance.random() < 0.1:
                await asyncio.gather(*(self._send(one, part, counter, value) for one in self._browsers))
            with suppress(Offline):
                while not await self._send(self._browsers[0], part, counter, value):
                    await asyncio.sleep(AGAIN_AFTER)
                    if self.chance.random() < 0.3:
                        raise Offline("changed again before it was saved")
                await self._disturb(part, counter)
                return

    async def _send(
        self, browser: Browser, part: str, counter: int, value: Any, tab: str = "first-tab"
    ) -> bool:
        """Whether it, or a later one, is saved for certain."""
        body = {"counter": counter, "tab": tab, "value": value}
        try:
            reply = await browser.post_json(f"/attempts/{self.attempt}/answers/{part}", body)
        except Offline:
            self.history.answers["no answer"] += 1
            return False
        self.history.answers[str(reply.status)] += 1
        if reply.status == 503:
            return False
        assert reply.status == 200, reply.text
        if reply.json["counter"] == counter:
            self.history.acknowledged.add((self.attempt, part, counter))
        return True

    async def _disturb(self, part: str, counter: int) -> None:
        """An old copy that the network has kept, or another tab that knows of nothing newer."""
        luck = self.chance.random()
        late = self.chance.randint(1, counter)
        path = f"/attempts/{self.attempt}/answers/{part}"
        if luck < 0.05:
            await self._send(self._browsers[1], part, late, _value(part, late))
        elif luck < 0.1:
            other = {"counter": late, "tab": "other-tab", "value": {"count": "older"}}
            with suppress(Offline):
                reply = await self._browsers[1].post_json(path, other)
                assert reply.status in (409, 503), reply.text

    async def _until_answered(
        self, ask: Callable[[Browser], Awaitable[Reply]], browser: Browser | None = None
    ) -> Reply:
        until = time.monotonic() + LONGEST_WAIT
        while True:
            told = "nothing"
            with suppress(Offline):
                reply = await ask(browser or self._browsers[0])
                if reply.status < 500 and reply.status != 429:
                    return reply
                told = reply.text
                self.history.answers[f"page {reply.status}"] += 1
            assert time.monotonic() < until, f"the server does not recover: {told[:2000]}"
            await asyncio.sleep(AGAIN_AFTER)


def _value(part: str, counter: int) -> dict[str, Any]:
    """An answer that belongs to this counter alone, or nearly."""
    if part == "1b":
        return {"count": str(counter)}
    return {"choice": [option for option in (1, 2, 3) if counter >> option & 1]}


@asynccontextmanager
async def at_work(students: list[Student]) -> AsyncIterator[None]:
    """Students work while the block runs; then each ends where it stands. What fails in one fails the block."""
    tasks = [asyncio.create_task(one.work()) for one in students]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for fault in ended:
        if fault is not None and not isinstance(fault, asyncio.CancelledError):
            raise fault
