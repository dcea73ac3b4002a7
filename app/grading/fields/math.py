"""Math: formulas as students type them, plain or LaTeX, also with words around. Value: str, the raw text."""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.framing import unframed
from app.grading.fields.spec import FieldKind, Spec, require
from app.grading.fields.text import read_string
from app.grading.mathematics import read_math, to_text
from app.grading.mathematics.cases_in_lines import as_cases, without_bullets
from app.grading.types import Raw, Reading, Unreadable, Value

LONGEST_ECHO = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Math(Spec):
    """A box for formulas that shows `rows` rows."""

    kind: ClassVar[str] = "math"
    rows: int = 1

    def __post_init__(self) -> None:
        require(0 < self.rows <= 40, "rows must be between 1 and 40")


def read(_spec: Math, raw: Raw) -> Reading:
    """The text, unreadable where nothing in it is a formula; `echo` shows the formulas as they were read.

    >>> read(Math(), "w if w*x > 0, else 0").value
    'w if w*x > 0, else 0'
    """
    reading = read_string(raw)
    if not isinstance(reading, Value):
        return reading
    if (bare := without_bullets(unframed(reading.value))) != reading.value:
        reading = Value(bare)
    found = read_math(reading.value)
    if found.unread is not None and (written := as_cases(reading.value)):
        found = read_math(written)
    if found.unread is not None and (written := closed(reading.value)):
        whole = read_math(written)
        reading, found = (Value(written), whole) if whole.unread is None else (reading, found)
    if found.unread is not None:
        return Unreadable(f"No formula could be read here: {found.unread.reason}.", found.unread.so_far)
    return Value(reading.value, "; ".join([to_text(one.expr) for one in found.found])[:LONGEST_ECHO])


def closed(text: str) -> str:
    """The text with the brackets that its last line leaves open closed at its end; "" if none is or one closes nothing.

    >>> closed("-(y*log(p) + (1-y)*log(1-p)")
    '-(y*log(p) + (1-y)*log(1-p))'
    """
    missing: list[str] = []
    for character in text.rstrip().rpartition("\n")[2]:
        if character in _CLOSING:
            missing.append(_CLOSING[character])
        elif character in _CLOSING.values() and (not missing or missing.pop() != character):
            return ""
    return text.rstrip() + "".join(reversed(missing)) if missing else ""


_CLOSING = {"(": ")", "[": "]", "{": "}"}


MATH = FieldKind("math", Math, read)
