"""Which phrases of a list can be in a text at all: seen at once from its keys, before any phrase is looked for."""

from collections.abc import Iterable

from app.grading.language.lookup import Key
from app.grading.language.phrases import Phrase

Needs = tuple[frozenset[Key], ...]


class Phrases:
    """A list of phrases with an index by the rarest thing that each body of a phrase needs."""

    __slots__ = ("_by_key", "_keys", "all")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.all = tuple(phrases)
        by_key: dict[Key, list[tuple[int, Needs]]] = {}
        for place, phrase in enumerate(self.all):
            for rarest, *others in phrase.needs:
                for key in rarest:
                    by_key.setdefault(key, []).append((place, tuple(others)))
        self._by_key, self._keys = by_key, frozenset(by_key)

    def possible(self, keys: frozenset[Key]) -> list[int]:
        """The places of the phrases that a text with these keys can hold, in their order."""
        places: set[int] = set()
        for key in self._keys & keys:
            for place, others in self._by_key[key]:
                for need in others:
                    if need.isdisjoint(keys):
                        break
                else:
                    places.add(place)
        return sorted(places)
