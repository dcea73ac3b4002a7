"""Checks of matrices: the whole, or one column."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.grading.checks.arithmetic import Exact, Written, exact, fast, plain
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.types import Evidence, Verdict, View, met, not_met

MOST_FAULTS = 6
_NONE = Fraction(0)  # of tolerance: fractions are slow to subtract

Cell = Exact | None
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix is this one, cell by cell; `""` stands for a cell that has to stay blank.

    `matrix: {field: z_norm, is: [[-1, -1, -1], [1, 1, 1], [1, 1, 1], [-1, -1, -1]]}`
    """

    is_: tuple[tuple[Written, ...], ...]
    field: str | None = None
    tolerance: Written | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column is this one, counted from 1: `column: {number: 2, is: [-11, -9, -9, -11]}`."""

    number: int
    is_: tuple[Written, ...]
    field: str | None = None
    tolerance: Written | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The rule with its numbers read. `either_way` comes from the field: a row and a column are the same.

    `column` is the column that counts, from 0; None for all. `right` is the verdict where every cell is.
    """

    field: str
    rows: Rows
    tolerance: Fraction
    either_way: bool
    column: int | None
    right: Verdict


def prepare_matrix(rule: Matrix, setting: Setting) -> Expected:
    """Read the cells; the size must be that of the field."""
    spec = setting.spec(rule.field or "")
    rows = tuple(tuple(_cell(written) for written in row) for row in rule.is_)
    if {len(row) for row in rows} != {spec.cols} or len(rows) != spec.rows:
        raise RuleError(f"the field has {spec.rows} rows of {spec.cols} cells", "is")
    return _expected(rule, rows, spec.either_way, None)


def prepare_column(rule: Column, setting: Setting) -> Expected:
    """Read the cells; the column must be there and as long as the field has rows."""
    spec = setting.spec(rule.field or "")
    if not 1 <= rule.number <= spec.cols:
        raise RuleError(f"the field has columns 1 to {spec.cols}", "number")
    if len(rule.is_) != spec.rows:
        raise RuleError(f"the field has {spec.rows} rows", "is")
    rows = tuple((_cell(written),) for written in rule.is_)
    return _expected(rule, rows, False, rule.number - 1)


def _expected(rule: Matrix | Column, rows: Rows, either_way: bool, column: int | None) -> Expected:
    field, tolerance = rule.field or "", exact(rule.tolerance) if rule.tolerance else _NONE
    sentence = "Every cell is right." if column is None else f"Column {column + 1} is right."
    place = {} if column is None else {"row": 0, "col": column}
    right = met(sentence, Evidence(field, "is as asked", sentence, place))
    return Expected(field, rows, tolerance, either_way, column, right)


def matrix(rule: Expected, view: View) -> Verdict:
    """Every cell is right, and there are as many as asked.

    [[13], [5], [0]] meets `is: [[13, 5, 0]]` where the field is `either_way`.
    Surprising: a blank cell is never 0.
    """
    given = given_cells(rule.field, view)
    if given == rule.rows:
        return rule.right
    expected = _turned(rule.rows) if rule.either_way and _size(given) != _size(rule.rows) else rule.rows
    if _size(given) != _size(expected):
        return not_met(f"Asked are {_words(_size(rule.rows))}, entered are {_words(_size(given))}.")
    return _judge_cells(rule, given, expected, 0)


def column(rule: Expected, view: View) -> Verdict:
    """Every cell of one column is right, whatever stands in the others."""
    given, at = given_cells(rule.field, view), rule.column or 0
    cells = tuple([row[at : at + 1] for row in given])
    if cells == rule.rows:
        return rule.right
    if len(cells) != len(rule.rows) or () in cells:
        return not_met(f"Asked are {len(rule.rows)} rows with a column {at + 1}.")
    return _judge_cells(rule, cells, rule.rows, at)


def given_cells(field: str, view: View) -> Rows:
    """What was entered in a matrix, with whole numbers as ints: all checks of it compare those. One blank cell for nothing."""
    return view.once(
        ("cells", field), lambda: tuple([_fast_row(row) for row in view.value(field) or ((None,),)])
    )


def _fast_row(row: Sequence[Fraction | None]) -> tuple[Cell, ...]:
    return tuple([None if value is None else fast(value) for value in row])


def _judge_cells(rule: Expected, given: Sequence[Sequence[Cell]], expected: Rows, shift: int) -> Verdict:
    faults = [
        _fault(rule.field, row, col + shift, value, target)
        for row, (values, targets) in enumerate(zip(given, expected, strict=True))
        for col, (value, target) in enumerate(zip(values, targets, strict=True))
        if not _same(value, target, rule.tolerance)
    ]
    if faults:
        return not_met(faults[0].sentence if len(faults) == 1 else _summary(faults), *faults[:MOST_FAULTS])
    return rule.right


def _summary(faults: Sequence[Evidence]) -> str:
    return f"{len(faults)} cells differ. {faults[0].sentence}"


def _fault(field: str, row: int, col: int, value: Cell, target: Cell) -> Evidence:
    should = "stay blank" if target is None else f"be {plain(target)}"
    wrote = "it was left blank" if value is None else f"you entered {plain(value)}"
    sentence = f"Row {row + 1}, column {col + 1} should {should}, {wrote}."
    return Evidence(field, f"row {row + 1}, column {col + 1}", sentence, {"row": row, "col": col})


def _same(value: Cell, target: Cell, tolerance: Fraction) -> bool:
    if value is None or target is None:
        return value is target
    return value == target or (tolerance is not _NONE and abs(Fraction(value) - target) <= tolerance)


def _cell(written: Written) -> Cell:
    return None if written == "" else fast(exact(written))


def _turned(rows: Rows) -> Rows:
    return tuple(zip(*rows, strict=True))


def _size(rows: Sequence[Sequence[Cell]]) -> tuple[int, ...]:
    """The length of every row: a ragged matrix has no size that any rule asks for."""
    return tuple(len(row) for row in rows)


def _words(size: tuple[int, ...]) -> str:
    even = f"{len(size)} rows of {size[0]}" if len(set(size)) == 1 else "rows of different lengths"
    return even if len(size) != 1 else f"one row of {size[0]}"


MATRIX_CHECKS = {
    "matrix": CheckKind(Matrix, matrix, ("matrix",), short="is_", prepare=prepare_matrix),
    "column": CheckKind(Column, column, ("matrix",), prepare=prepare_column),
}
