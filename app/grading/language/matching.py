"""Finding a compiled phrase in a text: where its words stand, and whether they are asserted or negated."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from msgspec import Struct

from app.grading.language.negation import NEAR_CUE, is_cue
from app.grading.language.phrase_index import Phrases, Places
from app.grading.language.phrases import Item, Near, Phrase, Polarity, Together, items_of
from app.grading.language.tokens import Span
from app.grading.language.units import Positions, Unit, ready

SLACK = 6  # words that may stand between those of a phrase
CLOSE_SLACK = 1  # the same, where the phrase asks for words close together
MOST_MATCHES = 12


class Match(Struct, frozen=True, gc=False):
    """Where a phrase was found: the places in code points of the words that count, in their order."""

    phrase: Phrase
    spans: tuple[Span, ...]


def find(phrase: Phrase, text: str, *, whole: bool = False) -> Match | None:
    """The first place where the phrase is said with its polarity; None if nowhere."""
    search = Phrases([phrase]).index.search(ready(text).by_sentence)
    return find_in(phrase, (search.together(ready(text).whole) if whole else search).where(0))


def find_in(phrase: Phrase, where: Iterable[Places]) -> Match | None:
    """As `find`, in the units of which an index says that the words are there."""
    polarity = phrase.polarity
    for places in where:
        unit = places.unit
        if polarity == "negated" and not unit.negated:
            continue
        free = polarity == "any" or not unit.negated  # in most cases: the first place is as good as any
        if free and phrase.alone:
            at = places.of(phrase.alone)[0]
            return Match(phrase, unit.spans_at(range(at[0], at[-1] + 1)))
        for body in phrase.bodies:
            positions = _first_of(body, places) if free else _first_fit(body, places, polarity)
            if positions is not None:
                return _match(phrase, unit, set(positions))
    return None


def nearly_in(phrase: Phrase, where: Iterable[Places]) -> Match | None:
    """Where all words of a phrase stand somewhere in the text, too far apart for `find_in`."""
    if phrase.polarity == "negated":
        return None
    for places in where:
        for body in phrase.bodies:
            if _is_ordered(body):
                continue
            found = [places.of(item)[:1] for item in items_of(body)]
            if len(found) > 1 and all(found):
                positions = {position for one in found for position in one[0]}
                denied = phrase.polarity == "asserted" and positions & places.unit.negated
                if len(positions) > 1 and not denied:
                    return _match(phrase, places.unit, positions)
    return None


def can_be_near(phrase: Phrase) -> bool:
    """Phrases of one word, those that look for a denial and those of an order are there or not: never nearly."""
    return phrase.polarity != "negated" and any(
        not _is_ordered(body) and len(list(items_of(body))) > 1 for body in phrase.bodies
    )


def _match(phrase: Phrase, unit: Unit, positions: Iterable[int]) -> Match:
    return Match(phrase, unit.spans_at(sorted(positions)))


def _is_ordered(body: Near | Together) -> bool:
    return isinstance(body, Together) and (body.ordered or any(_is_ordered(unit) for unit in body.units))


def _first_fit(body: Near | Together, places: Places, polarity: Polarity) -> Positions | None:
    """The first place of a body that is asserted or denied as the phrase wants it."""
    unit = places.unit
    for positions in islice(_places(body, places), MOST_MATCHES * 4):
        under = not unit.negated.isdisjoint(positions) and any(
            position in unit.negated and not _is_joined(position, positions, unit) for position in positions
        )
        if under == (polarity == "negated") or (polarity == "own" and _denies(positions, unit)):
            return positions
    return None


def _first_of(body: Near | Together, places: Places) -> Positions | None:
    """The first place of a body, whatever the polarity."""
    if isinstance(body, Near) or body.ordered:
        return next(iter(_places(body, places)), None)
    positions: Positions = ()
    for unit in body.units:
        first = _first_of(unit, places)
        if first is None:
            return None
        positions += first
    return positions


def _is_joined(position: int, positions: Positions, unit: Unit) -> bool:
    """Whether a word and the "non" before it are both words of the phrase: "nonlinear" for "non-linear"."""
    return position - 1 in positions and unit.words[position - 1] == NEAR_CUE


def _denies(positions: Positions, unit: Unit) -> bool:
    """Whether one of the words is a negation itself: "not the same"."""
    return any(is_cue(unit.words[position]) for position in positions)


def _places(body: Near | Together, places: Places) -> Iterable[Positions]:
    """All places of a body, whatever the polarity; bounded."""
    if isinstance(body, Near):
        if len(body.items) == 1:
            return places.of(body.items[0])[:MOST_MATCHES]
        return _near(body.items, places, CLOSE_SLACK if body.close else SLACK)
    if body.ordered:
        return _one_after_another(body.units, places, -1)
    return _all_units(body.units, places)


def _all_units(bodies: tuple[Near | Together, ...], places: Places) -> Iterator[Positions]:
    first, *rest = bodies
    for positions in islice(_places(first, places), MOST_MATCHES):
        if not rest:
            yield positions
            continue
        for others in islice(_all_units(tuple(rest), places), MOST_MATCHES):
            yield positions + others


def _one_after_another(
    bodies: tuple[Near | Together, ...], places: Places, after: int
) -> Iterator[Positions]:
    first, *rest = bodies
    for positions in islice(_places(first, places), MOST_MATCHES):
        if min(positions) <= after:
            continue
        if not rest:
            yield positions
            continue
        for others in _one_after_another(tuple(rest), places, max(positions)):
            yield positions + others


def _near(items: tuple[Item, ...], places: Places, slack: int) -> Iterator[Positions]:
    """One place of each item, none used twice, with at most `slack` words between."""
    found = []
    for item in items:
        there = places.of(item)[:MOST_MATCHES]
        if not there:
            return
        found.append(there)
    for anchor in found[0]:
        chosen = set(anchor)
        for others in found[1:]:
            free = [one for one in others if chosen.isdisjoint(one)]
            if not free:
                break
            chosen.update(free[0] if len(free) == 1 else min(free, key=partial(_distance, chosen)))
        else:
            if max(chosen) - min(chosen) + 1 <= len(chosen) + slack:
                yield tuple(chosen)


def _distance(chosen: set[int], one: Positions) -> int:
    return min([abs(a - b) for a in one for b in chosen])
