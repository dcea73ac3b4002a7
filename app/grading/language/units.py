"""A text made ready for look-ups: its sentences as units that tell by which keys (see `lookup`) each word can be found."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from app.grading.language.lookup import Key, compound_key, keys_of_word, learned
from app.grading.language.negation import negated
from app.grading.language.tokens import Sentence, Span, sentences

Positions = tuple[int, ...]


class Unit:
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `keys` are those of each word, `compounds` those of a word and the next as one, by the place of the first, `negated` the
    positions that are denied.
    """

    __slots__ = ("compounds", "keys", "negated", "spans", "words")

    def __init__(
        self, words: Sequence[str], spans: Sequence[Span], negated: frozenset[int], size: int
    ) -> None:
        self.words = words
        self.spans = spans
        self.negated = negated
        self.keys: Sequence[Sequence[Key]] = [keys_of_word(word, size) for word in words]
        self.compounds = _compounds(words, size)


class ReadyText:
    """A text made ready for all phrases: by sentence, and as a whole where a rule asks for that."""

    def __init__(self, units: Sequence[Unit], size: int) -> None:
        self.by_sentence = units
        self.size = size

    @cached_property
    def whole(self) -> Sequence[Unit]:
        """All of the text as one unit."""
        return [_joined(self.by_sentence, self.size)] if len(self.by_sentence) > 1 else self.by_sentence


def ready(text: str) -> ReadyText:
    """The text made ready, once as long as no further word is learned."""
    return _ready(text, learned())


@lru_cache(maxsize=4_096)
def _ready(text: str, size: int) -> ReadyText:
    return ReadyText([_unit(sentence, size) for sentence in sentences(text) if sentence.content], size)


def _unit(sentence: Sentence, size: int) -> Unit:
    words = [sentence.words[index] for index in sentence.content]
    spans = [sentence.spans[index] for index in sentence.content]
    under = negated(sentence)
    denied = (
        frozenset([at for at, index in enumerate(sentence.content) if index in under]) if under else under
    )
    return Unit(words, spans, denied, size)


def _compounds(words: Sequence[str], size: int) -> Mapping[int, Key]:
    """Neighbours that are one word when written together: "learning rate" as "learningrate"."""
    found = [compound_key(word + following, size) for word, following in pairwise(words)]
    return {position: key for position, key in enumerate(found) if key is not None}


def _joined(units: Sequence[Unit], size: int) -> Unit:
    """The units as one; a compound may stand over the gap between two."""
    words: list[str] = []
    spans: list[Span] = []
    denied: list[int] = []
    for unit in units:
        denied += [len(words) + position for position in unit.negated]
        words += unit.words
        spans += unit.spans
    return Unit(words, spans, frozenset(denied), size)
