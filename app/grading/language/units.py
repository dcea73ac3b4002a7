"""A text made ready for look-ups: its sentences as units that tell by which keys (see `lookup`) each word can be found."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from app.grading.language.lookup import Key, compounds, keys_of_words, learned
from app.grading.language.negation import negated
from app.grading.language.tokens import Sentence, Span, sentences

Positions = tuple[int, ...]


class Unit(NamedTuple):
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `keys` are those of each word, `compounds` those of a word and the next as one, by the place of the first, `negated` the
    positions that are denied.
    """

    words: Sequence[str]
    spans: Sequence[Span]
    negated: frozenset[int]
    keys: Sequence[Sequence[Key]]
    compounds: Mapping[int, Key]


class ReadyText:
    """A text made ready for all phrases: by sentence, and as a whole where a rule asks for that."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.by_sentence = units

    @cached_property
    def whole(self) -> Sequence[Unit]:
        """All of the text as one unit."""
        return [_joined(self.by_sentence)] if len(self.by_sentence) > 1 else self.by_sentence


def ready(text: str) -> ReadyText:
    """The text made ready, once as long as no further word is learned."""
    return _ready(text, learned())


@lru_cache(maxsize=4_096)
def _ready(text: str, _size: int) -> ReadyText:
    return ReadyText([_unit(sentence) for sentence in sentences(text) if sentence.content])


def _unit(sentence: Sentence) -> Unit:
    words = [sentence.words[index] for index in sentence.content]
    spans = [sentence.spans[index] for index in sentence.content]
    under = negated(sentence)
    denied = (
        frozenset([at for at, index in enumerate(sentence.content) if index in under]) if under else under
    )
    return Unit(words, spans, denied, keys_of_words(words), compounds(words))


def _joined(units: Sequence[Unit]) -> Unit:
    """The units as one; a compound may stand over the gap between two."""
    words: list[str] = []
    spans: list[Span] = []
    denied: list[int] = []
    keys: list[Sequence[Key]] = []
    for unit in units:
        denied += [len(words) + position for position in unit.negated]
        words += unit.words
        spans += unit.spans
        keys += unit.keys
    return Unit(words, spans, frozenset(denied), keys, compounds(words))
