"""Matrix: a grid of numbers. Value: tuple of rows of Fraction, None in a blank cell."""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.number import MOST_CELLS, read_cells
from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading, Unreadable, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Spec):
    """A grid of `rows` × `cols` cells. `either_way`: a 1×n and an n×1 answer are the same."""

    kind: ClassVar[str] = "matrix"
    rows: int
    cols: int
    either_way: bool = False
    integer: bool = False

    def __post_init__(self) -> None:
        require(self.rows > 0 and self.cols > 0, "a matrix has at least one row and one column")
        require(self.rows * self.cols <= MOST_CELLS, f"a matrix has at most {MOST_CELLS} cells")
        require(
            not self.either_way or 1 in (self.rows, self.cols), "either_way is for a single row or column"
        )


def read(spec: Matrix, raw: Raw) -> Reading:
    """The rows as entered; another size than asked is a value too.

    >>> read(Matrix(rows=1, cols=3), [["13", "5", "0"]]).value
    ((Fraction(13, 1), Fraction(5, 1), Fraction(0, 1)),)
    >>> read(Matrix(rows=1, cols=2), [["", "1"]]).value  # a blank cell is None, not 0
    ((None, Fraction(1, 1)),)
    """
    if raw is None:
        return BLANK
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        return malformed("a list of rows, each a list of numbers")
    if len(raw) > MOST_CELLS:
        return Unreadable(f"There are more than {MOST_CELLS} rows.")
    cells = read_cells([cell for row in raw for cell in row], spec.integer, lambda at: _place(raw, at))
    if not isinstance(cells, Value):
        return cells
    widths = [len(row) for row in raw]
    readings = [_in_rows(flat, widths) for flat in (cells.value, *cells.others)]
    return Value(readings[0], cells.echo, tuple(readings[1:]))


def _place(raw: list[list[Raw]], at: int) -> str:
    """Where the cell of this number stands, in reading order."""
    places = [(row, col) for row, cells in enumerate(raw, 1) for col in range(1, len(cells) + 1)]
    return "row {}, column {}".format(*places[at])


def _in_rows(flat: tuple[object, ...], widths: list[int]) -> tuple[tuple[object, ...], ...]:
    rows, start = [], 0
    for width in widths:
        rows.append(flat[start : start + width])
        start += width
    return tuple(rows)


MATRIX = FieldKind("matrix", Matrix, read)
