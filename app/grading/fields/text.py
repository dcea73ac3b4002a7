"""Text: free words, possibly with math between $ signs. Value: str, with the places of the raw string."""

import re
from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading, Unreadable, Value

MOST_CHARACTERS = 20_000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Spec):
    """A box for free text that shows `lines` lines. `list`: names alone are an answer, statements are not asked for."""

    kind: ClassVar[str] = "text"
    lines: int = 4
    list: bool = False

    def __post_init__(self) -> None:
        require(0 < self.lines <= 40, "lines must be between 1 and 40")


def read(_spec: Text, raw: Raw) -> Reading:
    """The text as typed.

    >>> read(Text(), "60/20/20, day and night").value
    '60/20/20, day and night'
    >>> read(Text(), " \\n")  # white space alone is blank
    Blank()
    """
    return read_string(raw)


def read_string(raw: Raw) -> Reading:
    """A string of bounded length. Half characters, which no file can hold, become U+FFFD."""
    if raw is None:
        return BLANK
    if not isinstance(raw, str):
        return malformed("a text")
    if not raw.strip():
        return BLANK
    if len(raw) > MOST_CHARACTERS:
        return Unreadable(f"This text is longer than {MOST_CHARACTERS:,} characters.", raw[:200])
    return Value(raw if raw.isascii() else _LONE_SURROGATE.sub("\ufffd", raw))


TEXT = FieldKind("text", Text, read)
