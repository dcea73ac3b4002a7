"""The state of reading a text from left to right: what was read, which brackets are open, where reading stands."""

import re
from collections.abc import Callable, Mapping

from app.grading.mathematics.brackets import matching
from app.grading.mathematics.names import Known
from app.grading.mathematics.tokens import Options, Tok
from app.grading.mathematics.tree import Sym

Read = Callable[["Reader", str, int], None]
_ARGUMENT = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})*|.?", re.DOTALL)


class Reader:
    """Reads one text; groups are read by a reader of their own.

    `pattern` finds the next sign and its kind, `reads` says what to do with each kind. `whole` keeps unknown words in one piece; `glued` is the letter that is glued to names as their index.
    """

    def __init__(
        self,
        text: str,
        pattern: re.Pattern[str],
        reads: Mapping[str, Read],
        options: Options,
        known: Known,
    ) -> None:
        self.text, self.pattern, self.reads = text, pattern, reads
        self.options, self.known = options, known
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
        match, text, reads = self.pattern.match, self.text, self.reads
        while found := match(text, self.position):
            start, self.position = found.span()
            if (kind := found.lastgroup) != "space":
                reads[kind or ""](self, found.group(), start)
        return self.tokens

    def inner(self, start: int, end: int, whole: bool = False) -> list[Tok]:
        """The tokens of a piece of the text, read on its own."""
        return [token.moved(start) for token in self.read_apart(self.text[start:end], whole)]

    def read_apart(self, text: str, whole: bool = False) -> list[Tok]:
        """The tokens of another text, read in the same way."""
        reader = Reader(text, self.pattern, self.reads, self.options, self.known)
        reader.whole, reader.latex, reader.glued, reader.first = whole, self.latex, self.glued, self.first
        return reader.run()

    def add(self, kind: str, value: str | Sym, start: int, end: int | None = None) -> None:
        """Append a token that ends at `end` or where reading stands."""
        place = start, self.position if end is None else end
        self.tokens.append(tuple.__new__(Tok, (kind, value, *place, False)))  # in half the time of Tok(…)

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
