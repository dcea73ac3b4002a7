"""Brackets and bars, and what a bracket belongs to.

`f(x)` is a call, `x(x+1)` a product. Surprising: the bar of `P(a | b)` is a condition, those of `|x||y|` are four.
"""

import re

from app.grading.mathematics import names
from app.grading.mathematics.brackets import matching, outside
from app.grading.mathematics.cases_reading import read_rows_in_braces
from app.grading.mathematics.reader import Reader
from app.grading.mathematics.scripts import add_index
from app.grading.mathematics.tokens import Tok, ends_operand
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import SEVERAL_ARGUMENTS

_FUNCTIONS = frozenset({"FUNC", "SUM", "PROD"})
_CALLED = _FUNCTIONS | {"NAME", "SUBC", "SUPC"}  # a bracket behind it may belong to it
_SIZES = frozenset({"", "\\left", "\\big", "\\Big", "\\bigl", "\\Bigl"})
_SINGLE_BAR = re.compile(r"(?<!\|)\|(?!\|)|\|\|\w+\|\|")
_BARS = ("|", "‖", "vert", "Vert")


def open_bracket(reader: Reader, found: str, start: int) -> None:
    """Any opening bracket."""
    sign = found[-1]
    if sign == "{" and read_rows_in_braces(reader, start):
        return None
    if sign in "⌊⌈":
        reader.add("FUNC", "floor" if sign == "⌊" else "ceil", start)
    kind = sign
    if _may_be_called(reader, sign, start):
        if reader.last in _FUNCTIONS:
            kind = _kind_behind_function(reader, start)
        elif (at := names.name_before(reader.tokens)) is not None:
            end = matching(reader.text, start)
            content = reader.text[start + 1 : end]
            if sign == "(" and _is_loose_index(reader, at, content):
                reader.position = min(end + 1, len(reader.text))
                return add_index(reader, reader.inner(start + 1, end, whole=True), start)
            kind = _kind_behind_name(reader, at, content)
    reader.open.append(kind)
    return reader.add("LPAR", {"⌊": "(", "⌈": "("}.get(sign, sign), start)


def _may_be_called(reader: Reader, sign: str, start: int) -> bool:
    """Whether the bracket stands directly behind something that it can belong to."""
    before = reader.tokens[-1] if reader.tokens else None
    return (
        before is not None
        and before.kind in _CALLED
        and reader.text[before.end : start] in _SIZES
        and (sign == "(" or _is_probability(before))
    )


def _is_loose_index(reader: Reader, at: int, content: str) -> bool:
    """Loose reading: `v(k+1)` and `S(t)` carry an index, and then `S(0)` too."""
    if not content.strip() or not names.INDEX_IN_BRACKETS.fullmatch(content):
        return False
    if not any(map(str.isalpha, content)):
        name = re.escape(reader.text[reader.tokens[at].start : reader.tokens[-1].end])
        if not re.search(rf"{name}\(\s*[a-z]", reader.text):
            return False
    return reader.loosely()


def _kind_behind_function(reader: Reader, start: int) -> str:
    """Whether arguments stand in the bracket, as in `max(a, b)` and `sum(k^2, k, 1, 5)`, so that commas part them."""
    if reader.last == "FUNC":
        return "args" if reader.tokens[-1].value in SEVERAL_ARGUMENTS else "("
    several = outside(reader.text[start + 1 : matching(reader.text, start)]).count(",") > 2
    return "args" if several else "("


def _kind_behind_name(reader: Reader, at: int, content: str) -> str:
    """Whether the name is that of a function: it becomes a known one or a CALLER then."""
    function = names.function_of(reader.tokens[at], content, reader.known)
    if function is None:
        return "("
    reader.tokens[at] = reader.tokens[at]._replace(kind=function[0], value=function[1])
    return "call"


def close_bracket(reader: Reader, found: str, start: int) -> None:
    """Any closing bracket; bars that were left open inside are given up."""
    while reader.open and reader.open[-1] in {"|", "||"}:
        reader.open.pop()
    if reader.open:
        reader.open.pop()
    reader.add("RPAR", {"⌋": ")", "⌉": ")"}.get(found[-1], found[-1]), start)


def read_bars(reader: Reader, found: str, start: int) -> None:
    """Bars open and close by turns; one between operands of `P(a | b)` is a condition."""
    double = len(found.lstrip("\\")) > 1 or found == "‖"
    bars = [opened for opened in reader.open if opened in {"|", "||"}]
    if reader.open and reader.open[-1] in {"|", "||"} and ends_operand(reader.tokens):
        opened = reader.open.pop()
        reader.add("ABSC", "|", start)
        if not double or opened == "||":
            return None
        if len(bars) > 1 and reader.open[-1] == "|" and not _opens_again(reader):
            reader.open.pop()
            return reader.add("ABSC", "|", start)
        reader.open.append("|")  # `|x||y|`
        return reader.add("ABSO", "|", start)
    inside_call = bool(reader.open) and reader.open[-1] == "call"
    another = any(bar in reader.text[reader.position :] for bar in _BARS)
    if ends_operand(reader.tokens) and (inside_call or not another):
        return reader.add("BAR", "|", start)
    if found == "||" and _SINGLE_BAR.search(reader.text, reader.position):  # `||x| - 1|`
        reader.open.append("|")
        reader.add("ABSO", "|", start)
        double = False
    reader.open.append("||" if double else "|")
    return reader.add("ABSO", "|", start)


def _opens_again(reader: Reader) -> bool:
    """Whether the two bars in the middle of `||x||y||` close one and open one."""
    rest = reader.text[reader.position :]
    return rest[:1].isalnum() and rest.count("|") == 2


def _is_probability(token: Tok) -> bool:
    """Names that also take other brackets: `E[x]`, `Pr{A | B}`."""
    return isinstance(token.value, Sym) and token.value.name in {"P", "Pr", "p", "E", "ℙ"}
