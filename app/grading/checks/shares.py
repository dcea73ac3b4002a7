"""The check `shares`: numbers inside a text that are shares of a whole, such as 60/20/20."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import NamedTuple

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.language import standing
from app.grading.types import Evidence, Outcome, Verdict, View, met, not_met, unsure

_NUMBER = re.compile(
    r"(?<![\w.,/:])(?P<over>\d{1,4})/(?P<under>[1-9]\d{0,3})(?![\d/]|\s?[/:])|(?<![\w.,])(\d{0,7}\.\d{1,3}|\d{1,7}(?:[.,]\d{1,3})?)\s?(%|k\b)?",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(each|both|respectively|je|jeweils|twice|two times|2\s?[x×])(?!\w)", re.IGNORECASE)
_CHAINED = re.compile(r"=[^=\d\n]{1,20}=\s?[\d.]")  # "val = test = 20 %"
_REST = re.compile(r"\b(rest|remaining|remainder|left over)\b", re.IGNORECASE)
_HALVED = re.compile(r"\b(equal\w*|half|halves|evenly|halved|in two|split again|between)\b", re.IGNORECASE)
_NESTED = re.compile(
    r"\b(of|from) (?:the )?(?:train\w*|rest|remaining|remainder|that|those|it)\b|\bagain\b", re.IGNORECASE
)
_IN_WORDS = re.compile(r"\b(half|third|quarter|fifth|tenth|twentieth|percent|per cent)s?\b", re.IGNORECASE)
SHORTEST_NAME = 3  # letters: "val"
MOST_NUMBERS = 40
TENTHS = 10  # a ratio such as 8:1:1
ZERO = Fraction(0)


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


class Figure(NamedTuple):
    """A number in the text with its place; `percent`: with its sign."""

    value: Fraction
    start: int
    end: int
    percent: bool


def prepare(rule: Shares, setting: Setting) -> Shares:
    """Refuse least shares that do not fit the names."""
    if rule.at_least and len(rule.at_least) != len(rule.names):
        raise RuleError("at_least needs one number for each name", "at_least")
    return rule


def shares(rule: Shares, view: View) -> Verdict:
    """The first row that adds up in the order of the names decides, else the first that adds up; 80/20/20 adds up to nothing."""
    tried = False
    for name in rule.fields:
        text = standing(view.value(name) or "")
        figures = [_figure(match) for match in islice(_NUMBER.finditer(text), MOST_NUMBERS)]
        judged: list[Verdict] = []
        for row in _rows(figures, len(rule.names)):
            tried = True
            if _fits(rule, [figure.value for figure in row]):
                evidence = Evidence(name, "shares", "These shares add up.", _place(row))
                judged.append(_judge_order(rule, text, row, evidence))
        if judged:
            return next((verdict for verdict in judged if verdict.outcome is Outcome.MET), judged[0])
        if found := _implied(rule, text, figures):
            evidence = Evidence(name, "shares", "", _place(found))
            if _is_twice(text) and _names_all(rule, text):
                return met("These shares add up, one of them counted twice.", evidence)
            return unsure("The shares add up if the rest is split as said.", evidence, likely=True)
        if len(figures) > 1 and (nested := _NESTED.search(text)):
            return unsure("A share of a share may be meant.", Evidence(name, "shares", "", _span(nested)))
        if not tried and (words := _IN_WORDS.search(text)):
            sentence = "Shares may be told in words."
            return unsure(sentence, Evidence(name, "shares", "", _span(words)), likely=True)
    return not_met("The shares do not add up to the whole." if tried else "There are not enough shares.")


def _place(row: list[Figure]) -> dict[str, int]:
    return {"start": row[0].start, "end": row[-1].end}


def _span(match: re.Match[str]) -> dict[str, int]:
    return {"start": match.start(), "end": match.end()}


def _judge_order(rule: Shares, text: str, row: list[Figure], evidence: Evidence) -> Verdict:
    """The largest share belongs to the first name: by having that name, or by standing first where none is told."""
    largest = max(row, key=lambda figure: figure.value)
    name = _named(rule, text.lower(), row).get(largest)
    if name and name != rule.names[0]:
        return not_met(f"The largest share is not the one of {rule.names[0]}.", evidence)
    if name or row[0].value == largest.value:
        return met("These shares add up.", evidence)
    return unsure("The shares add up, but not in the usual order.", evidence)


def _named(rule: Shares, text: str, row: list[Figure]) -> dict[Figure, str]:
    """The name of each number, if all names stand behind their numbers or all before; {} if not."""
    ends = [*(figure.start for figure in row[1:]), len(text)]
    starts = [0, *(figure.end for figure in row[:-1])]
    behind = [_first_name(rule, text[figure.end : end]) for figure, end in zip(row, ends, strict=True)]
    before = [
        _first_name(rule, text[start : figure.start]) for start, figure in zip(starts, row, strict=True)
    ]
    found = next((names for names in (before, behind) if set(names) == set(rule.names)), [])
    return dict(zip(row, found, strict=False))


def _first_name(rule: Shares, text: str) -> str:
    """The name that a piece of text has first, known by its first letters; "" if it has none."""
    places = {name: _beginning(name).search(text) for name in rule.names}
    found = [(match.start(), name) for name, match in places.items() if match]
    return min(found)[1] if found else ""


@cache
def _beginning(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(name[:SHORTEST_NAME].lower())}")


def _implied(rule: Shares, text: str, figures: list[Figure]) -> list[Figure] | None:
    """Two numbers that imply the third: "60 % train, 20 % each", "70, 15 and the rest"; the whole may stand beside them."""
    figures = [figure for figure in figures if figure.value not in (rule.total, rule.counts_of)]
    values = [figure.value for figure in figures]
    if len(figures) == 1 and _REST.search(text) and _HALVED.search(text):
        return figures if _names_all(rule, text) and _rest_fits(rule, values[0]) else None
    if len(figures) != len(rule.names) - 1:
        return None
    twice = _is_twice(text) and _fits(rule, [*values, values[-1]])
    rest = _REST.search(text) and any(
        _fits(rule, [*values, whole - sum(values, ZERO)])
        for whole in _wholes(rule)
        if sum(values, ZERO) < whole
    )
    halved = _HALVED.search(text) and _fits(rule, [*values[:-1], values[-1] / 2, values[-1] / 2])
    return figures if twice or rest or (halved and _names_all(rule, text)) else None


def _is_twice(text: str) -> bool:
    """Whether a number is said to count for two: "20 % each", "val = test = 20 %"."""
    return bool(_TWICE.search(text) or _CHAINED.search(text))


def _rest_fits(rule: Shares, value: Fraction) -> bool:
    """Whether one share and the rest in equal parts make the whole: "70 %, the remainder shared equally"."""
    parts = len(rule.names) - 1
    return any(
        value < whole and _fits(rule, [value, *parts * [(whole - value) / parts]]) for whole in _wholes(rule)
    )


def _names_all(rule: Shares, text: str) -> bool:
    return all(name[:SHORTEST_NAME].lower() in text.lower() for name in rule.names)


def _rows(figures: list[Figure], length: int) -> Iterator[list[Figure]]:
    """Numbers in a row, also those with a percent sign alone and those without: "60 % (3000), 20 % (1000), …"."""
    marked = [figure for figure in figures if figure.percent]
    apart = [marked, [figure for figure in figures if not figure.percent]] if marked else []
    for among in (figures, *apart):
        for start in range(len(among) - length + 1):
            yield among[start : start + length]


def _figure(match: re.Match[str]) -> Figure:
    over, under, digits, unit = match.groups()
    if over:
        return Figure(Fraction(int(over), int(under)), *match.span(), percent=False)
    if digits.isdecimal():  # in most cases
        value = Fraction(int(digits))
    elif re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        value = Fraction(re.sub("[.,]", "", digits))
    else:
        value = Fraction(digits.replace(",", "."))
    thousands = unit is not None and unit.lower() == "k"
    return Figure(value * 1000 if thousands else value, *match.span(), percent=unit == "%")


def _fits(rule: Shares, values: list[Fraction]) -> bool:
    whole = sum(values, ZERO)
    if whole.denominator != 1 or whole.numerator not in _wholes(rule):
        return False
    percent = sorted((100 * value / whole for value in values), reverse=True)
    return all(
        share >= least for share, least in zip(percent, sorted(rule.at_least, reverse=True), strict=False)
    )


def _wholes(rule: Shares) -> set[int]:
    return {rule.total, 1, TENTHS, *([rule.counts_of] if rule.counts_of else [])}


SHARES_CHECKS = {"shares": CheckKind(Shares, shares, ("text",), prepare=prepare)}
