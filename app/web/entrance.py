"""Signing in and making accounts have threads of their own: a room that signs in keeps no page waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from app.errors import TooBusy

THREADS = 4
LONGEST_QUEUE = 600  # about eleven seconds of hashing passwords on two cores

T = TypeVar("T")


class Entrance:
    """A few threads and a bounded queue before them."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="entrance")
        self._inside = 0

    async def run(self, work: Callable[..., T], *what: Any, **how: Any) -> T:
        """The result of `work` from one of the threads. Raises TooBusy."""
        if self._inside >= LONGEST_QUEUE:
            raise TooBusy("Many people are signing in at this moment. Try again in a few seconds.")
        self._inside += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, partial(work, *what, **how))
        finally:
            self._inside -= 1

    def close(self) -> None:
        self._pool.shutdown()
