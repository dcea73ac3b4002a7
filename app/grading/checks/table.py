"""Checks of whole tables, whose rows are known by their roles (see the field kind `table`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from app.grading.checks.arithmetic import Exact, Written, exact, fast, plain
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


@dataclass(frozen=True, slots=True)
class PreparedPattern:
    """The rule as (role, word, the two as evidence names them)."""

    field: str
    column: str
    wanted: tuple[tuple[str, str, str], ...]
    roles: frozenset[str]


def prepare_pattern(rule: Pattern, setting: Setting) -> PreparedPattern:
    """Each role gets a word, and the words are on offer."""
    spec = setting.spec(rule.field or "")
    require_column(spec, rule.column, "choice")
    if set(rule.are) != set(spec.roles):
        raise RuleError(f"give a word for each of {', '.join(spec.roles)}", "are")
    for role, word in rule.are.items():
        require_words([word], spec.columns[rule.column].options, "are", role)
    wanted = tuple((role, word, f"{role}: {word}") for role, word in rule.are.items())
    return PreparedPattern(rule.field or "", rule.column, wanted, frozenset(rule.are))


class Said(NamedTuple):
    """What a row says in a column, and that as a sentence with its place."""

    word: object
    sentence: str
    place: Mapping[str, Any]


def pattern(rule: PreparedPattern, view: View) -> Verdict:
    """The column reads as asked, in whatever order the rows stand.

    val | train | test | train-dev is read by its names; surprising: three rows never match a pattern of four.
    """
    rows = view.value(rule.field)
    said = view.once(("said", rule.field, rule.column), lambda: _said_by_role(rows, rule.column))
    if len(rows) != len(rule.wanted) or said.keys() != rule.roles:
        listed = ", ".join([role for role, *_ in rule.wanted])
        return not_met(f"Asked are {len(rule.wanted)} rows, one each for {listed}; there are {len(rows)}.")
    faults = [
        Evidence(rule.field, name, said[role].sentence, said[role].place)
        for role, word, name in rule.wanted
        if said[role].word != word
    ]
    if faults:
        return not_met(" ".join([fault.sentence for fault in faults]), *faults)
    places = [
        Evidence(rule.field, name, said[role].sentence, said[role].place) for role, _, name in rule.wanted
    ]
    return met("The rows are filled in as asked.", *places)


def _said_by_role(rows: Sequence[Row], column: str) -> dict[str, Said]:
    """What the rows whose role is known say: the same for every pattern that is asked of them."""
    said = {}
    for row in rows:
        if row.role:
            word = row.value(column)
            words = f"says {word}" if word else "is blank"
            sentence = f"Row {row.index + 1} ({row.role}) {words} under {column}."
            said[row.role] = Said(word, sentence, {"row": row.index, "column": column})
    return said


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
        [f"{sentence[:-1]}; expected is {plain(rule.total)}."] if rule.slack < abs(total - rule.total) else []
    )
    for where, most in rule.limits:
        held = _sum(
            [row for row in rows if all(row.value(name) == word for name, word in where.items())], rule.column
        )
        if most < held:
            faults.append(
                f"Rows with {', '.join(where.values())} hold {plain(held)}; there are {plain(most)}."
            )
    evidence = Evidence(rule.field, f"total {plain(rule.total)}", " ".join(faults) or sentence)
    return not_met(evidence.sentence, evidence) if faults else met(sentence, evidence)


def _sum(rows: Sequence[Row], column: str) -> Exact:
    return sum([fast(value) for row in rows if isinstance(value := row.value(column), Fraction)])


TABLE_CHECKS = {
    "pattern": CheckKind(Pattern, pattern, ("table",), prepare=prepare_pattern),
    "sizes": CheckKind(Sizes, sizes, ("table",), prepare=prepare_sizes),
    **CELL_CHECKS,
}
