"""What the scanner hands to the grammar: tokens with their place in the text, and the options of a reading."""

from collections.abc import Iterable
from typing import NamedTuple

from app.grading.mathematics.tree import Sym

LENGTH_LIMIT = 2000
NESTING_LIMIT = 50

Value = str | Sym


class Options(NamedTuple):
    """How to read what can be read in several ways. A tuple, as it is a key of every reading.

    `symbols`: names known from elsewhere (the reference, the other text): `wx` is w·x where w and x are known.
    `loose`: `s_t+1`, `st+1`, `v(k+1)` and `v^k+1` are indices, as students type them in equations.
    `split`: every unknown short word is a product of its letters.
    `wide`: a sum sign without brackets reaches over plus and minus to the end.
    """

    symbols: frozenset[str] = frozenset()
    loose: bool = False
    split: bool = False
    wide: bool = False


PLAIN = Options()


class Tok(NamedTuple):
    """One token. `word` marks an unknown word of several letters: a long name or prose."""

    kind: str
    value: Value
    start: int
    end: int
    word: bool = False

    def moved(self, by: int) -> "Tok":
        """The same token further on in the text."""
        kind, value, start, end, word = self
        return tuple.__new__(Tok, (kind, value, start + by, end + by, word))


ENDS_OPERAND = frozenset(
    {"NUM", "NAME", "RPAR", "ABSC", "SUBC", "SUPC", "BANG", "PERCENT", "CASEC", "DOTS", "INFTY", "NABLA"}
)
OPERATORS = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "POW", "REL", "SUBO", "SUPO", "BANG", "MOD"})


def ends_operand(tokens: list[Tok]) -> bool:
    """Whether what was read so far ends with something that can be multiplied."""
    return bool(tokens) and tokens[-1].kind in ENDS_OPERAND


def placed(tokens: Iterable[Tok], start: int, end: int) -> list[Tok]:
    """The tokens, all at one place: for signs that stand for several tokens."""
    return [token._replace(start=start, end=end) for token in tokens]
