"""Upper and lower indices, exponents and accents.

`x^{2}_i` is read as `x_i^{2}`, `^{(k+1)}` as an index. Surprising: the `^` of `1-y^)` and `y^_i` is a hat.
"""

import re
from dataclasses import replace

from app.grading.mathematics import names
from app.grading.mathematics.brackets import matching, splits_at_top
from app.grading.mathematics.reader import Reader
from app.grading.mathematics.tokens import Tok, ends_operand, placed
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import SUBSCRIPTS, SUPERSCRIPTS

LOOSE_SHIFT = re.compile(r"[+\-−][0-9](?![0-9A-Za-z(]|[.,][0-9])")
_INDEX_RUN = re.compile(r"[0-9]+|[A-Za-z][A-Za-z0-9]*")
_LOOSE_EXPONENT = re.compile(r"([A-Za-z])([+\-−][0-9])(?![0-9A-Za-z(]|[.,][0-9])")
_UPPER_FIRST = re.compile(r"([0-9A-Za-z])_")  # `x^2_1`
_WORD_AFTER_SPACE = re.compile(r"\s+([A-Za-z]*)")


def read_power(reader: Reader, found: str, start: int) -> None:
    """`^` and `**`: an exponent, a hat, a star or a prime."""
    if _is_hat(reader):
        return add_accent(reader, "hat")
    rest = reader.text[reader.position :].lstrip()
    at = len(reader.text) - len(rest)
    if rest[:1] in {"*", "'"} and rest[1:2] != "*" and ends_operand(reader.tokens):
        reader.position = at + 1
        return add_accent(reader, "star" if rest[0] == "*" else "prime")
    begin = len(reader.tokens)
    reader.add("POW", "^", start)
    if rest.startswith("{"):
        _upper_group(reader, at)
    elif (upper := _UPPER_FIRST.match(rest)) and (upper[1].isdigit() or reader.latex):
        reader.position = at + 1
        _bracketed(reader, reader.inner(at, reader.position), at)
    elif (loose := _LOOSE_EXPONENT.match(rest)) and reader.loosely():
        reader.position = at + loose.end()
        _bracketed(reader, reader.inner(at, reader.position), at)
    reader.superscript = (begin, reader.position)


def _is_hat(reader: Reader) -> bool:
    """`y^`, `y^_i`, `1-y^)`: a hat typed behind its letter."""
    if reader.last != "NAME" or reader.tokens[-1].end != reader.position - 1:
        return False
    rest = reader.text[reader.position :]
    if rest[:1] in {"", ")", "]", "|", "_", ",", ";", "=", "+", "/"}:
        return True
    word = _WORD_AFTER_SPACE.match(rest)
    if word is None or (rest.strip() and rest.lstrip()[0] in "0123456789{(-−\\"):
        return False
    return not word[1] or names.is_known_word(word[1])


def _upper_group(reader: Reader, start: int) -> None:
    end = matching(reader.text, start)
    inside = reader.inner(start + 1, end)
    reader.position = min(end + 1, len(reader.text))
    if reader.text[start + 1 : end].strip() in {"\\prime", "'", "′", "prime"}:
        reader.tokens.pop()
        return add_accent(reader, "prime")
    _bracketed(reader, inside, start)


def _bracketed(reader: Reader, inside: list[Tok], start: int) -> None:
    """An exponent in a group; one in brackets of its own, `^{(k+1)}`, is an index."""
    end = reader.position
    index = len(inside) > 2 and inside[0].kind == "LPAR" and splits_at_top(inside) == len(inside) - 1
    sums_up = len(inside) > 3 and all(
        token.kind in {"LPAR", "NUM", "PLUS", "MINUS", "RPAR"} for token in inside
    )
    if index and not sums_up and len(reader.tokens) > 1 and reader.tokens[-2].kind in {"NAME", "SUBC"}:
        reader.tokens.pop()
        inside = [Tok("SUPO", "(", start, start), *inside[1:-1], Tok("SUPC", ")", end, end)]
    else:
        inside = [Tok("LPAR", "(", start, start), *inside, Tok("RPAR", ")", end, end)]
    reader.tokens += inside


def read_superscript(reader: Reader, found: str, start: int) -> None:
    """`x²`, `θ⁽ᵏ⁺¹⁾`."""
    inside = reader.read_apart("".join(SUPERSCRIPTS[sign] for sign in found))
    begin = len(reader.tokens)
    reader.add("POW", "^", start)
    _bracketed(reader, placed(inside, start, reader.position), start)
    reader.superscript = (begin, reader.position)


def read_subscript(reader: Reader, found: str, start: int) -> None:
    """`θₖ₊₁`."""
    inside = reader.read_apart("".join(SUBSCRIPTS[sign] for sign in found), whole=True)
    add_index(reader, placed(inside, start, reader.position), start)


def read_index(reader: Reader, found: str, start: int) -> None:
    """`_t` and `_12`, behind which nothing stands that could belong to it."""
    add_index(reader, _index(reader, start + 1, reader.position), start)


def read_lower(reader: Reader, start: int) -> None:
    """`_`: an index in a group, a run of letters and digits, or an accent such as `_hat`."""
    run = _INDEX_RUN.match(reader.text, reader.position)
    if run is None:
        grouped = reader.text.startswith(("{", "(", "\\{"), reader.position)
        return _lower_group(reader, start) if grouped else add_index(reader, reader.argument(), start)
    accent = names.accent_of(run.group())
    if accent and reader.last == "NAME":
        reader.position = run.end()
        return add_accent(reader, accent)
    begin = reader.position
    reader.position = begin + names.index_length(run.group(), reader.latex)
    if (shift := LOOSE_SHIFT.match(reader.text, reader.position)) and reader.loosely():
        reader.position = shift.end()
    add_index(reader, _index(reader, begin, reader.position), start)


def _index(reader: Reader, begin: int, end: int, whole: bool = True) -> list[Tok]:
    """The tokens of an index, mostly a letter or a number."""
    index = reader.text[begin:end]
    if index.isdigit() and index.isascii():
        return [Tok("NUM", index, begin, end)]
    if len(index) == 1 and index.isalpha() and index.isascii():
        return [Tok("NAME", Sym(index), begin, end)]
    return reader.inner(begin, end, whole)


def _lower_group(reader: Reader, start: int) -> None:
    begin = reader.position
    end = matching(reader.text, begin)
    reader.position = min(end + 1, len(reader.text))
    condition = reader.last == "IND"
    add_index(reader, _index(reader, begin + 1, end, whole=not condition), start)


def add_index(reader: Reader, inside: list[Tok], start: int) -> None:
    """A lower index; `x^{2}_{i}` is read as `x_{i}^{2}`."""
    index = [Tok("SUBO", "_", start, start), *inside, Tok("SUBC", "_", reader.position, reader.position)]
    if reader.superscript and reader.superscript[1] == start:
        at = reader.superscript[0]
        reader.tokens[at:at] = index
    else:
        reader.tokens += index


def add_accent(reader: Reader, accent: str) -> None:
    """Put an accent on the name just read."""
    for at in range(len(reader.tokens) - 1, -1, -1):
        name = reader.tokens[at].value
        if reader.tokens[at].kind in {"NAME", "CALLER"} and isinstance(name, Sym):
            reader.tokens[at] = reader.tokens[at]._replace(value=replace(name, accent=accent))
            return


def read_prime(reader: Reader, found: str, start: int) -> None:
    """`s'`, `s''`; the derivative of the ReLU is the step."""
    count = len(found) + found.count("″")
    if count == 1 and reader.tokens and (reader.tokens[-1].kind, reader.tokens[-1].value) == ("FUNC", "relu"):
        reader.tokens[-1] = reader.tokens[-1]._replace(value="step")
        return
    add_accent(reader, "prime" if count == 1 else f"prime{count}")
