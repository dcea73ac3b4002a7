"""Numbers: a short list of numbers. Value: tuple of Fraction, None in a blank cell."""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.number import MOST_CELLS, read_cells
from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Spec):
    """`count` boxes in a row, each with a label if `labels` are given. `integer`: counts, as in Number."""

    kind: ClassVar[str] = "numbers"
    count: int
    labels: tuple[str, ...] = ()
    integer: bool = False

    def __post_init__(self) -> None:
        require(0 < self.count <= MOST_CELLS, f"count must be between 1 and {MOST_CELLS}")
        require(len(self.labels) in (0, self.count), "there must be as many labels as numbers")


def read(spec: Numbers, raw: Raw) -> Reading:
    """The numbers in the order entered; another length than asked is a value too.

    >>> read(Numbers(count=3), ["64", "64", "96"]).value
    (Fraction(64, 1), Fraction(64, 1), Fraction(96, 1))
    >>> read(Numbers(count=3), ["64", "64"]).value
    (Fraction(64, 1), Fraction(64, 1))
    """
    if raw is None:
        return BLANK
    if not isinstance(raw, list):
        return malformed("a list of numbers")
    return read_cells(raw, spec.integer, lambda at: f"number {at + 1}")


NUMBERS = FieldKind("numbers", Numbers, read)
