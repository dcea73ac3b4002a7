"""What of a text still stands: crossed-out and corrected words and copies of the question are blanked.

Offsets stay as they are: what does not count becomes spaces.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from app.grading.language.folding import folded
from app.grading.language.spelling import function_word

_CROSSED_OUT = re.compile(r"~~.{1,500}?~~", re.DOTALL)
_CORRECTION = re.compile(
    r"\b(?:(?:no,?\s+wait|wait,?\s+(?:no|actually)|scratch\s+that|strike\s+that|i\s+mean(?:\s+rather)?|oops|nein,?\s+doch|quatsch)\b[:,]?|correction:|sorry,(?!\s*(?:i|my|no|not|ran|if)\b))",
    re.IGNORECASE,
)
# One of them is in every correction: looked for first, since that is fast.
_SIGNS_OF_A_CORRECTION = (
    "wait",
    "scratch",
    "strike",
    "correction:",
    "mean",
    "sorry,",
    "oops",
    "nein",
    "quatsch",
)
_WORD = re.compile(r"\w+")
COPIED_WORDS = 8
MOST_CORRECTIONS = 40


@lru_cache(maxsize=2_048)
def standing(text: str, prompt: str = "") -> str:
    """The text with all that does not count blanked.

    "The mean. No wait, the variance" keeps only "the variance". Function words with two letters swapped ("nto") are mended.
    """
    words = _WORD.findall(text)
    mended = list(map(_mended, words))
    if mended != words:
        text = _WORD.sub(_unswapped, text)
    if "~~" in text:
        text = _CROSSED_OUT.sub(lambda match: _blank(match.group()), text)
    for match in _corrections(text):
        start = _statement_before(text, match.start())
        text = text[:start] + _blank(text[start : match.end()]) + text[match.end() :]
    if prompt and len(words) >= COPIED_WORDS and _may_be_copied(mended, prompt):
        return _without_copies(text, prompt)
    return text


def uncorrected(text: str) -> str:
    """The text without the words that take something back, which therefore stands: "The mean.          the variance"."""
    for match in _corrections(text):
        text = text[: match.start()] + _blank(match.group()) + text[match.end() :]
    return text


@lru_cache(maxsize=2_048)
def _corrections(text: str) -> Sequence[re.Match[str]]:
    if not any(map(folded(text).__contains__, _SIGNS_OF_A_CORRECTION)):
        return ()
    return tuple(islice(_CORRECTION.finditer(text), MOST_CORRECTIONS))


def _unswapped(match: re.Match[str]) -> str:
    return _mended(match.group())


@lru_cache(maxsize=50_000)
def _mended(typed: str) -> str:
    """A word such as "nto" as the function word that it is; as long as before."""
    meant = function_word(typed.lower())
    return typed if meant == typed.lower() else meant


def _statement_before(text: str, place: int) -> int:
    """Where the statement begins that a correction at `place` takes back."""
    end = place
    while end > 0 and text[end - 1] in " \t\n.,;:-–—(":
        end -= 1
    return max(text.rfind(sign, 0, end) for sign in ".;\n") + 1


def _blank(text: str) -> str:
    return "".join(" " if not character.isspace() else character for character in text)


def _may_be_copied(words: list[str], prompt: str) -> bool:
    """Whether enough words are in the question too: a fast look, in most cases the last."""
    _, known = _runs(prompt)
    return sum(map(known.__contains__, map(str.lower, words))) >= COPIED_WORDS


def _without_copies(text: str, prompt: str) -> str:
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
