"""Which words of rubrics a word of an answer can be.

Phrases learn their words here when they are compiled, and get a number, the key, for each thing they look for. A word of
an answer is then compared with all of them once, by stem, beginning and typos; every phrase looks the keys up.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import add
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.grading.language.spelling import KNOWN_STEMS, SHORTEST_SLIP, is_typo, stem
from app.grading.language.tokens import number_of, stems_of
from app.grading.language.word_memory import WordMemory

How = Literal["stem", "prefix", "exact", "number"]
_ANY_NUMBER: tuple[tuple[()], tuple[tuple[How, object]]] = (
    (),
    (("number", None),),
)  # of "three" not, of "3" yes
MOST_SLIPS = 2
_NONE: frozenset[str] = frozenset()
SHORTEST_COMPOUND = 6
SURE_LETTERS = 4  # at the beginning of a word that its endings leave alone
Key = int  # stands for something that some phrase looks for; see `key_for`
KeysOfWords = WordMemory[tuple[Key, ...]]


class _Learned:
    """All words and beginnings of phrases, by their first letter; `size` grows with each new one."""

    def __init__(self) -> None:
        self.words: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.prefixes: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.beginnings: set[str] = set()
        self.stems: set[str] = set()
        self.keys: dict[tuple[How, object], Key] = {}
        self.size = 0
        self.met = WordMemory(_keys_of_word)
        self.met_pairs = WordMemory(_compound_key)

    def key(self, how: How, what: object) -> Key:
        """The key of something to look for, a new one at the first time."""
        key = self.keys.setdefault((how, what), len(self.keys))
        if key + 1 == len(self.keys):
            self._grow()
        return key

    def add(self, word: str, how: How) -> None:
        """Remember a word; sets are replaced, never changed, so that other threads may read."""
        kept = self.words if how == "stem" else self.prefixes
        first = word[:1]
        if word not in kept[first]:
            kept[first] = kept[first] | {word}
            self.beginnings.add(word[:SURE_LETTERS])
            self.stems.add(stem(word))
            self._grow()

    def _grow(self) -> None:
        """What words of answers can be looked up by is worked out anew."""
        self.size += 1
        self.met = WordMemory(_keys_of_word)
        self.met_pairs = WordMemory(_compound_key)


_ONE_AT_A_TIME = threading.Lock()  # two exams may be compiled at once


def learn(word: str, how: How) -> None:
    """Remember a word ("stem") or a beginning of words ("prefix") that phrases look for."""
    _LEARNED.add(word, how)


def key_for(how: How, what: object) -> Key:
    """The key of what a phrase looks for: ("stem", "gradient"), ("number", Fraction(5)); ("number", None) is any number."""
    with _ONE_AT_A_TIME:
        return _LEARNED.key(how, what)


def known_key(how: How, what: object) -> Key | None:
    """The key, None where no phrase looks for this."""
    return _LEARNED.keys.get((how, what))


def learned() -> int:
    """How many words are known: what was looked up before may be looked up anew when this grows."""
    return _LEARNED.size


def keys_of_words() -> KeysOfWords:
    """What each word can be looked up by: as a number first, then as it is, typos last. Another one once a word is learned."""
    return _LEARNED.met


def _keys_of_word(word: str) -> tuple[Key, ...]:
    stems, number = stems_of(word), number_of(word)
    meant: list[tuple[How, object]] = (
        [] if number is None else [("number", number), *_ANY_NUMBER[word[:1].isdecimal()]]
    )
    forms = (word, *stems)
    prefixes = {
        prefix for form in forms for prefix in _LEARNED.prefixes.get(form[:1], ()) if form.startswith(prefix)
    }
    meant += [("exact", word), *(("stem", one) for one in stems)]
    meant += [("prefix", prefix) for prefix in prefixes]
    if word.isalpha() and stems.isdisjoint(KNOWN_STEMS) and stems.isdisjoint(_LEARNED.stems):
        meant += _typos(word)
    keys = (_LEARNED.keys.get(one) for one in meant)
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _typos(word: str) -> list[tuple[How, str]]:
    """The words and beginnings that the word may be a slip of: all of them begin with its letter, or its first two are swapped."""
    words, prefixes = _LEARNED.words.get(word[:1], _NONE), _LEARNED.prefixes.get(word[:1], _NONE)
    meant: list[tuple[How, str]] = [("stem", stem(one)) for one in _meant(word, _stems(words))]
    meant += [("prefix", prefix) for prefix in _begun(word, prefixes) if not word.startswith(prefix)]
    turned = word[1:2] + word[:1] + word[2:]
    if turned[:1] != word[:1]:
        words, prefixes = _LEARNED.words.get(turned[:1], _NONE), _LEARNED.prefixes.get(turned[:1], _NONE)
        meant += [("stem", stem(turned))] if turned in words and is_typo(word, turned) else []
        cuts = [(word[:size], turned[:size]) for size in range(2, len(word) + 1)]
        meant += [("prefix", prefix) for cut, prefix in cuts if prefix in prefixes and is_typo(cut, prefix)]
    return meant


def _begun(word: str, prefixes: frozenset[str]) -> set[str]:
    """The beginnings of which that of the word is a slip: "vanihsing" or "vaanishing" for "vanish"."""
    return {
        prefix
        for size, stems in _by_length(prefixes)
        for cut in dict.fromkeys((word[:size], word[: size + 1]))
        for prefix in _meant(cut, stems)
    }


def _meant(word: str, stems: Mapping[str, str]) -> list[str]:
    """The words that a word is a slip of; few of them differ by so few letters, or their stems do, that it may be."""
    whole = process.extract(word, stems.keys(), scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    cut = process.extract(stem(word), stems, scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    near = dict.fromkeys([*(found[0] for found in whole), *(found[2] for found in cut)])
    return [one for one in near if is_typo(word, one)]


@lru_cache(maxsize=256)
def _stems(words: frozenset[str]) -> Mapping[str, str]:
    return {word: stem(word) for word in words}


@lru_cache(maxsize=256)
def _by_length(prefixes: frozenset[str]) -> Sequence[tuple[int, Mapping[str, str]]]:
    """The lengths of beginnings, and those of each length with their stems; those too short to have a slip left out."""
    stems: dict[int, dict[str, str]] = defaultdict(dict)
    for prefix in prefixes:
        if len(prefix) >= SHORTEST_SLIP:
            stems[len(prefix)][prefix] = stem(prefix)
    return tuple(stems.items())


def compounds(words: Sequence[str]) -> dict[int, Key]:
    """The keys of neighbours that are one word when written together, by the place of the first: "learning rate" as "learningrate"."""
    found = list(map(_LEARNED.met_pairs.__getitem__, map(add, words, words[1:])))
    if found.count(None) == len(found):  # nearly always
        return {}
    return {position: key for position, key in enumerate(found) if key is not None}


def _compound_key(compound: str) -> Key | None:
    """The key of two words written as one; None where no phrase looks for it, as the first letters tell in most cases."""
    if len(compound) < SHORTEST_COMPOUND or compound[:SURE_LETTERS] not in _LEARNED.beginnings:
        return None
    return known_key("stem", stem(compound)) if compound.isalpha() else None


_LEARNED = _Learned()
