"""The pages about answers that came too late, for the staff: one frozen dataclass each, as in `pages`."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.services.outlooks import Outlook
from app.web.answers import AnswerView
from app.web.pages import FigureView


@dataclass(frozen=True, slots=True)
class LateAttempt:
    """`parts` counts those with late answers. While it `runs`, they are from files."""

    public_id: str
    student: str
    email: str
    exam_title: str
    parts: int
    last: datetime
    runs: bool


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
    outlook: Outlook | None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the part as the paper prints it, and what its problem says before all of its parts."""

    problem: str
    intro: str
    problem_figures: tuple[FigureView, ...]
    prompt: str
    figures: tuple[FigureView, ...]
    solution: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class LatePart:
    """What was handed in (or is saved, while the attempt runs) beside what came late; one of them counts.

    An `outlook` says what an answer gets if it counts, None where that is not known (yet).
    """

    id: str
    title: str
    question: Question
    answers: tuple[AnswerView, ...]
    saved_at: datetime | None
    counts: bool
    outlook: Outlook | None
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
