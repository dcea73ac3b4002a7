"""From text to a tree, or to a sentence that says where reading stopped and why.

`parse("3x^2")` is a `Parsed`; `parse("3 4")` is an `Unread`: "two numbers in a row". Nothing raises.
"""

from dataclasses import dataclass
from functools import lru_cache

from app.grading.mathematics.brackets import deepest
from app.grading.mathematics.building import NotMathematics
from app.grading.mathematics.grammar import Unexpected, tree_of
from app.grading.mathematics.preparing import prepare
from app.grading.mathematics.scanner import Scan, scan
from app.grading.mathematics.tokens import LENGTH_LIMIT, NESTING_LIMIT, OPERATORS, PLAIN, Options, Tok
from app.grading.mathematics.tree import DEPTH_LIMIT, Expr, depth
from app.grading.mathematics.vocabulary import OPENERS
from app.grading.memory import FORMULAS

_BIG_SIGNS = frozenset({"SUM", "PROD"})
MOST_LEVELS = 4  # that one token adds to a tree


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula that was read."""

    expr: Expr


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a text is no formula, the place (code point) where reading stopped, and what was read before it."""

    reason: str
    position: int = 0
    so_far: str = ""


@lru_cache(maxsize=FORMULAS)
def parse(text: str, options: Options = PLAIN) -> Parsed | Unread:
    """Read a text that is one formula (or equation, condition, list) as a whole."""
    tokens = tokens_of(text, options)
    return tokens if isinstance(tokens, Unread) else parse_tokens(tokens, text)


def tokens_of(text: str, options: Options = PLAIN) -> list[Tok] | Unread:
    """The prepared tokens of a text within the limits."""
    if len(text) > LENGTH_LIMIT:
        return Unread(f"the text is longer than {LENGTH_LIMIT} characters")
    if (
        len(text) > NESTING_LIMIT
        and sum(map(text.count, OPENERS)) > NESTING_LIMIT
        and deepest(text) > NESTING_LIMIT
    ):
        return Unread(f"brackets are nested more than {NESTING_LIMIT} deep")
    if not text.strip():
        return Unread("there is nothing to read")
    told = told_by(text, options)
    return prepare(list(_scanned(text, told.symbols, told.loose, told.split).tokens), told)


def told_by(text: str, options: Options) -> Options:
    """The options without known names that change nothing in the text, so that it is read once for many formulas.

    With `loose` they are told for the loose and for the plain reading.
    """
    if not options.symbols or len(text) > LENGTH_LIMIT:
        return options
    told = _asked_for(text, options.symbols, False, options.split)
    if options.loose and _scanned(text, told, False, options.split).loose:
        told |= _asked_for(text, options.symbols, True, options.split)
    return options if told == options.symbols else Options(told, options.loose, options.split, options.wide)


def _asked_for(text: str, symbols: frozenset[str], loose: bool, split: bool) -> frozenset[str]:
    """Those of the known names that the reading of the text asks for; with some known it may ask for others."""
    found = frozenset[str]()
    while not (asked := symbols & _scanned(text, found, loose, split).asked) <= found:
        found |= asked
    return found


def tells_loose(text: str, options: Options) -> bool:
    """Whether the loose reading of a text may be another one: mostly there is nothing to read loosely."""
    return len(text) > LENGTH_LIMIT or _scanned(text, options.symbols, False, options.split).loose


def has_sums(text: str, options: Options) -> bool:
    """Whether there is a sum or product sign, so that it matters how far they reach."""
    if len(text) > LENGTH_LIMIT:
        return True
    tokens = _scanned(text, options.symbols, options.loose, options.split).tokens
    return not _BIG_SIGNS.isdisjoint([token.kind for token in tokens])


@lru_cache(maxsize=FORMULAS)
def _scanned(text: str, symbols: frozenset[str], loose: bool, split: bool) -> Scan:
    """The tokens as they stand; how far sums reach is a matter of their preparation."""
    return scan(text, Options(symbols, loose, split))


def parse_tokens(tokens: list[Tok], text: str) -> Parsed | Unread:
    """Read prepared tokens; `text` is only quoted in the reason."""
    tokens = without_end(tokens)
    prose = first_prose(tokens)
    if prose is not None:
        word = tokens[prose]
        return _unread(f"the word “{text[word.start : word.end]}” is not part of a formula", text, word.start)
    return _parsed(tuple(tokens), text)


def without_end(tokens: list[Tok]) -> list[Tok]:
    """The tokens without breaks at their end."""
    while tokens and tokens[-1].kind in {"NEWLINE", "COMMA", "COLON"}:
        tokens = tokens[:-1]
    return tokens


@lru_cache(maxsize=FORMULAS)
def _parsed(tokens: tuple[Tok, ...], text: str) -> Parsed | Unread:
    """The tree of tokens; readings with other options often have the same ones."""
    try:
        expr = tree_of(tokens)
    except Unexpected as error:
        return _unexpected(error.place, tokens, text)
    except NotMathematics as error:
        return _unread(str(error), text, tokens[-1].end if tokens else 0)
    except ValueError:
        return _unread("this is not a formula", text, 0)
    if len(tokens) * MOST_LEVELS > DEPTH_LIMIT and depth(expr) > DEPTH_LIMIT:
        return Unread(f"the formula is nested more than {DEPTH_LIMIT} deep")
    return Parsed(expr)


def first_prose(tokens: list[Tok]) -> int | None:
    """The first long unknown word that has no sign beside it: a word of a sentence, not a symbol."""
    for at, token in enumerate(tokens):
        if token.word and is_prose(tokens, at):
            return at
    return None


def is_prose(tokens: list[Tok], at: int) -> bool:
    """Whether the unknown word at this place stands like a word of a sentence."""
    word = tokens[at]
    if len(tokens) == 1 and word.end - word.start <= 3:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    neighbours = [token for token in (before, after) if token is not None]
    if (
        word.end - word.start <= 4
        and before is not None
        and before.kind == "NUM"
        and before.end == word.start
    ):
        return False
    if any(token.word and token.end - token.start > 1 for token in neighbours):
        return True
    if word.kind == "CALLER" or (after is not None and after.kind in {"SUBO", "SUPO", "POW"}):
        return False
    return not any(token.kind in OPERATORS or token.kind in {"ABSO", "ABSC", "BAR"} for token in neighbours) and not (
        before is not None and before.kind in {"LPAR", "FUNC", "SUBO", "NABLA", "PARTIAL"}
    )  # fmt: skip


def _unexpected(place: int, tokens: tuple[Tok, ...], text: str) -> Unread:
    if place == len(tokens):
        return _unread("the formula breaks off", text, tokens[-1].end if tokens else len(text))
    token = tokens[place]
    return _unread(_why(token, tokens[place - 1] if place else None, text), text, token.start)


def _why(token: Tok, before: Tok | None, text: str) -> str:
    shown = text[token.start : max(token.end, token.start + 1)].strip() or str(token.value)
    if token.kind == "NUM" and before is not None and before.kind == "NUM":
        return "two numbers in a row with nothing between them"
    if token.kind == "PM":
        return "± stands for two values"
    if token.kind == "OTHER":
        return f"the sign “{shown}” is not known"
    if token.kind == "RPAR":
        return f"“{shown}” closes nothing or closes too early"
    if token.kind == "NEWLINE":
        return "the formula stops at the end of the line"
    return f"“{shown}” does not fit here"


def _unread(reason: str, text: str, position: int) -> Unread:
    so_far = text[:position].strip()
    return Unread(reason, position, so_far[-80:])
