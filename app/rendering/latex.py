r"""What must not reach the LaTeX converter, found by counting in the source.

A converter that hangs or crashes takes the whole server with it, and math-core 0.9.0 was seen to do both.
Thousands of nested braces end the process. Each bracket without a partner in its row doubles the time: forty
of them (`((((…`) never end. Which bracket finds a partner is the converter's business (`(\sqrt)` has none),
so we count all that open. Commands that a formula defines could build either out of a short text.
"""

import re
from collections.abc import Iterator

MOST_CHARACTERS = 2_000
MOST_DEPTH = 60
MOST_BRACKETS = 12  # opened in one row; the worst such formula took 0.1 s

_DEFINES = re.compile(
    r"\\(?:(?:new|renew|provide|declare)\w*|[egx]?def|let|futurelet|global|csname|DeclareMathOperator)(?![a-zA-Z])"
)
_TOKEN = re.compile(r"\\[bB]igg?l\s*[(\[]|\\[a-zA-Z]+|\\.|.", re.DOTALL)  # \bigl( is one bracket
_DEEPER = frozenset({"{", r"\begin", r"\left"})
_BACK = frozenset({"}", r"\end", r"\right"})
_NEXT_CELL = frozenset({"&", r"\\"})

# Found by trying every command of math-core. \pmod and \pod bring brackets of their own.
_OPENING = frozenset("([⟨⟪⟦⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦗⧘⧚⧼⌈⌊⎰❨❪❬❮❰❲❴〈《「『【〔〖〘〚（［｛") | {
    "\\" + name
    for name in (
        "{ langle lang lAngle llangle lbrace lBrace lbrack llbracket lparen llparenthesis lceil lfloor lgroup"
        " lmoustache lvert lVert ulcorner llcorner mathopen bigl Bigl biggl Biggl pmod pod"
    ).split()
}


def source_fault(tex: str) -> str | None:
    """Why this source must not be converted, or None."""
    if not tex.strip():
        return "the formula is empty"
    if len(tex) > MOST_CHARACTERS:
        return f"the formula is longer than {MOST_CHARACTERS} characters"
    if (definition := _DEFINES.search(tex)) is not None:
        return f"formulas may not define commands ({definition[0]})"
    if max(depth for depth, _ in _nesting(tex)) > MOST_DEPTH:
        return f"the formula is nested more than {MOST_DEPTH} deep"
    if (brackets := max(brackets for _, brackets in _nesting(tex))) > MOST_BRACKETS:
        return f"{brackets} brackets open in one line of the formula, at most {MOST_BRACKETS} may: split it"
    return None


def _nesting(tex: str) -> Iterator[tuple[int, int]]:
    r"""After each token: how deep it stands, and how many brackets were opened so far in its row.

    A row is a group in braces or between `\left` and `\right`, or one cell of a table.
    """
    rows = [0]
    for token in _TOKEN.findall(tex):
        if token in _DEEPER:
            rows.append(0)
        elif token in _BACK and len(rows) > 1:
            rows.pop()
        elif token in _NEXT_CELL:
            rows[-1] = 0
        elif token in _OPENING or token[-1] in "([":
            rows[-1] += 1
        yield len(rows) - 1, rows[-1]
