"""Formulas among words: what students write around a formula is set apart from it.

`we get: y = 2x, so that x = 3` holds the formulas `y = 2x` and `x = 3`. Surprising: in `v = b*v - a*grad, then
th = th + v` the comma parts two formulas, while in `w for wx>0, 0 otherwise` it belongs to one.
"""

from functools import lru_cache
from typing import NamedTuple

from app.grading.mathematics.parsing import (
    Parsed,
    Unread,
    has_sums,
    is_prose,
    parse_tokens,
    tells_loose,
    tokens_of,
    told_by,
    without_end,
)
from app.grading.mathematics.preparing import levels
from app.grading.mathematics.tokens import OPERATORS, PLAIN, Options, Tok
from app.grading.mathematics.tree import Expr, Rel
from app.grading.memory import FORMULAS

_BREAKS = frozenset({"COMMA", "NEWLINE", "COLON", "OTHER", "AMP", "THEN"})
_IN_NO_FORMULA = frozenset({"NEWLINE", "COLON", "OTHER", "AMP", "PM"})
_SOFT_WORDS = frozenset({"IF", "AND", "OTHERWISE", "ELSE", "DOTS", "COLON"})
_LEADING = frozenset(
    {"TIMES", "SLASH", "POW", "RPAR", "REL", "BANG", "PERCENT", "BAR", "ABSC", "MOD", "PIECE"}
)
_TRAILING = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "POW", "LPAR", "REL", "FUNC", "BAR", "SUM", "MOD"})
SAYS_WHAT_IT_IS = frozenset({"=", "≈"})  # what stands before these signs is only a name
_PIECES_LIMIT = 60
_TRIMS = 3


class Found(NamedTuple):
    """A formula in a text: its tree and its place (code points, end exclusive)."""

    expr: Expr
    start: int
    end: int
    source: str


class Leftover(NamedTuple):
    """A piece of the text that is not part of a formula."""

    start: int
    end: int
    source: str


class MathReading(NamedTuple):
    """The formulas of a text in order, the words around them, and why nothing was found if there is none."""

    found: tuple[Found, ...]
    leftovers: tuple[Leftover, ...] = ()
    unread: Unread | None = None


@lru_cache(maxsize=FORMULAS)
def read_math(text: str, options: Options = PLAIN) -> MathReading:
    """Read a math field: one formula as a whole, else every formula among the words."""
    told = told_by(text, options)
    loose = told.loose and tells_loose(text, told)
    wide = told.wide and has_sums(text, told)
    if (loose, wide) != (told.loose, told.wide):  # then it is read once for both
        told = Options(told.symbols, loose, told.split, wide)
    return _read_math(text, told)


@lru_cache(maxsize=FORMULAS)
def _read_math(text: str, options: Options) -> MathReading:
    tokens = tokens_of(text, options)
    if isinstance(tokens, Unread):
        return MathReading((), unread=tokens)
    tokens = tokens[: _aside(tokens)]
    whole = None if _is_several(tokens) else parse_tokens(tokens, text)
    if isinstance(whole, Parsed):
        start, end = tokens[0].start, tokens[-1].end
        found = [Found(whole.expr, start, end, text[start:end])]
        return MathReading(tuple(found), _leftovers(found, text))
    found = _formulas(tokens, text)
    unread = None if found else whole or parse_tokens(tokens, text)
    return MathReading(tuple(found), _leftovers(found, text), unread if isinstance(unread, Unread) else None)


def _is_several(tokens: list[Tok]) -> bool:
    """Whether a comma or another break stands within, outside of brackets, so that this is surely not one formula."""
    tokens = without_end(tokens)
    kinds = {token.kind for token in tokens}
    if not kinds.isdisjoint(_IN_NO_FORMULA):
        return True
    return "COMMA" in kinds and ("COMMA", 0) in zip(
        [token.kind for token in tokens], levels(tokens), strict=True
    )


def formulas_in(text: str, options: Options = PLAIN) -> tuple[Found, ...]:
    """The formulas of a text, in order; none where nothing can be read."""
    return read_math(text, options).found


def _formulas(tokens: list[Tok], text: str) -> list[Found]:
    found: list[Found] = []
    for run in _runs(tokens)[:_PIECES_LIMIT]:
        formula = _read_run(run, text)
        if formula is not None:
            found.append(formula)
    return found


def _runs(tokens: list[Tok]) -> list[list[Tok]]:
    """Stretches of tokens between words of prose and breaks outside of brackets."""
    runs: list[list[Tok]] = [[]]
    level = levels(tokens)
    worded = any(token.word for token in tokens)  # without words there is no prose
    base = 0
    for at, token in enumerate(tokens):
        if not runs[-1]:
            base = level[at]
        prose = worded and (is_prose(tokens, at) if token.word else _is_lone_letter_of_prose(tokens, at))
        parted = token.kind in _BREAKS or (
            token.kind == "AND" and all(seen.kind != "IF" for seen in runs[-1])
        )
        if prose or (parted and level[at] <= base):
            runs.append([])
        else:
            runs[-1].append(token)
    return [run for run in runs if run]


def _aside(tokens: list[Tok]) -> int:
    """Where an aside at the end begins that only tells a letter's value: `v = b v - a g (b = 0.9)`."""
    at = len(tokens) - 5
    kinds = [token.kind for token in tokens[at:]] if at > 0 else []
    if kinds != ["LPAR", "NAME", "REL", "NUM", "RPAR"] or tokens[at + 3].value in {"0", "1"}:
        return len(tokens)  # `w (y = 1)` may be meant as a case
    return at if tokens[at].start > tokens[at - 1].end else len(tokens)


def _is_lone_letter_of_prose(tokens: list[Tok], at: int) -> bool:
    """The article in `is a number`: a single letter with prose on both sides or at an end."""
    token = tokens[at]
    if token.kind != "NAME" or token.word:
        return False
    neighbours = [tokens[other] for other in (at - 1, at + 1) if 0 <= other < len(tokens)]
    return bool(neighbours) and all(other.word for other in neighbours)


def _read_run(run: list[Tok], text: str) -> Found | None:
    """The formula of a stretch; signs and words that cannot stand at its ends are cut off, a few times."""
    for _ in range(_TRIMS * 2 + 1):
        run = _trimmed(run)
        if not _is_formula(run):
            return None
        parsed = parse_tokens(run, text)
        if isinstance(parsed, Parsed):
            start, end = run[0].start, run[-1].end
            return Found(parsed.expr, start, end, text[start:end])
        cut = next(
            (at for at, token in enumerate(run) if token.start >= parsed.position and at), len(run) - 1
        )
        run = run[:cut] if 2 * cut >= len(run) else run[cut:]
    return None


def _trimmed(run: list[Tok]) -> list[Tok]:
    while run and run[0].kind in _LEADING | _SOFT_WORDS | {"COMMA"}:
        run = run[1:]
    while run and run[-1].kind in _TRAILING | _SOFT_WORDS - {"OTHERWISE"} | {"COMMA"}:
        run = run[:-1]
    return run


def _is_formula(run: list[Tok]) -> bool:
    """A lone name or number between words is no formula; an operation, a relation or a function is."""
    return len(run) > 1 and any(
        token.kind in OPERATORS or token.kind in {"FUNC", "CALLER", "SUM", "IND", "LPAR", "ABSO", "CASEO"}
        for token in run
    )


def _leftovers(found: list[Found], text: str) -> tuple[Leftover, ...]:
    if len(found) == 1 and found[0].source == text:
        return ()
    places = [0, *(place for formula in found for place in (formula.start, formula.end)), len(text)]
    pieces = []
    for start, end in zip(places[::2], places[1::2], strict=True):
        source = text[start:end].strip(" \t\r\n,;:.$")
        if source:
            begin = text.index(source, start)
            pieces.append(Leftover(begin, begin + len(source), source))
    return tuple(pieces)


def value_of(expr: Expr) -> Expr:
    """The formula behind the last `=` or `≈` of `dy/dx = … = w`; a formula without one is its own value."""
    return expr.sides[-1] if isinstance(expr, Rel) and SAYS_WHAT_IT_IS.issuperset(expr.signs) else expr
