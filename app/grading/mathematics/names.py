"""Names: when letters are a symbol, a product of symbols, a function, or a word.

`theta`, `θ` and `\\theta` are one symbol; `yhat` is y with a hat. Surprising: `wx` is w·x only where w or x is
known as a symbol, otherwise it is a name of its own; `logp` is log of p, but `cost` is a word.
"""

import re
import unicodedata
from functools import lru_cache

from app.grading.language.word_memory import WordMemory
from app.grading.mathematics.brackets import outside
from app.grading.mathematics.tokens import Options, Tok
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import (
    ACCENTS,
    CALLERS,
    COMBINING,
    FUNCTIONS,
    GLUED_FUNCTIONS,
    GREEK,
    GREEK_LETTERS,
    INDEX_WORDS,
    KEYWORDS,
    NOT_A_HAT,
    NOT_GLUED,
    SHORT_WORDS,
    WORDLIKE_FUNCTIONS,
)  # fmt: skip

_ALONE = re.compile(rf"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z(\[]|\\left|\\[bB]ig)|[{GREEK_LETTERS}](?!\(|\\left)")
_OPENS = re.compile(r"\s*[({\[_^|]")
_ANGLE = re.compile(rf" ?(?:[0-9]* ?(?:[a-z](?![A-Za-z])|[{GREEK_LETTERS}])|\\)")  # the x of `sec x`
_PARTED = re.compile(r",(?![0-9])|;")
_FRACTION_AFTER = re.compile(r"(?:[_^]?(?:\{[^{}]*\}|\([^()]*\)|[A-Za-z0-9]*))?\s*(?:\([^()]*\))?\s*/")
_INDEX = re.compile(r"_(?:\{[^{}]*\}|\w+(?:[+-][0-9])?)")
INDEX_IN_BRACKETS = re.compile(r"\s*[a-zA-Z]?\s*[0-9]*\s*(?:[+\-−]\s*[0-9]+)?\s*")
_SIGNS_AROUND = frozenset("+-*/^=()[]{}<>0123456789·×−_|")


@lru_cache(maxsize=1024)
def letters_alone(text: str) -> frozenset[str]:
    """The letters that stand alone somewhere, and not as a function: surely symbols."""
    return frozenset(_ALONE.findall(text))


class Known:
    """The names that are surely symbols in one text: letters that stand alone in it, and names known from elsewhere.

    `asked` are the others that were looked up: known names that were not asked for change nothing in the reading.
    `2wx` asks for wx, w and x; surprising: `theta` asks for nothing but the word, it is θ whatever is known.
    """

    def __init__(self, text: str, symbols: frozenset[str]) -> None:
        self._text, self._symbols = text, symbols
        self.asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return self.has_all({name})

    def has_all(self, names: set[str]) -> bool:
        """Whether each of them is known."""
        return self._unsure(names) <= self._symbols

    def has_any(self, names: set[str]) -> bool:
        """Whether one of them is known."""
        unsure = self._unsure(names)
        return unsure < names or not unsure.isdisjoint(self._symbols)

    def _unsure(self, names: set[str]) -> set[str]:
        """Those that are no letters alone; many a text is read without ever looking for these."""
        unsure = names - letters_alone(self._text)
        self.asked |= unsure
        return unsure


_GLUED_INDEX = re.compile(rf"(?<![A-Za-z_{{^\\])[A-Za-z{GREEK_LETTERS}]([tkn])[+\-−][0-9](?![0-9A-Za-z])")


def glued_index(text: str) -> str:
    """The letter that is glued to names as their index, as in `st+1`; "" if there is none."""
    found = _GLUED_INDEX.search(text)
    return found[1] if found else ""


def read_word(word: str, start: int, text: str, known: Known, options: Options, whole: bool) -> list[Tok]:
    """The tokens of a run of Latin letters at `start`; `whole` keeps unknown words in one piece (indices)."""
    end = start + len(word)
    if len(word) == 1 or word in known:
        return [Tok("NAME", Sym(word), start, end)]
    if meaning := _MEANINGS[word]:
        return [_token(*meaning, start, end, whole)]
    if keyword := _keyword(word, text, end):
        return [Tok(*keyword, start, end)]
    if _is_differential(word, start, text):
        return [Tok("NAME", Sym("d" + GREEK.get(word[1:], word[1:])), start, end)]
    if glued := _glued_function(word, known):
        return [
            Tok("FUNC", FUNCTIONS[glued], start, start + len(glued)),
            *read_word(word[len(glued) :], start + len(glued), text, known, options, whole),
        ]
    if not whole and (parts := _functions_inside(word, text, end, known)):
        return _read_parts(parts, start)
    if len(word) == 3 and word.startswith("pi") and not whole and _is_circle(word[2], start, text, known):
        return [
            Tok("NAME", Sym("π"), start, start + 2),
            *read_word(word[2], start + 2, text, known, options, whole),
        ]
    if not whole and _is_product(word, start, text, known, options):
        return [Tok("NAME", Sym(letter), start + at, start + at + 1) for at, letter in enumerate(word)]
    return [Tok("NAME", Sym(word), start, end, word=not whole)]


def _meaning(word: str) -> tuple[str, str, str] | None:
    """What a word is wherever it stands, as kind, value and accent; None where that depends on what is around."""
    if not WORDLIKE_FUNCTIONS.isdisjoint({word, word.lower()}):
        return None
    if keyword := _keyword(word, "", 0):
        return (*keyword, "")
    if name := named_symbol(word):
        return "NAME", name.name, name.accent
    differential = word[0] == "d" and word[1:] in GREEK
    plain = len(word) > 4 and not differential and all(len(part) == 1 for part in _PART.findall(word))
    return ("PROSE", word, "") if plain else None


_MEANINGS = WordMemory(_meaning)


def _token(kind: str, value: str, accent: str, start: int, end: int, whole: bool) -> Tok:
    if kind == "NAME":
        return Tok("NAME", Sym(value, accent), start, end)
    if kind == "PROSE":
        return Tok("NAME", Sym(value), start, end, word=not whole)
    return Tok(kind, value, start, end)


def _keyword(word: str, text: str, end: int) -> tuple[str, str] | None:
    for spelling in (word, word.lower()):
        if spelling in KEYWORDS:
            return KEYWORDS[spelling], word
        wordlike = spelling in WORDLIKE_FUNCTIONS and not _OPENS.match(text, end)
        if spelling in FUNCTIONS and (not wordlike or (spelling == "sec" and _ANGLE.match(text, end))):
            return "FUNC", FUNCTIONS[spelling]
    return None


@lru_cache(maxsize=1024)
def named_symbol(word: str) -> Sym | None:
    """A symbol written as a word: `theta`, `yhat`, `thetabar`."""
    if word in GREEK:
        return Sym(GREEK[word])
    for ending in ("hat", "bar", "tilde", "prime"):
        stem = word.removesuffix(ending)
        if stem != word and word not in NOT_A_HAT and (len(stem) == 1 or stem in GREEK):
            return Sym(GREEK.get(stem, stem), ACCENTS[ending])
    return None


def _is_differential(word: str, start: int, text: str) -> bool:
    """The dy and dx of `dy/dx`."""
    if word[0] != "d" or not (len(word) == 2 or word[1:] in GREEK):
        return False
    return text[:start].rstrip().endswith("/") or _FRACTION_AFTER.match(text, start + len(word)) is not None


def _glued_function(word: str, known: Known) -> str | None:
    if word in NOT_GLUED:
        return None
    for function in GLUED_FUNCTIONS:
        rest = word.removeprefix(function)
        if rest == word or not rest:
            continue
        if len(rest) == 1 or named_symbol(rest) or (len(rest) == 2 and known.has_all(set(rest))):
            return function
    return None


_PART = re.compile("|".join(sorted(GLUED_FUNCTIONS, key=len, reverse=True)) + "|.")


def _functions_inside(word: str, text: str, end: int, known: Known) -> list[str]:
    """`xsin` before a bracket and `xlnx`, where x is known, are products with functions; empty if it is a word."""
    parts = _PART.findall(word)
    letters = {part for part in parts if len(part) == 1}
    if len(letters) == len(word) or not any(part in GLUED_FUNCTIONS for part in parts):
        return []
    before_bracket = len(parts) == 2 and parts[1] in GLUED_FUNCTIONS and _OPENS.match(text, end)
    return parts if before_bracket or known.has_all(letters) else []


def _read_parts(parts: list[str], start: int) -> list[Tok]:
    tokens = []
    for part in parts:
        is_function = part in GLUED_FUNCTIONS
        kind, value = ("FUNC", FUNCTIONS[part]) if is_function else ("NAME", Sym(part))
        tokens.append(Tok(kind, value, start, start + len(part)))
        start += len(part)
    return tokens


def _is_circle(letter: str, start: int, text: str, known: Known) -> bool:
    """Whether `pir` is π·r: behind a number, or where r is known."""
    return letter in known or text[:start].rstrip()[-1:].isdigit()


def _is_product(word: str, start: int, text: str, known: Known, options: Options) -> bool:
    if word in SHORT_WORDS and not _beside_sign(word, start, text):
        return False
    if len(word) > 4 or not word.isascii():
        return False
    if options.split:
        return True
    letters = set(word)
    return known.has_all(letters) or (len(word) == 2 and known.has_any(letters) and not options.loose)


def _beside_sign(word: str, start: int, text: str) -> bool:
    around = text[max(start - 1, 0) : start] + text[start + len(word) : start + len(word) + 1]
    return any(sign in _SIGNS_AROUND for sign in around)


def is_compound(word: str) -> bool:
    """Whether a word with hyphens is prose: `cross-entropy`, but not `theta-alpha`."""
    return len(word.split("-", maxsplit=1)[0]) > 2 and any(
        len(part) > 3 and not (part in FUNCTIONS or part in KEYWORDS or named_symbol(part))
        for part in word.split("-")
    )


def is_known_word(word: str) -> bool:
    """Whether a word is a function, a keyword or longer than a symbol."""
    return word in FUNCTIONS or word in KEYWORDS or len(word) > 3


def index_length(run: str, latex: bool) -> int:
    """How much of the letters and digits behind `_` is the index: `y_ilog` has the index i."""
    if len(run) == 1 or run in INDEX_WORDS or run.isdigit():
        return len(run)
    if latex or any(run.startswith(function, 1) for function in GLUED_FUNCTIONS):
        return 1
    return len(run)


def accent_of(run: str) -> str:
    """The accent that is written like an index: `y_hat`."""
    return ACCENTS.get(run, "") if run not in {"dot", "prime"} else ""


@lru_cache(maxsize=1024)
def letter_of(sign: str) -> tuple[str, str]:
    """Base letter and accent of one character: ŷ is y with a hat, a mathematical italic 𝑥 is x."""
    parts = unicodedata.normalize("NFD", sign)
    if len(parts) == 2 and parts[1] in COMBINING:
        return parts[0], COMBINING[parts[1]]
    plain = unicodedata.normalize("NFKC", sign)
    return (plain if len(plain) == 1 else sign), ""


def name_before(tokens: list[Tok]) -> int | None:
    """The place of the name that the last tokens belong to: of `f`, `f_θ`, `L^{(i)}`."""
    at = len(tokens) - 1
    while at >= 0 and tokens[at].kind in {"SUBC", "SUPC"}:
        level = 0
        while at >= 0:
            level += (tokens[at].kind in {"SUBC", "SUPC"}) - (tokens[at].kind in {"SUBO", "SUPO"})
            at -= 1
            if level == 0:
                break
    return at if at >= 0 and tokens[at].kind == "NAME" else None


def function_of(token: Tok, content: str, known: Known) -> tuple[str, str | Sym] | None:
    """Whether a name with a bracket behind it is a function, and which; None: it is a factor."""
    name = token.value
    if not isinstance(name, Sym):
        return None
    top = outside(content)
    if top.count("|") % 2 or "\\mid" in top or "∣" in top or _PARTED.search(top):
        return "CALLER", name
    if name.name in known or name.accent:
        return None
    if name.name in {"H", "Θ", "θ"}:
        return ("CALLER", name) if INDEX_IN_BRACKETS.fullmatch(content) else ("FUNC", "step")
    if name.name == "p":
        return None if re.search(r"[-+*/·^]", _INDEX.sub("", top)) or content.isalpha() else ("CALLER", name)
    if name.name in {"σ", "Γ"}:
        return "FUNC", {"σ": "sigmoid", "Γ": "gamma"}[name.name]
    if token.word and len(name.name) > 1:
        return "CALLER", name
    arithmetic = name.name in "EFGPQ" and re.search(r"[0-9]\s*[+\-]|[+\-]\s*[0-9]", top)
    return ("CALLER", name) if name.name in CALLERS and not arithmetic else None
