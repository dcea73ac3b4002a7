"""How well the engine agrees with a person who marked the same answers: per part and per criterion.

Marked answers come as JSON Lines, one attempt a line, `{"id", "answers": {part: {field: value}}, "marks": {part: points}}`,
where a mark may also be `{"final": points, "verdicts": {criterion: "met"}}`; or as a folder of YAML files, one for each
part (`2a.yaml`), with lists of rows `{answer, points, verdicts, others}`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any

from app.exams.json_lines import read_object
from app.exams.loader import Exam, ExamFaults, read_file
from app.exams.yaml_reader import YamlFaults, read_yaml
from app.grading import mark
from app.grading.types import Outcome, PartAnswer, PartMark, Points

MOST_LINE = 2_000_000


Report = Callable[[str], None]  # takes a sentence about an answer that cannot be used; the others are


class CannotCompare(Exception):
    """A marked answer that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One answer to one part and what a person gave for it. `verdicts` maps criterion ids to outcomes, if known."""

    name: str
    part: str
    answer: PartAnswer
    points: Points
    verdicts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, PartAnswer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """A marked answer with the engine's mark."""

    marked: Marked
    mark: PartMark

    @property
    def agrees(self) -> bool:
        """Whether the engine's best mark is the person's."""
        return self.mark.points == self.marked.points

    @property
    def settled(self) -> bool:
        """Whether no person would have looked."""
        return not self.mark.review

    @property
    def off(self) -> Points:
        """Credits that the engine gives too many (positive) or too few."""
        return self.mark.points - self.marked.points


@dataclass(slots=True)
class Tally:
    """Sums over answers: of a part, or of the whole. `missed` and `given` are credits too few and too many."""

    answers: int = 0
    exact: int = 0
    settled: int = 0
    settled_right: int = 0
    covered: int = 0
    missed: Points = Fraction(0)
    given: Points = Fraction(0)

    def add(self, one: Compared) -> None:
        """Count one answer."""
        self.answers += 1
        self.exact += one.agrees
        self.settled += one.settled
        self.settled_right += one.settled and one.agrees
        self.covered += one.mark.low <= one.marked.points <= one.mark.high
        self.missed += max(-one.off, Fraction(0))
        self.given += max(one.off, Fraction(0))

    def as_json(self) -> dict[str, Any]:
        """Counts and credits as numbers."""
        return {
            "answers": self.answers,
            "exact": self.exact,
            "settled": self.settled,
            "settled_right": self.settled_right,
            "covered": self.covered,
            "missed": float(self.missed),
            "given": float(self.given),
        }


@dataclass(slots=True)
class CriterionTally:
    """How often the engine's verdict on a criterion was the person's, missed it, gave it, or was unsure."""

    answers: int = 0
    agrees: int = 0
    missed: int = 0
    given: int = 0
    unsure: int = 0

    def add(self, engine: str, person: str) -> None:
        """Count one verdict."""
        self.answers += 1
        self.agrees += engine == person
        self.unsure += engine == "unsure"
        self.missed += (engine, person) == ("not met", "met")
        self.given += (engine, person) == ("met", "not met")


@dataclass(slots=True)
class Agreement:
    """All tallies, and the answers on which engine and person differ, wrong settled marks first."""

    whole: Tally = field(default_factory=Tally)
    parts: dict[str, Tally] = field(default_factory=dict)
    criteria: dict[tuple[str, str], CriterionTally] = field(default_factory=dict)
    misses: list[Compared] = field(default_factory=list)

    def add(self, one: Compared) -> None:
        """Count one answer everywhere."""
        self.whole.add(one)
        self.parts.setdefault(one.marked.part, Tally()).add(one)
        outcomes = {criterion.id: criterion.verdict.outcome.value for criterion in one.mark.criteria}
        for name, person in one.marked.verdicts.items():
            self.criteria.setdefault((one.marked.part, name), CriterionTally()).add(outcomes[name], person)
        if not one.agrees:
            self.misses.append(one)

    def worst(self) -> list[Compared]:
        """The answers on which they differ: settled ones first, then by credits."""
        return sorted(self.misses, key=lambda one: (not one.settled, -abs(one.off)))


def agreement(exam: Exam, answers: Iterable[Marked], report: Report) -> Agreement:
    """Mark all answers and count. Reports those to an unknown part or criterion, and impossible marks."""
    found = Agreement()
    for one in answers:
        try:
            _suits(exam, one)
        except CannotCompare as error:
            report(str(error))
            continue
        part = exam.parts[one.part]
        answers_of_attempt = {**one.others, one.part: one.answer}
        found.add(Compared(one, mark(part, answers_of_attempt, exam.parts)))
    return found


def _suits(exam: Exam, one: Marked) -> None:
    """Raises CannotCompare where the exam has no such part or criterion, or the part no such mark."""
    part = exam.parts.get(one.part)
    if part is None:
        raise CannotCompare(f"{one.name}: the exam has no part {one.part!r}")
    if not 0 <= one.points <= part.points:
        raise CannotCompare(
            f"{one.name}: {one.part} has 0 to {float(part.points):g} credits, not {float(one.points):g}"
        )
    unknown = set(one.verdicts) - {criterion.id for criterion in part.criteria}
    if unknown:
        raise CannotCompare(f"{one.name}: {one.part} has no criterion {', '.join(sorted(unknown))}")


def read_marked(path: Path, report: Report) -> Iterator[Marked]:
    """The marked answers of a JSON Lines file, or of a folder of YAML files. Raises OSError."""
    if path.is_dir():
        for file in sorted(path.glob("*.yaml")):
            yield from _of_yaml(file, report)
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield from _of_line(line, f"{path}:{number}", report)


def _of_line(line: str, place: str, report: Report) -> Iterator[Marked]:
    attempt = read_object(line, MOST_LINE)
    if isinstance(attempt, str):
        report(f"{place}: {attempt}")
        return
    answers, marks = attempt.get("answers"), attempt.get("marks")
    if not isinstance(answers, dict) or not isinstance(marks, dict):
        report(
            f'{place}: {{"id", "answers": {{part: {{field: value}}}}, "marks": {{part: points}}}} is expected'
        )
        return
    name = str(attempt.get("id", place))
    for part, given in marks.items():
        row = given if isinstance(given, dict) else {"final": given}
        try:
            points = _points(row.get("final"), f"{place}: {part}")
            yield _marked(name, part, answers.get(part) or {}, points, row.get("verdicts"), answers)
        except CannotCompare as error:
            report(str(error))


def _marked(name: str, part: str, answer: object, points: Points, verdicts: object, others: object) -> Marked:
    """Raises CannotCompare where something has not the form of an answer or of verdicts."""
    if not isinstance(answer, dict) or not isinstance(others, dict):
        raise CannotCompare(f"{name}: {part}: an answer is a value for each field")
    given = verdicts or {}
    if not isinstance(given, dict) or not set(map(str, given.values())) <= _OUTCOMES:
        raise CannotCompare(
            f"{name}: {part}: verdicts are {', '.join(sorted(_OUTCOMES))}, one for each criterion"
        )
    return Marked(name, part, answer, points, given, others)


_OUTCOMES = {outcome.value for outcome in Outcome}


def _points(value: object, place: str) -> Points:
    points = Fraction(1, 4)  # no mark
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value):
        points = Fraction(str(value))
    if (2 * points).denominator != 1:
        raise CannotCompare(f"{place}: {value!r} is not a mark in half credits")
    return points


def _of_yaml(file: Path, report: Report) -> Iterator[Marked]:
    try:
        lists = read_yaml(read_file(file)).value
    except ExamFaults as error:
        report(str(error))
        return
    except YamlFaults as error:
        fault = error.faults[0]
        report(f"{file}:{fault.line}:{fault.column}: {fault.message}")
        return
    if not isinstance(lists, dict) or not all(isinstance(rows, list) for rows in lists.values()):
        report(f"{file}: lists of marked answers are expected, each under a name")
        return
    for kind, rows in lists.items():
        for number, row in enumerate(rows, 1):
            try:
                yield _of_row(row, f"{file.stem} {kind} {number}", file.stem)
            except CannotCompare as error:
                report(str(error))


def _of_row(row: object, place: str, part: str) -> Marked:
    if not isinstance(row, dict) or "answer" not in row:
        raise CannotCompare(f"{place}: a row needs answer and points")
    points = _points(row.get("points"), place)
    return _marked(place, part, row["answer"], points, row.get("verdicts"), row.get("others", {}))
