"""The check `shares`: numbers inside a text that are shares of a whole, such as 60/20/20."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.language import standing
from app.grading.types import Evidence, Verdict, View, met, not_met

_NUMBER = re.compile(r"(?<![\w.,])(\d{1,7}(?:[.,]\d{1,3})?)\s?(%|k\b)?", re.IGNORECASE)
MOST_NUMBERS = 40


@dataclass(frozen=True, slots=True)
class Shares:
    """Some numbers in a row add up to the whole: percentages, fractions of 1, or counts.

    `shares: {total: 100, counts_of: 5000, names: [train, validation, test], at_least: [50, 5, 5]}`

    `at_least` gives the least share of each name, in percent, largest first; bare numbers need no names.
    """

    names: tuple[str, ...]
    at_least: tuple[int, ...] = ()
    total: int = 100
    counts_of: int | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the text with its place."""

    value: Fraction
    start: int
    end: int


def prepare(rule: Shares, setting: Setting) -> Shares:
    """Refuse least shares that do not fit the names."""
    if rule.at_least and len(rule.at_least) != len(rule.names):
        raise RuleError("at_least needs one number for each name", "at_least")
    return rule


def shares(rule: Shares, view: View) -> Verdict:
    """The first row of numbers that adds up decides; 80/20/20 adds up to nothing."""
    tried = False
    for name in rule.fields:
        text = standing(view.value(name) or "")
        for row in _rows(text, len(rule.names)):
            tried = True
            if _fits(rule, [figure.value for figure in row]):
                place = {"start": row[0].start, "end": row[-1].end}
                return met("These shares add up.", Evidence(name, "shares", "These shares add up.", place))
    return not_met("The shares do not add up to the whole." if tried else "There are not enough shares.")


def _rows(text: str, length: int) -> Iterator[list[Figure]]:
    figures = [_figure(match) for match in _NUMBER.finditer(text)][:MOST_NUMBERS]
    for start in range(len(figures) - length + 1):
        yield figures[start : start + length]


def _figure(match: re.Match[str]) -> Figure:
    digits, unit = match.group(1), (match.group(2) or "").lower()
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        value = Fraction(re.sub("[.,]", "", digits))
    else:
        value = Fraction(digits.replace(",", "."))
    return Figure(value * 1000 if unit == "k" else value, *match.span())


def _fits(rule: Shares, values: list[Fraction]) -> bool:
    wholes = {rule.total, 1, *([rule.counts_of] if rule.counts_of else [])}
    whole = sum(values, Fraction(0))
    if whole not in wholes:
        return False
    percent = sorted((100 * value / whole for value in values), reverse=True)
    return all(
        share >= least for share, least in zip(percent, sorted(rule.at_least, reverse=True), strict=False)
    )


SHARES_CHECKS = {"shares": CheckKind(Shares, shares, ("text",), prepare=prepare)}
