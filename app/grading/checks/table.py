"""Checks of whole tables, whose rows are known by their roles (see the field kind `table`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.grading.checks.arithmetic import Written, exact, plain
from app.grading.checks.cells import CELL_CHECKS, require_column, require_words
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.fields.table import Row
from app.grading.types import Evidence, Unreadable, Value, Verdict, View, met, not_met, unsure


@dataclass(frozen=True, slots=True)
class Pattern:
    """Every role has a row, and these words stand in one column.

    `pattern: {column: source, are: {train: web+phone, bridge: web, validation: phone, test: phone}}`
    """

    column: str
    are: Mapping[str, str]
    field: str | None = None


def prepare_pattern(rule: Pattern, setting: Setting) -> Pattern:
    """Each role gets a word, and the words are on offer."""
    spec = setting.spec(rule.field or "")
    require_column(spec, rule.column, "choice")
    if set(rule.are) != set(spec.roles):
        raise RuleError(f"give a word for each of {', '.join(spec.roles)}", "are")
    for role, word in rule.are.items():
        require_words([word], spec.columns[rule.column].options, "are", role)
    return rule


def pattern(rule: Pattern, view: View) -> Verdict:
    """The column reads as asked, in whatever order the rows stand.

    val | train | test | train-dev is read by its names; surprising: three rows never match a pattern of four.
    """
    field, rows = rule.field or "", view.value(rule.field or "")
    by_role = {row.role: row for row in rows if row.role}
    if len(rows) != len(rule.are) or set(by_role) != set(rule.are):
        return not_met(
            f"Asked are {len(rule.are)} rows, one each for {', '.join(rule.are)}; there are {len(rows)}."
        )
    places = [_compared(field, rule.column, by_role[role], word) for role, word in rule.are.items()]
    faults = [place for right, place in places if not right]
    if faults:
        return not_met(" ".join(fault.sentence for fault in faults), *faults)
    return met("The rows are filled in as asked.", *(place for _, place in places))


def _compared(field: str, column: str, row: Row, word: str) -> tuple[bool, Evidence]:
    given = row.value(column)
    said = f"says {given}" if given else "is blank"
    sentence = f"Row {row.index + 1} ({row.role}) {said} under {column}."
    return given == word, Evidence(
        field, f"{row.role}: {word}", sentence, {"row": row.index, "column": column}
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """The rows with these words together hold at most so much: `{where: {source: phone}, at_most: 20000}`."""

    where: Mapping[str, str]
    at_most: Written


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers of one column add up to `total`, within `relative` of it, and keep to the limits.

    `sizes: {column: size, total: 100000, relative: 0.01, limits: [{where: {source: phone}, at_most: 20000}]}`
    """

    column: str
    total: Written
    relative: Written = 0
    limits: tuple[Limit, ...] = ()
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedSizes:
    """The rule with its numbers read."""

    field: str
    column: str
    total: Fraction
    slack: Fraction
    limits: tuple[tuple[Mapping[str, str], Fraction], ...]


def prepare_sizes(rule: Sizes, setting: Setting) -> PreparedSizes:
    """Read the numbers; the columns must be there."""
    spec = setting.spec(rule.field or "")
    require_column(spec, rule.column, "number")
    for index, limit in enumerate(rule.limits):
        for column, word in limit.where.items():
            require_column(spec, column, "choice")
            require_words([word], spec.columns[column].options, "limits", index)
    total = exact(rule.total)
    limits = tuple((limit.where, exact(limit.at_most)) for limit in rule.limits)
    return PreparedSizes(rule.field or "", rule.column, total, abs(total) * exact(rule.relative), limits)


def sizes(rule: PreparedSizes, view: View) -> Verdict:
    """The sizes fit. One that cannot be read, or in two ways, leaves it unsure; a blank one is not met.

    85k, 5k, 5k, 5k fit a total of 100,000; surprising: 99,500 in all fits too, within one percent.
    """
    rows: Sequence[Row] = view.value(rule.field)
    for row in rows:
        cell = row.cells.get(rule.column)
        place = {"row": row.index, "column": rule.column}
        if isinstance(cell, Unreadable) or (isinstance(cell, Value) and cell.others):
            sentence = f"Row {row.index + 1}: the {rule.column} cannot be read with certainty."
            return unsure(sentence, Evidence(rule.field, "readable", sentence, place))
        if not isinstance(cell, Value):
            sentence = f"Row {row.index + 1} has no {rule.column}."
            return not_met(sentence, Evidence(rule.field, "no blank sizes", sentence, place))
    return _judge_sizes(rule, rows)


def _judge_sizes(rule: PreparedSizes, rows: Sequence[Row]) -> Verdict:
    total = _sum(rows, rule.column)
    sentence = f"The rows add up to {plain(total)}."
    faults = (
        [f"{sentence[:-1]}; expected is {plain(rule.total)}."] if abs(total - rule.total) > rule.slack else []
    )
    for where, most in rule.limits:
        held = _sum(
            [row for row in rows if all(row.value(name) == word for name, word in where.items())], rule.column
        )
        if held > most:
            faults.append(
                f"Rows with {', '.join(where.values())} hold {plain(held)}; there are {plain(most)}."
            )
    evidence = Evidence(rule.field, f"total {plain(rule.total)}", " ".join(faults) or sentence)
    return not_met(evidence.sentence, evidence) if faults else met(sentence, evidence)


def _sum(rows: Sequence[Row], column: str) -> Fraction:
    values = (row.value(column) for row in rows)
    return sum((value for value in values if isinstance(value, Fraction)), Fraction(0))


TABLE_CHECKS = {
    "pattern": CheckKind(Pattern, pattern, ("table",), prepare=prepare_pattern),
    "sizes": CheckKind(Sizes, sizes, ("table",), prepare=prepare_sizes),
    **CELL_CHECKS,
}
