"""LaTeX commands, read into the same tokens as plain notation.

`\\frac{1}{N}\\sum_{i=1}^{N}` becomes `((1)/(N)) SUM …`. Surprising: `\\begin{cases}` and the plain `{w, x>0; 0, else}`
give the same tokens.
"""

import re
from dataclasses import replace

from app.grading.mathematics.brackets import matching
from app.grading.mathematics.cases_reading import case_tokens, rows_of
from app.grading.mathematics.enclosures import close_bracket, open_bracket, read_bars
from app.grading.mathematics.reader import Reader
from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import (
    ACCENTS,
    COMMAND_RELATIONS,
    COMMAND_TOKENS,
    FONTS,
    FUNCTIONS,
    GREEK,
    SKIPPED_COMMANDS,
)  # fmt: skip

_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"})
_BINOMIALS = frozenset({"binom", "dbinom", "tbinom"})
_BRACKETS = {"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "{", "rbrace": "}",
             "lbrack": "[", "rbrack": "]", "langle": "(", "rangle": ")"}  # fmt: skip
_NAMES = frozenset({"argmax", "argmin", "Pr", "det", "lim", "dim"})
_COMPOSED = frozenset("fgh")
_BARS = frozenset({"vert", "lvert", "rvert", "lVert", "rVert", "Vert"})
_MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "smallmatrix", "array"})


def read_command(reader: Reader, name: str, start: int) -> None:
    """Read the command `name` (without its backslash) and its arguments."""
    if name in SKIPPED_COMMANDS:
        return _skip(reader)
    if name in _FRACTIONS:
        return _fraction(reader, start)
    if name in _BINOMIALS:
        return _call(reader, "binom", [reader.argument(), reader.argument()], start)
    if name == "sqrt":
        return read_root_of(reader, start)
    if name in FONTS:
        return _font(reader, name, start)
    if name in ACCENTS:
        return _accent(reader, name, start)
    if name == "begin":
        return _environment(reader, start)
    if name in _BRACKETS:
        sign = _BRACKETS[name]
        return open_bracket(reader, sign, start) if sign in "([{⌊⌈" else close_bracket(reader, sign, start)
    if name in _BARS:
        return read_bars(reader, "|", start)
    composed = name == "circ" and composes(reader)
    return reader.add(*(("OTHER", "\\circ") if composed else _sign(name)), start)


def composes(reader: Reader) -> bool:
    """Whether the ring that was just read stands between functions, `f∘g`: that is no product."""
    before = reader.tokens[-1].value if reader.tokens else None
    after = reader.text[reader.position :].lstrip()[:1]
    return isinstance(before, Sym) and before.name in _COMPOSED and after in _COMPOSED


def _sign(name: str) -> tuple[str, str | Sym]:
    """The token of a command without arguments."""
    if name in GREEK:
        return "NAME", Sym(GREEK[name])
    if name in COMMAND_RELATIONS:
        return "REL", COMMAND_RELATIONS[name]
    if name in COMMAND_TOKENS:
        return COMMAND_TOKENS[name], name
    if name in FUNCTIONS:
        return "FUNC", FUNCTIONS[name]
    return ("NAME", Sym(name)) if name in _NAMES else ("OTHER", "\\" + name)


def _skip(reader: Reader) -> None:
    """`\\left.` and `\\right.` have a dot that stands for no bracket."""
    if reader.text.startswith(".", reader.position):
        reader.position += 1


def _around(kind: str, inside: list[Tok], start: int, end: int) -> list[Tok]:
    return [Tok("LPAR", kind, start, start), *inside, Tok("RPAR", {"(": ")", "[": "]"}[kind], end, end)]


def _fraction(reader: Reader, start: int) -> None:
    top, bottom = reader.argument(), reader.argument()
    end = reader.position
    slash = Tok("SLASH", "/", start, start)
    inside = [*_around("(", top, start, end), slash, *_around("(", bottom, start, end)]
    reader.tokens += _around("(", inside, start, end)


def _call(reader: Reader, function: str, arguments: list[list[Tok]], start: int) -> None:
    end = reader.position
    inside = list(arguments[0])
    for argument in arguments[1:]:
        inside += [Tok("COMMA", ",", start, start), *argument]
    reader.tokens += [Tok("FUNC", function, start, start), *_around("(", inside, start, end)]


def read_root_of(reader: Reader, start: int) -> None:
    """`\\sqrt{x}`, `\\sqrt[3]{x}`; the bracket of `\\sqrt(x)` is read as that of any function."""
    if reader.text.startswith("(", reader.position):
        return reader.add("FUNC", "sqrt", start)
    degree: list[Tok] = []
    if reader.text.startswith("[", reader.position):
        begin, end = reader.position + 1, matching(reader.text, reader.position)
        degree = reader.inner(begin, end)
        reader.position = min(end + 1, len(reader.text))
    of = _bracket(reader) if reader.text.startswith("(", reader.position) else reader.argument()
    _call(reader, "root" if degree else "sqrt", [of, degree] if degree else [of], start)


def _bracket(reader: Reader) -> list[Tok]:
    """What stands in the round bracket that opens here."""
    begin, end = reader.position + 1, matching(reader.text, reader.position)
    reader.position = min(end + 1, len(reader.text))
    return reader.inner(begin, end)


def read_root(reader: Reader, start: int) -> None:
    """The sign √ takes the bracket, number or letter behind it."""
    reader.add("FUNC", "sqrt", start)
    rest = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?|[^\W\d_])").match(reader.text, reader.position)
    if rest:
        begin, reader.position = reader.position, rest.end()
        reader.tokens += _around("(", reader.inner(begin, rest.end()), begin, rest.end())


def _font(reader: Reader, name: str, start: int) -> None:
    content = re.compile(r"\s*\{([^{}]*)\}|\s*(\S)").match(reader.text, reader.position)
    inside = (content.group(1) or content.group(2) or "").strip() if content else ""
    if (
        inside in {"1", "I"}
        and name in {"mathbb", "mathbf", "mathds", "bm"}
        and (inside == "1" or _indexed(reader))
    ):
        reader.position = content.end() if content else reader.position
        return reader.add("IND", inside, start)
    words = name.startswith("text") or name == "mbox"
    begin = reader.position
    inner = reader.argument()
    if inside == "d" and _differential(reader, start):
        return None
    named = not words and re.fullmatch(r"[A-Za-z]{2,}\*?", inside)
    if named and inside in FUNCTIONS:
        inner = [Tok("FUNC", FUNCTIONS[inside], begin, reader.position)]
    elif named and not (len(inner) == 1 and inner[0].kind != "NAME"):
        inner = [Tok("NAME", Sym(inside), begin, reader.position)]
    reader.tokens += inner if words else _spanning(inner, start, reader.position)


def _differential(reader: Reader, start: int) -> bool:
    """The upright d of `\\mathrm{d}x` belongs to the letter behind it."""
    letter = re.compile(r"\s*(?:([A-Za-z])(?![A-Za-z])|\\([A-Za-z]+))").match(reader.text, reader.position)
    if letter is None or not (letter[1] or letter[2] in GREEK):
        return False
    reader.position = letter.end()
    reader.add("NAME", Sym("d" + (letter[1] or GREEK[letter[2]])), start)
    return True


def _spanning(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    """The tokens of a command's argument with the place of the whole command: `\\mathcal{L}(θ)` is then a call."""
    if not tokens:
        return []
    tokens = [tokens[0]._replace(start=start), *tokens[1:]]
    return [*tokens[:-1], tokens[-1]._replace(end=end)]


def _indexed(reader: Reader) -> bool:
    rest = reader.text[reader.position :]
    return bool(re.match(r"\s*(?:\{I\}|I)\s*[_({\[]", rest))


def _accent(reader: Reader, name: str, start: int) -> None:
    inside = reader.argument()
    for at, token in enumerate(inside):
        if isinstance(token.value, Sym):
            inside[at] = token._replace(value=replace(token.value, accent=ACCENTS[name]))
            break
    reader.tokens += _spanning(inside, start, reader.position)


def _environment(reader: Reader, start: int) -> None:
    name = re.compile(r"\{([A-Za-z]+)\*?\}(?:\{[^{}]*\})?").match(reader.text, reader.position)
    if name is None:
        return reader.add("OTHER", "\\begin", start)
    begin = name.end()
    end = re.compile(rf"\\end\s*\{{{name.group(1)}\*?\}}").search(reader.text, begin)
    stop = end.start() if end else len(reader.text)
    reader.position = end.end() if end else stop
    inside = reader.inner(begin, stop)
    if name.group(1) == "array" and _is_braced(reader):
        reader.tokens.pop()
        reader.open.pop()
        reader.tokens += case_tokens(inside, start, reader.position)
    elif name.group(1) in {"cases", "dcases", "rcases"}:
        reader.tokens += case_tokens(inside, start, reader.position)
    elif name.group(1) in _MATRICES:
        reader.tokens += _matrix(inside, start, reader.position)
    else:
        reader.tokens += [token for token in inside if token.kind != "AMP"]


def _is_braced(reader: Reader) -> bool:
    """Whether the array just read has a brace on its left only: `\\left\\{ … \\right.` are cases."""
    closed = re.compile(r"\s*\\right\s*\.").match(reader.text, reader.position)
    braced = bool(reader.tokens) and reader.tokens[-1].kind == "LPAR" and reader.tokens[-1].value == "{"
    if closed is None or not braced:
        return False
    reader.position = closed.end()
    return True


def _matrix(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    rows = []
    for row in rows_of(tokens, frozenset({"NEWLINE"})):
        cells = [Tok("COMMA", ",", token.start, token.end) if token.kind == "AMP" else token for token in row]
        rows.append(_around("[", cells, start, end))
    inside: list[Tok] = []
    for number, row in enumerate(rows):
        inside += ([Tok("COMMA", ",", start, start)] if number else []) + row
    return _around("[", inside, start, end)
