"""The pages about answers that came too late, for the staff: one frozen dataclass each, as in `pages`."""

from dataclasses import dataclass
from datetime import datetime

from app.web.answers import AnswerView


@dataclass(frozen=True, slots=True)
class LateAttempt:
    """`parts` counts those with late answers."""

    public_id: str
    student: str
    email: str
    exam_title: str
    parts: int
    last: datetime


@dataclass(frozen=True, slots=True)
class LateAttemptsPage:
    title: str
    attempts: tuple[LateAttempt, ...]
    error: str = ""
    faulty: str = ""


@dataclass(frozen=True, slots=True)
class LateChange:
    """The newest late answer of one page or file; `earlier` counts those that it replaced."""

    id: int
    came: str
    arrived_at: datetime
    answers: tuple[AnswerView, ...]
    earlier: int
    counts: bool


@dataclass(frozen=True, slots=True)
class LatePart:
    """What was handed in (or is saved, while the attempt runs) beside what came late; one of them counts."""

    id: str
    title: str
    answers: tuple[AnswerView, ...]
    saved_at: datetime | None
    counts: bool
    changes: tuple[LateChange, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LateAnswersPage:
    """`note` says what has just been done. While it `runs`, nothing can be accepted."""

    title: str
    public_id: str
    student: str
    email: str
    exam_title: str
    ended_at: datetime
    runs: bool
    note: str
    parts: tuple[LatePart, ...]
    decisions: tuple[Decision, ...]
