"""Password hashing in a small pool of threads: when a whole room signs in, a core is left for others."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import InvalidInput, TooBusy

SHORTEST, LONGEST = 10, 200
THREADS = 2
LONGEST_QUEUE = 400  # at 36 ms each: eight seconds of waiting for the last

T = TypeVar("T")


# Of the passwords that are tried first, those that are long enough to be chosen here; without their digits at
# the end and in small letters.
OFTEN_CHOSEN = frozenset(
    "password passwort passw0rd p@ssword p@ssw0rd mypassword thepassword passwordpassword administrator "
    "qwertyuiop qwertzuiop qwerty qwertz qwertyuiop[] asdfghjkl asdfghjkl; zxcvbnm yxcvbnm qwertyuiopasdfghjkl "
    "1qaz2wsx3edc qazwsxedc 1q2w3e4r5t6y 1q2w3e4r5t iloveyou iloveyouforever letmein welcome football baseball "
    "basketball sunshine princess superman starwars trustno1 changeme changeit whatever computer internet "
    "schatz hallo geheim secret testtest startrek liverpool manchester correcthorsebatterystaple".split()
)
RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "09876543210987654321",
)


def is_easily_guessed(password: str, about: Iterable[str] = ()) -> bool:
    """Whether it is often chosen, a run of keys, few characters repeated, or nothing but what is known `about`
    its owner.

    >>> is_easily_guessed("Password2026!"), is_easily_guessed("ada@example.org", ["ada@example.org"])
    (True, True)
    >>> is_easily_guessed("correct horse battery")
    False
    """
    small = password.casefold()
    stem = small.rstrip("0123456789!?.#*$ ")
    known = {one.casefold() for one in about}
    is_run = any(small in run * 2 for run in RUNS)
    return stem in OFTEN_CHOSEN | known or small in OFTEN_CHOSEN | known or is_run or len(set(small)) < 4


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
