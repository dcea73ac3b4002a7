"""What the rows of a table stand for, told by their names: "train-dev", "dev set (bridge)", "trian-dev"."""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

SHORTEST_PREFIX = 4
MOST_WORDS = 40

Names = Mapping[str, tuple[str, ...]]


def assign_roles(names: Sequence[str], roles: Names) -> list[str | None]:
    """The role of each row. Names that tell different roles settle it, in any order of the rows; with doubled
    or untelling names the order of the rows counts, if there are as many rows as roles.

    >>> known = {"train": ("train",), "bridge": ("train dev",), "test": ("test",)}
    >>> assign_roles(["test", "training", "train-dev"], known)
    ['test', 'train', 'bridge']
    >>> assign_roles(["fitting", "test (web)", "test (phone)"], known)  # untelling: the order counts
    ['train', 'bridge', 'test']
    """
    told = [role_of(name, roles) for name in names]
    if None not in told and len(set(told)) == len(told):
        return told
    if len(names) == len(roles):
        return list(roles)
    return [None] * len(names)


def role_of(name: str, roles: Names) -> str | None:
    """The one role whose known name fills most words of this name; None if there is none or more than one.

    Words of a known name stand side by side in either order; "train" also matches "trainset" and "trian".
    """
    words = _words(name)[:MOST_WORDS]
    lengths = {role: _longest_match(words, known) for role, known in roles.items()}
    best = max(lengths.values(), default=0)
    found = [role for role, length in lengths.items() if length == best]
    return found[0] if best and len(found) == 1 else None


def _longest_match(words: list[str], known: Sequence[str]) -> int:
    phrases = [_words(phrase) for phrase in known]
    return max((len(phrase) for phrase in phrases if _stands_in(phrase, words)), default=0)


def _stands_in(phrase: list[str], words: list[str]) -> bool:
    width = len(phrase)
    windows = [words[start : start + width] for start in range(len(words) - width + 1)]
    return any(_same(phrase, window) or _same(phrase, window[::-1]) for window in windows)


def _same(phrase: list[str], window: list[str]) -> bool:
    return all(_matches(known, word) for known, word in zip(phrase, window, strict=True))


def _matches(known: str, word: str) -> bool:
    """Equal, a longer form of it, or one slip of the keyboard away (but "rest" is not "test")."""
    if len(known) < SHORTEST_PREFIX or word.startswith(known):
        return word == known or len(known) >= SHORTEST_PREFIX
    return word[:1] == known[0] and OSA.distance(known, word, score_cutoff=1) <= 1


def _words(name: str) -> list[str]:
    """Lower-case words; "trainDev" and "train_dev" are two."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W\d_]+", apart.casefold())
