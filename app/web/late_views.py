"""An attempt's late answers beside what counts, as the staff sees them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from app.exams.loader import Exam
from app.exams.schema import PartRule
from app.store.models import Acceptance, LateSave, User
from app.store.saved import SavedAnswer
from app.web.answers import AnswerView, answer_view
from app.web.late_pages import Decision, LateChange, LatePart


def late_parts(
    exam: Exam,
    stored: Mapping[str, SavedAnswer],
    late: Sequence[LateSave],
    decided: Sequence[Acceptance],
    end: datetime,
    uploaders: Mapping[int, User],
) -> Iterator[LatePart]:
    """The parts that have late answers, in the order of the paper. `end` is when the attempt was over."""
    first = {one.part: one for one in reversed(decided)}
    last = {one.part: one for one in decided}
    for rule in exam.document.parts:
        mine = [one for one in late if one.part == rule.id]
        if not mine:
            continue
        counting = stored.get(rule.id)
        if rule.id in first:
            answer, saved_at = first[rule.id].replaced, first[rule.id].replaced_at
        else:
            answer, saved_at = (counting.answer, counting.saved_at) if counting else (None, None)
        counts = rule.id not in last or last[rule.id].late_save_id is None
        changes = tuple(_changes(rule, mine, counting, end, uploaders))
        yield LatePart(rule.id, rule.title, answers_of(rule, answer or "{}"), saved_at, counts, changes)


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
        return f"From a file, taken in by {by.name if by else 'the staff'}"
    return f"From the browser, {_after(end, one.arrived_at)}"


def _after(end: datetime, at: datetime) -> str:
    seconds = int((at - end).total_seconds())
    if seconds < 0:
        return "before the end"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    units = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return f"{' '.join([*units, f'{rest} s'])} after the end"


def _changes(
    rule: PartRule,
    late: Iterable[LateSave],
    stored: SavedAnswer | None,
    end: datetime,
    uploaders: Mapping[int, User],
) -> Iterator[LateChange]:
    """The newest of each page and file: what it replaced was on the way there."""
    by_tab = sorted(late, key=lambda one: (one.tab, one.counter))
    groups = [list(group) for _, group in groupby(by_tab, key=lambda one: one.tab)]
    for group in sorted(groups, key=lambda group: group[-1].id):
        newest = group[-1]
        counts = stored is not None and json.loads(stored.answer) == json.loads(newest.answer)
        words = came(newest, end, uploaders)
        answers = answers_of(rule, newest.answer)
        yield LateChange(newest.id, words, newest.arrived_at, answers, len(group) - 1, counts)
