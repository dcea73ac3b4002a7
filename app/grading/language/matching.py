"""Finding a compiled phrase in a text: where its words stand, and whether they are asserted or negated."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from app.grading.language.lookup import Key, is_beginning, keys_of, known_key, learned
from app.grading.language.negation import is_cue, negated
from app.grading.language.phrases import Item, Near, Phrase, Phrases, Together, Wording, items_of
from app.grading.language.spelling import stem
from app.grading.language.tokens import Token, sentences

SLACK = 6  # words that may stand between those of a phrase
CLOSE_SLACK = 1  # the same, where the phrase asks for words close together
MOST_MATCHES = 12
SHORTEST_COMPOUND = 6

Positions = tuple[int, ...]


class Unit(NamedTuple):
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only.

    `places` tells for each key (see `lookup`) where it stands, `negated` which positions are denied.
    """

    tokens: tuple[Token, ...]
    negated: frozenset[int]
    places: Mapping[Key, Sequence[Positions]]
    keys: frozenset[Key]


class Match(NamedTuple):
    """Where a phrase was found: the tokens that count."""

    phrase: Phrase
    tokens: tuple[Token, ...]


class Prepared(NamedTuple):
    """A text made ready for all phrases: its units and the keys that stand anywhere in it."""

    units: tuple[Unit, ...]
    keys: frozenset[Key]


def prepared(text: str, whole: bool) -> Prepared:
    """The sentences of a text as units, or all of it as one."""
    return _prepared(text, whole, learned())


@lru_cache(maxsize=4_096)
def _prepared(text: str, whole: bool, size: int) -> Prepared:
    if not whole:
        found = (_unit(one.tokens, one.content, size) for one in sentences(text))
        return _together(tuple(unit for unit in found if unit.tokens))
    units = _prepared(text, False, size).units
    return _together((_joined(units),) if len(units) > 1 else units)


def _together(units: tuple[Unit, ...]) -> Prepared:
    return Prepared(units, frozenset().union(*(unit.keys for unit in units)))


def _unit(tokens: Sequence[Token], content: Sequence[int], size: int) -> Unit:
    under = negated(tokens)
    kept = tuple([tokens[index] for index in content])
    places: dict[Key, list[Positions]] = {}
    for position, token in enumerate(kept):
        for key in keys_of(token, size):
            places.setdefault(key, []).append((position,))
    for position, (token, following) in enumerate(pairwise(kept)):
        _add_compound(places, token, following, position)
    denied = frozenset(place for place, index in enumerate(content) if index in under) if under else under
    return Unit(kept, denied, places, frozenset(places))


def _joined(units: Sequence[Unit]) -> Unit:
    """The units as one; a compound may stand over the gap between two."""
    tokens: list[Token] = []
    denied: list[int] = []
    places: dict[Key, list[Positions]] = {}
    for unit in units:
        start = len(tokens)
        denied += [start + position for position in unit.negated]
        for key, found in unit.places.items():
            moved = [tuple([start + position for position in positions]) for positions in found]
            places.setdefault(key, []).extend(moved)
        if start:
            _add_compound(places, tokens[-1], unit.tokens[0], start - 1)
        tokens += unit.tokens
    for found_places in places.values():
        if len(found_places[-1]) > 1 or len(found_places[0]) > 1:
            found_places.sort()
        found_places.sort(key=len)  # single words first
    return Unit(tuple(tokens), frozenset(denied), places, frozenset(places))


def _add_compound(places: dict[Key, list[Positions]], token: Token, following: Token, position: int) -> None:
    """Note two words that are one when written together: "learning rate" as "learningrate"."""
    compound = token.word + following.word
    if len(compound) >= SHORTEST_COMPOUND and is_beginning(compound) and compound.isalpha():
        key = known_key("stem", stem(compound))
        if key is not None:
            places.setdefault(key, []).append((position, position + 1))


def find_first(phrases: Phrases, text: str, *, whole: bool = False) -> Iterator[tuple[int, Match]]:
    """Where the phrases are said that can be: place in the list and match, in the order of the list."""
    ready = prepared(text, whole)
    for place in phrases.possible(ready.keys):
        match = _found(phrases.all[place], ready.units)
        if match is not None:
            yield place, match


def find(phrase: Phrase, text: str, *, whole: bool = False) -> Match | None:
    """The first place where the phrase is said with its polarity; None if nowhere."""
    return _found(phrase, prepared(text, whole).units)


def _found(phrase: Phrase, units: Sequence[Unit]) -> Match | None:
    for unit in units:
        if not phrase.possible(unit.keys):
            continue
        for body in phrase.bodies:
            for positions in _matches(body, unit, phrase.polarity):
                return Match(phrase, tuple(unit.tokens[position] for position in sorted(set(positions))))
    return None


def nearly_first(phrases: Phrases, text: str) -> Iterator[tuple[int, Match]]:
    """Where all words of a phrase stand somewhere in the text, too far apart for `find`; as `find_first` tells it.

    Phrases of one word, those that look for a denial and those of an order are there or not: never nearly.
    """
    ready = prepared(text, True)
    for place in phrases.possible(ready.keys):
        match = _nearly(phrases.all[place], ready.units)
        if match is not None:
            yield place, match


def _nearly(phrase: Phrase, units: Sequence[Unit]) -> Match | None:
    if phrase.polarity == "negated":
        return None
    for unit in units:
        for body in phrase.bodies:
            if _is_ordered(body):
                continue
            places = [next(iter(_item_places(item, unit)), None) for item in items_of(body)]
            if len(places) > 1 and all(places):
                positions = {position for one in places if one for position in one}
                if len(positions) > 1 and not (phrase.polarity == "asserted" and positions & unit.negated):
                    return Match(phrase, tuple(unit.tokens[position] for position in sorted(positions)))
    return None


def _is_ordered(body: Near | Together) -> bool:
    return isinstance(body, Together) and (body.ordered or any(_is_ordered(unit) for unit in body.units))


def _matches(body: Near | Together, unit: Unit, polarity: str) -> Iterator[Positions]:
    for positions in islice(_places(body, unit), MOST_MATCHES * 4):
        under = any(position in unit.negated for position in positions)
        if (
            polarity == "any"
            or under == (polarity == "negated")
            or (polarity == "own" and _denies(positions, unit))
        ):
            yield positions


def _denies(positions: Positions, unit: Unit) -> bool:
    """Whether one of the words is a negation itself: "not the same"."""
    return any(is_cue(unit.tokens[position].word) for position in positions)


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
        found = _item_places(item, unit)[:MOST_MATCHES]
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


def _item_places(item: Item, unit: Unit) -> Sequence[Positions]:
    """Where a thing stands, in the order of its wordings; each place once."""
    found: list[Positions] = []
    for wording in item.ways_in(unit.keys):
        starts = unit.places[wording[0].key]
        found += starts if len(wording) == 1 else _wording_places(wording, starts, unit)
    return list(dict.fromkeys(found)) if len(found) > 1 else found


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
