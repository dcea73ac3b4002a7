"""What is known of the words met in answers: worked out once for each, however often it is written."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
MOST_WORDS = 50_000
LONGEST_WORD = 40  # what is longer is no word, but a formula


class WordMemory(dict[str, T]):
    """Asked like a dict, it works out what it does not know. All of it is forgotten when it is full; long words are never kept."""

    __slots__ = ("_find", "_most")

    def __init__(self, find: Callable[[str], T], most: int = MOST_WORDS) -> None:
        super().__init__()
        self._find = find
        self._most = most

    def __missing__(self, word: str) -> T:
        found = self._find(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= self._most:
                self.clear()
            self[word] = found
        return found
