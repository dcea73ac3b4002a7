"""Finding a compiled phrase in a text: where its words stand, and whether they are asserted or negated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from app.grading.language.lookup import Key, is_beginning, keys_of, learned
from app.grading.language.negation import negated
from app.grading.language.phrases import Item, Near, Phrase, Together, Wording, items_of
from app.grading.language.spelling import stem
from app.grading.language.tokens import Token, sentences

SLACK = 6  # words that may stand between those of a phrase
CLOSE_SLACK = 1  # the same, where the phrase asks for words close together
MOST_MATCHES = 12
SHORTEST_COMPOUND = 6

Positions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `places` tells for each key (see `lookup`) where it stands, `negated` which positions are denied.
    """

    tokens: tuple[Token, ...]
    negated: frozenset[int]
    places: Mapping[Key, Sequence[Positions]]
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase was found: the tokens that count."""

    phrase: Phrase
    tokens: tuple[Token, ...]


def units(text: str, whole: bool) -> tuple[Unit, ...]:
    """The sentences of a text as units, or all of it as one."""
    return _units(text, whole, learned())


@lru_cache(maxsize=4_096)
def _units(text: str, whole: bool, size: int) -> tuple[Unit, ...]:
    found = [_content(one.tokens, one.content) for one in sentences(text)]
    if whole:
        found = [
            (
                [token for tokens, _ in found for token in tokens],
                [flag for _, flags in found for flag in flags],
            )
        ]
    return tuple(_unit(tokens, flags, size) for tokens, flags in found if tokens)


def _content(tokens: Sequence[Token], content: Sequence[int]) -> tuple[list[Token], list[bool]]:
    under = negated(tokens)
    return [tokens[index] for index in content], [index in under for index in content]


def _unit(tokens: list[Token], flags: list[bool], size: int) -> Unit:
    places: dict[Key, list[Positions]] = {}
    for position, token in enumerate(tokens):
        for key in keys_of(token, size):
            places.setdefault(key, []).append((position,))
    for position, (token, following) in enumerate(pairwise(tokens)):
        if token.word.isalpha() and following.word.isalpha():
            compound = token.word + following.word
            if len(compound) >= SHORTEST_COMPOUND and is_beginning(compound):
                places.setdefault(("stem", stem(compound)), []).append((position, position + 1))
    under = frozenset(index for index, flag in enumerate(flags) if flag)
    return Unit(tuple(tokens), under, places, frozenset(places))


def find(phrase: Phrase, text: str, *, whole: bool = False) -> Match | None:
    """The first place where the phrase is said with its polarity; None if nowhere."""
    for unit in units(text, whole):
        if not phrase.possible(unit.keys):
            continue
        for body in phrase.bodies:
            for positions in _matches(body, unit, phrase.polarity):
                return Match(phrase, tuple(unit.tokens[position] for position in sorted(set(positions))))
    return None


def nearly(phrase: Phrase, text: str) -> Match | None:
    """A place where all words of a phrase stand somewhere in the text, too far apart for `find`; None if they do not.

    Phrases of one word, those that look for a denial and those of an order are there or not: None.
    """
    if phrase.polarity == "negated":
        return None
    for unit in units(text, True):
        if not phrase.possible(unit.keys):
            continue
        for body in phrase.bodies:
            if _is_ordered(body):
                continue
            places = [next(_item_places(item, unit), None) for item in items_of(body)]
            if len(places) > 1 and all(places):
                positions = {position for one in places if one for position in one}
                if len(positions) > 1 and not (phrase.polarity == "asserted" and positions & unit.negated):
                    return Match(phrase, tuple(unit.tokens[position] for position in sorted(positions)))
    return None


def _is_ordered(body: Near | Together) -> bool:
    return isinstance(body, Together) and (body.ordered or any(_is_ordered(unit) for unit in body.units))


def _matches(body: Near | Together, unit: Unit, polarity: str) -> Iterator[Positions]:
    for positions in islice(_places(body, unit), MOST_MATCHES * 4):
        under = sum(position in unit.negated for position in positions)
        if polarity == "any" or (under > 0) == (polarity == "negated"):
            yield positions


def _places(body: Near | Together, unit: Unit) -> Iterator[Positions]:
    """All places of a body, whatever the polarity; bounded."""
    if isinstance(body, Near):
        yield from _near(body.items, unit, CLOSE_SLACK if body.close else SLACK)
    elif body.ordered:
        yield from _one_after_another(body.units, unit, -1)
    else:
        yield from _all_units(body.units, unit)


def _all_units(bodies: tuple[Near | Together, ...], unit: Unit) -> Iterator[Positions]:
    first, *rest = bodies
    for positions in islice(_places(first, unit), MOST_MATCHES):
        if not rest:
            yield positions
            continue
        for others in islice(_all_units(tuple(rest), unit), MOST_MATCHES):
            yield positions + others


def _one_after_another(bodies: tuple[Near | Together, ...], unit: Unit, after: int) -> Iterator[Positions]:
    first, *rest = bodies
    for positions in islice(_places(first, unit), MOST_MATCHES):
        if min(positions) <= after:
            continue
        if not rest:
            yield positions
            continue
        for others in _one_after_another(tuple(rest), unit, max(positions)):
            yield positions + others


def _near(items: tuple[Item, ...], unit: Unit, slack: int) -> Iterator[Positions]:
    """One place of each item, none used twice, with at most `slack` words between."""
    places = []
    for item in items:
        found = list(islice(_item_places(item, unit), MOST_MATCHES))
        if not found:
            return
        places.append(found)
    for anchor in places[0]:
        chosen = list(anchor)
        for others in places[1:]:
            free = [one for one in others if not set(one) & set(chosen)]
            if not free:
                break
            nearest = min(free, key=lambda one: min(abs(a - b) for a in one for b in chosen))
            chosen += nearest
        else:
            if max(chosen) - min(chosen) + 1 <= len(chosen) + slack:
                yield tuple(chosen)


def _item_places(item: Item, unit: Unit) -> Iterator[Positions]:
    seen: set[Positions] = set()
    for wording in item:
        starts = unit.places.get(wording[0].key)
        if starts is None:
            continue
        for positions in starts if len(wording) == 1 else _wording_places(wording, starts, unit):
            if positions not in seen:
                seen.add(positions)
                yield positions


def _wording_places(wording: Wording, starts: Sequence[Positions], unit: Unit) -> Iterator[Positions]:
    """The places where all words of a wording follow one another."""
    for start in starts:
        positions = list(start)
        for step in wording[1:]:
            places = unit.places.get(step.key, ())
            following = next((one for one in places if one[0] == positions[-1] + 1), None)
            if following is None:
                break
            positions += following
        else:
            yield tuple(positions)
