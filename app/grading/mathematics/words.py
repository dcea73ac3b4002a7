"""Runs of letters: known words, symbols, products of symbols, and what is glued to them.

`h1` is h with the index 1. Surprising: the x of `3x3` is a times sign.
"""

import re

from app.grading.mathematics import names
from app.grading.mathematics.brackets import has_relation, matching
from app.grading.mathematics.latex import read_root_of
from app.grading.mathematics.reader import Reader
from app.grading.mathematics.scripts import LOOSE_SHIFT, add_index
from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import GREEK_LETTERS

_NUMBERS_IN_BRACKETS = re.compile(r"\([0-9\s.,+\-−*/·×]+\)$")
_COMPOUND = re.compile(r"(?:-[A-Za-z]{3,})+(?![A-Za-z])(?!\s*[*/^=_(])")
_ROOT_OF = re.compile(r"\[[^\[\]]*\]\s*[({]")  # the degree of `sqrt[3]{x}`
_DIGITS = re.compile(r"[0-9]+")


def read_word(reader: Reader, found: str, start: int) -> None:
    """A run of Latin letters."""
    if len(found) == 1:
        return read_letter(reader, found, start)
    if found in {"sqrt", "root"} and _ROOT_OF.match(reader.text, reader.position):
        return read_root_of(reader, start)
    if reader.glued and _read_glued(reader, found, start):
        return None
    hyphen = reader.text.startswith("-", reader.position)
    compound = _COMPOUND.match(reader.text, reader.position) if hyphen else None
    if compound and names.is_compound(found + compound.group()):
        reader.position = compound.end()
        reader.tokens.append(Tok("NAME", Sym(found + compound.group()), start, reader.position, word=True))
        return None
    tokens = names.read_word(found, start, reader.text, reader.known, reader.options, reader.whole)
    if len(tokens) > 1 or tokens[0].word:
        reader.loosely()  # two letters side by side are then no product
    reader.tokens += tokens
    return number_after_name(reader)


def read_letter(reader: Reader, found: str, start: int) -> None:
    """A letter is a name; few can be something else."""
    if found in "xX" and _is_times(reader, start):
        return reader.add("TIMES", "*", start)
    if found == "I" and opens_indicator(reader):
        return reader.add("IND", found, start)
    if reader.glued and _read_glued(reader, found, start):
        return None
    if found == "d" and _read_differential(reader, start):
        return None
    reader.add("NAME", Sym(found), start)
    return number_after_name(reader)


def _is_times(reader: Reader, start: int) -> bool:
    """The x of `3x3`, `3 x 3` and `(5-1)x8`; after a bracket with letters x is a name."""
    numeric = reader.last == "NUM" or (
        reader.last == "RPAR" and _NUMBERS_IN_BRACKETS.search(reader.text[:start].rstrip()) is not None
    )
    return numeric and reader.text[reader.position :].lstrip()[:1].isdigit()


def _read_glued(reader: Reader, found: str, start: int) -> bool:
    """Loose reading: `st+1` and `θt` carry the index t."""
    if reader.whole or found[-1] != reader.glued or len(found) > 2:
        return False
    if len(found) == 2:
        reader.add("NAME", Sym(found[0]), start, start + 1)
    elif reader.last != "NAME" or reader.tokens[-1].end != start:
        return False
    begin = reader.position - 1
    if shift := LOOSE_SHIFT.match(reader.text, reader.position):
        reader.position = shift.end()
    add_index(reader, reader.inner(begin, reader.position, whole=True), begin)
    return True


def _read_differential(reader: Reader, start: int) -> bool:
    """The dθ of `dL/dθ`."""
    letter = reader.text[reader.position : reader.position + 1]
    if not letter or letter not in GREEK_LETTERS:
        return False
    after = reader.text[reader.position + 1 :].lstrip()[:1]
    if after != "/" and reader.last != "SLASH":
        return False
    reader.position += 1
    reader.add("NAME", Sym("d" + letter), start)
    return True


def number_after_name(reader: Reader) -> None:
    """`h1` is h with index 1, `log2` a logarithm to base 2; but not in LaTeX, where `\\log2` is log of 2."""
    if not reader.text[reader.position : reader.position + 1].isdigit():  # nearly always
        return
    digits = _DIGITS.match(reader.text, reader.position)
    if digits and _takes_digits(reader, digits.end()):
        start, reader.position = reader.position, digits.end()
        add_index(reader, [Tok("NUM", digits.group(), start, reader.position)], start)


def _takes_digits(reader: Reader, end: int) -> bool:
    if reader.last != "FUNC":
        return reader.last == "NAME"
    rest = reader.text[end : end + 1]
    return reader.tokens[-1].value == "log" and bool(rest) and (rest.isalpha() or rest in "({[| ")


def opens_indicator(reader: Reader) -> bool:
    """Whether a condition in brackets or as an index follows: `1(y>0)`, `1_{y>0}`."""
    rest = reader.text[reader.position : reader.position + 3].lstrip("_ ").lstrip("\\")
    at = reader.text.find(rest[:1], reader.position) if rest else -1
    if at < 0 or rest[0] not in "([{":
        return False
    return has_relation(reader.text[at + 1 : matching(reader.text, at)])
