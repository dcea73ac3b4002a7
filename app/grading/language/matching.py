"""Finding a compiled phrase in a text: where its words stand, and whether they are asserted or negated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from app.grading.language.negation import negated
from app.grading.language.phrases import Item, Near, Phrase, Step, Together, Wording
from app.grading.language.spelling import KNOWN_STEMS, is_typo, stem
from app.grading.language.tokens import Token, sentences

SLACK = 6  # words that may stand between those of a phrase
CLOSE_SLACK = 1  # the same, where the phrase asks for words close together
MOST_MATCHES = 12
SHORTEST_COMPOUND = 6

Positions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence (or a whole answer) prepared for look-ups; positions count content words only."""

    tokens: tuple[Token, ...]
    negated: frozenset[int]
    by_stem: dict[str, list[int]]
    compounds: dict[str, list[int]]
    unknown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase was found: the tokens that count."""

    phrase: Phrase
    tokens: tuple[Token, ...]


@lru_cache(maxsize=4_096)
def units(text: str, whole: bool) -> tuple[Unit, ...]:
    """The sentences of a text as units, or all of it as one."""
    found = [_content(one.tokens, one.content) for one in sentences(text)]
    if whole:
        found = [
            (
                [token for tokens, _ in found for token in tokens],
                [flag for _, flags in found for flag in flags],
            )
        ]
    return tuple(_unit(tokens, flags) for tokens, flags in found if tokens)


def _content(tokens: Sequence[Token], content: Sequence[int]) -> tuple[list[Token], list[bool]]:
    under = negated(tokens)
    return [tokens[index] for index in content], [index in under for index in content]


def _unit(tokens: list[Token], flags: list[bool]) -> Unit:
    by_stem: dict[str, list[int]] = {}
    compounds: dict[str, list[int]] = {}
    for position, token in enumerate(tokens):
        for one in token.stems:
            by_stem.setdefault(one, []).append(position)
        if position + 1 < len(tokens) and token.word.isalpha() and tokens[position + 1].word.isalpha():
            joined = token.word + tokens[position + 1].word
            if len(joined) >= SHORTEST_COMPOUND:
                compounds.setdefault(stem(joined), []).append(position)
    unknown = tuple(index for index, token in enumerate(tokens) if token.stems.isdisjoint(KNOWN_STEMS))
    under = frozenset(index for index, flag in enumerate(flags) if flag)
    return Unit(tuple(tokens), under, by_stem, compounds, unknown)


def find(phrase: Phrase, text: str, *, whole: bool = False) -> Match | None:
    """The first place where the phrase is said with its polarity; None if nowhere."""
    for unit in units(text, whole):
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
        for body in phrase.bodies:
            if _is_ordered(body):
                continue
            places = [next(_item_places(item, unit), None) for item in _items(body)]
            if len(places) > 1 and all(places):
                positions = {position for one in places if one for position in one}
                if len(positions) > 1 and not (phrase.polarity == "asserted" and positions & unit.negated):
                    return Match(phrase, tuple(unit.tokens[position] for position in sorted(positions)))
    return None


def _is_ordered(body: Near | Together) -> bool:
    return isinstance(body, Together) and (body.ordered or any(_is_ordered(unit) for unit in body.units))


def _items(body: Near | Together) -> Iterator[Item]:
    if isinstance(body, Near):
        yield from body.items
    else:
        for unit in body.units:
            yield from _items(unit)


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
        for positions in _wording_places(wording, unit):
            if positions not in seen:
                seen.add(positions)
                yield positions


def _wording_places(wording: Wording, unit: Unit) -> Iterator[Positions]:
    first, *rest = wording
    for start in _step_places(first, unit):
        positions = list(start)
        for step in rest:
            following = next((one for one in _step_places(step, unit) if one[0] == positions[-1] + 1), None)
            if following is None:
                break
            positions += following
        else:
            yield tuple(positions)
    if len(wording) == 2 and all(step.how == "stem" for step in wording):  # "learningrate"
        for position in unit.by_stem.get(stem(wording[0].word + wording[1].word), ()):
            yield (position,)


def _step_places(step: Step, unit: Unit) -> Iterator[Positions]:
    if step.how == "number":
        yield from ((i,) for i, token in enumerate(unit.tokens) if _is_number(step, token))
    elif step.how == "exact":
        yield from ((i,) for i, token in enumerate(unit.tokens) if token.word == step.word)
    elif step.how == "prefix":
        yield from ((i,) for i, token in enumerate(unit.tokens) if _begins(token, step.word))
        yield from ((i,) for i in unit.unknown if _begins_nearly(unit.tokens[i].word, step.word))
    else:
        wanted = stem(step.word)
        yield from ((i,) for i in unit.by_stem.get(wanted, ()))
        yield from ((i, i + 1) for i in unit.compounds.get(wanted, ()))
        yield from ((i,) for i in unit.unknown if is_typo(unit.tokens[i].word, step.word))


def _is_number(step: Step, token: Token) -> bool:
    return token.number is not None and (step.number is None or token.number == step.number)


def _begins(token: Token, prefix: str) -> bool:
    return token.word.startswith(prefix) or any(one.startswith(prefix) for one in token.stems)


def _begins_nearly(word: str, prefix: str) -> bool:
    """A typo in the beginning: "vanihsing" for "vanish*"."""
    return not word.startswith(prefix) and is_typo(word[: len(prefix)], prefix)
