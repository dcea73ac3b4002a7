"""LaTeX commands, read into the same tokens as plain notation.

`\\frac{1}{N}\\sum_{i=1}^{N}` becomes `((1)/(N)) SUM …`. Surprising: `\\begin{cases}` and the plain `{w, x>0; 0, else}`
give the same tokens.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from app.grading.mathematics.brackets import has_relation, matching
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

if TYPE_CHECKING:
    from app.grading.mathematics.scanner import Scanner

_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"})
_BINOMIALS = frozenset({"binom", "dbinom", "tbinom"})
_BRACKETS = {"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "{", "rbrace": "}",
             "lbrack": "[", "rbrack": "]", "langle": "(", "rangle": ")"}  # fmt: skip
_BARS = frozenset({"lvert", "rvert", "lVert", "rVert", "Vert"})
_MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "smallmatrix", "array"})
_CONDITION_WORDS = re.compile(r"\b(?:if|for|when|else|otherwise|wenn|falls|für|sonst)\b")


def read_command(scanner: "Scanner", name: str, start: int) -> None:
    """Read the command `name` (without its backslash) and its arguments."""
    if name in SKIPPED_COMMANDS:
        return _skip(scanner)
    if name in _FRACTIONS:
        return _fraction(scanner, start)
    if name in _BINOMIALS:
        return _call(scanner, "binom", [scanner.argument(), scanner.argument()], start)
    if name == "sqrt":
        return _square_root(scanner, start)
    if name in FONTS:
        return _font(scanner, name, start)
    if name in ACCENTS:
        return _accent(scanner, name, start)
    if name == "begin":
        return _environment(scanner, start)
    if name in _BRACKETS:
        sign = _BRACKETS[name]
        return scanner._opener(sign, start) if sign in "([{⌊⌈" else scanner._closer(sign, start)
    if name in _BARS:
        return scanner._bars("|", start)
    _simple(scanner, name, start)


def _simple(scanner: "Scanner", name: str, start: int) -> None:
    if name == "vert":
        scanner._bars("|", start)
    elif name in GREEK:
        scanner.add("NAME", Sym(GREEK[name]), start)
    elif name in COMMAND_RELATIONS:
        scanner.add("REL", COMMAND_RELATIONS[name], start)
    elif name in COMMAND_TOKENS:
        scanner.add(COMMAND_TOKENS[name], name, start)
    elif name in FUNCTIONS:
        scanner.add("FUNC", FUNCTIONS[name], start)
    elif name in {"argmax", "argmin", "Pr", "det", "lim", "dim"}:
        scanner.add("NAME", Sym(name), start)
    else:
        scanner.add("OTHER", "\\" + name, start)


def _skip(scanner: "Scanner") -> None:
    """`\\left.` and `\\right.` have a dot that stands for no bracket."""
    if scanner.text.startswith(".", scanner.position):
        scanner.position += 1


def _around(kind: str, inside: list[Tok], start: int, end: int) -> list[Tok]:
    return [Tok("LPAR", kind, start, start), *inside, Tok("RPAR", {"(": ")", "[": "]"}[kind], end, end)]


def _fraction(scanner: "Scanner", start: int) -> None:
    top, bottom = scanner.argument(), scanner.argument()
    end = scanner.position
    slash = Tok("SLASH", "/", start, start)
    inside = [*_around("(", top, start, end), slash, *_around("(", bottom, start, end)]
    scanner.tokens += _around("(", inside, start, end)


def _call(scanner: "Scanner", function: str, arguments: list[list[Tok]], start: int) -> None:
    end = scanner.position
    inside = list(arguments[0])
    for argument in arguments[1:]:
        inside += [Tok("COMMA", ",", start, start), *argument]
    scanner.tokens += [Tok("FUNC", function, start, start), *_around("(", inside, start, end)]


def _square_root(scanner: "Scanner", start: int) -> None:
    degree: list[Tok] = []
    if scanner.text.startswith("[", scanner.position):
        begin, end = scanner.position + 1, matching(scanner.text, scanner.position)
        degree = scanner.inner(begin, end)
        scanner.position = min(end + 1, len(scanner.text))
    of = scanner.argument()
    _call(scanner, "root" if degree else "sqrt", [of, degree] if degree else [of], start)


def read_root(scanner: "Scanner", start: int) -> None:
    """The sign √ takes the bracket, number or letter behind it."""
    scanner.add("FUNC", "sqrt", start)
    rest = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?|[^\W\d_])").match(scanner.text, scanner.position)
    if rest:
        begin, scanner.position = scanner.position, rest.end()
        scanner.tokens += _around("(", scanner.inner(begin, rest.end()), begin, rest.end())


def _font(scanner: "Scanner", name: str, start: int) -> None:
    content = re.compile(r"\s*\{([^{}]*)\}|\s*(\S)").match(scanner.text, scanner.position)
    inside = (content.group(1) or content.group(2) or "").strip() if content else ""
    if (
        inside in {"1", "I"}
        and name in {"mathbb", "mathbf", "mathds", "bm"}
        and (inside == "1" or _indexed(scanner))
    ):
        scanner.position = content.end() if content else scanner.position
        return scanner.add("IND", inside, start)
    words = name.startswith("text") or name == "mbox"
    begin = scanner.position
    inner = scanner.argument()
    if inside == "d" and _differential(scanner, start):
        return None
    named = not words and re.fullmatch(r"[A-Za-z]{2,}\*?", inside)
    if named and inside in FUNCTIONS:
        inner = [Tok("FUNC", FUNCTIONS[inside], begin, scanner.position)]
    elif named and not (len(inner) == 1 and inner[0].kind != "NAME"):
        inner = [Tok("NAME", Sym(inside), begin, scanner.position)]
    scanner.tokens += inner if words else _spanning(inner, start, scanner.position)


def _differential(scanner: "Scanner", start: int) -> bool:
    """The upright d of `\\mathrm{d}x` belongs to the letter behind it."""
    letter = re.compile(r"\s*(?:([A-Za-z])(?![A-Za-z])|\\([A-Za-z]+))").match(scanner.text, scanner.position)
    if letter is None or not (letter[1] or letter[2] in GREEK):
        return False
    scanner.position = letter.end()
    scanner.add("NAME", Sym("d" + (letter[1] or GREEK[letter[2]])), start)
    return True


def _spanning(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    """The tokens of a command's argument with the place of the whole command: `\\mathcal{L}(θ)` is then a call."""
    if not tokens:
        return []
    tokens = [replace(tokens[0], start=start), *tokens[1:]]
    return [*tokens[:-1], replace(tokens[-1], end=end)]


def _indexed(scanner: "Scanner") -> bool:
    rest = scanner.text[scanner.position :]
    return bool(re.match(r"\s*(?:\{I\}|I)\s*[_({\[]", rest))


def _accent(scanner: "Scanner", name: str, start: int) -> None:
    inside = scanner.argument()
    for at, token in enumerate(inside):
        if isinstance(token.value, Sym):
            inside[at] = replace(token, value=replace(token.value, accent=ACCENTS[name]))
            break
    scanner.tokens += _spanning(inside, start, scanner.position)


def _environment(scanner: "Scanner", start: int) -> None:
    name = re.compile(r"\{([A-Za-z]+)\*?\}(?:\{[^{}]*\})?").match(scanner.text, scanner.position)
    if name is None:
        return scanner.add("OTHER", "\\begin", start)
    begin = name.end()
    end = re.compile(rf"\\end\s*\{{{name.group(1)}\*?\}}").search(scanner.text, begin)
    stop = end.start() if end else len(scanner.text)
    scanner.position = end.end() if end else stop
    inside = scanner.inner(begin, stop)
    if name.group(1) in {"cases", "dcases", "rcases"}:
        scanner.tokens += _cases(inside, start, scanner.position)
    elif name.group(1) in _MATRICES:
        scanner.tokens += _matrix(inside, start, scanner.position)
    else:
        scanner.tokens += [token for token in inside if token.kind != "AMP"]


def read_rows_in_braces(scanner: "Scanner", start: int) -> bool:
    """The plain form of cases, `{w, x>0; 0, else}`; False if the brace is an ordinary bracket."""
    end = matching(scanner.text, scanner.position - 1)
    content = scanner.text[scanner.position : end].removesuffix("\\")
    if not (has_relation(content) or _CONDITION_WORDS.search(content)):
        return False
    if not (";" in content or "\n" in content or _CONDITION_WORDS.search(content)):
        return False
    begin = scanner.position
    scanner.position = min(end + 1, len(scanner.text))
    scanner.tokens += _cases(scanner.inner(begin, begin + len(content)), start, scanner.position)
    return True


def _rows(tokens: list[Tok], separators: frozenset[str]) -> list[list[Tok]]:
    rows: list[list[Tok]] = [[]]
    level = 0
    for token in tokens:
        level += (token.kind == "LPAR") - (token.kind == "RPAR")
        if level == 0 and (token.kind in separators or token.value == ";"):
            rows.append([])
        else:
            rows[-1].append(token)
    return [row for row in rows if row]


def _cases(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    """CASEO row ROW row CASEC, where a row is `value SEP condition`."""
    rows = _rows(
        [replace(token, value="&") if token.kind == "AMP" else token for token in tokens],
        frozenset({"NEWLINE"}),
    )
    if len(rows) == 1:
        rows = _split_by_words(rows[0])
    out = [Tok("CASEO", "{", start, start)]
    for number, row in enumerate(rows):
        if number:
            out.append(Tok("ROW", ";", row[0].start, row[0].start))
        out += _case_row(row)
    return [*out, Tok("CASEC", "}", end, end)]


def _split_by_words(row: list[Tok]) -> list[list[Tok]]:
    """`w if x>0, 0 else`: the commas behind a condition part the rows."""
    rows: list[list[Tok]] = [[]]
    for token in row:
        if token.kind == "COMMA" and any(
            seen.kind in {"IF", "ELSE", "OTHERWISE", "REL"} for seen in rows[-1]
        ):
            rows.append([])
        else:
            rows[-1].append(token)
    return [part for part in rows if part]


def _case_row(row: list[Tok]) -> list[Tok]:
    level = 0
    words = {"IF", "ELSE", "OTHERWISE"}
    for at, token in enumerate(row):
        level += (token.kind == "LPAR") - (token.kind == "RPAR")
        if level == 0 and (token.kind in {"AMP", "COMMA"} or token.kind in words):
            rest = [other for other in row[at:] if other.kind not in {"AMP", "COMMA", "COLON"}]
            return [*row[:at], Tok("SEP", ",", token.start, token.start), *rest]
    return row


def _matrix(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    rows = []
    for row in _rows(tokens, frozenset({"NEWLINE"})):
        cells = [Tok("COMMA", ",", token.start, token.end) if token.kind == "AMP" else token for token in row]
        rows.append(_around("[", cells, start, end))
    inside: list[Tok] = []
    for number, row in enumerate(rows):
        inside += ([Tok("COMMA", ",", start, start)] if number else []) + row
    return _around("[", inside, start, end)
