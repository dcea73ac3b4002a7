"""Table: rows that students add and name, or fixed rows with one word each.

Value of free rows: tuple of Row without the blank ones.
Value of fixed rows: dict of row name -> word, "" where left empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from app.grading.fields.choice import read_word
from app.grading.fields.number import read_entry
from app.grading.fields.roles import Known, assign_roles, known_names
from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.fields.text import read_string
from app.grading.types import BLANK, Blank, Raw, Reading, Unreadable, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column holds: free text, one of the listed words, or a number."""

    kind: Literal["text", "choice", "number"]
    label: str = ""
    options: tuple[str, ...] = ()
    integer: bool = False

    def __post_init__(self) -> None:
        require((self.kind == "choice") == bool(self.options), "options belong to a column of kind choice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Spec):
    """Free rows: `columns`, and `rows` as the number of rows shown first, `most` at most.
    Fixed rows: `rows` as the list of their names, and one `column`.

    `roles`: what free rows stand for, with the names by which each is known; `named_by`: their column.
    """

    kind: ClassVar[str] = "table"
    rows: int | tuple[str, ...]
    columns: Mapping[str, Column] = field(default_factory=dict)
    column: Column | None = None
    most: int = 8
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named_by: str = "name"
    known: Known = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.rows, int):
            require(bool(self.columns) and self.column is None, "free rows need columns")
            require(0 < self.rows <= self.most <= 40, "rows must be between 1 and most, most at most 40")
            require(not self.roles or self.named_by in self.columns, "named_by must be one of the columns")
        else:
            require(self.column is not None and not self.columns, "fixed rows need one column")
            require(
                self.column is None or self.column.kind == "choice", "the column of fixed rows is a choice"
            )
            require(not self.roles, "fixed rows need no roles")
        object.__setattr__(self, "known", known_names(self.roles))

    @property
    def row_names(self) -> tuple[str, ...]:
        """The names of fixed rows, or the roles of free ones."""
        return tuple(self.roles) if isinstance(self.rows, int) else self.rows


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it. `index` is its place in the answer; cells hold readings, so that one cell
    that cannot be read spoils no other; `role` is what the row stands for, None where that cannot be told."""

    index: int
    cells: Mapping[str, Reading]
    role: str | None = None

    def value(self, column: str) -> object:
        """The value of a readable cell, else None."""
        cell = self.cells.get(column, BLANK)
        return cell.value if isinstance(cell, Value) else None


def read(spec: Table, raw: Raw) -> Reading:
    """The table without its blank rows.

    >>> low_or_high = Column(kind="choice", options=("low", "high"))
    >>> read(Table(rows=("train", "test"), column=low_or_high), {"train": "low"}).value
    {'train': 'low', 'test': ''}
    """
    if raw is None:
        return BLANK
    return _read_free(spec, raw) if isinstance(spec.rows, int) else _read_fixed(spec, spec.rows, raw)


def _read_fixed(spec: Table, rows: tuple[str, ...], raw: Raw) -> Reading:
    if not isinstance(raw, dict) or not set(raw) <= set(rows):
        return malformed(f"an object with the rows {', '.join(rows)}")
    options = spec.column.options if spec.column else ()
    cells = {name: read_word(options, raw.get(name)) for name in rows}
    for name, cell in cells.items():
        if isinstance(cell, Unreadable):
            return Unreadable(f"In row {name}: {cell.reason}", malformed=True)
    if all(isinstance(cell, Blank) for cell in cells.values()):
        return BLANK
    return Value({name: cell.value if isinstance(cell, Value) else "" for name, cell in cells.items()})


def _read_free(spec: Table, raw: Raw) -> Reading:
    known = spec.columns.keys()
    if not isinstance(raw, list) or not all(isinstance(row, dict) and row.keys() <= known for row in raw):
        return malformed(f"a list of rows with the columns {', '.join(spec.columns)}")
    if len(raw) > spec.most:
        return malformed(f"a table of at most {spec.most} rows")
    rows = [_read_row(spec, row) for row in raw]
    faults = [
        (f"row {index}, {column}: {cell.reason}", cell.malformed)
        for index, row in enumerate(rows, 1)
        for column, cell in row.items()
        if isinstance(cell, Unreadable)
    ]
    for fault, is_malformed in faults:
        if is_malformed:
            return malformed(f"a table: {fault}")
    value = _with_roles(spec, rows)
    return Value(value, "; ".join([fault for fault, _ in faults])) if value else BLANK


def _read_row(spec: Table, row: Mapping[str, Raw]) -> dict[str, Reading]:
    return {name: _read_cell(column, row.get(name)) for name, column in spec.columns.items()}


def _read_cell(column: Column, raw: Raw) -> Reading:
    if column.kind == "choice":
        return read_word(column.options, raw)
    return read_entry(raw, column.integer) if column.kind == "number" else read_string(raw)


def _with_roles(spec: Table, rows: list[dict[str, Reading]]) -> tuple[Row, ...]:
    """The rows in which something was entered."""
    filled = [(index, row) for index, row in enumerate(rows) if not _is_blank(row)]
    roles = assign_roles([_name(row.get(spec.named_by, BLANK)) for _, row in filled], spec.known)
    return tuple([Row(index, row, role) for (index, row), role in zip(filled, roles, strict=True)])


def _is_blank(row: Mapping[str, Reading]) -> bool:
    return all(isinstance(cell, Blank) for cell in row.values())


def _name(cell: Reading) -> str:
    """What names the row; "" where that is blank or cannot be read."""
    return str(cell.value) if isinstance(cell, Value) else ""


TABLE = FieldKind("table", Table, read)
