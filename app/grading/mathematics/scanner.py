"""From text to tokens: plain notation, Unicode signs and LaTeX end in the same few token kinds.

`3x^2` gives NUM NAME POW NUM. Surprising: `\\frac{a}{b}` gives LPAR LPAR a RPAR SLASH LPAR b RPAR RPAR,
`h₁` and `h1` both give h with a subscript, and the 1 of `1(y>0)` is an indicator, not a number.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.grading.mathematics import names
from app.grading.mathematics.code_style import as_in_mathematics
from app.grading.mathematics.enclosures import close_bracket, open_bracket, read_bars
from app.grading.mathematics.latex import composes, read_command, read_root
from app.grading.mathematics.reader import Read, Reader, Signs
from app.grading.mathematics.scripts import (
    add_accent,
    read_index,
    read_lower,
    read_power,
    read_prime,
    read_subscript,
    read_superscript,
)  # fmt: skip
from app.grading.mathematics.tokens import PLAIN, Options, Tok
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import (
    COMBINING,
    FRACTION_SIGNS,
    GREEK_LETTERS,
    INDICATORS,
    RELATIONS,
    SAME_LETTER,
    SIGNS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)  # fmt: skip
from app.grading.mathematics.words import number_after_name, opens_indicator, read_letter, read_word

_LETTERS = "A-HJ-WYZa-ce-wyzαβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΦΨΩ"  # always names; x may be a times sign
_EXPONENT = r"(?:[eE][+\-−]?[0-9]+(?![A-Za-z0-9])|E[+\-−][0-9]+(?![0-9]))?"
# Each kind is named behind its pattern, as the engine passes over a pattern faster than over a group.
_KINDS = {
    "letter": rf"[{_LETTERS}](?![A-Za-zÄÖÜäöüß0-9])",
    "number": rf"[0-9]+(?:(?:\.|,(?![0-9]+,[0-9])|\{{,\}})[0-9]+)?{_EXPONENT}",
    "index": r"_(?:[A-Za-z]|[0-9]+)(?![A-Za-z0-9]|[+\-−][0-9])",
    "newline": r"[ \t]*[\n\r]\s*",
    "space": r"[\s$\u200b]+",
    "opener": r"[(\[{⌊⌈⟨]",
    "closer": r"[)\]}⌋⌉⟩]",
    "relation": r"(?:<=|>=|<>|=/=|=<|==|:=|!=|->|=>|[=<>≤≥≠≈∈~∼∝→⇒←≡≔⩽⩾⟶])",
    "power": r"(?:\*\*|\^)",
    "sign": r"[+*/·×⋅−-]",
    "word": r"[A-Za-zÄÖÜäöüß]+",
    "command": r"\\[A-Za-z]+\*?",
    "rowbreak": r"\\\\",
    "thin": r"\\[,;:!> ()\[\]]",
    "brace": r"\\\{",
    "unbrace": r"\\\}",
    "decimals": rf"\.[0-9]+{_EXPONENT}",
    "dots": r"\.\.\.?",
    "bars": r"(?:\|\|?|‖|\\\|)",
    "superscript": rf"[{''.join(SUPERSCRIPTS)}]+",
    "subscript": rf"[{''.join(SUBSCRIPTS)}]+",
    "prime": r"['′’´″]+",
    "percent": r"\\?%",
    "other": r".",
}
_TOKEN = re.compile("|".join(f"{pattern}(?P<{kind}>)" for kind, pattern in _KINDS.items()), re.DOTALL)

_WIDE = {ord(sign) + 0xFEE0: sign for sign in "()[]{}+-*/^=<>|,.0123456789"}  # of East Asian keyboards
_SUMMED = re.compile(r"\s*(?:[_(\[{\\|0-9]|[^\W\d_])")  # what a capital sigma sums; else it is a name


class Scan(NamedTuple):
    """The tokens of a text; `loose`: read loosely or not, they may be others; `asked`: the names that might change them."""

    tokens: tuple[Tok, ...]
    loose: bool
    asked: frozenset[str]


def scan(text: str, options: Options = PLAIN) -> Scan:
    """All tokens of a text. Nothing is refused here: what is not understood becomes an OTHER token."""
    if not text.isascii():
        text = text.translate(_WIDE)
    text = as_in_mathematics(text)
    known = names.Known(text, options.symbols)
    reader = Reader(text, _SIGNS, options, known)
    glued = names.glued_index(text)
    reader.glued = glued if glued and reader.loosely() else ""
    return Scan(tuple(reader.run()), reader.asked, frozenset(known.asked))


def _newline(reader: Reader, found: str, start: int) -> None:
    if not reader.open:
        reader.add("NEWLINE", "\n", start)


def _number(reader: Reader, found: str, start: int) -> None:
    if not found.isdigit():
        found = _decimal(reader, found, start)
    if found == "1" and opens_indicator(reader):
        return reader.add("IND", "1", start)
    if reader.tokens and reader.tokens[-1].end == start and reader.last in {"RPAR", "BANG"}:
        reader.add("TIMES", "*", start, start)  # `(x+2)3`
    return reader.add("NUM", found, start)


def _decimal(reader: Reader, found: str, start: int) -> str:
    """A number with a point, comma or exponent; between arguments a comma ends the number."""
    if "," in found and reader.open and reader.open[-1] in {"args", "[", "{"}:
        found = found[: found.index(",")].rstrip("{")
        reader.position = start + len(found)
    return found.replace("{,}", ".").replace(",", ".").replace("−", "-")


def _other(reader: Reader, found: str, start: int) -> None:
    if found == "_":
        return read_lower(reader, start)
    if found == "√":
        return read_root(reader, start)
    if found in COMBINING:
        return add_accent(reader, COMBINING[found])
    if found in FRACTION_SIGNS:
        top, bottom = FRACTION_SIGNS[found]
        if reader.last == "NUM" and reader.tokens[-1].end == start and str(reader.tokens[-1].value).isdigit():
            top += bottom * int(str(reader.tokens.pop().value))  # `2½`
        return reader.add("NUM", f"{top}/{bottom}", start)
    return _sign_or_letter(reader, found, start)


def _sign_or_letter(reader: Reader, found: str, start: int) -> None:
    if found == ":" and reader.whole and reader.tokens:
        return reader.add("DOTS", ":", start)
    if found == ":" and not reader.text[start - 1 : start + 2].replace(":", "").isdigit():
        return reader.add("COLON", ":", start)
    if found == "∘" and composes(reader):
        return reader.add("OTHER", found, start)
    if found == "!" and reader.last == "BANG":  # (3!)! or the double factorial
        return reader.add("OTHER", "!!", start)
    if found in ":∘!":
        return reader.add(SIGNS[found], found, start)
    if found in INDICATORS and opens_indicator(reader):
        return reader.add("IND", found, start)
    if found in "ΣΠ" and _SUMMED.match(reader.text, reader.position):
        return reader.add("SUM" if found == "Σ" else "PROD", found, start)
    letter, accent = names.letter_of(found)
    if letter in GREEK_LETTERS or letter in SAME_LETTER or letter.isalpha():
        reader.add("NAME", Sym(SAME_LETTER.get(letter, letter), accent), start)
        return number_after_name(reader)
    return reader.add("OTHER", found, start)


def _command(reader: Reader, found: str, start: int) -> None:
    read_command(reader, found[1:].rstrip("*"), start)


_SINGLE = {
    **{sign: (kind, sign) for sign, kind in SIGNS.items() if sign not in ":∘!∆"},
    **{sign: ("REL", relation) for sign, relation in RELATIONS.items()},
    "\\%": ("PERCENT", "%"), "\\\\": ("NEWLINE", "\n"), "..": ("DOTS", ".."), "...": ("DOTS", "..."),
    "&": ("AMP", "&"), ",": ("COMMA", ","), ";": ("COMMA", ";"),
}  # fmt: skip
_READS: Mapping[str | None, Read] = {
    "letter": read_letter, "number": _number, "index": read_index, "newline": _newline, "opener": open_bracket,
    "closer": close_bracket, "power": read_power, "word": read_word, "command": _command, "brace": open_bracket,
    "unbrace": close_bracket, "decimals": _number, "bars": read_bars, "superscript": read_superscript,
    "subscript": read_subscript, "prime": read_prime, "other": _other,
}  # fmt: skip
_SIGNS = Signs(_TOKEN, _SINGLE, _READS)
