"""Password hashing in a small pool of threads: when a whole room signs in, a core is left for others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import InvalidInput, TooBusy

SHORTEST, LONGEST = 10, 200
THREADS = 2
LONGEST_QUEUE = 400  # at 36 ms each: eight seconds of waiting for the last

T = TypeVar("T")


class Passwords:
    """argon2id with 19 MiB, two passes, one lane: 36 ms on the machines it was measured on."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(LONGEST_QUEUE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Raises InvalidInput if the password is too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise InvalidInput(f"Choose a password of {SHORTEST} to {LONGEST} characters.", "password")
        return self._run(lambda: self._hasher.hash(password))

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Takes as long for an account that does not exist (None) as for one that does."""
        if len(password) > LONGEST:
            return False
        right = self._run(lambda: self._verify(password_hash or self._nobody, password))
        return right and password_hash is not None

    def is_dated(self, password_hash: str) -> bool:
        """Whether it was made with other costs than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._pool.shutdown()

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise TooBusy("Many people are signing in at this moment. Try again in a few seconds.")
        try:
            return self._pool.submit(work).result()
        finally:
            self._places.release()
