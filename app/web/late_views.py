"""An attempt's late answers beside what counts, as the staff sees them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.exams.loader import Exam
from app.exams.schema import PartRule, Problem
from app.services.outlooks import Outlook, Outlooks
from app.store.models import Acceptance, LateSave, User
from app.store.saved import SavedAnswer
from app.web.answers import AnswerView, answer_view
from app.web.attempt_forms import figure_views
from app.web.late_pages import Decision, LateChange, LatePart, Question


@dataclass(frozen=True, slots=True)
class LateWork:
    """All that is known of the late answers of an attempt. `end` is when it was over, or will be."""

    exam: Exam
    version_id: int
    stored: Mapping[str, SavedAnswer]
    late: Sequence[LateSave]
    decided: Sequence[Acceptance]
    end: datetime
    uploaders: Mapping[int, User]
    outlooks: Outlooks | None
    """None while the attempt runs."""

    def parts(self) -> Iterator[LatePart]:
        """The parts that have late answers, in the order of the paper."""
        named = {one.part for one in self.late}
        for problem in self.exam.document.problems:
            for rule in problem.parts:
                if rule.id in named:
                    yield self._part(problem, rule)

    def _part(self, problem: Problem, rule: PartRule) -> LatePart:
        decided = [one for one in self.decided if one.part == rule.id]
        counting = self.stored.get(rule.id)
        if decided:
            answer, saved_at = decided[0].replaced, decided[0].replaced_at
        else:
            answer, saved_at = (counting.answer, counting.saved_at) if counting else (None, None)
        return LatePart(
            id=rule.id,
            title=rule.title,
            question=question_of(problem, rule, self.version_id),
            answers=answers_of(rule, answer or "{}"),
            saved_at=saved_at,
            counts=not decided or decided[-1].late_save_id is None,
            outlook=self._outlook(rule, answer),
            changes=tuple(self._changes(rule, counting)),
        )

    def _changes(self, rule: PartRule, counting: SavedAnswer | None) -> Iterator[LateChange]:
        """The newest of each page and file: what it replaced was on the way there."""
        mine = [one for one in self.late if one.part == rule.id]
        by_tab = sorted(mine, key=lambda one: (one.tab, one.counter))
        groups = [list(group) for _, group in groupby(by_tab, key=lambda one: one.tab)]
        for group in sorted(groups, key=lambda group: group[-1].id):
            newest = group[-1]
            yield LateChange(
                id=newest.id,
                came=came(newest, self.end, self.uploaders),
                arrived_at=newest.arrived_at,
                answers=answers_of(rule, newest.answer),
                earlier=len(group) - 1,
                counts=counting is not None and json.loads(counting.answer) == json.loads(newest.answer),
                outlook=self._outlook(rule, newest.answer),
            )

    def _outlook(self, rule: PartRule, answer: str | None) -> Outlook | None:
        return self.outlooks.of(rule.id, answer) if self.outlooks else None


def question_of(problem: Problem, rule: PartRule, version_id: int) -> Question:
    return Question(
        f"{problem.id} {problem.title}",
        problem.intro,
        figure_views(problem.figures, version_id),
        rule.prompt,
        figure_views(rule.figures, version_id),
        rule.solution,
        rule.points,
    )


def decisions(decided: Iterable[Acceptance]) -> Iterator[Decision]:
    """Who decided what, the newest first."""
    for one in reversed(list(decided)):
        what = (
            "accepted a late answer to" if one.late_save_id is not None else "put back what was handed in for"
        )
        yield Decision(f"{one.user.name} {what} {one.part}", one.accepted_at)


def answers_of(rule: PartRule, answer: str) -> tuple[AnswerView, ...]:
    """The fields of a stored answer, without any marks in them."""
    given = json.loads(answer)
    return tuple(answer_view(name, spec, given.get(name), (), None) for name, spec in rule.fields.items())


def came(one: LateSave, end: datetime, uploaders: Mapping[int, User]) -> str:
    """Where a late answer came from, and when."""
    if one.uploaded_by is not None:
        by = uploaders.get(one.uploaded_by)
        when = ", before the end" if one.arrived_at < end else ""
        return f"From a file, taken in by {by.name if by else 'the staff'}{when}"
    return f"From the browser, {_after(end, one.arrived_at)}"


def _after(end: datetime, at: datetime) -> str:
    seconds = int((at - end).total_seconds())
    if seconds < 0:
        return "before the end"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    units = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return f"{' '.join([*units, f'{rest} s'])} after the end"
