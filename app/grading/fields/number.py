"""Number: a number or arithmetic, read exactly. Value: Fraction. Also reads cells of numbers and matrix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import ClassVar

from app.grading.fields.framing import unframed
from app.grading.fields.spec import FieldKind, Spec, malformed
from app.grading.mathematics.numbers import read_number
from app.grading.types import BLANK, Raw, Reading, Unreadable, Value

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
    return read_number(unframed(raw), integer)


def read_cells(raws: Sequence[Raw], integer: bool, place: Callable[[int], str]) -> Reading:
    """Several numbers as one tuple, None where blank; all blank is blank.

    A cell that cannot be read makes the field unreadable; `place` names a cell by its number, counted from 0.
    """
    if len(raws) > MOST_CELLS:
        return Unreadable(f"There are more than {MOST_CELLS} numbers.")
    readings = [read_entry(raw, integer) for raw in raws]
    plain = [one.value for one in readings if isinstance(one, Value) and not one.echo and not one.others]
    if plain and len(plain) == len(readings):  # nearly always
        return Value(tuple(plain))
    for at, reading in enumerate(readings):
        if isinstance(reading, Unreadable):
            return Unreadable(f"In {place(at)}: {reading.reason}", reading.so_far, reading.malformed)
    read = {at: reading for at, reading in enumerate(readings) if isinstance(reading, Value)}
    return _combined(read, len(readings), place) if read else BLANK


def _combined(read: Mapping[int, Value], count: int, place: Callable[[int], str]) -> Reading:
    """Every way to read all cells; more than a few ways cannot be read."""
    first = tuple([read[at].value if at in read else None for at in range(count)])
    echo = "; ".join([f"{place(at)} {one.echo}" for at, one in read.items() if one.echo])
    if not any(one.others for one in read.values()):
        return Value(first, echo)
    ways = [(read[at].value, *read[at].others) if at in read else (None,) for at in range(count)]
    if prod(map(len, ways)) > MOST_COMBINED_READINGS:
        return Unreadable("Several numbers can be read in more than one way.")
    return Value(first, echo, tuple(product(*ways))[1:])


NUMBER = FieldKind("number", Number, read)
