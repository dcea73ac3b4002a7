"""The part of a text under a heading: of "forward: ... backward: ..." what is told of backward."""

import re
from collections.abc import Iterator, Sequence

from app.grading.language import Phrases, find_in, ready
from app.grading.language.tokens import Span
from app.grading.language.units import Unit

HEADING_WORDS = 3  # as many words into a sentence a heading may stand: "In the backward pass, ..."


def under(heads: Phrases, text: str) -> str:
    """The text under the first phrase of `heads` up to the second, as long as before: all else becomes spaces.

    A phrase is a heading where a sentence opens with it, and before a colon. Surprising: without a heading nothing is left.
    """
    kept = list(text)
    for start, end in _others(heads, text):
        kept[start:end] = _BLANKS.sub(" ", text[start:end])
    return "".join(kept)


_BLANKS = re.compile(r"\S")


def _others(heads: Phrases, text: str) -> Iterator[Span]:
    """The stretches that stand under another heading or under none."""
    wanted, last = False, 0
    for place, opens in [*_headings(heads, text), (len(text), False)]:
        if not wanted:
            yield last, place
        wanted, last = opens, place


def _headings(heads: Phrases, text: str) -> Sequence[tuple[int, bool]]:
    """Where headings stand, and whether what follows is wanted."""
    found = []
    search = heads.index.search(ready(text).by_sentence)
    for number in heads.numbers:
        for places in search.where(number):
            match = find_in(heads.of(number), [places])
            if match and (place := _opening(match.spans, _beginning(places.unit), text)) is not None:
                found.append((place, number == heads.numbers.start))
    return sorted(found)


def _beginning(unit: Unit) -> Sequence[Span]:
    """The places of the first words."""
    return unit.spans_at(range(min(HEADING_WORDS, len(unit.words))))


def _opening(match: Sequence[Span], beginning: Sequence[Span], text: str) -> int | None:
    """Where the section begins, if these words are a heading."""
    start, end = match[0][0], match[-1][1]
    if text[end : end + 2].lstrip().startswith(":"):
        return start
    return beginning[0][0] if start in [first for first, _ in beginning] else None
