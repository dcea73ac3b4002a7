"""The state of reading a text from left to right: what was read, which brackets are open, where reading stands."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.grading.mathematics.brackets import matching
from app.grading.mathematics.names import Known
from app.grading.mathematics.tokens import Options, Tok
from app.grading.mathematics.tree import Sym

Read = Callable[["Reader", str, int], None]
_ARGUMENT = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})*|.?", re.DOTALL)


class Signs(NamedTuple):
    """What a text is made of: `pattern` finds the next sign and its kind, `reads` says what to do with each kind but spaces.

    `single` are the signs that are one token wherever they stand: its kind and value.
    """

    pattern: re.Pattern[str]
    single: Mapping[str, tuple[str, str]]
    reads: Mapping[str | None, Read]


class Reader:
    """Reads one text; groups are read by a reader of their own.

    `whole` keeps unknown words in one piece; `glued` is the letter that is glued to names as their index.
    """

    def __init__(self, text: str, signs: Signs, options: Options, known: Known) -> None:
        self.text, self.signs, self.options, self.known = text, signs, options, known
        self.whole, self.latex, self.glued = False, "\\" in text, ""
        self.position = 0
        self.tokens: list[Tok] = []
        self.open: list[str] = []  # the brackets around: "(", "[", "{", "call", "args", "|", "||"
        self.first = self  # the reader of the whole text
        self.asked = False  # whether the loose reading would be another one
        self.superscript: tuple[int, int] | None = None  # token and end in the text of the last upper index

    def loosely(self) -> bool:
        """Whether to read loosely; asked only where that makes a difference."""
        self.first.asked = True
        return self.options.loose

    @property
    def last(self) -> str:
        """The kind of the last token."""
        return self.tokens[-1].kind if self.tokens else ""

    def run(self) -> list[Tok]:
        """The tokens of the whole text; the pattern takes any sign."""
        pattern, single, reads = self.signs
        match, text, add = pattern.match, self.text, self.tokens.append
        while found := match(text, self.position):
            sign, (start, end) = found[0], found.span()
            self.position = end
            if sign in single:
                kind, value = single[sign]
                add(tuple.__new__(Tok, (kind, value, start, end, False)))  # in half the time of Tok(…)
            elif found.lastgroup == "letter" and not self.glued:
                add(tuple.__new__(Tok, ("NAME", Sym(sign), start, end, False)))
            elif read := reads.get(found.lastgroup):
                read(self, sign, start)
        return self.tokens

    def inner(self, start: int, end: int, whole: bool = False) -> list[Tok]:
        """The tokens of a piece of the text, read on its own."""
        return [token.moved(start) for token in self.read_apart(self.text[start:end], whole)]

    def read_apart(self, text: str, whole: bool = False) -> list[Tok]:
        """The tokens of another text, read in the same way."""
        reader = Reader(text, self.signs, self.options, self.known)
        reader.whole, reader.latex, reader.glued, reader.first = whole, self.latex, self.glued, self.first
        return reader.run()

    def add(self, kind: str, value: str | Sym, start: int, end: int | None = None) -> None:
        """Append a token that ends at `end` or where reading stands."""
        if end is None:
            end = self.position
        self.tokens.append(tuple.__new__(Tok, (kind, value, start, end, False)))

    def argument(self) -> list[Tok]:
        """The next LaTeX argument: a group in braces, a command, or one character."""
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        start = self.position
        if self.text.startswith("{", start):
            end = matching(self.text, start)
            self.position = min(end + 1, len(self.text))
            return self.inner(start + 1, end)
        found = _ARGUMENT.match(self.text, start)
        self.position = found.end() if found else start
        return self.inner(start, self.position)
