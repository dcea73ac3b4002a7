"""Which phrases can be in a text at all: seen at once from its keys, before any phrase is looked for."""

from collections.abc import Iterable, Mapping

from app.grading.language.lookup import Key
from app.grading.language.phrases import Phrase

Needs = tuple[frozenset[Key], ...]


class Phrases:
    """A list of phrases. Lists that are asked about the same texts share an index."""

    __slots__ = ("all", "index")

    def __init__(self, phrases: Iterable[Phrase], index: "PhraseIndex | None" = None) -> None:
        self.all = tuple(phrases)
        self.index = index or PhraseIndex()
        self.index.add(self)

    def possible(self, keys: frozenset[Key]) -> list[int]:
        """The places of the phrases that a text with these keys can hold, in their order."""
        return self.index.possible(keys).get(self, [])


class PhraseIndex:
    """The phrases of several lists by the rarest thing that each body of a phrase needs: a text is asked once for all."""

    __slots__ = ("_by_key", "_keys")

    def __init__(self) -> None:
        self._by_key: dict[Key, list[tuple[Phrases, int, Needs]]] = {}
        self._keys: set[Key] = set()

    def add(self, phrases: Phrases) -> None:
        """Take in a list."""
        for place, phrase in enumerate(phrases.all):
            for rarest, *others in phrase.needs:
                for key in rarest:
                    self._by_key.setdefault(key, []).append((phrases, place, tuple(others)))
        self._keys.update(self._by_key)

    def possible(self, keys: frozenset[Key]) -> Mapping[Phrases, list[int]]:
        """Of each list the places of the phrases that a text with these keys can hold, in their order."""
        found: dict[Phrases, set[int]] = {}
        for key in keys & self._keys:
            for phrases, place, others in self._by_key[key]:
                for need in others:
                    if need.isdisjoint(keys):
                        break
                else:
                    found.setdefault(phrases, set()).add(place)
        return {phrases: sorted(places) for phrases, places in found.items()}
