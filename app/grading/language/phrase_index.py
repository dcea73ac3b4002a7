"""Which phrases can be in a text at all: seen at once from its keys, before any phrase is looked for."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from app.grading.language.lookup import Key
from app.grading.language.phrases import Phrase


class Phrases:
    """A list of phrases. Lists that are asked about the same texts share an index."""

    __slots__ = ("_end", "_start", "all", "index")

    def __init__(self, phrases: Iterable[Phrase], index: "PhraseIndex | None" = None) -> None:
        self.all = tuple(phrases)
        self.index = index or PhraseIndex()
        self._start = self.index.add(self.all)
        self._end = self._start + len(self.all)

    def possible(self, keys: frozenset[Key]) -> list[int]:
        """The places of the phrases that a text with these keys can hold, in their order."""
        return self.among(self.index.possible(keys))

    def among(self, numbers: Sequence[int]) -> list[int]:
        """The places of those phrases whose numbers in the index are among these, which ascend."""
        first, last = bisect_left(numbers, self._start), bisect_left(numbers, self._end)
        return [number - self._start for number in numbers[first:last]]


class PhraseIndex:
    """The phrases of several lists by the rarest thing that each body of a phrase needs: a text is asked once for all.

    Each thing that is needed (any of some keys) has a bit, so that one comparison of numbers tells whether a text has all
    that a body needs.
    """

    __slots__ = ("_bits", "_by_key", "_needs_of", "_size")

    def __init__(self) -> None:
        self._bits: dict[frozenset[Key], int] = {}
        self._needs_of: dict[Key, int] = {}  # the bits of the needs that a key meets
        self._by_key: dict[Key, list[tuple[int, int]]] = {}  # numbers of phrases, and the bits of a body
        self._size = 0

    def add(self, phrases: Sequence[Phrase]) -> int:
        """Take in a list: its phrases get numbers in a row, of which this is the first."""
        first = self._size
        self._size += len(phrases)
        for number, phrase in enumerate(phrases, start=first):
            for body in phrase.needs:
                needed = 0
                for need in body:
                    needed |= self._bit(need)
                for key in body[0]:
                    self._by_key.setdefault(key, []).append((number, needed))
        return first

    def _bit(self, need: frozenset[Key]) -> int:
        if need not in self._bits:
            bit = self._bits[need] = 1 << len(self._bits)
            for key in need:
                self._needs_of[key] = self._needs_of.get(key, 0) | bit
        return self._bits[need]

    def possible(self, keys: frozenset[Key]) -> list[int]:
        """The numbers of the phrases that a text with these keys can hold, ascending."""
        met = 0
        for key in keys:
            if key in self._needs_of:
                met |= self._needs_of[key]
        found: set[int] = set()
        for key in keys:
            if key in self._by_key:
                found.update([number for number, needed in self._by_key[key] if met & needed == needed])
        return sorted(found)
