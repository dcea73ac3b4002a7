"""A marked attempt as its result page shows it, made from the exam version, the answers and the stored marks."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.exams.loader import Exam
from app.exams.schema import PartRule, Problem
from app.grading.types import Best, Criterion, Node, Part, leaves
from app.store.models import Answer, Mark
from app.web.answers import answer_view
from app.web.attempt_forms import figure_views
from app.web.evidence import places_in, tone_of
from app.web.pages import CriterionView, PartResult, ProblemResult

VERDICTS = {"met": ("✓", "met"), "not met": ("✗", "not met"), "unsure": ("?", "not settled")}
DEDUCTIONS = {"met": ("−", "deducted"), "not met": ("✓", "no deduction"), "unsure": ("?", "not settled")}
STANDINGS = {
    "unanswered": ("·", "not answered"),
    "review": ("?", "a person will look"),
    "full": ("✓", "full credit"),
    "some": ("◐", "part of the credit"),
    "none": ("✗", "no credit"),
}


class Results:
    """The stored outcome of one attempt, asked part by part."""

    def __init__(
        self, exam: Exam, version_id: int, marks: Mapping[str, Mark], answers: Sequence[Answer]
    ) -> None:
        self._exam = exam
        self._version_id = version_id
        self._marks = marks
        self._answers: Mapping[str, Mapping[str, Any]] = {one.part: json.loads(one.answer) for one in answers}

    def problems(self) -> tuple[ProblemResult, ...]:
        """All problems in the order of the paper."""
        return tuple(self._problem(problem) for problem in self._exam.document.problems)

    def _problem(self, problem: Problem) -> ProblemResult:
        parts = tuple(self._part(part) for part in problem.parts)
        points, low, high = (
            sum((getattr(part, side) for part in parts), Fraction(0)) for side in ("points", "low", "high")
        )
        figures = figure_views(problem.figures, self._version_id)
        return ProblemResult(
            problem.id, problem.title, problem.intro, figures, points, low, high, problem.points, parts
        )

    def _part(self, rule: PartRule) -> PartResult:
        mark, given = self._marks[rule.id], self._answers.get(rule.id, {})
        criteria = mark.detail["criteria"]
        readings = mark.detail["readings"]
        sign, standing = STANDINGS[standing_of(mark)]
        idle = idle_criteria(self._exam.parts[rule.id], criteria)
        views = {one["id"]: criterion_view(number, one) for number, one in enumerate(criteria, 1)}
        return PartResult(
            id=rule.id,
            title=rule.title,
            prompt=rule.prompt,
            points=mark.points,
            low=mark.low,
            high=mark.high,
            max=mark.max,
            standing=standing,
            sign=sign,
            answered=mark.answered,
            review=mark.review,
            reasons=tuple(mark.detail["reasons"]),
            answers=tuple(
                answer_view(name, spec, given.get(name), places_in(criteria, name, idle), readings.get(name))
                for name, spec in rule.fields.items()
            ),
            criteria=tuple(view for name, view in views.items() if name not in idle),
            others=tuple(view for name, view in views.items() if name in idle),
            solution=rule.solution,
            figures=figure_views(rule.figures, self._version_id),
        )


def standing_of(mark: Mark) -> str:
    """How a part came out, in one word of STANDINGS."""
    if not mark.answered:
        return "unanswered"
    if mark.review:
        return "review"
    return "full" if mark.points == mark.max else "some" if mark.points else "none"


def idle_criteria(part: Part, criteria: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Criteria that changed nothing: untaken ways to the same points, and deductions that did not apply."""
    counted = {one["id"] for one in criteria if one["counts"]}
    unsettled = {one["id"] for one in criteria if one["verdict"] == "unsure"}
    spared = {one["id"] for one in criteria if Fraction(one["points"]) < 0 and one["verdict"] == "not met"}
    return (untaken(part.marking, frozenset(counted)) | spared) - unsettled


def untaken(node: Node, counted: frozenset[str]) -> frozenset[str]:
    """The criteria of alternatives beside one that counts; none as long as no alternative counts."""
    if isinstance(node, Criterion):
        return frozenset()
    below = frozenset[str]().union(*(untaken(child, counted) for child in node.nodes))
    if not isinstance(node, Best):
        return below
    ways = [frozenset(leaf.id for leaf in leaves(child)) for child in node.nodes]
    if not any(way & counted for way in ways):
        return below
    return below.union(*(way for way in ways if not way & counted))


def criterion_view(number: int, one: Mapping[str, Any]) -> CriterionView:
    """A stored criterion, in words."""
    points = Fraction(one["points"])
    sign, word = (DEDUCTIONS if points < 0 else VERDICTS)[one["verdict"]]
    finding = one["sentence"] or next((place["sentence"] for place in one["evidence"]), "")
    return CriterionView(number, one["for"], points, tone_of(one), word, sign, finding, _remark(one))


def _remark(one: Mapping[str, Any]) -> str:
    if one["verdict"] == "unsure":
        return "counted for now" if one["counts"] else "open"
    return "" if one["verdict"] == "not met" or one["counts"] else "counts elsewhere"
