"""Choices: any number of boxes to tick. Value: frozenset of option numbers, counted from 1."""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Spec):
    """Boxes of which any number may be right, zero included."""

    kind: ClassVar[str] = "choices"
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        require(len(self.options) > 0, "a field of kind choices needs options")


def read(spec: Choices, raw: Raw) -> Reading:
    """The ticked options.

    >>> read(Choices(options=("higher", "lower")), [2]).value
    frozenset({2})
    >>> read(Choices(options=("higher", "lower")), [])  # "none of these" is an answer, not a blank
    Value(value=frozenset(), echo='', others=())
    """
    if raw is None:
        return BLANK
    numbers = range(1, len(spec.options) + 1)
    if not isinstance(raw, list) or any(type(number) is not int or number not in numbers for number in raw):
        return malformed(f"a list of option numbers from 1 to {len(spec.options)}")
    return Value(frozenset(raw))


CHOICES = FieldKind("choices", Choices, read)
