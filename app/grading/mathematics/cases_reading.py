"""Pieces in braces: the LaTeX environment and the plain form `{w, x>0; 0, else}` give the same tokens.

A row is `value SEP condition`. Surprising: `{w if x>0, 0 otherwise}` has two rows, as its comma stands behind a
condition.
"""

import re

from app.grading.mathematics.brackets import has_relation, matching
from app.grading.mathematics.reader import Reader
from app.grading.mathematics.tokens import Tok

_CONDITION_WORDS = re.compile(r"\b(?:if|for|when|else|otherwise|wenn|falls|für|sonst)\b")


def read_rows_in_braces(reader: Reader, start: int) -> bool:
    """The plain form of cases, `{w, x>0; 0, else}`; False if the brace is an ordinary bracket."""
    end = matching(reader.text, reader.position - 1)
    content = reader.text[reader.position : end].removesuffix("\\")
    if not (has_relation(content) or _CONDITION_WORDS.search(content)):
        return False
    if not (";" in content or "\n" in content or _CONDITION_WORDS.search(content)):
        return False
    begin = reader.position
    reader.position = min(end + 1, len(reader.text))
    reader.tokens += case_tokens(reader.inner(begin, begin + len(content)), start, reader.position)
    return True


def rows_of(tokens: list[Tok], separators: frozenset[str]) -> list[list[Tok]]:
    rows: list[list[Tok]] = [[]]
    level = 0
    for token in tokens:
        level += (token.kind == "LPAR") - (token.kind == "RPAR")
        if level == 0 and (token.kind in separators or token.value == ";"):
            rows.append([])
        else:
            rows[-1].append(token)
    return [row for row in rows if row]


def case_tokens(tokens: list[Tok], start: int, end: int) -> list[Tok]:
    """CASEO row ROW row CASEC, where a row is `value SEP condition`."""
    rows = rows_of(
        [token._replace(value="&") if token.kind == "AMP" else token for token in tokens],
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
