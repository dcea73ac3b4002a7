"""The result of an attempt: the cover table, and for every part what each half credit was given for."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.exams.loader import Exam
from app.exams.schema import PartRule, Problem
from app.services import marks
from app.store import queries
from app.store.models import Answer, Mark
from app.web.answer_views import answer_view
from app.web.attempt_forms import figure_views
from app.web.deps import AnySite, OwnAttempt, SignedInUser, load_attempt, now
from app.web.pages import CriterionView, PartResult, ProblemResult, ResultPage
from app.web.templating import render

router = APIRouter(prefix="/attempts")

SYMBOLS = {"met": "✓", "not met": "✗", "unsure": "?"}


@router.get("/{public_id}/result")
def show_result(request: Request, attempt: OwnAttempt, site: AnySite, user: SignedInUser) -> Response:
    if attempt.state == "open":
        return RedirectResponse(f"/attempts/{attempt.public_id}", 303)
    if attempt.state == "submitted":
        marks.grade(site.store, site.exams, attempt.id, now())
        attempt = load_attempt(site, attempt.public_id, user)
    with site.store.read() as db:
        exam = site.exams.of(db, attempt.version_id)
        found = queries.marks_of(db, attempt.id)
        answers = {one.part: one for one in queries.answers_of(db, attempt.id)}
    problems = tuple(_problem(one, attempt.version_id, found, answers) for one in exam.document.problems)
    page = ResultPage(
        _title(exam),
        attempt.version.exam.slug,
        attempt.points or Fraction(0),
        attempt.low or Fraction(0),
        attempt.high or Fraction(0),
        exam.document.points,
        attempt.submitted_at,
        attempt.closed_by or "",
        attempt.receipt or "",
        problems,
        sum(part.review for problem in problems for part in problem.parts),
        {"deadline": "handed in at the deadline", "student": "handed in by you"},
    )
    return render(request, "results/show.html", page, user)


def _title(exam: Exam) -> str:
    return f"Result: {exam.document.title}"


def _problem(
    problem: Problem, version_id: int, found: Mapping[str, Mark], answers: Mapping[str, Answer]
) -> ProblemResult:
    parts = tuple(_part(part, version_id, found[part.id], answers.get(part.id)) for part in problem.parts)
    return ProblemResult(
        problem.id,
        problem.title,
        sum((part.points for part in parts), Fraction(0)),
        sum((part.low for part in parts), Fraction(0)),
        sum((part.high for part in parts), Fraction(0)),
        problem.points,
        parts,
    )


def _part(part: PartRule, version_id: int, mark: Mark, answer: Answer | None) -> PartResult:
    given: Mapping[str, Any] = json.loads(answer.answer) if answer else {}
    detail = mark.detail
    views = tuple(
        answer_view(spec, name, given.get(name), _places(detail, name), detail["readings"].get(name, {}))
        for name, spec in part.fields.items()
    )
    return PartResult(
        part.id,
        part.prompt,
        mark.points,
        mark.low,
        mark.high,
        mark.max,
        mark.answered,
        mark.review,
        tuple(detail["reasons"]),
        views,
        tuple(_criterion(one) for one in detail["criteria"]),
        part.solution,
        figure_views(part.figures, version_id),
    )


def _places(detail: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    """The evidence in this field of the criteria that counted."""
    return [
        place
        for criterion in detail["criteria"]
        if criterion["counts"]
        for place in criterion["evidence"]
        if place["field"] == field and "part" not in place
    ]


def _criterion(one: Mapping[str, Any]) -> CriterionView:
    points = Fraction(one["points"])
    return CriterionView(
        one["for"], points, one["verdict"], SYMBOLS[one["verdict"]], one["sentence"], one["counts"], points < 0
    )
