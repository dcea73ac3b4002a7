"""The forms of an attempt: what is per exam version, filled with what is the student's own."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.exams.loader import Exam
from app.exams.schema import Figure, PartRule, Problem
from app.store.saved import SavedAnswer
from app.web.pages import FigureView, PartForm, ProblemForm
from app.web.widgets import field_view


def problem_forms(exam: Exam, version_id: int, saved: Mapping[str, SavedAnswer]) -> tuple[ProblemForm, ...]:
    """All problems with their parts, in the order of the paper."""
    return tuple(_problem(problem, version_id, saved) for problem in exam.document.problems)


def _problem(problem: Problem, version_id: int, saved: Mapping[str, SavedAnswer]) -> ProblemForm:
    parts = tuple(part_form(part, version_id, saved.get(part.id)) for part in problem.parts)
    return ProblemForm(
        problem.id,
        problem.title,
        problem.points,
        problem.intro,
        figure_views(problem.figures, version_id),
        parts,
    )


def part_form(part: PartRule, version_id: int, saved: SavedAnswer | None) -> PartForm:
    """One part with what is saved of it."""
    answer: Mapping[str, Any] = json.loads(saved.answer) if saved else {}
    views = tuple(field_view(part.id, name, spec, answer.get(name)) for name, spec in part.fields.items())
    state = part_state(view.status.state for view in views)
    return PartForm(
        part.id,
        part.title,
        part.points,
        part.prompt,
        figure_views(part.figures, version_id),
        views,
        saved.counter if saved else 0,
        saved.saved_at if saved else None,
        saved.flagged if saved else False,
        state,
    )


def part_state(states: Iterable[str]) -> str:
    """The state of a part from those of its fields."""
    found = set(states)
    return "unreadable" if "unreadable" in found else "empty" if found <= {"blank"} else "answered"


def figure_views(figures: tuple[Figure, ...], version_id: int) -> tuple[FigureView, ...]:
    """Figures with the addresses they are served from."""
    return tuple(FigureView(f"/figures/{version_id}/{one.file}", one.alt, one.caption) for one in figures)
