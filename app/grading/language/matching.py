"""Finding a compiled phrase in a text: where its words stand, and whether they are asserted or negated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from app.grading.language.lookup import Key
from app.grading.language.negation import NEAR_CUE, is_cue
from app.grading.language.phrases import Item, Near, Phrase, Polarity, Together, items_of
from app.grading.language.units import Positions, Unit, ready

SLACK = 6  # words that may stand between those of a phrase
CLOSE_SLACK = 1  # the same, where the phrase asks for words close together
MOST_MATCHES = 12


class Token(NamedTuple):
    """A word of a text that counts, and where it stands in code points."""

    word: str
    start: int
    end: int


class Match(NamedTuple):
    """Where a phrase was found: the tokens that count."""

    phrase: Phrase
    tokens: tuple[Token, ...]


def find(phrase: Phrase, text: str, *, whole: bool = False) -> Match | None:
    """The first place where the phrase is said with its polarity; None if nowhere."""
    return find_in(phrase, (ready(text).whole if whole else ready(text).by_sentence).all)


def find_in(phrase: Phrase, units: Sequence[Unit]) -> Match | None:
    """As `find`; of one unit the index of phrases knows already that its words are there."""
    for unit in units:
        if len(units) > 1 and not phrase.possible(unit.keys):
            continue
        for body in phrase.bodies:
            positions = _first(body, unit, phrase.polarity)
            if positions is not None:
                return _match(phrase, unit, set(positions))
    return None


def nearly_in(phrase: Phrase, units: Sequence[Unit]) -> Match | None:
    """Where all words of a phrase stand somewhere in the text, too far apart for `find_in`.

    Phrases of one word, those that look for a denial and those of an order are there or not: never nearly.
    """
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
                    return _match(phrase, unit, positions)
    return None


def _match(phrase: Phrase, unit: Unit, positions: set[int]) -> Match:
    words, spans = unit.words, unit.spans
    return Match(phrase, tuple([Token(words[at], *spans[at]) for at in sorted(positions)]))


def _is_ordered(body: Near | Together) -> bool:
    return isinstance(body, Together) and (body.ordered or any(_is_ordered(unit) for unit in body.units))


def _first(body: Near | Together, unit: Unit, polarity: Polarity) -> Positions | None:
    """The first place of a body that is asserted or denied as the phrase wants it."""
    if polarity == "any" or not unit.negated:  # nearly always: the first place is as good as any, or none is
        return None if polarity == "negated" else next(iter(_places(body, unit)), None)
    for positions in islice(_places(body, unit), MOST_MATCHES * 4):
        under = not unit.negated.isdisjoint(positions) and any(
            position in unit.negated and not _is_joined(position, positions, unit) for position in positions
        )
        if under == (polarity == "negated") or (polarity == "own" and _denies(positions, unit)):
            return positions
    return None


def _is_joined(position: int, positions: Positions, unit: Unit) -> bool:
    """Whether a word and the "non" before it are both words of the phrase: "nonlinear" for "non-linear"."""
    return position - 1 in positions and unit.words[position - 1] == NEAR_CUE


def _denies(positions: Positions, unit: Unit) -> bool:
    """Whether one of the words is a negation itself: "not the same"."""
    return any(is_cue(unit.words[position]) for position in positions)


def _places(body: Near | Together, unit: Unit) -> Iterable[Positions]:
    """All places of a body, whatever the polarity; bounded."""
    if isinstance(body, Near):
        if len(body.items) == 1:
            return _item_places(body.items[0], unit)[:MOST_MATCHES]
        return _near(body.items, unit, CLOSE_SLACK if body.close else SLACK)
    if body.ordered:
        return _one_after_another(body.units, unit, -1)
    return _all_units(body.units, unit)


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
        chosen = set(anchor)
        for others in places[1:]:
            free = [one for one in others if chosen.isdisjoint(one)]
            if not free:
                break
            chosen.update(free[0] if len(free) == 1 else min(free, key=partial(_distance, chosen)))
        else:
            if max(chosen) - min(chosen) + 1 <= len(chosen) + slack:
                yield tuple(chosen)


def _distance(chosen: set[int], one: Positions) -> int:
    return min([abs(a - b) for a in one for b in chosen])


def _item_places(item: Item, unit: Unit) -> Sequence[Positions]:
    """Where a thing stands, in the order of its wordings; each place once."""
    keys, places = unit.keys, unit.places
    ways = [
        way
        for key in item.keys & keys
        for way in item.beginning[key]
        if not way[2] or way[2][0] in keys  # the second word is there too
    ]
    if len(ways) > 1:
        ways.sort()
    found: list[Positions] = []
    for _, first, others in ways:
        found += _followed(places[first], others, places) if others else places[first]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _followed(
    starts: Sequence[Positions], others: tuple[Key, ...], places: Mapping[Key, Sequence[Positions]]
) -> list[Positions]:
    """The places where the other words of a wording follow its first."""
    found: list[Positions] = []
    for start in starts:
        positions = start
        for key in others:
            after = positions[-1] + 1
            following = [one for one in places.get(key, ()) if one[0] == after]
            if not following:
                break
            positions += following[0]
        else:
            found.append(positions)
    return found
