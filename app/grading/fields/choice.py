"""Choice: one word of a list. Value: str."""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Spec):
    """A list of words of which one can be chosen."""

    kind: ClassVar[str] = "choice"
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        require(len(self.options) > 0, "a field of kind choice needs options")
        require("" not in self.options, "an option of a choice cannot be empty: empty means left blank")


def read(spec: Choice, raw: Raw) -> Reading:
    """The chosen word.

    >>> read(Choice(options=("forget", "output")), "output").value
    'output'
    >>> read(Choice(options=("forget", "output")), "input").malformed  # no page offers it
    True
    """
    return read_word(spec.options, raw)


def read_word(options: tuple[str, ...], raw: Raw) -> Reading:
    """One of the listed words; spaces around it do not matter."""
    if raw is None:
        return BLANK
    if not isinstance(raw, str):
        return malformed("one word of the list")
    word = raw.strip()
    if not word:
        return BLANK
    return Value(word) if word in options else malformed(f"one of {', '.join(options)}")


CHOICE = FieldKind("choice", Choice, read)
