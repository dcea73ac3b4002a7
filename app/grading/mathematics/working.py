"""Calculations in a working: every arithmetic expression and every chain of equals signs, with its values.

`r2 = 11 + (3-1)*4 = 19` holds one calculation with the steps 19 (worked out) and 19 (bare). Surprising: in
`h1 = 9; h2 = 2*h1 + 6` the second is worked out too, as h1 is known by then; `3x3 pixels` is a calculation of 9.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.parsing import Parsed, Unread, is_prose, parse_tokens, tokens_of
from app.grading.mathematics.preparing import levels
from app.grading.mathematics.tokens import Options, Tok
from app.grading.mathematics.tree import Expr, Num, Rel, Sym, kinds_in
from app.grading.mathematics.writing import to_text

_BREAKS = frozenset({"COMMA", "NEWLINE", "COLON", "OTHER", "AMP", "AND", "THEN", "PM"})
_EQUALS = frozenset({"=", "≈"})
_OPERATIONS = frozenset(
    {"PLUS", "MINUS", "TIMES", "SLASH", "POW", "FUNC", "BANG", "SUM", "MOD", "ABSO", "PIECE"}
)
_ARITHMETIC = frozenset({"NUM", "PLUS", "MINUS", "TIMES", "SLASH", "POW", "BANG", "PERCENT", "FUNC", "MOD"})
_WITHOUT_LETTERS = _ARITHMETIC | {"LPAR", "RPAR"}
_BRACKETS = frozenset({"LPAR", "SUBO", "SUPO"})
_NEVER_FIRST = frozenset({"TIMES", "SLASH", "POW", "BANG", "PERCENT", "PLUS", "MOD"})
_NEVER_LAST = frozenset({"TIMES", "SLASH", "POW", "PLUS", "MINUS", "FUNC", "MOD"})
_CHAINS_LIMIT = 100


class Step(NamedTuple):
    """One side of a calculation: its value and place. `bare`: only a number. `letters`: with names that have values."""

    value: Fraction
    bare: bool
    start: int
    end: int
    source: str
    letters: bool = False
    exact: bool = True


class Calculation(NamedTuple):
    """An expression or a chain `a = b = c` of which at least one side has a value."""

    steps: tuple[Step, ...]
    start: int
    end: int

    @property
    def value(self) -> Fraction:
        """What it comes to: the value of the last side."""
        return self.steps[-1].value

    @property
    def bare(self) -> bool:
        """Whether nothing is worked out: only numbers stand there."""
        return all(step.bare for step in self.steps)

    @property
    def agrees(self) -> bool:
        """Whether all sides have the same value; a side with decimals may be rounded."""
        return all(_same(step, self.steps[0]) or _same(self.steps[0], step) for step in self.steps)

    def worked_out(self, target: Fraction) -> Step | None:
        """The side that is more than a bare number and comes to this value."""
        return next((step for step in self.steps if not step.bare and step.value == target), None)


def calculations_in(text: str, known: Mapping[str, Fraction] | None = None) -> tuple[Calculation, ...]:
    """All calculations in order. `known` gives values of names as the question states them ({"v": -1})."""
    values = dict(known or {})
    found = []
    for chain in _chains_in(text, frozenset([name[0] for name in values])):
        steps = [step for side in chain if (step := side.step(values))]
        if steps:
            found.append(Calculation(tuple(steps), steps[0].start, steps[-1].end))
            _remember(chain[0], steps, values)
    return tuple(found)


class _Arithmetic:
    """Tokens that may be arithmetic: read once, worked out once without letters, else for every set of known values."""

    def __init__(self, tokens: list[Tok], text: str, expr: Expr | None) -> None:
        self.expr = expr
        kinds = [token.kind for token in tokens]
        self.letters = expr is not None and not _WITHOUT_LETTERS.issuperset(kinds) and Sym in kinds_in(expr)
        operations = len([kind for kind in kinds if kind in _OPERATIONS])
        self.bare = operations - (kinds[0] in {"MINUS", "PLUS"}) <= 0 and kinds.count("NUM") <= 1
        self.start, self.end = tokens[0].start, max([token.end for token in tokens])
        self.source = text[self.start : self.end]
        self._fixed = None if self.letters else self._worked_out({})

    def step(self, known: Mapping[str, Fraction]) -> Step | None:
        """What it comes to, None where it has no value."""
        return self._worked_out(known) if self.letters else self._fixed

    def _worked_out(self, known: Mapping[str, Fraction]) -> Step | None:
        if self.expr is None:
            return None
        if type(self.expr) is Num:
            return Step(self.expr.value, self.bare, self.start, self.end, self.source)
        try:
            value = evaluate(self.expr, known)
        except NoValue:
            return None
        return Step(value.value, self.bare, self.start, self.end, self.source, self.letters, value.exact)


class _Side:
    """A side of a chain: the value of the whole, or of the one stretch of arithmetic in it."""

    def __init__(self, tokens: list[Tok], text: str, expr: Expr | None) -> None:
        self._tokens, self._text = tokens, text
        self.whole = _Arithmetic(tokens, text, expr)

    @cached_property
    def _stretch(self) -> _Arithmetic | None:
        stretches = _arithmetic(self._tokens)
        if len(stretches) != 1:
            return None
        return _Arithmetic(stretches[0], self._text, _expr_of(stretches[0], self._text))

    def step(self, known: Mapping[str, Fraction]) -> Step | None:
        """The step, None where there is no value."""
        if step := self.whole.step(known):
            return step
        return self._stretch.step(known) if self._stretch else None


@lru_cache(maxsize=256)  # whatever is known, the text is mostly read in the same way
def _chains_in(text: str, symbols: frozenset[str]) -> tuple[tuple[_Side, ...], ...]:
    tokens = tokens_of(text, Options(symbols=symbols))
    if isinstance(tokens, Unread):
        return ()
    chains = islice(_chains(tokens), _CHAINS_LIMIT)
    return tuple([_sides(chain, ends, text) for chain, ends in chains])


def _chains(tokens: list[Tok]) -> Iterator[tuple[list[Tok], list[int]]]:
    """Each chain and where its sides end, the last one too; commas, words and arrows part chains."""
    start, ends = 0, list[int]()
    for at, (token, level) in enumerate(zip(tokens, levels(tokens), strict=True)):
        relation = token.kind == "REL" and level == 0
        if relation and token.value in _EQUALS:
            ends.append(at - start)
        elif relation or (token.kind in _BREAKS and level == 0) or (token.word and is_prose(tokens, at)):
            yield tokens[start:at], [*ends, at - start]
            start, ends = at + 1, []
    yield tokens[start:], [*ends, len(tokens) - start]


def _sides(chain: list[Tok], ends: list[int], text: str) -> tuple[_Side, ...]:
    """The sides that are not empty; mostly the whole chain can be read, and was read before."""
    if not chain:
        return ()
    sides = [chain[start:end] for start, end in zip([0, *[end + 1 for end in ends]], ends, strict=False)]
    if not any(map(attrgetter("word"), chain)):  # a sign beside a word makes it a name
        whole = _expr_of(chain, text)
        exprs = whole.sides if isinstance(whole, Rel) else (whole,)
        if whole and len(exprs) == len(sides):
            return tuple([_Side(side, text, expr) for side, expr in zip(sides, exprs, strict=True)])
    return tuple([_Side(side, text, _expr_of(side, text)) for side in sides if side])


def _expr_of(tokens: list[Tok], text: str) -> Expr | None:
    parsed = parse_tokens(tokens, text)
    return parsed.expr if isinstance(parsed, Parsed) else None


def _arithmetic(side: list[Tok]) -> list[list[Tok]]:
    """Stretches of numbers and signs; words (units) and remarks in brackets part them. None beside a symbol."""
    stretches: list[list[Tok]] = [[]]
    at = 0
    while at < len(side):
        end = _bracket_end(side, at) if side[at].kind in _BRACKETS else at
        group = side[at : end + 1]
        if _WITHOUT_LETTERS.issuperset([token.kind for token in group]):
            stretches[-1] += group
        elif group[0].kind in _BRACKETS or group[0].word:
            stretches.append([])
        else:
            return []
        at = end + 1
    tidied = [_tidied(stretch) for stretch in stretches]
    return [stretch for stretch in tidied if any(token.kind == "NUM" for token in stretch)]


def _bracket_end(side: list[Tok], at: int) -> int:
    level = 0
    for place in range(at, len(side)):
        level += (side[place].kind in _BRACKETS) - (side[place].kind in {"RPAR", "SUBC", "SUPC"})
        if level == 0:
            return place
    return len(side) - 1


def _tidied(stretch: list[Tok]) -> list[Tok]:
    while stretch and stretch[0].kind in _NEVER_FIRST:
        stretch = stretch[1:]
    while stretch and stretch[-1].kind in _NEVER_LAST:
        stretch = stretch[:-1]
    return stretch


def _remember(side: _Side, steps: list[Step], values: dict[str, Fraction]) -> None:
    """`h_1 = … = 9` gives the name a value for what follows, unless it has one already."""
    name = side.whole.expr
    if isinstance(name, Sym) and to_text(name) not in values and to_text(name) not in {"e", "π"}:
        values[to_text(name)] = steps[-1].value


def _same(rounded: Step, step: Step) -> bool:
    """Equal, or the first is the second rounded to the decimals it shows."""
    if rounded.value == step.value:
        return True
    bottom = rounded.value.denominator
    decimals = next((places for places in range(1, 20) if 10**places % bottom == 0), 0)
    return bottom > 1 and decimals > 0 and abs(rounded.value - step.value) <= Fraction(1, 2 * 10**decimals)
