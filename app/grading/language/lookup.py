"""Which words of rubrics a word of an answer can be.

Phrases learn their words here when they are compiled, and get a number, the key, for each thing they look for. A word of
an answer is then compared with all of them once, by stem, beginning and typos; every phrase looks the keys up.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.grading.language.short_forms import is_short_for, written_out
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
Key = int  # stands for something that some phrase looks for; see `key_for`
KeysOfWords = WordMemory[tuple[Key, ...]]


class _Learned:
    """All words and beginnings of phrases, by their first letter; `size` grows with each new one."""

    def __init__(self) -> None:
        self.words: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.prefixes: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.all_prefixes: set[str] = set()
        self.stems: set[str] = set()
        self.words_of: dict[str, frozenset[str]] = defaultdict(frozenset)  # by their stem
        self.keys: dict[tuple[How, object], Key] = {}
        self.sought: list[tuple[How, object]] = []  # by key
        self.size = 0
        self.met = WordMemory(_keys_of_word)

    def key(self, how: How, what: object) -> Key:
        """The key of something to look for, a new one at the first time."""
        if (how, what) not in self.keys:
            self.keys[how, what] = len(self.keys)
            self.sought.append((how, what))
            self._grow()
        return self.keys[how, what]

    def add(self, word: str, how: How) -> None:
        """Remember a word; sets are replaced, never changed, so that other threads may read."""
        kept = self.words if how == "stem" else self.prefixes
        first = word[:1]
        if word not in kept[first]:
            kept[first] = kept[first] | {word}
            if how == "prefix":
                self.all_prefixes.add(word)
            self.stems.add(stem(word))
            self.words_of[stem(word)] |= {word}
            self._grow()

    def _grow(self) -> None:
        """What words of answers can be looked up by is worked out anew."""
        self.size += 1
        self.met = WordMemory(_keys_of_word)


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


def spellings_of(key: Key) -> frozenset[str]:
    """The stem that a key stands for and the words of phrases that have it; none where it stands for something else."""
    how, what = _LEARNED.sought[key]
    return frozenset({str(what)}) | _LEARNED.words_of[str(what)] if how == "stem" else _NONE


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
    forms = (word, *stems, *written_out(word))
    prefixes = _LEARNED.all_prefixes.intersection(
        beginning for form in forms for beginning in _beginnings(form)
    )
    meant += [("exact", word), *(("stem", one) for one in stems)]
    meant += [("prefix", prefix) for prefix in prefixes]
    if word.isalpha() and stems.isdisjoint(KNOWN_STEMS) and stems.isdisjoint(_LEARNED.stems):
        meant += _typos(word) or _shortened(word)
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


def _shortened(word: str) -> list[tuple[How, str]]:
    """The words and beginnings that the word may be short for."""
    words, prefixes = _LEARNED.words.get(word[:1], _NONE), _LEARNED.prefixes.get(word[:1], _NONE)
    stems = {stem(one) for one in words if is_short_for(word, one)}
    if len(stems) > 1 and not any(
        one.startswith(word) for one in stems
    ):  # "grd": for which of them nobody knows
        return []
    meant: list[tuple[How, str]] = [("stem", one) for one in stems]
    return meant + [("prefix", one) for one in prefixes if is_short_for(word, one)]


def _begun(word: str, prefixes: frozenset[str]) -> set[str]:
    """The beginnings of which that of the word is a slip: "vanihsing" or "vaanishing" for "vanish"."""
    return {
        prefix
        for size, some in _by_length(prefixes)
        for cut in dict.fromkeys((word[:size], word[: size + 1]))
        for prefix in _near(cut, some)
        if is_typo(cut, prefix)
    }


def _meant(word: str, stems: Mapping[str, str]) -> list[str]:
    """The words that a word is a slip of; few of them differ by so few letters, or their stems do, that it may be."""
    by_stem = process.extract(stem(word), stems, scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    near = dict.fromkeys([*_near(word, stems.keys()), *(found[2] for found in by_stem)])
    return [one for one in near if is_typo(word, one)]


def _near(word: str, words: Collection[str]) -> list[str]:
    """The words that differ from a word by so few letters that it may be a slip of them."""
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    return [one for one, _, _ in found]


@lru_cache(maxsize=256)
def _stems(words: frozenset[str]) -> Mapping[str, str]:
    return {word: stem(word) for word in words}


@lru_cache(maxsize=256)
def _by_length(prefixes: frozenset[str]) -> Sequence[tuple[int, Sequence[str]]]:
    """The lengths of beginnings, and those of each length; those too short to have a slip left out."""
    found: dict[int, list[str]] = defaultdict(list)
    for prefix in prefixes:
        if len(prefix) >= SHORTEST_SLIP:
            found[len(prefix)].append(prefix)
    return tuple(found.items())


def compound_key(compound: str) -> Key | None:
    """The key of two words written as one; None where no phrase looks for it."""
    if len(compound) < SHORTEST_COMPOUND or not compound.isalpha():
        return None
    return known_key("stem", stem(compound))


def _beginnings(word: str) -> list[str]:
    """ "rate" begins with "r", "ra", "rat" and itself."""
    return [word[:size] for size in range(1, len(word) + 1)]


_LEARNED = _Learned()
