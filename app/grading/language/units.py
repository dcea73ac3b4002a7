"""A text made ready for look-ups: its sentences as units that tell by which keys (see `lookup`) each word can be found."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from app.grading.language.lookup import learned
from app.grading.language.negation import negated
from app.grading.language.tokens import Sentence, Span, sentences
from app.grading.memory import TEXTS

Positions = tuple[int, ...]


class Unit:
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `negated` are the positions that are denied.
    """

    __slots__ = ("negated", "said", "words")

    def __init__(self, words: Sequence[str], negated: frozenset[int], said: Sequence[Sentence]) -> None:
        self.words = words
        self.negated = negated
        self.said = said

    def spans_at(self, positions: Iterable[int]) -> tuple[Span, ...]:
        """The places of some of the words, by their positions, ascending."""
        if len(self.said) == 1:
            return tuple(self.said[0].content_spans_at(positions))
        found: list[Span] = []
        wanted, first = list(positions), 0
        for sentence in self.said:
            last = first + len(sentence.content)
            found += sentence.content_spans_at([at - first for at in wanted if first <= at < last])
            first = last
        return tuple(found)


class ReadyText:
    """A text made ready for all phrases: by sentence, and as a whole where a rule asks for that."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.by_sentence = units

    @cached_property
    def whole(self) -> Unit:
        """All of the text as one unit."""
        return _joined(self.by_sentence)


def ready(text: str) -> ReadyText:
    """The text made ready, once as long as no further word is learned."""
    return _ready(text, learned())


@lru_cache(maxsize=TEXTS)
def _ready(text: str, _size: int) -> ReadyText:
    return ReadyText([_unit(sentence) for sentence in sentences(text) if sentence.content])


def _unit(sentence: Sentence) -> Unit:
    under = negated(sentence)
    return Unit(sentence.content, sentence.among_content(under) if under else under, [sentence])


def _joined(units: Sequence[Unit]) -> Unit:
    """The units as one."""
    words: list[str] = []
    denied: list[int] = []
    said: list[Sentence] = []
    for unit in units:
        denied += [len(words) + position for position in unit.negated]
        words += unit.words
        said += unit.said
    return Unit(words, frozenset(denied), said)
