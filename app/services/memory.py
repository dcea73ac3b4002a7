"""Results of pure functions that are remembered for the next one who asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Keeps what was used last, up to a size in bytes as `size` estimates it. Safe for several threads.

    Two threads that ask for the same new thing may both work it out; the results are equal.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most = most
        self._size = size
        self._used = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """What is remembered under this key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def get_all(self, keys: Iterable[Hashable]) -> list[T] | None:
        """What is remembered under all of these keys; None if anything is missing."""
        found: list[T] = []
        with self._lock:
            for key in keys:
                value = self._kept.get(key)
                if value is None:
                    return None
                self._kept.move_to_end(key)
                found.append(value)
        return found

    def keep(self, key: Hashable, value: T) -> T:
        """Remember a value and give it back; what was not used for longest is forgotten."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value
                self._used += self._size(value)
            while self._used > self._most:
                self._used -= self._size(self._kept.popitem(last=False)[1])
        return value
