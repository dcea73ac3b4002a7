"""An exam as the catalogue and its start page show it, with what the student has done with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.exams.schema import ExamFile
from app.store.models import Attempt, ExamVersion
from app.web.pages import ExamCard, OpenAttempt, PastAttempt


def exam_card(version: ExamVersion, document: ExamFile, own: Sequence[Attempt]) -> ExamCard:
    """`own` are all attempts of the student, of whatever exam, newest first."""
    return ExamCard(
        slug=version.exam.slug,
        title=document.title,
        subtitle=document.subtitle,
        institution=document.institution,
        minutes=document.minutes,
        points=document.points,
        parts=len(document.parts),
        problems=len(document.problems),
        running=next(
            (OpenAttempt(one.public_id, one.deadline) for one in own if _is_running(one, version.exam_id)),
            None,
        ),
        past=past_attempts(own, version.exam_id),
    )


def told_apart(cards: Sequence[ExamCard]) -> tuple[ExamCard, ...]:
    """The same cards; those that read alike say so, to be shown with their short names."""
    names = Counter((one.title, one.subtitle) for one in cards)
    return tuple(replace(one, has_twin=names[one.title, one.subtitle] > 1) for one in cards)


def past_attempts(own: Sequence[Attempt], exam_id: int) -> tuple[PastAttempt, ...]:
    """The attempts at one exam that are handed in."""
    return tuple(
        PastAttempt(one.public_id, one.started_at, one.points, one.low, one.high)
        for one in own
        if one.exam_id == exam_id and one.state != "open"
    )


def _is_running(attempt: Attempt, exam_id: int) -> bool:
    return attempt.exam_id == exam_id and attempt.state == "open"
