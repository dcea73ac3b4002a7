"""Cases as students write them in a line, brought to the form that the reader knows.

`if y>0: w, else 0`, `y>0 -> w, y<0 -> 0`, `w, y>0; 0, else`, `w when y is positive, otherwise 0`, `y>0 ? w : 0` and `w (if y>0), 0 (otherwise)` all become values with
`if` and `otherwise`. Surprising: `w, y>0` is one case, as nothing else makes sense of a value beside a condition.
"""

import re

LONGEST = 400
_HEAD = re.compile(r"^[^<>=≤≥]*?=(?![=<>])|(?:\bd\w/d\w|\b[^\W\d_]['′’])\s*=(?![=<>])")
_WORD = re.compile(
    r"\b(?:if|for|when|where|whenever|falls|wenn|für|then|dann|and|und)\b|->|=>|→|⇒|[,;:\n{}]|\\\\",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|otherwise|sonst|if not|wenn nicht|in all other cases)\b", re.IGNORECASE)
_BRACKETED = re.compile(
    r"\(\s*((?:if|for|when|where|falls|wenn|für|otherwise|else|sonst)\b[^()]*)\)", re.IGNORECASE
)
_ASKED = re.compile(r"^([^?:]*)\?([^?:]*):([^?:]*)$")
_CONDITION = re.compile(r"[<>≤≥]|\\[lg]eq?\b")
_BULLET = re.compile(r"^(\s*)[-–—*•](\s)")
_SIGN = re.compile(r"(?<!\s)\s+(?:is|ist)\s+(?P<sign>positiv|negativ)e?\b", re.IGNORECASE)
_ELSE_MARK = "\N{REPLACEMENT CHARACTER}"


def as_cases(text: str) -> str | None:
    """The text as `value if condition, …, value otherwise`; None if it is not made of values and conditions.

    >>> as_cases("if wx>0: w, else 0")
    'w if wx>0, 0 otherwise'
    """
    if len(text) > LONGEST:
        return None
    text = _SIGN.sub(lambda match: " > 0" if match.group("sign").lower() == "positiv" else " < 0", text)
    text = _ASKED.sub(r"if \1: \2, else \3", text)
    if not _CONDITION.search(text):
        return None
    atoms = _atoms(text)
    pairs = _pairs(atoms) if atoms else None
    return ", ".join(f"{value} {condition}" for value, condition in pairs) if pairs else None


def without_bullets(text: str) -> str:
    """Cases that stand one a line behind dashes, with the dashes blanked; a text where they may be signs stays as it is.

    >>> without_bullets("- w, if wx > 0\\n- 0, else")
    '  w, if wx > 0\\n  0, else'
    >>> without_bullets("- y log p\\n- (1-y) log(1-p)")
    '- y log p\\n- (1-y) log(1-p)'
    """
    lines = text.split("\n")
    if len(lines) < 2 or not all(_BULLET.match(line) for line in lines):
        return text
    bare = "\n".join([_BULLET.sub(r"\1 \2", line) for line in lines])
    return bare if as_cases(bare) else text


def _atoms(text: str) -> list[str]:
    """Values, conditions and marks of "otherwise", in their order."""
    text = _HEAD.sub("", _BRACKETED.sub(r" , \1 , ", text))
    pieces = _WORD.split(_ELSE.sub(f",{_ELSE_MARK},", text))
    return [piece.strip() for piece in pieces if piece.strip()]


def _pairs(atoms: list[str]) -> list[tuple[str, str]] | None:
    """Each value with its condition; None if they do not alternate or brackets are torn."""
    if len(atoms) % 2 or any(atom.count("(") != atom.count(")") for atom in atoms):
        return None
    pairs = []
    for first, second in zip(atoms[::2], atoms[1::2], strict=True):
        if _is_value(first) == _is_value(second):
            return None
        value, condition = (first, second) if _is_value(first) else (second, first)
        pairs.append((value, "otherwise" if condition == _ELSE_MARK else f"if {condition}"))
    return pairs


def _is_value(atom: str) -> bool:
    return atom != _ELSE_MARK and not _CONDITION.search(atom)
