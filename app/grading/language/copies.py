"""Words of an answer that are copied from the question, and therefore say nothing."""

import re
from functools import lru_cache

from app.grading.language.tokens import sentences

_WORD = re.compile(r"\w+")
COPIED_WORDS = 8
BLOCK = COPIED_WORDS // 2  # words; a question cut into blocks has a whole one in every copy


def may_be_copied(text: str, prompt: str) -> bool:
    """Whether all words of a block of the question are in the text: a fast look, in most cases the last."""
    blocks, longest = _blocks(prompt)
    if all(map(longest.isdisjoint, [sentence.words for sentence in sentences(text)])):
        return False
    lower = text.lower()
    for block in blocks:
        for word in block:
            if word not in lower:
                break
        else:
            return True
    return False


@lru_cache(maxsize=512)
def _blocks(prompt: str) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    """The question cut into blocks of words, the longest word of each first: every copy has all words of one of them. And all
    words that the longest words are read as.
    """
    words = _WORD.findall(prompt.lower())
    blocks = [words[first : first + BLOCK] for first in range(0, len(words) - BLOCK + 1, BLOCK)]
    ordered = tuple([tuple(sorted(block, key=len, reverse=True)) for block in blocks])
    read = sentences(" ".join([block[0] for block in ordered]))
    return ordered, frozenset([word for sentence in read for word in sentence.words])


def without_copies(text: str, prompt: str) -> str:
    """The text with the words blanked that are copied from the question, eight in a row or more."""
    runs, known = _runs(prompt)
    copied: set[int] = set()
    length = 0  # of the run of words that are all in the question
    lower = [word.lower() for word in _WORD.findall(text)]
    for index, word in enumerate(lower):
        length = length + 1 if word in known else 0
        first = index - COPIED_WORDS + 1
        if length >= COPIED_WORDS and tuple(lower[first : index + 1]) in runs:
            copied.update(range(first, index + 1))
    if not copied:
        return text
    words = list(_WORD.finditer(text))
    for index in copied:
        start, end = words[index].span()
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=512)
def _runs(prompt: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """All runs of words of the question that are long enough to be a copy, and all its words."""
    words = [word.lower() for word in _WORD.findall(prompt)]
    runs = frozenset(
        tuple(words[index : index + COPIED_WORDS]) for index in range(len(words) - COPIED_WORDS + 1)
    )
    return runs, frozenset(words)
