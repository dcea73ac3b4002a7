"""Checks of tables with fixed rows: by the words expected, or by the student's own earlier table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.fields.table import Row
from app.grading.types import Blank, Evidence, Value, Verdict, View, met, not_met, unsure

Words = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a table with fixed rows hold these words; `""` is a cell that was left empty.

    `cells: {are: {train: low, bridge: high, validation: high, test: [high, ""]}}`

    A list gives the words of which any will do. Rows that are not named do not count.
    """

    are: Mapping[str, Words]
    field: str | None = None


def prepare_cells(rule: Cells, setting: Setting) -> Cells:
    """The rows are there and the words on offer."""
    spec = setting.spec(rule.field or "")
    require_fixed_rows(spec)
    for row, words in rule.are.items():
        require_words([row], spec.row_names, "are")
        require_words(_several(words), (*spec.column.options, ""), "are", row)
    return rule


def cells(rule: Cells, view: View) -> Verdict:
    """Every named row holds one of its words.

    Surprising: with `test: [high, ""]`, an empty cell is as right as the word.
    """
    return judge_cells(rule.field or "", rule.are, view.value(rule.field or ""))


def judge_cells(field: str, are: Mapping[str, Any], given: Mapping[str, str]) -> Verdict:
    faults = [
        cell_fault(field, row, given.get(row, ""), _several(words))
        for row, words in are.items()
        if given.get(row, "") not in _several(words)
    ]
    if faults:
        return not_met(" ".join(fault.sentence for fault in faults), *faults)
    rule = ", ".join(
        f"{row} {' or '.join(word or 'empty' for word in _several(words))}" for row, words in are.items()
    )
    places = (Evidence(field, rule, f"{row} is {given.get(row) or 'empty'}.", {"row": row}) for row in are)
    return met("Every row is as expected.", *places)


def cell_fault(field: str, row: str, given: str, words: Sequence[str]) -> Evidence:
    wanted = " or ".join(word or "empty" for word in words)
    sentence = f"The row {row} should be {wanted}, it is {given or 'empty'}."
    return Evidence(field, f"{row}: {wanted}", sentence, {"row": row})


def _several(words: str | Sequence[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


@dataclass(frozen=True, slots=True)
class CellsFollow:
    """Rows unlike the reference row in the student's own earlier table hold one word, the rest another.

    `cells_follow: {follows: 3c.split, column: source, reference: train, same: low, different: high,
    either: {web+phone: [web]}, may_be_empty: [test], at_least: 3,
    otherwise: {train: low, bridge: low, validation: high, test: [high, ""]}}`

    `either`: where the reference row says web+phone, a row that says web may hold either word, or none.
    `may_be_empty`: rows that need no word. `at_least` rows must hold a word, and one of the differing must.
    `otherwise` is asked of students whose earlier table is blank.
    """

    follows: str
    column: str
    reference: str
    same: str
    different: str
    otherwise: Mapping[str, Words]
    either: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may_be_empty: tuple[str, ...] = ()
    at_least: int = 1
    field: str | None = None


def prepare_cells_follow(rule: CellsFollow, setting: Setting) -> CellsFollow:
    """The earlier table has the roles and the column, this one rows of the same names."""
    spec, earlier = setting.spec(rule.field or ""), setting.spec(rule.follows)
    require_fixed_rows(spec)
    if earlier is None:
        raise RuleError(f"there is no field {rule.follows!r}", "follows")
    require_column(earlier, rule.column, "choice")
    require_words([rule.reference, *rule.may_be_empty], spec.row_names, "reference")
    require_words([rule.same, rule.different], spec.column.options, "same")
    if set(earlier.roles) != set(spec.row_names):
        raise RuleError(
            f"{rule.follows} has the roles {', '.join(earlier.roles)}, not the rows here", "follows"
        )
    return rule


def cells_follow(rule: CellsFollow, view: View) -> Verdict:
    """The table fits the student's own earlier one.

    With train and bridge from the web and the rest from the phone: low, low, high, empty.
    Surprising: with all rows alike in the earlier table nothing can differ, so no filling is right.
    """
    name = rule.field or ""
    given, earlier = view.value(name), view.reading(rule.follows)
    if given is None:
        return not_met("Nothing was entered.")
    if isinstance(earlier, Blank):
        return judge_cells(name, rule.otherwise, given)
    rows = _by_role(earlier.value, rule.column) if isinstance(earlier, Value) else {}
    faults = list(_faults(rule, name, given, rows))
    if faults:
        return not_met(" ".join(fault.sentence for fault in faults), *faults)
    if set(rows) != set(given):
        return unsure(f"The rows of your table in {rule.follows.partition('.')[0]} cannot all be told apart.")
    return _judge_filled(rule, name, given, rows)


def _by_role(rows: Sequence[Row], column: str) -> dict[str, str]:
    """What the earlier table says, for the rows whose role is known and whose cell is filled in."""
    return {row.role: str(row.value(column)) for row in rows if row.role and row.value(column)}


def _faults(
    rule: CellsFollow, name: str, given: Mapping[str, str], rows: Mapping[str, str]
) -> Iterator[Evidence]:
    for role, word in given.items():
        wanted = _wanted(rule, role, rows)
        if wanted and word not in wanted:
            yield cell_fault(name, role, word, wanted)


def _wanted(rule: CellsFollow, role: str, rows: Mapping[str, str]) -> tuple[str, ...]:
    """The words a row may hold; () where any will do, or where the earlier table does not tell."""
    own, reference = rows.get(role), rows.get(rule.reference)
    empty = ("",) if role in rule.may_be_empty else ()
    if role == rule.reference:
        return (rule.same,)
    if own is None or reference is None or own in rule.either.get(reference, ()):
        return ()
    return (rule.same if own == reference else rule.different, *empty)


def _judge_filled(rule: CellsFollow, name: str, given: Mapping[str, str], rows: Mapping[str, str]) -> Verdict:
    """Enough rows are filled in, and the difference shows in one of them."""
    filled = [role for role, word in given.items() if word]
    if len(filled) < rule.at_least:
        return not_met(f"At least {rule.at_least} rows need a word; {len(filled)} have one.")
    differing = [
        role for role in filled if given[role] == rule.different and rows[role] != rows[rule.reference]
    ]
    places = [Evidence(name, "follows", f"{role} is {given[role]}.", {"row": role}) for role in filled]
    if not differing:
        return not_met(f"No row shows the difference: none that differs from {rule.reference} is filled in.")
    if all(role in rule.may_be_empty for role in differing):
        rest = ", ".join(differing)
        return unsure(f"The difference would show only in {rest}, which need not be looked at.", *places)
    return met("The table fits your own earlier one.", *places)


def require_column(spec: Any, name: str, kind: str) -> None:
    if name not in spec.columns or spec.columns[name].kind != kind:
        known = ", ".join(column for column, one in spec.columns.items() if one.kind == kind)
        raise RuleError(f"there is no {kind} column {name!r}; known: {known or 'none'}", "column")


def require_words(words: Sequence[str], options: Sequence[str], *path: str | int) -> None:
    for word in words:
        if word not in options:
            raise RuleError(
                f"{word!r} is not one of {', '.join(option or 'empty' for option in options)}", *path
            )


def require_fixed_rows(spec: Any) -> None:
    if isinstance(spec.rows, int):
        raise RuleError("this check is for tables with fixed rows", "field")


CELL_CHECKS = {
    "cells": CheckKind(Cells, cells, ("table",), prepare=prepare_cells),
    "cells_follow": CheckKind(
        CellsFollow,
        cells_follow,
        ("table",),
        prepare=prepare_cells_follow,
        reads=lambda rule: (rule.follows,),
    ),
}
