"""What the rows of a table stand for, told by their names: "train-dev", "dev set (bridge)", "trian-dev"."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import OSA

SHORTEST_PREFIX = 4
MOST_WORDS = 40

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")

Names = Mapping[str, tuple[str, ...]]
Phrase = tuple[str, ...]


class Known(NamedTuple):
    """The names of all roles: their words by the first letter, the names and their roles by the first word.

    `told` has what each of these names tells as the whole name of a row, as it is most often.
    """

    roles: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, Sequence[tuple[Phrase, str]]]
    told: Mapping[Phrase, str | None]


def known_names(roles: Names) -> Known:
    """Split once for all tables, and in order: a word is compared with few others, a name with fewer."""
    words: dict[str, dict[str, None]] = {}
    phrases: dict[str, list[tuple[Phrase, str]]] = {}
    for role, names in roles.items():
        for phrase in filter(None, map(_words, names)):
            phrases.setdefault(phrase[0], []).append((phrase, role))
            for word in phrase:
                words.setdefault(word[0], {})[word] = None
    known = Known(tuple(roles), {letter: tuple(some) for letter, some in words.items()}, phrases, {})
    listed: dict[Phrase, set[str]] = {}
    for phrase, role in chain.from_iterable(phrases.values()):
        listed.setdefault(phrase, set()).add(role)
    told = {phrase: next(iter(its)) if len(its) == 1 else None for phrase, its in listed.items()}
    return known._replace(told=told)


def assign_roles(names: Sequence[str], known: Known) -> list[str | None]:
    """The role of each row. Names that tell different roles settle it, in any order of the rows; with doubled
    or untelling names the order of the rows counts, if there are as many rows as roles.

    >>> known = known_names({"train": ("train",), "bridge": ("train dev",), "test": ("test",)})
    >>> assign_roles(["test", "training", "train-dev"], known)
    ['test', 'train', 'bridge']
    >>> assign_roles(["fitting", "test (web)", "test (phone)"], known)  # untelling: the order counts
    ['train', 'bridge', 'test']
    """
    told = [role_of(name, known) for name in names]
    if None not in told and len(set(told)) == len(told):
        return told
    if len(names) == len(known.roles):
        return list(known.roles)
    return [None] * len(names)


def role_of(name: str, known: Known) -> str | None:
    """The one role whose known name fills most words of this name; None if there is none or more than one.

    Words of a known name stand side by side in either order; "train" also matches "trainset" and "trian".

    >>> role_of("traindev", known_names({"train": ("train",), "bridge": ("traindev",)}))
    'bridge'
    """
    words = _words(name)
    return known.told[words] if words in known.told else _told(words, known)


def _told(words: Phrase, known: Known) -> str | None:
    heard = [_meant(word, known.words.get(word[0], ())) for word in words[:MOST_WORDS]]
    longest = dict.fromkeys(known.roles, 0)
    for at, meanings in enumerate(heard):
        for first in meanings:
            for phrase, role in known.phrases.get(first, ()):
                if len(phrase) > longest[role] and _stands_at(at, phrase, heard):
                    longest[role] = len(phrase)
    best = max(longest.values(), default=0)
    found = [role for role, length in longest.items() if length == best]
    return found[0] if best and len(found) == 1 else None


@lru_cache(maxsize=4096)
def _meant(word: str, candidates: tuple[str, ...]) -> Sequence[str]:
    """The words of known names that a word may be, among those that begin with its letter."""
    return [one for one in candidates if _matches(one, word)]


def _stands_at(at: int, phrase: Phrase, heard: Sequence[Sequence[str]]) -> bool:
    """Whether a phrase, whose first word is heard at this place, goes on from there, forwards or backwards."""
    width = len(phrase)
    ways = heard[at : at + width], heard[max(0, at - width + 1) : at + 1][::-1]
    return any(
        len(way) == width and all(word in meanings for word, meanings in zip(phrase, way, strict=True))
        for way in ways
    )


def _matches(known: str, word: str) -> bool:
    """Equal, a longer form of it, or one slip of the keyboard away (but "rest" is not "test")."""
    if len(known) < SHORTEST_PREFIX or word.startswith(known):
        return word == known or len(known) >= SHORTEST_PREFIX
    return word[:1] == known[0] and OSA.distance(known, word, score_cutoff=1) <= 1


def _words(name: str) -> Phrase:
    """Lower-case words; "trainDev" and "train_dev" are two."""
    return tuple(_WORD.findall(_HUMP.sub(" ", name).casefold()))
