"""Number: a number or arithmetic, read exactly. Value: Fraction. Also reads cells of numbers and matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import ClassVar

from app.grading.fields.spec import FieldKind, Spec, malformed
from app.grading.mathematics.numbers import read_number
from app.grading.types import BLANK, Blank, Raw, Reading, Unreadable, Value

MOST_CELLS = 200
MOST_COMBINED_READINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Spec):
    """A box for one number. `integer`: a count, so "34,944" groups thousands; `unit` is shown behind it."""

    kind: ClassVar[str] = "number"
    integer: bool = False
    unit: str = ""


def read(spec: Number, raw: Raw) -> Reading:
    """The exact value.

    >>> read(Number(), "1/2500").value
    Fraction(1, 2500)
    >>> read(Number(), "about 12").reason  # never a silent zero
    'This is an estimate, not one exact number; enter only the number.'
    """
    return read_entry(raw, spec.integer)


def read_entry(raw: Raw, integer: bool) -> Reading:
    """One number; an ambiguous one ("1,500") comes with its further readings."""
    if raw is None:
        return BLANK
    if not isinstance(raw, str):
        return malformed("a number written as text")
    if not raw.strip():
        return BLANK
    return read_number(raw, integer=integer)


def read_cells(raws: Sequence[Raw], integer: bool, places: Sequence[str]) -> Reading:
    """Several numbers as one tuple, None where blank; all blank is blank.

    A cell that cannot be read makes the field unreadable, and the reason names the place.
    """
    if len(raws) > MOST_CELLS:
        return Unreadable(f"There are more than {MOST_CELLS} numbers.")
    readings = [read_entry(raw, integer) for raw in raws]
    for reading, place in zip(readings, places, strict=True):
        if isinstance(reading, Unreadable):
            return Unreadable(f"In {place}: {reading.reason}", reading.so_far, reading.malformed)
    if all(isinstance(reading, Blank) for reading in readings):
        return BLANK
    return _combined(readings, places)


def _combined(readings: Sequence[Reading], places: Sequence[str]) -> Reading:
    """Every way to read all cells; more than a few ways cannot be read."""
    ways = [_ways(reading) for reading in readings]
    if prod(len(values) for values in ways) > MOST_COMBINED_READINGS:
        return Unreadable("Several numbers can be read in more than one way.")
    first, *others = product(*ways)
    return Value(first, _echoes(readings, places), tuple(others))


def _ways(reading: Reading) -> tuple[object, ...]:
    return (reading.value, *reading.others) if isinstance(reading, Value) else (None,)


def _echoes(readings: Sequence[Reading], places: Sequence[str]) -> str:
    """How cells were read, where that is not obvious."""
    pairs = zip(readings, places, strict=True)
    return "; ".join(f"{place} {one.echo}" for one, place in pairs if isinstance(one, Value) and one.echo)


NUMBER = FieldKind("number", Number, read)
