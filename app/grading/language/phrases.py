"""The phrases of rubric authors, compiled once per exam.

    gradient zero                 both words near each other, in any order, in one sentence
    mean .. train                 close together: at most one word between, in any order
    (larger | deeper) network     one of several; `more complex` inside brackets stands together, in this order
    <learning rate>               any way in which the glossary writes the term; inside brackets too: (no <learning rate> | free)
    regular*                      any word that begins like this;  `=SGD` exactly this word, no stem, no typo
    #1000                         this number in any notation;  `#` any number
    day & night                   both in the same sentence, however far apart
    random > grid                 the first before the second
    not <learning rate>           only under a negation: "no learning rate is needed"
    ~relu                         negated or not

A phrase without `not` or `~` is met only where its words are not negated. Words are compared by their stems and typos are
forgiven; articles and auxiliaries are skipped on both sides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from app.grading.language.glossary import Glossary
from app.grading.language.lookup import Key, key_for, learn
from app.grading.language.negation import is_cue
from app.grading.language.spelling import stem
from app.grading.language.tokens import number_of, sentences

MOST_LENGTH = 2_000
MOST_WAYS = 1_000  # of one wording with several terms in it
Polarity = Literal["asserted", "negated", "any", "own"]  # own: asserted, unless its own words deny it


class PhraseError(ValueError):
    """A phrase that cannot be understood; the message names the place in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One word or number of a wording. `how`: by stem, by prefix, exactly, or as a number (None: any).

    `key` is what a word of an answer is looked up by (see `app.grading.language.lookup`).
    """

    word: str
    how: Literal["stem", "prefix", "exact", "number"] = "stem"
    number: Fraction | None = None
    key: Key = field(init=False, compare=False)

    def __post_init__(self) -> None:
        words = stem(self.word) if self.how == "stem" else self.word
        object.__setattr__(self, "key", key_for(self.how, self.number if self.how == "number" else words))


Wording = tuple[Step, ...]  # words that stand together, in this order
Ways = tuple[Wording, ...]  # to say one thing


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing to look for: the keys of each wording. Things of the same wordings are one object (see `_item`)."""

    wordings: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Items near each other, in any order; `close`: at most one word between."""

    items: tuple[Item, ...]
    close: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Groups of words in one unit; `ordered`: one after the other."""

    units: tuple["Near | Together", ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: one of the `bodies`, with this polarity. `alone` is the thing of a phrase that looks for one only."""

    source: str
    bodies: tuple[Near | Together, ...]
    polarity: Polarity
    alone: Item | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        body = self.bodies[0]
        alone = len(self.bodies) == 1 and isinstance(body, Near) and len(body.items) == 1
        object.__setattr__(self, "alone", body.items[0] if alone else None)  # type: ignore[union-attr]


_PIECE = re.compile(
    r"""\s*(?:(?P<term><[^\W\d][^<>|&()]*>)|"(?P<quote>[^"]*)"|(?P<sign>[()|&])|(?P<order>>(?=\s))|(?P<chunk>[^\s()|&"]+))""",
    re.VERBOSE,
)


def compile_phrase(source: str, glossary: Glossary) -> Phrase:
    """The phrase of a text. Raises PhraseError."""
    if len(source) > MOST_LENGTH:
        raise PhraseError(f"a phrase has at most {MOST_LENGTH} characters")
    text, polarity = source.strip(), "asserted"
    if text.startswith("~"):
        text, polarity = text[1:], "any"
    elif text.startswith(("not ", "not(")):
        text, polarity = text[3:], "negated"
    reader = _Reader(source, list(_pieces(text)), glossary)
    bodies = reader.alternatives()
    if polarity == "asserted" and reader.has_cue:
        polarity = "own"
    return Phrase(source, bodies, polarity)  # type: ignore[arg-type]


def items_of(body: Near | Together) -> Iterator[Item]:
    """All things that a body asks for."""
    if isinstance(body, Near):
        yield from body.items
    else:
        for unit in body.units:
            yield from items_of(unit)


_ITEMS: dict[tuple[tuple[Key, ...], ...], Item] = {}


def _item(ways: Ways) -> Item:
    """The thing of these wordings: phrases that look for the same share its places."""
    wordings = tuple(tuple(step.key for step in wording) for wording in ways)
    return _ITEMS.setdefault(wordings, Item(wordings))


def _joined(item: Ways) -> Ways:
    """Pairs of words written as one: "learningrate"."""
    pairs = (wording for wording in item if len(wording) == 2 and all(step.how == "stem" for step in wording))
    return tuple((Step(first.word + second.word),) for first, second in pairs)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each piece; `>` orders only outside brackets."""
    depth = place = 0
    while match := _PIECE.match(text, place):
        place = match.end()
        kind = str(match.lastgroup)
        piece = match.group(kind)
        depth += (piece == "(") - (piece == ")") if kind == "sign" else 0
        yield ("chunk", piece) if kind == "order" and depth else (kind, piece)


class _Reader:
    """Recursive descent over the pieces: alternatives, then `&`, then `>`, then items."""

    def __init__(self, source: str, pieces: list[tuple[str, str]], glossary: Glossary) -> None:
        self.source = source
        self.pieces = pieces
        self.glossary = glossary
        self.place = 0
        self.has_cue = False

    def alternatives(self) -> tuple[Near | Together, ...]:
        bodies = [self._together()]
        while self._take("|"):
            bodies.append(self._together())
        if self.place < len(self.pieces):
            raise self._error(f"{self.pieces[self.place][1]!r} does not belong here")
        return tuple(bodies)

    def _together(self) -> Near | Together:
        units = [self._ordered()]
        while self._take("&"):
            units.append(self._ordered())
        return units[0] if len(units) == 1 else Together(tuple(units))

    def _ordered(self) -> Near | Together:
        units: list[Near | Together] = [self._near()]
        while self._take(">"):
            units.append(self._near())
        return units[0] if len(units) == 1 else Together(tuple(units), ordered=True)

    def _near(self) -> Near:
        items: list[Ways] = []
        close = False
        while self.place < len(self.pieces) and not self._at("|", "&", ">", ")"):
            if self.pieces[self.place] == ("chunk", ".."):
                close = True
                self.place += 1
            else:
                items.append(self._item())
        kept = tuple(_item((*item, *_joined(item))) for item in items if item)
        if not kept:
            raise self._error("there is nothing to look for")
        return Near(kept, close)

    def _item(self) -> Ways:
        kind, piece = self.pieces[self.place]
        self.place += 1
        if kind == "term":
            return self._term(piece[1:-1])
        if kind == "sign":
            return self._group()
        wording = self._wording(piece)
        return (wording,) if wording else ()

    def _group(self) -> Ways:
        ways: list[Wording] = []
        open_ways: list[Wording] = [()]
        while self.place < len(self.pieces):
            kind, piece = self.pieces[self.place]
            self.place += 1
            if kind == "sign" and piece in "|)":
                ways += open_ways
                open_ways = [()]
                if piece == ")":
                    return tuple(way for way in ways if way)
            elif kind == "sign":
                raise self._error(f"{piece!r} cannot stand inside brackets")
            else:
                added = self._term(piece[1:-1]) if kind == "term" else (self._wording(piece),)
                open_ways = [begun + way for begun in open_ways for way in added]
                if len(open_ways) > MOST_WAYS:
                    raise self._error(f"there are more than {MOST_WAYS} ways to say this")
        raise self._error("a bracket is not closed")

    def _term(self, name: str) -> Ways:
        ways = self.glossary.expressions(name)
        if not ways:
            known = ", ".join(self.glossary.names) or "none"
            raise self._error(f"the glossary has no term {name!r}; known: {known}")
        return tuple(way for way in (self._wording(expression) for expression in ways) if way)

    def _wording(self, chunk: str) -> Wording:
        if chunk.startswith("#"):
            return (Step(chunk, "number", self._number(chunk[1:])),)
        if len(chunk) > 1 and chunk.endswith("*") and chunk[:-1].isalpha():
            learn(chunk[:-1].lower(), "prefix")
            return (Step(chunk[:-1].lower(), "prefix"),)
        if len(chunk) > 1 and chunk[0] == "=" and chunk[1].isalpha():
            return (Step(chunk[1:].lower(), "exact"),)
        return tuple(self._step(word, number) for word, number in _content(chunk))

    def _step(self, word: str, number: Fraction | None) -> Step:
        self.has_cue = self.has_cue or is_cue(word)
        if number is not None:
            return Step(word, "number", number)
        learn(word, "stem")
        return Step(word)

    def _number(self, text: str) -> Fraction | None:
        if not text:
            return None
        found = [number for _, number in _content(text) if number is not None]
        if len(found) != 1:
            raise self._error(f"#{text} is not a number")
        return found[0]

    def _take(self, sign: str) -> bool:
        found = self._at(sign)
        self.place += found
        return found

    def _at(self, *signs: str) -> bool:
        if self.place >= len(self.pieces):
            return False
        kind, piece = self.pieces[self.place]
        return kind in ("sign", "order") and piece in signs

    def _error(self, message: str) -> PhraseError:
        return PhraseError(f"{message} (in the phrase {self.source!r}, piece {self.place})")


def _content(text: str) -> Iterator[tuple[str, Fraction | None]]:
    for sentence in sentences(text):
        for word in sentence.content:
            yield word, number_of(word)
