"""A text made ready for look-ups: its sentences as units that tell where each key (see `lookup`) stands."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.grading.language.lookup import Key, compound_key, keys_of_word, learned
from app.grading.language.negation import negated
from app.grading.language.tokens import Sentence, Span, sentences

Positions = tuple[int, ...]
Keys = tuple[Key, ...]
Compound = tuple[int, Key]  # where its first word stands
MOST_SINGLE = 200
_SINGLE = tuple([((position,),) for position in range(MOST_SINGLE)])  # made once, since every word needs one


class Unit:
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `keys` are all that stand in it, `negated` the positions that are denied.
    """

    def __init__(
        self,
        words: Sequence[str],
        spans: Sequence[Span],
        negated: frozenset[int],
        keys: Sequence[Keys],
        compounds: Sequence[Compound],
    ) -> None:
        self.words = words
        self.spans = spans
        self.negated = negated
        self.keys_of_words = keys
        self.compounds = compounds
        self.keys = frozenset().union(*keys, [key for _, key in compounds])

    @cached_property
    def places(self) -> Mapping[Key, Sequence[Positions]]:
        """Where each key stands, single words first; made when a phrase asks for the first time."""
        places: dict[Key, Sequence[Positions]] = {}
        for position, keys in enumerate(self.keys_of_words):
            here = _SINGLE[position] if position < MOST_SINGLE else ((position,),)
            for key in keys:
                if key not in places:
                    places[key] = here
                elif isinstance(there := places[key], list):
                    there += here
                else:
                    places[key] = [*there, *here]
        for position, key in self.compounds:
            places[key] = (*places.get(key, ()), (position, position + 1))
        return places


class Units(NamedTuple):
    """Units and the keys that stand in any of them."""

    all: tuple[Unit, ...]
    keys: frozenset[Key]


class ReadyText:
    """A text made ready for all phrases: by sentence, and as a whole where a rule asks for that."""

    def __init__(self, units: Sequence[Unit], size: int) -> None:
        self.by_sentence = _together(tuple(units))
        self.over_gaps = _over_gaps(units, size) if len(units) > 1 else frozenset()
        self.size = size

    @cached_property
    def whole(self) -> Units:
        """All of the text as one unit."""
        units = self.by_sentence.all
        return _together((_joined(units, self.size),)) if len(units) > 1 else self.by_sentence


def ready(text: str) -> ReadyText:
    """The text made ready, once as long as no further word is learned."""
    return _ready(text, learned())


@lru_cache(maxsize=4_096)
def _ready(text: str, size: int) -> ReadyText:
    return ReadyText([_unit(sentence, size) for sentence in sentences(text) if sentence.content], size)


def _together(units: tuple[Unit, ...]) -> Units:
    return Units(units, units[0].keys if len(units) == 1 else frozenset().union(*(one.keys for one in units)))


def _unit(sentence: Sentence, size: int) -> Unit:
    words = [sentence.words[index] for index in sentence.content]
    spans = [sentence.spans[index] for index in sentence.content]
    under = negated(sentence)
    denied = (
        frozenset([at for at, index in enumerate(sentence.content) if index in under]) if under else under
    )
    return Unit(words, spans, denied, [keys_of_word(word, size) for word in words], _compounds(words, size))


def _compounds(words: Sequence[str], size: int) -> list[Compound]:
    """Neighbours that are one word when written together: "learning rate" as "learningrate"."""
    found = [compound_key(word + following, size) for word, following in pairwise(words)]
    return [(position, key) for position, key in enumerate(found) if key is not None]


def _over_gaps(units: Sequence[Unit], size: int) -> frozenset[Key]:
    """The keys of compounds that stand over the gap between two sentences: "learning. Rate"."""
    found = [compound_key(one.words[-1] + following.words[0], size) for one, following in pairwise(units)]
    return frozenset([key for key in found if key is not None])


def _joined(units: Sequence[Unit], size: int) -> Unit:
    """The units as one; a compound may stand over the gap between two."""
    words: list[str] = []
    spans: list[Span] = []
    denied: list[int] = []
    keys: list[Keys] = []
    for unit in units:
        denied += [len(words) + position for position in unit.negated]
        words += unit.words
        spans += unit.spans
        keys += unit.keys_of_words
    return Unit(words, spans, frozenset(denied), keys, _compounds(words, size))
