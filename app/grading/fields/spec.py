"""What the specification of every field kind has in common, and the two ways in which raw values fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.grading.types import Raw, Reading, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A field as the exam file describes it. Attributes are the keys beside `kind`.

    A specification that cannot work raises ValueError with a plain sentence when it is made.
    """

    kind: ClassVar[str]
    label: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FieldKind:
    """A row of the FIELDS table: `read(spec, raw)` never raises, whatever JSON it is given."""

    name: str
    spec: type[Spec]
    read: Callable[[Any, Raw], Reading]


def malformed(expected: str) -> Unreadable:
    """JSON of a shape that no page sends."""
    return Unreadable(f"This is not {expected}.", malformed=True)


def require(holds: bool, sentence: str) -> None:
    """Refuse a specification that cannot work."""
    if not holds:
        raise ValueError(sentence)
